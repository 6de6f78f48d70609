"""Changes to the register of partners, clients and users: who may make them, and that each is entered in the log.

The table of who may: an operator all of it; a partner its own users, by someone who keeps its authorisations and never
about himself (Wgs 2.29: the deelnemer designates its people; roles "privacy officer / applicatiebeheerder"). The right
`beleid:toetsen` is an operator's to give.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from hub.errors import NotPermitted, ShapeError
from hub.identity import ids
from hub.identity.client_keys import ClientKeys, first_keys
from hub.model.instant import to_text
from hub.model.obligations import OBLIGATIONS
from hub.model.partner import PartnerKind
from hub.model.registry import Recorder
from hub.model.release import Entry
from hub.store import partners as rows
from hub.store.partners import FLAGS, TESTS_POLICY, ClientRow, PartnerRow, Term
from hub.store.units import Tx

HUB = "hub"
"""The partner of a recorder who is an operator."""

KEEPERS = frozenset({"privacy_officer", "applicatiebeheerder"})
"""Roles of users who keep the authorisations of their own organisation."""

OVERLAP = timedelta(hours=24)
"""How long the old keys of a client still count after a rotation."""

_WORDS = frozenset({HUB, "ciz", "ander", *PartnerKind})
"""What stands for a kind where an id may stand too (`denied_to`, a source): a partner of that name would be taken for all
of that kind, or they for him."""

_PRIVATE_KINDS = frozenset({PartnerKind.NAASTE, PartnerKind.BETROKKENE})
_ROLE = re.compile(r"[a-z][a-z_-]{1,62}", re.ASCII)


@dataclass(frozen=True)
class NewPartner:
    """A partner to register. `name` is of an organisation; of a person no name is kept here."""

    id: str
    kind: PartnerKind
    fulfils: tuple[str, ...]
    name: str
    employer_kind: PartnerKind | None = None


@dataclass(frozen=True)
class UserChange:
    """What is recorded of a user: attribute -> value, from and until when (None: from now, without end)."""

    values: Mapping[str, str | None]
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def operator(name: str) -> Recorder:
    """The recorder who is an operator of the hub."""
    return Recorder(HUB, HUB, name, "operator")


def add_partner(tx: Tx, new: NewPartner, by: Recorder, at: datetime) -> None:
    """Register a partner. Raises `NotPermitted`, `ShapeError`, `Conflict`."""
    _by_operator(tx, by)
    _check_partner(new)
    rows.insert_partner(
        tx, PartnerRow(new.id, new.kind, new.employer_kind, new.fulfils, new.name.strip(), to_text(at), None, 1)
    )
    _enter(tx, by, at, "partner-toegevoegd", partner=new.id, kind=str(new.kind))


def suspend_partner(tx: Tx, partner: str, by: Recorder, at: datetime) -> None:
    """From the next request on nobody of this partner gets anything. Raises `NotPermitted`, `ShapeError`."""
    _by_operator(tx, by)
    _partner(tx, partner)
    rows.set_partner_suspended(tx, partner, to_text(at))
    _enter(tx, by, at, "partner-geschorst", partner=partner)


def resume_partner(tx: Tx, partner: str, by: Recorder, at: datetime) -> None:
    """The partner counts again. Raises `NotPermitted`, `ShapeError`."""
    _by_operator(tx, by)
    _partner(tx, partner)
    rows.set_partner_suspended(tx, partner, None)
    _enter(tx, by, at, "partner-hervat", partner=partner)


def add_client(
    tx: Tx, partner: str, client: str, jwks: object, *, by: Recorder, at: datetime, certificate: str | None = None
) -> None:
    """Register a client with its public keys (JWKS), and the SHA-256 of its certificate where it uses mutual TLS."""
    _by_operator(tx, by)
    _partner(tx, partner)
    _check_id(client, ids.ID)
    keys = first_keys(jwks, to_text(at))
    rows.insert_client(tx, ClientRow(client, partner, keys.text(), certificate, to_text(at), None))
    _enter(tx, by, at, "systeem-toegevoegd", partner=partner, client=client, kids=_live_kids(keys, at))


def rotate_client(
    tx: Tx, client: str, jwks: object, by: Recorder, at: datetime, *, overlap: timedelta = OVERLAP
) -> None:
    """Record new keys of a client; the old ones end after `overlap` (nothing: at once, when one was stolen)."""
    _by_operator(tx, by)
    row = _client(tx, client)
    keys = ClientKeys.stored(row.keys).rotated(jwks, to_text(at), to_text(at + overlap))
    rows.set_client(tx, replace(row, keys=keys.text()))
    _enter(tx, by, at, "sleutels-vervangen", partner=row.partner, client=client, kids=_live_kids(keys, at))


def pin_client(tx: Tx, client: str, certificate: str | None, by: Recorder, at: datetime) -> None:
    """Record the SHA-256 of a client's new certificate, or (None) that it has none."""
    _by_operator(tx, by)
    row = _client(tx, client)
    rows.set_client(tx, replace(row, certificate=certificate))
    _enter(tx, by, at, "certificaat-vervangen", partner=row.partner, client=client)


