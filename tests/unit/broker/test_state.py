"""What is remembered of casussen: how much is not up to who asks, nor to who delivers."""

import random
from dataclasses import replace

from hub.broker.state import CasusState, States, _weight
from tests.region import World


def _kept(states: States) -> list[CasusState]:
    assert sum(map(_weight, states._kept.values())) == states._weight <= states._most
    return list(states._kept.values())


def _is_kept(region: World, states: States, casus: str) -> bool:
    before = states._kept.get(("politie-noord", casus))
    with region.hub.store.snapshot() as moment:
        state = states.of(moment, casus, "politie-noord")
    return before is not None and before.records is state.records


def test_casussen_that_are_none_do_not_make_a_hub_grow(region: World) -> None:
    states = States(region.hub.compartments, most=5 * _weight(CasusState("", None)))
    drawn = random.Random(7)
    names = [f"{drawn.getrandbits(128):032x}" for _ in range(12)]
    for count, name in enumerate(names, 1):
        assert not _is_kept(region, states, name)
        assert len(_kept(states)) == min(count, 5)
    assert [state.casus for state in _kept(states)] == names[-5:], "what was remembered first went first"


def test_a_casus_counts_by_its_bytes_and_once(region: World) -> None:
    casus = region.casus_id()
    empty = _weight(CasusState("", None))
    states = States(region.hub.compartments, most=5 * empty)
    assert not _is_kept(region, states, casus)
    (state,) = _kept(states)
    assert _weight(state) > empty + len(state.records) + len(state.held.document)
    assert _is_kept(region, states, casus)
    states._keep(("politie-noord", casus), replace(state, records=bytes(3 * empty)))
    assert _weight(*_kept(states)) > 4 * empty
    states._keep(("politie-noord", casus), replace(state, records=bytes(5 * empty)))
    assert _kept(states) == [], "what alone weighs more than all is not remembered"
