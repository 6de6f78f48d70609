"""`hub doctor` finds what is wrong, each fault really made, says what to do, and changes nothing."""

import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hub.crypto.aead import new_key
from hub.pdp.bundle import server_bundle
from hub.policy_wiring import policy_key_file
from hub.store import inspection
from tests.examined import Examined
from tests.region import opened, settings_of, template
from tests.revised import Operators, changed_policy, without
from tests.servers import opa


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
    assert sum("er is nog geen database" in line for line in lines) == 2
    assert any("schijf: de map van HUB_HOME is er nog niet" in line for line in lines)
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


def zeros(at: int, count: int) -> Callable[[Path], None]:
    def harm(home: Path) -> None:
        sql("hub.db", "PRAGMA wal_checkpoint(TRUNCATE)")(home)
        with (home / "hub.db").open("r+b") as file:
            file.seek(at)
            file.write(bytes(count))

    return harm


def foreign(home: Path) -> None:
    """A key of somebody else. Only root can give a file away; for another user nothing but his own number moves."""
    if os.geteuid() == 0:
        os.chown(kek(home), OTHER_USER, -1)
    else:
        pytest.skip("only root can give a file to another user")


def other_vkey(home: Path) -> None:
    (home / "log.vkey").write_text("hub/log+00000000+AAAA\n")


OTHER_USER = 65534


@contextmanager
def as_another_user(home: Path) -> Iterator[None]:
    """Looked at by somebody who may not enter the home of the hub."""
    home.chmod(0o700 if os.geteuid() == 0 else 0)
    own = os.geteuid()
    try:
        if own == 0:
            os.seteuid(OTHER_USER)
        yield
    finally:
        os.seteuid(own)
        home.chmod(0o700)


class Fault(NamedTuple):
    make: Callable[[Path], Any]
    said: str
    remedy: str


