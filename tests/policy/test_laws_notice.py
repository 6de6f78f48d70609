"""Each law notices what breaks it: a sound decision of a random document, spoiled in the way that the law forbids."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from hub.model.release import SAM, VOL, About, Decision, Refusal
from hub.pdp.canonical import canonical, canonical_bytes
from hub.pdp.contract import Facts
from tests.policy import laws
from tests.policy.engine import Row
from tests.policy.laws import Drawn, Law, drawn
from tests.unit.pdp.facts import plain


def _telling(one: Drawn) -> bool:
    """Another's summary is released, and something is refused."""
    me, out = one.facts["partner"]["id"], one.decision.released
    return bool(out) and out[0].level == SAM and out[0].source != me and len(one.decision.refusals) > 2


SEED = next(seed for seed in range(2_000) if _telling(drawn(seed)))


def spoiled(**changes: Any) -> Drawn:
    """The document with another decision."""
    one = drawn(SEED)
    return replace(one, decision=replace(one.decision, **changes))


def first(**changes: Any) -> Drawn:
    """The document with its first release changed."""
    one, *rest = drawn(SEED).decision.released
    return spoiled(released=(one._replace(**changes), *rest))


WHOLE = Refusal(field="*", source=None, code="E_DOEL", about=About.REQUEST, law=())
BROKEN: dict[str, tuple[Law, Drawn]] = {
    "neither released nor refused": (laws.LAWS[0], spoiled(refusals=())),
    "a field that was not asked": (laws.LAWS[0], first(field="geloof")),
    "released beside a refusal of the whole": (laws.LAWS[1], spoiled(refusals=(WHOLE,))),
    "a level above": (laws.LAWS[3], first(level=VOL)),
    "a basis that is none": (laws.LAWS[4], first(legal_basis="lb-none")),
    "a release without a duty": (laws.LAWS[5], spoiled(obligations=())),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_decision_that_breaks_a_law_is_noticed(how: str) -> None:
    law, one = BROKEN[how]
    assert list(law(drawn(SEED))) == []
    assert list(law(one)) != []


def test_a_fact_less_that_opens_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, asked = drawn(SEED), iter([False])

    def decided(changed: Row, _both: bool = False, **_: Any) -> tuple[Facts, Decision]:
        return canonical(changed), whole.decision if next(asked, True) else replace(whole.decision, released=())

    monkeypatch.setattr(laws, "_decided", decided)
    assert list(laws.law_3_taking_away_a_fact_opens_nothing(whole)) != []


def test_an_answer_out_of_shape_that_counts_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.pdp.pdp.checked", lambda *_: drawn(SEED).decision)
    assert "a key lacks" in list(laws.law_7_an_engine_that_errs_has_refused_everything(drawn(SEED)))


def test_words_that_reach_the_policy_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def verbose(changed: Row) -> Any:
        facts = plain(canonical(changed)) | {"said": [row["reason"] for row in changed["legal_bases"]]}
        return SimpleNamespace(text=canonical_bytes(facts))

    monkeypatch.setattr(laws, "canonical", verbose)
    assert list(laws.law_9_no_value_and_no_words_reach_the_policy(drawn(SEED))) != []


def test_a_record_that_shows_in_a_reason_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = next(found for found in map(drawn, range(200)) if list(laws._without_shut_records(found)))
    honest = laws._decided

    def decided(changed: Row, both: bool) -> tuple[Facts, Decision]:
        facts, decision = honest(changed, both)
        told = Refusal(field=facts["requested"][0], source=None, code="E_NIET_NODIG", about=About.FIELD, law=())
        return facts, replace(decision, refusals=(*decision.refusals, told))

    assert list(laws.law_10_a_record_that_is_not_released_changes_no_byte_that_is_told(one)) == []
    monkeypatch.setattr(laws, "_decided", decided)
    assert list(laws.law_10_a_record_that_is_not_released_changes_no_byte_that_is_told(one)) != []
