"""Looking at a database without touching it: what durability and erasure rest on, and whether the tables are there.

A connection of the hub itself sets what it needs; this one sets nothing, so that what is wrong shows.
"""

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, MetaData, create_engine, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from hub.errors import WeakConfiguration
from hub.store import tables

_SQLITE = "sqlite:///"
_ON = frozenset({"on"})
_DURABLE = {
    "fsync": _ON,
    "full_page_writes": _ON,
    # All that wait for this server's disk, and for a replica where one is named; `local` passes the replica over.
    "synchronous_commit": frozenset({"on", "remote_write", "remote_apply"}),
}
"""What PostgreSQL must say of itself, or a write that was told to be durable may be gone."""

_NEEDED = {
    "sqlite": {"journal_mode": frozenset({"wal"})},
    "postgresql": {**_DURABLE, "default_transaction_read_only": frozenset({"off"})},
}
_ASK = {"sqlite": "PRAGMA {}", "postgresql": "SHOW {}"}
_BUSY_SECONDS = 5
_PRIMARY: Final = 0xFF
"""The part of an error code of SQLite that says of which kind it is."""
_READ_SECONDS: Final = 0.2
"""For looking through one table: a longer reader would be in the way of what a hub at work overwrites."""


class State(Enum):
    """How far one comes with a database."""

    OPENED = auto()
    ABSENT = auto()
    """There is no such file."""
    NO_FOLDER = auto()
    """Above the file stands another file, where a folder should be."""
    FORBIDDEN = auto()
    """This user may not read the file, or not come near it."""
    NO_DATABASE = auto()
    """The file is something else."""
    HINDERED = auto()
    """It does not open now, and nothing says that there is anything wrong with the file: a full disk, or a fault of it."""
    DAMAGED = auto()
    NOT_REACHED = auto()
    """The server does not answer, or lets the hub not in."""


def reach(path: Path) -> State:
    """How far this user comes with a file. Nothing is opened: to close it again would end SQLite's own locks."""
    try:
        path.stat()
    except PermissionError:
        return State.FORBIDDEN
    except NotADirectoryError:
        return State.NO_FOLDER
    except OSError:
        return State.ABSENT
    return State.OPENED if os.access(path, os.R_OK, effective_ids=True) else State.FORBIDDEN


@dataclass(frozen=True)
class Inspected:
    """What was found of a database. `state`: how far one comes with it; `settings`: those that are not as they must be,
    as found; `missing`: tables, and columns as `table.column`; `unwritable`: it takes no writes now."""

    state: State
    settings: Mapping[str, str]
    missing: tuple[str, ...]
    unwritable: bool

    @property
    def sound(self) -> bool:
        """Whether it can be opened as the hub does."""
        return self.state is State.OPENED and not (self.settings or self.missing or self.unwritable)


def file_of(url: str) -> Path | None:
    """The file of an SQLite database, or None for a server."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def inspected(url: str, *, keys: bool = False) -> Inspected:
    """The data store at `url`, or with `keys` the key store. Makes nothing, not even an empty file."""
    if (state := _reached(url)) is not State.OPENED:
        return _shut(state)
    try:
        with _connected(url) as connection:
            return _looked(connection, _wanted(keys=keys))
    except SQLAlchemyError as error:
        file = file_of(url)
        if file is None:
            return _shut(State.NOT_REACHED)
        # SQLite reads nothing of a write-ahead log where it may write nothing beside it.
        return _shut(_why_shut(file, error) if _may_be_written(file) else State.OPENED)


def _why_shut(file: Path, error: SQLAlchemyError) -> State:
    """Whether the file itself is at fault. To put a copy in its place would lose what a full disk has not harmed."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", sqlite3.SQLITE_NOTADB)
    at_fault = code & _PRIMARY in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) or not file.is_file()
    return State.NO_DATABASE if at_fault else State.HINDERED


def was_made(url: str, *, keys: bool = False) -> bool:
    """Whether a hub ever made its tables at `url`, or with `keys` those of its keys. Makes nothing.

    True too where it cannot be told, for a server that does not answer or a file that is no database: who opens it hears that.
    """
    if (state := _reached(url)) is not State.OPENED:
        return state is not State.ABSENT
    try:
        with _connected(url) as connection:
            return not set(_wanted(keys=keys).tables).isdisjoint(inspect(connection).get_table_names())
    except SQLAlchemyError:
        return True


