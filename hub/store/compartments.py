"""Queries of compartments: rows of sealed bytes, by casus. What they mean is known to `hub.compartment` alone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection as Connection  # noqa: PLC0414 - hub.compartment names the type, not the library
from sqlalchemy import bindparam, delete, insert, select, update

from hub.store.prepared import Prepared, Sent
from hub.store.tables import casus_seals, sealed_fields


@dataclass(frozen=True, slots=True)
class SealRow:
    """The row of a casus: its version, the generation of its casus key, its own key and data keys (both wrapped), and its
    sealed directory."""

    version: int
    generation: int
    own_key: bytes
    data_keys: bytes
    sealed: bytes


SEAL_COLUMNS = tuple(casus_seals.c[name] for name in ("version", "generation", "own_key", "data_keys", "sealed"))
_OF_CASUS = select(*SEAL_COLUMNS).where(casus_seals.c.casus == bindparam("casus"))
_SEAL, _LOCK = Prepared(_OF_CASUS), Prepared(_OF_CASUS.with_for_update())


def seal_of(conn: Connection, casus: str, *, lock: bool = False) -> SealRow | None:
    """The row of a casus, or `None`. With `lock` it is kept from other writers until the transaction ends."""
    row = (_LOCK if lock else _SEAL).row(conn, {"casus": casus})
    return None if row is None else seal_row(*row)


def seal_row(version: int, generation: int, *sealed: object) -> SealRow:
    """The row of which `SEAL_COLUMNS` were read."""
    return SealRow(version, generation, *map(blob, sealed))


def insert_seal(conn: Connection, casus: str, row: SealRow) -> None:
    """The first row of a casus."""
    conn.execute(insert(casus_seals).values(casus=casus, **asdict(row)))


def move_seal(conn: Connection, casus: str, before: SealRow, after: SealRow) -> bool:
    """Put `after` in the place of `before`; `False` when another was there."""
    same = (casus_seals.c.version == before.version) & (casus_seals.c.generation == before.generation)
    done = conn.execute(update(casus_seals).where((casus_seals.c.casus == casus) & same).values(**asdict(after)))
    return done.rowcount == 1


def insert_fields(conn: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write sealed values: `slot`, `casus`, `sealed`."""
    if rows:
        conn.execute(insert(sealed_fields), list(rows))


def delete_fields(conn: Connection, slots: Sequence[int]) -> None:
    """Delete sealed values."""
    if slots:
        conn.execute(delete(sealed_fields).where(sealed_fields.c.slot.in_(slots)))


def values_at(conn: Connection, slots: Sequence[int]) -> dict[int, bytes]:
    """The sealed values at `slots`, in one query; those that are not there are left out."""
    if not slots:
        return {}
    style = conn.dialect.paramstyle
    found = Sent(conn, _at_slots(style, len(slots)), tuple(slots)).rows()
    return _apart(*found[0]) if style == "qmark" else {slot: blob(sealed) for slot, sealed in found}


@lru_cache(maxsize=512)
def _at_slots(style: str, count: int) -> str:
    """From SQLite all values come as one row: its driver lets go of the interpreter at each."""
    rows = _IN_ONE if style == "qmark" else "SELECT slot, sealed"
    marks = ", ".join(["?" if style == "qmark" else "%s"] * count)
    return f"{rows} FROM sealed_fields WHERE slot IN ({marks})"


_IN_ONE = (
    "SELECT group_concat(slot || ' ' || length(CAST(sealed AS BLOB)), ' '), CAST(group_concat(sealed, '') AS BLOB)"
)


def _apart(lengths: str | None, joined: bytes) -> dict[int, bytes]:
    """The values of `_IN_ONE`, whose slots and lengths come first."""
    numbers = list(map(int, (lengths or "").split()))
    ends = list(accumulate(numbers[1::2]))
    return (
        {slot: joined[start:end] for slot, start, end in zip(numbers[::2], [0, *ends[:-1]], ends, strict=True)}
        if ends
        else {}
    )


def blob(found: Any) -> bytes:
    """The bytes of a column; none where somebody put something else there: it does not open, and fails alone."""
    return found if type(found) is bytes else b""


def delete_casus(conn: Connection, casus: str) -> None:
    """Delete all sealed rows of a casus."""
    for table in (sealed_fields, casus_seals):
        conn.execute(delete(table).where(table.c.casus == casus))
