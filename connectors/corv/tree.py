"""Elements to the JSON value that the shape of a message describes; what the shape does not read is not looked into.

A key is the local name, with the usual prefix of its standard (`BG:inp.bsn`); elements of CORV itself have none.
"""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from hub.errors import ShapeError

CORV = "http://www.stufstandaarden.nl/koppelvlak/jz0100"
STUF = "http://www.egem.nl/StUF/StUF0301"
BG = "http://www.egem.nl/StUF/sector/bg/0310"
ZKN = "http://www.egem.nl/StUF/sector/zkn/0310"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {CORV: "", STUF: "StUF:", BG: "BG:", ZKN: "ZKN:"}
_OWN_ATTRIBUTES = frozenset(
    {
        "noValue", "sleutelVerzendend", "sleutelOntvangend", "sleutelGegevensbeheer", "sleutelSynchronisatie",
        "verwerkingssoort",
    }
)  # fmt: skip
_NO_REMOVAL = frozenset({"T", "W", "I"})
"""Additions, changes and identifications (StUF 03.01); the others take something away."""
_KNOWN_PART = {"V": 8, "D": 6, "M": 4, "J": 0}
"""How many digits of a date are known, by `indOnvolledigeDatum` (StUF 03.01)."""

Shape = Mapping[str, Any]


def value(element: etree._Element, shape: Shape, place: str = "") -> Any:
    """`element` as `shape` (JSON Schema: objects, arrays, strings) describes it; null where it says that it has none.

    Raises `ShapeError` for an element or attribute that is not of the message, one too many, and stray text.
    """
    if not shape:
        return True
    if _is_empty(element, place):
        return None
    if "properties" not in shape:
        return _text(element, place)
    return _members(element, shape["properties"], place)


def _members(element: etree._Element, known: Shape, place: str) -> dict[str, Any]:
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        raise ShapeError("Hier staat losse tekst.", place=place or "$")
    members: dict[str, Any] = {}
    for child in element:
        name = _name(child)
        if name is None or name not in known:
            raise ShapeError("Hier staat een element dat dit bericht niet kent.", place=place or "$")
        within = f"{place}.{name}" if place else name
        if known[name].get("type") == "array":
            listed = members.setdefault(name, [])
            found = value(child, known[name].get("items", {}), f"{within}[{len(listed)}]")
            listed.extend([] if found is None else [found])
        elif name in members:
            raise ShapeError("Dit element mag hier maar één keer.", place=within)
        else:
            members[name] = value(child, known[name], within)
    return {name: found for name, found in members.items() if found is not None}


def _name(element: etree._Element) -> str | None:
    name = etree.QName(element)
    prefix = _PREFIXES.get(name.namespace or "")
    return None if prefix is None else f"{prefix}{name.localname}"


def _text(element: etree._Element, place: str) -> str:
    if len(element):
        raise ShapeError("Hier hoort een waarde, geen ander element.", place=place)
    text = (element.text or "").strip()
    known = _KNOWN_PART.get(str(element.get(f"{{{STUF}}}indOnvolledigeDatum", "V")))
    if known is None:
        raise ShapeError("Er staat niet welk deel van de datum bekend is.", place=place)
    return text[:known] if known < 8 else text


def _is_empty(element: etree._Element, place: str) -> bool:
    """Whether the element says of itself that it has no value. Raises `ShapeError` for attributes that are not of StUF."""
    for name in map(str, element.attrib):
        if etree.QName(name).namespace not in {STUF, _XSI} and name not in _OWN_ATTRIBUTES:
            raise ShapeError("Hier staat een attribuut dat dit bericht niet kent.", place=place or "$")
    if _attribute(element, "verwerkingssoort", "T") not in _NO_REMOVAL:
        raise ShapeError("Met een levering haalt u niets weg. Daarvoor is een eigen opdracht.", place=place or "$")
    nil = element.get(f"{{{_XSI}}}nil") in {"true", "1"}
    return nil or bool(_attribute(element, "noValue", ""))


def _attribute(element: etree._Element, name: str, otherwise: str) -> str:
    return str(element.get(f"{{{STUF}}}{name}") or element.get(name) or otherwise)
