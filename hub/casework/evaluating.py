"""Evaluations and searches of AuthZEN, on the one path: whether something would be released, and never a value of it.

A caller asks and searches for himself only. That runs through `Broker.release`, for it tells at least that something
exists, and each evaluation is entered, the noes too. Over others he asks with the right `beleid:toetsen`, on facts that
he hands in: over the tables and never the records (`hub.broker.weighing`). docs/authzen.md says what maps on what.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from hub.audit import decision_log
from hub.audit.decision_log import ENTRIES
from hub.broker.entering import EVALUATED, evaluated, refused
from hub.broker.entry import of_no_casus
from hub.broker.weighing import Handed
from hub.casework import asked
from hub.casework.asked import CASUS, FIELD, OWN_ACTIONS, SUBJECT, Entity, Question
from hub.casework.moment import Ground
from hub.errors import HubError, NotFound, NotPermitted, ShapeError, Unavailable
from hub.model.instant import to_text
from hub.model.purpose import Action
from hub.model.release import DECISION_EVENT, Entry, Evaluation, Release, ReleaseRequest, Subject
from hub.store.engine import Committed, Connection
from hub.store.proofs import use_up
from hub.store.units import Tx

T = TypeVar("T")

MANY = "toetsen"
"""Kind of entry: a call of several evaluations, or of none; each of them has an entry of its own."""

Proofs = tuple[tuple[str, str], ...]


class Releases(Protocol):
    """The broker."""

    def release(self, request: ReleaseRequest) -> Release: ...


class Weighs(Protocol):
    """What judges facts that were handed in (hub.broker.weighing)."""

    def weigh(self, handed: Handed) -> Release: ...


class Moments(Protocol):
    """The store."""

    def snapshot(self) -> AbstractContextManager[Connection]: ...
    def commit(self, unit: Callable[[Tx], T]) -> Committed[T]: ...


@dataclass(frozen=True)
class Asker:
    """Who calls, and the one-time proofs of his call: used up with the first entry of it."""

    subject: Subject
    proof_ids: Proofs


@dataclass(frozen=True)
class Verdict:
    """The answer to one evaluation: what would be released (without values), or why it could not be asked. `entry`: the
    number of its entry in the log."""

    decision: bool
    entry: int
    release: Release | None = None
    error: HubError | None = None


class Evaluating:
    """Evaluates and searches."""

    def __init__(
        self, broker: Releases, weighing: Weighs, store: Moments, ground: Ground, clock: Callable[[], datetime]
    ) -> None:
        self._broker = broker
        self._weighing = weighing
        self._store = store
        self._ground = ground
        self._clock = clock

    def evaluate(
        self,
        asker: Asker,
        questions: Sequence[Question | ShapeError],
        *,
        event: str = decision_log.EVALUATION,
        until: bool | None = None,
    ) -> list[Verdict]:
        """The verdict on each question, in order, up to and with the first that is `until` (None: all of them).

        A question that is out of shape, about another without the right, or about nothing that there is, has a verdict
        with its error. Raises Unavailable when the hub cannot answer one: then it has answered none. Every verdict has
        its entry, and the call one record in the decision log: with the entry of its only question, else with its own.
        """
        verdicts: list[Verdict] = []
        event_of_one = event if len(questions) == 1 else None
        try:
            for question in questions:
                verdicts.append(self._verdict(_without_used(asker, verdicts), question, Evaluation(event_of_one)))
                if verdicts[-1].decision is until:
                    break
        except Unavailable as no:
            if event_of_one is None:
                self._enter_call(replace(asker, proof_ids=()), event, verdicts, no.code)
            raise
        if event_of_one is None:
            self._enter_call(_without_used(asker, verdicts), event, verdicts, None)
        return verdicts

    # --- searches ---

    def subjects(self, asker: Asker, kind: str, question: Question) -> list[Entity]:
        """Who of `kind` would be let: the caller himself, or with the right whom his facts are about; nobody else."""
        who = asked.subject_of_facts(question.context) or own_id(asker.subject)
        one = Entity(SUBJECT, who)
        questions = [replace(question, subject=one)] if kind == SUBJECT else []
        return [one for _ in self._permitted(asker, questions, decision_log.SUBJECTS)]

    def resources(self, asker: Asker, question: Question) -> list[Entity]:
        """Which fields of the casus `properties.casus`, or which of the casussen `properties.casussen`, would be let."""
        wanted = question.resource
        if wanted.kind == FIELD and (casus := asked.casus_of_search(wanted)) is not None:
            questions = [replace(question, resource=Entity(CASUS, casus))]
            permitted = self._permitted(asker, questions, decision_log.RESOURCES)
            fields = sorted({line.field for _, release in permitted for line, _ in release.fields})
            return [Entity(FIELD, f"{casus}/{field}") for field in fields]
        several = asked.casussen_of_search(wanted) if wanted.kind == CASUS else ()
        questions = [replace(question, resource=Entity(CASUS, casus)) for casus in several]
        return [one.resource for one, _ in self._permitted(asker, questions, decision_log.RESOURCES)]

    def actions(self, asker: Asker, question: Question) -> list[str]:
        """Which actions would be let."""
        of_facts = asked.FACTS in question.context
        names = [action.value for action in Action] if of_facts else sorted(OWN_ACTIONS)
        questions = [replace(question, action=name) for name in names]
        return [one.action for one, _ in self._permitted(asker, questions, decision_log.ACTIONS)]

    def _permitted(self, asker: Asker, questions: Sequence[Question], event: str) -> Iterator[tuple[Question, Release]]:
        """Each question that was answered with yes. What is unknown is not found; all other errors are raised."""
        verdicts = self.evaluate(asker, questions, event=event)
        for verdict in verdicts:
            if verdict.error is not None and not isinstance(verdict.error, NotFound):
                raise verdict.error
        for question, verdict in zip(questions, verdicts, strict=True):
            if verdict.decision and verdict.release is not None:
                yield question, verdict.release

    # --- one question ---

    def _verdict(self, asker: Asker, question: Question | ShapeError, evaluation: Evaluation) -> Verdict:
        try:
            release = self._release(asker, question, evaluation)
        except (NotFound, NotPermitted, ShapeError) as no:
            return Verdict(False, self._enter_no(asker, no, evaluation), error=no)
        number = release.receipt.index if release.receipt else -1
        if release.concealed:
            return Verdict(False, number, error=NotFound())
        return Verdict(bool(release.fields), number, release)

    def _release(self, asker: Asker, question: Question | ShapeError, evaluation: Evaluation) -> Release:
        if isinstance(question, ShapeError):
            raise question
        if question.subject != Entity(SUBJECT, own_id(asker.subject)):
            self._must_test_policy(asker.subject)
            document = asked.handed_in(question, to_text(self._clock()))
            return self._weighed(Handed(asker.subject, document, asker.proof_ids, evaluation))
        if asked.FACTS in question.context:
            # Facts of one's own beside those on record: which of the two were decided on must never be in doubt.
            raise ShapeError("Bij een vraag over uzelf horen geen eigen feiten.", place="context.facts")
        if question.action not in OWN_ACTIONS:
            raise NotFound("Deze handeling kent de hub niet voor een vraag over uzelf.")
        casus, fields = asked.target(question.resource)
        purpose, action = asked.purpose(question.context), Action(question.action)
        request = ReleaseRequest(
            asker.subject, casus, purpose, fields, action, proof_ids=asker.proof_ids, evaluation=evaluation
        )
        return self._broker.release(request)

    def _weighed(self, handed: Handed) -> Release:
        try:
            return self._weighing.weigh(handed)
        except ShapeError as fault:
            within = "" if fault.place in (None, "document") else f".{fault.place}"
            raise ShapeError(fault.sentence, place=f"context.facts{within}") from None

    def _must_test_policy(self, subject: Subject) -> None:
        with self._store.snapshot() as moment:
            if not self._admitted(moment, subject):
                raise NotPermitted("Alleen over uzelf kunt u dit vragen.")

    def _admitted(self, moment: Connection, subject: Subject) -> bool:
        """Whether the caller has the right `beleid:toetsen`. Raises NotAuthenticated for who does not count any more."""
        # By no clock that is behind one by which the right, or he himself, has ended.
        admitted = self._ground.admitted_now(moment, subject)
        return admitted.user.tests_policy is True

    # --- entries ---

    def _enter_no(self, asker: Asker, no: HubError, evaluation: Evaluation) -> int:
        entry = refused(asker.subject, self._clock(), EVALUATED, no.code)
        return self._enter(asker, replace(entry, internal=evaluated(evaluation)))

    def _enter_call(self, asker: Asker, event: str, verdicts: Sequence[Verdict], code: str | None) -> None:
        numbers = [verdict.entry for verdict in verdicts]
        what = {"toetsen": numbers, "beslissingen": [verdict.decision for verdict in verdicts], "fout": code}
        revisions = {verdict.release.policy_revision for verdict in verdicts if verdict.release}
        internal: dict[str, Any] = {DECISION_EVENT: event, ENTRIES: numbers}
        if revisions:
            internal["policy_revision"] = max(revisions)
        self._enter(asker, of_no_casus(MANY, asker.subject, self._clock(), what, internal))

    def _enter(self, asker: Asker, entry: Entry) -> int:
        def unit(tx: Tx) -> None:
            use_up(tx, asker.proof_ids)
            self._admitted(tx.connection, asker.subject)
            tx.enter(entry)

        return self._store.commit(unit).receipts[0].index


def own_id(subject: Subject) -> str:
    """How a caller names himself: his partner and his user."""
    return f"{subject.partner}/{subject.user}"


def _without_used(asker: Asker, verdicts: Sequence[Verdict]) -> Asker:
    """The first verdict used up the proofs."""
    return replace(asker, proof_ids=()) if verdicts else asker
