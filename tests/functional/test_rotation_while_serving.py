"""`hub sleutels` beside a server that is asked, delivered to and filed at all the time: nobody notices."""

import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.region import CLOSED_TABLE, OPEN, OWN_FORM, Line, Server, template_of_today

ADVICE = "bejegeningsadvies"
ASKER, CARE, FILER, COLLEAGUE = "politie-noord", "ggz-noord", "gemeente-noord", "forfact-noord"
QUESTION = {"doel": "D02", "velden": ["naam", ADVICE]}
CRITERIA = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "op meer terreinen")
ROUNDS = 5
"""Calls of each kind that every rotation has to live with, at least."""


class Load:
    """Partners that call without end, and what went wrong."""

    def __init__(self, running: Server) -> None:
        self.running, self.ended, self.turn = running, threading.Event(), threading.Condition()
        self.calls: dict[str, Callable[[int], None]] = {"anew": self.anew, "more": self.file_and_same}
        self.done = dict.fromkeys(self.calls, 0)
        self.faults: list[str] = []
        self.filed: list[str] = []
        self.lines: dict[str, Line] = {}
        self.reach(running)

    def reach(self, running: Server) -> None:
        """The partners call this server from now on."""
        self.close()
        self.lines = {one: Line(running.base, running.home, one) for one in (ASKER, CARE, FILER, COLLEAGUE)}

    def close(self) -> None:
        """End the connections."""
        for line in self.lines.values():
            line.http.close()

    def run(self, what: str) -> None:
        """Call after call, until the end."""
        while not self.ended.is_set():
            try:
                self.calls[what](self.done[what])
            except Exception as fault:  # noqa: BLE001 - each of them is what the test looks for
                self.faults.append(f"{what}: {fault!r}")
            with self.turn:
                self.done[what] += 1
                self.turn.notify_all()

    def more(self, rounds: int) -> None:
        """Wait until so many calls of each kind more were answered."""
        with self.turn:
            aim = {what: count + rounds for what, count in self.done.items()}
            assert self.turn.wait_for(lambda: all(self.done[what] >= aim[what] for what in aim), 60)

    def anew(self, number: int) -> None:
        """A new text each time, that the next question gets."""
        document = {"velden": [{"veld": ADVICE, "niveaus": {"sam": f"advies {number}"}}]}
        taken(self.lines[CARE].post(f"/casussen/{name(CARE)}/leveringen", document, media=OWN_FORM))
        answer = taken(self.lines[ASKER].post(f"/casussen/{name(ASKER)}/raadplegingen", QUESTION))
        values = {item["veld"]: item["waarde"] for item in answer["gegevens"]}
        assert set(values) == {"naam", ADVICE}
        assert values[ADVICE] == f"advies {number}"

    def same(self) -> None:
        """The same question each time, that caches answer."""
        path = f"/casussen/{name(COLLEAGUE, CLOSED_TABLE)}/raadplegingen"
        answer = taken(self.lines[COLLEAGUE].post(path, {"doel": "D02", "velden": ["*"]}))
        assert "diagnose_dsm" in {item["veld"] for item in answer["gegevens"]}

    def file_and_same(self, number: int) -> None:
        """Both, in turn."""
        self.file(number)
        self.same()

    def file(self, number: int) -> None:
        """A new casus each time: new keys."""
        person = {"naam": f"Toets {number}", "geboortedatum": "1990-01-01"}
        body = {"persoon": person, "criteria": CRITERIA, "regime": "wgs_zvh", "triagegroep": [FILER]}
        self.filed.append(taken(self.lines[FILER].post("/casussen", body))["casus"])


def taken(answer: httpx.Response) -> dict[str, Any]:
    """The body of an answer that is no refusal."""
    assert answer.status_code in (200, 201), f"{answer.status_code} {answer.text}"
    found: dict[str, Any] = answer.json()
    return found


