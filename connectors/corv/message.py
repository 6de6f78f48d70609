"""A CORV message to what it delivers: the one path of both CORV formats."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from connectors import rsgb, shapes, xml_tree
from connectors.context import ParseContext
from connectors.corv import melding, tree, uitkomst, vtmelding
from connectors.corv.suppliers import is_supplier
from connectors.rule import Outcome, settled
from hub.errors import ShapeError
from hub.model.delivery import Parsed, PersonClaim

Told = Mapping[str, Any]
Read = tuple[tuple[rsgb.Person, ...], Iterator[Outcome]]

REFUSED = {
    "vcobDi01": "Een Check op Bekendheid is een vraag, geen levering. Zoek met POST /v1/zoekingen.",
    "vciDi01": "Een Verzoek Casus Informatie is een vraag, geen levering. Vraag met POST /v1/casussen/{casus}/raadplegingen.",
    "uitkomstMeldingGeneriekDi01": "De uitkomst van een melding vult geen veld: de fase van een casus maakt de hub zelf.",
    "vtTerugkoppelingDi01": "Een terugkoppeling van Veilig Thuis vult geen veld.",
}
_OTHER = "Dit is geen CORV-bericht dat de hub opneemt."
_SENDER = "stuurgegevens.StUF:zender"
_NEEDS_RECORD = "Dit bericht is van politie of justitie. Dat gaat alleen met een verstrekkingsbesluit."


@dataclass(frozen=True)
class Kind:
    """A message that is read: its shape, its reader, who its content is of, and what it brings (in the documentation)."""

    shape: str
    read: Callable[[Told, ParseContext, PersonClaim | None], Read]
    tellers: Callable[[Told], tuple[str | None, ...]]
    told: str


def _read_melding(told: Told, context: ParseContext, _: PersonClaim | None) -> Read:
    return melding.outcomes(told, context)


def _read_answer(told: Told, *_: Any) -> Read:
    return uitkomst.outcomes(told)


_KNOWN_ELSEWHERE = "feeds nothing, for whether a person is known the hub itself tells (`casus_bestaat`)"
_ANSWERS = "an answer feeds the field whose key was the code of the question"
KINDS = {
    melding.NAME: Kind(
        melding.SHAPE, _read_melding, melding.tellers, "of kind ZVH alone; those of kind NAZ and VT are for others"
    ),
    vtmelding.NAME: Kind(vtmelding.SHAPE, vtmelding.outcomes, lambda _: (), "from the police alone"),
    uitkomst.KNOWN: Kind(uitkomst.SHAPE, _read_answer, uitkomst.tellers, _KNOWN_ELSEWHERE),
    uitkomst.CONTENT: Kind(uitkomst.SHAPE, _read_answer, uitkomst.tellers, _ANSWERS),
}


def parsed(document: bytes, context: ParseContext, *, supplied: bool, about: PersonClaim | None = None) -> Parsed:
    """What the CORV message in `document` delivers.

    `supplied`: a supply record of police or justice goes with it. `about`: whom that supply says it is about.
    Raises `ShapeError` with the place of each fault; for a question, an outcome, and for what is of police or justice
    and comes without a record, with the reason.
    """
    root = xml_tree.read(document)
    name = _name(root)
    if name == vtmelding.NAME:
        vtmelding.must_be_of_police(context)
    kind = KINDS[name]
    told = _checked(root, name, shapes.shape(kind.shape))
    if not supplied:
        _must_not_be_of_suppliers((told["stuurgegevens"]["StUF:zender"].get("StUF:organisatie"), *kind.tellers(told)))
    people, outcomes = kind.read(told, context, about)
    claims = dict.fromkeys(claim for person in people for claim in person.claims())
    return Parsed(tuple(claims), *settled(outcomes))


def _name(root: etree._Element) -> str:
    name = etree.QName(root)
    if name.namespace != tree.CORV or name.localname not in KINDS.keys() | REFUSED.keys():
        raise ShapeError(_OTHER, place="$")
    if name.localname in REFUSED:
        raise ShapeError(REFUSED[name.localname], place=name.localname)
    return name.localname


def _checked(root: etree._Element, name: str, shape: shapes.Shape) -> dict[str, Any]:
    told: dict[str, Any] = tree.value(root, shape.document) or {}
    shape.check(told)
    if told["stuurgegevens"]["StUF:functie"] != name:
        raise ShapeError("Dit is de functie van een ander bericht.", place="stuurgegevens.StUF:functie")
    return told


def _must_not_be_of_suppliers(names: tuple[str | None, ...]) -> None:
    """What another received from the police is bound as well (Wpg 7(2)): it does not come in without a record (R12)."""
    for name in names:
        if is_supplier(name or "", _SENDER):
            raise ShapeError(_NEEDS_RECORD, place=_SENDER)
