"""The decision point around an engine: it refuses when the engine does, and no rule looks at who the user is."""

import copy
import re
from collections.abc import Mapping
from typing import Any

import pytest

from hub.errors import EngineUnavailable
from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.canonical import canonical, canonical_bytes
from hub.pdp.embedded import Bounds, EmbeddedEngine
from hub.pdp.pdp import NoPolicy, PolicyDecisionPoint
from tests.policy.facts import document
from tests.unit.pdp.facts import example, plain
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


def test_an_engine_that_fails_is_asked_again_and_not_ready() -> None:
    engine = CountingEngine({"allow": True})
    pdp = PolicyDecisionPoint(engine)
    for _ in range(2):
        with pytest.raises(EngineUnavailable):
            pdp.decide(example())
    assert engine.asked == 2
    assert pdp.ready()


def test_an_engine_that_refuses_the_probe_is_ready() -> None:
    refused: Mapping[str, Any] = {
        "allow": False,
        "released": [],
        "refusals": [[None, "E_REGIME", "request", [], ["*"]]],
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
    """The cache of decisions leaves `user.id` out of its key: the policy may not look at it, nor pass the input on."""
    rules = [path for path in default_directory().rglob("*.rego") if not path.name.endswith("_test.rego")]
    text = "\n".join(re.sub(r"#.*", "", path.read_text(encoding="utf-8")) for path in rules)
    assert "input.user" in text
    assert not re.search(r"\buser(\.id\b|\[\"id\"\])", text)
    # To judge a made-up request instead is not to pass this one on.
    assert not re.search(r"(?<!with )\binput\b(?!\.)", text)


def test_who_the_user_is_changes_no_decision() -> None:
    engine = EmbeddedEngine(read_bundle(default_directory()), Bounds(seconds=10))
    for seed in range(100):
        facts = plain(canonical(document(seed)))
        before = engine.answer(canonical_bytes(facts))
        facts["user"]["id"] = facts["partner"]["id"]
        assert engine.answer(canonical_bytes(facts)) == before
