"""The matrix against the engine: what it says can be reached, and nothing that leaves is above it."""

from itertools import product
from random import Random

import pytest

from hub.policy.at_most import CARE, ELSEWHERE, Viewer
from tests.policy.engine import Row, decided
from tests.policy.facts import document
from tests.policy.favourable import KEYS, favourable
from tests.policy.reading.catalogue import CARE_KINDS
from tests.policy.reading.purposes import ELIGIBLE, PURPOSES
from tests.policy.reading.regimes import COUNTS
from tests.policy.test_matrix import VIEWERS, matrix

RANK = {"-": 0, "hit": 1, "sam": 2, "vol": 3, "agg": 9}
FIELDS_EACH = 10
RANDOM_DOCUMENTS = 600
PAIRS = [(v, p) for v, p in product(VIEWERS, PURPOSES) if ELIGIBLE[v.kind, p] not in ("-", "own")]
SAMPLED = [(viewer, purpose, tuple(COUNTS)[n % len(COUNTS)]) for n, (viewer, purpose) in enumerate(PAIRS)]
"""Each pair of partner and purpose in one regime, the regimes in turn."""


def _highest(document: Row, levels: dict[str, str]) -> None:
    for released in decided(document)["released"]:
        key = released["field"]
        levels[key] = max(levels[key], released["level"], key=lambda level: RANK[level])


@pytest.mark.parametrize(("viewer", "purpose", "regime"), SAMPLED, ids=str)
def test_with_all_facts_at_their_best_each_field_leaves_at_the_level_of_its_cell(
    viewer: Viewer, purpose: str, regime: str
) -> None:
    keys = Random(f"{viewer} {purpose}").sample(KEYS, FIELDS_EACH)
    reached = dict.fromkeys(keys, "-")
    for emergency in ("conflict_van_plichten", "vitaal_belang"):
        _highest(favourable(viewer, purpose, regime, keys, emergency), reached)
    assert reached == {key: matrix().cell(viewer, purpose, regime, key).level for key in keys}


def _viewer(partner: Row) -> Viewer:
    care = CARE if partner["employer_kind"] in CARE_KINDS else ELSEWHERE
    return Viewer(partner["kind"], care if partner["kind"] == "casusregisseur" else "")


def test_nothing_that_leaves_is_above_its_cell() -> None:
    """On random facts, spoiled in many ways. Own data are held against what the cell says of these."""
    above, seen = [], 0
    for seed in range(RANDOM_DOCUMENTS):
        facts = document(seed)
        viewer, purpose = _viewer(facts["partner"]), facts["purpose"]
        # Who is asked no regime has the same cell in each.
        regime = facts["casus"]["regime"] or "wgs_zvh"
        for released in decided(facts)["released"]:
            seen += 1
            cell = matrix().cell(viewer, purpose, regime, released["field"])
            own = released["source"] == facts["partner"]["id"]
            most = max(cell.level, cell.own if own else "-", key=lambda level: RANK[level])
            if RANK[released["level"]] > RANK[most]:
                above.append((seed, str(viewer), purpose, regime, released["field"], released["level"], most))
    assert above == []
    assert seen > RANDOM_DOCUMENTS / 4
