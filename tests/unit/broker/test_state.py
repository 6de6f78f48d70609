"""What is remembered of casussen: how much is not up to who asks, nor to who delivers."""

import random
from dataclasses import replace
from itertools import starmap

from hub.broker.state import CasusState, States, _weight
from tests.region import World

KEY = ("politie-noord", "casus")


def _kept(states: States) -> list[CasusState]:
    kept = states._kept
    assert sum(starmap(_weight, kept.kept.items())) == kept.weight <= kept.most
    return list(kept.kept.values())


def _is_kept(region: World, states: States, casus: str) -> bool:
    before = states._kept.get(("politie-noord", casus))
    with region.hub.store.snapshot() as moment:
        state = states.of(moment, casus, "politie-noord")
    return before is not None and before.records is state.records


def test_casussen_that_are_none_do_not_make_a_hub_grow(region: World) -> None:
    states = States(region.hub.compartments, most=5 * _weight(KEY, CasusState("", None)))
    drawn = random.Random(7)
    names = [f"{drawn.getrandbits(128):032x}" for _ in range(12)]
    for count, name in enumerate(names, 1):
        assert not _is_kept(region, states, name)
        assert len(_kept(states)) == min(count, 5)
    assert [state.casus for state in _kept(states)] == names[-5:], "what was remembered first went first"


def test_a_casus_counts_by_its_bytes_and_once(region: World) -> None:
    casus = region.casus_id()
    key = ("politie-noord", casus)
    empty = _weight(KEY, CasusState("", None))
    states = States(region.hub.compartments, most=5 * empty)
    assert not _is_kept(region, states, casus)
    (state,) = _kept(states)
    assert _weight(KEY, state) > empty + len(state.records) + len(state.held.document)
    assert _is_kept(region, states, casus)
    states._kept.keep(key, replace(state, records=bytes(3 * empty)))
    assert _weight(KEY, *_kept(states)) > 4 * empty
    states._kept.keep(key, replace(state, records=bytes(5 * empty)))
    assert _kept(states) == [], "what alone weighs more than all is not remembered"
