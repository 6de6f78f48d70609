"""Queries of notices: what the hub puts out for who watches over it. A row about a casus is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, literal, select, text, tuple_, update

from hub.store.prepared import Prepared
from hub.store.tables import outbox


@dataclass(frozen=True)
class NoticeRow:
    """One notice. `casus`: its id, or empty where it is about a partner; `sealed` is empty then. `at`: UTC text."""

    id: str
    type: str
    casus: str
    at: str
    sealed: bytes

    @property
    def partner(self) -> str | None:
        """The partner that it is about, where it is about no casus: its id says so (`report`)."""
        return None if self.casus else self.id.split("/")[1]


Place = tuple[str, str]
"""Where a notice stands in the list: its instant and id."""

_COLUMNS = (outbox.c.id, outbox.c.type, outbox.c.casus, outbox.c.due_at, outbox.c.sealed)
_OPEN = outbox.c.done_at.is_(None)
_PUT = Prepared(
    text(
        "INSERT INTO outbox (id, type, casus, due_at, sealed, created_at) "
        "VALUES (:id, :type, :casus, :at, :sealed, :at) ON CONFLICT DO NOTHING"
    )
)


def put(connection: Connection, notice: NoticeRow) -> None:
    """Put this out; one of that id that is there already stays as it is."""
    _PUT.run(connection, vars(notice))


def report(connection: Connection, kind: str, partner: str, at: str) -> None:
    """A notice about a partner and no casus: once an hour at most."""
    put(connection, NoticeRow(f"{kind}/{partner}/{hour(at)}", kind, "", at, b""))


def hour(at: str) -> str:
    """An instant (UTC text) up to its hour, in which the same is put out once."""
    return at[: len("2027-01-10T11")]


def page(connection: Connection, before: Place | None, count: int) -> Sequence[NoticeRow]:
    """At most `count` of what is open, newest first, of what comes after the place `before` in the list."""
    place = (outbox.c.due_at, outbox.c.id)
    query = select(*_COLUMNS).where(_OPEN)
    if before is not None:
        query = query.where(tuple_(*place) < tuple_(*map(literal, before)))
    found = connection.execute(query.order_by(*(column.desc() for column in place)).limit(count))
    return [NoticeRow(id_, type_, casus, at, bytes(sealed)) for id_, type_, casus, at, sealed in found]


def open_count(connection: Connection) -> int:
    """How many are open."""
    return connection.execute(select(func.count()).select_from(outbox).where(_OPEN)).scalar_one()


def type_of(connection: Connection, id_: str) -> str | None:
    """The type of the notice `id_`, open or done; None where there is none."""
    return connection.execute(select(outbox.c.type).where(outbox.c.id == id_)).scalar_one_or_none()


def done(connection: Connection, id_: str, at: str) -> bool:
    """Mark it as done; False when it was already."""
    query = update(outbox).where(outbox.c.id == id_, _OPEN).values(done_at=at)
    return connection.execute(query).rowcount == 1
