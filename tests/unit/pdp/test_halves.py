"""Canonical facts come apart in what looks share and the question, and nothing is lost between the halves."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import ShapeError
from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts
from hub.pdp.halves import opened_half, reunited, shared_half
from tests.policy.facts import document
from tests.unit.pdp.facts import EMERGENCY, example, plain

QUESTION = ("at", "action", "started_by", "purpose", "requested", "user")


def question(facts: Facts) -> dict[str, Any]:
    told = plain(facts)
    return {key: told[key] for key in QUESTION}


@settings(max_examples=300, deadline=None)
@given(st.integers(min_value=0, max_value=10**9))
def test_both_halves_together_are_the_facts(seed: int) -> None:
    facts = canonical(document(seed))
    half = opened_half(shared_half(facts))
    # One half is opened once for many questions: deciding leaves it as it is.
    for _ in range(2):
        assert canonical(reunited(half, question(facts))).text == facts.text


def test_what_is_derived_is_derived_again() -> None:
    facts = canonical({**example(), "emergency": EMERGENCY})
    assert facts["emergency"]["ends_at"]
    assert facts["consents"][0]["expires_at"]
    assert canonical(reunited(opened_half(shared_half(facts)), question(facts))).text == facts.text


def test_the_first_half_is_the_same_for_every_question_and_another_for_another_casus() -> None:
    first = canonical(example())
    asked = {**example(), "purpose": "D03", "requested": ["naam"], "at": "2026-11-23T10:00:00Z", "action": "zoeken",
             "started_by": "x", "user": {"id": "another"}}  # fmt: skip
    assert shared_half(canonical(asked)) == shared_half(first)
    changes: tuple[dict[str, Any], ...] = (
        {"casus": {**example()["casus"], "phase": "triage"}},
        {"records": []},
        {"consents": []},
    )
    for change in changes:
        assert shared_half(canonical({**example(), **change})) != shared_half(first), change


@pytest.mark.parametrize("half", [b"", b"{}", b'{"rows": []}'])
def test_what_is_no_half_is_refused(half: bytes) -> None:
    with pytest.raises((ValueError, KeyError, ShapeError)):
        canonical(reunited(opened_half(half), question(canonical(example()))))
