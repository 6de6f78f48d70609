"""A casus comes under a new key while states of it are remembered: every field that opened opens."""

from tests.region import World


def _rotate(region: World) -> None:
    casus = region.casus_id()
    region.hub.store.commit(lambda tx: region.hub.compartments.rewrap(tx.connection, casus))
    with region.hub.store.snapshot() as moment:
        assert region.hub.compartments.drop_older(moment, casus)


def test_a_field_that_was_not_asked_for_before_opens_after_the_rotation(region: World) -> None:
    assert region.released("politie-noord", "naam") == {("naam", "vol")}
    _rotate(region)
    first = region.size()
    for field in ("bejegeningsadvies", "naam", "wijkagent"):
        assert region.released("politie-noord", field), field
    assert [len(told["gegevens"]) for told, _ in region.entries(first)] == [1, 1, 1]
