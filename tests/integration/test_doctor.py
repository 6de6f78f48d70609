"""`hub doctor` finds what is wrong, each fault really made, says what to do, and changes nothing."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hub.cli import doctor, examining
from hub.cli.main import main
from hub.crypto.aead import new_key
from hub.pdp.bundle import MODULE_NAME, RULES_OF_MODULE, digest_of, read_bundle
from hub.store import inspection
from hub.wiring import ROOT
from tests.region import AT, opened, settings_of, template


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a hub that has been at work, looked at as of today in that region."""
    home = tmp_path / "home"
    shutil.copytree(template().home, home)
    os.chmod(home, 0o700)  # noqa: PTH101 - a copy has the rights of the folder it came in
    with opened(settings_of(home), template().names) as region:
        assert region.released("ggz-noord")
        (home / "log.vkey").write_text(f"{region.hub.log.key}\n")
    monkeypatch.setenv("HUB_HOME", str(home))
    monkeypatch.setattr(doctor, "utc_now", lambda: AT)
    return home


Examined = Callable[[], tuple[int, list[str]]]


@pytest.fixture
def examined(capsys: pytest.CaptureFixture[str]) -> Examined:
    def run() -> tuple[int, list[str]]:
        capsys.readouterr()
        status = main(["doctor"])
        return status, capsys.readouterr().out.splitlines()

    return run


def content(home: Path) -> list[list[str]]:
    found = []
    for name in ("hub.db", "keys/keys.db"):
        with closing(sqlite3.connect(home / name)) as base:
            found.append(list(base.iterdump()))
    return found


def test_a_hub_in_order(home: Path, examined: Examined) -> None:
    before, files = content(home), sorted(path.name for path in home.rglob("*"))
    status, lines = examined()
    assert status == 0, lines
    assert [line[:7] for line in lines].count("goed   ") == 8
    assert lines[0].startswith("let op  instellingen: dit is het demoprofiel -> ")
    assert content(home) == before
    assert sorted(path.name for path in home.rglob("*")) == files


def test_how_many_notices_are_open(home: Path, examined: Examined) -> None:
    sql(
        "hub.db",
        "INSERT INTO outbox VALUES ('een', 'alarm', 'c', '', '', '', NULL), ('twee', 'alarm', 'c', '', '', '', 'x')",
    )(home)
    status, lines = examined()
    assert status == 0
    assert "let op  meldingen: open: 1 -> `hub meldingen` toont wat de hub zelf heeft gemeld" in lines


def test_beside_a_hub_at_work(home: Path, examined: Examined) -> None:
    with opened(settings_of(home), template().names) as region:
        assert region.released("politie-noord")
        assert examined()[0] == 0
        assert region.released("politie-noord")


def test_nothing_is_made_where_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, examined: Examined
) -> None:
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "none"))
    status, lines = examined()
    assert status == 1
    assert sum("er is er nog geen" in line for line in lines) == 2
    assert not (tmp_path / "none").exists()


# --- faults in the stores and keys ---


def sql(name: str, *statements: str) -> Callable[[Path], None]:
    def harm(home: Path) -> None:
        with closing(sqlite3.connect(home / name)) as base:
            for statement in statements:
                base.execute(statement)
                base.commit()

    return harm


def kek(home: Path) -> Path:
    return next((home / "keys").glob("kek-*.key"))


def other_kek(home: Path) -> None:
    kek(home).write_bytes(new_key())


def no_store(home: Path) -> None:
    (home / "hub.db").unlink()


def other_vkey(home: Path) -> None:
    (home / "log.vkey").write_text("hub/log+00000000+AAAA\n")


class Fault(NamedTuple):
    make: Callable[[Path], Any]
    said: str
    remedy: str


