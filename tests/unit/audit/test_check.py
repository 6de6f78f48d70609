"""The full check finds a changed, dropped, reordered or doubled entry, and everything else that was touched."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import text

from hub.audit import tree
from hub.audit.checkpoint import Checkpoint
from hub.audit.entry import leaf_of
from hub.audit.log import Log
from hub.crypto.aead import Box
from hub.crypto.signing import Signer
from hub.errors import StoreUnavailable
from hub.store import log as rows
from tests.unit.audit.world import ORIGIN, PROCESSING, SEED, World, entry

SIZE = 300

COPY = "INSERT INTO log_entries SELECT {to}, kind, at, log_key, pair, told, internal FROM log_entries WHERE idx = {of}"
SWAP = (
    "UPDATE log_entries SET idx = -1 WHERE idx = {a}",
    "UPDATE log_entries SET idx = {a} WHERE idx = {b}",
    "UPDATE log_entries SET idx = {b} WHERE idx = -1",
)
SHIFT = (
    "DELETE FROM log_entries WHERE idx = 20",
    "UPDATE log_entries SET idx = -idx WHERE idx > 20",
    "UPDATE log_entries SET idx = -idx - 1 WHERE idx < 0",
)
MAKE_ROOM = (
    "UPDATE log_entries SET idx = -idx - 1 WHERE idx > 20",
    "UPDATE log_entries SET idx = -idx WHERE idx < 0",
    COPY.format(to=21, of=20),
)


def harm(world: World, statements: Sequence[str]) -> None:
    with world.store._writer.begin() as conn:
        for statement in statements:
            conn.execute(text(statement))


def swap(a: int, b: int) -> tuple[str, ...]:
    return tuple(each.format(a=a, b=b) for each in SWAP)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        pytest.param(["UPDATE log_entries SET pair = zeroblob(64) WHERE idx = 7"], "Regel 7:", id="changed leaf"),
        pytest.param(["UPDATE log_entries SET pair = zeroblob(64) WHERE idx = 299"], "Regel 299:", id="changed last"),
        pytest.param(
            ["UPDATE log_entries SET told = internal WHERE idx = 7"], "Regel 7: de inhoud", id="parts exchanged"
        ),
        pytest.param(
            ["UPDATE log_entries SET told = (SELECT told FROM log_entries WHERE idx = 8) WHERE idx = 7"],
            "Regel 7: de inhoud",
            id="content of another entry",
        ),
        pytest.param(["UPDATE log_entries SET internal = x'01' WHERE idx = 7"], "Regel 7: de inhoud", id="content cut"),
        pytest.param(["UPDATE log_entries SET kind = 'zoeking' WHERE idx = 7"], "Regel 7: de inhoud", id="other kind"),
        pytest.param(["UPDATE log_entries SET at = '' WHERE idx = 7"], "Regel 7: de inhoud", id="other instant"),
        pytest.param(["DELETE FROM log_entries WHERE idx = 7"], "Regel 7 tot en met 7: ontbreekt", id="dropped"),
        pytest.param(["DELETE FROM log_entries WHERE idx = 299"], "past niet bij de 299", id="last dropped"),
        pytest.param(SHIFT, "Regel 20: past niet bij tegel 0/0", id="dropped and closed up"),
        pytest.param(swap(7, 8), "Regel 7: past niet bij tegel 0/0", id="reordered"),
        pytest.param(swap(298, 299), "is iets veranderd", id="reordered in the last tile"),
        pytest.param(MAKE_ROOM, "Regel 21: past niet bij tegel 0/0", id="doubled"),
        pytest.param([COPY.format(to=300, of=20)], "past niet bij de 301", id="doubled at the end"),
        pytest.param([COPY.format(to=-1, of=20)], "Regel -1: hoort er niet", id="put in front"),
        pytest.param(["DELETE FROM log_tiles WHERE level = 0"], "Tegel 0/0", id="tile dropped"),
        pytest.param(["UPDATE log_tiles SET hashes = zeroblob(32) WHERE level = 1"], "Tegel 1/0", id="tile changed"),
        pytest.param(["INSERT INTO log_tiles VALUES (0, 1, zeroblob(32))"], "Tegel 0/1: hoort", id="extra tile"),
        pytest.param(["DELETE FROM log_checkpoints WHERE size = 300"], "niet ondertekend", id="checkpoint dropped"),
        pytest.param(
            ["UPDATE log_checkpoints SET size = 299 WHERE size = 300"], "is die van 300", id="checkpoint moved"
        ),
        pytest.param(
            ["UPDATE log_checkpoints SET note = replace(note, substr(note, -10, 1), '!') WHERE size = 128"],
            "De stand bij 128 regels is niet goed ondertekend",
            id="checkpoint changed",
        ),
        pytest.param(["INSERT INTO log_checkpoints VALUES (301, '', '')"], "1 ondertekende", id="checkpoint over"),
        pytest.param(["UPDATE log_head SET size = 299"], "De stand van het logboek (299", id="head moved"),
        pytest.param(["UPDATE log_head SET root = zeroblob(32)"], "De stand van het logboek (300", id="head changed"),
        pytest.param(["DELETE FROM log_head"], "De stand van het logboek (0", id="head dropped"),
        pytest.param(["DELETE FROM processing_records WHERE idx = 7"], "Regel 7: het verwerking", id="record dropped"),
        pytest.param(
            [
                "UPDATE processing_records SET sealed = (SELECT sealed FROM processing_records WHERE idx = 8) WHERE idx = 7"
            ],
            "Regel 7: het verwerkingsrecord",
            id="record of another entry",
        ),
        pytest.param(["DELETE FROM processing_records"], "(en bij nog 299 regels)", id="all records dropped"),
    ],
)
def test_every_kind_of_harm_is_named(world: World, statements: Sequence[str], said: str) -> None:
    world.fill(SIZE)
    assert world.check() == []
    harm(world, statements)
    assert any(said in fault for fault in world.check()), world.check()


def test_content_that_was_sealed_anew_with_the_right_key_is_named(world: World) -> None:
    world.fill(3)
    with world.store._writer.begin() as conn:
        row = rows.entry(conn, 1)
        assert row is not None
        box = Box(world.keyring.get(f"log/{row.log_key}"))
        forged = replace(leaf_of(replace(entry(1), told={"doel": "D03"})), pair=row.pair).sealed(1, row.log_key, box)
        conn.execute(text("UPDATE log_entries SET told = :told WHERE idx = 1"), {"told": forged.told})
    assert world.check() == ["Regel 1: de inhoud past niet bij de regel."]


def test_a_long_list_of_faults_is_cut_and_counted(world: World) -> None:
    world.fill(SIZE)
    harm(world, ["UPDATE log_entries SET told = x'00'"])
    assert world.check()[100:] == ["En nog 200 fouten."]


def rewritten(world: World, change: Callable[[int], bool]) -> None:
    """The operator's own fraud: the whole log made anew with his key, some entries left out."""
    log = Log(Signer(SEED), ORIGIN, world.keyring, PROCESSING)
    with world.store._writer.begin() as conn:
        for table in ("log_entries", "log_tiles", "log_checkpoints", "log_head", "processing_records"):
            conn.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of our own
        log.seal(conn, [entry(number) for number in range(SIZE) if change(number)]).put()


