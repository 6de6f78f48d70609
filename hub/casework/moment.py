"""Inside one unit of work: who calls, which casus, what stands in it now. Shared by everything that writes to a casus."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from consent import store as records
from consent.dossier import Dossier
from hub.broker.entry import called
from hub.broker.following import Due, Following
from hub.broker.state import CasusState
from hub.casework.rules import Bench
from hub.crypto.aead import seal
from hub.crypto.random_ids import new_id
from hub.errors import NotFound, Sealed, ShapeError
from hub.model.canonical import canonical_json
from hub.model.instant import to_text
from hub.model.registry import Record, Recorder
from hub.model.release import Entry, Subject
from hub.store import casus as rows
from hub.store import obligations
from hub.store.engine import Connection
from hub.store.partners import Admitted, PartnerRow, partner_row
from hub.store.units import Tx


class Keys(Protocol):
    """The keyring."""

    def get(self, name: str) -> bytes: ...
    def create(self, name: str) -> bytes: ...


class Names(Protocol):
    """Pseudonyms and search tokens."""

    def casus_of(self, partner: str, pseudonym: str) -> str | None: ...
    def casus_pseudonym(self, partner: str, casus: str) -> str: ...
    def phantom(self, partner: str, text: str) -> str: ...
    def index_token(self, kind: str, text: str, partner: str | None = None) -> bytes: ...


class States(Protocol):
    """States of casussen."""

    def of(self, moment: Connection, casus: str, partner: str) -> CasusState: ...


class Admissions(Protocol):
    """Who may call at all."""

    def admitted(self, conn: Connection, partner: str, client: str, user: str, at: str) -> Admitted: ...


@dataclass(frozen=True)
class Call:
    """A call that writes: who, about which casus (the caller's pseudonym), when, and with which one-time proofs."""

    subject: Subject
    casus: str
    at: datetime
    proof_ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Ground:
    """What the writers stand on."""

    keys: Keys
    names: Names
    states: States
    admissions: Admissions
    following: Following
    now: Callable[[Connection], datetime]
    """The instant of what is done on what is read: no entry that can be seen there is later."""

    def admitted(self, conn: Connection, call: Call) -> tuple[Call, Admitted]:
        """The call at the instant of what `conn` reads, which is when it is done, and who calls. Raises NotAuthenticated for
        who does not count (any more)."""
        dated = replace(call, at=self.now(conn))
        return dated, self._admitted(conn, call.subject, dated.at)

    def admitted_now(self, conn: Connection, who: Subject) -> Admitted:
        """Who asks something that is no call about a casus, at the instant of what `conn` reads. Raises the same."""
        return self._admitted(conn, who, self.now(conn))

    def _admitted(self, conn: Connection, who: Subject, at: datetime) -> Admitted:
        return self.admissions.admitted(conn, who.partner, who.client, who.user, to_text(at))


@dataclass
class Moment:
    """One unit of work on one casus, by one caller."""

    tx: Tx
    call: Call
    caller: Admitted
    state: CasusState
    ground: Ground

    @property
    def at(self) -> str:
        """The instant of this unit."""
        return to_text(self.call.at)

    @property
    def casus(self) -> str:
        """The id of the casus."""
        return self.state.casus

    @property
    def dossier(self) -> Dossier:
        """What stands in the casus."""
        return self.state.dossier

    def bench(self, body: Mapping[str, Any]) -> Bench:
        """What the rules look at."""
        partner = self.caller.partner
        return Bench(partner.id, partner.kind, self.caller.user.role, self.dossier, self.at, body)

    def put(
        self, kind: str, body: Mapping[str, Any], texts: Mapping[str, Any] | None = None, ends: str | None = None
    ) -> str:
        """A record of the caller on file. Returns its id."""
        id_ = new_id()
        sealed = {name: self._sealed(id_, text) for name, text in (texts or {}).items()}
        partner = self.caller.partner
        by = Recorder(partner.id, partner.kind.value, self.call.subject.user, self.caller.user.role)
        record = Record(id_, kind, self.at, by, body, sealed, ends)
        records.append(self.tx.connection, self.casus, self.ground.keys.get(f"log/{self.casus}"), record)
        return id_

    def enter(self, kind: str, what: Mapping[str, Any], internal: Mapping[str, Any] | None = None) -> None:
        """The entry of this call in the log."""
        told = {**called(kind, self.call.subject, self.call.at), "casus": self.call.casus, **what}
        self.tx.enter(Entry(kind, self.call.at, self.casus, told, {"casus": self.casus, **(internal or {})}))

    def follow(self, due: Due) -> None:
        """An obligation on file, to be followed up."""
        self.ground.following.put_one(self.tx.connection, due, self.at)

    def open_obligations(self, type_: str) -> list[tuple[str, Due]]:
        """The obligations of one type that are open in this casus, by id."""
        return self.ground.following.open(self.tx.connection, self.casus, type_)

    def settle(self, type_: str, fits: Callable[[Due], bool]) -> None:
        """What is open of one type in this casus and fits is done by what is put on file now."""
        for id_, due in self.open_obligations(type_):
            if fits(due):
                obligations.done(self.tx.connection, id_, self.at)

    def _sealed(self, record: str, text: Any) -> str:
        key = self.state.held.own_key
        if key is None:
            raise Sealed
        return base64.b64encode(seal(key, canonical_json(text), ("text", self.casus, record))).decode()


def enter_moment(ground: Ground, tx: Tx, call: Call, caller: Admitted) -> Moment:
    """The moment of `call`, dated in this unit, by who was admitted for it. Raises NotFound for a casus that is unknown, or
    in which the caller has no part."""
    partner = caller.partner.id
    casus = ground.names.casus_of(partner, call.casus) or ground.names.phantom(partner, call.casus)
    state = ground.states.of(tx.connection, casus, partner)
    if state.version is None or not _takes_part(state, partner, to_text(call.at)):
        raise NotFound
    return Moment(tx, call, caller, state, ground)


def _takes_part(state: CasusState, partner: str, at: str) -> bool:
    return state.dossier.takes_part(partner, at)


def known_partner(connection: Connection, partner: str, place: str) -> PartnerRow:
    """A partner on record. Raises ShapeError, at `place` of what was sent, for one that there is not."""
    row = partner_row(connection, partner)
    if row is None:
        raise ShapeError("Deze partner is bij ons niet bekend.", place=place)
    return row


def moved(moment: Moment) -> None:
    """The casus changed: whoever read it before decides anew."""
    rows.touch(moment.tx.connection, moment.casus)


Answer = dict[str, Any]
Work = Callable[[Moment], Answer]