FAULTS = {
    "key open to others": Fault(lambda home: kek(home).chmod(0o644), "leesbaar of schrijfbaar voor anderen", "0600"),
    "folder open to others": Fault(lambda home: (home / "keys").chmod(0o777), "voor anderen", "0700"),
    "store open to others": Fault(lambda home: (home / "hub.db").chmod(0o640), "hub.db is leesbaar", "0600"),
    "another key": Fault(other_kek, "past niet op deze sleutelopslag", "herstel de hoofdsleutel"),
    "no key": Fault(lambda home: kek(home).unlink(), "is niet te lezen", "herstel de hoofdsleutel"),
    "key store without keys": Fault(
        sql("keys/keys.db", "DELETE FROM wrapped_keys WHERE name = 'hub/index'"), "eigen sleutels", "sleutelopslag terug"
    ),
    "no store": Fault(no_store, "opslag: de database is niet te bereiken", "HUB_STORE_URL"),
    "another journal": Fault(sql("hub.db", "PRAGMA journal_mode = DELETE"), "journal_mode staat op delete", "stel"),
    "another journal of keys": Fault(sql("keys/keys.db", "PRAGMA journal_mode = DELETE"), "sleutels: journal_mode", ""),
    "a table gone": Fault(sql("hub.db", "DROP TABLE outbox"), "ontbreken tabellen of kolommen: outbox", "start de hub"),
    "a column gone": Fault(sql("hub.db", "ALTER TABLE outbox DROP COLUMN created_at"), "outbox.created_at", "start"),
    "an entry changed": Fault(
        sql("hub.db", "UPDATE log_entries SET told = zeroblob(80) WHERE idx = 90"), "eerste: 90", "zet niets terug"
    ),
    "an entry gone": Fault(sql("hub.db", "DELETE FROM log_entries WHERE idx = 90"), "andere stand", "bewaar de opslag"),
    "a leaf changed": Fault(
        sql("hub.db", "UPDATE log_entries SET pair = zeroblob(64) WHERE idx = 5"), "andere stand", "log check"
    ),
    "a record gone": Fault(
        sql("hub.db", "DELETE FROM processing_records WHERE idx = 90"), "verwerkingsrecord (eerste: 90)", "bewaar"
    ),
    "head put back": Fault(sql("hub.db", "UPDATE log_head SET root = zeroblob(32)"), "andere stand", "log check"),
    "checkpoint of others": Fault(
        sql("hub.db", "UPDATE log_checkpoints SET note = replace(note, 'hub/log', 'een/log')"),
        "niet goed ondertekend", "log check",
    ),
    "checkpoint behind": Fault(
        sql("hub.db", "DELETE FROM log_checkpoints WHERE size = (SELECT max(size) FROM log_checkpoints)"),
        "niet die van het logboek", "log check",
    ),
    "head gone": Fault(sql("hub.db", "DELETE FROM log_head"), "niet die van het logboek", "bewaar de opslag"),
    "head at nothing": Fault(sql("hub.db", "UPDATE log_head SET size = 0"), "niet die van het logboek", "log check"),
    "head and entries gone": Fault(
        sql("hub.db", "DELETE FROM log_head", "DELETE FROM log_entries"), "niet die van het logboek", "bewaar de opslag"
    ),
    "head and checkpoints gone": Fault(
        sql("hub.db", "DELETE FROM log_head", "DELETE FROM log_checkpoints"), "andere stand", "bewaar de opslag"
    ),
    "an entry past the end": Fault(
        sql("hub.db", "INSERT INTO log_entries SELECT 9999, kind, at, log_key, pair, told, internal FROM log_entries LIMIT 1"),
        "andere stand", "log check",
    ),
    "an entry of no instant": Fault(
        sql("hub.db", "UPDATE log_entries SET at = 'gisteren' WHERE idx = (SELECT max(idx) FROM log_entries)"),
        "klok: de nieuwste regel of stand van het logboek heeft geen tijdstip", "log check",
    ),
    "a checkpoint of no instant": Fault(
        sql("hub.db", "UPDATE log_checkpoints SET at = 'gisteren'"),
        "klok: de nieuwste regel of stand van het logboek heeft geen tijdstip", "log check",
    ),
    "a public key that is no text": Fault(
        lambda home: (home / "log.vkey").write_bytes(b"\xff\xfe"), "log.vkey is niet die van dit logboek", "HUB_PUBLIC_URL"
    ),
    "another public key": Fault(other_vkey, "log.vkey is niet die van dit logboek", "HUB_PUBLIC_URL"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_and_says_what_to_do(home: Path, examined: Examined, fault: str) -> None:
    FAULTS[fault].make(home)
    files = {path.name for path in home.rglob("*")} - {"hub.db-wal", "hub.db-shm", "keys.db-wal", "keys.db-shm"}
    status, lines = examined()
    assert {path.name for path in home.rglob("*")} <= files, "nothing is made"
    found = [line for line in lines if FAULTS[fault].said in line]
    assert found, lines
    assert all(line.startswith("fout ") for line in found)
    assert all(FAULTS[fault].remedy in line.partition(" -> ")[2] for line in found)
    assert status == 1


def test_a_tile_that_was_changed(home: Path, examined: Examined) -> None:
    with opened(settings_of(home), template().names) as region:
        while region.size() < 260:
            region.release("politie-noord", "naam")
    assert examined()[0] == 0
    sql("hub.db", "UPDATE log_tiles SET hashes = zeroblob(8192) WHERE level = 0")(home)
    assert any("volle tegel (0/0)" in line for line in examined()[1])


def test_a_store_that_takes_no_writes(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(home / "hub.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, lines = examined()
    assert status == 1
    assert any("opslag: de database neemt niets aan" in line for line in lines)


# --- settings, policy, clock, disk ---


@pytest.fixture
def policies(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "policies", home / "policies")
    monkeypatch.setenv("HUB_POLICIES", str(home / "policies"))
    return home / "policies"


def test_a_policy_that_does_not_load(policies: Path, examined: Examined) -> None:
    rules = next(path for path in sorted(policies.rglob("*.rego")) if not path.name.endswith("_test.rego"))
    rules.write_text(rules.read_text() + "\n# other rules, so that the module here counts\n")
    (policies / RULES_OF_MODULE).write_text(digest_of(read_bundle(policies).rules))
    (policies / MODULE_NAME).write_bytes(b"\0asm")
    status, lines = examined()
    assert status == 1
    assert any(line.startswith("fout    beleid: ") and "HUB_POLICIES" in line for line in lines)


def test_a_policy_that_answers_otherwise(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(examining.KNOWN, "legal_bases", [])
    status, lines = examined()
    assert status == 1
    assert any("een bekende vraag krijgt een ander antwoord" in line for line in lines)
    assert home


def test_another_policy_than_of_the_newest_decision_is_no_fault_but_is_said(policies: Path, examined: Examined) -> None:
    rules = next(path for path in sorted(policies.rglob("*.rego")) if not path.name.endswith("_test.rego"))
    rules.write_text(rules.read_text() + "\n# another revision\n")
    status, lines = examined()
    assert any(line.startswith("let op  beleid: het beleid is een ander") for line in lines)
    assert status in (0, 1)


def test_a_clock_that_is_behind(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "utc_now", lambda: AT.replace(hour=10))
    status, lines = examined()
    assert status == 1
    assert any(line.startswith("fout    klok: de klok loopt 3600 seconden achter") for line in lines)
    assert home


@pytest.mark.parametrize(("free", "grade"), [(50 << 20, "fout"), (500 << 20, "let op"), (5 << 30, "goed")])
def test_room_on_the_disk(
    home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch, free: int, grade: str
) -> None:
    monkeypatch.setattr(examining.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, free))  # type: ignore[attr-defined]
    status, lines = examined()
    assert [line[:7].strip() for line in lines if " schijf: " in line] == [grade]
    assert status == (grade == "fout")
    assert home


def test_all_reasons_of_production_at_once(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PROFILE", "production")
    monkeypatch.setenv("HUB_TLS_KEY", str(home / "none.key"))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example.nl:4318")
    status, lines = examined()
    found = [line for line in lines if line.startswith("fout    instellingen: ")]
    assert status == 1
    for name in (
        "HUB_ISSUER",
        "HUB_KEK",
        "HUB_STORE_URL",
        "HUB_KEYS_URL",
        "HUB_PUBLIC_URL",
        "HUB_TLS_KEY",
        "beleid",
        "OTEL",
    ):
        assert any(name in line for line in found), (name, found)


def test_a_setting_that_cannot_be_read(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PORT", "eighty")
    assert examined() == (1, [line for line in examined()[1] if "HUB_PORT" in line])
    assert home
