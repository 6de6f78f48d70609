"""The register: partners, their clients (systems) and their users, as the hub itself knows them, with dates.

What a token says of a user is never asked (Wgs 2.29, UAVG 30(4)): role, designation, screening, training and secrecy
come from here. Every change moves `partners.version`: whoever remembers something of a partner sees it at once.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection as Connection  # noqa: PLC0414 - other rooms name the type, not the library
from sqlalchemy import Row, bindparam, insert, select, update

from hub.errors import Conflict, NotAuthenticated, NotPermitted, ShapeError
from hub.model.partner import PartnerKind, Standing, standing_of
from hub.store.prepared import Prepared, Question
from hub.store.prepared import Row as Columns
from hub.store.tables import clients, operators, partners, user_terms
from hub.store.units import Tx

ONLY_OPERATORS = "Alleen een bekende beheerder van de hub mag dit doen."
FLAGS = ("designated", "screened", "trained", "bound_to_secrecy")
"""What must be true of a user before he may see anything (R28; Wgs 2.29, UAVG 30(4))."""

TESTS_POLICY = "beleid:toetsen"
"""The right to have the policy judge facts of one's own making (decision contract, AuthZEN). No part of the facts."""

ATTRIBUTES = ("role", *FLAGS, "ended", TESTS_POLICY)


@dataclass(frozen=True)
class PartnerRow:
    """A partner on record. `employer_kind` is of a casusregisseur only; `suspended_at` is UTC text or None."""

    id: str
    kind: PartnerKind
    employer_kind: PartnerKind | None
    fulfils: tuple[str, ...]
    name: str
    created_at: str
    suspended_at: str | None
    version: int

    @property
    def standing(self) -> Standing:
        """How a partner of this kind stands in a casus."""
        return standing_of(self.kind)


@dataclass(frozen=True)
class ClientRow:
    """A client (system) of a partner. `keys`: its dated JWKS as text; `certificate`: the SHA-256 it is pinned to."""

    id: str
    partner: str
    keys: str
    certificate: str | None
    created_at: str
    suspended_at: str | None


@dataclass(frozen=True)
class Term:
    """One dated statement about a user: `value` is a role, `true`, `false`, or None (not known)."""

    attribute: str
    value: str | None
    valid_from: str
    valid_until: str | None


@dataclass(frozen=True)
class UserFacts:
    """What the register knows of a user at an instant; None is unknown, which never permits."""

    id: str
    role: str | None
    designated: bool | None
    screened: bool | None
    trained: bool | None
    bound_to_secrecy: bool | None
    tests_policy: bool | None = None
    """Whether he has the right `beleid:toetsen`; no fact that the policy hears of."""

    def document(self) -> dict[str, str | bool | None]:
        """The `user` of the decision contract."""
        return {"id": self.id, "role": self.role, **{name: getattr(self, name) for name in FLAGS}}


@dataclass(frozen=True)
class Admitted:
    """A caller that counts: partner and user as on record, read at `since`.

    `changes_at`: the next instant at which a date changes that, or None. Until then it may be remembered under
    `partner.version`.
    """

    partner: PartnerRow
    user: UserFacts
    client: str
    since: str
    changes_at: str | None


# --- reading -------------------------------------------------------------------------------------

_partner_columns = [
    partners.c[name]
    for name in ("id", "kind", "employer_kind", "fulfils", "name", "created_at", "suspended_at", "version")
]
"""In the order of `PartnerRow`."""
_partner = Prepared(select(*_partner_columns).where(partners.c.id == bindparam("partner")))
_version = Prepared(select(partners.c.version).where(partners.c.id == bindparam("partner")))
_client = select(clients).where(clients.c.id == bindparam("client"))
_terms = Prepared(
    select(user_terms.c.attribute, user_terms.c.value, user_terms.c.valid_from, user_terms.c.valid_until)
    .where(user_terms.c.partner == bindparam("partner"), user_terms.c.user == bindparam("user"))
    .order_by(user_terms.c.seq)
)
_admission = Prepared(
    select(
        *_partner_columns, user_terms.c.attribute, user_terms.c.value, user_terms.c.valid_from, user_terms.c.valid_until
    )
    .select_from(partners)
    .join(clients, (clients.c.partner == partners.c.id) & (clients.c.id == bindparam("client")))
    .outerjoin(user_terms, (user_terms.c.partner == partners.c.id) & (user_terms.c.user == bindparam("user")))
    .where(partners.c.id == bindparam("partner"), partners.c.suspended_at.is_(None), clients.c.suspended_at.is_(None))
    .order_by(user_terms.c.seq)
)
"""A row for each term of the user, or one without a term; none when partner or client does not count."""


