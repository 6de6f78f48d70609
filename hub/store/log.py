"""Queries of the log: its entries, tiles, checkpoints and head. What they mean is `hub.audit`'s."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, text, update
from sqlalchemy import Connection as Connection  # noqa: PLC0414 - the audit room names the type, not the library

from hub.store.prepared import Prepared, Question, Sent, together
from hub.store.tables import log_checkpoints, log_entries, log_head, log_tiles

_CHUNK = 1_000
"""Rows read at a time from a log of any length."""

PIECE = 500
"""Entries of one log key read at a time."""

_HEAD = 1


@dataclass(frozen=True)
class Head:
    """The committed end of the log."""

    size: int
    root: bytes


@dataclass(frozen=True)
class StoredEntry:
    """One row of the log: in the clear only what the tree and the keys need."""

    idx: int
    kind: str
    at: str
    log_key: str
    pair: bytes
    told: bytes
    internal: bytes


_ENTRY = tuple(log_entries.c[name] for name in ("idx", "kind", "at", "log_key", "pair", "told", "internal"))
_ADD_ENTRY = Prepared(insert(log_entries))
_ADD_CHECKPOINT = Prepared(insert(log_checkpoints))
_OF_HEAD = select(log_head.c.size, log_head.c.root).where(log_head.c.id == bindparam("id"))
_SELECT_HEAD, _LOCK_HEAD = Prepared(_OF_HEAD), Prepared(_OF_HEAD.with_for_update())
_START_HEAD = text("INSERT INTO log_head (id, size, root) VALUES (:id, 0, :root) ON CONFLICT DO NOTHING")
_MOVE_HEAD = Prepared(
    update(log_head).where(log_head.c.id == bindparam("one")).values(size=bindparam("end"), root=bindparam("top"))
)
_LAST_AT = Prepared(
    select(log_checkpoints.c.at).where(
        log_checkpoints.c.size == select(func.max(log_checkpoints.c.size)).scalar_subquery()
    )
)
_PAIRS = Prepared(
    select(log_entries.c.pair)
    .where(log_entries.c.idx >= bindparam("first"), log_entries.c.idx < bindparam("end"))
    .order_by(log_entries.c.idx)
)
_DROP_TILE = Prepared(delete(log_tiles).where(log_tiles.c.level == bindparam("of"), log_tiles.c.n == bindparam("nth")))
_ADD_TILE = Prepared(insert(log_tiles))


def head(conn: Connection, *, lock: bool = False) -> Head | None:
    """The end of the log, or None before its first entry. With `lock` no other writer passes until this one is done."""
    row = (_LOCK_HEAD if lock else _SELECT_HEAD).row(conn, {"id": _HEAD})
    return None if row is None else Head(row[0], bytes(row[1]))


ASKS_HEAD: Question = (_LOCK_HEAD, {"id": _HEAD})
"""What `head` asks, locked."""


def start(conn: Connection, root: bytes) -> None:
    """Make the head of an empty log. Of two processes that do so at once the second waits, and finds it made."""
    conn.execute(_START_HEAD, {"id": _HEAD, "root": root})


def append(conn: Connection, entries: Sequence[StoredEntry], end: Head, at: str, note: str) -> list[Sent]:
    """Add `entries`, keep the signed checkpoint `note` and move the head to `end`: a row each."""
    return [
        *(_ADD_ENTRY.send(conn, stored.__dict__) for stored in entries),
        _ADD_CHECKPOINT.send(conn, {"size": end.size, "at": at, "note": note}),
        _MOVE_HEAD.send(conn, {"one": _HEAD, "end": end.size, "top": end.root}),
    ]


def put_tile(conn: Connection, level: int, n: int, hashes: bytes) -> None:
    """Keep a tile; a longer one takes the place of a shorter one."""
    _DROP_TILE.run(conn, {"of": level, "nth": n})
    _ADD_TILE.run(conn, {"level": level, "n": n, "hashes": hashes})


def tile(conn: Connection, level: int, n: int) -> bytes | None:
    """The stored hashes of a tile, one after another."""
    query = select(log_tiles.c.hashes).where(log_tiles.c.level == level, log_tiles.c.n == n)
    hashes = conn.execute(query).scalar_one_or_none()
    return None if hashes is None else bytes(hashes)


def tiles(conn: Connection) -> Iterator[tuple[int, int]]:
    """The `(level, n)` of every stored tile."""
    for row in conn.execute(select(log_tiles.c.level, log_tiles.c.n).order_by(log_tiles.c.level, log_tiles.c.n)):
        yield row.level, row.n


def entry(conn: Connection, idx: int) -> StoredEntry | None:
    """One entry, still sealed."""
    row = conn.execute(select(*_ENTRY).where(log_entries.c.idx == idx)).one_or_none()
    return None if row is None else _stored(row)


def ends(conn: Connection) -> tuple[int, int]:
    """Where the entries end, and the size of the newest checkpoint, whatever the head says; 0 where there are none."""
    entries_, size = (
        select(func.max(column)).scalar_subquery() for column in (log_entries.c.idx, log_checkpoints.c.size)
    )
    found = conn.execute(select(func.coalesce(entries_ + 1, 0), func.coalesce(size, 0))).one()
    return found[0], found[1]


def entries(conn: Connection) -> Iterator[StoredEntry]:
    """Every entry in order of its index, still sealed. Reads a piece at a time."""
    last = None
    while True:
        query = select(*_ENTRY).order_by(log_entries.c.idx).limit(_CHUNK)
        rows = conn.execute(query if last is None else query.where(log_entries.c.idx > last)).all()
        yield from map(_stored, rows)
        if len(rows) < _CHUNK:
            return
        last = rows[-1].idx


def _stored(row: Sequence[object]) -> StoredEntry:
    # Drivers differ in the type they give binary columns; bytes compare with bytes only.
    idx, kind, at, log_key, pair, told, internal = row
    return StoredEntry(idx, kind, at, log_key, bytes(pair), bytes(told), bytes(internal))  # type: ignore[arg-type, call-overload]


def indexes_of(conn: Connection, log_key: str) -> list[int]:
    """The indexes of the entries whose readable parts are sealed under `log_key`, in order."""
    query = select(log_entries.c.idx).where(log_entries.c.log_key == log_key).order_by(log_entries.c.idx)
    return list(conn.execute(query).scalars())


def counts_by_key(conn: Connection, kinds: Sequence[str], since: str, end: int) -> list[tuple[str, int]]:
    """How many entries of `kinds` each log key has, from the instant `since` on and before the index `end`; by log key."""
    query = select(log_entries.c.log_key, func.count()).where(*_span(kinds, since, end)).group_by(log_entries.c.log_key)
    return sorted((log_key, count) for log_key, count in conn.execute(query))


def entries_under(
    conn: Connection, log_key: str, kinds: Sequence[str], since: str, first: int, end: int
) -> list[StoredEntry]:
    """The next entries of such a log key, from the index `first` on, in order: `PIECE` at most."""
    span = (log_entries.c.log_key == log_key, log_entries.c.idx >= first, *_span(kinds, since, end))
    query = select(*_ENTRY).where(*span).order_by(log_entries.c.idx).limit(PIECE)
    return list(map(_stored, conn.execute(query)))


def _span(kinds: Sequence[str], since: str, end: int) -> tuple[ColumnElement[bool], ...]:
    return log_entries.c.kind.in_(kinds), log_entries.c.at >= since, log_entries.c.idx < end


def indexes_at(conn: Connection, log_key: str, kind: str, at: str) -> list[int]:
    """The indexes of the entries of a kind and instant under `log_key`, in order."""
    query = select(log_entries.c.idx).where(
        log_entries.c.log_key == log_key, log_entries.c.kind == kind, log_entries.c.at == at
    )
    return list(conn.execute(query.order_by(log_entries.c.idx)).scalars())


def pairs(conn: Connection, first: int, end: int) -> list[bytes]:
    """The leaves `first` up to, not including, `end`."""
    return [bytes(pair) for (pair,) in _PAIRS.rows(conn, {"first": first, "end": end})]


def asks_pairs_and_last_at(first: int, end: int) -> Sequence[Question]:
    """What `pairs_and_last_at` asks."""
    return (_PAIRS, {"first": first, "end": end}), ASKS_LAST_AT


def pairs_and_last_at(conn: Connection, first: int, end: int) -> tuple[list[bytes], str | None]:
    """Such leaves, as far as they are there, and the instant of the last entry of all, in one journey."""
    with together(conn):
        leaves, last = (query.send(conn, asked) for query, asked in asks_pairs_and_last_at(first, end))
    row = last.row()
    return [bytes(pair) for (pair,) in leaves.rows()], None if row is None else row[0]


def checkpoint(conn: Connection) -> str | None:
    """The newest signed checkpoint; None where there is none."""
    newest = select(log_checkpoints.c.note).order_by(log_checkpoints.c.size.desc()).limit(1)
    return conn.execute(newest).scalar_one_or_none()


def checkpoints(conn: Connection, after: int, up_to: int) -> list[tuple[int, str]]:
    """`(size, note)` of the checkpoints with a size over `after`, not over `up_to`, in order."""
    size = log_checkpoints.c.size
    query = select(size, log_checkpoints.c.note).where(size > after, size <= up_to).order_by(size)
    return [(row.size, row.note) for row in conn.execute(query)]


ASKS_LAST_AT: Question = (_LAST_AT, {})
"""What `last_at` asks."""


def last_at(conn: Connection) -> str | None:
    """The instant of the last entry, UTC text."""
    row = _LAST_AT.row(conn, {})
    return None if row is None else row[0]


def count(conn: Connection) -> tuple[int, int]:
    """How many rows of entries and of checkpoints there are."""
    both = (select(func.count()).select_from(table).scalar_subquery() for table in (log_entries, log_checkpoints))
    entries_, checkpoints_ = conn.execute(select(*both)).one()
    return entries_, checkpoints_
