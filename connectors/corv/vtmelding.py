"""The police's melding to Veilig Thuis (`vtMeldingDi01`): it names everybody who was there, children too.

Only who the supply is about is read, the incident, and what the police recorded of him before. Free text about the
situation, the place, help, arrest, and violence in the name of honour are not.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors import rsgb
from connectors.context import ParseContext
from connectors.corv import persons
from connectors.reasons import Reason
from connectors.rule import Outcome, Rule, fed
from hub.errors import ShapeError
from hub.model.delivery import NotTaken, PersonClaim
from hub.model.partner import PartnerKind

NAME, SHAPE = "vtMeldingDi01", "corv-vtmelding"
_SITUATION = "object.betreft.gerelateerde"
_BYSTANDERS = frozenset(
    {
        "contactpersoon", "hulpverlener", "informant", "melder", "onderwijsgevende", "overige professional",
        "verpleegkundige, arts of medisch specialist",
    }
)  # fmt: skip
_UNSAID = "Er staan meer mensen in de melding. Noem de betrokkene met zijn burgerservicenummer."
_ABSENT = "De betrokkene staat niet in de melding."

Told = Mapping[str, Any]


def must_be_of_police(context: ParseContext) -> None:
    """Raise `ShapeError` where another than the police brings the melding: it holds police data (Wpg 20(3); R12)."""
    if context.source_kind is not PartnerKind.POLITIE:
        raise ShapeError("Een VT-melding levert alleen de politie, met een verstrekkingsbesluit.", place=NAME)


def outcomes(
    document: Told, context: ParseContext, told_person: PersonClaim | None
) -> tuple[tuple[rsgb.Person, ...], Iterator[Outcome]]:
    """(the person, what is fed and what is not). `told_person`: whom the supply says it is about.

    Raises `ShapeError` where it is not clear which of those in the melding it is.
    """
    listed = _situation(document)["heeftBetrokken"]
    chosen = _chosen([each["gerelateerde"] for each in listed], told_person)
    place = f"{_SITUATION}.heeftBetrokken[{chosen}].gerelateerde"
    person = persons.person(listed[chosen]["gerelateerde"], place)
    return (person,), _all(document, person, chosen, context)


def _all(document: Told, person: rsgb.Person, chosen: int, context: ParseContext) -> Iterator[Outcome]:
    listed = _situation(document)["heeftBetrokken"]
    yield from fed(persons.RULES, person, person.place, context)
    yield from persons.left(listed[chosen]["gerelateerde"], person.place)
    if listed[chosen]["jeugzorgrol"] in _BYSTANDERS:
        yield NotTaken(f"{_SITUATION}.heeftBetrokken[{chosen}].jeugzorgrol", Reason.OTHER_CAPACITY)
    else:
        yield from fed(RULES, document, "object", context)
    for index, _ in enumerate(listed):
        if index != chosen:
            yield NotTaken(f"{_SITUATION}.heeftBetrokken[{index}]", Reason.OTHER_PERSON)


def _chosen(listed: list[Told], told_person: PersonClaim | None) -> int:
    if len(listed) == 1:
        return 0
    bsn = told_person.bsn if told_person else None
    if bsn is None:
        raise ShapeError(_UNSAID, place=f"{_SITUATION}.heeftBetrokken")
    found = [index for index, each in enumerate(listed) if each.get("BG:inp.bsn") == bsn]
    if len(found) != 1:
        raise ShapeError(_ABSENT, place=f"{_SITUATION}.heeftBetrokken")
    return found[0]


def _situation(document: Told) -> Told:
    found: Told = document["object"]["betreft"]["gerelateerde"]
    return found


def _incident(document: Told) -> dict[str, Any] | None:
    told = document["object"]
    return rsgb.compact(
        datum=rsgb.day(told["datumIncident"], "object.datumIncident"), omschrijving=told.get("omschrijvingIncident")
    )


def _ban(document: Told) -> dict[str, Any] | None:
    text = _situation(document).get("tijdelijkHuisverbod")
    return rsgb.compact(soort="tijdelijk huisverbod", omschrijving=text) if text else None


_TAKES_PART = "the jeugzorgrol is not that of who tells or helps"
RULES: tuple[Rule[Told], ...] = (
    Rule(NAME, "datumIncident, omschrijvingIncident", "politie_incident_laatste", _incident, _TAKES_PART),
    Rule(
        NAME,
        "betreft, relevanteRegistratie",
        "politie_mutaties_samenvatting",
        lambda document: [text for text in _situation(document).get("relevanteRegistratie", ()) if text],
        _TAKES_PART,
    ),
    Rule(NAME, "betreft, tijdelijkHuisverbod", "bestuurlijke_maatregel", _ban, _TAKES_PART),
)
