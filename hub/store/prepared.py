"""Statements of the hot path, put into the words of the driver once: the library writes them, the driver runs them.

Working out a statement anew costs several times what running it does. A prepared statement takes its parameters by
name, like any other.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.sql.elements import ClauseElement


class Prepared:
    """One statement with named parameters, for either database."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._texts: dict[str, tuple[str, tuple[str, ...] | None]] = {}

    def run(self, conn: Connection, parameters: Mapping[str, Any]) -> CursorResult[Any]:
        """Run the statement on `conn`."""
        known = self._texts.get(conn.dialect.name)
        text, order = known or self._prepare(conn)
        if order is None:
            return conn.exec_driver_sql(text, dict(parameters))
        return conn.exec_driver_sql(text, tuple([parameters[name] for name in order]))

    def _prepare(self, conn: Connection) -> tuple[str, tuple[str, ...] | None]:
        assert isinstance(self._statement, ClauseElement)  # noqa: S101 - every statement is one
        compiled: Any = self._statement.compile(dialect=conn.dialect)
        order = tuple(compiled.positiontup) if compiled.positiontup is not None else None
        self._texts[conn.dialect.name] = (str(compiled), order)
        return str(compiled), order
