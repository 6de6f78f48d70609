"""A policy of others behind the same AuthZEN doors, for tests of interoperability alone (docs/authzen.md).

A tenant is a policy and nothing else. It knows no broker, no casus, no compartment, no pseudonym and no key of a casus:
it could let nothing out, whatever its policy says. It answers partners on record, and each call is entered.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import orjson

from hub.broker.entry import of_no_casus
from hub.casework.asked import Entity, Question
from hub.casework.evaluating import Asker, Moments, Verdict
from hub.casework.moment import Ground
from hub.errors import EngineUnavailable, ShapeError
from hub.model.instant import to_text
from hub.model.release import DECISION_EVENT
from hub.store.proofs import use_up
from hub.store.units import Tx

ENTRYPOINT = "hub/release/gathered"
"""Where its policy is asked, as the law's is."""

TRIED = "proefhuurder"
"""Kind of entry: a call to a tenant."""


class Judges(Protocol):
    """The engine that runs the tenant's policy."""

    revision: str

    def told(self, entrypoint: str, question: bytes, at: str) -> object: ...


class Tenant:
    """Evaluates and searches by a policy of its own."""

    def __init__(self, engine: Judges, store: Moments, ground: Ground, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._store = store
        self._ground = ground
        self._clock = clock

    def evaluate(
        self,
        asker: Asker,
        questions: Sequence[Question | ShapeError],
        *,
        event: str = "adl.access_evaluation",
        until: bool | None = None,
    ) -> list[Verdict]:
        """As `hub.casework.evaluating.Evaluating.evaluate`, with one entry for the whole call."""
        verdicts: list[Verdict] = []
        for question in questions:
            verdicts.append(self._verdict(question))
            if verdicts[-1].decision is until:
                break
        self._enter(asker, event, [verdict.decision for verdict in verdicts])
        return verdicts

    def subjects(self, asker: Asker, kind: str, question: Question) -> list[Entity]:
        """Who of `kind` the policy lets, of those it knows."""
        found = self._searched("subjects", question, kind)
        self._enter(asker, "adl.search_subject", len(found))
        return [Entity(kind, id_) for id_ in found]

    def resources(self, asker: Asker, question: Question) -> list[Entity]:
        """Which of the resources that it knows the policy lets out."""
        kind = question.resource.kind
        found = self._searched("resources", question, kind)
        self._enter(asker, "adl.search_resource", len(found))
        return [Entity(kind, id_) for id_ in found]

    def actions(self, asker: Asker, question: Question) -> list[str]:
        """Which actions the policy lets."""
        found = self._searched("actions", question, "")
        self._enter(asker, "adl.search_action", len(found))
        return found

    def _verdict(self, question: Question | ShapeError) -> Verdict:
        if isinstance(question, ShapeError):
            return Verdict(False, -1, error=question)
        answer = self._asked("evaluation", question, "").get("decision")
        if type(answer) is not bool:
            raise EngineUnavailable
        return Verdict(answer, -1)

    def _searched(self, what: str, question: Question, kind: str) -> list[str]:
        found = self._asked(what, question, kind).get("results")
        if not (isinstance(found, list) and all(isinstance(one, str) for one in found)):
            raise EngineUnavailable
        return found

    def _asked(self, what: str, question: Question, kind: str) -> dict[str, Any]:
        document = {
            "question": what,
            "kind": kind,
            "subject": _entity(question.subject),
            "action": {"name": question.action, "properties": dict(question.action_properties)},
            "resource": _entity(question.resource),
            "context": dict(question.context),
        }
        try:
            text = orjson.dumps(document)
        except TypeError:
            # Numbers beyond 64 bits and half signs are no part of I-JSON.
            raise ShapeError(place="properties") from None
        answer = self._engine.told(ENTRYPOINT, text, to_text(self._clock()))
        if not isinstance(answer, dict):
            raise EngineUnavailable
        return answer

    def _enter(self, asker: Asker, event: str, told: list[bool] | int) -> None:
        subject, at = asker.subject, self._clock()
        internal = {DECISION_EVENT: event, "policy_revision": self._engine.revision}
        what = {"beslissingen": told, "beleid": self._engine.revision, "fout": None}
        entry = of_no_casus(TRIED, subject, at, what, internal)

        def unit(tx: Tx) -> None:
            use_up(tx, asker.proof_ids)
            self._ground.admitted_now(tx.connection, subject)
            tx.enter(entry)

        self._store.commit(unit)


def _entity(entity: Entity) -> dict[str, Any]:
    return {"type": entity.kind, "id": entity.id, "properties": dict(entity.properties)}