def suspend_client(tx: Tx, client: str, by: Recorder, at: datetime) -> None:
    """From the next request on this client counts no more, nor do its tokens."""
    _by_operator(tx, by)
    row = _client(tx, client)
    rows.set_client(tx, replace(row, suspended_at=to_text(at)))
    _enter(tx, by, at, "systeem-geschorst", partner=row.partner, client=client)


def resume_client(tx: Tx, client: str, by: Recorder, at: datetime) -> None:
    """The client counts again."""
    _by_operator(tx, by)
    row = _client(tx, client)
    rows.set_client(tx, replace(row, suspended_at=None))
    _enter(tx, by, at, "systeem-hervat", partner=row.partner, client=client)


def record_user(tx: Tx, partner: str, user: str, change: UserChange, *, by: Recorder, at: datetime) -> None:
    """Record dated statements about a user of a partner. Raises `NotPermitted`, `ShapeError`."""
    _for_users_of(tx, partner, user, by, at)
    if TESTS_POLICY in change.values:
        # A right at the hub, and not of a partner's people among themselves.
        _by_operator(tx, by)
    _partner(tx, partner)
    _check_id(user, ids.USER)
    terms = _terms(change, at)
    rows.insert_terms(tx, partner, user, terms, recorded=(to_text(at), f"{by.partner}/{by.user}"))
    _enter(tx, by, at, "gebruiker-vastgelegd", partner=partner, user=user, terms=[asdict(term) for term in terms])


# --- who may -------------------------------------------------------------------------------------


def _by_operator(tx: Tx, by: Recorder) -> None:
    """An operator on record, who has not ended (two of them order a destruction; one keeps the register)."""
    if by.partner != HUB:
        raise NotPermitted(rows.ONLY_OPERATORS)
    rows.must_be_on_record(tx.connection, by.user)


def _for_users_of(tx: Tx, partner: str, user: str, by: Recorder, at: datetime) -> None:
    if by.partner == HUB:
        _by_operator(tx, by)
        return
    # The role is asked of the register, not of the caller.
    facts = rows.user_facts(tx.connection, by.partner, by.user, to_text(at))
    if by.partner != partner or by.user == user or facts.role not in KEEPERS:
        raise NotPermitted("Alleen wie de bevoegdheden van uw organisatie bijhoudt mag dit, en niet over zichzelf.")


# --- shapes --------------------------------------------------------------------------------------


def _check_partner(new: NewPartner) -> None:
    _check_id(new.id, ids.ID)
    if new.id in _WORDS:
        raise ShapeError("Dit woord betekent al iets anders. Kies een andere naam.", place="id")
    if bool(new.name.strip()) == (new.kind in _PRIVATE_KINDS) or len(new.name) > 200 or not new.name.isprintable():
        raise ShapeError("Een organisatie heeft een naam. Van een persoon bewaart de hub hier geen naam.", place="name")
    if (new.kind is PartnerKind.CASUSREGISSEUR) != (new.employer_kind is not None):
        raise ShapeError("Alleen een casusregisseur heeft een werkgever, en altijd.", place="employer_kind")
    if not set(new.fulfils) <= OBLIGATIONS | {"*"}:
        raise ShapeError("Deze verplichting kent de hub niet.", place="fulfils")


def _check_id(text: str, shape: re.Pattern[str]) -> None:
    if not ids.fits(text, shape):
        raise ShapeError("Een naam heeft letters, cijfers en streepjes, en geen nummer van een persoon.", place="id")


def _terms(change: UserChange, at: datetime) -> Sequence[Term]:
    begin = to_text(change.valid_from or at)
    end = None if change.valid_until is None else to_text(change.valid_until)
    if end is not None and end <= begin:
        raise ShapeError("Het einde ligt voor het begin.", place="valid_until")
    if not change.values:
        raise ShapeError("Er is niets om vast te leggen.")
    for attribute, value in change.values.items():
        _check_value(attribute, value)
    return [Term(attribute, value, begin, end) for attribute, value in change.values.items()]


def _check_value(attribute: str, value: str | None) -> None:
    if attribute == "role":
        fits = value is None or bool(_ROLE.fullmatch(value))
    else:
        fits = attribute in (*FLAGS, "ended", TESTS_POLICY) and value in (None, "true", "false")
    if not fits:
        raise ShapeError("Dit kenmerk van een gebruiker kan de hub niet vastleggen.", place=attribute)


def _partner(tx: Tx, partner: str) -> PartnerRow:
    row = rows.partner_row(tx.connection, partner)
    if row is None:
        raise ShapeError("Deze partner staat niet in het register.", place="partner")
    return row


def _client(tx: Tx, client: str) -> ClientRow:
    row = rows.client_row(tx.connection, client)
    if row is None:
        raise ShapeError("Dit systeem staat niet in het register.", place="client")
    return row


# --- the log -------------------------------------------------------------------------------------


def _live_kids(keys: ClientKeys, at: datetime) -> list[str]:
    return sorted(key.kid for key in keys.keys if key.live(to_text(at)))


def _enter(tx: Tx, by: Recorder, at: datetime, act: str, **about: object) -> None:
    told = {"act": act, "by": {"partner": by.partner, "user": by.user}, **about}
    tx.enter(Entry(kind="beheer", at=at, log_key=HUB, told=told, internal={}))