def partner_row(conn: Connection, partner: str) -> PartnerRow | None:
    """The partner on record, suspended or not, or None."""
    row = _partner.row(conn, {"partner": partner})
    return None if row is None else _partner_of(row)


def all_partners(conn: Connection) -> list[PartnerRow]:
    """All partners, by id."""
    return [_partner_of(tuple(row)) for row in conn.execute(select(*_partner_columns).order_by(partners.c.id))]


def partner_version(conn: Connection, partner: str) -> int | None:
    """The version of what is on record of a partner, its clients and users; None for no partner."""
    row = _version.row(conn, {"partner": partner})
    return None if row is None else row[0]


def client_row(conn: Connection, client: str) -> ClientRow | None:
    """The client on record, suspended or not, or None."""
    row = conn.execute(_client, {"client": client}).first()
    return None if row is None else _client_of(row)


def counting_client(conn: Connection, client: str) -> ClientRow | None:
    """The client, when it and its partner count now, or None."""
    row = client_row(conn, client)
    if row is None or row.suspended_at is not None:
        return None
    partner = partner_row(conn, row.partner)
    return row if partner is not None and partner.suspended_at is None else None


def clients_of(conn: Connection, partner: str) -> list[ClientRow]:
    """The clients of a partner, by id."""
    found = select(clients).where(clients.c.partner == partner).order_by(clients.c.id)
    return [_client_of(row) for row in conn.execute(found)]


def users_of(conn: Connection, partner: str) -> list[str]:
    """The ids of the users of a partner that were ever recorded."""
    found = select(user_terms.c.user).where(user_terms.c.partner == partner).distinct().order_by(user_terms.c.user)
    return list(conn.execute(found).scalars())


def user_facts(conn: Connection, partner: str, user: str, at: str) -> UserFacts:
    """What is on record of `user` of `partner` at `at` (UTC text). Not on record, or ended: everything is None."""
    return _facts_of(user, _terms_of(conn, partner, user), at)


def user_ended(conn: Connection, partner: str, user: str, at: str) -> bool:
    """Whether the user has ended at `at`."""
    return _in_force(_terms_of(conn, partner, user), at).get("ended") == "true"


def must_be_on_record(conn: Connection, name: str) -> None:
    """Raise NotPermitted for who is no operator on record, or has ended."""
    known = select(operators.c.name).where(operators.c.name == name, operators.c.ended_at.is_(None))
    if conn.execute(known).first() is None:
        raise NotPermitted(ONLY_OPERATORS)


def admitted(conn: Connection, partner: str, client: str, user: str, at: str) -> Admitted:
    """The caller, when partner, client and user count at `at` (UTC text); else `NotAuthenticated` is raised."""
    rows = _admission.rows(conn, {"partner": partner, "client": client, "user": user})
    if not rows:
        raise NotAuthenticated
    width = len(_partner_columns)
    terms = [Term(*row[width:]) for row in rows if row[width] is not None]
    if _in_force(terms, at).get("ended") == "true":
        raise NotAuthenticated
    return Admitted(_partner_of(rows[0][:width]), _facts_of(user, terms, at), client, at, _next_change(terms, at))


class Admissions:
    """Remembers who was admitted, under the version of his partner: one small query in place of two.

    A suspended partner, client or user has moved that version, in whatever process; a date that passes ends the memory.
    With size 0 nothing is remembered, as must be inside a unit of work, which may be undone.
    """

    def __init__(self, size: int = 4_096) -> None:
        self._size = size
        self._known: dict[tuple[str, str, str], Admitted] = {}

    def asks(self, partner: str, client: str, user: str) -> Question:
        """What `admitted` asks first."""
        if (partner, client, user) in self._known:
            return _version, {"partner": partner}
        return _admission, {"partner": partner, "client": client, "user": user}

    def admitted(self, conn: Connection, partner: str, client: str, user: str, at: str) -> Admitted:
        """As the function `admitted`."""
        key = (partner, client, user)
        known = self._known.get(key)
        if known is not None and _still(known, at) and known.partner.version == partner_version(conn, partner):
            return known
        self._known.pop(key, None)
        found = admitted(conn, partner, client, user, at)
        if len(self._known) >= self._size:
            self._known.clear()
        if self._size:
            self._known[key] = found
        return found


def _still(known: Admitted, at: str) -> bool:
    return known.since <= at and (known.changes_at is None or at < known.changes_at)


