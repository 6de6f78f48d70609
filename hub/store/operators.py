"""Operators of the hub on record: offices with a public key, by which they sign what two of them must agree on."""

from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from hub.errors import Conflict
from hub.store.tables import operators


def add_operator(conn: Connection, name: str, public_key: bytes, at: str) -> None:
    """Put an operator on record. Raises Conflict for a name or key that is there already."""
    rows = conn.execute(select(operators.c.name, operators.c.public_key)).all()
    if any(row.name == name or bytes(row.public_key) == public_key for row in rows):
        raise Conflict("Deze beheerder of deze sleutel staat er al.")
    conn.execute(insert(operators).values(name=name, public_key=public_key, created_at=at, ended_at=None))


def operator_keys(conn: Connection) -> Mapping[str, bytes]:
    """The public key (32 bytes) of every operator that counts."""
    found = conn.execute(select(operators.c.name, operators.c.public_key).where(operators.c.ended_at.is_(None)))
    return {row.name: bytes(row.public_key) for row in found}
