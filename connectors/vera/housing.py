"""Huurovereenkomsten, huuropzeggingen and eenheden: how the lease stands. No amounts, no income, no age."""

from collections.abc import Iterator
from typing import Any

from connectors.reasons import Reason
from connectors.rsgb import compact
from connectors.vera import codes
from connectors.vera.item import Document, Item, Outcome, Rule, fed
from hub.model.delivery import NotTaken
from hub.model.partner import PartnerKind

_NOT_YET, _MISTAKEN, _REFUTED = Reason.NOT_SETTLED, Reason.MISTAKEN, Reason.REFUTED
_LEASE_STATUS = {
    "OVEREENKOMSTSTATUS.VOO": _NOT_YET,
    "OVEREENKOMSTSTATUS.GOE": _NOT_YET,
    "OVEREENKOMSTSTATUS.GEA": _MISTAKEN,
}
_NOTICE_STATUS = {
    "HUUROPZEGGINGSTATUS.AFG": _REFUTED,
    "HUUROPZEGGINGSTATUS.AFW": _REFUTED,
    "HUUROPZEGGINGSTATUS.GEA": _MISTAKEN,
}
NEVER = {
    f"AANVULLENDEDOELGROEP.{code}": Reason.NOT_IN_HUB
    for code in ("GEB", "GED", "GEE", "GGZ", "LIC", "PSY", "VBE", "VER", "ZIN", "ZORI")
}
"""Groups of tenants by health or by an offence: of whom a home is for, one could tell who he is (UAVG 22, 31)."""

_TENANTS = frozenset({"RELATIEROLSOORT.HUU", "RELATIEROLSOORT.MDH"})
_LEASES, _NOTICES, _HOMES = "huurovereenkomsten", "huuropzeggingen", "eenheden"


def outcomes(document: Document) -> Iterator[Outcome]:
    """What the leases, notices and homes of a document feed."""
    own: set[str] = set()
    for item in document.parts(_LEASES):
        reason = _lease_reason(item)
        if reason is None and "id" in item.part:
            own.add(item.part["id"])
        yield from _fed(item, reason)
    for item in document.parts(_NOTICES):
        yield from _fed(item, _notice_reason(item, own))
    for item in document.parts(_HOMES):
        found = [item.code("aanvullendeDoelgroep", "AANVULLENDEDOELGROEP"), item.code("woonvorm", "WOONVORM")]
        yield from fed(item, found, _rules(item), NEVER)


def _fed(item: Item, reason: Reason | None) -> Iterator[Outcome]:
    found = {*_ends(item), _ANY}
    if reason is not None:
        yield NotTaken(item.place, reason)
    else:
        yield from fed(item, found, _rules(item), {})


def _rules(item: Item) -> list[Rule]:
    return [rule for rule in RULES if rule.resource == item.resource]


def _lease_reason(item: Item) -> Reason | None:
    soort = item.code("soort", "OVEREENKOMSTSOORT")
    status = item.code("status", "OVEREENKOMSTSTATUS")
    if not _is_tenant(item):
        return Reason.WHOSE
    if soort not in (None, "OVEREENKOMSTSOORT.HUU"):
        return Reason.NO_FIELD
    return _LEASE_STATUS.get(str(status))


def _notice_reason(item: Item, own: set[str]) -> Reason | None:
    status = item.code("status", "HUUROPZEGGINGSTATUS")
    lease = item.part.get("huurovereenkomst")
    known = lease is not None and _key(lease) in own
    if not known and not _is_tenant(item):
        return Reason.WHOSE
    return _NOTICE_STATUS.get(str(status))


def _key(reference: Any) -> str:
    return reference.rstrip("/").rsplit("/", maxsplit=1)[-1] if isinstance(reference, str) else str(reference["id"])


def _is_tenant(item: Item) -> bool:
    """Whether the person is among the relaties, as a tenant where roles are told. Raises `ShapeError` where others alone
    are named."""
    named = item.part.get("relaties", [])
    item.document.must_name_person(named, f"{item.place}.relaties")
    found = False
    for index, each in enumerate(named):
        roles = each.get("rollen", []) if isinstance(each, dict) else []
        place = f"{item.place}.relaties[{index}]"
        said = {codes.code_of(role, "soort", "RELATIEROLSOORT", f"{place}.rollen[{n}]") for n, role in enumerate(roles)}
        if item.document.is_person(each):
            found = found or not said - {None} or bool(said & _TENANTS)
    return found


def _ends(item: Item) -> tuple[str | None, str | None]:
    above, below = ("eindeReden", "EINDEREDEN"), ("eindeDetailReden", "EINDEDETAILREDEN")
    return codes.pair(item.part, above, below, item.place)


def _lease(item: Item) -> Any:
    above, below = _ends(item)
    return compact(
        soort="huurovereenkomst",
        status=codes.name_of(item.code("status", "OVEREENKOMSTSTATUS")),
        van=item.day("begindatum"),
        tot=item.day("einddatum"),
        opgezegd=item.day("opzegdatum"),
        tijdelijk=item.part.get("bepaaldeTijd"),
        reden=codes.name_of(below or above),
    )


def _notice(item: Item) -> Any:
    above, below = _ends(item)
    return compact(
        soort="huuropzegging",
        status=codes.name_of(item.code("status", "HUUROPZEGGINGSTATUS")),
        gedaan=item.day("begindatum"),
        per=item.day("opzegdatum"),
        reden=codes.name_of(below or above),
    )


def _eviction(item: Item) -> Any:
    list_ = "OVEREENKOMSTSTATUS" if item.resource == _LEASES else "HUUROPZEGGINGSTATUS"
    return compact(
        stadium=codes.name_of(item.code("status", list_)), datum=item.day("einddatum") or item.day("opzegdatum")
    )


def _wanted_home(item: Item) -> Any:
    found = (item.code("aanvullendeDoelgroep", "AANVULLENDEDOELGROEP"), item.code("woonvorm", "WOONVORM"))
    return compact(soorten=[codes.name_of(code) for code in found if code in _WANTED])


_END, _EVICTED = "eindeReden, eindeDetailReden", ("EINDEDETAILREDEN.ONT",)
_DATES = "status, begindatum, einddatum, opzegdatum"
_WANTED = ("AANVULLENDEDOELGROEP.SKA", "WOONVORM.BEG")
_ANY = "*"
RULES = (
    Rule(_LEASES, f"{_DATES}, bepaaldeTijd, {_END}", "huurovereenkomst_status", _lease, (_ANY,), "always"),
    Rule(_LEASES, "status, einddatum, opzegdatum, eindeDetailReden", "ontruiming_dreiging", _eviction, _EVICTED),
    Rule(_NOTICES, f"{_DATES}, {_END}", "huurovereenkomst_status", _notice, (_ANY,), "always"),
    Rule(_NOTICES, "status, einddatum, opzegdatum, eindeDetailReden", "ontruiming_dreiging", _eviction, _EVICTED),
    Rule(
        _HOMES,
        "aanvullendeDoelgroep, woonvorm",
        "woonwens_passend",
        _wanted_home,
        _WANTED,
        "AANVULLENDEDOELGROEP.SKA (Skaeve Huse), WOONVORM.BEG (Begeleid wonen); the source is the casusregisseur",
        kind=PartnerKind.CASUSREGISSEUR,
    ),
)
