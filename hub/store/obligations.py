"""Queries of what is to be followed up: who has to do what by when. A row holds names alone, sealed, never a value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, text, update

from hub.store.prepared import Prepared, Then
from hub.store.tables import obligations


@dataclass(frozen=True)
class ObligationRow:
    """One obligation. `addressee` carries it out; instants are UTC text; `done_at` None while it is open."""

    seq: int
    id: str
    addressee: str
    type: str
    sealed: bytes
    created_at: str
    due_at: str
    done_at: str | None


_COLUMNS = tuple(
    obligations.c[name] for name in ("seq", "id", "addressee", "type", "sealed", "created_at", "due_at", "done_at")
)
_OPEN = obligations.c.done_at.is_(None)
_PUT = Prepared(
    text(
        "INSERT INTO obligations (id, addressee, type, casus, whose, once, sealed, created_at, due_at) "
        "VALUES (:id, :addressee, :type, :casus, :whose, :once, :sealed, :created_at, :due_at) "
        # Of two that asked at once whether it is open, the first puts it on file.
        "ON CONFLICT (once) DO NOTHING"
    )
)
_IS_OPEN = Prepared(select(obligations.c.seq).where(obligations.c.once == bindparam("once")))


def ask_to_put(connection: Connection, once: bytes, row: Callable[[], Mapping[str, Any]]) -> Then:
    """What comes of it is a new obligation, made by `row`, unless the same (by its token) is open already."""
    is_open = _IS_OPEN.send(connection, {"once": once})

    def put() -> None:
        if is_open.row() is None:
            _PUT.run(connection, row())

    return put


def page(connection: Connection, addressees: Sequence[str], before: int | None, count: int) -> Sequence[ObligationRow]:
    """At most `count` of what is open for these addressees, newest first, of what came before the position `before`."""
    query = select(*_COLUMNS).where(obligations.c.addressee.in_(addressees), _OPEN)
    if before is not None:
        query = query.where(obligations.c.seq < before)
    return [_row(row) for row in connection.execute(query.order_by(obligations.c.seq.desc()).limit(count))]


def of_addressees(connection: Connection, addressees: Sequence[str], id_: str) -> ObligationRow | None:
    """The obligation `id_` of one of these addressees, open or done. Of another: None."""
    query = select(*_COLUMNS).where(obligations.c.id == id_, obligations.c.addressee.in_(addressees))
    row = connection.execute(query).one_or_none()
    return None if row is None else _row(row)


def of_casus(connection: Connection, casus: bytes, type_: str) -> Sequence[ObligationRow]:
    """What is open of one type in a casus (its keyed token), oldest first."""
    query = select(*_COLUMNS).where(obligations.c.casus == casus, obligations.c.type == type_, _OPEN)
    return [_row(row) for row in connection.execute(query.order_by(obligations.c.seq))]


def done(connection: Connection, id_: str, at: str) -> bool:
    """Mark it as done; False when it was already."""
    query = update(obligations).where(obligations.c.id == id_, _OPEN).values(done_at=at, once=None)
    return connection.execute(query).rowcount == 1


def put_off(connection: Connection, id_: str, until: str) -> None:
    """It is due at `until`, in place of before."""
    connection.execute(update(obligations).where(obligations.c.id == id_).values(due_at=until))


def overdue(connection: Connection, whose: bytes, at: str) -> bool:
    """Whether something of this user (his keyed token) should have been done before `at`."""
    query = select(obligations.c.seq).where(obligations.c.whose == whose, _OPEN, obligations.c.due_at <= at).limit(1)
    return connection.execute(query).first() is not None


def all_open(connection: Connection, after: int, count: int) -> Sequence[ObligationRow]:
    """At most `count` of what is open for anybody, oldest first, after the position `after`."""
    query = select(*_COLUMNS).where(_OPEN, obligations.c.seq > after).order_by(obligations.c.seq).limit(count)
    return [_row(row) for row in connection.execute(query)]


def drop_casus(connection: Connection, casus: bytes) -> None:
    """Away with all that was to be followed up in a casus (its keyed token): it is destroyed."""
    connection.execute(delete(obligations).where(obligations.c.casus == casus))


def _row(row: Sequence[Any]) -> ObligationRow:
    seq, id_, addressee, type_, sealed, created_at, due_at, done_at = row
    return ObligationRow(seq, id_, addressee, type_, bytes(sealed), created_at, due_at, done_at)
