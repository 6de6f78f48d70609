"""The relatie that the document is about, and those around him: how to reach him, with how many he lives, who acts for
him. Name and date of birth are compared and not kept: they are the college's to deliver.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.json_text import place
from connectors.reasons import Reason
from connectors.rsgb import compact, family_name, street
from connectors.vera import codes
from connectors.vera.item import Document, Item, Outcome, Rule, Taken, fed, is_over, is_to_come
from hub.crypto.reference import own_reference
from hub.errors import ShapeError
from hub.model.delivery import NotTaken, PersonClaim
from hub.model.partner import PartnerKind
from hub.model.reference import Reference

PERSON, OTHERS = "relatie", "relaties"
UNREAD: dict[str, Reason] = {
    "nationaliteit": Reason.NOT_IN_HUB,
    "burgerlijkeStaat": Reason.NOT_IN_HUB,
    "opleiding": Reason.NO_FIELD,
    "opleidingen": Reason.NO_FIELD,
    "inkomens": Reason.NO_FIELD,
    "account": Reason.NO_FIELD,
    "communicatievoorkeur": Reason.NO_FIELD,
    "communicatievoorkeuren": Reason.NO_FIELD,
    "voorkeurstaal": Reason.NO_FIELD,
    "overlijdensdatum": Reason.NO_FIELD,
}
"""What is never read of the relatie himself, and why."""

NEVER: dict[str, Reason] = {
    "RELATIEROLSOORT.AMB": Reason.NOT_OF_SOURCE,
    "RELATIEROLSOORT.CUR": Reason.NOT_OF_SOURCE,
}
_REACHED = ("CONTACTGEGEVENSOORT.EMA", "CONTACTGEGEVENSOORT.MOB", "CONTACTGEGEVENSOORT.TEL")
_HOUSEHOLD = frozenset(f"RELATIEROLSOORT.{code}" for code in ("BEW", "HUU", "MBW", "MDH"))


def claim(form: Mapping[str, Any]) -> PersonClaim:
    """Who the relatie is. Raises `ShapeError` where that cannot be compared, or he is no natural person."""
    told = form[PERSON]
    if codes.code_of(told, "soort", "RELATIESOORT", PERSON) not in (None, "RELATIESOORT.NAT"):
        raise ShapeError("Dit gaat niet over een persoon.", place=f"{PERSON}.soort")
    for element in ("id", "geboortedatum"):
        if element not in told:
            raise ShapeError("Hier ontbreekt iets dat verplicht is.", place=f"{PERSON}.{element}")
    name = _family(told)
    if not name:
        raise ShapeError("Hier ontbreekt iets dat verplicht is.", place=f"{PERSON}.achternaam")
    return PersonClaim(None, name, told.get("voornaam") or None, told["geboortedatum"])


def refuse_bsn(form: Any, known: Container[str]) -> None:
    """Raise `ShapeError` for a BSN anywhere: a corporation has no basis to bring one (UAVG 46)."""
    steps = next(_bsn_at(form), None)
    if steps is not None:
        raise ShapeError("U mag geen burgerservicenummer gebruiken.", place=place(steps, known))


def _bsn_at(part: Any) -> Iterator[list[str | int]]:
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, each in inner:
        if step == "bsn" and each:
            yield [step]
        yield from ([step, *rest] for rest in _bsn_at(each))


def reference(form: Mapping[str, Any]) -> Reference | None:
    """The corporation's own key of the relatie, by which it finds the casus; none where it could be a BSN, for the
    system gave it out and not a person."""
    try:
        return own_reference(str(form[PERSON]["id"]), PERSON)
    except ShapeError:
        return None


def outcomes(document: Document) -> Iterator[Outcome]:
    """What the relatie himself and those around him feed."""
    person = Item(PERSON, document.form[PERSON], PERSON, document)
    own = [rule for rule in RULES if rule.resource == PERSON and rule.element in person.part]
    summaries, unplaced = person.summaries([rule.field for rule in own])
    yield from unplaced
    yield from (_own(person, rule, summaries.get(rule.field, ())) for rule in own)
    for element, reason in UNREAD.items():
        if person.part.get(element) not in (None, "", [], {}):
            yield NotTaken(f"{PERSON}.{element}", reason)
    for item in document.parts(OTHERS):
        yield from _other(item)


def _own(person: Item, rule: Rule, summaries: tuple[str, ...]) -> Outcome:
    at = f"{PERSON}.{rule.element}"
    value = rule.value(person)
    if not value:
        return NotTaken(at, Reason.EMPTY)
    if rule.kind is not person.document.context.source_kind:
        return NotTaken(at, Reason.NOT_OF_SOURCE)
    return Taken(rule, value, summaries, at)


def _other(item: Item) -> Iterator[Outcome]:
    roles = _roles(item)
    kind = item.code("soort", "RELATIESOORT")
    found = {role.code for role in roles}
    if kind == "RELATIESOORT.REC" and found & _LANDLORDS:
        found.add(_LANDLORD)
    if found & {*NEVER, *(code for rule in _OTHER_RULES for code in rule.codes)}:
        yield from fed(item, found, _OTHER_RULES, NEVER)
    else:
        near = item.document.is_person(item.part) if "id" in item.part else False
        known = near or item.part.get("id") in _members(item.document)
        yield NotTaken(item.place, Reason.REFERRED_TO if known else Reason.OTHER_PERSON)


@dataclass(frozen=True)
class _Role:
    code: str
    part: Mapping[str, Any]


def _roles(item: Item) -> list[_Role]:
    """The roles that a relatie has now, towards the person or without saying towards whom."""
    context, found = item.document.context, []
    for index, role in enumerate(item.part.get("rollen", ())):
        code = codes.code_of(role, "soort", "RELATIEROLSOORT", f"{item.place}.rollen[{index}]")
        towards = role.get("rolRelatie")
        own = towards is None or item.document.is_person(towards)
        if code and own and not is_over(role, context) and not is_to_come(role, context):
            found.append(_Role(code, role))
    return found


def _family(told: Mapping[str, Any]) -> str | None:
    """The family name of birth; a prefix belongs to `achternaam`, so also to this where they are the same."""
    own, last = told.get("geslachtsnaam"), told.get("achternaam")
    if own and own != last:
        return str(own)
    return family_name(told.get("tussenvoegsels"), last)


def _reach(parts: Sequence[Mapping[str, Any]], where: str, *, without: tuple[str, ...]) -> list[dict[str, Any]]:
    """Telephone and e-mail that are valid; what is another's (`In case of emergency`) or private is left out."""
    found = []
    for index, part in enumerate(parts):
        at = f"{where}[{index}]"
        soort = codes.code_of(part, "soort", "CONTACTGEGEVENSOORT", at)
        detail = codes.code_of(part, "detailSoort", "CONTACTGEGEVENDETAILSOORT", at)
        valid = codes.code_of(part, "status", "CONTACTGEGEVENSTATUS", at) != "CONTACTGEGEVENSTATUS.ONG"
        secret = codes.code_of(part, "vertrouwelijkheid", "VERTROUWELIJKHEID", at) == codes.CONFIDENTIAL
        if soort in _REACHED and detail not in without and valid and not secret and part["waarde"]:
            told = compact(soort=codes.name_of(soort), waarde=part["waarde"], gebruik=codes.name_of(detail))
            found.append(told or {})
    return found


