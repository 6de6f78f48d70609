"""Two bases, exceptions or consents under one id that say different things: a decision all the same, and a refusal."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hub.pdp.canonical import canonical
from hub.pdp.document import decision_of, document_of
from hub.pdp.explanation import explanation
from tests.policy.documents import Row, basis, consent, record, request
from tests.policy.engine import answer, differences, engine
from tests.policy.facts import document
from tests.policy.oracle.decide import decide

ABOUT = {"legal_bases": "request", "secrecy_exceptions": "record", "consents": "record"}
DOCUMENTS = 150
CHANGES: dict[str, Callable[[Row], object]] = {
    "purposes": lambda _: ["*"],
    "groups": lambda _: ["G01"],
    "fields": lambda _: ["naam"],
    "receivers": lambda row: ["gem-1", "*"] if row["kind"] == "weigering" else ["gem-1"],
    "partner": lambda _: "gem-1",
    "valid_until": lambda row: None if row["valid_until"] else "2031-01-01T00:00:00Z",
    "kind": lambda row: "weigering" if row.get("given_by") else row["kind"],
}


def doubled(seed: int) -> Iterator[tuple[str, Row]]:
    """For each list of a random document that has a row: that document with the row once more, otherwise."""
    rng, facts = random.Random(seed), document(seed)
    for name in ABOUT:
        rows = facts[name]
        if not rows:
            continue
        other = copy.deepcopy(facts)
        row = rng.choice(other[name])
        key = rng.choice(sorted(CHANGES.keys() & row.keys()))
        again = copy.deepcopy(row) | {key: CHANGES[key](row)}
        if again != row:
            other[name].insert(rng.randrange(len(rows) + 1), again)
            yield name, other


def test_in_both_runtimes_and_by_the_oracle_it_is_refused_whole() -> None:
    seen = dict.fromkeys(ABOUT, 0)
    for seed in range(DOCUMENTS):
        for name, facts in doubled(seed):
            given = canonical(facts)
            found = document_of(decision_of(engine().both(given.text)))
            assert differences(found, decide(given)) == [], (seed, name)
            assert not found["allow"]
            whole = {(one["code"], one["about"]) for one in found["refusals"] if one["field"] == "*"}
            alone = whole & {("E_DOEL", "request"), ("E_INVOER", "request")}
            assert ("E_INVOER", ABOUT[name]) in whole or alone, (seed, name)
            seen[name] += ("E_INVOER", ABOUT[name]) in whole
    assert min(seen.values()) > 20, seen


def with_consents(*consents: Row) -> Row:
    """A request that a consent opens."""
    facts = request("politie", "D04", ["bejegeningsadvies"])
    facts["records"] = [record("bejegeningsadvies", "ggz-2", "ggz")]
    facts["legal_bases"] = [basis("wgs", "politie-1", "D04")]
    return facts | {"consents": list(consents)}


GIVEN = consent("ggz-2", "politie-1", "D04")


@pytest.mark.parametrize(
    "changed", [{"groups": ["bsn"]}, {"valid_until": "2029-01-01T00:00:00Z"}, {"kind": "weigering"}]
)
def test_a_consent_that_contradicts_itself_opens_nothing_and_can_be_explained(changed: dict[str, Any]) -> None:
    assert answer(canonical(with_consents(GIVEN)))["allow"]
    facts = canonical(with_consents(GIVEN, GIVEN | changed))
    told = [one for one in answer(facts)["refusals"] if one["field"] == "*"]
    assert told == [{"field": "*", "source": None, "code": "E_INVOER", "about": "record", "law": []}]
    (gate,) = [gate for gate in explanation(engine(), facts).whole if gate.name == "invoer"]
    assert [code for code, _ in gate.reasons] == ["E_INVOER"]


def test_the_same_consent_twice_is_one() -> None:
    once, twice = (canonical(with_consents(*[GIVEN] * number)) for number in (1, 2))
    assert once.text == twice.text
