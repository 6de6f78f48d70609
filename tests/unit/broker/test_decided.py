"""What is remembered of decisions: how much is not up to who asks."""

from hub.broker.decided import Decider, _lines
from tests.region import World

ASKER, MOST = "ggz-noord", 3_000


def _asked(region: World, decider: Decider, number: int) -> int:
    """Ask for made-up fields; how many lines are remembered then."""
    fields = [f"verzonnen_{number}_{each}" for each in range(100)]
    assert region.ask(ASKER, *fields).status_code == 200
    return sum(_lines(key, decided) for key, decided in decider._kept.kept.items())


def test_made_up_fields_do_not_make_a_hub_grow(region: World) -> None:
    decider = region.hub.decider
    decider._kept.most = MOST
    lines = [_asked(region, decider, number) for number in range(20)]
    assert lines[1] == 2 * lines[0] >= 2 * 200
    assert max(lines) <= MOST
    assert lines[-1] == decider._kept.weight > MOST / 2
    served = decider.hits.served
    assert _asked(region, decider, 19) == lines[-1]
    assert decider.hits.served == served + 1
    assert _asked(region, decider, 0) <= MOST
    assert decider.hits.served == served + 1, "what was remembered first went first"
