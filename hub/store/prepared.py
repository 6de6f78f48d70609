"""Statements of the hot path, put into the words of the driver once: the library writes them, the driver runs them.

Working out a statement anew, and wrapping its result, costs several times what running it does. A prepared statement
takes its parameters by name, like any other, runs inside the transaction of its connection, and raises the library's
errors.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from typing import Any

from sqlalchemy import Column, Connection, Executable, Integer
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ClauseElement

Row = tuple[Any, ...]
SPACE = " || ' ' || "


class Prepared:
    """One statement with named parameters, for either database."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._texts: dict[str, tuple[str, tuple[str, ...] | None]] = {}

    def run(self, conn: Connection, parameters: Mapping[str, Any]) -> None:
        """Run a statement that gives no rows."""
        driven(conn, *self._bound(conn, parameters), rows=False)

    def rows(self, conn: Connection, parameters: Mapping[str, Any]) -> list[Row]:
        """Run a query: all its rows, each the columns in their order."""
        return driven(conn, *self._bound(conn, parameters))

    def row(self, conn: Connection, parameters: Mapping[str, Any]) -> Row | None:
        """Run a query that gives one row at most."""
        found = self.rows(conn, parameters)
        return found[0] if found else None

    def _bound(self, conn: Connection, parameters: Mapping[str, Any]) -> tuple[str, Any]:
        known = self._texts.get(conn.dialect.name)
        text, order = known or self._prepare(conn)
        return text, dict(parameters) if order is None else tuple([parameters[name] for name in order])

    def _prepare(self, conn: Connection) -> tuple[str, tuple[str, ...] | None]:
        assert isinstance(self._statement, ClauseElement)  # noqa: S101 - every statement is one
        compiled: Any = self._statement.compile(dialect=conn.dialect)
        order = tuple(compiled.positiontup) if compiled.positiontup is not None else None
        self._texts[conn.dialect.name] = (str(compiled), order)
        return str(compiled), order


class Together:
    """A query of which all rows come at once, in no order: `SELECT columns FROM ...` of numbers, ids and a last blob.

    SQLite's driver lets go of the interpreter at each row. Threads at work then take it from each other a hundred times
    a request, which costs more than the query. So SQLite is asked for one line of words, the blobs as hex.
    """

    def __init__(self, *columns: Column[Any]) -> None:
        *before, blob = names = [column.name for column in columns]
        self._plain = f"SELECT {', '.join(names)} "
        self._as_line = f"SELECT group_concat({SPACE.join(before)}{SPACE}hex({blob}), ' ') "
        self._kinds = [int if isinstance(column.type, Integer) else str for column in columns[:-1]]

    def rows(self, conn: Connection, rest: str, parameters: Sequence[Any]) -> list[Row]:
        """The rows of the query that goes on with `rest`; `?` stands for a parameter."""
        if conn.dialect.name == "sqlite":
            ((line,),) = driven(conn, self._as_line + rest, parameters)
            # An id that is no id any more: somebody was at the rows. One by one, so that it fails alone.
            with suppress(ValueError):
                return [] if line is None else self._read(line.split(" "))
        else:
            rest = rest.replace("?", "%s")
        return [(*row[:-1], _bytes(row[-1])) for row in driven(conn, self._plain + rest, parameters)]

    def _read(self, words: list[str]) -> list[Row]:
        step = len(self._kinds) + 1
        columns = [map(kind, words[place::step]) for place, kind in enumerate(self._kinds)]
        return list(zip(*columns, map(bytes.fromhex, words[step - 1 :: step]), strict=True))


def _bytes(found: Any) -> bytes:
    return b"" if found is None or isinstance(found, str | int | float) else bytes(found)


def driven(
    conn: Connection, text: str, parameters: Sequence[Any] | Mapping[str, Any], *, rows: bool = True
) -> list[Row]:
    """Run a statement in the driver's own words on `conn`: its rows, or none where it gives none."""
    if not conn.in_transaction():
        conn.begin()
    try:
        with closing(conn.connection.cursor()) as cursor:
            cursor.execute(text, parameters)
            return list(cursor.fetchall()) if rows else []
    except conn.dialect.loaded_dbapi.Error as error:
        # As the library does, without the parameters: they hold what may not be told.
        raise DBAPIError.instance(
            text, None, error, conn.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=conn.dialect
        ) from error
