"""Who may record what: every kind of record held against every kind of partner, by a table that stands here alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from consent import dossier as kinds
from consent.dossier import dossier_of
from hub.casework.kinds import BY_KIND, KINDS
from hub.casework.rules import RULES, Bench
from hub.model.casus import Regime
from hub.model.partner import PartnerKind
from hub.model.registry import Record, Recorder

AT = "2027-01-10T11:00:00.000000Z"
ALL = {kind.value for kind in PartnerKind}
CARE = {"ggz", "geneesheer_directeur", "verslavingszorg", "vg_lvb"}
PUBLIC = {"dji", "politie", "om", "burgemeester", "college", "ggd"}
"""The public deelnemers (Wgs 2.27(1))."""
TABLE = PUBLIC | {"zvh_procesregisseur"}
OTHER = "een-ander"


def _bench(
    kind: str, regime: str | None, body: Mapping[str, Any], *, relation: str | None, role: str | None, seat: bool
) -> Bench:
    by = Recorder("derde-partij", "college", "u")
    found = [Record("a", kinds.AANMELDING, AT, by, {})]
    seated = "ik" if seat else "nog-een-ander"
    found.append(Record("i", kinds.INVOLVED, AT, by, {"partner": seated, "valid_from": AT, "valid_until": None}))
    if regime is not None:
        found.append(Record("r", kinds.REGIME, AT, by, {"regime": regime}))
    if relation is not None:
        found.append(Record("b", kinds.RELATION, AT, by, {"partner": "ik", "relation": relation}))
    return Bench("ik", PartnerKind(kind), role, dossier_of(found), AT, body)


def _who(
    record: str, body: Mapping[str, Any] | None = None, *, regime: str | None = "wgs_zvh", relation: str | None = None,
    role: str | None = "regiebehandelaar", seat: bool = True,
) -> set[str]:  # fmt: skip
    rule = RULES[BY_KIND[record].rule]
    full = {"partner": OTHER, **(body or {})}
    return {kind for kind in ALL if rule(_bench(kind, regime, full, relation=relation, role=role, seat=seat))}


LEADS = {
    "wgs_zvh": TABLE,
    "wvggz": {"college", "om", "geneesheer_directeur", "burgemeester"},
    "wzd": {"college", "om", "vg_lvb", "burgemeester"},
    "zorgteam": CARE,
    "wmo_lokaal": {"college"},
    "oov": {"burgemeester"},
    "toestemming": set[str](),
    None: set[str](),
}


@pytest.mark.parametrize("regime", [*Regime, None])
@pytest.mark.parametrize("record", [kind.kind for kind in KINDS if kind.rule == "lead"])
def test_who_leads_records_phase_involvement_and_the_like(record: str, regime: str | None) -> None:
    assert _who(record, regime=regime) == LEADS[regime]


@pytest.mark.parametrize("record", [kind.kind for kind in KINDS if kind.rule == "lead"])
def test_who_was_put_out_of_the_casus_leads_it_no_more(record: str) -> None:
    assert _who(record, seat=False) == set()


def _leading(phase: str, triage: str | None, involved: str | None, *, ended: bool = False) -> set[str]:
    """Who of `triage` and `involved` leads in a phase."""
    by = Recorder("aanmelder", "college", "u")
    found = [Record("a", kinds.AANMELDING, AT, by, {}), Record("r", kinds.REGIME, AT, by, {"regime": "wgs_zvh"}),
             Record("p", kinds.PHASE, AT, by, {"phase": phase})]  # fmt: skip
    for kind, partner in ((kinds.TRIAGE, triage), (kinds.INVOLVED, involved)):
        if partner is not None:
            body = {"partner": partner, "valid_from": AT, "valid_until": None}
            found.append(Record(kind, kind, AT, by, body))
    if ended:
        found.append(Record("e", "beeindiging", AT, by, {}, ends=kinds.INVOLVED))
    every = {"aanmelder", *filter(None, (triage, involved))}
    return {one for one in every if RULES["lead"](Bench(one, PartnerKind.POLITIE, None, dossier_of(found), AT, {}))}


@pytest.mark.parametrize("phase", ["aangemeld", "triage", "afgewezen"])
def test_before_admission_the_triage_group_leads(phase: str) -> None:
    assert _leading(phase, "triage", "betrokken") == {"triage"}
    # Opened again after a time without a triage group: those involved judge anew.
    assert _leading(phase, None, "betrokken") == {"betrokken"}


@pytest.mark.parametrize("phase", ["toegelaten", "traject", "opgeschaald", "afgeschaald", "afgesloten", "afgeschermd"])
def test_after_admission_only_those_involved_lead(phase: str) -> None:
    assert _leading(phase, "triage", "betrokken") == {"betrokken"}
    assert _leading(phase, "triage", "betrokken", ended=True) == set()
    # Admitted before anybody was involved: who judged it invites them.
    assert _leading(phase, "triage", None) == {"triage"}


def test_before_a_regime_is_chosen_the_aanmelder_leads() -> None:
    by = Recorder("ik", "woningcorporatie", "u")
    bench = Bench(
        "ik", PartnerKind.WONINGCORPORATIE, None, dossier_of([Record("a", kinds.AANMELDING, AT, by, {})]), AT, {}
    )
    assert RULES["lead"](bench)


@pytest.mark.parametrize("record", ["informering", "uavg41"])
def test_the_contact_point_or_who_leads_tells_the_betrokkene(record: str) -> None:
    assert _who(record, regime="zorgteam") == CARE | {"college", "burgemeester"}


BASES = {
    "wgs": PUBLIC, "derde": PUBLIC, "wg27": PUBLIC, "toezicht": PUBLIC, "avg15": {"college", "burgemeester"},
    "wmo": {"college"}, "wpg18": {"politie"}, "wpg20_3": {"politie"}, "wjsg39fa": {"om", "dji"},
    "wv30": CARE, "wz01": CARE, "wv11": {"geneesheer_directeur", "ggz"}, "wv29": {"geneesheer_directeur"},
    "wv03": {"college"}, "wv08": {"om", "politie"}, "wv23": {"burgemeester", "om"}, "wz07": {"om"},
    "avg6a": set[str](), "uavg30.3a": set[str](), "huur": set[str](), "zv01": set[str](),
}  # fmt: skip


@pytest.mark.parametrize("basis", sorted(BASES))
def test_who_records_a_basis_for_another(basis: str) -> None:
    assert _who("grondslag", {"basis": basis}) == BASES[basis]


@pytest.mark.parametrize("basis", ["wv30", "wz01", "wv11"])
def test_nobody_gives_himself_what_opens_anothers_secret(basis: str) -> None:
    assert _who("grondslag", {"basis": basis, "partner": "ik"}) == set()


EXCEPTIONS = ("gh_wettelijke_plicht", "gh_wettelijk_recht", "gh_goed_hulpverlenerschap")


@pytest.mark.parametrize("role", ["secretariaat", "crisisdienst", "verpleegkundige", None])
@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_the_secret_of_care_is_lifted_by_who_treats_alone(exception: str, role: str | None) -> None:
    assert _who("geheimuitzondering", {"exception": exception}) == ALL
    assert _who("geheimuitzondering", {"exception": exception}, role=role) == ALL - CARE


@pytest.mark.parametrize("basis", [one for one in sorted(BASES) if one.startswith(("wv", "wz"))])
def test_a_basis_that_lifts_the_secret_of_care_is_recorded_by_who_treats_alone(basis: str) -> None:
    assert _who("grondslag", {"basis": basis}, role="secretariaat") == BASES[basis] - CARE


@pytest.mark.parametrize("record", kinds.CONSENT_KINDS)
def test_consent_and_refusal_are_the_treating_professionals(record: str) -> None:
    assert _who(record, relation="behandelt") >= CARE
    assert _who(record, relation=None) & CARE == set()
    assert _who(record, relation="behandelt", role="receptie") & CARE == set()
    assert _who(record, relation="behandelt", role=None) & CARE == set()


RELATIONS = {
    "behandelt": set[str](), "zorgverantwoordelijke": {"geneesheer_directeur"}, "wmo_opdracht": {"college"},
    "houdt_toezicht": {"om"}, "detentie": {"om"}, "verhuurt": TABLE, "verzekert": TABLE,
    "naaste": TABLE, "vertegenwoordigt": TABLE,
}  # fmt: skip


@pytest.mark.parametrize("relation", sorted(RELATIONS))
def test_who_records_a_relation_of_another(relation: str) -> None:
    assert _who("relatie", {"relation": relation}) == RELATIONS[relation]


def test_who_records_his_own_relation() -> None:
    own = {"partner": "ik"}
    assert _who("relatie", {"relation": "behandelt", **own}) == CARE
    assert _who("relatie", {"relation": "wmo_opdracht", **own}) == {"college"}
    assert _who("relatie", {"relation": "zorgverantwoordelijke", **own}) == {"geneesheer_directeur", "ggz"}


def test_procedures_titles_and_emergencies() -> None:
    assert _who("procedure", {"law": "wvggz"}) == LEADS["wvggz"]
    assert _who("procedure", {"law": "wzd"}) == LEADS["wzd"]
    assert _who("afwezigheid") == {"geneesheer_directeur"}
    assert _who("afwezigheid", relation="zorgverantwoordelijke") == CARE
    assert _who("nood", {"emergency": "vitaal_belang"}) == CARE
    assert _who("nood", {"emergency": "conflict_van_plichten"}) == ALL - {"naaste", "betrokkene"}
    assert _who("vertegenwoordiging", relation="behandelt") == CARE | {"college", "burgemeester"}
    assert _who("vertegenwoordiging") == {"college", "burgemeester"}


def test_every_kind_is_held_against_a_rule_here() -> None:
    held = {"lead", "contact", "relation", "procedure", "title", "basis", "treating", "representation", "emergency"}
    assert {kind.rule for kind in KINDS} <= held | {"source", "second"}
