"""Two OPA servers behind a real hub under load: one is killed and comes back, and no asker notices."""

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import servers
from tests.fleet import Fleet, fleet
from tests.region import OPEN, Line, Server, server, template_of_today

ASKERS = ("politie-noord", "ggz-noord", "gemeente-noord")
LEAST = 20
"""Questions answered in each of the three times: both servers, one, both again."""


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Fleet]]:
    """`hub serve`, and two servers that got their policy from it."""
    port = servers.free_port()
    (tmp_path / "fleet").mkdir()
    with fleet(tmp_path / "fleet", f"http://127.0.0.1:{port}") as found:
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        with server(tmp_path, port, lambda: start(found, f"http://127.0.0.1:{port}")) as hub:
            yield hub, found


def start(found: Fleet, base: str) -> None:
    """Start the servers as soon as the hub has something for them."""
    pause = threading.Event()
    with httpx.Client(trust_env=False, timeout=60) as http:
        for _ in range(900):
            with contextlib.suppress(httpx.HTTPError):
                if http.get(f"{base}/gezond").status_code == 200:
                    break
            pause.wait(0.1)
    found.start()


class Load:
    """Askers that ask without end, each of what it may see, and what they were answered."""

    def __init__(self, hub: Server) -> None:
        self._hub, self._names, self.ended = hub, template_of_today().names[OPEN], threading.Event()
        self.answered: Counter[str] = Counter()
        self.wrong: list[tuple[str, int, str]] = []
        self._moved = threading.Condition()

    def ask(self, asker: str) -> None:
        """Until the end, the same question: its answer has to be what it was at first."""
        line = Line(self._hub.base, self._hub.home, asker)
        with line.http:
            self._ask(asker, line)

    def _ask(self, asker: str, line: Line) -> None:
        first = None
        while not self.ended.is_set():
            answer = line.post(f"/casussen/{self._names[asker]}/raadplegingen", QUESTION)
            said = _said(answer)
            first = first or said
            if said is None or said != first:
                self.wrong.append((asker, answer.status_code, answer.text[:300]))
            with self._moved:
                self.answered[asker] += 1
                self._moved.notify_all()

    def wait_for_more(self) -> None:
        """Until every asker has had `LEAST` more answers."""
        with self._moved:
            aim = {asker: self.answered[asker] + LEAST for asker in ASKERS}
            assert self._moved.wait_for(lambda: all(self.answered[one] >= aim[one] for one in ASKERS), timeout=120)


QUESTION = {"doel": "D02", "velden": ["*"], "actie": "lezen"}


def _said(answer: httpx.Response) -> Any:
    """What was released and refused, without what differs each time; None where nothing was decided."""
    if answer.status_code != 200:
        return None
    body = answer.json()
    released = [(item["veld"], item["niveau"], item["bron"]) for item in body["gegevens"]]
    return released, body["geweigerd"], body["beleid"]


@pytest.mark.opa
def test_one_of_two_servers_is_killed_under_load_and_comes_back(running: tuple[Server, Fleet]) -> None:
    hub, found = running
    load = Load(hub)
    with ThreadPoolExecutor(len(ASKERS)) as threads:
        asking = [threads.submit(load.ask, asker) for asker in ASKERS]
        try:
            load.wait_for_more()
            found.processes[0].kill()
            load.wait_for_more()
            assert _ready(hub) == {"een": "server-onbereikbaar", "twee": "goed"}
            found.processes[0].start()
            load.wait_for_more()
            assert _ready(hub) == {"een": "goed", "twee": "goed"}
        finally:
            load.ended.set()
        for one in asking:
            one.result()
    assert load.wrong == []


def _ready(hub: Server) -> Any:
    answer = httpx.get(f"{hub.base}/gereed", trust_env=False, timeout=30)
    assert answer.status_code == 200
    return answer.json()["opa"]
