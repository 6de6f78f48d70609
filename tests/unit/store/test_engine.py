"""The one durable write: a unit's error is its own, a batch stands or falls whole, and what is read is of one moment."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Connection

from hub.errors import NotPermitted, StoreUnavailable
from hub.lanes import carried
from hub.model.release import Entry
from hub.store.connecting import BUSY_MS
from hub.store.engine import Added, Store
from hub.store.prepared import Sent
from hub.store.turns import PIECE, Pending
from hub.store.units import Tx


def _seal(connection: Connection, entries: Sequence[Entry]) -> Added:
    raise AssertionError("nothing was entered")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = Store(f"sqlite:///{tmp_path / 'x.db'}", _seal)
    found.commit(lambda tx: tx.connection.exec_driver_sql("CREATE TABLE t (n INTEGER UNIQUE)"))
    yield found
    found.close()


def _put(number: int) -> Callable[[Tx], object]:
    return lambda tx: tx.connection.exec_driver_sql("INSERT INTO t VALUES (?)", (number,))


def _numbers(store: Store) -> list[int]:
    with store.snapshot() as moment:
        return list(moment.exec_driver_sql("SELECT n FROM t ORDER BY n").scalars())


def _put_then_refuse(tx: Tx) -> None:
    tx.connection.exec_driver_sql("INSERT INTO t VALUES (99)")
    raise NotPermitted


def _put_then_break(tx: Tx) -> None:
    tx.connection.exec_driver_sql("INSERT INTO t VALUES (98)")
    raise ZeroDivisionError


def _refuse(_: Tx) -> None:
    raise NotPermitted


def _ask_then_refuse(tx: Tx) -> None:
    """A query of which nobody looks at the answer, in the frame that the error keeps."""
    with tx.together() as conn:
        put, asked = Sent(conn, "INSERT INTO t VALUES (97)", ()), Sent(conn, "SELECT n FROM t", ())
    assert put.changed() == 1
    assert asked is not None
    raise NotPermitted


def test_a_units_error_undoes_that_unit_alone(store: Store) -> None:
    units = [_refuse, _put(1), _put_then_refuse, _refuse, _put(2), _put_then_break, _ask_then_refuse, _put(3), _refuse]
    done = store.commit_all(units)
    assert _numbers(store) == [1, 2, 3]
    assert [type(one).__name__ for one in done] == [
        "NotPermitted", "Committed", "NotPermitted", "NotPermitted", "Committed", "ZeroDivisionError", "NotPermitted",
        "Committed", "NotPermitted",
    ]  # fmt: skip


@pytest.mark.parametrize("unit", [_refuse, _put_then_refuse, _put_then_break, _ask_then_refuse])
def test_who_comes_alone_and_is_refused_leaves_nothing(
    store: Store, unit: Callable[[Tx], None], tmp_path: Path
) -> None:
    """Nor does what its error keeps alive hold on to the file as it was."""
    store.commit(_put(1))
    with pytest.raises((NotPermitted, ZeroDivisionError)) as kept:
        store.commit(unit)
    with closing(sqlite3.connect(tmp_path / "x.db")) as other, other:
        other.execute("INSERT INTO t VALUES (2)")
    store.commit(_put(3))
    assert _numbers(store) == [1, 2, 3]
    assert kept.value.__traceback__ is not None


def test_a_broken_write_is_believed_by_nobody(store: Store) -> None:
    with pytest.raises(StoreUnavailable):
        store.commit(lambda tx: tx.connection.exec_driver_sql("INSERT INTO absent VALUES (1)"))
    store.commit(_put(4))
    assert _numbers(store) == [4]


def test_a_reader_in_the_way_of_the_scrub_fails_who_asked_for_it_alone(store: Store, tmp_path: Path) -> None:
    log = tmp_path / "x.db-wal"
    with store.snapshot() as moment:
        moment.exec_driver_sql("SELECT n FROM t").all()
        began, pending = monotonic(), [Pending(_put(n), scrub=n == 2) for n in (1, 2, 3)]
        store._turns.through(pending)
        store.commit(_put(4))
        assert monotonic() - began < BUSY_MS / 2000
        assert [type(one.failure) for one in pending] == [type(None), StoreUnavailable, type(None)]
        assert log.stat().st_size > 0
    assert _numbers(store) == [1, 2, 3, 4]
    # It is owed, and done with the next write, whatever that is; after that no more.
    store.commit(_put(5))
    assert log.stat().st_size == 0
    store.commit(_put(6))
    assert log.stat().st_size > 0


def test_a_scrub_that_was_asked_for_is_done_and_other_waits_stay_long(store: Store, tmp_path: Path) -> None:
    store.commit(_put(1), scrub=True)
    assert (tmp_path / "x.db-wal").stat().st_size == 0
    assert store.commit(lambda tx: tx.connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()).value == BUSY_MS


def test_a_snapshot_is_of_one_moment(store: Store) -> None:
    with store.snapshot() as moment:
        before = list(moment.exec_driver_sql("SELECT n FROM t").scalars())
        store.commit(_put(5))
        assert list(moment.exec_driver_sql("SELECT n FROM t").scalars()) == before == []
    assert _numbers(store) == [5]


def test_after_closing_nothing_is_written(store: Store) -> None:
    store.close()
    with pytest.raises(StoreUnavailable):
        store.commit(_put(6))
    with pytest.raises(StoreUnavailable):
        store.commit_all([_put(6)])


def test_a_look_that_comes_while_a_series_is_written_is_written_between_its_pieces(store: Store) -> None:
    """Both as a lane and in a thread of its own."""
    written: list[object] = []
    runs, go_on = Event(), Event()

    def unit(number: int) -> Callable[[Tx], None]:
        def run(_: Tx) -> None:
            runs.set()
            assert go_on.wait(10)
            written.append(number)

        return run

    def look(name: str) -> None:
        store.commit(lambda _: written.append(name))

    async def lane() -> None:
        await carried(partial(look, "lane"))

    with ThreadPoolExecutor(3) as pool:
        done: list[Future[Any]] = [pool.submit(store.commit_all, [unit(number) for number in range(100)])]
        assert runs.wait(10)
        done.append(pool.submit(asyncio.run, lane()))
        done.append(pool.submit(look, "thread"))
        while len(store._turns._waiting) < 2:
            pass
        go_on.set()
        for one in done:
            one.result(10)
    assert [each for each in written if isinstance(each, int)] == list(range(100))
    assert max(written.index("lane"), written.index("thread")) <= 2 * PIECE + 1


def test_a_unit_that_commits_is_told_so_and_does_not_wait_for_itself(store: Store) -> None:
    with pytest.raises(RuntimeError):
        store.commit(lambda _: store.commit(lambda _: None))
    (told,) = store.commit_all([lambda _: store.commit_all([lambda _: None])])
    assert isinstance(told, RuntimeError)
    assert store.commit(lambda _: 1).value == 1


def test_what_connections_remember_of_the_file_does_not_grow_with_it(store: Store) -> None:
    with store.snapshot() as moment:
        kilobytes, mapped = (
            moment.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("cache_size", "mmap_size")
        )
    # Below zero: kilobytes, of each of up to 32 connections.
    assert -2_000 <= kilobytes < 0
    assert mapped == 0


def test_a_lane_that_waits_for_another_process_holds_up_no_loop(store: Store, tmp_path: Path) -> None:
    """Who else writes to the file is waited for in a thread; the loop goes on, and then the write is done."""

    async def meanwhile(other: sqlite3.Connection) -> bool:
        written = asyncio.create_task(carried(lambda: store.commit(_put(1))))
        done, _ = await asyncio.wait([written], timeout=0.05)
        other.execute("ROLLBACK")
        await written
        return not done

    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = monotonic()
        assert asyncio.run(meanwhile(other))
    assert monotonic() - began < BUSY_MS / 1000, "the loop did not stand still until the wait for the file was over"
    assert _numbers(store) == [1]
    with store._writer.connect() as writer:
        assert writer.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_MS, "the next one waits again"


def test_a_commit_that_fails_without_an_end_holds_nobody_up(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told not to stand is found by nobody, and the file is free for another process."""
    with monkeypatch.context() as out:
        out.setattr(store._writer.dialect, "do_commit", _out_of_memory)
        with pytest.raises(StoreUnavailable):
            store.commit(_put(1))
    with closing(sqlite3.connect(tmp_path / "x.db", timeout=0.1)) as other, other:
        other.execute("INSERT INTO t VALUES (2)")
    store.commit(_put(3))
    assert _numbers(store) == [2, 3]


def _out_of_memory(_: object) -> None:
    raise MemoryError
