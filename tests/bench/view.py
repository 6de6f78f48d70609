"""`view`: looks of 72 fields over a socket against a plain route that returns the same body, pair by pair, in one run."""

import itertools
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import load, running
from tests.bench.load import Outcome
from tests.bench.looks import Looks, every_pair
from tests.bench.paired import compared
from tests.bench.running import Running
from tests.bench.world import World
from tests.servers import free_port


def measure(world: World, *, caches: bool, rounds: int, requests: int) -> dict[str, Any]:
    """Requests a second of the hub and of the plain route in `rounds` pairs; medians, ratio and the hits of the cache."""
    with _hub(world, caches=caches) as hub:
        looks = Looks(world, hub.base)
        warm = len(every_pair(world.casussen)) if caches else 200
        body = _asked(world, looks, hub, warm).samples[0]
        released = len(json.loads(body)["gegevens"])
        with _plain(body) as plain_port:
            result = compared(_pairs(world, looks, (hub, plain_port), rounds, requests))
        held = hub.most_megabytes
    print(f"view, caches {'on' if caches else 'off'}: {released} of {len(world.fields)} fields released, "
          f"{len(body)} bytes; hub {result['ours']:.0f}/s, plain {result['other']:.0f}/s, "
          f"ratio {result['ratio']:.2f}; the process held {held:.0f} MB at most")  # fmt: skip
    return {**result, "released": released}


def _pairs(
    world: World, looks: Looks, sides: tuple[Running, int], rounds: int, requests: int
) -> Iterator[tuple[float, float]]:
    hub, plain_port = sides
    plain = [load.request("/plain", b"{}", {}, plain_port)] * requests
    load.run([plain_port], plain[:200])
    for _ in range(rounds):
        yield _asked(world, looks, hub, requests).per_second, load.run([plain_port], plain).per_second


def _asked(world: World, looks: Looks, hub: Running, count: int) -> Outcome:
    every = every_pair(world.casussen)
    random.Random(count).shuffle(every)
    return looks.send(itertools.islice(itertools.cycle(every), count), [hub.port])


@contextmanager
def _hub(world: World, *, caches: bool) -> Iterator[Running]:
    hits = _hits(world)
    with running.hub(world.settings.home, words=served(world), HUB_CACHES="on" if caches else "off") as hub:
        yield hub
    counted = json.loads(hits.read_text())
    print(
        f"cache of decisions: {counted['served']} of {counted['asked']} asked were served from it, the warm-up included"
    )


def served(world: World) -> tuple[str, str]:
    """The words that serve a world: the hub, which writes at its end how its cache served."""
    return "tests.bench.served", str(_hits(world))


def _hits(world: World) -> Path:
    return world.settings.home / "hits.json"


@contextmanager
def _plain(body: bytes) -> Iterator[int]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.json"
        path.write_bytes(body)
        with running.process([sys.executable, "-m", "tests.bench.plain", str(port), str(path)], dict(os.environ)) as on:
            running.wait(f"http://127.0.0.1:{port}/gereed", on)
            yield port
