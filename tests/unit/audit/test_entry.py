"""Entries as leaves: what a leaf binds, and what it keeps apart."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from hub.audit.entry import leaf_of
from hub.model.release import Entry
from hub.store import log as rows
from tests.unit.audit.world import SEED, World, entry


def salted(_size: int) -> bytes:
    return b"\x07" * 32


def test_the_leaf_binds_kind_instant_and_both_parts() -> None:
    base = entry(1)
    others: list[Callable[[], Entry]] = [
        lambda: Entry("zoeking", base.at, base.log_key, base.told, base.internal),
        lambda: Entry(base.kind, entry(2).at, base.log_key, base.told, base.internal),
        lambda: Entry(base.kind, base.at, base.log_key, {**base.told, "doel": "D03"}, base.internal),
        lambda: Entry(base.kind, base.at, base.log_key, base.told, {**base.internal, "facts": ""}),
    ]
    pairs = {leaf_of(other(), salted).pair for other in others} | {leaf_of(base, salted).pair}
    assert len(pairs) == 5
    assert leaf_of(base, salted) == leaf_of(base, salted)
    assert leaf_of(base).pair != leaf_of(base).pair


def test_the_two_halves_of_a_leaf_never_mean_the_same() -> None:
    same = Entry(
        "raadpleging", entry(1).at, "een", {}, {"soort": "raadpleging", "tijdstip": "2027-01-10T11:00:01.000000Z"}
    )
    leaf = leaf_of(same, salted)
    assert leaf.told == leaf.internal
    assert leaf.pair[:32] != leaf.pair[32:]


def test_a_told_part_that_contradicts_its_entry_is_refused() -> None:
    base = entry(1)
    with pytest.raises(ValueError, match="contradicts"):
        leaf_of(Entry(base.kind, base.at, "een", {"soort": "zoeking"}, {}))


def test_the_told_text_is_canonical(world: World) -> None:
    receipt = world.add(entry(0))[0]
    assert receipt.told == json.dumps(json.loads(receipt.told), sort_keys=True, separators=(",", ":"))
    assert bytes(SEED) not in receipt.told.encode()


def test_entries_of_a_key_can_be_listed(world: World) -> None:
    world.add(entry(0, "een"), entry(1, "twee"), entry(2, "een"))

    def listed(conn: Connection) -> list[int]:
        return rows.indexes_of(conn, "een")

    with world.store.snapshot() as conn:
        assert listed(conn) == [0, 2]
