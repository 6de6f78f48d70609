"""Who becomes an operator, and who ends. The first two are those of the installation; after that two who stand apart
vouch for each, and two others end one.

Two operators agree on a destruction. Were one enough to bring in another, he could bring in himself with another key;
were one enough to end another where more are in office, he could be left alone.
"""

from collections.abc import Set
from datetime import datetime
from typing import Any

from hub.casework.operators import Who, entry_of, must_be_operator
from hub.errors import Conflict, NotFound, NotPermitted
from hub.model.instant import to_text
from hub.store import operators as rows
from hub.store.casus import any_casus
from hub.store.engine import Connection
from hub.store.units import Tx

ENOUGH = 2

REGISTRAR = "demonstratie"
"""The operator of the demonstration region: it keeps the register, and nobody holds its key."""


def founded(tx: Tx, name: str, public_key: bytes, at: datetime) -> bool:
    """Put one of the first two operators on record. False when they are there: then others vouch.

    Once a casus is on file those who ended are counted too: the installation is founded once. Before that the key of a
    founder that was lost is made good by another founder. Raises Conflict for a name or key that is there.
    """
    rows.must_be_new(tx.connection, name, public_key)
    if name == REGISTRAR:
        raise NotPermitted("Deze naam is van de demonstratie. Kies een andere.")
    there = rows.operator_names(tx.connection) if any_casus(tx.connection) else rows.operator_keys(tx.connection).keys()
    if len(there - {REGISTRAR}) >= ENOUGH:
        return False
    _put_on_record(tx, name, public_key, at, by=name, behind=[])
    return True


def vouch(tx: Tx, name: str, public_key: bytes, by: str, at: datetime) -> bool:
    """The operator `by`, who proved his own key, vouches for `name` with this public key (32 bytes).

    True when the newcomer is an operator from now on; False when another operator has to vouch as well. Raises Conflict
    for a name or key that is there already, or a second word of the same operator; NotPermitted for no operator.
    """
    conn = tx.connection
    counting = rows.operator_keys(conn).keys() - {REGISTRAR}
    if by not in counting or name == REGISTRAR:
        raise NotPermitted("Alleen een bekende beheerder kan voor een ander instaan.")
    rows.must_be_new(conn, name, public_key)
    rows.add_vouch(conn, name, public_key, by, to_text(at))
    _enter(tx, at, by, {"wat": "borg", "nieuw": name, "sleutel": public_key.hex()})
    behind = rows.vouchers(conn, name, public_key) & counting
    if not _enough(conn, behind, counting):
        return False
    _put_on_record(tx, name, public_key, at, by=by, behind=sorted(behind))
    return True


def end(tx: Tx, name: str, who: Who) -> bool:
    """An operator gives his word that `name` ends: so many others have to as would bring one in.

    True when `name` is no operator from now on; what he signed before stands. False when another operator has to say so
    as well. Raises NotPermitted for no operator and for himself (so one is always left), NotFound for an unknown name,
    Conflict for one that ended already, or a second word that is not enough either.
    """
    conn = tx.connection
    must_be_operator(conn, who)
    _must_be_another(conn, name, who.operator)
    counting = rows.operator_keys(conn).keys() - {REGISTRAR, name}
    said = rows.enders(conn, name)
    if who.operator not in said:
        rows.add_ending(conn, name, who.operator, to_text(who.at))
        _enter(tx, who.at, who.operator, {"wat": "einde-borg", "beheerder": name})
    behind = (said | {who.operator}) & counting
    if _enough(conn, behind, counting):
        rows.end_operator(conn, name, to_text(who.at))
        _enter(tx, who.at, who.operator, {"wat": "einde", "beheerder": name, "borgen": sorted(behind)})
        return True
    if who.operator in said:
        raise Conflict("U zei dit al. Een andere beheerder moet dit ook zeggen.")
    return False


def _must_be_another(conn: Connection, name: str, by: str) -> None:
    if name == by:
        raise NotPermitted("Niemand beëindigt zichzelf. Vraag een andere beheerder.")
    if name not in rows.operator_names(conn):
        raise NotFound("Deze beheerder staat niet in het register.")
    if name not in rows.operator_keys(conn):
        raise Conflict("Deze beheerder is al beëindigd.")


def _enough(conn: Connection, behind: Set[str], counting: Set[str]) -> bool:
    """Whether those `behind` something are two of `counting` who stand apart, or as many as there are."""
    counts_as = _counts_as(conn)
    persons = {counts_as[one] for one in counting}
    apart = {counts_as[one] for one in behind}
    return len(behind) >= min(ENOUGH, len(counting)) and len(apart) >= min(ENOUGH, len(persons))


def stand_apart(conn: Connection, one: str, other: str) -> bool:
    """Whether these two operators count as two: not the same, and neither on the word of the other alone."""
    counts_as = _counts_as(conn)
    return counts_as.get(one, one) != counts_as.get(other, other)


def _counts_as(conn: Connection) -> dict[str, str]:
    """Each operator -> the one on whose word alone he stands (by however many between), or else himself."""
    vouched = rows.vouched(conn)
    found = {name: name for name in vouched}
    for _ in vouched:  # Each round goes one word further back; there are no more than operators.
        behind = {name: {found[one] for one in by if one in found} for name, by in vouched.items()}
        found = {name: next(iter(persons)) if len(persons) == 1 else name for name, persons in behind.items()}
    return found


def _put_on_record(tx: Tx, name: str, public_key: bytes, at: datetime, *, by: str, behind: list[str]) -> None:
    rows.add_operator(tx.connection, name, public_key, to_text(at))
    _enter(tx, at, by, {"wat": "beheerder", "nieuw": name, "borgen": behind})


def _enter(tx: Tx, at: datetime, by: str, what: dict[str, Any]) -> None:
    tx.enter(entry_of(by, at, what))
