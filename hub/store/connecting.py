"""Connections to a database, with the settings that durability and erasure rest on; and its tables, made once."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from select import POLLIN, poll
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, text
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.util.queue import Empty

from hub.errors import StoreUnavailable
from hub.lanes import aside, in_lane
from hub.store.inspection import must_be_durable
from hub.store.prepared import told_by_library

CACHE_KB = 2_000
"""Kilobytes of the file that one connection of SQLite remembers at most."""

BUSY_MS = 5_000
"""Milliseconds that SQLite waits for a lock before it gives up."""

_JUST_NOW: Final = 1.0
"""Seconds for which a connection that was used is believed to stand, where nothing came from the server since."""

_READING: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITING: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
"""Who reads cannot write, whatever goes wrong; all that it reads is of one moment."""

_USED = "used"
"""When a connection was used last."""


def open_engine(url: str, *, pool_size: int = 16, writer: bool = False, alone: bool = False) -> Engine:
    """An engine with the settings that durability and erasure rest on. `alone`: each reading from a server is one query,
    and takes no transaction."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=pool_size,
            # A file is near: nobody waits for a connection to it. Threads and lanes are bounded themselves.
            max_overflow=-1,
            hide_parameters=True,
            connect_args={"check_same_thread": False, "isolation_level": None, "timeout": BUSY_MS / 1000},
        )
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _begin_immediate if writer else _begin_deferred)
        return engine
    engine = create_engine(
        url,
        poolclass=_ServerPool,
        pool_size=pool_size,
        # Of two processes together fewer than a server takes by default (100).
        max_overflow=4,
        hide_parameters=True,
        connect_args={"connect_timeout": 5},
    )
    event.listen(engine, "do_connect", _connect)
    if writer or not alone:
        event.listen(engine, "begin", partial(_begin_on_server, _WRITING if writer else _READING))
    event.listen(engine, "checkin", _used)
    event.listen(engine, "checkout", partial(_must_stand, engine))
    return engine


def connected(engine: Engine) -> Connection:
    """A connection of `engine`. On the loop nobody waits for one that all others have, nor for a server."""
    with suppress(_NoneThereError):
        return engine.connect()
    return aside(engine.connect)


class _NoneThereError(Exception):
    """All connections are with others."""


class _ServerPool(QueuePool):
    """Gives a lane what is there at once, and lets nobody wait on the loop."""

    def _do_get(self) -> Any:
        if not in_lane():
            return super()._do_get()
        try:
            return self._pool.get(block=False)
        except Empty:
            raise _NoneThereError from None


def _connect(_dialect: Any, _record: Any, words: Sequence[Any], named: Mapping[str, Any]) -> Any:
    # Who has no server does without its driver (5 MB).
    from hub.store.journeys import connect

    connection = connect(words, named)
    # Transactions begin by a statement of ours (`_begin_on_server`).
    connection.autocommit = True
    return connection


def _used(_raw: Any, record: Any) -> None:
    record.info[_USED] = monotonic()


def _must_stand(engine: Engine, raw: Any, record: Any, _proxy: Any) -> None:
    """A connection that broke is made anew before anybody uses it. To ask the server each time would be a journey more.

    What the server ended can be read: its last words, or the end. One that was idle for long may have been dropped by
    something in between, without a word. Only of these the server is asked.
    """
    used = record.info.get(_USED)
    if used is None:
        # Made just now. Were it asked, and gone again, the pool would give up and say that it was used wrongly.
        return
    if monotonic() - used < _JUST_NOW and not raw.closed and not _is_readable(raw.pgconn.socket):
        return
    try:
        engine.dialect.do_ping(raw)
    except engine.dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error


def _is_readable(socket: int) -> bool:
    look = poll()
    look.register(socket, POLLIN)
    return bool(look.poll(0))


def create_tables(url: str, metadata: MetaData) -> None:
    """Make the tables that are missing (SQLite: the file too, readable by its owner alone).

    Raises StoreUnavailable where nothing is reached, or what is there is no database; WeakConfiguration, before anything
    is made, where a server may lose what it says is durable.
    """
    try:
        _make_file(url)
        engine = open_engine(url, pool_size=1, writer=True)
        try:
            with engine.begin() as connection:
                if engine.dialect.name == "postgresql":
                    must_be_durable(connection)
                    # Two processes that start at once must not both create.
                    connection.execute(text("SELECT pg_advisory_xact_lock(4875)"))
                metadata.create_all(connection)
        finally:
            engine.dispose()
    except (OSError, SQLAlchemyError) as error:
        # What the driver says may repeat the address, and a password with it.
        raise StoreUnavailable("De database is niet te bereiken of geen database. `hub doctor` zegt welke.") from error


def _make_file(url: str) -> None:
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)


def _sqlite_connect(raw: Any, _record: Any) -> None:
    cursor = raw.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA temp_store=MEMORY")
    # Each connection remembers, and maps, for itself what the kernel keeps for all: with many casussen that adds up.
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KB}")
    cursor.execute("PRAGMA mmap_size=0")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    _begin(connection, "BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    _begin(connection, "BEGIN")


def _begin_on_server(statement: str, connection: Connection) -> None:
    """Not left to the driver: among what is sent together it would wait for the answer to this first."""
    try:
        connection.connection.cursor().execute(statement)
    except connection.dialect.loaded_dbapi.Error as error:
        raise told_by_library(connection, statement, error) from error


def _begin(connection: Connection, statement: str) -> None:
    # Straight to the driver, as it is done for each request.
    connection.connection.cursor().execute(statement)


def begun_at_once(connection: Connection) -> bool:
    """Begin a transaction of a writer of SQLite if that can be done without waiting for another process."""
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        connection.begin()
    except raw.OperationalError:
        return False
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    return True
