"""The records of a casus in the store: appended, never changed, sealed under the log key of the casus.

Each record is a row of its own. All of them together are sealed once more, as the dossier of the casus: that is what a
request reads, with one opening in place of one a record. The dossier says how many records there are; a row that was
dropped or slipped in makes it a lie, and then nothing is read.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, text

from hub.crypto.aead import open_, seal
from hub.errors import Sealed
from hub.model.canonical import canonical_json
from hub.model.registry import Record, Recorder
from hub.store.lying import SealedDossier, sealed_dossier
from hub.store.prepared import Prepared
from hub.store.tables import dossiers

_CASUS: BindParameter[str] = bindparam("casus")
_ADD = Prepared(text("INSERT INTO records (id, casus, sealed) VALUES (:id, :casus, :sealed)"))
_DROP_DOSSIER = Prepared(delete(dossiers).where(dossiers.c.casus == _CASUS))
_ADD_DOSSIER = Prepared(insert(dossiers))
_RECORDER = Record._fields.index("recorder")
"""Where in its row a record says who put it on file, by number."""
NONE = b"[[],[]]"
"""No records."""


def append(connection: Connection, casus: str, log_key: bytes, record: Record) -> None:
    """Put `record` on file, in a unit of work. Raises `Sealed` when what is on file does not open."""
    found = (*read(opened(casus, log_key, sealed_dossier(connection, casus))), record)
    sealed = seal(log_key, canonical_json(_document(record)), ("record", casus, record.id))
    _ADD.run(connection, {"id": record.id, "casus": casus, "sealed": sealed})
    dossier = seal(log_key, _packed(found), _place(casus, len(found)))
    _DROP_DOSSIER.run(connection, {"casus": casus})
    _ADD_DOSSIER.run(connection, {"casus": casus, "records": len(found), "sealed": dossier})


def opened(casus: str, log_key: bytes, lying: SealedDossier) -> bytes:
    """The records, to be `read`. Raises `Sealed` when not all of them open: what is not known never permits."""
    if lying.said is None and lying.rows == 0:
        return NONE
    if lying.rows != lying.said:
        raise Sealed
    return open_(log_key, lying.sealed, _place(casus, lying.said))


def read(document: bytes) -> tuple[Record, ...]:
    """The records, oldest first."""
    recorders, found = orjson.loads(document)
    by = [Recorder(*who) for who in recorders]
    for row in found:
        row[_RECORDER] = by[row[_RECORDER]]
    return tuple(map(Record._make, found))


def _packed(found: Sequence[Record]) -> bytes:
    """All records as one document: few people record much, so each recorder stands in it once."""
    recorders = dict.fromkeys(record.recorder for record in found)
    order = {recorder: number for number, recorder in enumerate(recorders)}
    rows = [(one.id, one.kind, one.recorded_at, order[one.recorder], one.body, one.texts, one.ends) for one in found]
    return orjson.dumps([[(who.partner, who.kind, who.user, who.role) for who in recorders], rows])


def _place(casus: str, count: int) -> tuple[str, ...]:
    return ("dossier", casus, str(count))


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
