"""Units of work: what they write with, and how those that share a durable write are done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hub.model.release import Entry
from hub.store.prepared import Sent, together
from hub.store.turns import Pending

T = TypeVar("T")

_BEGIN, _END, _UNDO = "SAVEPOINT unit", "RELEASE SAVEPOINT unit", "ROLLBACK TO SAVEPOINT unit"
"""Of a unit that shares its write with others."""


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
            parting, self._parting = self._parting, ()
            for statement in parting:
                Sent(self._connection, statement, ())
            yield self._connection

    def enter(self, entry: Entry) -> None:
        """Put an entry into the log in the same durable write."""
        self.entries.append(entry)


@dataclass(frozen=True)
class Asking(Generic[T]):
    """A unit of work in two parts: it asks, and does the rest by the answers. What several ask goes in one journey.

    So the rest of one must change nothing that another asks. Both parts may be done more than once: what they did before
    was undone.
    """

    ask: Callable[[Tx], Callable[[], T]]
    """Asks (`Tx.together`), and gives the rest."""

    def __call__(self, tx: Tx) -> T:
        """Both parts, as a unit of work like any other."""
        return self.ask(tx)()


def run_units(connection: Connection, batch: Sequence[Pending]) -> None:
    """Do the units of `batch` in their order. What a unit raises undoes that unit alone; a broken database ends it all."""
    if not _ran_at_once(connection, batch):
        _run_apart(connection, batch)


def _ran_at_once(connection: Connection, batch: Sequence[Pending]) -> bool:
    """Whether all units of `batch` could be done at once: their questions in one journey, then what is left of each.

    Where one is refused, what the others did cannot be told apart from it: then nothing of this was done.
    """
    works = [pending.work for pending in batch if isinstance(pending.work, Asking)]
    if connection.dialect.name == "sqlite" or len(works) < len(batch):
        return False
    txs = [Tx(connection, ()) for _ in batch]
    try:
        with together(connection):
            Sent(connection, _BEGIN, ())
            rests = [pending.part(work.ask, tx) for pending, work, tx in zip(batch, works, txs, strict=True)]
        outcomes = [pending.part(rest) for pending, rest in zip(batch, rests, strict=True)]
    except DBAPIError:
        raise
    except Exception:  # noqa: BLE001 - whose it is, and whether it is more than a refusal, shows when each is done apart
        Sent(connection, _UNDO, ())
        return False
    for pending, tx, outcome in zip(batch, txs, outcomes, strict=True):
        pending.entries, pending.outcome = tx.entries, outcome
    return True


def _run_apart(connection: Connection, batch: Sequence[Pending]) -> None:
    # Who comes alone to a file needs no savepoint: there is nobody else's work to keep.
    alone = connection.dialect.name == "sqlite" and len(batch) == 1
    undo = connection.rollback if alone else partial(Sent, connection, _UNDO, ())
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
    pending.entries = tx.entries
