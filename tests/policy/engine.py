"""The real engine with the repository's own policy, and a fair comparison of two decisions."""

import json
from functools import cache
from typing import Any

from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts
from hub.pdp.document import decision_of, document_of
from tests.policy.runtimes import Runtimes, embedded

Row = dict[str, Any]


@cache
def engine() -> Runtimes:
    """The embedded engine; where a test run has a server beside it (`tests/conftest.py`), both."""
    return Runtimes(embedded(read_bundle(default_directory())))


def answer(facts: Facts) -> Row:
    """The engine's decision on canonical facts, as the contract has it."""
    return document_of(decision_of(engine().answer(facts.text)))


def decided(document: Row) -> Row:
    """The engine's decision on a contract document."""
    return answer(canonical(document))


def _items(decision: Row, key: str) -> set[str]:
    """The items of a list as text; `law` is left out, as two readings may cite differently."""
    return {json.dumps({k: v for k, v in item.items() if k != "law"}, sort_keys=True) for item in decision[key]}


def differences(policy: Row, oracle: Row) -> list[str]:
    """What only one of two decisions says, a line each: `+` policy, `-` oracle."""
    found = [
        f"{key}: + {policy[key]} - {oracle[key]}"
        for key in ("allow", "conceal", "valid_until")
        if policy[key] != oracle[key]
    ]
    for key in ("released", "refusals", "obligations"):
        ours, theirs = _items(policy, key), _items(oracle, key)
        found += [f"{key}: + {item}" for item in sorted(ours - theirs)]
        found += [f"{key}: - {item}" for item in sorted(theirs - ours)]
    return found
