"""Statements of the hot path, put into the words of the driver once: the library writes them, the driver runs them.

Working out a statement anew, and wrapping its result, costs several times what running it does. A prepared statement
takes its parameters by name, like any other, runs inside the transaction of its connection, and raises the library's
errors.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ClauseElement

T = TypeVar("T")
Row = tuple[Any, ...]
Text = tuple[str, tuple[str, ...] | None]
"""A statement in a driver's words, and the names of its parameters in order; none where they go by name."""


Then = Callable[[], None]
"""What is left to do of something that was asked, once all that went with it (`together`) was answered."""


class Sent:
    """A statement on its way to the database, and what came of it; in `together` not before that has ended."""

    __slots__ = ("_conn", "_cursor", "_rows", "_text")

    def __init__(self, conn: Connection, text: str, parameters: Sequence[Any] | Mapping[str, Any]) -> None:
        if not conn.in_transaction():
            conn.begin()
        self._conn, self._text = conn, text
        try:
            # It ends when nobody holds it any more.
            self._cursor = conn.connection.cursor()
            self._cursor.execute(text, parameters)
            # A query on a file that was not read to its end keeps the file as it was then, also when nobody asks any more.
            self._rows = cast("list[Row]", self._cursor.fetchall()) if conn.dialect.name == "sqlite" else None
        except conn.dialect.loaded_dbapi.Error as error:
            raise told_by_library(conn, text, error) from error

    def rows(self) -> list[Row]:
        """All rows of a query, each the columns in their order."""
        if self._rows is None:
            try:
                self._rows = cast("list[Row]", self._cursor.fetchall())
            except self._conn.dialect.loaded_dbapi.Error as error:
                raise told_by_library(self._conn, self._text, error) from error
        return self._rows

    def row(self) -> Row | None:
        """The row of a query that gives one at most."""
        found = self.rows()
        return found[0] if found else None

    def changed(self) -> int:
        """How many rows a statement put in, changed or dropped. Raises RuntimeError where that is not answered yet."""
        return _answered(self._cursor.rowcount, self._cursor.rowcount >= 0)

    def said(self) -> str:
        """What a server says that it did, in a word (`COMMIT`). Raises the same."""
        return _answered(str(self._cursor.statusmessage), self._cursor.statusmessage is not None)


def _answered(found: T, is_answered: bool) -> T:
    if not is_answered:
        raise RuntimeError("what goes together is answered when all of it was sent")
    return found


_AHEAD = "ahead"
"""What was asked ahead in the transaction of a connection, and not asked for yet."""


class Prepared:
    """One statement with named parameters, for either database."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._texts: dict[str, tuple[str, tuple[str, ...] | None]] = {}

    def run(self, conn: Connection, parameters: Mapping[str, Any]) -> None:
        """Run a statement that gives no rows."""
        self.send(conn, parameters)

    def send(self, conn: Connection, parameters: Mapping[str, Any]) -> Sent:
        """Run it, and ask later what came of it."""
        if conn.dialect.name != "sqlite" and (ahead := conn.info.get(_AHEAD)):
            sent: Sent | None = ahead.pop((self, *parameters.values()), None)
            if sent is not None:
                return sent
        return Sent(conn, *self._bound(conn, parameters))

    def rows(self, conn: Connection, parameters: Mapping[str, Any]) -> list[Row]:
        """Run a query: all its rows, each the columns in their order."""
        return self.send(conn, parameters).rows()

    def row(self, conn: Connection, parameters: Mapping[str, Any]) -> Row | None:
        """Run a query that gives one row at most."""
        return self.send(conn, parameters).row()

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


Question = tuple[Prepared, Mapping[str, Any]]
"""A query, and its parameters."""


def ask_ahead(conn: Connection, questions: Sequence[Question]) -> None:
    """Ask a server in one journey, with the beginning of the snapshot, what will be asked in it: whoever asks it then
    (`Prepared.send`) finds the answer there. Nothing is asked of a file ahead: it is near."""
    if conn.dialect.name == "sqlite":
        return
    forget_ahead(conn)
    with together(conn):
        sent = {(query, *parameters.values()): query.send(conn, parameters) for query, parameters in questions}
    conn.info[_AHEAD] = sent


def forget_ahead(conn: Connection) -> None:
    """What was asked ahead and not asked for holds for no other transaction."""
    # Of a connection that broke nothing is left.
    if not conn.invalidated:
        conn.info.pop(_AHEAD, None)


@contextmanager
def together(conn: Connection) -> Iterator[None]:
    """Statements that are sent in here go to a server one after another without waiting for its answer to each.

    A journey each is what they cost, while all others who write wait. Raises what any of them raises, here or at the end.
    Rows are asked for after it. Who is in it already goes along with what is sent there.
    """
    driver = _driver(conn)
    if conn.dialect.name == "sqlite" or driver.in_journey:
        yield
        return
    driver.in_journey = True
    try:
        with driver.pipeline():
            yield
    except conn.dialect.loaded_dbapi.Error as error:
        raise told_by_library(conn, "together", error) from error
    except DBAPIError:
        raise
    except Exception:
        # Of two errors the driver tells the other one.
        must_go_on(conn)
        raise
    finally:
        driver.in_journey = False


def must_go_on(conn: Connection) -> None:
    """Raise the library's error where the transaction of `conn` failed or ended, whoever heard of it. Asks nobody."""
    driver = _driver(conn)
    if not (driver.in_transaction if conn.dialect.name == "sqlite" else driver.stands):
        raise told_by_library(conn, "", conn.dialect.loaded_dbapi.OperationalError("the transaction failed"))


@contextmanager
def keeping_prepared(conn: Connection) -> Iterator[None]:
    """Who is undone in here made no tables: what the driver prepared for a server is good still."""
    driver = _driver(conn)
    if conn.dialect.name == "sqlite":
        yield
        return
    threshold, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = threshold


def _driver(conn: Connection) -> Any:
    """The connection of the driver, with what is its own (`hub.store.journeys`)."""
    return conn.connection.driver_connection


def told_by_library(conn: Connection, text: str, error: Exception) -> Exception:
    """As the library does, without the parameters: they hold what may not be told."""
    base = conn.dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, None, error, base, hide_parameters=True, dialect=conn.dialect)
