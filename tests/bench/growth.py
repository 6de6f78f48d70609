"""What growth costs: the same looks in a store with twenty times the casussen, the memory under them, and a start.

`view_20k` asks in both for as many casussen as the smaller one has, in the larger one scattered over all of it: as in a
region that works on so many at a time, and has the others on file. `view_20k_all` draws from all casussen of each, so
that what is remembered covers a twentieth of the larger one and all of the smaller; `view_20k_no_caches` does so with
nothing remembered in either.
"""

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.bench import running
from tests.bench.looks import Looks, Pair, drawn, every_pair
from tests.bench.paired import compared
from tests.bench.running import Running
from tests.bench.view import served
from tests.bench.world import SEED, World, world

RECORDS = 40
"""Delivered fields a casus; 72 are asked."""

Rate = Callable[[Iterable[Pair]], float]
"""Looks a second of a round of these looks."""

Side = tuple[Rate, Sequence[str]]
"""How fast a hub is, and the casussen that it is asked for."""


def view(few: int, many: int, *, rounds: int, requests: int, warm: int) -> dict[str, Any]:
    """`view_20k`, `view_20k_all`, `memory_20k` and `view_20k_no_caches`. Each side: requests a second (megabytes), median
    of `rounds`."""
    with ExitStack() as stack:
        large, small = (stack.enter_context(world(count, RECORDS)) for count in (many, few))
        worked_on = {"view_20k": large.casussen[:: many // few], "view_20k_all": large.casussen}
        with _both(large, small, "on") as (one, two):
            results = {
                name: _in_turns(name, ((_rate(large, one), casussen), (_rate(small, two), small.casussen)), rounds,
                                requests, warm)
                for name, casussen in worked_on.items()
            }  # fmt: skip
            held = one.most_megabytes, two.most_megabytes
        with _both(large, small, "off") as (one, two):
            sides = (_rate(large, one), large.casussen), (_rate(small, two), small.casussen)
            results["view_20k_no_caches"] = _in_turns("view_20k_no_caches", sides, rounds, requests, few // 5)
    print(f"{many} and {few} casussen of {RECORDS} records, seed {SEED}, {rounds} rounds of {requests} looks, "
          f"{warm} to warm up: the processes held {held[0]:.0f} and {held[1]:.0f} MB at most (VmHWM)")  # fmt: skip
    return results | {"memory_20k": compared([held])}


@contextmanager
def _both(large: World, small: World, caches: str) -> Iterator[tuple[Running, Running]]:
    """A hub on each, as the benches of looks serve it."""
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(running.hub(each.settings.home, words=served(each), HUB_CACHES=caches))
            for each in (large, small)
        )
        yield one, two


def start(few: int, many: int, *, rounds: int) -> dict[str, Any]:
    """`start_20k`: seconds from the start of `hub serve` until `/gereed` says so, with many casussen and with few."""
    with world(many, RECORDS) as large, world(few, RECORDS) as small:
        found = compared([_started_in(large), _started_in(small)] for _ in range(rounds))
    print(f"start_20k: {rounds} starts each with {many} and {few} casussen: "
          f"{found['ours']:.2f} s and {found['other']:.2f} s")  # fmt: skip
    return found


def _started_in(world: World) -> float:
    with running.hub(world.settings.home, words=served(world)) as hub:
        return hub.started_in


def _rate(world: World, hub: Running) -> Rate:
    looks = Looks(world, hub.base)
    return lambda pairs: looks.send(pairs, [hub.port]).per_second


def _in_turns(name: str, sides: Sequence[Side], rounds: int, requests: int, warm: int) -> dict[str, float]:
    for rate, casussen in sides:
        every = every_pair(casussen)
        random.Random(SEED).shuffle(every)
        rate(every[:warm])
    pairs = [
        [rate(itertools.islice(drawn(casussen, SEED + turn), requests)) for rate, casussen in sides]
        for turn in range(1, rounds + 1)
    ]
    found = compared(pairs)
    print(f"{name}: {found['ours']:.0f}/s against {found['other']:.0f}/s, ratio {found['ratio']:.2f}", flush=True)
    return found
