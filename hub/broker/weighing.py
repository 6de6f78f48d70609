"""The policy judges facts that a caller hands in himself, with the right `beleid:toetsen`: over the tables, never the records.

No casus is looked up, no key is asked for, nothing is opened. What comes back is what a door would tell. The entry names
fields, levels and codes: the ids in such facts are whatever the caller wrote, so only a digest of them is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from hub.broker import duties
from hub.broker.decided import Policy, asking_of
from hub.broker.entering import evaluated, refused
from hub.broker.entry import of_no_casus
from hub.broker.told import told
from hub.errors import Unavailable
from hub.model.purpose import Action
from hub.model.release import Decision, Entry, Evaluation, OpenedField, Receipt, Release, Subject
from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts
from hub.store.engine import Committed
from hub.store.proofs import use_up
from hub.store.units import Tx

WEIGHED = "beleidstoets"
"""Kind of entry: the policy was asked about facts that were handed in."""


class Commits(Protocol):
    """The durable write."""

    def commit(self, unit: Callable[[Tx], None]) -> Committed[None]: ...


@dataclass(frozen=True)
class Handed:
    """What was handed in: by whom, a whole facts document of the decision contract, and the proofs of the call."""

    subject: Subject
    document: Mapping[str, Any]
    proof_ids: tuple[tuple[str, str], ...]
    evaluation: Evaluation


class Weighing:
    """Decides on what is handed in, and enters that it did."""

    def __init__(self, store: Commits, everyone: Callable[[], Policy], clock: Callable[[], datetime]) -> None:
        """`everyone`: the policy that counts for all but chosen partners."""
        self._store = store
        self._everyone = everyone
        self._clock = clock

    def weigh(self, handed: Handed) -> Release:
        """The release that there would be, without values. Whether the caller has the right was asked before.

        Raises ShapeError for what is no facts document (not entered: the door does), Unavailable, entered, when the
        engine cannot answer.
        """
        # The shape first: what is wrong with it is the caller's fault here, and not the hub's.
        facts, at = canonical(handed.document), self._clock()
        try:
            policy = self._everyone()
            decision, _ = policy.asked.decide(facts)
            duties.must_be_known(decision.obligations, Action(facts["action"]))
        except Unavailable as refusal:
            entry = refused(handed.subject, at, WEIGHED, refusal.code)
            self._enter(handed, replace(entry, internal=evaluated(handed.evaluation)))
            raise
        release = self._release(policy, decision, facts, at)
        digest = "sha256:" + sha256(facts.text).hexdigest()
        return release.with_receipt(self._enter(handed, _entry(handed, release, digest, at)))

    @staticmethod
    def _release(policy: Policy, decision: Decision, facts: Facts, at: datetime) -> Release:
        lines = ((line, OpenedField(line.field, line.source, line.level, None, "")) for line in decision.released)
        return Release(
            at=at,
            fields=tuple(lines),
            withheld=told(decision, facts["requested"], asking_of(facts), policy.tables_at(facts["at"])),
            obligations=decision.obligations,
            # There is no casus to hide: the facts are the caller's own.
            concealed=False,
            policy_revision=decision.policy_revision,
        )

    def _enter(self, handed: Handed, entry: Entry) -> Receipt:
        def unit(tx: Tx) -> None:
            use_up(tx, handed.proof_ids)
            tx.enter(entry)

        return self._store.commit(unit).receipts[0]


def _entry(handed: Handed, release: Release, digest: str, at: datetime) -> Entry:
    what = {
        "uitkomst": [{"veld": line.field, "niveau": line.level} for line, _ in release.fields],
        "geweigerd": [{"veld": w.field, "codes": [code for code, _ in w.reasons]} for w in release.withheld],
        "feiten": digest,
        "beleid": release.policy_revision,
        "fout": None,
    }
    internal = {**evaluated(handed.evaluation), "policy_revision": release.policy_revision}
    return of_no_casus(WEIGHED, handed.subject, at, what, internal)
