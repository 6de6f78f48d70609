"""ZGW: a zaak of a municipality or a Zorg- en Veiligheidshuis, with its roles and status (Zaken API 1.5 to 1.7).

The document is what the API answers with `expand=zaaktype,rollen,status.statustype,resultaat.resultaattype,eigenschappen`:
one zaak, or a page of zaken. Of a natural person only the betrokkene is read; of others at most the office. No free text, no
document and no confidentiality mark is. The shape is `schemas/zgw-zaak.schema.json`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors import json_text, rsgb, shapes
from connectors.context import ParseContext
from connectors.reasons import Reason
from connectors.rule import OWN_FIELD, OWN_SUMMARY, Outcome, Rule, fed, settled
from hub.crypto.reference import own_reference
from hub.errors import ShapeError
from hub.model.delivery import DeliveredField, NotTaken, Parsed
from hub.model.partner import PartnerKind
from hub.model.reference import Reference

ZAAK_FIELDS = (
    "bestuurlijke_maatregel",
    "gedragsaanwijzing_woning",
    "indicatie",
    "interventies",
    "schuldhulp_status",
    "wmo_voorziening",
    "wvggz_procedure_status",
)
"""What a zaak can feed. The phase of the casus is no such field: the hub makes it."""

MAX_ZAKEN = 100
_PAGE = frozenset({"count", "next", "previous", "results"})
_WORKERS = frozenset({"adviseur", "behandelaar", "beslisser", "klantcontacter", "zaakcoordinator"})
"""Roles of who works on a zaak: never whom it is about."""
_LEFT = {
    "zaakinformatieobjecten": Reason.ATTACHMENT,
    "zaakobjecten": Reason.NO_FIELD,
    "hoofdzaak": Reason.REFERRED_TO,
    "deelzaken": Reason.REFERRED_TO,
    "relevanteAndereZaken": Reason.REFERRED_TO,
    "gerelateerdeZaken": Reason.REFERRED_TO,
}


@dataclass(frozen=True)
class Item:
    """A zaak or a role, and its place."""

    told: Mapping[str, Any]
    place: str

    def inside(self, step: str) -> str:
        """The place of a part of it."""
        return f"{self.place}.{step}" if self.place else step

    def expanded(self, *steps: str) -> Any:
        """What `expand` added along `steps` (of `_expand` objects), or null."""
        found: Any = self.told
        for step in steps:
            found = (found.get("_expand") or {}).get(step) or {}
        return found or None


def _described(zaak: Item, *steps: str) -> str | None:
    return (zaak.expanded(*steps) or {}).get("omschrijving")


def zaak_value(zaak: Item) -> dict[str, Any] | None:
    """What a zaak says as the value of a field: its kind, period, status and outcome."""
    status = zaak.expanded("status") or {}
    stand = rsgb.compact(
        omschrijving=_described(zaak, "status", "statustype"), datum=(status.get("datumStatusGezet") or "")[:10]
    )
    kind = _described(zaak, "zaaktype") or zaak.told.get("omschrijving")
    if not kind and not stand:
        return None
    return rsgb.compact(
        soort=kind,
        van=zaak.told.get("startdatum"),
        tot=zaak.told.get("einddatum"),
        geplandTot=zaak.told.get("einddatumGepland"),
        status=stand,
        uitkomst=_described(zaak, "resultaat", "resultaattype"),
    )


def _from_college(_: rsgb.Person, context: ParseContext) -> bool:
    return context.source_kind is PartnerKind.COLLEGE


def _not_from_college(person: rsgb.Person, context: ParseContext) -> bool:
    return not _from_college(person, context)


def _name(person: rsgb.Person) -> dict[str, Any] | None:
    return rsgb.compact(geslachtsnaam=person.family_name, voornamen=person.given_names)


_WHO = "Rol of the betrokkene"
PERSON_RULES: tuple[Rule[rsgb.Person], ...] = (
    Rule(_WHO, "inpBsn", "bsn", lambda p: p.bsn),
    Rule(_WHO, "geslachtsnaam, voorvoegselGeslachtsnaam, voornamen", "naam", _name),
    Rule(_WHO, "geboortedatum", "geboortedatum", lambda p: p.birth_date),
    Rule(_WHO, "geslachtsaanduiding", "geslacht", lambda p: p.gender),
    Rule(_WHO, "verblijfsadres", "brp_adres", lambda p: p.address, "the source is a college", _from_college),
    Rule(
        _WHO, "verblijfsadres", "feitelijk_verblijf", lambda p: p.address, "the source is no college", _not_from_college
    ),
)
ZAAK_RULES: tuple[Rule[Item], ...] = tuple(
    Rule(
        "Zaak",
        "zaaktype, startdatum, einddatum, einddatumGepland, status, resultaat",
        field,
        zaak_value,
        f"a kenmerk with bron {OWN_FIELD} names the field",
    )
    for field in ZAAK_FIELDS
)


def _office(role: Item) -> dict[str, Any] | None:
    return rsgb.compact(organisatie=(role.told.get("betrokkeneIdentificatie") or {}).get("naam"))


OFFICE_RULES: tuple[Rule[Item], ...] = tuple(
    Rule("Rol of an organisatorische_eenheid", "naam", field, _office, f"the role is called {field}")
    for field in ("casusregisseur", "procesregisseur")
)


def parse(document: json_text.Document, context: ParseContext) -> Parsed:
    """The zaak or zaken in `document`. Raises `ShapeError` with the place of each fault."""
    shape = shapes.shape("zgw-zaak")
    zaken = list(_zaken(json_text.read(document, shape.known | _PAGE), shape))
    persons = [_person(role) for zaak in zaken for role in _about(zaak)]
    outcomes: list[Outcome] = [
        field for person in persons for field in fed(PERSON_RULES, person, person.place, context)
    ]
    outcomes.extend(_of_zaken(zaken))
    outcomes.extend(other for zaak in zaken for other in _others(zaak, context))
    claims = dict.fromkeys(claim for person in persons for claim in person.claims())
    return Parsed(tuple(claims), *settled(outcomes), reference=_reference(zaken))


def _zaken(document: Any, shape: shapes.Shape) -> Iterator[Item]:
    if not isinstance(document, dict) or "results" not in document:
        yield _zaak(document, "", shape)
        return
    listed = document["results"]
    if document.keys() - _PAGE or not isinstance(listed, list) or not 0 < len(listed) <= MAX_ZAKEN:
        raise ShapeError(f"Een pagina heeft 1 tot {MAX_ZAKEN} zaken.", place="results")
    for index, zaak in enumerate(listed):
        yield _zaak(zaak, f"results[{index}]", shape)


def _zaak(told: Any, place: str, shape: shapes.Shape) -> Item:
    with shapes.within(place):
        if not isinstance(told, dict) or "zaaktype" not in told:
            raise ShapeError("Dit is geen zaak. Lever de zaak zelf, met rollen en status (expand).", place="$")
        shape.check(told)
    return Item(told, place)


def _roles(zaak: Item) -> list[Item]:
    return [
        Item(role, zaak.inside(f"_expand.rollen[{index}]")) for index, role in enumerate(zaak.expanded("rollen") or ())
    ]


def _about(zaak: Item) -> list[Item]:
    """Whom the zaak is about: its belanghebbenden where it has any, else the natural person who asked.

    Never a gemachtigde, nor who works on it. All of them are held against the casus: two different persons do not pass.
    """
    persons = [
        role
        for role in _roles(zaak)
        if role.told["betrokkeneType"] == "natuurlijk_persoon"
        and role.told.get("indicatieMachtiging") != "gemachtigde"
        and role.told.get("omschrijvingGeneriek") not in _WORKERS
    ]
    return [role for role in persons if role.told.get("omschrijvingGeneriek") == "belanghebbende"] or persons


def _person(role: Item) -> rsgb.Person:
    told = role.told.get("betrokkeneIdentificatie") or {}
    place = role.inside("betrokkeneIdentificatie")
    home = told.get("verblijfsadres") or {}
    line = rsgb.street(
        home.get("gorOpenbareRuimteNaam"),
        home.get("aoaHuisnummer"),
        home.get("aoaHuisletter"),
        home.get("aoaHuisnummertoevoeging"),
    )
    return rsgb.Person(
        place,
        bsn=rsgb.bsn(told.get("inpBsn"), f"{place}.inpBsn"),
        family_name=rsgb.family_name(told.get("voorvoegselGeslachtsnaam"), told.get("geslachtsnaam")),
        given_names=told.get("voornamen") or None,
        birth_date=rsgb.day(told.get("geboortedatum"), f"{place}.geboortedatum"),
        gender=rsgb.GENDERS.get(told.get("geslachtsaanduiding", "")),
        address=rsgb.address([line], home.get("aoaPostcode"), home.get("wplWoonplaatsNaam")),
    )


def _of_zaken(zaken: list[Item]) -> Iterator[Outcome]:
    """What zaken feed: a list a field, for a person may have more zaken of one kind."""
    values: dict[str, list[Any]] = {}
    texts: dict[str, list[str]] = {}
    places: dict[str, str] = {}
    for zaak in zaken:
        place = zaak.place or "$"
        named = _named(zaak)
        value = zaak_value(zaak)
        for rule in named if value else ():
            values.setdefault(rule.field, []).append(value)
            places.setdefault(rule.field, place)
        if reason := _unnamed(zaak) or (None if value else Reason.EMPTY):
            yield NotTaken(place, reason)
        for at, text in _summaries(zaak):
            if value and len(named) == 1:
                texts.setdefault(named[0].field, []).append(text)
            else:
                yield NotTaken(at, Reason.SUMMARY_WITHOUT_FIELD)
    for field, listed in values.items():
        told = {"sam": "\n".join(dict.fromkeys(texts[field]))} if field in texts else {}
        yield DeliveredField(field=field, levels={"vol": listed, **told}, place=places[field])


def _summaries(zaak: Item) -> Iterator[tuple[str, str]]:
    """(place, text) of what the source wrote for readers."""
    for place, told in _properties(zaak):
        if told["naam"] == OWN_SUMMARY:
            yield place, told["waarde"]


def _properties(zaak: Item) -> Iterator[tuple[str, Mapping[str, str]]]:
    for index, told in enumerate(zaak.expanded("eigenschappen") or ()):
        yield zaak.inside(f"_expand.eigenschappen[{index}]"), told


def _words(zaak: Item) -> set[str]:
    return {each["kenmerk"] for each in zaak.told.get("kenmerken", ()) if each["bron"] == OWN_FIELD}


def _named(zaak: Item) -> list[Rule[Item]]:
    return [rule for rule in ZAAK_RULES if rule.field in _words(zaak)]


def _unnamed(zaak: Item) -> Reason | None:
    words = _words(zaak)
    if not words:
        return Reason.NO_FIELD
    return Reason.FIELD_MISMATCH if words - set(ZAAK_FIELDS) else None


def _others(zaak: Item, context: ParseContext) -> Iterator[Outcome]:
    """The roles of others, and what of the zaak is left where it is."""
    about = {role.place for role in _about(zaak)}
    for role in _roles(zaak):
        if role.place not in about:
            yield _other(role, context)
    yield from (NotTaken(place, Reason.NO_FIELD) for place, told in _properties(zaak) if told["naam"] != OWN_SUMMARY)
    for name, reason in _LEFT.items():
        if zaak.expanded(name):
            yield NotTaken(zaak.inside(f"_expand.{name}"), reason)
    if zaak.told.get("zaakinformatieobjecten") and not zaak.expanded("zaakinformatieobjecten"):
        yield NotTaken(zaak.inside("zaakinformatieobjecten"), Reason.ATTACHMENT)


def _other(role: Item, context: ParseContext) -> Outcome:
    if role.told["betrokkeneType"] in {"natuurlijk_persoon", "medewerker"}:
        return NotTaken(role.place, Reason.OTHER_PERSON)
    ended = role.told.get("eindeGeldigheid")
    if ended is not None and ended <= context.at.date().isoformat():
        return NotTaken(role.place, Reason.NOT_CURRENT)
    rules = [rule for rule in OFFICE_RULES if (role.told.get("omschrijving") or "").casefold().strip() == rule.field]
    found = next(fed(rules, role, role.place, context), None)
    return found or NotTaken(role.place, Reason.EMPTY if rules else Reason.NO_FIELD)


def _reference(zaken: list[Item]) -> Reference | None:
    """The source's own number of the zaak. Raises `ShapeError` where one is a BSN."""
    references = [own_reference(zaak.told.get("identificatie"), "identificatie") for zaak in zaken]
    return references[0] if len(references) == 1 else None