_EMERGENCY, _PRIVATE = "CONTACTGEGEVENDETAILSOORT.ICE", "CONTACTGEGEVENDETAILSOORT.PRI"


def _own_reach(item: Item) -> Any:
    return _reach(item.part["contactgegevens"], f"{PERSON}.contactgegevens", without=(_EMERGENCY,))


def _home(item: Item) -> Any:
    """The address where he lives, as the corporation knows it."""
    context = item.document.context
    for index, each in enumerate(item.part["adressen"]):
        soort = codes.code_of(each, "soort", "RELATIEADRESSOORT", f"{PERSON}.adressen[{index}]")
        if soort == "RELATIEADRESSOORT.WOO" and not is_over(each, context) and not is_to_come(each, context):
            return _address(each)
    return None


def _address(told: Mapping[str, Any]) -> Any:
    at = told["adres"]
    first = street(at.get("straatnaam"), at.get("huisnummer"), at.get("huisletter"), at.get("huisnummerToevoeging"))
    town = at.get("woonplaats")
    lines = [line for line in (first, at.get("adresregel1"), at.get("adresregel2")) if line]
    return lines and compact(
        regels=lines,
        postcode=at.get("postcode"),
        plaats=town.get("naam") if isinstance(town, dict) else town,
        periode=compact(van=told.get("begindatum", "")[:10]),
    )


