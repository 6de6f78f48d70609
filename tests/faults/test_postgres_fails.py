"""PostgreSQL restarted, failed over, its lines cut; two hubs on it all the while. Nothing is lost, nothing is twice."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from hub.api.app import LANES
from hub.store.engine import _WRITER_LOCK
from tests import extent, servers
from tests.faults.forked import rotating, serving
from tests.faults.load import CARE, Lines, Load, made_at
from tests.faults.wire import Wire
from tests.region import AT, OPEN, Clock, make, opened, settings_of

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(3600)]
RESTARTS = extent.times(2, 30)
CUTS = extent.times(10, 100)
ENDED = extent.times(5, 100)
FAILOVERS = extent.times(1, 5)
CHANGES = extent.times(40, 400)


@pytest.fixture
def server(postgres_server: servers.Postgres) -> Iterator[servers.Postgres]:
    """A server of this test alone, for it is to fail. Skips where there is none."""
    with servers.postgres() as found:
        yield found


def _load(home: Path, url: Callable[[str], str], data: str, keys: str) -> Load:
    return Load(made_at(settings_of(home, store_url=url(data), keys_url=url(keys))))


@contextmanager
def _called(load: Load, count: int = 1) -> Iterator[list[str]]:
    """Partners call so many hubs without end; afterwards everything stands as it was answered."""
    with serving(load.place, count) as hubs:
        bases = [hub.base for hub in hubs]
        ended = threading.Event()
        with ThreadPoolExecutor(6) as pool:
            calls = load.run(pool, bases, ended)
            try:
                yield bases
            finally:
                ended.set()
        for call in calls:
            call.result()
        for base in bases:
            load.settle(base)
    load.must_stand()


def _told(what: str, load: Load, **figures: int) -> None:
    extent.told(
        what, **figures, changes=load.calls, looks=len(load.views), refused=load.refused, repeated=load.repeated
    )


def test_two_hubs_on_one_database_keep_one_log_and_hear_of_each_others_withdrawals(
    postgres_server: servers.Postgres, tmp_path: Path
) -> None:
    """What one hub is told, the other is asked for at once; keys rotate in a third process."""
    load = _load(tmp_path, postgres_server.url, postgres_server.create(), postgres_server.create())
    turning = rotating(load.place)
    with _called(load, 2):
        load.more(CHANGES)
        turning.kill()
    assert not load.codes, load.codes
    _told("two hubs", load, hubs=2)


def test_a_server_that_is_slow_holds_up_who_waits_for_it_and_nobody_else(
    postgres_server: servers.Postgres, tmp_path: Path
) -> None:
    """More looks wait for the turn to write than the hub takes on at once: it answers others, and in the end all of them."""
    data = postgres_server.create()
    load = _load(tmp_path, postgres_server.url, data, postgres_server.create())
    with (
        serving(load.place, 1) as hubs,
        closing(psycopg.connect(host=str(postgres_server.folder), user="postgres", dbname=data)) as other,
        ThreadPoolExecutor(LANES + 4) as pool,
    ):
        _look(load, hubs[0].base)
        other.execute(_WRITER_LOCK)
        looks = [pool.submit(_look, load, hubs[0].base) for _ in range(LANES + 4)]
        while not other.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchall():
            pass
        assert httpx.get(f"{hubs[0].base}/gezond").status_code == 200
        assert not any(look.done() for look in looks)
        other.commit()
        for look in looks:
            assert look.result()
    load.must_stand()


def _look(load: Load, base: str) -> dict[str, Any]:
    with Lines(load.place) as lines:
        return load.look(lines, base, CARE, OPEN, "naam")


def test_a_server_that_is_restarted_loses_and_doubles_nothing(server: servers.Postgres, tmp_path: Path) -> None:
    load = _load(tmp_path, server.url, server.create(), server.create())
    chance = extent.chance("restarts")
    with _called(load, 2):
        for number in range(RESTARTS):
            load.more(chance.randrange(1, 8))
            server.stop(("immediate", "fast")[number % 2])
            threading.Event().wait(chance.random() / 5)
            server.start()
        load.more(5)
    assert load.refused
    _told("server restarted", load, restarts=RESTARTS)


def test_connections_that_the_server_ends_lose_and_double_nothing(server: servers.Postgres, tmp_path: Path) -> None:
    load = _load(tmp_path, server.url, server.create(), server.create())
    chance = extent.chance("ended")
    with _called(load, 2):
        for _ in range(ENDED):
            load.more(chance.randrange(1, 5))
            threading.Event().wait(chance.random() / 20)
            server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")
        load.more(5)
    _told("connections ended by the server", load, times=ENDED)


def test_lines_that_are_cut_at_a_commit_lose_and_double_nothing(server: servers.Postgres, tmp_path: Path) -> None:
    """Before it the server never heard of it, after it the hub never heard that it was done: both look alike to the hub."""
    with closing(Wire(server.folder, extent.chance("cuts"))) as wire:
        load = _load(tmp_path, wire.url, server.create(), server.create())
        with _called(load, 2):
            wire.one_in = 8
            while min(wire.before, wire.after) < CUTS // 2:
                load.more(1)
            wire.one_in = 0
            load.more(5)
        # Of each that was cut somebody was told that it does not stand, or cannot be known to.
        assert load.refused >= wire.before
        _told("lines cut at a commit", load, before=wire.before, after=wire.after)


def test_a_replica_that_is_promoted_goes_on_where_the_other_was(tmp_path: Path, server: servers.Postgres) -> None:
    """The hub is told of both servers, and takes the one that writes. The replica confirms each commit."""
    figures = [_failed_over(tmp_path / str(number), extent.chance(f"failover {number}")) for number in range(FAILOVERS)]
    changes, refused, looks = (sum(each) for each in zip(*figures, strict=True))
    extent.told("replica promoted", failovers=FAILOVERS, changes=changes, refused=refused, looks=looks)


def _failed_over(home: Path, chance: random.Random) -> tuple[int, int, int]:
    with ExitStack() as stack:
        first = stack.enter_context(servers.postgres())
        data, keys = first.create(), first.create()
        second = stack.enter_context(servers.replica(first))
        first.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
        first.run("SELECT pg_reload_conf()")
        load = _load(home, lambda name: _either(first, second, name), data, keys)
        with _called(load, 2):
            load.more(chance.randrange(5, 15))
            first.stop()
            threading.Event().wait(chance.random() / 5)
            second.promote()
            load.more(10)
        assert load.refused
        return load.calls, load.refused, len(load.views)


def _either(first: servers.Postgres, second: servers.Postgres, name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={first.folder},{second.folder}&target_session_attrs=read-write"


def test_a_replica_that_lacks_entries_is_not_written_to(tmp_path: Path, server: servers.Postgres) -> None:
    """A running hub knows how far the log was: it refuses, where to go on would be to tell two stories."""
    data, keys = server.create(), server.create()
    with servers.replica(server) as second:
        urls = {"store_url": _either(server, second, data), "keys_url": _either(server, second, keys)}
        settings = settings_of(tmp_path, **urls)
        names = make(settings, AT)
        with opened(settings, names, Clock(AT)) as region:
            region.released("politie-noord", "naam")
            _await_same(server, second)
            second.stop("fast")
            region.released("politie-noord", "naam")
            size = region.size()
            server.stop("fast")
            second.start()
            second.promote()
            for _ in range(2):
                answer = region.ask("politie-noord", "naam")
                assert (answer.status_code, answer.json()["code"]) == (503, "opslag-niet-beschikbaar")
            assert region.size() < size
            second.stop("fast")
            server.start()
            assert region.released("politie-noord", "naam")
            assert region.faults() == []


def _await_same(first: servers.Postgres, second: servers.Postgres) -> None:
    """Until the replica has all that the other wrote."""
    first.run("CREATE TABLE mark ()")
    pause = threading.Event()
    for _ in range(500):
        try:
            second.run("SELECT FROM mark")
        except psycopg.Error:
            pause.wait(0.02)
        else:
            return
    raise AssertionError("the replica did not follow")
