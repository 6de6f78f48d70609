"""Lanes that wait for a real PostgreSQL: others go on meanwhile, and what is broken off is nobody's answer."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from hub.errors import StoreUnavailable
from hub.lanes import aside, carried, in_lane
from hub.store import engine, journeys
from hub.store.connecting import open_engine
from hub.store.engine import Store
from hub.store.prepared import Sent, together
from hub.store.tables import key_meta
from hub.store.units import Tx
from tests import servers
from tests.no_log import no_log

pytestmark = pytest.mark.postgres
LOCK = 77


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    with closing(Store(postgres_url, no_log)) as made:
        yield made


@pytest.fixture
def held(postgres_url: str) -> Iterator[Connection]:
    """Somebody who holds `LOCK`, for which others wait as for a server that is slow."""
    engine = open_engine(postgres_url, pool_size=1)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
        yield connection
    engine.dispose()


def _let_go(held: Connection) -> None:
    held.exec_driver_sql(f"SELECT pg_advisory_unlock({LOCK})")


def _put(name: str) -> Callable[[Tx], Any]:
    return lambda tx: tx.connection.execute(insert(key_meta).values(name=name, value=b"1"))


def _waits_and_puts(name: str) -> Callable[[Tx], Any]:
    def unit(tx: Tx) -> None:
        tx.connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        _put(name)(tx)

    return unit


def _names(store: Store) -> list[str]:
    with store.snapshot() as moment:
        return sorted(moment.exec_driver_sql("SELECT name FROM key_meta").scalars())


def _read_slowly(store: Store) -> str:
    """Waits for `LOCK` in one journey with another question."""
    with store.snapshot() as moment:
        with together(moment):
            moment.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        answer: str = moment.exec_driver_sql("SELECT 'slow'").scalar_one()
        return answer


async def _until_it_waits(held: Connection) -> list[int]:
    """The processes of the server in which somebody waits by then."""
    waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while not (found := list(held.exec_driver_sql(waiting).scalars())):
        await asyncio.sleep(0)
    return found


def test_a_lane_that_reads_from_a_slow_server_holds_up_no_other(store: Store, held: Connection) -> None:
    async def both() -> tuple[list[str], str]:
        slow = asyncio.create_task(carried(lambda: _read_slowly(store)))
        await _until_it_waits(held)
        found = await carried(lambda: _names(store))
        assert not slow.done()
        _let_go(held)
        return found, await slow

    assert asyncio.run(both()) == ([], "slow")


def test_a_turn_that_waits_for_a_slow_server_holds_up_no_reader_and_writes_in_order(
    store: Store, held: Connection
) -> None:
    """Who comes meanwhile, as a lane or in a thread, is written after it."""

    async def all_of_them() -> list[str]:
        first = asyncio.create_task(carried(lambda: store.commit(_waits_and_puts("a"))))
        await _until_it_waits(held)
        second = asyncio.create_task(carried(lambda: store.commit(_put("b"))))
        third = asyncio.get_running_loop().run_in_executor(None, lambda: store.commit(_put("c")))
        found = await carried(lambda: _names(store))
        assert not first.done()
        _let_go(held)
        await asyncio.gather(first, second, third)
        return found

    assert asyncio.run(all_of_them()) == []
    assert _names(store) == ["a", "b", "c"]


def test_what_is_broken_off_while_it_reads_is_taken_for_no_other_answer(store: Store, held: Connection) -> None:
    async def broken_off() -> list[str]:
        slow = asyncio.create_task(carried(lambda: _read_slowly(store)))
        await _until_it_waits(held)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        _let_go(held)
        return [await carried(lambda: _one(store)) for _ in range(5)]

    assert asyncio.run(broken_off()) == ["one"] * 5


def _one(store: Store) -> str:
    with store.snapshot() as moment:
        answer: str = moment.exec_driver_sql("SELECT 'one'").scalar_one()
        return answer


def test_who_ends_the_loop_waits_for_the_turn_that_a_server_answers(store: Store, held: Connection) -> None:
    """The request was broken off, and its answer with it; what it wrote stands."""

    async def left() -> None:
        task = asyncio.create_task(carried(lambda: store.commit(_waits_and_puts("a"))))
        await _until_it_waits(held)
        task.cancel()
        asyncio.get_running_loop().call_later(0.05, _let_go, held)

    asyncio.run(left())
    assert _names(store) == ["a"]


def test_a_server_that_ends_a_connection_in_a_turn_fails_that_turn_alone(
    store: Store, held: Connection, postgres_server: servers.Postgres
) -> None:
    async def cut() -> None:
        first = asyncio.create_task(carried(lambda: store.commit(_waits_and_puts("a"))))
        for backend in await _until_it_waits(held):
            postgres_server.run(f"SELECT pg_terminate_backend({backend})")
        with pytest.raises(StoreUnavailable):
            await first
        await carried(lambda: store.commit(_put("b")))

    asyncio.run(cut())
    assert _names(store) == ["b"]


@pytest.mark.parametrize("as_lane", [True, False])
def test_a_connection_that_ends_in_the_middle_of_a_question_is_a_server_that_is_away(
    store: Store, postgres_server: servers.Postgres, *, as_lane: bool
) -> None:
    def ask() -> None:
        with store.snapshot() as moment:
            backend = moment.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            postgres_server.run(f"SELECT pg_terminate_backend({backend}, 10000)")
            moment.exec_driver_sql("SELECT 1")

    with pytest.raises(StoreUnavailable):
        asyncio.run(carried(ask)) if as_lane else ask()
    assert _names(store) == []


def test_nobody_waits_on_a_loop_for_a_connection_that_others_have(store: Store) -> None:
    """They give it back in threads, and a lane waits for it there."""
    all_out, go_on = Barrier(21), Event()

    def hold() -> None:
        with store.snapshot() as moment:
            moment.exec_driver_sql("SELECT 1")
            all_out.wait(10)
            assert go_on.wait(10)

    async def meanwhile() -> list[str]:
        reading = asyncio.create_task(carried(lambda: _names(store)))
        done, _ = await asyncio.wait([reading], timeout=0.1)
        assert not done
        go_on.set()
        return await reading

    with ThreadPoolExecutor(20) as pool:
        holding = [pool.submit(hold) for _ in range(20)]
        all_out.wait(10)
        assert asyncio.run(meanwhile()) == []
        for one in holding:
            one.result(10)


def test_nobody_waits_on_a_loop_for_a_server_that_takes_no_connections(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections are made in a thread, where names are looked up and servers are tried."""
    made: list[bool] = []
    plain = journeys.LaneConnection.connect

    def connect(*words: Any, **named: Any) -> Any:
        made.append(in_lane())
        return plain(*words, **named)

    monkeypatch.setattr(journeys.LaneConnection, "connect", connect)
    assert asyncio.run(carried(lambda: _names(store))) == []
    assert made
    assert not any(made)


def test_a_commit_that_fails_without_an_end_is_committed_by_nobody_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was told that it does not stand must not find it standing after the next write."""
    with monkeypatch.context() as out:
        out.setattr(engine, "Sent", _fails_at_the_commit)
        with pytest.raises(StoreUnavailable):
            store.commit(_put("a"))
    store.commit(_put("b"))
    assert _names(store) == ["b"]


def _fails_at_the_commit(conn: Connection, text: str, parameters: tuple[object, ...]) -> Sent:
    if text == "COMMIT":
        raise MemoryError
    return Sent(conn, text, parameters)


def test_a_unit_that_has_a_thread_do_something_lets_others_read(store: Store) -> None:
    begun, go_on = Event(), Event()

    def unit(tx: Tx) -> None:
        _put("a")(tx)
        begun.set()
        aside(lambda: go_on.wait(10))

    async def both() -> list[str]:
        first = asyncio.create_task(carried(lambda: store.commit(unit)))
        while not begun.is_set():
            await asyncio.sleep(0)
        found = await carried(lambda: _names(store))
        go_on.set()
        await first
        return found

    assert asyncio.run(both()) == []
    assert _names(store) == ["a"]
