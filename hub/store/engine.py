"""The store: snapshots to read from, and one group commit through which everything is written.

Reading: `Store.snapshot()` is one read transaction, so that the facts of a request are of one moment. Writing:
`Store.commit(unit)` queues a unit of work; one at a time runs the queued units, each in a savepoint of its own
where that is needed to undo it alone, lets the log seal their entries, and makes all of it durable with one COMMIT. No
entry, no reply: a caller gets its result after.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection as Connection  # noqa: PLC0414 - other rooms name the type, not the library
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hub.errors import ClockBehind, StoreUnavailable, WeakConfiguration
from hub.events.catalogue import SCRUB_FAILED, WRITE_FAILED, WRITES
from hub.events.emit import emit
from hub.events.watching import add
from hub.lanes import aside, in_lane, wait_for
from hub.model.release import Entry, Receipt
from hub.store.connecting import BUSY_MS, begun_at_once, connected, open_engine
from hub.store.file import StoreFile
from hub.store.prepared import Question, Sent, ask_ahead, forget_ahead, must_go_on, together
from hub.store.turns import Join, Pending, Turns
from hub.store.units import Tx, run_units

T = TypeVar("T")

_KEPT = 12
"""Idle connections to a file that are kept, of the store's own threads and lanes."""

MAX_BATCH = 64
"""Units that share one durable write at most."""

_DURABLE = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
"""What SQLite must say of itself: a log of writes, each flushed to disk, and deleted bytes overwritten."""

_WRITER_LOCK = "SELECT pg_advisory_xact_lock(4876)"

SCRUB_MS = 250
"""The same for cutting the log of writes short: meanwhile the one writer stands still for all."""

_COMMIT = "COMMIT"


class Added(NamedTuple):
    """What the log makes of entries: their receipts, and what puts them on file. That waits for no answer, and gives the
    statements each of which has to change one row."""

    receipts: Sequence[Receipt]
    put: Callable[[], Sequence[Sent]]


Seal = Callable[[Connection, Sequence[Entry]], Added]


@dataclass(frozen=True)
class Committed(Generic[T]):
    """What a unit gave back, and the receipts of its entries, after the durable write."""

    value: T
    receipts: tuple[Receipt, ...]


