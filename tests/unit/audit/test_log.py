"""The log in a real store: receipts, growth, tile boundaries, failed writes, other processes, erasure."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from hub.audit import tree
from hub.audit.checkpoint import Checkpoint, opened_checkpoint
from hub.audit.receipt import parse_proof
from hub.audit.verify import Proven, verify_receipt
from hub.crypto.signing import Signer
from hub.errors import HubError, NotFound, Sealed, StoreUnavailable
from hub.model.release import Entry, Receipt
from hub.store import log as rows
from tests.unit.audit.world import ORIGIN, SEED, World, entry, execute, receipt_file, world_at


def proven(world: World, receipt: Receipt) -> Proven:
    found = verify_receipt(receipt_file(receipt), world.log.key)
    assert isinstance(found, Proven), found
    assert found.index == receipt.index
    return found


def test_a_receipt_proves_what_was_told_and_nothing_of_the_rest(world: World) -> None:
    receipts = world.add(entry(0), entry(1, fields=3))
    found = proven(world, receipts[1])
    assert (found.index, found.checkpoint.size, found.checkpoint.origin) == (1, 2, ORIGIN)
    assert [(each["veld"], each["niveau"]) for each in found.told["gegevens"]] == [
        ("veld_0", "vol"), ("veld_1", "vol"), ("veld_2", "vol"),
    ]  # fmt: skip
    assert (found.kind, found.at) == ("raadpleging", "2027-01-10T11:00:01.000000Z")
    assert entry(1).internal["facts"] not in receipt_file(receipts[1])


def test_a_key_that_was_brought_along_seals_and_no_other_is_looked_for(world: World) -> None:
    key = world.keyring.create("log/een")
    asked: list[str] = []
    looking = world.keyring.get_each
    world.keyring.get_each = lambda *names: asked.extend(names) or looking(*names)  # type: ignore[method-assign, func-returns-value]
    world.add(replace(entry(0), key=key), entry(1), entry(2, log_key="twee"))
    assert asked == ["log/twee"]
    with world.store.snapshot() as conn:
        assert [world.log.read(conn, index)[1] for index in range(3)] == [entry(number).internal for number in range(3)]
    assert world.check() == []


def test_one_checkpoint_a_batch(world: World) -> None:
    notes = {parse_proof(each.proof).checkpoint for each in world.add(*map(entry, range(8)))}
    assert notes == {world.checkpoint()}


def test_what_was_entered_is_read_back(world: World) -> None:
    world.fill(3)
    with world.store.snapshot() as conn:
        told, internal = world.log.read(conn, 2)
        assert told == {**entry(2).told, "soort": "raadpleging", "tijdstip": "2027-01-10T11:00:02.000000Z"}
        assert internal == entry(2).internal
        with pytest.raises(NotFound):
            world.log.read(conn, 3)


@pytest.mark.parametrize("batch", [1, 64, 200])
def test_the_log_is_whole_at_and_around_full_tiles(world: World, batch: int) -> None:
    receipts: list[Receipt] = []
    for size in (255, 256, 257, 511, 512, 513):
        receipts += world.fill(size, batch)
        assert world.check() == []
    for receipt in receipts[::13] + receipts[250:260] + receipts[508:]:
        proven(world, receipt)


def test_receipts_of_every_earlier_checkpoint_still_verify_and_the_log_only_grew(world: World) -> None:
    receipts = world.fill(300, 7)
    notes = {parse_proof(each.proof).checkpoint for each in receipts}
    points = sorted((opened_checkpoint(note, world.log.key) for note in notes), key=lambda each: each.size)
    assert len(points) == 43
    assert [proven(world, each).index for each in receipts] == list(range(300))
    with world.store.snapshot() as conn:
        for old in points:
            proof = world.log.consistency(conn, old.size, 300)
            assert tree.extends(old.size, 300, old.root, points[-1].root, proof)
        with pytest.raises(NotFound):
            world.log.consistency(conn, 10, 301)


def test_a_receipt_can_be_had_again_under_the_newest_checkpoint(world: World) -> None:
    first = world.fill(5)[3]
    world.fill(270)
    with world.store.snapshot() as conn:
        again = world.log.receipt(conn, 3)
    assert (again.told, again.salt, again.internal_hash) == (first.told, first.salt, first.internal_hash)
    assert proven(world, again).checkpoint.size == 270


def test_an_empty_log_has_a_checkpoint(world: World) -> None:
    assert opened_checkpoint(world.checkpoint(), world.log.key) == Checkpoint(ORIGIN, 0, tree.EMPTY_ROOT)
    assert world.check() == []


def test_tiles_and_bundles_hold_the_tree(world: World) -> None:
    world.fill(300)
    with world.store.snapshot() as conn:
        full, partial = world.log.tile(conn, 0, 0), world.log.tile(conn, 0, 1, 44)
        above = world.log.tile(conn, 1, 0, 1)
        bundle = world.log.entries_tile(conn, 1, 44)
        assert world.log.tile(conn, 0, 1, 7) == partial[: 7 * 32]
        for level, n, width in ((0, 1, 45), (0, 2, 1), (1, 0, 2), (2, 0, 1), (0, 0, 0), (0, -1, 1)):
            with pytest.raises(NotFound):
                world.log.tile(conn, level, n, width)
        with pytest.raises(NotFound):
            world.log.entries_tile(conn, 1, 45)
        head = world.log.head(conn)
    leaves = [bundle[at + 2 : at + 66] for at in range(0, len(bundle), 66)]
    assert [tree.leaf_hash(leaf) for leaf in leaves] == [partial[at : at + 32] for at in range(0, len(partial), 32)]
    edge = tree.Edge()
    for at in range(0, len(full + partial), 32):
        edge.append((full + partial)[at : at + 32])
    assert (edge.size, edge.root()) == (head.size, head.root)
    assert above == edge.node(8, 0)


def test_a_log_goes_on_where_it_was_left(sqlite_url: str, tmp_path: Path) -> None:
    for size in (1, 256, 300, 301, 520):
        with world_at(sqlite_url, tmp_path) as world:
            for receipt in world.fill(size, 100):
                proven(world, receipt)
            assert world.check() == []


def far(world: World, size: int) -> None:
    """Write a log of `size` leaves that nobody can read, as a log whose keys are all gone."""
    edge = tree.Edge()
    pairs = [number.to_bytes(64, "big") for number in range(size)]
    with world.store._writer.begin() as conn:
        rows.start(conn, tree.EMPTY_ROOT)
        for pair in pairs:
            edge.append(tree.leaf_hash(pair))
        for level, n, hashes in edge.tiles_since(0):
            rows.put_tile(conn, level, n, b"".join(hashes))
        entries = [rows.StoredEntry(idx, "raadpleging", "", "weg", pair, b"", b"") for idx, pair in enumerate(pairs)]
        note = Checkpoint(ORIGIN, size, edge.root()).signed_by(Signer(SEED))
        rows.append(conn, entries, rows.Head(size, edge.root()), "", note)


def test_the_log_passes_65_536_entries(sqlite_url: str, tmp_path: Path) -> None:
    with world_at(sqlite_url, tmp_path) as world:
        far(world, 65_535)
        receipts = world.fill(65_540, 2)
        assert [proven(world, each).index for each in receipts] == [65_535, 65_536, 65_537, 65_538, 65_539]
    with world_at(sqlite_url, tmp_path) as world:
        receipts = world.fill(65_545, 3)
        assert [proven(world, each).index for each in receipts] == list(range(65_540, 65_545))
        with world.store.snapshot() as conn:
            above = world.log.tile(conn, 1, 0)
            nodes = tree.rows_of([above[at : at + 32] for at in range(0, len(above), 32)])
            assert [world.log.tile(conn, 2, 0, 1)] == nodes[8]
            head = world.log.head(conn)
            point = opened_checkpoint(parse_proof(receipts[0].proof).checkpoint, world.log.key)
            proof = world.log.consistency(conn, point.size, head.size)
        assert tree.extends(point.size, head.size, point.root, head.root, proof)
        assert world.check() == []


def test_what_is_kept_in_memory_does_not_grow_with_the_log(world: World) -> None:
    world.fill(1_300)
    # Two ends, each with the last tile of level 0 (at most 510 nodes) and that of level 1.
    assert sum(len(row) for end in world.log._ends for row in end.edge._rows) < 2 * 2 * 510


# --- writes that fail, and other writers ---


class Breaking(Exception):
    """The disk is full, the server is gone: whatever ends a COMMIT."""


def breaking(world: World, entries: Sequence[Entry]) -> None:
    """Seal, and then lose the write."""
    with suppress(Breaking), world.store._writer.begin() as conn:
        world.log.seal(conn, entries).put()
        raise Breaking


@pytest.mark.parametrize("size", [0, 3, 254, 256])
def test_after_a_failed_write_the_log_goes_on_from_what_is_durable(url: str, tmp_path: Path, size: int) -> None:
    with world_at(url, tmp_path) as world:
        world.fill(size)
        before = world.checkpoint()
        breaking(world, [entry(1000), entry(1001), entry(1002)])
        assert world.checkpoint() == before
        breaking(world, [entry(1003)])
        receipts = world.add(entry(1004), entry(1005))
        assert [proven(world, each).index for each in receipts] == [size, size + 1]
        assert world.check() == []


def test_two_processes_write_one_log(url: str, tmp_path: Path) -> None:
    with world_at(url, tmp_path) as one:
        two = one.second(url)
        try:
            receipts = []
            for turn in range(12):
                for writer in (one, two, two) if turn % 3 else (one, one, two):
                    receipts += writer.add(*(entry(turn * 100 + each) for each in range(11)))
            assert [proven(one, each).index for each in receipts] == list(range(12 * 3 * 11))
            assert one.check() == []
            assert two.check() == []
        finally:
            two.store.close()


def test_two_processes_write_one_log_at_the_same_moment(url: str, tmp_path: Path) -> None:
    with world_at(url, tmp_path) as one:
        two = one.second(url)
        writers = [one, two] * 4
        try:
            with ThreadPoolExecutor(len(writers)) as pool:
                turns = [pool.submit(turn, writer, 1_000 * each) for each, writer in enumerate(writers)]
                receipts = [receipt for each in turns for receipt in each.result()]
            assert sorted(proven(one, each).index for each in receipts) == list(range(8 * 30))
            assert one.check() == []
        finally:
            two.store.close()


def turn(writer: World, first: int) -> list[Receipt]:
    return [receipt for each in range(15) for receipt in writer.add(entry(first + each), entry(first + 500 + each))]


def test_a_failed_write_while_another_process_goes_on(url: str, tmp_path: Path) -> None:
    with world_at(url, tmp_path) as one:
        two = one.second(url)
        try:
            one.fill(250)
            # What was lost here and what the other wrote have the same size, and another root.
            breaking(one, [entry(number) for number in range(9)])
            two.add(*(entry(number) for number in range(9)))
            receipts = one.add(entry(1), entry(2))
            breaking(two, [entry(1)])
            receipts += two.add(entry(3))
            assert [proven(one, each).index for each in receipts] == [259, 260, 261]
            assert one.check() == []
        finally:
            two.store.close()


def test_a_process_that_was_away_for_long_reads_the_tree_anew(sqlite_url: str, tmp_path: Path) -> None:
    with world_at(sqlite_url, tmp_path) as one:
        one.fill(3)
        two = one.second(sqlite_url)
        try:
            for size in (2_400, 2_700):
                two.fill(size, 200)
                proven(one, one.add(entry(1))[0])
            assert one.check() == []
        finally:
            two.store.close()


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param("UPDATE log_head SET size = 9", id="head cut short"),
        pytest.param("UPDATE log_head SET root = x'00'", id="other root"),
        pytest.param("DELETE FROM log_head", id="no head"),
    ],
)
def test_nothing_is_signed_on_a_log_that_contradicts_what_was_seen(world: World, harm: str) -> None:
    world.fill(10)
    world.add(entry(11))
    execute(world, harm)
    with pytest.raises(StoreUnavailable):
        world.add(entry(12))


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param("UPDATE log_entries SET pair = zeroblob(64) WHERE idx = 290", id="entry of the last tile"),
        pytest.param("DELETE FROM log_entries WHERE idx = 299", id="last entry dropped"),
        pytest.param("DELETE FROM log_tiles WHERE level = 1", id="tile dropped"),
        pytest.param("UPDATE log_head SET size = 299", id="head"),
    ],
)
def test_nothing_is_signed_at_start_on_a_log_that_contradicts_itself(
    sqlite_url: str, tmp_path: Path, harm: str
) -> None:
    with world_at(sqlite_url, tmp_path) as world:
        world.fill(300)
        execute(world, harm)
    with world_at(sqlite_url, tmp_path) as world, pytest.raises(StoreUnavailable):
        world.add(entry(12))


def test_no_second_history_begins_under_one_key(sqlite_url: str, tmp_path: Path) -> None:
    """All is gone but what was signed, which others may hold."""
    with world_at(sqlite_url, tmp_path) as world:
        world.fill(3)
        for table in ("log_entries", "log_tiles", "log_head", "processing_records"):
            execute(world, f"DELETE FROM {table}")  # noqa: S608 - names of this test
    with world_at(sqlite_url, tmp_path) as world, pytest.raises(StoreUnavailable):
        world.add(entry(12))


def test_a_head_that_another_process_made_first_stays(url: str, tmp_path: Path) -> None:
    with world_at(url, tmp_path) as world:
        world.fill(3)
        with world.store._writer.begin() as conn:
            rows.start(conn, tree.EMPTY_ROOT)
        assert [each.index for each in world.add(entry(3))] == [3]


def test_an_undone_unit_leaves_no_entry(world: World) -> None:
    class Refused(HubError):
        """A unit that refuses."""

    def unit(tx: object) -> None:
        tx.enter(entry(1))  # type: ignore[attr-defined]
        raise Refused

    with pytest.raises(Refused):
        world.store.commit(unit)
    with world.store.snapshot() as conn:
        assert world.log.head(conn).size == 0


# --- keys ---


def test_destroying_a_log_key_leaves_the_tree_whole(world: World) -> None:
    receipts = world.add(entry(0, "een"), entry(1, "twee"), entry(2, "een"))
    world.keyring.destroy("log/een")
    with world.store.snapshot() as conn:
        for index in (0, 2):
            with pytest.raises(Sealed):
                world.log.read(conn, index)
        assert world.log.read(conn, 1)[0]["gebruiker"] == "u1"
        assert world.log.check(conn, erased={"een"}) == []
        assert len(world.log.check(conn, erased=set())) == 2
    assert world.check() == []
    for receipt in receipts:
        proven(world, receipt)


def test_a_destroyed_key_is_not_made_again_under_its_name(world: World) -> None:
    world.add(entry(0, "een"))
    world.keyring.destroy("log/een")
    world.add(entry(1, "een"))
    assert world.keyring.names("log/") == ["log/een.1"]
    assert world.check() == []
    with world.store.snapshot() as conn:
        assert world.log.read(conn, 1)[0]["gebruiker"] == "u1"


def test_nothing_readable_is_in_the_store(world: World, tmp_path: Path) -> None:
    world.add(entry(0), entry(1))
    world.store.close()
    for path in tmp_path.glob("hub.db*"):
        raw = path.read_bytes()
        for word in (b"veld_0", b"ggz-noord", b"delictgegevens", b"D02"):
            assert word not in raw


def test_a_missing_key_store_stops_the_write(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_names: str) -> bytes:
        raise StoreUnavailable

    monkeypatch.setattr(world.keyring, "get_each", away)
    with pytest.raises(StoreUnavailable):
        world.add(entry(0))
    with world.store.snapshot() as conn:
        assert world.log.head(conn).size == 0
