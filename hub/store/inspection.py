"""Looking at a database without touching it: what durability and erasure rest on, and whether the tables are there.

A connection of the hub itself sets what it needs; this one sets nothing, so that what is wrong shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, MetaData, create_engine, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from hub.store import tables

_SQLITE = "sqlite:///"
_NEEDED = {
    "sqlite": {"journal_mode": "wal"},
    "postgresql": {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "default_transaction_read_only": "off"},
}  # fmt: skip
_ASK = {"sqlite": "PRAGMA {}", "postgresql": "SHOW {}"}
_BUSY_SECONDS = 5


@dataclass(frozen=True)
class Inspected:
    """What was found of a database. `settings`: those that are not as they must be, as found; `missing`: tables, and
    columns as `table.column`; `unwritable`: it takes no writes now."""

    reached: bool
    settings: Mapping[str, str]
    missing: tuple[str, ...]
    unwritable: bool

    @property
    def sound(self) -> bool:
        """Whether it can be opened as the hub does."""
        return self.reached and not (self.settings or self.missing or self.unwritable)


def file_of(url: str) -> Path | None:
    """The file of an SQLite database, or None for a server."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def inspected(url: str, *, keys: bool = False) -> Inspected:
    """The data store at `url`, or with `keys` the key store. Makes nothing, not even an empty file."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return Inspected(
                reached=True,
                settings=_odd(connection),
                missing=tuple(_missing(connection, tables.keys if keys else tables.data)),
                unwritable=not _takes_writes(connection),
            )
    except SQLAlchemyError:
        return Inspected(reached=False, settings={}, missing=(), unwritable=True)
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    file = file_of(url)
    if file is None:
        return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"connect_timeout": 5})
    # `mode=rw` opens what is there and never makes a file.
    there = f"{_SQLITE}file:{quote(str(file))}?mode=rw&uri=true"
    return create_engine(there, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})


def _odd(connection: Connection) -> dict[str, str]:
    kind = connection.dialect.name
    found = {name: str(connection.exec_driver_sql(_ASK[kind].format(name)).scalar()) for name in _NEEDED[kind]}
    return {name: value for name, value in found.items() if value.lower() != _NEEDED[kind][name]}


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
