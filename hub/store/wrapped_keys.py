"""The key store: wrapped keys in a database of their own, outside the data and its backup.

On SQLite deleted rows are overwritten (`secure_delete`) and the write-ahead log is cut to nothing after a deletion, so
that a destroyed key is in no file any more. Nothing here opens a key.
"""

import sqlite3
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection

from hub.errors import KeysUnavailable, WeakConfiguration
from hub.model.instant import to_text
from hub.store.connecting import connected, create_tables, open_engine
from hub.store.file import StoreFile
from hub.store.tables import key_meta, keys, wrapped_keys

_CURRENT, _EPOCH = "kek", "epoch"
_FAILURES = (SQLAlchemyError, sqlite3.Error)

_SETTING = select(key_meta.c.value).where(key_meta.c.name == bindparam("name"))

_KEEP = text(
    "INSERT INTO key_meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_BEGIN = text("INSERT INTO key_meta (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")


class KeyStore:
    """The wrapped keys at `url` (SQLite or PostgreSQL). `clock` dates new keys. Safe for use by many threads."""

    def __init__(self, url: str, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        # Each reading is one query: the journeys of a transaction would be two of three.
        self._reading = open_engine(url, alone=True)
        self._writing = open_engine(url, pool_size=1, writer=True)
        self._sqlite = self._reading.dialect.name == "sqlite"
        self._mark = "?" if self._sqlite else "%s"
        self._file = StoreFile(url)
        # On SQLite one connection, in autocommit, reads single rows and watches for commits of the others.
        self._single: PoolProxiedConnection | None = None
        self._alone = Lock()

    @staticmethod
    def create(url: str) -> None:
        """Make the tables that are missing."""
        create_tables(url, keys)

    def close(self) -> None:
        """Drop the connections."""
        with self._alone:
            if self._single is not None:
                self._single.close()
                self._single = None
        self._reading.dispose()
        self._writing.dispose()

    def check_erasing(self) -> None:
        """Read back what destruction rests on. Raises `WeakConfiguration` when SQLite does not overwrite."""
        if not self._sqlite:
            return
        with self._read() as connection:
            erases = connection.exec_driver_sql("PRAGMA secure_delete").scalar_one()
        if erases != 1:
            raise WeakConfiguration(["De sleutelopslag wist verwijderde sleutels niet (secure_delete)."])

    # --- keys ---

    def get(self, name: str) -> tuple[bytes, str] | None:
        """The wrapped key `name` and the ref of its KEK."""
        return self.get_each([name]).get(name)

    def get_each(self, names: Sequence[str]) -> dict[str, tuple[bytes, str]]:
        """The wrapped keys `names` with the refs of their KEKs, in one reading; those that are not there are left out."""
        marks = ", ".join([self._mark] * len(names))
        query = f"SELECT name, blob, kek_ref FROM wrapped_keys WHERE name IN ({marks})"  # noqa: S608 - marks
        return {name: (bytes(blob), ref) for name, blob, ref in self._all(query, *names)}

    def put(self, name: str, blob: bytes, ref: str) -> bool:
        """Keep a new wrapped key. `False`, and nothing kept, when the name exists or `ref` is not the current KEK."""
        row = {"name": name, "blob": blob, "kek_ref": ref, "created_at": to_text(self._clock())}
        try:
            with self._write() as connection:
                # The row of the current KEK is locked: a rotation that begins now waits, and then finds this key.
                current = connection.execute(_SETTING.with_for_update(read=True), {"name": _CURRENT}).scalar()
                if current is None or bytes(current) != ref.encode():
                    return False
                connection.execute(insert(wrapped_keys), row)
        except KeysUnavailable as error:
            if isinstance(error.__cause__, IntegrityError):
                return False
            raise
        return True

    def replace(self, name: str, old: bytes, new: bytes, ref: str) -> bool:
        """Put `new` in the place of `old`. `False` when `old` is gone: a destroyed key stays destroyed."""
        unchanged = (wrapped_keys.c.name == name) & (wrapped_keys.c.blob == old)
        with self._write() as connection:
            done = connection.execute(update(wrapped_keys).where(unchanged).values(blob=new, kek_ref=ref))
            return done.rowcount == 1

    def delete(self, names: Sequence[str]) -> None:
        """Delete keys, from the pages and the write-ahead log too. Names that are not there are passed over."""
        with self._write() as connection:
            # One deletion at a time, also of two processes: each moves the epoch, or what one deleted counts on in others.
            connection.execute(_SETTING.with_for_update(), {"name": _CURRENT})
            connection.execute(delete(wrapped_keys).where(wrapped_keys.c.name.in_(names)))
            moved = str(int(connection.execute(_SETTING, {"name": _EPOCH}).scalar_one_or_none() or b"0") + 1)
            _keep(connection, _EPOCH, moved.encode())
        self.scrub()

    def names(self, prefix: str = "", *, not_under: str | None = None, made_before: str | None = None) -> list[str]:
        """The names that start with `prefix`, in order; with `not_under` only those whose KEK has another ref, with
        `made_before` (UTC text) only those of before that instant."""
        name = wrapped_keys.c.name
        query = select(name).where(name.startswith(prefix, autoescape=True))
        if prefix and self._sqlite:
            # No index serves the LIKE of SQLite, which knows no case: by itself it would read every name there is.
            query = query.where(name >= prefix, name < prefix[:-1] + chr(ord(prefix[-1]) + 1))
        if not_under is not None:
            query = query.where(wrapped_keys.c.kek_ref != not_under)
        if made_before is not None:
            query = query.where(wrapped_keys.c.created_at < made_before)
        with self._read() as connection:
            return sorted(connection.execute(query).scalars())

    def refs(self) -> list[str]:
        """The refs of the KEKs under which keys stand."""
        with self._read() as connection:
            return sorted(connection.execute(select(wrapped_keys.c.kek_ref).distinct()).scalars())

    # --- settings ---

    def setting(self, name: str) -> bytes | None:
        """A setting of the key store."""
        rows = self._all(f"SELECT value FROM key_meta WHERE name = {self._mark}", name)  # noqa: S608 - a mark
        return bytes(rows[0][0]) if rows else None

    def begin(self, name: str, value: bytes) -> None:
        """Keep a setting where there is none; one that is there stays, also one that another process made meanwhile."""
        with self._write() as connection:
            connection.execute(_BEGIN, {"name": name, "value": value})

    def set(self, name: str, value: bytes) -> None:
        """Keep a setting."""
        with self._write() as connection:
            _keep(connection, name, value)

    # --- deletion ---

    def epoch(self) -> Hashable:
        """A value that moves, in every process, whenever a key was deleted."""
        if not self._sqlite:
            return self.setting(_EPOCH)
        # https://www.sqlite.org/pragma.html#pragma_data_version: moves when another connection has committed.
        ((version,),) = self._all("PRAGMA data_version")
        return int(version)

    def scrub(self) -> None:
        """Cut the write-ahead log of SQLite to nothing. Raises `KeysUnavailable` when a reader is in the way."""
        if not self._sqlite:
            return
        with self._raw() as raw:
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise KeysUnavailable

    def _all(self, query: str, *values: str) -> Sequence[Any]:
        """The rows of `query`: one reading, on SQLite without the round trips of a transaction."""
        if not self._sqlite:
            with self._read() as connection:
                return connection.exec_driver_sql(query, values).all()
        self._must_stand()
        try:
            with self._alone:
                if self._single is None:
                    self._single = self._reading.raw_connection()
                raw: Any = self._single.driver_connection
                found: Sequence[Any] = raw.execute(query, values).fetchall()
                return found
        except _FAILURES as error:
            raise KeysUnavailable from error

    def _must_stand(self) -> None:
        """A key store whose file went away, was replaced or cut is not asked, and takes no new key."""
        if not self._file.stands():
            raise KeysUnavailable

    @contextmanager
    def _raw(self) -> Iterator[Any]:
        self._must_stand()
        try:
            connection = self._writing.raw_connection()
            try:
                yield connection.driver_connection
            finally:
                connection.close()
        except _FAILURES as error:
            raise KeysUnavailable from error

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        self._must_stand()
        try:
            with connected(self._reading) as connection:
                yield connection
        except _FAILURES as error:
            raise KeysUnavailable from error

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        self._must_stand()
        try:
            with connected(self._writing) as connection, connection.begin():
                yield connection
        except _FAILURES as error:
            raise KeysUnavailable from error


def _keep(connection: Connection, name: str, value: bytes) -> None:
    # One statement: of two processes that both find nothing, neither fails.
    connection.execute(_KEEP, {"name": name, "value": value})
