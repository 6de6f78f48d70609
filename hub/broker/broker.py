"""The PEP: the one path from a request to a release. Every way out of the hub runs through `Broker.release`."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from hub.broker import duties
from hub.broker.decided import Decided, Decider
from hub.broker.entering import Beside, Entering
from hub.broker.facts import GIVEN, HUB, Facts, Gathered
from hub.broker.filter import filtered
from hub.broker.sending import Senders, content_of, judged, without_values
from hub.broker.through import kept_with_source
from hub.compartment.manifest import Held
from hub.compartment.reading import Opened
from hub.errors import NotFound, Sealed, Stale, Unavailable, Unreadable
from hub.events.catalogue import DECISIONS, REFUSALS
from hub.events.watching import add, step, watcher
from hub.model.instant import from_text
from hub.model.purpose import Action
from hub.model.release import AGG, HIT, OpenedField, Release, Released, ReleaseRequest
from hub.store.engine import Committed, Connection
from hub.store.log import ASKS_LAST_AT
from hub.store.prepared import ask_ahead
from hub.store.units import Tx

T = TypeVar("T")
Fields = tuple[tuple[Released, OpenedField], ...]

ATTEMPTS = 8
"""How often a request is decided anew when the casus moves under it, before it is decided in a unit of work of its own."""


class Moments(Protocol):
    """The store: snapshots and the durable write."""

    def snapshot(self) -> AbstractContextManager[Connection]: ...
    def commit(self, unit: Callable[[Tx], T]) -> Committed[T]: ...


class Compartments(Protocol):
    """The sealed fields of a casus."""

    def open(self, conn: Connection, held: Held, wanted: Sequence[Released]) -> Opened: ...


@dataclass(frozen=True)
class Judging:
    """Steps 1 and 2: who reads the facts, and who decides on them."""

    facts: Facts
    decider: Decider


class _UnansweredError(Exception):
    """The hub cannot answer; that is entered when nothing is being read or written any more."""

    def __init__(self, refusal: Unavailable, at: datetime, facts: Gathered | None = None) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.at = at
        self.facts = facts


@dataclass(frozen=True)
class Broker:
    """The one path. It decides nothing itself: it asks, opens, filters, enters and only then answers."""

    store: Moments
    judging: Judging
    alone: Judging
    """The same without memory, for what is read inside a unit of work: it is not committed yet."""
    compartments: Compartments
    entering: Entering
    senders: Senders
    now: Callable[[Connection], datetime]
    """The instant of what is decided on what is read in a snapshot: no entry that can be seen there is later. So a
    withdrawal that can be read has happened, whichever process put it on file and whatever its clock said."""

    def release(self, request: ReleaseRequest, beside: Beside | None = None) -> Release:
        """Release to the asker what the policy lets out of the casus, and nothing else.

        A refusal is a Release without fields. Of a push that is sent, and of an evaluation, the values stay in. `beside`
        goes into one unit of work with the entry. Raises Unavailable when the hub cannot answer now (nothing left, and
        that is entered where the log can be written), NotAuthenticated when the asker's partner is unknown or suspended.
        """
        for _ in range(ATTEMPTS):
            try:
                return self._release_once(request, beside)
            except Stale:
                # The casus moved between step 1 and step 5: the request comes after that change, and is decided anew.
                continue
        return self._release_alone(request, beside)

    def _release_once(self, request: ReleaseRequest, beside: Beside | None) -> Release:
        with self._noes_entered(request), self.store.snapshot() as moment:
            ask_ahead(moment, (ASKS_LAST_AT, *self.judging.facts.asks(request)))
            facts, decided, release = self._judged(moment, request, self.now(moment), self.judging)
        # (5) Duties and audit: no durable entry, no reply. Refusals are entered too.
        with step("entry"):
            with self._noes_entered(request):
                unit = self._unit(facts, decided, release, beside)
            done = self.store.commit(unit)
        decided.facts.are_on_file()
        _counted(release)
        # (6) Reply.
        return release.with_receipt(done.receipts[0])

    def _release_alone(self, request: ReleaseRequest, beside: Beside | None) -> Release:
        """The same steps in one unit of work, between which nothing moves: who asks in a busy casus waits, and is answered.

        What does not fit its keys still is damaged, and told, entered and alarmed as such.
        """

        def unit(tx: Tx) -> Release:
            at = self.now(tx.connection)
            try:
                facts, decided, release = self._judged(tx.connection, request, at, self.alone)
                self._unit(facts, decided, release, beside)(tx)
            except Stale:
                # That should not be, but whatever it is: no no without its entry.
                raise _UnansweredError(Unreadable(), at) from None
            return release

        with self._noes_entered(request):
            done = self.store.commit(unit)
        _counted(done.value)
        return done.value.with_receipt(done.receipts[0])

    def _judged(
        self, moment: Connection, request: ReleaseRequest, at: datetime, judging: Judging
    ) -> tuple[Gathered, Decided, Release]:
        # (1) Facts: what the policy needs to know, read at one moment, in one snapshot of the store.
        with step("facts"):
            facts = self._gather(moment, request, at, judging.facts)
        # (2) Decision: the policy speaks once (of more emergencies at once, once of each); an engine that fails has refused.
        with step("decision"):
            decided = judged(self._decide(facts, judging.decider), facts, self.senders)
        if decided.decision.conceal:
            judging.facts.forget(facts)
        if decided.emergency is not None:
            facts = replace(facts, emergency=decided.emergency)
        # (3) Decrypt: only the released fields, only at the released level, are opened.
        with step("opening"):
            opened = self._open(moment, facts, decided.decision.released)
        # (4) Filter: a second guard, independent of the first.
        with step("filter"):
            fields = filtered(opened.fields, decided.decision)
        if request.is_promise:
            fields = without_values(fields)
        elif decided.through:
            fields = kept_with_source(fields, decided.through)
        release = self._release_of(facts, decided, fields, opened, at)
        if request.fetch is not None and fields:
            release = replace(release, content=content_of(fields))
        self._must_be_carried_out(release, facts)
        return facts, decided, release

    @staticmethod
    def _must_be_carried_out(release: Release, facts: Gathered) -> None:
        try:
            duties.must_be_carried_out(release)
        except Unavailable as refusal:
            raise _UnansweredError(refusal, release.at, facts) from None

    @contextmanager
    def _noes_entered(self, request: ReleaseRequest) -> Iterator[None]:
        try:
            yield
        except _UnansweredError as no:
            if no.facts is None:
                casus = self.judging.facts.casus_of(request.subject.partner, request.casus)
                self.entering.enter_unreadable(request, casus, no.refusal.code, no.at)
            else:
                self.entering.enter_unanswered(no.facts, no.refusal.code, no.at)
            raise no.refusal from None

    def _unit(self, facts: Gathered, decided: Decided, release: Release, beside: Beside | None) -> Callable[[Tx], None]:
        try:
            return self.entering.unit(facts, decided, release, beside)
        except Sealed:
            # The log key of the casus ended after its state was read, or its own key does not open: nothing is sealed.
            raise _UnansweredError(Unreadable(), release.at) from None

    @staticmethod
    def _gather(moment: Connection, request: ReleaseRequest, at: datetime, facts: Facts) -> Gathered:
        try:
            return facts.gather(moment, request, at)
        except Unreadable as refusal:
            raise _UnansweredError(refusal, at) from None

    @staticmethod
    def _decide(facts: Gathered, decider: Decider) -> Decided:
        try:
            decided = decider.decide(facts)
            duties.must_be_known(decided.decision.obligations, facts.request.action)
        except Unavailable as refusal:
            raise _UnansweredError(refusal, from_text(facts.at), facts) from None
        return decided

    def _open(self, moment: Connection, facts: Gathered, released: tuple[Released, ...]) -> Opened:
        sealed: list[Released] = []
        made: list[Released] = []
        for line in released:
            (made if _is_made(line, facts) else sealed).append(line)
        opened = self.compartments.open(moment, facts.state.held, sealed)
        values = (_made_value(line, facts) for line in made)
        return Opened(fields=(*opened.fields, *values), failed=opened.failed)

    @staticmethod
    def _release_of(facts: Gathered, decided: Decided, fields: Fields, opened: Opened, at: datetime) -> Release:
        left = {(line.field, line.source) for line, _ in fields}
        lost = [(line.field, line.source) for line in decided.decision.released]
        decided = decided.without([place for place in lost if place not in left])
        obligations = decided.decision.obligations if fields else ()
        return Release(
            at=at,
            fields=fields,
            withheld=decided.told,
            obligations=obligations,
            concealed=decided.decision.conceal or _hidden(facts, fields),
            policy_revision=decided.decision.policy_revision,
            bases=decided.bases,
            through=decided.through & left,
            failed=tuple(opened.failed),
            watermark=duties.watermark_of(obligations, facts.request.asker, at),
        )


def _hidden(facts: Gathered, fields: Fields) -> bool:
    """Whether the door answers as for an unknown casus, whatever the policy says of who asks.

    So it does for a casus that there is not, supervision included, and for a search whose hit may not be told.
    """
    return facts.casus_version is None or (facts.request.action is Action.ZOEKEN and not fields)


def _counted(release: Release) -> None:
    """Figures of what was answered: only what was told, so that a hidden casus counts as an unknown one (R15)."""
    if watcher() is None:
        return
    add(DECISIONS, outcome="released" if release.fields else "refused")
    if release.concealed:
        add(REFUSALS, code=NotFound.code)
        return
    for code, many in Counter(code for one in release.withheld for code, _ in one.reasons).items():
        add(REFUSALS, many, code=code)


def _is_made(line: Released, facts: Gathered) -> bool:
    """Whether the hub keeps this field itself; only then is what it keeps worked out."""
    return (line.source == HUB or line.field in GIVEN) and (line.field, line.source) in facts.made


def _made_value(line: Released, facts: Gathered) -> OpenedField:
    value = True if line.level in (HIT, AGG) else facts.made[line.field, line.source]
    return OpenedField(line.field, line.source, line.level, value, facts.at)
