"""The published CORV schemas: messages judged by them, and messages made from them."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

XSD = "{http://www.w3.org/2001/XMLSchema}"
BSN = "999900006"
# What the schemas import and the folder does not hold: only what they use of it.
_STUBS = {
    "xmlmime_resolved2025.xsd": (
        '<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2005/05/xmlmime">'
        '<attribute name="contentType" type="string"/><complexType name="base64Binary"><simpleContent>'
        '<extension base="base64Binary"/></simpleContent></complexType></schema>'
    ),
    "gml_resolved2025.xsd": (
        '<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.opengis.net/gml">'
        '<complexType name="SurfacePropertyType"/></schema>'
    ),
}
_BY_PATTERN = {
    "[0-9]{8,17}": "20270108101500",
    "[1-9][0-9]{3}[A-Z]{0,2}": "1234AB",
    "[a-zA-Z]": "A",
    "[a-zA-Z0-9]{0,4}": "A1",
    "[0-9]{1,4}": "6030",
    "[0-9]{17}": "1" * 17,
    "[0-9]{20}": "1" * 20,
}
# Two patterns that no text fits: an element that the schemas offer and nobody can send.
_IMPOSSIBLE = frozenset({"anp.identificatie"})
_BY_TYPE = {
    "decimal": "19900517",
    "positiveInteger": "12",
    "nonNegativeInteger": "12",
    "integer": "12",
    "boolean": "true",
    "base64Binary": "AAAA",
}

Name = tuple[str | None, str]


def validator(folder: Path) -> etree.XMLSchema:
    """The schema of the messages of `folder`, with stubs beside it for what the folder does not hold."""
    with TemporaryDirectory() as beside:
        for path in folder.glob("*.xsd"):
            shutil.copy(path, beside)
        for name, stub in _STUBS.items():
            (Path(beside) / name).write_text(stub, "utf-8")
        (path,) = Path(beside).glob(f"*_msg_{folder.name}_*.xsd")
        return etree.XMLSchema(etree.parse(str(path)))


@dataclass
class Maker:
    """Messages of the schemas of one folder, as `chance` has it: which optional parts, how many, which codes."""

    folder: Path
    chance: random.Random
    known: dict[tuple[str, Name], etree._Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in sorted(self.folder.glob("*.xsd")):
            root = etree.parse(str(path)).getroot()
            for part in root.iterchildren(f"{XSD}*"):
                part.set("space", root.get("targetNamespace", ""))
                self.known[part.tag, (root.get("targetNamespace"), part.get("name", ""))] = part

    def roots(self) -> list[str]:
        """The messages that the schemas of this folder know."""
        return [name for tag, (_, name) in self.known if tag == f"{XSD}element" and name.endswith("Di01")]

    def message(self, name: str) -> etree._Element:
        """A message of this name."""
        (found,) = (part for (tag, (_, own)), part in self.known.items() if tag == f"{XSD}element" and own == name)
        (made,) = self._element(found, sure=True)
        return made

    def _element(self, told: etree._Element, *, sure: bool = False) -> Iterator[etree._Element]:
        least, most = told.get("minOccurs", "1"), told.get("maxOccurs", "1")
        count = 1 if least == "1" or sure else self.chance.randint(0, 1)
        if told.get("name") in _IMPOSSIBLE:
            count = 0
        if count and most == "unbounded":
            count = self.chance.randint(1, 3)
        source = self.known[f"{XSD}element", _named(told, told.get("ref", ""))] if told.get("ref") else told
        for _ in range(count):
            made = etree.Element(etree.QName(_space(source), source.get("name", "")))
            self._fill(made, self._type(source))
            yield made

    def _type(self, told: etree._Element) -> etree._Element | str:
        inner = told.find(f"{XSD}complexType")
        if inner is None:
            inner = told.find(f"{XSD}simpleType")
        return inner if inner is not None else self._found(told, told.get("type", ""))

    def _found(self, told: etree._Element, name: str) -> etree._Element | str:
        wanted = _named(told, name)
        for tag in ("complexType", "simpleType"):
            if (f"{XSD}{tag}", wanted) in self.known:
                return self.known[f"{XSD}{tag}", wanted]
        return wanted[1]

    def _fill(self, made: etree._Element, kind: etree._Element | str) -> None:
        if isinstance(kind, str) or kind.tag == f"{XSD}simpleType" or kind.find(f"{XSD}simpleContent") is not None:
            made.text = self._value(kind)
            self._attributes(made, kind)
            return
        self._content(made, kind)
        self._attributes(made, kind)

    def _content(self, made: etree._Element, parts: etree._Element) -> None:
        for part in parts.iterchildren(f"{XSD}*"):
            name = etree.QName(part).localname
            if name == "element":
                made.extend(self._element(part))
            elif name in {"extension", "restriction"}:
                base = self._found(part, part.get("base", ""))
                if name == "extension" and not isinstance(base, str):
                    self._content(made, base)
                self._content(made, part)
            elif name == "choice":
                self._chosen(made, part)
            elif name in {"sequence", "complexContent"}:
                self._content(made, part)
            elif name == "group":
                self._content(made, self.known[f"{XSD}group", _named(part, part.get("ref", ""))])

    def _chosen(self, made: etree._Element, choice: etree._Element) -> None:
        options = list(choice.iterchildren(f"{XSD}*"))
        chosen = self.chance.choice(options)
        if etree.QName(chosen).localname == "element":
            made.extend(self._element(chosen))
        elif etree.QName(chosen).localname == "choice":
            self._chosen(made, chosen)
        else:
            self._content(made, chosen)

    def _attributes(self, made: etree._Element, kind: etree._Element | str) -> None:
        """The attributes that must be there; those of the base first."""
        for told in () if isinstance(kind, str) else kind.iterchildren(f"{XSD}*"):
            name = etree.QName(told).localname
            if name in {"extension", "restriction"}:
                self._attributes(made, self._found(told, told.get("base", "")))
            if name in {"extension", "restriction", "complexContent", "simpleContent"}:
                self._attributes(made, told)
            if name == "attribute" and told.get("use") == "required":
                own = _named(told, told.get("ref", "")) if told.get("ref") else (None, told.get("name", ""))
                made.set(etree.QName(*own), told.get("fixed") or "x")

    def _value(self, kind: etree._Element | str) -> str:
        """A text of this simple type: a code where it has codes, else the plainest that its facets allow."""
        if isinstance(kind, str):
            return _BY_TYPE.get(kind, "tekst")
        if kind.get("name") in {"BSN", "BSN-e"}:
            return BSN
        told = next(kind.iter(f"{XSD}restriction", f"{XSD}extension"))
        codes = [each.get("value", "") for each in told.iterchildren(f"{XSD}enumeration")]
        if codes:
            return self.chance.choice(codes)
        pattern = told.find(f"{XSD}pattern")
        if pattern is not None:
            return _BY_PATTERN[pattern.get("value", "")]
        for facet in ("length", "minLength"):
            found = told.find(f"{XSD}{facet}")
            if found is not None:
                return "1" * int(found.get("value", "1"))
        inner = told.find(f"{XSD}simpleType")
        return self._value(inner if inner is not None else self._found(told, told.get("base", "")))


def _named(told: etree._Element, name: str) -> Name:
    prefix, _, local = name.rpartition(":")
    return told.nsmap.get(prefix or None), local


def _space(told: etree._Element) -> str:
    holder: etree._Element | None = told
    while holder is not None and holder.get("space") is None:
        holder = holder.getparent()
    return "" if holder is None else holder.get("space", "")
