"""Units of work: what they write with, and how those that share a durable write are done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hub.model.release import Entry
from hub.store.prepared import Sent, keeping_prepared, must_go_on, together
from hub.store.turns import Pending

T = TypeVar("T")

_BEGIN, _END, _UNDO = "SAVEPOINT unit", "RELEASE SAVEPOINT unit", "ROLLBACK TO SAVEPOINT unit"
"""Of a unit that shares its write with others."""

_BEGIN_ALL, _UNDO_ALL = "SAVEPOINT turn", "ROLLBACK TO SAVEPOINT turn"
"""Of all units of a turn. Not the name of one unit's: what is wrong there must not be taken for this."""

_TRIES = 2
"""How often units are done at once, each time without one that was refused, before each is done apart."""


class Tx:
    """What a unit of work writes with: a connection inside the transaction of its batch, and the log."""

    def __init__(self, connection: Connection, parting: Sequence[str]) -> None:
        """`parting`: the statements that part this unit from the one before it, when it begins."""
        self._connection = connection
        self._parting = parting
        self.entries: list[Entry] = []

    @property
    def begun(self) -> bool:
        """It did something that can be undone."""
        return not self._parting

    @property
    def connection(self) -> Connection:
        """To read and write with."""
        if self._parting:
            with self.together():
                pass
        return self._connection

    @contextmanager
    def together(self) -> Iterator[Connection]:
        """The same connection; what is sent in here goes in one journey (`hub.store.prepared`)."""
        with together(self._connection):
            for statement in self._parting:
                Sent(self._connection, statement, ())
            # Not before all of them were sent: this unit may not be undone up to where another one began.
            self._parting = ()
            yield self._connection

    def enter(self, entry: Entry) -> None:
        """Put an entry into the log in the same durable write."""
        self.entries.append(entry)


@dataclass(frozen=True)
class Asking(Generic[T]):
    """A unit of work in two parts: it asks, and does the rest by the answers. What several ask goes in one journey.

    All ask before any does its rest, and hear no answer before that: what one does in its rest may change nothing that another
    asks, and what one asks (a proof that is used up) nothing that others do in their rests. Both parts may be done more than
    once: what they did before was undone.
    """

    ask: Callable[[Tx], Callable[[], T]]
    """Asks (`Tx.together`), and gives the rest."""

    def __call__(self, tx: Tx) -> T:
        """Both parts, as a unit of work like any other."""
        return self.ask(tx)()


def run_units(connection: Connection, batch: Sequence[Pending]) -> None:
    """Do the units of `batch` in their order. What a unit raises undoes that unit alone; a broken database ends it all."""
    left = list(batch)
    if connection.dialect.name != "sqlite" and all(isinstance(pending.work, Asking) for pending in left):
        left = _left_of_all(connection, left)
    _run_apart(connection, left)


class _RefusedError(Exception):
    """A unit of those that are done at once raised something; its cause is that."""

    def __init__(self, pending: Pending, *, had_asked: bool) -> None:
        super().__init__()
        self.pending, self.had_asked = pending, had_asked


def _left_of_all(connection: Connection, units: Sequence[Pending]) -> list[Pending]:
    """Do `units`, each of which is `Asking`, at once; who is left to be done apart.

    Who is refused has its answer. The others are done again without it: what they did cannot be told apart from it. Where
    one is refused while it asks, those before it have not done their rests: then each is done apart.
    """
    left = list(units)
    for _ in range(_TRIES):
        try:
            _run_at_once(connection, left)
        except _RefusedError as refusal:
            _undo(connection, _UNDO_ALL)
            if not refusal.had_asked:
                return left
            refusal.pending.error = cast(Exception, refusal.__cause__)
            left.remove(refusal.pending)
            if not left:
                return []
        else:
            return []
    return left


def _run_at_once(connection: Connection, batch: Sequence[Pending]) -> None:
    """The questions of all in one journey, then what is left of each. Raises _RefusedError for the first who is refused."""
    txs = [Tx(connection, ()) for _ in batch]
    with together(connection):
        Sent(connection, _BEGIN_ALL, ())
        rests = [
            _part(pending, cast("Asking[Any]", pending.work).ask, tx, had_asked=False)
            for pending, tx in zip(batch, txs, strict=True)
        ]
    outcomes = [_part(pending, rest, had_asked=True) for pending, rest in zip(batch, rests, strict=True)]
    must_go_on(connection)
    for pending, tx, outcome in zip(batch, txs, outcomes, strict=True):
        pending.entries, pending.outcome = tx.entries, outcome


def _part(pending: Pending, work: Callable[..., Any], *arguments: Any, had_asked: bool) -> Any:
    try:
        return pending.part(work, *arguments)
    except DBAPIError:
        raise
    except Exception as error:
        raise _RefusedError(pending, had_asked=had_asked) from error


def _run_apart(connection: Connection, batch: Sequence[Pending]) -> None:
    # Who comes alone to a file needs no savepoint: there is nobody else's work to keep.
    alone = connection.dialect.name == "sqlite" and len(batch) == 1
    undo = connection.rollback if alone else partial(_undo, connection, _UNDO)
    parting: tuple[str, ...] = () if alone else (_BEGIN,)
    for pending in batch:
        tx = Tx(connection, parting)
        _run_unit(tx, pending, undo)
        if tx.begun and not alone:
            parting = (_END, _BEGIN)


def _run_unit(tx: Tx, pending: Pending, undo: Callable[[], object]) -> None:
    """Run one unit. Its own refusal undoes that unit; a broken database ends the batch."""
    try:
        pending.outcome = pending.unit(tx)
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001 - a refusal, or a fault, in one unit is its caller's, not the others'
        if tx.begun:
            undo()
        pending.error = error
        return
    if tx.begun:
        must_go_on(tx.connection)
    pending.entries = tx.entries


def _undo(connection: Connection, savepoint: str) -> None:
    # Of a transaction that failed unseen it is not sure that this savepoint was made: an older one would take others along.
    must_go_on(connection)
    with keeping_prepared(connection):
        Sent(connection, savepoint, ())
