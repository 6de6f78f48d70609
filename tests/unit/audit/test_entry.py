"""Entries as leaves: what a leaf binds, and what it keeps apart."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from hub.audit.entry import leaf_of
from hub.model.canonical import canonical_json
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


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abz_09", max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abz_09", max_size=5), _values, max_size=5))
def test_a_leaf_hashes_the_canonical_bytes(part: dict[str, Any]) -> None:
    leaf = leaf_of(Entry("raadpleging", entry(1).at, "een", part, part), salted)
    frame = {"soort": "raadpleging", "tijdstip": leaf.at}
    assert leaf.internal == canonical_json(part) == rfc8785.dumps(part)
    assert leaf.told == canonical_json({**part, **frame})


@pytest.mark.parametrize("part", [{"a": "\ud800"}, {"a": {1, 2}}, {"a": object()}])
def test_what_has_no_canonical_form_is_refused(part: dict[str, Any]) -> None:
    for told, internal in ((part, {}), ({}, part)):
        with pytest.raises((ValueError, TypeError)):
            leaf_of(Entry("raadpleging", entry(1).at, "een", told, internal))


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
