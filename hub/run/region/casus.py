"""One casus of the region, from aanmelding to its phase, by the calls that the partners themselves make."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from hub.model.partner import PartnerKind
from hub.run.region import values
from hub.run.region.partners import BY_ID

OWN_FORM = "application/vnd.hub.levering+json"
SUPPLY_FORM = "application/vnd.hub.politie-justitie+json"
_PURPOSES = ["D02", "D03", "D04", "D07", "D08", "D09"]


class Calls(Protocol):
    """What makes the calls of all partners (`hub.run.region.caller.Region`: over HTTP, in process)."""

    def post(self, partner: str, user: str, path: str, body: Any, *, media: str | None = None) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Plan:
    """What a casus is to become."""

    name: str
    regime: str
    aanmelder: str
    involved: Sequence[str]
    phases: Sequence[str]
    supplies: Mapping[str, Sequence[str]]
    """Source -> the fields it delivers."""
    consents: Sequence[tuple[str, Sequence[str], Sequence[str]]] = ()
    """(care source, receivers, groups) for which the betrokkene consented."""
    treating: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Care source -> partners directly involved in the same treatment (7:457(2) BW)."""
    derde: str | None = None
    """Who gets something pushed as a derde (Wgs 2.31(9)-(11), Bgs 2.21)."""
    agreed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Source -> fields that it agreed to have handed over to derden (Wgs 1.7(2)-(3))."""


@dataclass
class Made:
    """A casus that was made: each partner's own pseudonym of it."""

    plan: Plan
    pseudonyms: dict[str, str]


def make_casus(region: Calls, plan: Plan, now: datetime, chance: random.Random) -> Made:
    """Make the casus of `plan`."""
    story = values.story(chance)
    person = {"naam": story.family_name, "geboortedatum": story.birth_date, "bsn": story.bsn}
    made = Made(plan, {})
    made.pseudonyms[plan.aanmelder] = _call(
        region, plan.aanmelder, "/casussen", {
            "persoon": person, "criteria": _CRITERIA, "regime": plan.regime,
            "triagegroep": _triage_group(plan), "kenmerk": f"{plan.name}-{plan.aanmelder}",
        },
    )["casus"]  # fmt: skip
    _bring_in(region, made)
    for phase in plan.phases:
        _on(region, made, _lead(plan), "fasen", {"fase": phase})
    _relate(region, made)
    _base(region, made, now)
    for source, fields in plan.supplies.items():
        _deliver(region, made, (source, fields), now, story)
    for source, receivers, groups in plan.consents:
        _consent(region, made, source, (receivers, groups), now)
    if plan.derde is not None:
        _prepare_derde(region, made, plan.derde, now)
    return made


def _prepare_derde(region: Calls, made: Made, derde: str, now: datetime) -> None:
    """The three steps before a push: a signed statement, a basis with the advice of the commission, agreed suppliers."""
    until = (now + timedelta(days=365)).isoformat()
    _on(region, made, _lead(made.plan), "geheimhoudingsverklaringen", {"partner": derde, "tot": until})
    basis = {"grondslag": "derde", "partner": derde, "doelen": ["D07"], "groepen": ["*"], "racKenmerk": "RAC-2026-03",
             "reden": "nodig om de woning te behouden (Wgs 1.7 lid 2)"}  # fmt: skip
    _on(region, made, "gemeente-noord", "grondslagen", basis)
    for source, fields in made.plan.agreed.items():
        _on(region, made, source, "bronvoorwaarden", {"velden": list(fields), "akkoordDoorgeven": True})


def send_to_derde(region: Calls, made: Made, derde: str) -> dict[str, Any]:
    """The push itself, by the procesregisseur: what the derde may have for housing waits in its postvak."""
    body = {"ontvanger": derde, "doel": "D07", "velden": ["*"]}
    return _on(region, made, _lead(made.plan), "verstrekkingen", body)


_CRITERIA = {
    "problemen": "Problemen op meer terreinen tegelijk.",
    "leefgebieden": "Wonen, gezondheid en veiligheid.",
    "overlast": "Herhaalde overlast in de straat.",
    "samenwerking": "Zorg en veiligheid zijn samen nodig.",
}


def _triage_group(plan: Plan) -> list[str]:
    return sorted({plan.aanmelder, _lead(plan), "gemeente-noord"}) if plan.regime == "wgs_zvh" else [plan.aanmelder]


def _lead(plan: Plan) -> str:
    return "zvh-noord" if plan.regime == "wgs_zvh" else plan.aanmelder


