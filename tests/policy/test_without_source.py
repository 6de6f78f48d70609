"""Records of which the source is not known: what is said against them is of the record, and never of the whole request.

A door tells what stands under `*`, so a reason of one record there would tell that there is a record (law 10).
"""

import random

from hub.pdp.canonical import canonical
from tests.policy.engine import answer, differences
from tests.policy.facts import document
from tests.policy.oracle.decide import decide

DOCUMENTS = 150
PUBLIC = ("request", "field")


def test_by_the_oracle_too_they_are_refused_by_name() -> None:
    seen = 0
    for seed in range(DOCUMENTS):
        rng, facts = random.Random(seed), document(seed)
        if not facts["records"]:
            continue
        rng.choice(facts["records"])["source"] = None
        given = canonical(facts)
        found = answer(given)
        assert differences(found, decide(given)) == [], seed
        seen += any(one["source"] is None and one["code"] == "E_INVOER" for one in found["refusals"])
    assert seen > 20


def test_with_or_without_it_a_door_tells_the_same() -> None:
    for seed in range(DOCUMENTS):
        rng, facts = random.Random(seed), document(seed)
        if not facts["records"]:
            continue
        place = rng.randrange(len(facts["records"]))
        facts["records"][place]["source"] = None
        told = [one for one in answer(canonical(facts))["refusals"] if one["about"] in PUBLIC]
        del facts["records"][place]
        assert told == [one for one in answer(canonical(facts))["refusals"] if one["about"] in PUBLIC], seed