FAULTS = {
    "key open to others": Fault(lambda home: kek(home).chmod(0o644), "leesbaar of schrijfbaar voor anderen", "0600"),
    "folder open to others": Fault(lambda home: (home / "keys").chmod(0o777), "voor anderen", "0700"),
    "store open to others": Fault(lambda home: (home / "hub.db").chmod(0o640), "hub.db is leesbaar", "0600"),
    "another key": Fault(other_kek, "past niet op deze sleutelopslag", "zet de hoofdsleutel terug die"),
    "no key": Fault(lambda home: kek(home).unlink(), "is niet te lezen (het is er niet)", "zet hem dan terug"),
    "key open to all who look": Fault(lambda home: kek(home).chmod(0o604), "sleutels: Het sleutelbestand", "0600"),
    "key of another user": Fault(foreign, "is van een andere gebruiker", "de gebruiker van de hub"),
    "no first key": Fault(
        sql("keys/keys.db", "DELETE FROM key_meta WHERE name = 'kek'"), "er is nog geen hoofdsleutel", "hub serve"
    ),
    "key store without keys": Fault(
        sql("keys/keys.db", "DELETE FROM wrapped_keys WHERE name = 'hub/index'"), "eigen sleutels", "sleutelopslag terug"
    ),
    "no store": Fault(no_store, "opslag: er is nog geen database", "HUB_STORE_URL"),
    "pages of zeros": Fault(zeros(4096 * 8, 20_480), "opslag: de database is stuk", "hele kopie terug"),
    "zeros at the start": Fault(zeros(0, 20_480), "opslag: dit bestand is geen database", "hele kopie terug"),
    "no log without the store": Fault(zeros(4096 * 8, 20_480), "niet te bekijken zonder opslag", "los eerst de opslag op"),
    "no log without the key": Fault(other_kek, "niet te bekijken zonder sleutels", "los eerst de sleutels op"),
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


def test_a_full_disk_is_no_reason_to_put_back_a_copy(home: Path, examined: Examined) -> None:
    before, (soft, hard) = content(home), resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow: what SQLite makes beside a database to read it finds no room, as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        status, lines = examined()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert status == 1
    for part in ("sleutels", "opslag"):
        assert any(f"{part}: de database gaat nu niet open -> zet niets terug" in line for line in lines), lines
    assert not any("geen database" in line or "kopie" in line for line in lines), lines
    assert content(home) == before
    assert examined()[0] == 0


def test_a_revision_that_counts(home: Path, tmp_path: Path, examined: Examined) -> None:
    with opened(settings_of(home), template().names) as region:
        operators = Operators.on_record(region.hub)
        revision = operators.filed(changed_policy(tmp_path / "beleid", without("D02", "G01")))
        operators.governing.activate(revision, ["politie-noord"], operators.other)
        region.release("politie-noord", "naam")
        assert f"goed    beleid: voor 1 partner geldt revisie {revision[:19]}…" in examined()[1]
        operators.governing.activate(revision, None, operators.other)
        region.release("ggz-noord", "naam")
    status, lines = examined()
    assert status == 0
    assert f"goed    beleid: voor iedereen geldt revisie {revision[:19]}…" in lines
    assert not any("het beleid is een ander dan" in line for line in lines), lines
    policy_key_file(settings_of(home)).unlink()
    status, lines = examined()
    assert status == 1
    assert any("fout    beleid: een revisie die geldt, kan niet beslissen: De sleutel" in line for line in lines), lines
    sql("hub.db", "UPDATE policy_activations SET signature = zeroblob(64)")(home)
    assert any(
        "fout    beleid: Welke revisie geldt, staat niet goed ondertekend vast" in line for line in examined()[1]
    )


def test_servers_are_asked_for_the_revision_that_counts(
    home: Path, tmp_path: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(settings_of(home), template().names) as region:
        operators = Operators.on_record(region.hub)
        revision = operators.filed(changed_policy(tmp_path / "beleid", without("D02", "G01")))
        for partners in (["politie-noord"], None):
            operators.governing.activate(revision, partners, operators.other)
        counting = region.hub.in_force.everyone().bundle
    monkeypatch.setenv("HUB_POLICY_ENGINE", "opa")
    for served, status, said in ((counting, 0, False), (region.hub.bundle, 1, True)):
        with opa(server_bundle(served)) as server:
            token = home / "opa-token"
            token.write_text(server.token)
            token.chmod(0o600)
            monkeypatch.setenv("HUB_OPA_SERVERS", f"een={server.url}")
            monkeypatch.setenv("HUB_OPA_TOKEN_FILE", str(token))
            monkeypatch.setenv("HUB_OPA_CA_FILE", str(server.ca_file))
            found, lines = examined()
        assert found == status, lines
        assert any("OPA-server een" in line for line in lines) is said, lines


def test_who_may_not_come_near_the_files_is_told_so(home: Path, examined: Examined) -> None:
    examined()
    with as_another_user(home):
        status, lines = examined()
    assert status == 1
    assert not any("niemand voorzag" in line or "nog geen" in line for line in lines), lines
    for part in (
        "rechten: deze gebruiker mag niet bij",
        "sleutels: deze gebruiker mag de database niet lezen",
        "opslag: deze gebruiker mag de database niet lezen",
    ):
        assert any(part in line and "-> draai dit als de gebruiker van de hub" in line for line in lines), (part, lines)


def test_a_store_that_may_only_be_read(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    # As SQLite answers where it may not make the files that a reader needs beside the store.
    zeros(0, 100)(home)
    monkeypatch.setattr(inspection, "_may_be_written", lambda _: False)
    status, lines = examined()
    assert status == 1
    assert any(
        line.startswith("fout    opslag: de database neemt niets aan -> geef de hub schrijfrecht") for line in lines
    )


def test_a_damaged_page_is_not_looked_for_longer_than_a_moment(
    home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "_READ_SECONDS", -1.0)
    assert examined()[0] == 0
    assert home
