"""An engine's answer is checked to the letter, and against the facts: any fault refuses everything."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from hub.errors import EngineUnavailable
from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts as CanonicalFacts
from hub.pdp.document import checked, decision_of, document_of
from tests.unit.pdp.facts import Facts, example

REVISION = "sha256:" + "0" * 64
FIELD, SOURCE = "politie_mutaties_samenvatting", "pol-1"

ANSWER: Facts = {
    "allow": True,
    "released": [[SOURCE, "sam", "lb-1", None, [FIELD]]],
    "refusals": [[None, "E_GEEN_GEGEVEN", "record", ["avg5"], ["diagnose_dsm"]]],
    "obligations": [
        {"type": "log_dataverwerking"},
        {"type": "inform_betrokkene", "within": "P1M"},
        {"type": "expires_at", "at": "2027-01-10T11:00:00.000000Z", "fields": [FIELD]},
    ],
    "conceal": False,
    "valid_until": "2027-01-10T11:00:00.000000Z",
    "policy_revision": REVISION,
}  # fmt: skip

DOCUMENT = {
    **ANSWER,
    "released": [{"field": FIELD, "source": SOURCE, "level": "sam", "legal_basis": "lb-1", "secrecy_exception": None}],
    "refusals": [
        {"field": "diagnose_dsm", "source": None, "code": "E_GEEN_GEGEVEN", "about": "record", "law": ["avg5"]}
    ],
}

REFUSED_WHOLE = {
    "allow": False,
    "released": [],
    "refusals": [[None, "E_DOEL", "request", [], ["*"]]],
    "obligations": [],
    "conceal": True,
    "valid_until": None,
    "policy_revision": REVISION,
}


def facts() -> CanonicalFacts:
    return canonical(example())


def test_a_sound_answer_is_taken_and_can_be_written_as_the_contract_has_it() -> None:
    decision = checked(copy.deepcopy(ANSWER), facts(), REVISION)
    assert decision.allow
    assert document_of(decision) == DOCUMENT


def test_a_refusal_of_the_whole_request_is_taken() -> None:
    decision = checked(copy.deepcopy(REFUSED_WHOLE), facts(), REVISION)
    refusal: Facts = {"field": "*", "source": None, "code": "E_DOEL", "about": "request", "law": []}
    assert document_of(decision) == {**REFUSED_WHOLE, "refusals": [refusal]}


def test_a_decision_is_told_by_field_and_source_each_reason_once_whatever_order_the_engine_gives() -> None:
    told = decision_of(
        {
            **ANSWER,
            "released": [["b", "sam", "lb-1", None, ["y", "x"]], ["a", "vol", "lb-1", "se-1", ["y"]]],
            "refusals": [
                ["b", "E_BRON", "record", [], ["z"]],
                [None, "E_DOEL", "field", ["r2"], ["z", "z"]],
                [None, "E_DOEL", "field", ["r1", "r2"], ["z"]],
                ["b", "E_BEPERKT", "record", [], ["z", "w"]],
                [None, "E_DOEL", "field", ["r2"], ["z"]],
            ],
        }
    )
    assert [tuple(one) for one in told.released] == [
        ("x", "b", "sam", "lb-1", None),
        ("y", "a", "vol", "lb-1", "se-1"),
        ("y", "b", "sam", "lb-1", None),
    ]
    assert [tuple(one) for one in told.refusals] == [
        ("w", "b", "E_BEPERKT", "record", ()),
        ("z", None, "E_DOEL", "field", ("r1", "r2")),
        ("z", None, "E_DOEL", "field", ("r2",)),
        ("z", "b", "E_BEPERKT", "record", ()),
        ("z", "b", "E_BRON", "record", ()),
    ]


@pytest.mark.parametrize(("stranger", "place"), [("a", "answer.released.source"), ("z", "answer.released.level")])
def test_of_two_faults_that_of_the_first_field_is_told(stranger: str, place: str) -> None:
    known = example()
    known["requested"] = ["*"]
    known["records"] = [{**known["records"][0], "field": field, "levels": ["sam"]} for field in ("b", "c")]
    answer = {**copy.deepcopy(ANSWER), "refusals": [], "obligations": ANSWER["obligations"][:1]}
    answer["released"] = [[SOURCE, "sam", "lb-1", None, ["c", stranger]], [SOURCE, "vol", "lb-1", None, ["b"]]]
    with pytest.raises(EngineUnavailable) as caught:
        checked(answer, canonical(known), REVISION)
    assert caught.value.place == place


Change = Callable[[Facts], Any]


def put(rows: list[list[Any]], item: int, value: object) -> None:
    """Another `value` for an item of the first row."""
    rows[0][item] = value


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
    "release has an item too many": lambda a: a["released"][0].append("x"),
    "release lacks an item": lambda a: a["released"][0].pop(3),
    "release of a field that was not asked": lambda a: put(a["released"], 4, ["bsn"]),
    "release of a record that is not there": lambda a: put(a["released"], 0, "pol-2"),
    "release without a source": lambda a: put(a["released"], 0, None),
    "release at an unknown level": lambda a: put(a["released"], 1, "geen"),
    "release as a number of too few": lambda a: put(a["released"], 1, "agg"),
    "release without a basis": lambda a: put(a["released"], 2, None),
    "release on an empty basis": lambda a: put(a["released"], 2, ""),
    "release on an unknown basis": lambda a: put(a["released"], 2, "lb-2"),
    "release on an unknown exception": lambda a: put(a["released"], 3, "se-2"),
    "release twice": lambda a: a["released"].append(a["released"][0]),
    "release of a field twice": lambda a: put(a["released"], 4, [FIELD, FIELD]),
    "release at two levels": lambda a: a["released"].append([SOURCE, "vol", "lb-1", None, [FIELD]]),
    "release of no field": lambda a: put(a["released"], 4, []),
    "release of a text of fields": lambda a: put(a["released"], 4, FIELD),
    "release of a field that is no text": lambda a: put(a["released"], 4, [1]),
    "release beside its own refusal": lambda a: a["refusals"].append([SOURCE, "E_BRON", "record", [], [FIELD]]),
    "release beside a refusal of everything": lambda a: a["refusals"].extend(REFUSED_WHOLE["refusals"]),
    "field without an answer": lambda a: a.update(refusals=[]),
    "record without an answer": lambda a: a.update(released=[], allow=False, obligations=[]),
    "refusal of a field that was not asked": lambda a: put(a["refusals"], 4, ["bsn"]),
    "refusal with an unknown code": lambda a: put(a["refusals"], 1, "E_ONBEKEND"),
    "refusal about something else": lambda a: put(a["refusals"], 2, "partner"),
    "refusal with a law that is no text": lambda a: put(a["refusals"], 3, [1]),
    "refusal with a law that is a text": lambda a: put(a["refusals"], 3, "avg5"),
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


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda a: a.update({"CANARY 999990019": 1}), "answer"),
        (lambda a: a.update({"`$.canary": 1}), "answer"),
        (lambda a: a["obligations"][0].update({"CANARY": 1}), "answer.obligations[0]"),
        (lambda a: put(a["released"], 1, "CANARY"), "answer.released[0][1]"),
    ],
)
def test_the_place_of_a_fault_repeats_nothing_of_the_answer(change: Change, place: str) -> None:
    answer = copy.deepcopy(ANSWER)
    change(answer)
    with pytest.raises(EngineUnavailable) as caught:
        decision_of(answer)
    assert caught.value.place == place


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
    answer["refusals"].append([None, "E_PLAFOND", "field", [], [FIELD]])
    assert checked(answer, facts(), REVISION).allow


def test_a_number_of_ten_persons_may_leave_whatever_the_source_wrote() -> None:
    known, answer = example(), copy.deepcopy(ANSWER)
    known["casus"]["group_size"] = 10
    known["records"][0]["levels"] = []
    put(answer["released"], 1, "agg")
    assert checked(answer, canonical(known), REVISION).allow


def test_of_everything_that_was_asked_only_what_is_there_can_leave() -> None:
    known = example()
    known["requested"] = ["*"]
    assert checked(copy.deepcopy(ANSWER), canonical(known), REVISION).allow
