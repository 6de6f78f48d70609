"""The example decisions of the law reference (4.8), by the policy and by the oracle alike."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts
from tests.policy.documents import Row, basis, consent, police_supply, record, request
from tests.policy.engine import answer
from tests.policy.oracle import decide
from tests.policy.reading.catalogue import FIELDS

Decide = Callable[[Row], Row]


@pytest.fixture(params=[answer, decide], ids=["policy", "oracle"])
def decided(request: Any) -> Decide:
    engine: Callable[[Facts], Row] = request.param
    return lambda document: engine(canonical(document))


def codes(decision: Row, field: str) -> set[str]:
    return {refusal["code"] for refusal in decision["refusals"] if refusal["field"] in (field, "*")}


def released(decision: Row) -> dict[str, str]:
    return {row["field"]: row["level"] for row in decision["released"]}


def test_t01_a_housing_corporation_never_gets_a_diagnosis(decided: Decide) -> None:
    me = "woningcorporatie-1"
    facts = request("woningcorporatie", "D07", ["diagnose_dsm"], action="verstrekken", started_by="college-1")
    facts["partner"] |= {
        "standing": "derde",
        "relations": ["verhuurt"],
        "secrecy_statement_until": "2028-01-01T00:00:00Z",
    }
    facts["records"] = [record("diagnose_dsm", "ggz-2", "ggz", supplier_agreed=True)]
    facts["legal_bases"] = [basis("derde", me, "D07", rac_ref="RAC-1"), basis("huur", me, "D07")]
    facts["consents"] = [consent("ggz-2", me, "D07")]
    decision = decided(facts)
    assert not decision["allow"]
    assert "E_NOOIT" in codes(decision, "diagnose_dsm")


def test_t05_police_gets_approach_advice_with_consent(decided: Decide) -> None:
    facts = request("politie", "D04", ["bejegeningsadvies"])
    facts["records"] = [record("bejegeningsadvies", "ggz-2", "ggz")]
    facts["legal_bases"] = [basis("wgs", "politie-1", "D04")]
    facts["consents"] = [consent("ggz-2", "politie-1", "D04")]
    decision = decided(facts)
    assert released(decision) == {"bejegeningsadvies": "sam"}
    assert decision["released"][0]["secrecy_exception"] == "co-1"


def test_t09_a_care_provider_gets_the_police_summary(decided: Decide) -> None:
    facts = request("ggz", "D02", ["politie_mutaties_samenvatting"])
    facts["records"] = [record("politie_mutaties_samenvatting", "politie-1", "politie", wpg=police_supply("ggz-1"))]
    facts["legal_bases"] = [basis("wgs", "ggz-1", "D02")]
    assert released(decided(facts)) == {"politie_mutaties_samenvatting": "sam"}


def _pull(treating: bool, with_15a: bool) -> Row:
    """verslavingszorg pulls medication from ggz in a treatment network, with the consent of the betrokkene."""
    me, purpose = "verslavingszorg-1", "D05"
    facts = request("verslavingszorg", purpose, ["medicatie_actueel"])
    facts["casus"]["regime"] = "zorgteam"
    facts["partner"]["relations"] = ["behandelt"] if treating else []
    shared = [me] if treating else []
    facts["records"] = [record("medicatie_actueel", "ggz-2", "ggz", regime="zorgteam", treating_with=shared)]
    facts["legal_bases"] = [basis("avg6b", me, purpose)]
    facts["consents"] = [consent("ggz-2", me, purpose)]
    if with_15a:
        facts["consents"].append(consent("ggz-2", me, purpose, id="co-15a", kind="toestemming_15a"))
    return facts


def test_t12_a_pull_between_care_providers_needs_its_own_consent(decided: Decide) -> None:
    decision = decided(_pull(treating=False, with_15a=False))
    assert not decision["allow"]
    assert codes(decision, "medicatie_actueel") == {"E_15A"}


def test_t13_with_it_and_a_treatment_role_all_is_released_and_logged(decided: Decide) -> None:
    decision = decided(_pull(treating=True, with_15a=True))
    assert released(decision) == {"medicatie_actueel": "vol"}
    assert decision["released"][0]["secrecy_exception"] == "gh_rechtstreeks_betrokken"
    assert {"type": "log_nen7513"} in decision["obligations"]


def test_t18_a_consent_withdrawn_yesterday_no_longer_opens(decided: Decide) -> None:
    facts = request("casusregisseur", "D08", ["depot_status"])
    facts["partner"]["employer_kind"] = "college"
    facts["records"] = [record("depot_status", "ggz-2", "ggz")]
    facts["legal_bases"] = [basis("wgs", "casusregisseur-1", "D08")]
    facts["consents"] = [consent("ggz-2", "casusregisseur-1", "D08", groups=["depot_status"])]
    assert released(decided(facts)) == {"depot_status": "hit"}
    facts["consents"][0]["withdrawn_at"] = "2027-01-09T12:00:00+01:00"
    decision = decided(facts)
    assert not decision["allow"]
    assert codes(decision, "depot_status") == {"E_TOESTEMMING", "E_BEROEPSGEHEIM"}


def test_t23_the_betrokkene_sees_all_but_who_reported_him(decided: Decide) -> None:
    facts = request("betrokkene", "D11", ["*"])
    facts["partner"]["standing"] = "betrokkene"
    facts["records"] = [record(key, "college-1", "college") for key in FIELDS]
    facts["legal_bases"] = [basis("avg15", "betrokkene-1", "D11")]
    decision = decided(facts)
    elsewhere = {key for key, field in FIELDS.items() if field.group in ("G10", "G11", "G12")}
    assert set(released(decision)) == set(FIELDS) - elsewhere - {"melder_gegevens"}
    assert codes(decision, "melder_gegevens") == {"E_MELDER"}
    assert {refusal["code"] for refusal in decision["refusals"]} == {"E_MELDER", "E_PLAFOND"}
    assert {"type": "via_provider"} in decision["obligations"]


def test_t30_vital_interest_is_not_for_who_could_consent(decided: Decide) -> None:
    facts = request("ggz", "D04", ["medicatie_actueel"], action="verstrekken", started_by="ggz-2")
    facts["records"] = [record("medicatie_actueel", "ggz-2", "ggz")]
    facts["legal_bases"] = [basis("wgs", "ggz-1", "D04")]
    facts["emergency"] = {
        "kind": "vitaal_belang",
        "source": "ggz-1",
        "source_kind": "ggz",
        "receivers": ["ggz-1"],
        "purposes": ["D04"],
        "fields": ["medicatie_actueel"],
        "reason": "bewusteloos",
        "second_professional": None,
        "started_at": "2027-01-10T11:00:00+01:00",
        "unable_to_consent": False,
    }
    decision = decided(facts)
    assert not decision["allow"]
    assert "E_VITAAL" in codes(decision, "medicatie_actueel")
    assert "E_NOOD" not in codes(decision, "medicatie_actueel")
    facts["emergency"]["unable_to_consent"] = True
    decision = decided(facts)
    assert released(decision) == {"medicatie_actueel": "sam"}
    assert decision["released"][0]["secrecy_exception"] == "emergency"
