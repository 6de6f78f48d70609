"""`hub log` as a person uses it: exit codes, and words that name what is proven."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import text

from hub.cli.ending import ended
from hub.cli.log import add_parser
from hub.errors import StoreUnavailable
from hub.model.release import Entry
from tests.unit.audit.world import World, entry, receipt_file


class Opened:
    """The log of the world's store, as the wiring hands it in."""

    def __init__(self, world: World) -> None:
        self.world = world

    def check(self, known: tuple[str, ...]) -> list[str]:
        return self.world.check(known)

    def checkpoint(self) -> str:
        return self.world.checkpoint()

    def growth(self, old: int) -> str:
        with self.world.store.snapshot() as conn:
            return self.world.log.growth(conn, old)


def run(world: World | None, *words: str) -> int:
    """`hub log …` with the store of `world`; without one, opening the store is a fault."""

    @contextmanager
    def open_log() -> Iterator[Opened]:
        if world is None:
            raise StoreUnavailable
        yield Opened(world)

    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True), open_log)
    args = parser.parse_args(["log", *words])
    return ended(lambda: int(args.run(args)))


@pytest.fixture
def home(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the public key, a receipt, and the checkpoint of then and of now with the growth between."""
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    (tmp_path / "log.vkey").write_text(f"{world.log.key}\n")
    receipts = world.add(entry(0), entry(1))
    (tmp_path / "bewijs.json").write_text(receipt_file(receipts[1]))
    (tmp_path / "toen.txt").write_text(world.checkpoint())
    world.fill(20)
    (tmp_path / "nu.txt").write_text(world.checkpoint())
    with world.store.snapshot() as conn:
        (tmp_path / "groei.txt").write_text(world.log.growth(conn, 2))
    return tmp_path


def test_a_receipt_is_told_in_words(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(None, "verify", str(home / "bewijs.json")) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Bewezen: dit staat in het logboek van de hub en kan daar niet ongemerkt uit verdwijnen.",
        "Logboek:   hub.example.nl/audit",
        "Regel:     1 (stand met 2 regels)",
        "Soort:     raadpleging",
        "Tijdstip:  2027-01-10T11:00:01.000000Z",
        "Doel:      D02",
        "Vrijgegeven (2):",
        "  veld_0: volledig (vol), van ggz-noord",
        "  veld_1: volledig (vol), van ggz-noord",
        "Geweigerd (1):",
        "  geen_grond (Wpg 20): delictgegevens",
        "Wat erbij hoort: niets",
        "Casus: abcdefghijklmnopqrstuvwxyz",
        "Gebruiker: u1",
        "Partner: ggz-noord",
    ]


def test_the_key_may_be_given_as_text_or_file(home: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUB_HOME")
    monkeypatch.chdir(home)
    receipt = str(home / "bewijs.json")
    assert run(None, "verify", receipt, "--sleutel", str(world.log.key)) == 0
    assert run(None, "verify", receipt, "--sleutel", str(home / "log.vkey")) == 0
    assert run(None, "verify", receipt, "--sleutel", str(home / "weg.vkey")) == 2
    assert run(None, "verify", receipt, "--sleutel", "a+b+c") == 2
    assert run(None, "verify", receipt) == 2
    (home / "var").mkdir()
    (home / "log.vkey").rename(home / "var" / "log.vkey")
    assert run(None, "verify", receipt) == 0


def test_what_is_wrong_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receipt = home / "bewijs.json"
    for old, new, said in (
        ("D02", "D03", "NIET BEWEZEN (inhoud)"),
        ("index 1", "index 0", "NIET BEWEZEN (plaats)"),
        ("hub.example.nl/audit\\n2", "hub.example.nl/audit\\n3", "NIET BEWEZEN (handtekening)"),
        ("{", "[", "NIET BEWEZEN (geen-bewijs)"),
    ):
        good = receipt.read_text()
        assert old in good
        (home / "slecht.json").write_text(good.replace(old, new))
        assert run(None, "verify", str(home / "slecht.json")) == 1
        assert capsys.readouterr().out.startswith(said)
    assert run(None, "verify", str(home / "weg.json")) == 2
    (home / "groot.json").write_text("x" * (1 << 22) + "x")
    assert run(None, "verify", str(home / "groot.json")) == 2
    told = capsys.readouterr().err
    assert "te groot" in told
    assert "weg.json" not in told


def test_a_receipt_stands_against_a_checkpoint_from_elsewhere(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receipt = str(home / "bewijs.json")
    now, growth = str(home / "nu.txt"), str(home / "groei.txt")
    assert run(None, "verify", receipt, "--tegen", str(home / "toen.txt")) == 0
    assert run(None, "verify", receipt, "--tegen", now, "--groei", growth) == 0
    assert "Past bij de stand van elders met 20 regels." in capsys.readouterr().out
    assert run(None, "verify", receipt, "--tegen", now) == 1
    assert "Vraag een bewijs van groei" in capsys.readouterr().out
    assert run(None, "verify", receipt, "--tegen", now, "--groei", str(home / "toen.txt")) == 1
    assert run(None, "verify", receipt, "--tegen", receipt) == 1


def test_what_was_told_cannot_steer_the_terminal(home: Path, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    odd = Entry("raadpleging", entry(0).at, "een", {"doel": "D\x1b[2J", "gegevens": "x\n", "geweigerd": [1]}, {})
    (home / "vreemd.json").write_text(receipt_file(world.add(odd)[0]))
    assert run(None, "verify", str(home / "vreemd.json")) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "  x\ufffd" in said.splitlines()


def test_what_a_release_tells_has_no_word_of_the_code(
    home: Path, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    field = {"veld": "naam", "niveau": "sam", "bron": "ggz-noord", "grondslag": "5f" * 16}
    duty = {"type": "expires_at", "at": "2027-02-01T00:00:00.000000Z"}
    told = {"gegevens": [field], "verplichtingen": [duty], "actie": "lezen", "fout": None, "ontvanger": None}
    (home / "vrij.json").write_text(receipt_file(world.add(Entry("raadpleging", entry(0).at, "een", told, {}))[0]))
    assert run(None, "verify", str(home / "vrij.json")) == 0
    assert capsys.readouterr().out.splitlines()[6:] == [
        "Vrijgegeven (1):",
        f"  naam: samenvatting (sam), van ggz-noord, op grond van vastlegging {'5f' * 16}",
        "Geweigerd: niets",
        "Wat erbij hoort (1):",
        "  Verwijder deze velden uiterlijk op dit tijdstip: expires_at, 2027-02-01T00:00:00.000000Z",
        "Actie: lezen",
    ]


def test_a_file_that_is_no_key_is_told_as_one_that_is_there(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "binair").write_bytes(b"\xff\xfe")
    for name, said in (
        ("binair", "Dit bestand kan niet worden gelezen. (--sleutel)"),
        ("", "Dit bestand kan niet worden gelezen. (--sleutel)"),
        ("bewijs.json", "Dit is geen openbare sleutel van een logboek. (--sleutel)"),
        ("weg", "De openbare sleutel van het logboek is er niet. Geef hem met --sleutel."),
    ):
        assert run(None, "verify", str(home / "bewijs.json"), "--sleutel", str(home / name)) == 2
        assert capsys.readouterr().err == f"{said}\n"


def test_a_checkpoint_that_is_none_is_told_in_dutch(
    home: Path, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(world, "check", "--tegen", str(home / "bewijs.json")) == 1
    assert capsys.readouterr().out == "Een meegegeven stand is niet van dit logboek, of niet goed ondertekend.\n"


def test_the_whole_log_is_checked(home: Path, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(world, "check", "--tegen", str(home / "toen.txt"), "--tegen", str(home / "nu.txt")) == 0
    assert capsys.readouterr().out == "Het logboek klopt.\n"
    with world.store._writer.begin() as conn:
        conn.execute(text("DELETE FROM log_entries WHERE idx = 3"))
    assert run(world, "check") == 1
    assert "Regel 3 tot en met 3: ontbreekt." in capsys.readouterr().out
    assert run(None, "check") == 3
    assert run(world, "check", "--tegen", str(home / "weg.txt")) == 2


def test_the_checkpoint_is_printed_as_it_stands(home: Path, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(world, "checkpoint") == 0
    assert capsys.readouterr().out == (home / "nu.txt").read_text()
    assert run(world, "checkpoint", "--vanaf", "2") == 0
    assert capsys.readouterr().out == (home / "groei.txt").read_text()
    assert run(world, "checkpoint", "--vanaf", "21") == 2


def test_verify_opens_no_store(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_args: object, **_more: object) -> NoReturn:
        raise AssertionError("offline")

    monkeypatch.setattr("sqlalchemy.create_engine", forbidden)
    assert run(None, "verify", str(home / "bewijs.json")) == 0