def _partner_of(row: Columns) -> PartnerRow:
    id_, kind, employer, fulfils, *rest = row
    employer_kind = None if employer is None else PartnerKind(employer)
    return PartnerRow(id_, PartnerKind(kind), employer_kind, tuple(json.loads(fulfils)), *rest)


def _client_of(row: Row[tuple[object, ...]]) -> ClientRow:
    return ClientRow(row.id, row.partner, row.jwks, row.certificate, row.created_at, row.suspended_at)


def _terms_of(conn: Connection, partner: str, user: str) -> list[Term]:
    return [Term(*row) for row in _terms.rows(conn, {"partner": partner, "user": user})]


def _in_force(terms: Iterable[Term], at: str) -> dict[str, str | None]:
    """Attribute -> value at `at`. Of several that hold then, the one recorded last counts: a correction adds a term."""
    return {
        term.attribute: term.value
        for term in terms
        if term.valid_from <= at and (term.valid_until is None or at < term.valid_until)
    }


def _facts_of(user: str, terms: Iterable[Term], at: str) -> UserFacts:
    held = _in_force(terms, at)
    if held.get("ended") == "true":
        return UserFacts(user, None, None, None, None, None)
    truth = {"true": True, "false": False}
    flags = (truth.get(held.get(name) or "") for name in (*FLAGS, TESTS_POLICY))
    return UserFacts(user, held.get("role"), *flags)


def _next_change(terms: Iterable[Term], at: str) -> str | None:
    dates = (date for term in terms for date in (term.valid_from, term.valid_until))
    return min((date for date in dates if date is not None and date > at), default=None)


# --- writing (hub.identity.register enters each change in the log) -------------------------------


def insert_partner(tx: Tx, partner: PartnerRow) -> None:
    """Put a new partner on record. Raises `Conflict` when the id was used before."""
    if partner_row(tx.connection, partner.id) is not None:
        raise Conflict("Deze partner staat al in het register.")
    employer = None if partner.employer_kind is None else str(partner.employer_kind)
    row = {
        "id": partner.id,
        "kind": str(partner.kind),
        "employer_kind": employer,
        "fulfils": json.dumps(sorted(set(partner.fulfils))),
        "name": partner.name,
        "created_at": partner.created_at,
        "suspended_at": partner.suspended_at,
        "version": partner.version,
    }
    tx.connection.execute(insert(partners).values(row))


def set_partner_suspended(tx: Tx, partner: str, suspended_at: str | None) -> None:
    """Suspend a partner from now on, or (None) let it count again."""
    tx.connection.execute(update(partners).where(partners.c.id == partner).values(suspended_at=suspended_at))
    _moved(tx, partner)


def insert_client(tx: Tx, client: ClientRow) -> None:
    """Put a new client on record. Raises `Conflict` when the id was used before, by whichever partner."""
    if client_row(tx.connection, client.id) is not None:
        raise Conflict("Dit systeem staat al in het register.")
    row = {
        "id": client.id,
        "partner": client.partner,
        "jwks": client.keys,
        "certificate": client.certificate,
        "created_at": client.created_at,
        "suspended_at": client.suspended_at,
    }
    tx.connection.execute(insert(clients).values(row))
    _moved(tx, client.partner)


def set_client(tx: Tx, client: ClientRow) -> None:
    """Record the keys, certificate and suspension of a client anew."""
    changed = {"jwks": client.keys, "certificate": client.certificate, "suspended_at": client.suspended_at}
    tx.connection.execute(update(clients).where(clients.c.id == client.id).values(changed))
    _moved(tx, client.partner)


def insert_terms(tx: Tx, partner: str, user: str, terms: Sequence[Term], *, recorded: tuple[str, str]) -> None:
    """Add dated statements about a user; nothing recorded before is changed. `recorded`: when (UTC text), by whom."""
    if any(term.attribute not in ATTRIBUTES for term in terms):
        raise ShapeError("Dit kenmerk van een gebruiker bestaat niet.")
    rows = [
        {
            "partner": partner,
            "user": user,
            "attribute": term.attribute,
            "value": term.value,
            "valid_from": term.valid_from,
            "valid_until": term.valid_until,
            "recorded_at": recorded[0],
            "recorded_by": recorded[1],
        }
        for term in terms
    ]
    tx.connection.execute(insert(user_terms), rows)
    _moved(tx, partner)


def _moved(tx: Tx, partner: str) -> None:
    tx.connection.execute(update(partners).where(partners.c.id == partner).values(version=partners.c.version + 1))
