"""The decision document is checked to the letter, and against the facts: any fault refuses everything."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from hub.errors import EngineUnavailable
from hub.pdp.canonical import canonical
from hub.pdp.document import checked, document_of
from tests.unit.pdp.facts import Facts, example

REVISION = "sha256:" + "0" * 64
FIELD, SOURCE = "politie_mutaties_samenvatting", "pol-1"

ANSWER: Facts = {
    "allow": True,
    "released": [
        {"field": FIELD, "source": SOURCE, "level": "sam", "legal_basis": "lb-1", "secrecy_exception": None}
    ],
    "refusals": [
        {"field": "diagnose_dsm", "source": None, "code": "E_GEEN_GEGEVEN", "about": "record", "law": ["avg5"]}
    ],
    "obligations": [
        {"type": "log_dataverwerking"},
        {"type": "inform_betrokkene", "within": "P1M"},
        {"type": "expires_at", "at": "2027-01-10T11:00:00.000000Z", "fields": [FIELD]},
    ],
    "conceal": False,
    "valid_until": "2027-01-10T11:00:00.000000Z",
    "policy_revision": REVISION,
}  # fmt: skip

REFUSED_WHOLE = {
    "allow": False,
    "released": [],
    "refusals": [{"field": "*", "source": None, "code": "E_DOEL", "about": "request", "law": []}],
    "obligations": [],
    "conceal": True,
    "valid_until": None,
    "policy_revision": REVISION,
}


def facts() -> Facts:
    return canonical(example())


def test_a_sound_answer_is_taken_and_can_be_written_again() -> None:
    decision = checked(copy.deepcopy(ANSWER), facts(), REVISION)
    assert decision.allow
    assert document_of(decision) == ANSWER


def test_a_refusal_of_the_whole_request_is_taken() -> None:
    decision = checked(copy.deepcopy(REFUSED_WHOLE), facts(), REVISION)
    assert document_of(decision) == REFUSED_WHOLE


Change = Callable[[Facts], Any]
FAULTS: dict[str, Change] = {
    "another revision": lambda a: a.update(policy_revision="sha256:" + "1" * 64),
    "unknown key": lambda a: a.update(extra=1),
    "missing key": lambda a: a.pop("conceal"),
    "allow is no flag": lambda a: a.update(allow=1),
    "allow without release": lambda a: a.update(released=[], obligations=[]),
    "release without allow": lambda a: a.update(allow=False),
    "concealed release": lambda a: a.update(conceal=True),
    "valid until now": lambda a: a.update(valid_until="2026-11-22T09:00:00.000000Z"),
    "valid until in another form": lambda a: a.update(valid_until="2027-01-10T12:00:00+01:00"),
    "release list is an object": lambda a: a.update(released={}),
    "release has an unknown key": lambda a: a["released"][0].update(value="x"),
    "release lacks a key": lambda a: a["released"][0].pop("secrecy_exception"),
    "release of a field that was not asked": lambda a: a["released"][0].update(field="bsn"),
    "release of a record that is not there": lambda a: a["released"][0].update(source="pol-2"),
    "release without a source": lambda a: a["released"][0].update(source=None),
    "release at an unknown level": lambda a: a["released"][0].update(level="geen"),
    "release as a number of too few": lambda a: a["released"][0].update(level="agg"),
    "release without a basis": lambda a: a["released"][0].update(legal_basis=None),
    "release on an empty basis": lambda a: a["released"][0].update(legal_basis=""),
    "release on an unknown basis": lambda a: a["released"][0].update(legal_basis="lb-2"),
    "release on an unknown exception": lambda a: a["released"][0].update(secrecy_exception="se-2"),
    "release twice": lambda a: a["released"].append(a["released"][0]),
    "release beside its own refusal": lambda a: a["refusals"].append(
        {"field": FIELD, "source": SOURCE, "code": "E_BRON", "about": "record", "law": []}
    ),
    "release beside a refusal of everything": lambda a: a["refusals"].extend(REFUSED_WHOLE["refusals"]),
    "field without an answer": lambda a: a.update(refusals=[]),
    "record without an answer": lambda a: a.update(released=[], allow=False, obligations=[]),
    "refusal of a field that was not asked": lambda a: a["refusals"][0].update(field="bsn"),
    "refusal with an unknown code": lambda a: a["refusals"][0].update(code="E_ONBEKEND"),
    "refusal about something else": lambda a: a["refusals"][0].update(about="partner"),
    "refusal with a law that is no text": lambda a: a["refusals"][0].update(law=[1]),
    "refusal that is a text": lambda a: a["refusals"].append("E_DOEL"),
    "no duty at all": lambda a: a.update(obligations=[]),
    "duty to log left out": lambda a: a["obligations"].pop(0),
    "unknown duty": lambda a: a["obligations"].append({"type": "sing"}),
    "duty with an unknown key": lambda a: a["obligations"][0].update(to="x"),
    "duty in an unknown term": lambda a: a["obligations"][1].update(within="P2M"),
    "duty on a field that is not released": lambda a: a["obligations"][2].update(fields=["diagnose_dsm"]),
    "duty without a type": lambda a: a["obligations"].append({"within": "P1M"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_refuses_everything(fault: str) -> None:
    answer = copy.deepcopy(ANSWER)
    FAULTS[fault](answer)
    with pytest.raises(EngineUnavailable):
        checked(answer, facts(), REVISION)


@pytest.mark.parametrize("answer", [None, [], "x", 1, True, {}, [ANSWER]])
def test_what_is_no_decision_refuses_everything(answer: object) -> None:
    with pytest.raises(EngineUnavailable):
        checked(answer, facts(), REVISION)


FACTS_THAT_SHUT: dict[str, Change] = {
    "the source wrote no summary": lambda f: f["records"][0].update(levels=["vol"]),
    "the source wrote nothing": lambda f: f["records"][0].update(levels=[]),
    "the basis is another partner's": lambda f: f["legal_bases"][0].update(partner="pol-1"),
    "the basis has yet to start": lambda f: f["legal_bases"][0].update(valid_from="2026-11-22T09:00:00.000001Z"),
    "the basis has just ended": lambda f: f["legal_bases"][0].update(valid_until=f["at"]),
    "the partner cannot carry out a duty": lambda f: f["partner"].update(fulfils=["log_dataverwerking"]),
    "another source's record has no answer": lambda f: f["records"].append({**f["records"][0], "source": "pol-2"}),
    "there are two such records": lambda f: f["records"].append(f["records"][0]),
}


@pytest.mark.parametrize("change", FACTS_THAT_SHUT)
def test_an_answer_that_the_facts_do_not_bear_refuses_everything(change: str) -> None:
    known = example()
    FACTS_THAT_SHUT[change](known)
    with pytest.raises(EngineUnavailable):
        checked(copy.deepcopy(ANSWER), canonical(known), REVISION)


def test_an_own_record_may_leave_beside_a_reason_about_its_field() -> None:
    answer = copy.deepcopy(ANSWER)
    answer["refusals"].append({"field": FIELD, "source": None, "code": "E_PLAFOND", "about": "field", "law": []})
    assert checked(answer, facts(), REVISION).allow


def test_a_number_of_ten_persons_may_leave_whatever_the_source_wrote() -> None:
    known, answer = example(), copy.deepcopy(ANSWER)
    known["casus"]["group_size"] = 10
    known["records"][0]["levels"] = []
    answer["released"][0]["level"] = "agg"
    assert checked(answer, canonical(known), REVISION).allow


def test_of_everything_that_was_asked_only_what_is_there_can_leave() -> None:
    known = example()
    known["requested"] = ["*"]
    assert checked(copy.deepcopy(ANSWER), canonical(known), REVISION).allow
