"""The records of a casus in the store: appended, never changed, sealed under the log key of the casus."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, insert

from hub.crypto.aead import Box, seal
from hub.model.canonical import canonical_json
from hub.model.registry import Record, Recorder
from hub.store.prepared import Together
from hub.store.tables import records

_ALL = Together(records.c.seq, records.c.id, records.c.sealed)


def append(connection: Connection, casus: str, log_key: bytes, record: Record) -> None:
    """Put `record` on file."""
    body = canonical_json(_document(record))
    connection.execute(
        insert(records).values(id=record.id, casus=casus, sealed=seal(log_key, body, ("record", casus, record.id)))
    )


def sealed_rows(connection: Connection, casus: str) -> Sequence[tuple[str, bytes]]:
    """The records of `casus` as they lie, oldest first."""
    found = _ALL.rows(connection, "FROM records WHERE casus = ?", (casus,))
    return [(id_, sealed) for _, id_, sealed in sorted(found)]


def opened(casus: str, log_key: bytes, rows: Sequence[tuple[str, bytes]]) -> tuple[Record, ...]:
    """The records of `rows`. A record that does not open stops all: what is not known never permits."""
    box = Box(log_key, ("record", casus))
    recorders: dict[tuple[str, ...], Recorder] = {}
    return tuple([_record(orjson.loads(box.open(sealed, (id_,))), recorders) for id_, sealed in rows])


def _document(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "kind": record.kind,
        "recorded_at": record.recorded_at,
        "recorder": {
            "partner": record.recorder.partner,
            "kind": record.recorder.kind,
            "user": record.recorder.user,
            "role": record.recorder.role,
        },
        "body": dict(record.body),
        "texts": dict(record.texts),
        "ends": record.ends,
    }


def _record(document: Mapping[str, Any], recorders: dict[tuple[str, ...], Recorder]) -> Record:
    """A record; the same recorder is made once, for few people record much."""
    by = document["recorder"]
    who = (by["partner"], by["kind"], by["user"], by["role"])
    if (recorder := recorders.get(who)) is None:
        recorder = recorders[who] = Recorder(*who)
    return Record(
        document["id"],
        document["kind"],
        document["recorded_at"],
        recorder,
        document["body"],
        document["texts"],
        document["ends"],
    )