@pytest.mark.parametrize("left_out", [20, SIZE - 1])
def test_a_checkpoint_kept_elsewhere_shows_a_log_that_was_rewritten_or_cut_short(world: World, left_out: int) -> None:
    world.fill(200)
    early = world.checkpoint()
    world.fill(SIZE)
    late = world.checkpoint()
    assert world.check((early, late)) == []
    rewritten(world, lambda number: number != left_out)
    assert world.check() == []
    assert world.check((late,)) == [f"De meegegeven stand heeft {SIZE} regels; het logboek heeft er {SIZE - 1}."]
    assert world.check((early,)) == ["De meegegeven stand bij 200 regels past niet bij dit logboek."]


@pytest.mark.parametrize("left_out", [{7}, set()])
def test_a_running_hub_does_not_write_on_in_a_log_that_was_put_back(world: World, left_out: set[int]) -> None:
    world.fill(SIZE)
    world.add(entry(SIZE))
    # Made whole, but shorter than what was seen, or as long and with other salts: another log.
    rewritten(world, lambda number: number not in left_out)
    assert world.check() == []
    with pytest.raises(StoreUnavailable):
        world.add(entry(1))


def test_a_checkpoint_that_is_not_of_this_log_is_no_proof(world: World) -> None:
    world.fill(3)
    stranger = Checkpoint(ORIGIN, 3, tree.EMPTY_ROOT).signed_by(Signer(b"\x43" * 32))
    assert len(world.check((stranger, "", world.checkpoint()))) == 2
    empty = Checkpoint(ORIGIN, 0, tree.EMPTY_ROOT).signed_by(Signer(SEED))
    assert world.check((empty,)) == []


def test_the_check_reads_more_than_one_piece(world: World) -> None:
    world.fill(2_100, 300)
    assert world.check() == []
    harm(world, ["DELETE FROM log_entries WHERE idx BETWEEN 1000 AND 1003"])
    assert world.check()[0] == "Regel 1000 tot en met 1003: ontbreekt."
    with world.store.snapshot() as conn:
        assert rows.count(conn) == (2_096, 7)
