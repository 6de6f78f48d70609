"""Queries of compartments: rows of sealed bytes, by casus. What they mean is known to `hub.compartment` alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection as Connection  # noqa: PLC0414 - hub.compartment names the type, not the library
from sqlalchemy import bindparam, delete, insert, select, update

from hub.store.prepared import Prepared, Together
from hub.store.tables import casus_seals, compartments, sealed_fields


@dataclass(frozen=True, slots=True)
class SealRow:
    """The row of a casus: its version, the generation of its casus key, its own key (wrapped), its sealed directory."""

    version: int
    generation: int
    own_key: bytes
    sealed: bytes


class KeyRow(NamedTuple):
    """The row of a compartment: its id and version, and its data key (wrapped)."""

    compartment: str
    version: int
    wrapped_key: bytes


ValueRow = tuple[str, bytes]
"""A sealed value: the id of its compartment, and its ciphertext. A request makes many of them."""


_SEAL = Prepared(
    select(casus_seals.c.version, casus_seals.c.generation, casus_seals.c.own_key, casus_seals.c.sealed).where(
        casus_seals.c.casus == bindparam("casus")
    )
)
_KEYS = Together(compartments.c.id, compartments.c.version, compartments.c.wrapped_key)
_VALUES = Together(sealed_fields.c.slot, sealed_fields.c.compartment, sealed_fields.c.sealed)
_LOCK = select(casus_seals).where(casus_seals.c.casus == bindparam("casus")).with_for_update()


def seal_of(conn: Connection, casus: str) -> SealRow | None:
    """The row of a casus, or `None`."""
    row = _SEAL.row(conn, {"casus": casus})
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
    found = _KEYS.rows(conn, "FROM compartments WHERE casus = ?", (casus,))
    return {row[0]: KeyRow(*row) for row in found}


def keep_key(conn: Connection, casus: str, row: KeyRow) -> None:
    """Write the row of a compartment, new or in place."""
    values = {"version": row.version, "wrapped_key": row.wrapped_key}
    changed = conn.execute(update(compartments).where(compartments.c.id == row.compartment).values(**values))
    if not changed.rowcount:
        conn.execute(insert(compartments).values(id=row.compartment, casus=casus, **values))


def keep_keys(conn: Connection, rows: Iterable[KeyRow]) -> None:
    """Write rows of compartments that are there, in place."""
    changes = [{"key": row.compartment, "wrapped": row.wrapped_key} for row in rows]
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


def values_at(conn: Connection, slots: Sequence[int]) -> dict[int, ValueRow]:
    """The sealed values at `slots`, in one query; those that are not there are left out."""
    if not slots:
        return {}
    marks = ", ".join("?" * len(slots))
    found = _VALUES.rows(conn, f"FROM sealed_fields WHERE slot IN ({marks})", tuple(slots))
    return {slot: (compartment, sealed) for slot, compartment, sealed in found}


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
