"""Hubs as processes of their own, what calls them, and what they use."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.identity.client import PrivateKey, assertion, dpop_proof, dpop_proofs, token_form
from tests.bench import load
from tests.servers import free_port

START_SECONDS = 60

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Running:
    """A hub on the air: its port, its process, the address by which partners know it, seconds from start to ready."""

    port: int
    pid: int
    base: str
    started_in: float

    @property
    def most_megabytes(self) -> float:
        """The most memory that it held so far (VmHWM)."""
        return _status(self.pid, "VmHWM") / 1024

    @property
    def processor_seconds(self) -> float:
        """What it used of the processors so far."""
        return processor_seconds(self.pid)


@dataclass
class Asker:
    """A user's system that asks and writes: its key and its token, which is fetched anew before it ends."""

    key: PrivateKey
    client: str
    user: str
    base: str
    _token: str = ""
    _since: float = float("-inf")

    def token(self) -> str:
        """A token that is good for a minute at least."""
        if time.monotonic() - self._since > 120:
            url, now = f"{self.base}/oauth/token", datetime.now(UTC)
            form = urllib.parse.urlencode(token_form(assertion(self.key, self.client, self.user, url, now))).encode()
            call = urllib.request.Request(url, form, {"DPoP": dpop_proof(self.key, "POST", url, now)})
            with urllib.request.urlopen(call) as response:
                self._token = json.load(response)["access_token"]
            self._since = time.monotonic()
        return self._token

    def ask(self, port: int, casus: str, purpose: str, fields: Sequence[str]) -> bytes:
        """A question, ready to be sent to `port`, with a proof of its own."""
        path, token = f"/v1/casussen/{casus}/raadplegingen", self.token()
        body = json.dumps({"doel": purpose, "velden": fields}).encode()
        proof = next(dpop_proofs(self.key, "POST", self.base + path, datetime.now(UTC), token=token))
        return load.request(path, body, {"Authorization": f"DPoP {token}", "DPoP": proof}, port)

    def post(self, path: str, body: Any, idempotency_key: str) -> dict[str, Any]:
        """One call that writes. Raises HTTPError when the hub says no."""
        url, token = f"{self.base}/v1{path}", self.token()
        headers = {
            "Authorization": f"DPoP {token}", "Content-Type": "application/json", "Idempotency-Key": idempotency_key,
            "DPoP": dpop_proof(self.key, "POST", url, datetime.now(UTC), token=token),
        }  # fmt: skip
        with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)) as response:
            answer: dict[str, Any] = json.load(response)
        return answer


@contextmanager
def hub(home: Path, *, port: int | None = None, words: Sequence[str] = (), **environment: str) -> Iterator[Running]:
    """A hub on the store at `home`, ready. `words`: what is run; by default `hub serve`."""
    found = port or free_port()
    command = [sys.executable, "-m", *(words or ("hub.cli", "serve"))]
    settings = {"HUB_HOME": str(home), "HUB_PORT": str(found), **environment}
    begin = time.monotonic()
    with process(command, {**os.environ, **settings}) as running:
        here = f"http://127.0.0.1:{found}"
        wait(f"{here}/gereed", running)
        took = time.monotonic() - begin
        yield Running(found, running.pid, environment.get("HUB_PUBLIC_URL", here), took)


@contextmanager
def process(command: Sequence[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process, ended afterwards."""
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(timeout=30)


def wait(url: str, running: "subprocess.Popen[bytes]") -> None:
    """Until `url` answers with 200."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and running.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    raise RuntimeError("no server")


def processor_seconds(*pids: int) -> float:
    """What processes used of the processors so far, in user and kernel."""
    found = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        found += int(fields[11]) + int(fields[12])
    return found / _TICKS


def children(pid: int) -> list[int]:
    """The processes that `pid` started and that still run."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def refused(outcomes: Iterable[load.Outcome]) -> int:
    """How many requests were not answered with 200."""
    return sum(outcome.bad for outcome in outcomes)


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
