"""A server killed at any moment: what a client got stands in the log, under its proof; what was answered holds."""

import contextlib
import json
import multiprocessing
import os
import queue
import random
import shutil
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.audit.note import VerifierKey
from hub.audit.verify import Proven, verify_receipt
from hub.cli.main import main
from hub.wiring import open_hub, utc_now
from tests import servers
from tests.region import OPEN, OWN_FORM, Clock, Line, Server, await_ready, opened, settings_of, template_of_today

MOMENTS = 30
ADVICE = "bejegeningsadvies"
Got = list[tuple[str, dict[str, Any]]]


def _load(server: "Forked", ended: threading.Event, got: "queue.SimpleQueue[tuple[str, dict[str, Any]]]") -> None:
    """Ask and deliver until the server is gone, and keep what it answered."""
    names = template_of_today().names[OPEN]
    police, care = Line(server.base, server.home, "politie-noord"), Line(server.base, server.home, "ggz-noord")
    number = 0
    with police.http, care.http, contextlib.suppress(httpx.HTTPError):
        while not ended.is_set():
            number += 1
            if number % 3:
                body = {"doel": "D02", "velden": ["*"]}
                answer = police.post(f"/casussen/{names['politie-noord']}/raadplegingen", body)
            else:
                document = {"velden": [{"veld": ADVICE, "niveaus": {"sam": f"advies {number}"}}]}
                answer = care.post(f"/casussen/{names['ggz-noord']}/leveringen", document, media=OWN_FORM)
            if answer.status_code < 300:
                got.put(("view" if number % 3 else "delivery", answer.json()))


class Forked:
    """`hub serve`, forked from a process that has loaded everything, so that thirty starts do not take minutes."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, servers.free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = _FORKING.Process(target=_serve, args=(str(home), self.port), daemon=True)
        self.process.start()
        assert await_ready(self.base, self.process.is_alive), "the hub did not come up"

    def kill(self) -> None:
        """As the power that fails."""
        self.process.kill()
        self.process.join(30)


_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.faults.preload"])


def _serve(home: str, port: int) -> None:
    os.environ["HUB_HOME"] = home
    main(["serve", "--poort", str(port)])


def _killed_once(home: Path, chance: random.Random) -> Got:
    """One server, killed some time after a few answers."""
    server = Forked(home)
    ended, got = threading.Event(), queue.SimpleQueue[tuple[str, dict[str, Any]]]()
    with ThreadPoolExecutor(3) as pool:
        for _ in range(3):
            pool.submit(_load, server, ended, got)
        answers: Got = [got.get(timeout=60) for _ in range(chance.randrange(1, 5))]
        threading.Event().wait(chance.random() / 20)
        server.kill()
        ended.set()
    while not got.empty():
        answers.append(got.get())
    return answers


@pytest.mark.timeout(1200)
def test_killed_at_random_moments_under_load(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(template_of_today().home, home)
    chance = random.Random(9)
    _every_answer_stands(home, [answer for _ in range(MOMENTS) for answer in _killed_once(home, chance)])


def _every_answer_stands(home: Path, answers: Got) -> None:
    hub = open_hub(settings_of(home))
    try:
        with hub.store.snapshot() as moment:
            assert hub.log.check(moment) == []
            views = [answer for what, answer in answers if what == "view"]
            assert len(views) >= MOMENTS // 2
            for answer in views:
                proven = _proven(answer["ontvangstbewijs"], hub.log.key)
                told, _ = hub.log.read(moment, proven.index)
                names = [(item["veld"], item["bron"], item["niveau"]) for item in answer["gegevens"]]
                assert names
                assert names == [(item["veld"], item["bron"], item["niveau"]) for item in told["gegevens"]]
                assert told == proven.told
    finally:
        hub.close()


def _proven(receipt: dict[str, Any], key: VerifierKey) -> Proven:
    found = verify_receipt(json.dumps(receipt), key)
    assert isinstance(found, Proven)
    return found


def test_a_withdrawal_that_was_answered_holds_after_a_kill(tmp_path: Path) -> None:
    made = template_of_today()
    home = tmp_path / "home"
    shutil.copytree(made.home, home)
    server = Server(home)
    try:
        server.wait_until_ready()
        body = {"velden": [ADVICE], "veto": True}
        line = Line(server.base, home, "ggz-noord")
        with line.http:
            path = f"/casussen/{made.names[OPEN]['ggz-noord']}/bronvoorwaarden"
            assert line.post(path, body).status_code == 201
    finally:
        server.stop(signal.SIGKILL)
    with opened(settings_of(home), made.names, Clock(utc_now())) as after:
        assert not after.released("politie-noord", ADVICE)
        assert after.released("politie-noord", "naam")
        assert after.released("forfact-noord", casus="zorgteam"), "every casus opens"
