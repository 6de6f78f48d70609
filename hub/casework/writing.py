"""Every call that writes: proofs used up, answered once under its Idempotency-Key, entered, durable, then answered."""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

from hub.broker.entering import partner_key
from hub.broker.entry import of_no_casus
from hub.casework.authorised import must_be_reader
from hub.casework.moment import Answer, Call, Ground, Moment, Work, enter_moment
from hub.crypto.aead import open_, seal
from hub.crypto.pseudonym import derived
from hub.errors import (
    Conflict,
    HubError,
    IdempotencyConflict,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    Sealed,
    ShapeError,
    Unreadable,
)
from hub.events.alarm import alarm
from hub.model.instant import to_text
from hub.model.release import Entry
from hub.model.trace import current
from hub.store import casus as rows
from hub.store.engine import Committed, Connection
from hub.store.notices import report
from hub.store.partners import Admitted
from hub.store.proofs import use_up
from hub.store.units import Tx

T = TypeVar("T")

ANSWERS_KEPT = timedelta(days=30)
"""How long an answer is given again under its Idempotency-Key; the API says so."""

_SWEEPS_ONE_IN = 64

Outcome = Answer | HubError
"""An answer; or a no that is on file with all that its unit wrote, and is raised after the durable write."""


May = Callable[[Admitted], None]
"""What is asked of the caller before anything is looked up. Raises NotPermitted."""

Do = Callable[[Tx, Call, Admitted], Outcome]
"""What is done in a unit of work: for a call that was dated in it, by who was admitted then."""

No = Callable[[Tx], None]
"""What is put on file of a call that was not carried out."""


class Commits(Protocol):
    """The durable write."""

    def commit(self, unit: Callable[[Tx], T], *, scrub: bool = False) -> Committed[T]: ...
    def commit_all(
        self, units: Sequence[Callable[[Tx], T]], *, scrub: bool = False
    ) -> list[Committed[T] | Exception]: ...


@dataclass(frozen=True)
class Once:
    """An Idempotency-Key and the digest (SHA-256) of the call it was sent with."""

    key: str
    digest: bytes