def _reached(url: str) -> State:
    """How far this user comes with the file of a database; a server is asked when it is connected to."""
    file = file_of(url)
    return State.OPENED if file is None else reach(file)


def _wanted(*, keys: bool) -> MetaData:
    return tables.keys if keys else tables.data


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _shut(state: State) -> Inspected:
    return Inspected(state, settings={}, missing=(), unwritable=True)


def _looked(connection: Connection, wanted: MetaData) -> Inspected:
    odd, missing = _odd(connection), tuple(_missing(connection, wanted))
    if not _is_whole(connection):
        return _shut(State.DAMAGED)
    return Inspected(State.OPENED, odd, missing, unwritable=not _takes_writes(connection))


def _may_be_written(file: Path) -> bool:
    return all(os.access(path, os.W_OK, effective_ids=True) for path in (file, file.parent))


def _is_whole(connection: Connection) -> bool:
    """Whether the pages of each table hang together, as far as they are seen in a moment. A server sees to its own."""
    if connection.dialect.name != "sqlite":
        return True
    connection.rollback()
    raw = connection.connection.cursor()
    names = [name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()]
    return all(_hangs_together(connection, name) for name in names)


def _hangs_together(connection: Connection, table: str) -> bool:
    base: Any = connection.connection.driver_connection
    error = connection.dialect.loaded_dbapi
    until = time.monotonic() + _READ_SECONDS
    base.set_progress_handler(lambda: time.monotonic() > until, 1000)
    try:
        return bool(base.execute(f"PRAGMA quick_check('{table}')").fetchall() == [("ok",)])
    except error.OperationalError:
        # Not seen to its end.
        return True
    except error.DatabaseError:
        return False
    finally:
        base.set_progress_handler(None, 0)


def must_be_durable(connection: Connection) -> None:
    """Raise WeakConfiguration, naming each setting, where PostgreSQL may lose what it says is durable."""
    odd = _found_odd(connection, _DURABLE)
    if odd:
        told = ", ".join(f"{name} = {value}" for name, value in odd.items())
        base = connection.engine.url.database
        raise WeakConfiguration([f"PostgreSQL (database {base}) kan verliezen wat het heeft toegezegd: {told}"])


def _engine(url: str) -> Engine:
    file = file_of(url)
    if file is None:
        return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"connect_timeout": 5})
    # `mode=rw` opens what is there and never makes a file.
    there = f"{_SQLITE}file:{quote(str(file))}?mode=rw&uri=true"
    return create_engine(there, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})


def _odd(connection: Connection) -> dict[str, str]:
    return _found_odd(connection, _NEEDED[connection.dialect.name])


def _found_odd(connection: Connection, needed: Mapping[str, frozenset[str]]) -> dict[str, str]:
    ask = _ASK[connection.dialect.name]
    found = {name: str(connection.exec_driver_sql(ask.format(name)).scalar()) for name in needed}
    return {name: value for name, value in found.items() if value.lower() not in needed[name]}


def _missing(connection: Connection, wanted: MetaData) -> list[str]:
    there = inspect(connection)
    names = set(there.get_table_names())
    missing: list[str] = []
    for table in wanted.sorted_tables:
        if table.name not in names:
            missing.append(table.name)
            continue
        columns = {column["name"] for column in there.get_columns(table.name)}
        missing += [f"{table.name}.{column.name}" for column in table.columns if column.name not in columns]
    return missing


def _takes_writes(connection: Connection) -> bool:
    """Whether a write could begin and would be let through; it is undone before anything is in it."""
    connection.rollback()
    try:
        if connection.dialect.name == "sqlite":
            raw = connection.connection.cursor()
            raw.execute("BEGIN IMMEDIATE")
            # Only a statement that writes finds out whether the file may be written; this one sets what is set.
            raw.execute(f"PRAGMA user_version = {int(raw.execute('PRAGMA user_version').fetchone()[0])}")
            raw.execute("ROLLBACK")
            return True
        return connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "off"
    except (SQLAlchemyError, connection.dialect.loaded_dbapi.Error):
        return False
