"""`view`: looks of 72 fields over a socket against a plain route that returns the same body, pair by pair, in one run."""

import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.identity.client import assertion, dpop_proof, dpop_proofs, token_form
from tests.bench import load
from tests.bench.world import ASKER, USERS, World

PURPOSES = ("D02", "D03", "D09")
CONNECTIONS = 8
BURST = 500


def measure(world: World, *, caches: bool, rounds: int, requests: int) -> dict[str, Any]:
    """Requests a second of the hub and of the plain route in `rounds` pairs; medians, ratio and the hits of the cache."""
    hub_port, plain_port = _free_port(), _free_port()
    with _hub(world, hub_port, caches=caches) as base, _tokens(world, base) as tokens:
        body = _asked(world, tokens, hub_port, _every(world) if caches else 200)[1]
        released = len(json.loads(body)["gegevens"])
        with _plain(plain_port, body):
            ours, other = _pairs(world, tokens, (hub_port, plain_port), rounds, requests)
    ratio = statistics.median(a / b for a, b in zip(ours, other, strict=True))
    print(f"view, caches {'on' if caches else 'off'}: {released} of {len(world.fields)} fields released, "
          f"{len(body)} bytes; hub {statistics.median(ours):.0f}/s, plain {statistics.median(other):.0f}/s, "
          f"ratio {ratio:.2f}")  # fmt: skip
    return {"ours": statistics.median(ours), "other": statistics.median(other), "ratio": ratio, "released": released}


def _pairs(
    world: World, tokens: dict[str, str], ports: tuple[int, int], rounds: int, requests: int
) -> tuple[list[float], list[float]]:
    ours, other = [], []
    plain = [load.request("/plain", b"{}", {}, ports[1])] * requests
    load.run(ports[1], plain[:200], CONNECTIONS)
    for _ in range(rounds):
        ours.append(_asked(world, tokens, ports[0], requests)[0])
        other.append(load.run(ports[1], plain, CONNECTIONS).per_second)
    return ours, other


def _asked(world: World, tokens: dict[str, str], port: int, count: int) -> tuple[float, bytes]:
    """`count` requests: how many a second, and one body. In bursts: a proof is good for a minute."""
    seconds, body, chance = 0.0, b"", random.Random(count)
    every = list(itertools.product(PURPOSES, world.casussen))
    chance.shuffle(every)
    pairs = itertools.cycle(every)
    for first in range(0, count, BURST):
        burst = itertools.islice(pairs, min(BURST, count - first))
        outcome = load.run(port, _requests(world, tokens, port, burst), CONNECTIONS)
        if outcome.bad:
            raise RuntimeError(f"{outcome.bad} requests were refused")
        seconds, body = seconds + outcome.seconds, outcome.sample
    return count / seconds, body


def _every(world: World) -> int:
    return len(world.casussen) * len(PURPOSES)


def _requests(world: World, tokens: dict[str, str], port: int, pairs: Iterable[tuple[str, str]]) -> list[bytes]:
    """A request for each (purpose, casus), with a proof of its own, by any of the users."""
    chance = random.Random(7)
    base = f"http://127.0.0.1:{port}"
    found = []
    for purpose, casus in pairs:
        user = chance.choice(USERS)
        path = f"/v1/casussen/{casus}/raadplegingen"
        body = json.dumps({"doel": purpose, "velden": world.fields}).encode()
        proof = next(dpop_proofs(world.key, "POST", base + path, datetime.now(UTC), token=tokens[user]))
        found.append(load.request(path, body, {"Authorization": f"DPoP {tokens[user]}", "DPoP": proof}, port))
    return found


@contextmanager
def _tokens(world: World, base: str) -> Iterator[dict[str, str]]:
    tokens = {}
    url = f"{base}/oauth/token"
    for user in USERS:
        now = datetime.now(UTC)
        form = urllib.parse.urlencode(token_form(assertion(world.key, ASKER, user, url, now))).encode()
        call = urllib.request.Request(url, form, {"DPoP": dpop_proof(world.key, "POST", url, now)})
        with urllib.request.urlopen(call) as response:
            tokens[user] = json.load(response)["access_token"]
    yield tokens


@contextmanager
def _hub(world: World, port: int, *, caches: bool) -> Iterator[str]:
    environment = {
        **os.environ, "HUB_HOME": str(world.settings.home), "HUB_PORT": str(port),
        "HUB_CACHES": "on" if caches else "off",
    }  # fmt: skip
    hits = world.settings.home / "hits.json"
    with _process([sys.executable, "-m", "tests.bench.served", str(hits)], environment):
        base = f"http://127.0.0.1:{port}"
        _wait(f"{base}/gereed")
        yield base
    counted = json.loads(hits.read_text())
    print(
        f"cache of decisions: {counted['served']} of {counted['asked']} asked were served from it, the warm-up included;"
        f" the process held {counted['megabytes']} MB at most"
    )


@contextmanager
def _plain(port: int, body: bytes) -> Iterator[None]:
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"plain-{port}.json"
    path.write_bytes(body)
    with _process([sys.executable, "-m", "tests.bench.plain", str(port), str(path)], dict(os.environ)):
        _wait(f"http://127.0.0.1:{port}/gereed")
        yield
    path.unlink()


@contextmanager
def _process(command: Sequence[str], environment: dict[str, str]) -> Iterator[None]:
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        running.terminate()
        running.wait(timeout=30)


def _wait(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError("no server")


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
