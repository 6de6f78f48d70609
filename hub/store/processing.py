"""Queries of the records of processing: one beside each entry of the log. What they mean is `hub.audit.processing`'s."""

from collections.abc import Iterable

from sqlalchemy import Connection as Connection  # noqa: PLC0414 - the audit room names the type, not the library
from sqlalchemy import insert, select

from hub.store.prepared import Prepared, Sent
from hub.store.tables import log_entries, processing_records

CHUNK = 1_000
"""Records read at a time."""

_ADD = Prepared(insert(processing_records))
_OF = (
    select(log_entries.c.idx, log_entries.c.log_key, log_entries.c.pair, processing_records.c.sealed)
    .join(processing_records, processing_records.c.idx == log_entries.c.idx)
    .order_by(log_entries.c.idx)
)

Row = tuple[int, str, bytes, bytes]
"""Of one record: the index, log key and leaf of its entry, and the record sealed."""


def add(conn: Connection, records: Iterable[tuple[int, bytes]]) -> list[Sent]:
    """The records, sealed, of the entries with these indexes: a row each."""
    return [_ADD.send(conn, {"idx": idx, "sealed": sealed}) for idx, sealed in records]


def between(conn: Connection, since: str, until: str, first: int, end: int) -> list[Row]:
    """The next records, `CHUNK` at most, in order: of the entries from `since` until just before `until` (UTC text), from
    the index `first` until just before `end`."""
    span = (log_entries.c.at >= since, log_entries.c.at < until, log_entries.c.idx >= first, log_entries.c.idx < end)
    rows = conn.execute(_OF.where(*span).limit(CHUNK)).all()
    return [(idx, log_key, bytes(pair), bytes(sealed)) for idx, log_key, pair, sealed in rows]


def sealed_from(conn: Connection, first: int) -> dict[int, bytes]:
    """The next records from the entry `first` on, by index, still sealed: those of `CHUNK` entries."""
    query = select(processing_records.c.idx, processing_records.c.sealed)
    found = conn.execute(query.where(processing_records.c.idx >= first, processing_records.c.idx < first + CHUNK))
    return {row.idx: bytes(row.sealed) for row in found}
