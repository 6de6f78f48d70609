"""Deciding the situations: on one process or more, each of its own facts once, and every document of a sound shape."""

import signal
from dataclasses import replace

import pytest

from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.canonical import canonical
from hub.policy.compare import deciding
from hub.policy.compare.deciding import Decider, Task, compared
from hub.policy.compare.facts import FIXED
from hub.policy.compare.laws import Laws
from hub.policy.compare.situations import Space

OWN = read_bundle(default_directory())
FEW = Task(OWN, OWN, frozenset({"ander_samenwerkingsverband"}), frozenset({"D02"}))
LAWLESS = {
    **OWN.reference,
    "hub": {
        **OWN.reference["hub"],
        "tables": {
            **OWN.reference["hub"]["tables"],
            "codes": {
                "rows": {
                    code: {"law": [], "request": False} for code in OWN.reference["hub"]["tables"]["codes"]["rows"]
                }
            },
        },
    },
}


def test_more_processes_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    task = replace(FEW, new=replace(OWN, reference=LAWLESS), variants=(OWN,))
    heard: list[tuple[int, int]] = []
    alone = compared(task, lambda *done: heard.append(done))
    assert heard[-1] == (len(task.space().situations), len(task.space().situations))
    assert alone.differing
    assert alone.effective == {0}
    monkeypatch.setattr(deciding, "_ALONE", 0)
    together = compared(task, lambda *_: None)
    assert (together.differing, together.effective) == (alone.differing, alone.effective)


def test_identical_facts_are_decided_once() -> None:
    decider = Decider(FEW)
    assert decider.run([0, 0, 0]).decided == 1
    assert decider.run([0]).decided == 0


def test_a_change_that_is_not_worked_out_is_not_called_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "_TRIES", 0)
    found = compared(replace(FEW, new=replace(OWN, reference=LAWLESS), variants=(OWN,)), lambda *_: None)
    assert (found.effective, found.untried) == (set(), {0})


def test_every_situation_has_facts_of_the_contract_and_words_of_its_own() -> None:
    space = Space(Laws(OWN, OWN))
    shown = space.situations[::97]
    for situation in shown:
        facts = canonical(situation.document(space.laws))
        assert facts["partner"]["kind"] == situation.actor.kind
        assert {field for row in facts["rows"] for field in row["fields"]} == set(space.laws.sources)
    told = {
        (one.actor.words, one.purpose, one.regime, one.ground, one.if_words, *(dev.consent for dev in one.otherwise))
        for one in space.situations
    }
    assert len(told) == len(space.situations)


def test_the_space_meets_every_kind_purpose_regime_and_word_of_the_ceilings() -> None:
    space = Space(Laws(OWN, OWN))
    tables = OWN.reference["hub"]["tables"]
    assert {one.actor.kind for one in space.situations} == set(tables["partners"]["rows"])
    assert {one.purpose for one in space.situations} == set(tables["need"]["levels"])
    assert {one.regime for one in space.situations} == {*tables["regimes"]["rows"], None}
    words = {word for row in tables["partners"]["rows"] for word in space.laws.opening(row)}
    met = {word for one in space.situations for word in one.ground.words.replace("cvp van", "cvp").split()}
    articles = {"wvggz", "wzd"}  # each by the articles that name the partner
    assert words - articles - {"wjsg"} <= met | {"derde"}
    assert set(tables["articles"]["rows"]) <= met
    assert 10_000 < len(space.situations) < 25_000


def test_what_is_held_fixed_is_told() -> None:
    assert len(FIXED) == len(set(FIXED)) > 5


def test_an_interruption_is_left_to_who_started_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "Decider", lambda task: task)
    monkeypatch.setattr(deciding, "_own", [])
    before = signal.getsignal(signal.SIGINT)
    try:
        deciding._begin(Task.__new__(Task))
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
