"""Generieke Melding of kind ZVH (`meldingGeneriekDi01`): an organisation tells a Zorg- en Veiligheidshuis of a person.

Free text about the situation, questions whose codes have no settled meaning, places of incidents, and others who are
involved are not read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connectors import rsgb
from connectors.context import ParseContext
from connectors.corv import persons
from connectors.reasons import Reason
from connectors.rule import Outcome, Rule, fed
from hub.errors import ShapeError
from hub.model.delivery import DeliveredField, NotTaken
from hub.model.partner import PartnerKind

NAME, SHAPE = "meldingGeneriekDi01", "corv-melding"
LIFE_AREAS = {
    "01": "financiën",
    "02": "identiteit",
    "03": "houding, gedrag en vaardigheden",
    "04": "werk en opleiding",
    "05": "tijdsbesteding",
    "06": "huisvesting",
    "07": "(huiselijke) relaties",
    "08": "geestelijke gezondheid",
    "09": "lichamelijke gezondheid",
    "10": "problematisch middelengebruik en verslaving",
    "11": "sociaal netwerk",
    "12": "justitie en politie",
}
_SUSPECT = "001"
_ABOUT = "object.ZKN:heeftBetrekkingOp"
_WHO = f"{_ABOUT}.ZKN:gerelateerde.ZKN:natuurlijkPersoon"
_SITUATION = "object.ZKN:betreft.ZKN:gerelateerde"
_INCIDENT = f"{_SITUATION}.kent.gerelateerde"
_RECEIVERS = frozenset({PartnerKind.COLLEGE, PartnerKind.GGD})


@dataclass(frozen=True)
class Melding:
    """The parts that feed fields."""

    told: Mapping[str, Any]

    @property
    def situation(self) -> Mapping[str, Any]:
        """What is told of the situation."""
        found: Mapping[str, Any] = self.told["ZKN:betreft"]["ZKN:gerelateerde"]
        return found

    @property
    def capacity(self) -> str:
        """As what the person takes part: suspect, victim, witness."""
        return str(self.told["ZKN:heeftBetrekkingOp"]["ZKN:hoedanigheid"])

    @property
    def office(self) -> str | None:
        """The organisation that tells."""
        return _office(self.told)


def outcomes(document: Mapping[str, Any], context: ParseContext) -> tuple[tuple[rsgb.Person, ...], Iterator[Outcome]]:
    """(the person, what is fed and what is not). Raises `ShapeError` for a melding to others than a ZVH."""
    told = document["object"]
    if told["soortmeldingCode"] != "ZVH":
        raise ShapeError(
            "Alleen een melding aan een Zorg- en Veiligheidshuis (ZVH) hoort hier.", place="object.soortmeldingCode"
        )
    who = told["ZKN:heeftBetrekkingOp"]["ZKN:gerelateerde"]["ZKN:natuurlijkPersoon"]
    person = persons.person(who, _WHO)
    return (person,), _all(Melding(told), person, who, context)


def tellers(document: Mapping[str, Any]) -> tuple[str | None, ...]:
    """The organisations that the message says it is of."""
    return (_office(document["object"]),)


def _all(melding: Melding, person: rsgb.Person, who: Mapping[str, Any], context: ParseContext) -> Iterator[Outcome]:
    yield from fed(persons.RULES, person, _WHO, context)
    yield from persons.left(who, _WHO)
    for field in fed(RULES, melding, "object", context):
        yield _received(field, context)
    if melding.capacity != _SUSPECT:
        yield NotTaken(f"{_ABOUT}.ZKN:hoedanigheid", Reason.OTHER_CAPACITY)
    for index, _ in enumerate(melding.told.get("ZKN:heeftAlsOverigBetrokkene", ())):
        yield NotTaken(f"object.ZKN:heeftAlsOverigBetrokkene[{index}]", Reason.OTHER_PERSON)
    for index, _ in enumerate(melding.situation.get("vraagAntwoord", ())):
        yield NotTaken(f"{_SITUATION}.vraagAntwoord[{index}]", Reason.NO_FIELD)


def _received(field: DeliveredField, context: ParseContext) -> DeliveredField:
    """Who a melder is goes to nobody but who received the melding (Wvggz 5:2(7))."""
    return replace(field, melding_receiver=context.partner) if field.field == "melder_gegevens" else field


def _office(told: Mapping[str, Any]) -> str | None:
    related = told["ZKN:heeftAlsInitiator"].get("ZKN:gerelateerde", {})
    found: str | None = related.get("ZKN:organisatorischeEenheid", {}).get("ZKN:naam")
    return found


def _signal(melding: Melding) -> dict[str, Any] | None:
    return rsgb.compact(
        soort="melding aan het Zorg- en Veiligheidshuis",
        datum=rsgb.day(melding.told["datumTijdMelding"][:8], "object.datumTijdMelding"),
        door=melding.office,
        reden=melding.told.get("redenMelding", {}).get("omschrijving"),
    )


def _incident(melding: Melding) -> dict[str, Any] | None:
    told = melding.situation.get("kent", {}).get("gerelateerde", {})
    span = told.get("periodeVanTot", {})
    first = told.get("datumTijd") or span.get("datumtijdBegin") or ""
    return rsgb.compact(
        datum=rsgb.day(first[:8], _INCIDENT),
        tot=rsgb.day(span.get("datumtijdEinde", "")[:8], _INCIDENT),
        omschrijving=told.get("omschrijving"),
    )


def _areas(melding: Melding) -> list[dict[str, str]]:
    return [
        {"leefgebied": LIFE_AREAS[each["leefgebiedCode"]], "toelichting": each["toelichting"]}
        for each in melding.situation.get("leefgebied", ())
        if each.get("toelichting")
    ]


def _is_suspect(melding: Melding, _: ParseContext) -> bool:
    return melding.capacity == _SUSPECT


def _of_police(melding: Melding, context: ParseContext) -> bool:
    return context.source_kind is PartnerKind.POLITIE and melding.capacity == _SUSPECT


def _with_receiver(_: Melding, context: ParseContext) -> bool:
    return context.source_kind in _RECEIVERS


RULES: tuple[Rule[Melding], ...] = (
    Rule(
        NAME,
        "datumTijdMelding, redenMelding, heeftAlsInitiator (organisation)",
        "signaal_terugval",
        _signal,
        "hoedanigheid 001",
        _is_suspect,
    ),
    Rule(
        NAME,
        "betreft, kent: datumTijd or periodeVanTot, omschrijving",
        "politie_incident_laatste",
        _incident,
        "hoedanigheid 001 and the source is politie",
        _of_police,
    ),
    Rule(NAME, "betreft, leefgebied: leefgebiedCode, toelichting", "leefgebied_score", _areas),
    Rule(
        NAME,
        "heeftAlsInitiator (organisation)",
        "melder_gegevens",
        lambda melding: rsgb.compact(organisatie=melding.office),
        "the source is a college or a ggd",
        _with_receiver,
    ),
)