def _groups(document: Document) -> Iterator[Mapping[str, Any]]:
    for index, group in enumerate(document.form[PERSON].get("groepen", ())):
        at = f"{PERSON}.groepen[{index}]"
        if codes.code_of(group, "detailSoort", "RELATIEDETAILSOORT", at) == "RELATIEDETAILSOORT.HUI":
            yield group


def _members(document: Document) -> frozenset[str]:
    """Keys of those who live with him."""
    named = [each for group in _groups(document) for each in group.get("relaties", ())]
    keys = (each.rstrip("/").rsplit("/", maxsplit=1)[-1] if isinstance(each, str) else each["id"] for each in named)
    return frozenset(keys) - {document.person}


def _household(item: Item) -> Any:
    """How many live there, and in which roles: no names (law: roles alone)."""
    members = _members(item.document)
    if not members:
        return None
    others = [each for each in item.document.parts(OTHERS) if each.part.get("id") in members]
    roles = sorted(
        {str(codes.name_of(role.code)) for each in others for role in _roles(each) if role.code in _HOUSEHOLD}
    )
    return compact(aantal=len(members) + 1, rollen=roles)


def _representative(item: Item, wanted: frozenset[str]) -> dict[str, Any] | None:
    role = next((role for role in _roles(item) if role.code in wanted), None)
    own = (role.part.get("contactgegevens") if role else None) or item.part.get("contactgegevens", ())
    contact = _reach(own, f"{item.place}.contactgegevens", without=(_EMERGENCY, _PRIVATE))
    told = item.part
    person = (told.get("voornaam") or told.get("voorletters"), told.get("tussenvoegsels"), told.get("achternaam"))
    name = told.get("naam") or " ".join(part for part in person if part)
    return compact(naam=name, contact=contact)


def _administrator(item: Item) -> Any:
    return _representative(item, frozenset({"RELATIEROLSOORT.BWI"}))


def _landlord(item: Item) -> Any:
    roles = [role.code for role in _roles(item) if role.code in _LANDLORDS | {_CONSULTANT}]
    told = _representative(item, _LANDLORDS | {_CONSULTANT})
    return told and {"rol": codes.name_of(roles[0]), **told}


_CONSULTANT, _LANDLORDS = "RELATIEROLSOORT.WOO", frozenset({"RELATIEROLSOORT.BEH", "RELATIEROLSOORT.EIG"})
_LANDLORD = "verhuurder"
_NAMED = "naam, rollen, contactgegevens"
_OTHER_RULES = (
    Rule(OTHERS, _NAMED, "bewindvoerder", _administrator, ("RELATIEROLSOORT.BWI",)),
    Rule(
        OTHERS,
        _NAMED,
        "verhuurder",
        _landlord,
        (_CONSULTANT, _LANDLORD),
        "RELATIEROLSOORT.WOO (Woonconsulent); of a legal person also EIG (Eigenaar), BEH (Beheerder)",
    ),
)


def _one(values: Sequence[Any]) -> Any:
    return values[0]


_BY = PartnerKind.WONINGCORPORATIE
RULES = (
    Rule(PERSON, "contactgegevens", "telefoon_email", _own_reach, _REACHED, kind=_BY, merged=_one),
    Rule(PERSON, "adressen", "feitelijk_verblijf", _home, ("RELATIEADRESSOORT.WOO",), kind=_BY, merged=_one),
    Rule(PERSON, "groepen", "huishouden_samenstelling", _household, ("RELATIEDETAILSOORT.HUI",), merged=_one),
    *_OTHER_RULES,
)
