"""Queries of the postvak: what was sent to a partner and not fetched yet. A row holds a sealed promise, never a value."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from hub.store import sweeping
from hub.store.tables import postvak

SWEPT_AT_ONCE = 100
"""Rows that go in one sweep: the writer is not held up."""


@dataclass(frozen=True)
class PostvakRow:
    """One sending. `partner` receives it; `casus` is a keyed token; instants are UTC text."""

    seq: int
    id: str
    partner: str
    sealed: bytes
    created_at: str
    expires_at: str
    fetched_at: str | None


_ROW = tuple(postvak.c[name] for name in ("seq", "id", "partner", "sealed", "created_at", "expires_at", "fetched_at"))


def put(connection: Connection, row: dict[str, object]) -> None:
    """A new sending: `id`, `partner`, `casus`, `sealed`, `created_at`, `expires_at`."""
    connection.execute(insert(postvak).values(row))


def page(connection: Connection, partner: str, at: str, before: int | None, count: int) -> Sequence[PostvakRow]:
    """At most `count` of what waits for `partner` at `at`, newest first, of what came before the position `before`."""
    query = select(*_ROW).where(postvak.c.partner == partner, postvak.c.fetched_at.is_(None), postvak.c.expires_at > at)
    if before is not None:
        query = query.where(postvak.c.seq < before)
    return [_row(row) for row in connection.execute(query.order_by(postvak.c.seq.desc()).limit(count))]


def waiting(connection: Connection, partner: str, id_: str, at: str) -> PostvakRow | None:
    """The sending `id_` to `partner`, fetched or not, unless it has expired at `at`. Of another partner: None."""
    query = select(*_ROW).where(postvak.c.id == id_, postvak.c.partner == partner, postvak.c.expires_at > at)
    row = connection.execute(query).one_or_none()
    return None if row is None else _row(row)


def fetched(connection: Connection, id_: str, at: str, *, again_since: str | None = None) -> bool:
    """Mark it as fetched; False when it was already, or has expired at `at`. `again_since`: a fetch after that instant may
    be made again."""
    first = postvak.c.fetched_at.is_(None)
    open_ = first if again_since is None else or_(first, postvak.c.fetched_at > again_since)
    when = func.coalesce(postvak.c.fetched_at, at)
    waits = (postvak.c.id == id_, postvak.c.expires_at > at, open_)
    return connection.execute(update(postvak).where(*waits).values(fetched_at=when)).rowcount == 1


def drop_casus(connection: Connection, casus: bytes) -> None:
    """Away with all that was sent of a casus (its keyed token): it is destroyed."""
    connection.execute(delete(postvak).where(postvak.c.casus == casus))


def sweep(connection: Connection, at: str) -> None:
    """Drop some of what has expired at `at`."""
    sweeping.sweep(connection, postvak.c.expires_at, postvak.c.expires_at <= at, at_once=SWEPT_AT_ONCE)


def _row(row: Sequence[object]) -> PostvakRow:
    seq, id_, partner, sealed, created_at, expires_at, fetched_at = row
    return PostvakRow(seq, id_, partner, bytes(sealed), created_at, expires_at, fetched_at)  # type: ignore[arg-type, call-overload]
