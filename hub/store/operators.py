"""Operators of the hub on record: offices with a public key, by which they sign what two of them must agree on."""

from collections.abc import Mapping

from sqlalchemy import Connection, insert, select, update

from hub.errors import Conflict
from hub.store.tables import endings, operators, vouches


def add_operator(conn: Connection, name: str, public_key: bytes, at: str) -> None:
    """Put an operator on record. Raises Conflict for a name or key that is there already."""
    must_be_new(conn, name, public_key)
    conn.execute(insert(operators).values(name=name, public_key=public_key, created_at=at, ended_at=None))


def must_be_new(conn: Connection, name: str, public_key: bytes) -> None:
    """Raise Conflict for a name or key that is on record already, ended or not."""
    rows = conn.execute(select(operators.c.name, operators.c.public_key)).all()
    if any(row.name == name or bytes(row.public_key) == public_key for row in rows):
        raise Conflict("Deze beheerder of deze sleutel staat er al.")


def operator_keys(conn: Connection) -> Mapping[str, bytes]:
    """The public key (32 bytes) of every operator that counts."""
    found = conn.execute(select(operators.c.name, operators.c.public_key).where(operators.c.ended_at.is_(None)))
    return {row.name: bytes(row.public_key) for row in found}


def keys_ever(conn: Connection) -> Mapping[str, bytes]:
    """The public key of every operator that was ever on record: what he signed before he ended still stands."""
    return {row.name: bytes(row.public_key) for row in conn.execute(select(operators.c.name, operators.c.public_key))}


def operator_names(conn: Connection) -> frozenset[str]:
    """Every operator that was ever on record, ended or not."""
    return frozenset(conn.execute(select(operators.c.name)).scalars())


def end_operator(conn: Connection, name: str, at: str) -> None:
    """From `at` on this operator counts no more. His name and key stay on record, and are nobody else's."""
    conn.execute(update(operators).where(operators.c.name == name).values(ended_at=at))


def add_ending(conn: Connection, name: str, by: str, at: str) -> None:
    """`by` gives his word, for the first time, that the operator `name` ends."""
    conn.execute(insert(endings).values(name=name, ended_by=by, said_at=at))


def enders(conn: Connection, name: str) -> frozenset[str]:
    """Who gave his word that this operator ends."""
    return frozenset(conn.execute(select(endings.c.ended_by).where(endings.c.name == name)).scalars())


def add_vouch(conn: Connection, name: str, public_key: bytes, by: str, at: str) -> None:
    """`by` vouches for the holder of this key. Raises Conflict when he did so before."""
    if by in vouchers(conn, name, public_key):
        raise Conflict("U staat al in voor deze sleutel. Een andere beheerder moet dit ook doen.")
    conn.execute(insert(vouches).values(name=name, public_key=public_key, vouched_by=by, vouched_at=at))


def vouchers(conn: Connection, name: str, public_key: bytes) -> frozenset[str]:
    """Who vouched for this name with this key."""
    of_both = (vouches.c.name == name, vouches.c.public_key == public_key)
    return frozenset(conn.execute(select(vouches.c.vouched_by).where(*of_both)).scalars())


def vouched(conn: Connection) -> Mapping[str, frozenset[str]]:
    """Every operator that was ever on record -> who vouched for him; nobody for those of the installation."""
    rows = conn.execute(select(operators.c.name, operators.c.public_key)).all()
    return {row.name: vouchers(conn, row.name, bytes(row.public_key)) for row in rows}
