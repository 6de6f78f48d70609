"""Queries of compartments: rows of sealed bytes, by casus. What they mean is known to `hub.compartment` alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, TextClause, bindparam, delete, insert, select, text, update

from hub.store.tables import casus_seals, compartments, sealed_fields


@dataclass(frozen=True, slots=True)
class SealRow:
    """The row of a casus: its version, the generation of its casus key, its own key (wrapped), its sealed directory."""

    version: int
    generation: int
    own_key: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class KeyRow:
    """The row of a compartment: its id and version, and its data key (wrapped)."""

    id: str
    version: int
    wrapped_key: bytes


_SEAL = text("SELECT version, generation, own_key, sealed FROM casus_seals WHERE casus = :casus")
_KEYS = text("SELECT id, version, wrapped_key FROM compartments WHERE casus = :casus")
_LOCK = select(casus_seals).where(casus_seals.c.casus == bindparam("casus")).with_for_update()

_ROOM = (8, 16, 32, 64, 128, 256)
"""Slots in one query: a few fixed widths, so that each query is made once only."""


def seal_of(conn: Connection, casus: str) -> SealRow | None:
    """The row of a casus, or `None`."""
    row = conn.execute(_SEAL, {"casus": casus}).one_or_none()
    return None if row is None else SealRow(row[0], row[1], bytes(row[2]), bytes(row[3]))


def lock_seal(conn: Connection, casus: str) -> SealRow | None:
    """The row of a casus, kept from other writers until the transaction ends."""
    row = conn.execute(_LOCK, {"casus": casus}).one_or_none()
    return None if row is None else SealRow(row.version, row.generation, bytes(row.own_key), bytes(row.sealed))


def insert_seal(conn: Connection, casus: str, row: SealRow) -> None:
    """The first row of a casus."""
    values = {"version": row.version, "generation": row.generation, "own_key": row.own_key, "sealed": row.sealed}
    conn.execute(insert(casus_seals).values(casus=casus, **values))


def move_seal(conn: Connection, casus: str, before: SealRow, after: SealRow) -> bool:
    """Put `after` in the place of `before`; `False` when another was there."""
    same = (casus_seals.c.version == before.version) & (casus_seals.c.generation == before.generation)
    values = {
        "version": after.version,
        "generation": after.generation,
        "own_key": after.own_key,
        "sealed": after.sealed,
    }
    done = conn.execute(update(casus_seals).where((casus_seals.c.casus == casus) & same).values(**values))
    return done.rowcount == 1


def keys_of(conn: Connection, casus: str) -> dict[str, KeyRow]:
    """The rows of the compartments of a casus, by id."""
    rows = conn.execute(_KEYS, {"casus": casus}).all()
    return {row[0]: KeyRow(row[0], row[1], bytes(row[2])) for row in rows}


def keep_key(conn: Connection, casus: str, row: KeyRow) -> None:
    """Write the row of a compartment, new or in place."""
    values = {"version": row.version, "wrapped_key": row.wrapped_key}
    changed = conn.execute(update(compartments).where(compartments.c.id == row.id).values(**values))
    if not changed.rowcount:
        conn.execute(insert(compartments).values(id=row.id, casus=casus, **values))


def keep_keys(conn: Connection, rows: Iterable[KeyRow]) -> None:
    """Write rows of compartments that are there, in place."""
    changes = [{"key": row.id, "wrapped": row.wrapped_key} for row in rows]
    if changes:
        query = update(compartments).where(compartments.c.id == bindparam("key"))
        conn.execute(query.values(wrapped_key=bindparam("wrapped")), changes)


def insert_fields(conn: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write sealed values: `slot`, `compartment`, `sealed`."""
    if rows:
        conn.execute(insert(sealed_fields), list(rows))


def delete_fields(conn: Connection, slots: Sequence[int]) -> None:
    """Delete sealed values."""
    if slots:
        conn.execute(delete(sealed_fields).where(sealed_fields.c.slot.in_(slots)))


def fields_at(conn: Connection, slots: Sequence[int]) -> dict[int, bytes]:
    """The sealed values at `slots`; those that are not there are left out."""
    found: dict[int, bytes] = {}
    for start in range(0, len(slots), _ROOM[-1]):
        some = slots[start : start + _ROOM[-1]]
        room = next(width for width in _ROOM if width >= len(some))
        # What is left of the room asks for slot 0, which is never given out.
        asked = {f"s{n}": some[n] if n < len(some) else 0 for n in range(room)}
        found.update((row[0], bytes(row[1])) for row in conn.execute(_fields(room), asked))
    return found


def delete_compartments(conn: Connection, ids: Sequence[str]) -> None:
    """Delete compartments: their data keys and their sealed values."""
    if ids:
        conn.execute(delete(sealed_fields).where(sealed_fields.c.compartment.in_(ids)))
        conn.execute(delete(compartments).where(compartments.c.id.in_(ids)))


def delete_casus(conn: Connection, casus: str) -> None:
    """Delete all sealed rows of a casus."""
    own = select(compartments.c.id).where(compartments.c.casus == casus)
    conn.execute(delete(sealed_fields).where(sealed_fields.c.compartment.in_(own)))
    conn.execute(delete(compartments).where(compartments.c.casus == casus))
    conn.execute(delete(casus_seals).where(casus_seals.c.casus == casus))


@lru_cache(maxsize=len(_ROOM))
def _fields(room: int) -> TextClause:
    names = ", ".join(f":s{n}" for n in range(room))
    return text(f"SELECT slot, sealed FROM sealed_fields WHERE slot IN ({names})")  # noqa: S608 - names of ours only