def _bring_in(region: Calls, made: Made) -> None:
    """The partners get their part in the casus, and with it their own name of it."""
    plan = made.plan
    if plan.regime == "wgs_zvh":
        # The aanmelder cannot name the casus for another; the public deelnemer that triages can.
        for partner in sorted({"zvh-noord", "gemeente-noord"} - set(made.pseudonyms)):
            made.pseudonyms[partner] = _invite(region, made, plan.aanmelder, partner)
    for partner in plan.involved:
        body = {"partner": partner}
        answer = _on(region, made, _lead(plan), "betrokkenen", body)
        made.pseudonyms[partner] = answer["pseudoniemVanPartner"]
    if "wonen-noord" in plan.supplies:
        answer = _on(region, made, _lead(plan), "relaties", {"partner": "wonen-noord", "relatie": "verhuurt"})
        made.pseudonyms["wonen-noord"] = answer["pseudoniemVanPartner"]


def _invite(region: Calls, made: Made, by: str, partner: str) -> str:
    answer = _on(region, made, by, "triagegroepleden", {"partner": partner})
    name: str = answer["pseudoniemVanPartner"]
    return name


def _relate(region: Calls, made: Made) -> None:
    care = {PartnerKind.GGZ, PartnerKind.VERSLAVINGSZORG, PartnerKind.VG_LVB}
    for partner in made.plan.involved:
        if BY_ID[partner].kind in care:
            _on(region, made, partner, "relaties", {"partner": partner, "relatie": "behandelt"})
        if BY_ID[partner].kind is PartnerKind.RECLASSERING:
            _on(region, made, partner, "relaties", {"partner": partner, "relatie": "houdt_toezicht"})


def _base(region: Calls, made: Made, now: datetime) -> None:
    plan = made.plan
    if plan.regime == "wgs_zvh":
        for partner in plan.involved:
            basis: dict[str, Any] = {"grondslag": "wgs", "partner": partner, "doelen": [*_PURPOSES, "D01"], "groepen": ["*"],
                    "vanaf": now.isoformat(), "reden": "betrokken deelnemer (Wgs 2.31 lid 4)"}  # fmt: skip
            _on(region, made, "gemeente-noord", "grondslagen", basis)
        return
    own = {"zorgteam": "uavg30.3a", "wmo_lokaal": "avg6e", "oov": "avg6e", "toestemming": "avg6a"}.get(plan.regime)
    for partner in plan.involved if own else ():
        body: dict[str, Any] = {
            "grondslag": own,
            "partner": partner,
            "doelen": _PURPOSES,
            "groepen": ["*"],
            "vanaf": now.isoformat(),
        }
        _on(region, made, partner, "grondslagen", body)


def _deliver(region: Calls, made: Made, supply: tuple[str, Sequence[str]], now: datetime, story: values.Story) -> None:
    source, fields = supply
    items: list[dict[str, Any]] = [{"veld": name, "niveaus": story.forms(name, now)} for name in fields]
    kind = BY_ID[source].kind
    if kind in (PartnerKind.POLITIE, PartnerKind.OM, PartnerKind.DJI):
        document = {"verstrekking": _supply_record(kind, now), "velden": items}
        _on(region, made, source, "leveringen", document, media=SUPPLY_FORM)
        return
    for item in items:
        if source in made.plan.treating:
            item["medebehandelaars"] = list(made.plan.treating[source])
    _on(region, made, source, "leveringen", {"velden": items}, media=OWN_FORM)


def _supply_record(kind: PartnerKind, now: datetime) -> dict[str, Any]:
    day = now.date().isoformat()
    if kind is PartnerKind.POLITIE:
        return {"wpg": {"artikel": "20(3)", "categorie": "8", "besluit": f"PV-{now.year}-14", "gezagAkkoord": True,
                        "ontvangers": ["*"], "datum": day}}  # fmt: skip
    return {"wjsg": {"artikel": "39fa" if kind is PartnerKind.OM else "51ca", "ontvangers": ["*"], "datum": day}}


def _consent(region: Calls, made: Made, source: str, scope: tuple[Iterable[str], Iterable[str]], now: datetime) -> None:
    receivers, groups = scope
    body: dict[str, Any] = {
        "ontvangers": sorted(receivers), "doelen": _PURPOSES, "groepen": sorted(groups), "gegevenOp": now.isoformat(),
        "wilsbekwaam": True, "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
    }  # fmt: skip
    _on(region, made, source, "toestemmingen", body)
    care = [receiver for receiver in body["ontvangers"] if BY_ID[receiver].kind in _CARE]
    if care:
        _on(region, made, source, "uitwisseltoestemmingen", {**body, "ontvangers": care})


_CARE = {PartnerKind.GGZ, PartnerKind.VERSLAVINGSZORG, PartnerKind.VG_LVB, PartnerKind.GENEESHEER_DIRECTEUR}


def _on(region: Calls, made: Made, partner: str, what: str, body: Any, *, media: str | None = None) -> dict[str, Any]:
    path = f"/casussen/{made.pseudonyms[partner]}/{what}"
    return _call(region, partner, path, body, media=media)


def _call(region: Calls, partner: str, path: str, body: Any, *, media: str | None = None) -> dict[str, Any]:
    return region.post(partner, BY_ID[partner].user, path, body, media=media)
