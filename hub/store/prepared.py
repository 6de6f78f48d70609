"""Statements of the hot path, put into the words of the driver once: the library writes them, the driver runs them.

Working out a statement anew, and wrapping its result, costs several times what running it does. A prepared statement
takes its parameters by name, like any other, runs inside the transaction of its connection, and raises the library's
errors.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ClauseElement

Row = tuple[Any, ...]
Text = tuple[str, tuple[str, ...] | None]
"""A statement in a driver's words, and the names of its parameters in order; none where they go by name."""


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


@contextmanager
def together(conn: Connection) -> Iterator[None]:
    """Statements that give no rows, run in here, go to a server one after another without waiting for its answer to each.

    A journey each is what they cost, while all others who write wait. Raises what any of them raises, here or at the end.
    """
    pipeline = getattr(conn.connection.driver_connection, "pipeline", None)
    if pipeline is None:
        yield
        return
    try:
        with pipeline():
            yield
    except conn.dialect.loaded_dbapi.Error as error:
        raise _told_by_library(conn, "together", error) from error


def driven(
    conn: Connection, text: str, parameters: Sequence[Any] | Mapping[str, Any], *, rows: bool = True
) -> list[Row]:
    """Run a statement in the driver's own words on `conn`: its rows, or none where it gives none."""
    if not conn.in_transaction():
        conn.begin()
    try:
        # It ends when nobody holds it any more.
        cursor = conn.connection.cursor()
        cursor.execute(text, parameters)
        return cast("list[Row]", cursor.fetchall()) if rows else []
    except conn.dialect.loaded_dbapi.Error as error:
        raise _told_by_library(conn, text, error) from error


def _told_by_library(conn: Connection, text: str, error: Exception) -> Exception:
    """As the library does, without the parameters: they hold what may not be told."""
    base = conn.dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, None, error, base, hide_parameters=True, dialect=conn.dialect)
