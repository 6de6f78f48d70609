"""Signaleringen and zaken: nuisance, arrears, and what makes a visit unsafe.

What says something of health, care or an offence is no matter for a corporation to deliver (UAVG 22, 30, 33(2)(b);
R09), and who complained or reported is read nowhere.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.reasons import Reason
from connectors.rsgb import compact
from connectors.vera import codes
from connectors.vera.item import Document, Item, Outcome, Rule, fed, is_to_come
from hub.model.delivery import NotTaken

_OF_OTHERS = Reason.NOT_OF_SOURCE
NEVER: dict[str, Reason] = {
    "SIGNALERINGSOORT.ONB": _OF_OTHERS,
    "SIGNALERINGDETAILSOORT.CUR": _OF_OTHERS,
    "SIGNALERINGDETAILSOORT.DRU": _OF_OTHERS,
    "SIGNALERINGDETAILSOORT.HEN": _OF_OTHERS,
    "SIGNALERINGDETAILSOORT.PRO": Reason.NOT_IN_HUB,
    "SIGNALERINGDETAILSOORT.RAC": Reason.NOT_IN_HUB,
    "SIGNALERINGDETAILSOORT.SEU": Reason.NOT_IN_HUB,
    "ZAAKTYPEDETAILSOORT.AGR": _OF_OTHERS,
    "ZAAKTYPEDETAILSOORT.DRU": _OF_OTHERS,
    "ZAAKTYPEDETAILSOORT.HEN": _OF_OTHERS,
    "ZAAKTYPEDETAILSOORT.PSY": _OF_OTHERS,
    "ZAAKTYPEDETAILSOORT.VAN": _OF_OTHERS,
    "ZAAKTYPEDETAILSOORT.VER": _OF_OTHERS,
    codes.CONFIDENTIAL: Reason.NOT_IN_HUB,
}
"""Codes of which nothing is taken, whatever else is said."""

_FACTS = {"SIGNALERINGDETAILSOORT.BRA": "brand", "SIGNALERINGDETAILSOORT.VER": "vervuiling"}
_ABOUT, _CONCERNED = "ZAAKROL.BEK", "ZAAKROL.BEL"
_INSTRUCTION = "gedragsaanwijzing_woning"


def outcomes(document: Document) -> Iterator[Outcome]:
    """What the signaleringen and zaken of a document feed."""
    for item in document.parts("signaleringen"):
        yield from _signal(item)
    for item in document.parts("zaken"):
        yield from _case(item)


def _signal(item: Item) -> Iterator[Outcome]:
    kinds = _kinds(item)
    status = item.code("status", "SIGNALERINGSTATUS")
    named = [item.part["relatie"]] if "relatie" in item.part else []
    item.document.must_name_person(named, f"{item.place}.relatie")
    if not named:
        yield NotTaken(item.place, Reason.WHOSE)
    elif status != "SIGNALERINGSTATUS.ACT" or item.is_over():
        yield NotTaken(item.place, Reason.NOT_CURRENT)
    elif is_to_come(item.part, item.document.context):
        yield NotTaken(item.place, Reason.NOT_SETTLED)
    else:
        yield from fed(item, kinds, [rule for rule in RULES if rule.resource == item.resource], NEVER)


def _kinds(item: Item) -> tuple[str | None, str | None]:
    above, below = ("soort", "SIGNALERINGSOORT"), ("detailSoort", "SIGNALERINGDETAILSOORT")
    return codes.pair(item.part, above, below, item.place)


def _case(item: Item) -> Iterator[Outcome]:
    place = f"{item.place}.zaaktype"
    secrecy = codes.code_of(item.part["zaaktype"], "vertrouwelijkheid", "VERTROUWELIJKHEID", place)
    found = (*_case_kinds(item), secrecy)
    own = _own_roles(item)
    wanted = {_ABOUT, _CONCERNED} if item.declared() == _INSTRUCTION else {_ABOUT}
    if not own & wanted:
        yield NotTaken(item.place, Reason.WHOSE)
    elif _last_status(item) == "ZAAKSTATUSSOORT.GEA":
        yield NotTaken(item.place, Reason.MISTAKEN)
    else:
        yield from fed(item, found, [rule for rule in RULES if rule.resource == item.resource], NEVER)


def _case_kinds(item: Item) -> tuple[str | None, str | None]:
    above, below = ("soort", "ZAAKTYPESOORT"), ("detailSoort", "ZAAKTYPEDETAILSOORT")
    return codes.pair(item.part["zaaktype"], above, below, f"{item.place}.zaaktype")


def _own_roles(item: Item) -> set[str | None]:
    """The roles that the person himself has in a zaak. Raises `ShapeError` where it is about others alone."""
    roles = [
        (codes.code_of(role, "soort", "ZAAKROL", f"{item.place}.rollen[{index}]"), role.get("relatie"))
        for index, role in enumerate(item.part.get("rollen", ()))
    ]
    named = [who for _, who in roles if who is not None]
    item.document.must_name_person([*named, *item.part.get("relaties", ())], item.place)
    return {code for code, who in roles if who is not None and item.document.is_person(who)}


def _last_status(item: Item) -> str | None:
    reached = [
        (status.get("begindatum", ""), index, codes.code_of(status, "soort", "ZAAKSTATUSSOORT", f"{item.place}.{at}"))
        for index, status in enumerate(item.part.get("zaakstatussen", ()))
        for at in (f"zaakstatussen[{index}]",)
    ]
    return max(reached)[2] if reached else None


def _nuisance(item: Item) -> Any:
    soort, detail = _kinds(item) if item.resource == "signaleringen" else _case_kinds(item)
    return {"soort": codes.name_of(detail or soort), "datum": item.day("begindatum"), "lijst": item.resource}


def _all_nuisance(values: Sequence[Any]) -> Any:
    """Count (of zaken: a signalering is no report), kinds and last day; of whom it came is nowhere."""
    return compact(
        aantal=sum(value["lijst"] == "zaken" for value in values) or None,
        soorten=sorted({value["soort"] for value in values}),
        laatste=max((value["datum"] for value in values if value["datum"]), default=None),
    )


def _arrears(item: Item) -> Any:
    soort, detail = _kinds(item)
    return {"klasse": codes.name_of(detail or soort), "sinds": item.day("begindatum")}


def _all_arrears(values: Sequence[Any]) -> Any:
    since = min((value["sinds"] for value in values if value["sinds"]), default=None)
    return {"huurschuld": True, **(compact(klassen=sorted({value["klasse"] for value in values}), sinds=since) or {})}


def _fact(item: Item) -> Any:
    return compact(feit=_FACTS[str(_kinds(item)[1])], sinds=item.day("begindatum"))


def _measure(item: Item) -> Any:
    return compact(maatregel=codes.name_of(_kinds(item)[1]), sinds=item.day("begindatum"))


def _instruction(item: Item) -> Any:
    return compact(status=codes.name_of(_last_status(item)), van=item.day("begindatum"), tot=item.day("einddatum"))


_KIND, _TWO = "soort, detailSoort, begindatum", ("SIGNALERINGDETAILSOORT.BEZ",)
_SIGNALS, _CASES = "signaleringen", "zaken"
_NUISANCE = ("ZAAKTYPESOORT.OMG", "ZAAKTYPESOORT.SOC")
RULES = (
    Rule(_SIGNALS, _KIND, "overlast_meldingen", _nuisance, ("SIGNALERINGSOORT.OVE",), merged=_all_nuisance),
    Rule(_SIGNALS, _KIND, "huurschuld_indicator", _arrears, ("SIGNALERINGSOORT.SCH",), merged=_all_arrears),
    Rule(_SIGNALS, _KIND, "woning_veiligheid", _fact, tuple(_FACTS)),
    Rule(_SIGNALS, _KIND, "medewerkersveiligheid_wonen", _measure, _TWO),
    Rule(_SIGNALS, _KIND, "bezoekregels", _measure, _TWO),
    Rule(_CASES, "zaaktype, begindatum", "overlast_meldingen", _nuisance, _NUISANCE, merged=_all_nuisance),
    Rule(
        _CASES,
        "zaakstatussen, begindatum, einddatum",
        _INSTRUCTION,
        _instruction,
        when="the source names the field",
    ),
)
