"""`rotate`: keys under a new key-encryption key, and casussen under new casus keys, while the looks go on.

The first is the operator's word, `hub sleutels rotate`, in a process of its own beside the hub. `rotate_casus` brings each
casus under a new casus key by the function of the hub, also in another process. Turns without looks give what they cost.
"""

import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

from tests.bench import running
from tests.bench.load import Outcome
from tests.bench.looks import Looks, Pair, drawn
from tests.bench.paired import compared
from tests.bench.running import Running
from tests.bench.world import SEED, World, world

WAVE = 100
"""Looks in a burst: the load ends soon after the keys are done."""

Act = Callable[[World], tuple[int, float]]
"""Re-wraps: how many, in how many seconds."""


def measure(count: int, *, rounds: int) -> dict[str, dict[str, float]]:
    """`rotate` and `rotate_casus`: keys a second beside looks (`ours`) and alone (`other`); `failed`: looks refused."""
    with world(count) as found, running.hub(found.settings.home) as hub:
        looks, pairs = Looks(found, hub.base), drawn(found.casussen, SEED)
        looks.send(itertools.islice(pairs, WAVE), [hub.port])
        return {
            name: _measured(name, act, (found, hub, looks, pairs), rounds)
            for name, act in (("rotate", rotate), ("rotate_casus", renew))
        }


def rotate(found: World) -> tuple[int, float]:
    """`hub sleutels rotate`: all keys under a next key-encryption key. The start of the command is counted too."""
    begin = time.monotonic()
    told = _python(found, ["hub.cli", "sleutels", "rotate", "--operator", "demonstratie"])
    return int(told.split()[0]), time.monotonic() - begin


def renew(found: World) -> tuple[int, float]:
    """All casussen under casus keys of a next generation; older ones are destroyed."""
    done = _python(found, ["tests.bench.renewing"])
    moved, seconds = done.split()
    return int(moved), float(seconds)


def _measured(name: str, act: Act, side: tuple[World, Running, Looks, Iterator[Pair]], rounds: int) -> dict[str, float]:
    found, hub, looks, pairs = side
    rates, outcomes, moved = list[tuple[float, float]](), list[Outcome](), 0
    for _ in range(rounds):
        keys, seconds = _beside(lambda: act(found), lambda: outcomes.append(_wave(looks, pairs, hub)))
        keys_alone, seconds_alone = act(found)
        rates.append((keys / seconds, keys_alone / seconds_alone))
        moved += keys
    good = sum(outcome.good for outcome in outcomes)
    result = {
        **compared(rates),
        "looks": good / sum(outcome.seconds for outcome in outcomes),
        "failed": running.refused(outcomes),
    }
    print(f"{name}: {len(found.casussen)} casussen, seed {SEED}, {rounds} rounds; {moved} keys beside looks: "
          f"{result['ours']:.0f}/s, alone {result['other']:.0f}/s, ratio {result['ratio']:.2f}; "
          f"{good} looks, {result['looks']:.0f}/s, {result['failed']:.0f} failed; "
          f"{hub.most_megabytes:.0f} MB at most", flush=True)  # fmt: skip
    return result


def _beside(act: Callable[[], tuple[int, float]], wave: Callable[[], None]) -> tuple[int, float]:
    """What `act` gives, while wave after wave goes on."""
    results: list[tuple[int, float]] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(act())
        except Exception as fault:  # noqa: BLE001 - told to who waits for it
            faults.append(fault)

    acting = threading.Thread(target=run)
    wave()
    acting.start()
    while acting.is_alive():
        wave()
    acting.join()
    if faults:
        raise faults[0]
    return results[0]


def _wave(looks: Looks, pairs: Iterator[Pair], hub: Running) -> Outcome:
    return looks.send(itertools.islice(pairs, WAVE), [hub.port], must_be_good=False)


def _python(found: World, words: list[str]) -> str:
    environment = {**os.environ, "HUB_HOME": str(found.settings.home)}
    done = subprocess.run(
        [sys.executable, "-m", *words], env=environment, capture_output=True, text=True, check=False, timeout=3600
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