def name(partner: str, casus: str = OPEN) -> str:
    """A partner's name of a casus."""
    return template_of_today().names[casus][partner]


def under(home: Path) -> set[str]:
    """The key-encryption keys under which any key stands now, read past the hub."""
    with closing(sqlite3.connect(home / "keys" / "keys.db")) as store:
        return {ref for (ref,) in store.execute("SELECT DISTINCT kek_ref FROM wrapped_keys")}


def named(home: Path, prefix: str) -> set[str]:
    """The names of the keys that start so, read past the hub."""
    with closing(sqlite3.connect(home / "keys" / "keys.db")) as store:
        return {name for (name,) in store.execute("SELECT name FROM wrapped_keys WHERE name LIKE ?", (f"{prefix}%",))}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(template_of_today().home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def started() -> Iterator[list[Server]]:
    """Servers that a test started."""
    found: list[Server] = []
    yield found
    for one in found:
        if one.process.poll() is None:
            one.stop(signal.SIGKILL)


def served(home: Path, started: list[Server]) -> Server:
    """A server that is ready."""
    started.append(Server(home))
    started[-1].wait_until_ready()
    return started[-1]


def _under_load(home: Path, started: list[Server], act: Callable[[Load, Path], None]) -> Load:
    """Do `act` beside a server at work: no request fails."""
    load = Load(served(home, started))
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(load.run, what) for what in load.calls]
        try:
            act(load, home)
        finally:
            load.ended.set()
        for call in calls:
            call.result(60)
    assert load.faults == []
    assert started[-1].stop(signal.SIGINT) == 0
    assert "Traceback" not in started[-1].printed()
    return load


def test_keys_rotate_under_a_running_server_and_no_request_fails(home: Path, started: list[Server]) -> None:
    load = _under_load(home, started, _rotated_under)
    _without_the_older_key(home, started, load)
    load.close()


def test_casus_keys_and_that_of_tokens_are_renewed_under_a_running_server(home: Path, started: list[Server]) -> None:
    before = named(home, "casus/")
    load = _under_load(home, started, _renewed_under)
    assert not before & named(home, "casus/"), "the older ones are gone"
    load.reach(served(home, started))
    load.same()
    load.anew(0)
    load.close()


def _renewed_under(load: Load, home: Path) -> None:
    load.more(ROUNDS)
    renewed = load.running.run("sleutels", "casussen", "--operator", "demonstratie")
    assert (renewed.returncode, renewed.stderr) == (0, "")
    assert "casussen hebben een nieuwe sleutel" in renewed.stdout
    access = load.running.run("sleutels", "toegang", "--operator", "demonstratie")
    assert (access.returncode, access.stderr) == (0, "")
    assert len(named(home, "hub/token-signing/")) == 2
    load.more(ROUNDS)


def _rotated_under(load: Load, home: Path) -> None:
    load.more(ROUNDS)
    before = dict(load.done)
    rotated = load.running.run("sleutels", "rotate", "--operator", "demonstratie")
    assert (rotated.returncode, rotated.stderr) == (0, "")
    assert "onder hoofdsleutel 2" in rotated.stdout
    assert all(load.done[what] > before[what] for what in before), "they called meanwhile"
    load.more(ROUNDS)
    assert under(home) == {"2"}, "nothing stands under an older key, what came in meanwhile neither"


def _without_the_older_key(home: Path, started: list[Server], load: Load) -> None:
    """The older key-encryption key is gone, and everything opens still."""
    (home / "keys" / "kek-1.key").unlink()
    after = served(home, started)
    load.reach(after)
    load.same()
    load.anew(0)
    document = {"velden": [{"veld": "woonvorm", "niveaus": {"sam": "alleen"}}]}
    for casus in load.filed[::5]:
        taken(load.lines[FILER].post(f"/casussen/{casus}/leveringen", document, media=OWN_FORM))
    assert after.run("log", "check").returncode == 0
