"""The decision cache: keyed by all that a decision depends on, and never used past a date in the facts."""

import copy
import re
from collections.abc import Mapping
from typing import Any

import pytest

from hub.errors import EngineUnavailable
from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.cache import DecisionCache
from hub.pdp.canonical import canonical, canonical_bytes
from hub.pdp.embedded import Bounds, EmbeddedEngine
from hub.pdp.pdp import NoPolicy, PolicyDecisionPoint
from tests.policy.facts import document
from tests.unit.pdp.facts import Facts, example
from tests.unit.pdp.test_document import ANSWER, REVISION


class CountingEngine:
    """Gives one answer, and counts how often it was asked."""

    def __init__(self, answer: object = ANSWER) -> None:
        self.revision = REVISION
        self.answered = answer
        self.asked = 0

    def answer(self, facts: bytes) -> object:
        assert facts
        self.asked += 1
        return copy.deepcopy(self.answered)


def decided(engine: CountingEngine, cache: DecisionCache, *documents: Facts) -> int:
    """How often the engine was asked for `documents`."""
    pdp = PolicyDecisionPoint(engine, cache)
    for one in documents:
        pdp.decide(one)
    return engine.asked


def changed(**top: Any) -> Facts:
    return {**example(), **top}


def test_the_same_facts_are_decided_once() -> None:
    cache = DecisionCache()
    assert decided(CountingEngine(), cache, example(), example()) == 1
    assert cache.counts == (2, 1)


def test_another_moment_or_user_with_the_same_rights_changes_nothing() -> None:
    later = changed(at="2026-11-23T10:00:00+01:00")
    other = example()
    other["user"]["id"] = "u-18"
    assert decided(CountingEngine(), DecisionCache(), example(), later, other) == 1


@pytest.mark.parametrize("at", ["2027-01-10T11:00:00Z", "2026-11-22T08:59:59.999999Z"])
def test_a_decision_does_not_hold_from_its_valid_until_on_nor_before_it_was_made(at: str) -> None:
    engine = CountingEngine()
    pdp = PolicyDecisionPoint(engine, DecisionCache())
    pdp.decide(example())
    engine.answered = {**ANSWER, "valid_until": None}
    pdp.decide(changed(at=at))
    assert engine.asked == 2


def test_a_withdrawal_counts_at_the_next_request() -> None:
    withdrawn = example()
    withdrawn["consents"][0]["withdrawn_at"] = "2026-11-22T10:00:00+01:00"
    assert decided(CountingEngine(), DecisionCache(), example(), withdrawn) == 2


@pytest.mark.parametrize("attribute", ["designated", "screened", "trained", "bound_to_secrecy", "role"])
def test_every_attribute_of_the_user_is_in_the_key(attribute: str) -> None:
    other = example()
    other["user"][attribute] = None
    assert decided(CountingEngine(), DecisionCache(), example(), other) == 2


def test_another_revision_is_another_key() -> None:
    cache = DecisionCache()
    engine = CountingEngine()
    decided(engine, cache, example())
    engine.revision = "sha256:" + "1" * 64
    engine.answered = {**ANSWER, "policy_revision": engine.revision}
    assert decided(engine, cache, example()) == 2


def test_it_can_be_switched_off_and_is_bounded() -> None:
    assert decided(CountingEngine(), DecisionCache(0), example(), example()) == 2
    one = DecisionCache(1)
    other = example()
    other["casus"]["subject_age"] = 35
    assert decided(CountingEngine(), one, example(), other, example()) == 3


def test_an_engine_that_fails_is_asked_again_and_not_ready() -> None:
    engine = CountingEngine({"allow": True})
    pdp = PolicyDecisionPoint(engine, DecisionCache())
    for _ in range(2):
        with pytest.raises(EngineUnavailable):
            pdp.decide(example())
    assert engine.asked == 2
    assert pdp.ready()


def test_an_engine_that_refuses_the_probe_is_ready() -> None:
    refused: Mapping[str, Any] = {
        "allow": False,
        "released": [],
        "refusals": [{"field": "*", "source": None, "code": "E_REGIME", "about": "request", "law": []}],
        "obligations": [],
        "conceal": True,
        "valid_until": None,
        "policy_revision": REVISION,
    }
    assert PolicyDecisionPoint(CountingEngine(refused)).ready() is None


def test_without_a_policy_everything_is_refused() -> None:
    pdp = NoPolicy()
    assert pdp.ready()
    with pytest.raises(EngineUnavailable):
        pdp.decide(example())


def test_no_rule_names_the_id_of_a_user() -> None:
    """The cache leaves `user.id` out of its key: the policy may not look at it, nor pass the input on as a whole."""
    rules = [path for path in default_directory().rglob("*.rego") if not path.name.endswith("_test.rego")]
    text = "\n".join(re.sub(r"#.*", "", path.read_text(encoding="utf-8")) for path in rules)
    assert "input.user" in text
    assert not re.search(r"\buser(\.id\b|\[\"id\"\])", text)
    assert not re.search(r"\binput\b(?!\.)", text)


def test_who_the_user_is_changes_no_decision() -> None:
    engine = EmbeddedEngine(read_bundle(default_directory()), Bounds(seconds=10))
    for seed in range(100):
        facts = canonical(document(seed))
        before = engine.answer(canonical_bytes(facts))
        facts["user"]["id"] = facts["partner"]["id"]
        assert engine.answer(canonical_bytes(facts)) == before