class Writing:
    """Runs work on a casus in one unit."""

    def __init__(self, store: Commits, ground: Ground) -> None:
        self._store = store
        self.ground = ground

    def on_casus(
        self,
        call: Call,
        once: Once,
        work: Callable[[Moment], Outcome],
        *,
        may: May = must_be_reader,
        scrub: bool = False,
    ) -> Answer:
        """Do `work` on the casus of `call`, once; the same call again gets the same answer.

        Raises NotPermitted, entered, for a user who may not work with data, whatever the casus; NotFound, entered, for a
        casus that the caller does not know; whatever `work` raises; StoreUnavailable.
        """
        return self.once(call, once, self._in_moment(work), may=may, scrub=scrub)

    def once(
        self,
        call: Call,
        once: Once,
        work: Do,
        *,
        may: May = must_be_reader,
        scrub: bool = False,
    ) -> Answer:
        """Do `work` in one unit of work, unless this key was answered before. What is refused is entered too."""
        try:
            found = self._store.commit(self._unit(call, once, work, may), scrub=scrub).value
        except NotFound:
            self.enter_unknown(call)
            raise
        except (NotPermitted, Conflict, ShapeError, Unreadable) as refusal:
            self.enter_refused(call, refusal.code)
            raise
        if isinstance(found, HubError):
            raise found
        return found

    def look(self, call: Call, work: Work) -> Answer:
        """Do `work` that changes nothing on the casus of `call`. The same answer and entry for an unknown casus."""

        def unit(tx: Tx) -> Answer:
            use_up(tx, call.proof_ids)
            dated, caller = self.ground.admitted(tx.connection, call)
            return work(enter_moment(self.ground, tx, dated, caller))

        try:
            return self._store.commit(unit).value
        except NotFound:
            self.enter_unknown(call)
            raise
        except (NotPermitted, Unreadable) as refusal:
            self.enter_refused(call, refusal.code)
            raise

    def begin(self, call: Call) -> None:
        """Use up the proofs of a call of many pieces, and see that its caller still counts, before the first of them."""

        def unit(tx: Tx) -> None:
            use_up(tx, call.proof_ids)
            self.ground.admitted(tx.connection, call)

        self._store.commit(unit)

    def many(
        self, jobs: Sequence[tuple[Call, Once, Callable[[Moment], Outcome]]], *, may: May, scrub: bool = False
    ) -> list[Answer | Exception]:
        """Many pieces of work, each in its own unit, in few durable writes: each its answer or its error, in order."""
        units = [self._unit(call, once, self._in_moment(work), may) for call, once, work in jobs]
        results = self._store.commit_all(units, scrub=scrub)
        if shut := sum(isinstance(result, Unreadable) for result in results):
            alarm("onleesbaar", shut, current().id)
        noes = (_no_of(call, result) for (call, _, _), result in zip(jobs, results, strict=True))
        entered = self._store.commit_all([no for no in noes if no is not None])
        for failure in (one for one in entered if isinstance(one, Exception)):
            raise failure
        return [result if isinstance(result, Exception) else result.value for result in results]

    def _in_moment(self, work: Callable[[Moment], Outcome]) -> Do:
        return lambda tx, call, caller: work(enter_moment(self.ground, tx, call, caller))

    def _unit(self, call: Call, once: Once, work: Do, may: May) -> Callable[[Tx], Outcome]:
        def unit(tx: Tx) -> Outcome:
            use_up(tx, call.proof_ids)
            dated, caller = self.ground.admitted(tx.connection, call)
            # Who has ended, or may work no more, gets no answer of before either. The same for any casus (R15).
            may(caller)
            try:
                before = self.answered(tx.connection, dated, once)
                if before is None:
                    return self._done(tx, dated, once, work(tx, dated, caller))
                if dated.casus:
                    # Who was put out of the casus since hears of it what he hears of one that there is not (R15).
                    enter_moment(self.ground, tx, dated, caller)
            except Sealed:
                # A directory, a row or a key is damaged: nothing is written on what cannot be read.
                raise Unreadable from None
            return before

        return unit

    def _done(self, tx: Tx, call: Call, once: Once, answer: Outcome) -> Outcome:
        if not isinstance(answer, HubError):
            self.keep(tx, call, once, answer)
        return answer

    def keep(self, tx: Tx, call: Call, once: Once, answer: Answer) -> None:
        """Keep `answer` under the key of this call, in the unit of work of what it answers."""
        # In the order of its keys, so that the same answer is the same bytes.
        sealed = seal(self._key(call), json.dumps(answer).encode(), _place(call, once))
        digest = _digest(call, once)
        rows.keep_answer(tx.connection, call.subject.partner, self._token(call, once), digest, sealed, to_text(call.at))
        # Digests are even: one in so many calls pays for the others.
        if once.digest[0] % _SWEEPS_ONE_IN == 0:
            rows.sweep_answers(tx.connection, to_text(call.at - ANSWERS_KEPT))

    def answered(self, connection: Connection, call: Call, once: Once) -> Answer | None:
        """What was answered to this call before, or None. Raises IdempotencyConflict when the key was of another call, or of
        another user: what one was told stands in the log under his name, so it is told again to him alone.

        Of a casus that was destroyed since, what was answered counts no more: the call is as any about an unknown one.
        """
        found = rows.answered(connection, call.subject.partner, self._token(call, once), once.key)
        if found is None:
            return None
        digest, sealed = found
        if digest != _digest(call, once):
            raise IdempotencyConflict
        if self._is_destroyed(connection, call.subject.partner, call.casus):
            return None
        answer: Answer = json.loads(open_(self._key(call), sealed, _place(call, once)))
        if self._is_destroyed(connection, call.subject.partner, str(answer.get("casus", ""))):
            # The answer to the aanmelding itself, which names its casus.
            raise NotFound
        return answer

    def _is_destroyed(self, connection: Connection, partner: str, pseudonym: str) -> bool:
        casus = self.ground.names.casus_of(partner, pseudonym)
        row = None if casus is None else rows.casus_row(connection, casus)
        return row is not None and row.destroyed_at is not None

    def enter_unknown(self, call: Call) -> None:
        """The entry of a call about what its caller does not know."""
        self._say_no(call, _no_of_unknown(call))

    def enter_refused(self, call: Call, code: str) -> None:
        """The entry of a call that was refused. Of what does not open the operator hears, as the answer says."""
        if code == Unreadable.code:
            alarm("onleesbaar", 1, current().id)
        self._say_no(call, _no_of_refused(call, code))

    def enter(self, entries: Sequence[Entry], proof_ids: Sequence[tuple[str, str]]) -> None:
        """Put entries on file, and use up the one-time proofs of their call. Raises NotAuthenticated for a used one."""

        def unit(tx: Tx) -> None:
            use_up(tx, proof_ids)
            for entry in entries:
                tx.enter(entry)

        self._store.commit(unit)

    def _say_no(self, call: Call, no: No) -> None:
        """Enter that nothing was done. The one-time proofs of the call are used up all the same."""

        def unit(tx: Tx) -> None:
            use_up(tx, call.proof_ids)
            no(tx)

        try:
            self._store.commit(unit)
        except NotAuthenticated:
            # Another call took the proof meanwhile. What was refused is entered all the same.
            self._store.commit(no)

    def _token(self, call: Call, once: Once) -> str:
        """What an Idempotency-Key is kept as: whoever makes one up may put a name or a BSN into it."""
        return hmac.digest(derived(self._key(call), "idempotency-key"), once.key.encode(), "sha256").hex()

    def _key(self, call: Call) -> bytes:
        return partner_key(self.ground.keys, call.subject.partner)


def _place(call: Call, once: Once) -> tuple[str, ...]:
    return ("answer", call.subject.partner, once.key)


def _digest(call: Call, once: Once) -> bytes:
    """Of the call with who made it."""
    return hashlib.sha256(once.digest + call.subject.user.encode()).digest()


def unknown(call: Call) -> Entry:
    """The entry of a call about what its caller does not know."""
    return of_no_casus("onbekend", call.subject, call.at, {"casus": None, "fout": "onbekend"})


def refused(call: Call, code: str) -> Entry:
    """The entry of a call that was refused."""
    return of_no_casus("geweigerd", call.subject, call.at, {"casus": call.casus or None, "fout": code})


def _no_of_unknown(call: Call) -> No:
    return lambda tx: tx.enter(unknown(call))


def _no_of_refused(call: Call, code: str) -> No:
    def no(tx: Tx) -> None:
        if code == Unreadable.code:
            report(tx.connection, "onleesbaar", call.subject.partner, to_text(call.at))
        tx.enter(refused(call, code))

    return no


def _no_of(call: Call, result: object) -> No | None:
    """What is put on file of a line of a series that gave an error."""
    if isinstance(result, NotFound):
        return _no_of_unknown(call)
    if isinstance(result, NotPermitted | Conflict | ShapeError | Unreadable):
        return _no_of_refused(call, result.code)
    return None