class Store:
    """One database with one writer at a time a process. Close it when nothing is to be written any more."""

    def __init__(
        self,
        url: str,
        seal: Seal,
        *,
        asks: Callable[[], Sequence[Question]] = tuple,
        durable: Callable[[], None] = lambda: None,
        pool_size: int = 16,
    ) -> None:
        """`asks`: what `seal` will ask of the log, which only `seal` changes. `durable` is called when a write in which `seal`
        was called is durable."""
        self._seal = seal
        self._asks = asks
        self._durable = durable
        self._readers = open_engine(url, pool_size=pool_size)
        self._writer = open_engine(url, pool_size=1, writer=True)
        self._sqlite = self._writer.dialect.name == "sqlite"
        self._file = StoreFile(url)
        self._idle: list[Connection] = []
        self._owed = False
        """What was overwritten still has to be scrubbed."""
        self._turns = Turns(self._write, MAX_BATCH)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection in one read transaction; everything it reads is of one moment."""
        self._must_stand()
        connection = self._reader()
        sound = False
        try:
            yield connection
            sound = True
        except DBAPIError as error:
            raise StoreUnavailable from error
        finally:
            with suppress(DBAPIError):
                forget_ahead(connection)
                self._put_back(connection, sound=sound)

    def commit(self, unit: Callable[[Tx], T], *, scrub: bool = False) -> Committed[T]:
        """Run `unit` in the next durable write and wait for it.

        The unit's own error undoes the unit alone and is raised here. `StoreUnavailable` when the write failed: then
        nothing of the batch holds. With `scrub` what was overwritten is gone from the files too before this returns;
        `StoreUnavailable` also when a long reader stood in the way of that: then the unit holds, and every next write
        tries again to scrub.
        """
        if in_lane():
            pending, written = self._turns.through_in_lane(unit, scrub=scrub)
            wait_for(written)
        else:
            pending = Pending(unit, scrub=scrub)
            self._turns.through([pending])
        if (failure := pending.failure) is not None:
            raise failure
        return Committed(pending.outcome, pending.receipts)

    def commit_all(self, units: Sequence[Callable[[Tx], T]], *, scrub: bool = False) -> list[Committed[T] | Exception]:
        """Write many units, which share durable writes piece by piece, in their order: each its result or its error."""
        pending = [Pending(unit, scrub=scrub) for unit in units]
        self._turns.series(pending)
        return [one.failure or Committed(one.outcome, one.receipts) for one in pending]

    def check_durable(self) -> None:
        """Read back what durability rests on; a driver that ignores a setting must not go unnoticed."""
        if not self._sqlite:
            # A server was asked when its tables were made sure of (create_tables).
            return
        with self._writer.connect() as connection:
            found = {name: _pragma(connection, name) for name in _DURABLE}
        if found != _DURABLE:
            raise WeakConfiguration([f"SQLite staat niet zoals het moet: {found}"])

    def close(self) -> None:
        """Finish what waits, then drop the connections."""
        self._turns.close()
        while self._idle:
            self._idle.pop().close()
        self._readers.dispose()
        self._writer.dispose()

    def _reader(self) -> Connection:
        with suppress(IndexError):
            return self._idle.pop()
        try:
            return connected(self._readers)
        except (DBAPIError, PoolTimeout) as error:
            raise StoreUnavailable from error

    def _put_back(self, connection: Connection, *, sound: bool) -> None:
        """A connection to a file stays open for the next snapshot: making one costs more than a query. One over the
        network goes back to the pool, which looks whether it still stands before it gives it out again. Its snapshot, in
        which nothing can be written, ends with a commit: of a transaction that is undone the driver forgets what it prepared.
        """
        if not sound:
            connection.close()
        elif self._sqlite and len(self._idle) < _KEPT:
            connection.rollback()
            self._idle.append(connection)
        else:
            try:
                connection.commit()
            finally:
                connection.close()

    # --- one at a time ---

    def _must_stand(self) -> None:
        if not self._file.stands():
            raise StoreUnavailable

    def _write(self, batch: list[Pending], join: Join) -> None:
        """See `hub.store.turns.Write`."""
        try:
            self._must_stand()
            with self._to_write() as connection:
                self._begin(connection, join)
                run_units(connection, batch)
                self._make_durable(connection, batch)
            if any(pending.receipts for pending in batch):
                self._durable()
            for pending in batch:
                pending.durable = True
            add(WRITES, len(batch))
        except Exception as error:  # noqa: BLE001 - whatever went wrong, nobody of this batch may believe it is durable
            failure = _told(error)
            for pending in batch:
                pending.error = pending.error or failure
            emit(WRITE_FAILED, units=len(batch), fault=error)
        else:
            if self._sqlite:
                self._scrub([pending for pending in batch if pending.scrub])

    def _begin(self, connection: Connection, join: Join) -> None:
        """One process writes at a time, on PostgreSQL too: what a unit checks still stands when its batch commits."""
        if self._sqlite:
            if not begun_at_once(connection):
                aside(connection.begin)
            return
        # With the beginning of the transaction in one journey, and what is asked once nobody else writes.
        with together(connection):
            Sent(connection, _WRITER_LOCK, ())
            ask_ahead(connection, self._asks())
        # Another process may have written meanwhile: who came in that time need not wait for the next turn.
        join()

    @contextmanager
    def _to_write(self) -> Iterator[Connection]:
        with connected(self._writer) as connection:
            try:
                yield connection
            except BaseException:
                # A commit that failed may not have ended the transaction, whatever the library believes; and a file that
                # could not be written when it was opened never can. Nobody goes on with this one, and it holds no lock.
                if self._sqlite:
                    with suppress(sqlite3.Error):
                        connection.connection.rollback()
                connection.invalidate()
                raise
            forget_ahead(connection)

    def _make_durable(self, connection: Connection, batch: Sequence[Pending]) -> None:
        """Puts the entries of the units that stand into the log, and makes all of it hold: on a server in one journey."""
        put = self._seal_entries(connection, batch)
        if self._sqlite:
            _must_be_put(put())
            if any(pending.error is None for pending in batch):
                must_go_on(connection)
            aside(connection.commit)
            return
        with together(connection):
            sent = put()
            ended = Sent(connection, _COMMIT, ())
        _must_be_put(sent)
        if ended.said() != _COMMIT:
            # Of the commit of what has failed a server makes a rollback, and tells by this word alone.
            raise StoreUnavailable
        # The library hears of it: nothing is sent any more.
        connection.commit()

    def _scrub(self, asked: list[Pending]) -> None:
        """Scrub when that was `asked`, or is owed. All of the batch holds whatever comes of it: it fails who asked."""
        self._owed = self._owed or bool(asked)
        if not self._owed:
            return
        try:
            # Nobody waits for what is owed: it is done as soon as no reader is in the way.
            aside(partial(self._truncate_wal, SCRUB_MS if asked else 0))
            self._owed = False
        except Exception as error:  # noqa: BLE001 - whatever went wrong, who asked may not believe that it is gone
            failure = StoreUnavailable()
            failure.__cause__ = error
            for pending in asked:
                pending.error = pending.error or failure
            if asked:
                emit(SCRUB_FAILED, units=len(asked), fault=error)

    def _seal_entries(self, connection: Connection, batch: Sequence[Pending]) -> Callable[[], Sequence[Sent]]:
        """Have the entries of the units that stand sealed; what puts them on file."""
        held = [pending for pending in batch if pending.error is None and pending.entries]
        if not held:
            return list
        entries = [entry for pending in held for entry in pending.entries]
        receipts, put = self._seal(connection, entries)
        if len(receipts) != len(entries):
            # No entry, no reply.
            raise StoreUnavailable
        position = 0
        for pending in held:
            pending.receipts = tuple(receipts[position : position + len(pending.entries)])
            position += len(pending.entries)
        return put

    def _truncate_wal(self, wait: int) -> None:
        """Copy the log of writes into the pages and cut it to nothing: no old ciphertext stays behind in it. Waits so many
        milliseconds for readers."""
        raw: Any = self._writer.raw_connection()
        try:
            raw.execute(f"PRAGMA busy_timeout={wait}")
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        except BaseException:
            # Never back among the others with the short wait.
            raw.invalidate()
            raise
        finally:
            raw.close()
        if busy:
            raise OperationalError("wal_checkpoint", None, RuntimeError("busy"))


def _must_be_put(sent: Sequence[Sent]) -> None:
    """No entry, no reply: also where the database says nothing."""
    if any(one.changed() != 1 for one in sent):
        raise StoreUnavailable


def _told(error: Exception) -> Exception:
    """What a batch that failed of `error` hears."""
    if isinstance(error, ClockBehind):
        return error
    failure = StoreUnavailable()
    failure.__cause__ = error
    return failure


def _pragma(connection: Connection, name: str) -> Any:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()
