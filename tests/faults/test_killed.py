"""A hub killed at any moment: what a client got stands in the log, under its proof; what was answered holds."""

import random
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from hub.wiring import utc_now
from tests import extent, servers
from tests.faults.forked import ForkedHub, rotating
from tests.faults.load import Load, Place, made_at
from tests.region import OPEN, Clock, Line, Server, opened, settings_of, template_of_today

MOMENTS = extent.times(10, 300)
A_STORE = 30
"""Moments that one store lives through at most; then it is checked as a whole, and another is made."""
ADVICE = "bejegeningsadvies"
Making = Callable[[int], Place]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Making]]:
    """Makes stores, each with a region as it stands now."""
    kind: str = request.param
    with ExitStack() as ended:

        def sqlite(number: int) -> Place:
            return made_at(settings_of(tmp_path / str(number)))

        def postgresql(number: int) -> Place:
            server: servers.Postgres = request.getfixturevalue("postgres_server")
            data, keys = server.create(), server.create()
            ended.callback(server.drop, data)
            ended.callback(server.drop, keys)
            home = tmp_path / str(number)
            return made_at(settings_of(home, store_url=server.url(data), keys_url=server.url(keys)))

        yield kind, sqlite if kind == "sqlite" else postgresql


@pytest.mark.timeout(3600)
def test_killed_at_random_moments_under_mixed_load(made: tuple[str, Making]) -> None:
    """Asks, deliveries, withdrawals, new casussen, and rotation of every key beside them."""
    kind, make = made
    chance = extent.chance(f"killed {kind}")
    loads = []
    for first in range(0, MOMENTS, A_STORE):
        load = Load(make(first))
        for _ in range(min(A_STORE, MOMENTS - first)):
            _killed_once(load, chance)
        _settled(load)
        load.must_stand()
        loads.append(load)
    changes, looks = sum(load.calls for load in loads), sum(len(load.views) for load in loads)
    unsure = sum(load.repeated for load in loads)
    extent.told(f"killed on {kind}", moments=MOMENTS, changes=changes, looks=looks, repeated=unsure)
    assert changes > MOMENTS
    assert looks > MOMENTS


def _killed_once(load: Load, chance: random.Random) -> None:
    """Hub and rotation, each killed at a moment of its own, some time after a few answers."""
    processes = [ForkedHub(load.place), rotating(load.place)]
    hub, ended = processes[0], threading.Event()
    assert isinstance(hub, ForkedHub)
    hub.wait_until_ready()
    load.settle(hub.base)
    with ThreadPoolExecutor(6) as pool:
        calls = load.run(pool, [hub.base], ended)
        load.more(chance.randrange(1, 5))
        chance.shuffle(processes)
        for process in processes:
            threading.Event().wait(chance.random() / 20)
            process.kill()
        ended.set()
    for call in calls:
        call.result()


def _settled(load: Load) -> None:
    hub = ForkedHub(load.place)
    hub.wait_until_ready()
    load.settle(hub.base)
    hub.kill()


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
