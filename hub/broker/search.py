"""Finding a casus: one match, as this partner's pseudonym, or the answer for an unknown person. On the one path, too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from consent import dossier as kinds
from hub.broker import guessing
from hub.broker.broker import Broker, Moments
from hub.broker.entering import SEARCHED, refused
from hub.broker.facts import Admissions
from hub.broker.state import CasusState, States
from hub.errors import NotFound, NotPermitted, TooMany, Unreadable
from hub.model.instant import to_text
from hub.model.partner import PartnerKind
from hub.model.purpose import Action
from hub.model.release import Release, ReleaseRequest, Subject
from hub.store import casus as rows
from hub.store.engine import Connection
from hub.store.proofs import use_up
from hub.store.units import Tx

EXISTS = "casus_bestaat"


class Names(Protocol):
    """Pseudonyms of casussen."""

    def casus_pseudonym(self, partner: str, casus: str) -> str: ...


MOST = 8
"""Casussen of one partner about one person that are looked at."""

_CLOSED = ("afgewezen", "afgesloten", "afgeschermd", "vernietigd")


def _is_open(state: CasusState, at: str) -> bool:
    phase = state.dossier.latest(kinds.PHASE, at)
    return phase is not None and phase.body["phase"] not in _CLOSED


@dataclass(frozen=True)
class Search:
    """One question: the keyed token of what was asked, and of which kind it is."""

    subject: Subject
    purpose: str
    token: bytes
    by_bsn: bool
    proof_ids: tuple[tuple[str, str], ...]


class Searching:
    """Searches, limited and entered, hits and misses alike."""

    def __init__(
        self,
        broker: Broker,
        store: Moments,
        names: Names,
        states: States,
        admissions: Admissions,
        bsn: frozenset[PartnerKind],
        clock: Callable[[], datetime],
    ) -> None:
        self._broker = broker
        self._store = store
        self._names = names
        self._states = states
        self._admissions = admissions
        self._bsn = bsn
        self._clock = clock

    def search(self, search: Search) -> tuple[str, Release]:
        """(the partner's pseudonym of the one match, the release that says it may know).

        Raises NotFound otherwise; NotPermitted, TooMany. All of these are entered.
        """
        at = self._clock()
        try:
            return self._searched(search)
        except NotPermitted as refusal:
            self._enter_refused(search, at, refusal.code)
            raise
        except TooMany:
            self._enter(search, lambda tx: guessing.report_burst(tx, search.subject, at, {"doel": search.purpose}))
            raise

    def _searched(self, search: Search) -> tuple[str, Release]:
        with self._store.snapshot() as moment:
            at = self._broker.now(moment)
            self._must_be_allowed(moment, search, at)
            found = self._one(moment, search, at)
        partner = search.subject.partner
        pseudonym = self._names.casus_pseudonym(partner, found) if found else search.token.hex()
        request = ReleaseRequest(
            search.subject, pseudonym, search.purpose, (EXISTS,), Action.ZOEKEN, proof_ids=search.proof_ids
        )
        release = self._broker.release(request)
        if not release.fields:
            # Not found, and found but not for this partner: one answer.
            raise NotFound("Deze persoon is bij ons niet bekend.")
        return pseudonym, release

    def _one(self, moment: Connection, search: Search, at: datetime) -> str | None:
        try:
            return self._open_one(moment, search, to_text(at))
        except Unreadable as refusal:
            self._enter_refused(search, at, refusal.code)
            raise

    def _open_one(self, moment: Connection, search: Search, at: str) -> str | None:
        """The one match: of several casussen of this partner's about one person the oldest that is still open.

        A younger one never stands before an older, so nobody hides a casus behind another that he files.
        """
        found = rows.found_by(moment, search.token, MOST)
        if len(found) < 2:
            return found[0] if found else None
        states = [self._states.of(moment, casus, search.subject.partner) for casus in found]
        return next((state.casus for state in states if _is_open(state, at)), found[0])

    def _must_be_allowed(self, moment: Connection, search: Search, at: datetime) -> None:
        subject, now = search.subject, to_text(at)
        admitted = self._admissions.admitted(moment, subject.partner, subject.client, subject.user, now)
        if search.by_bsn and admitted.partner.kind not in self._bsn:
            raise NotPermitted("Uw organisatie mag niet op burgerservicenummer zoeken. Zoek op uw eigen kenmerk.")

    def _enter_refused(self, search: Search, at: datetime, code: str) -> None:
        entry = refused(search.subject, at, SEARCHED, code)
        self._enter(search, lambda tx: tx.enter(entry))

    def _enter(self, search: Search, entered: Callable[[Tx], None]) -> None:
        """Put a no on file. The one-time proofs of the call are used up all the same."""

        def unit(tx: Tx) -> None:
            use_up(tx, search.proof_ids)
            entered(tx)

        self._store.commit(unit)
