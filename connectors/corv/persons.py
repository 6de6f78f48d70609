"""The natural persons of CORV messages."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors import rsgb
from connectors.reasons import Reason
from connectors.rule import Rule
from hub.model.delivery import NotTaken

_WHERE = "02"
_NOWHERE = "05"
_NEVER = ("BG:inp.heeftAlsNationaliteit", "BG:nationaliteit")
_WHO = "either melding: the person it is about"

RULES: tuple[Rule[rsgb.Person], ...] = (
    Rule(_WHO, "inp.bsn", "bsn", lambda person: person.bsn),
    Rule(
        _WHO,
        "adres with soortadres 02 or 05; feitelijkVerblijfsadres",
        "feitelijk_verblijf",
        lambda person: person.address,
    ),
    Rule(_WHO, "telefoonnummer, emailadres", "telefoon_email", lambda person: list(person.contacts)),
)


def person(told: Mapping[str, Any], place: str) -> rsgb.Person:
    """The person that `told` describes. Raises `ShapeError` for a BSN or a day that cannot be one."""
    return rsgb.Person(
        place,
        bsn=rsgb.bsn(told.get("BG:inp.bsn"), f"{place}.BG:inp.bsn"),
        family_name=rsgb.family_name(told.get("BG:voorvoegselGeslachtsnaam"), told.get("BG:geslachtsnaam")),
        given_names=told.get("BG:voornamen") or None,
        birth_date=rsgb.day(told.get("BG:geboortedatum"), f"{place}.BG:geboortedatum"),
        address=_stay(told),
        contacts=tuple(_contacts(told)),
    )


def left(told: Mapping[str, Any], place: str) -> Iterator[NotTaken]:
    """What is said of a person and may not be in the hub."""
    for name in _NEVER:
        if name in told:
            yield NotTaken(f"{place}.{name}", Reason.NOT_IN_HUB)


def _stay(told: Mapping[str, Any]) -> dict[str, Any] | None:
    """Where the person really is. Registered, postal and detention addresses are other things."""
    listed = {each["BG:soortadres"]: each for each in reversed(told.get("BG:adres", ()))}
    named = listed.get(_WHERE, {})
    inland = named.get("BG:nederlandsadres") or told.get("BG:feitelijkVerblijfsadresBinnenland")
    abroad = named.get("BG:buitenlandsAdres") or told.get("BG:feitelijkVerblijfsadresBuitenland")
    if inland:
        return _inland(inland)
    if abroad:
        lines = [abroad.get(f"BG:sub.adresBuitenland{number}") for number in (1, 2, 3)]
        return rsgb.address([*lines, abroad.get("BG:lnd.landnaam")])
    return rsgb.address(["zonder vaste woon- of verblijfplaats"]) if _NOWHERE in listed else None


def _inland(told: Mapping[str, Any]) -> dict[str, Any] | None:
    line = rsgb.street(
        told.get("BG:gor.openbareRuimteNaam"),
        told.get("BG:aoa.huisnummer"),
        told.get("BG:aoa.huisletter"),
        told.get("BG:aoa.huisnummertoevoeging"),
    )
    return rsgb.address([line], told.get("BG:aoa.postcode"), told.get("BG:wpl.woonplaatsNaam"))


def _contacts(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for number in (told.get("BG:sub.telefoonnummer"), *told.get("BG:telefoonnummer", ())):
        if number:
            yield {"soort": "phone", "waarde": number}
    if told.get("BG:sub.emailadres"):
        yield {"soort": "email", "waarde": told["BG:sub.emailadres"]}
