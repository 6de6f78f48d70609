"""Small readings of FHIR types as the compact, Dutch-keyed JSON that becomes the value of a field.

Every function takes what may be absent and gives null where nothing is left; a value never holds an id of a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.fhir.codes import ABSENT, OWN_FIELD

Element = Mapping[str, Any]


def compact(**members: Any) -> dict[str, Any] | None:
    """The members that hold something; null where none does."""
    kept = {key: value for key, value in members.items() if value not in (None, "", [], {}, ())}
    return kept or None


def first(elements: Sequence[Any] | None) -> Any:
    """The first of a list that may be absent."""
    return elements[0] if elements else None


def codings(*concepts: Element | None) -> Iterator[Element]:
    """The codings of CodeableConcepts that may be absent; codes that say why there is none are left out."""
    for concept in concepts:
        for coding in (concept or {}).get("coding", ()):
            if coding.get("system") != ABSENT:
                yield coding


def pairs(*concepts: Element | None) -> frozenset[tuple[str, str]]:
    """(system, code) of every coding."""
    return frozenset((each.get("system", ""), each.get("code", "")) for each in codings(*concepts))


def code_of(concept: Element | None) -> str | None:
    """The first code, for status lists that HL7 fixed."""
    return next((each.get("code") for each in codings(concept)), None)


def coded(concept: Element | None) -> dict[str, Any] | None:
    """A CodeableConcept: `codes` (system, code, display) and `tekst`. The hub's own field codes are left out."""
    listed = [
        compact(stelsel=each.get("system"), code=each.get("code"), naam=each.get("display"))
        for each in codings(concept)
        if each.get("system") != OWN_FIELD
    ]
    return compact(codes=[each for each in listed if each], tekst=(concept or {}).get("text"))


def all_coded(concepts: Sequence[Element] | None) -> list[dict[str, Any]]:
    """`coded` of each."""
    return [each for each in map(coded, concepts or ()) if each]


def one_coding(coding: Element | None) -> dict[str, Any] | None:
    """A single Coding, as a concept."""
    return coded({"coding": [coding]}) if coding else None


def words(concept: Element | None) -> str | None:
    """A concept in words: its text, else the first display."""
    if concept and concept.get("text"):
        return str(concept["text"])
    return next((str(each["display"]) for each in codings(concept) if each.get("display")), None)


def span(period: Element | None) -> dict[str, Any] | None:
    """A Period as `van` and `tot` (both as written: a date may be partial)."""
    return compact(van=(period or {}).get("start"), tot=(period or {}).get("end"))


def moment(resource: Element, stem: str) -> Any:
    """A choice of dateTime or Period, such as `onset[x]`."""
    return resource.get(f"{stem}DateTime") or span(resource.get(f"{stem}Period")) or resource.get(f"{stem}String")


def onset_to_abatement(condition: Element) -> dict[str, Any] | None:
    """From `onset[x]` to `abatement[x]` of a Condition."""
    return compact(van=moment(condition, "onset"), tot=moment(condition, "abatement"))


def quantity(amount: Element | None) -> dict[str, Any] | None:
    """A Quantity as number and unit."""
    return compact(waarde=(amount or {}).get("value"), eenheid=(amount or {}).get("unit") or (amount or {}).get("code"))


def choice(element: Element, stem: str = "value") -> Any:
    """A choice of types: a concept, a quantity, a period, or the plain value."""
    for key, value in element.items():
        if key.startswith(stem) and value is not None:
            return _chosen(key.removeprefix(stem), value)
    return None


def _chosen(kind: str, value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    readers = {"CodeableConcept": coded, "Quantity": quantity, "Period": span, "Coding": one_coding}
    return readers[kind](value) if kind in readers else None


def notes(resource: Element) -> list[str]:
    """The texts of `note`, without authors."""
    return [str(note["text"]) for note in resource.get("note", ()) if note.get("text")]


def extension(element: Element | None, name: str) -> Element | None:
    """The extension whose address ends on `name`."""
    listed = (element or {}).get("extension", ())
    return next((each for each in listed if str(each.get("url", "")).rsplit("/", 1)[-1] == name), None)


def extension_value(element: Element | None, name: str) -> Any:
    """The value of that extension."""
    return choice(extension(element, name) or {})


def human_name(names: Sequence[Element] | None) -> str | None:
    """A name in words: the official one, else the first that has a family name or text."""
    usable = [each for each in names or () if each.get("text") or each.get("family")]
    chosen = next((each for each in usable if each.get("use") == "official"), first(usable))
    if chosen is None:
        return None
    parts = [*(given for given in chosen.get("given", ()) if given), chosen.get("family")]
    return chosen.get("text") or " ".join(part for part in parts if part)


def contacts(telecoms: Sequence[Element] | None) -> list[dict[str, Any]]:
    """ContactPoints as kind, value and use."""
    read = (compact(soort=t.get("system"), waarde=t.get("value"), gebruik=t.get("use")) for t in telecoms or ())
    return [each for each in read if each and "waarde" in each]


def address(place: Element | None) -> dict[str, Any] | None:
    """An Address."""
    told = place or {}
    return compact(
        regels=[line for line in told.get("line", ()) if line],
        postcode=told.get("postalCode"),
        plaats=told.get("city"),
        gemeente=told.get("district"),
        land=told.get("country"),
        gebruik=told.get("use"),
        periode=span(told.get("period")),
    )
