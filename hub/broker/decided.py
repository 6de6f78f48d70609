"""Step 2 with what hangs on it: the decision, what may be told of it, and a cache keyed by all that both depend on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from hub.broker.facts import Gathered
from hub.broker.through import Place, through_source
from hub.broker.told import Tables, told
from hub.errors import EngineUnavailable
from hub.model.casus import BEFORE_ADMISSION
from hub.model.obligations import VIA_PROVIDER
from hub.model.partner import Standing as PartnerStanding
from hub.model.registry import Standing
from hub.model.release import Asking, Decision, Obligation, Released, Withheld
from hub.model.remembered import Remembered
from hub.pdp.contract import Facts


class Pdp(Protocol):
    """The policy engine (hub.pdp)."""

    def decide(self, document: Mapping[str, Any] | Facts) -> tuple[Decision, bytes]: ...


class Policy(Protocol):
    """One revision of the policy (hub.pdp.policy), as the broker asks it."""

    @property
    def asked(self) -> Pdp: ...
    def tables_at(self, at: str) -> Tables: ...
    def changes_after(self, at: str) -> str | None: ...


@dataclass
class SharedFacts:
    """The half of the facts of a decision that is kept for replay (hub.pdp.halves), in memory until it is on file."""

    text: bytes | None
    name: str = ""
    """Under which it is kept; known when it is first to be kept."""

    def are_on_file(self) -> None:
        """They were kept, durably: whoever takes the same decision again needs them no more."""
        self.text = None


@dataclass(frozen=True)
class Decided:
    """A decision with what a door may tell of it, and the facts it rests on."""

    decision: Decision
    told: tuple[Withheld, ...]
    tell: Callable[[Decision], tuple[Withheld, ...]]
    """What may be told of this decision, should less of it leave."""
    bases: Mapping[str, str]
    """Id of each legal basis of the asker -> its kind."""
    facts: SharedFacts
    regime: str | None
    outside: bool
    """Whether the casus is to be unknown to the asker when nothing of it leaves."""
    through: frozenset[Place]
    """What goes to the asker through its source alone (`via_provider`)."""
    emergency: Standing | None
    """The emergency that the facts tell of, used or not."""
    decided_at: str
    holds_until: str | None

    def without(self, lost: Sequence[tuple[str, str]]) -> "Decided":
        """The same decision without the (field, source) of `lost`: told is what is told of a field that is not there,
        and to who has no seat in the casus it is unknown when nothing is left, as the policy would have it.
        """
        if not lost:
            return self
        released = tuple(line for line in self.decision.released if (line.field, line.source) not in lost)
        through = self.through - frozenset(lost)
        obligations = tuple(
            left
            for duty in self.decision.obligations
            if (through or duty.type != VIA_PROVIDER) and (left := _of_what_left(duty, released)) is not None
        )
        conceal = self.decision.conceal or (self.outside and not released)
        decision = replace(
            self.decision, allow=bool(released), released=released, obligations=obligations, conceal=conceal
        )
        return replace(self, decision=decision, told=self.tell(decision), through=through)

    def holds_at(self, at: str) -> bool:
        """Whether nothing that the decision depends on changes between when it was made and `at`."""
        return self.decided_at <= at and (self.holds_until is None or at < self.holds_until)


def asking_of(document: Mapping[str, Any] | Facts) -> Asking:
    """Who asks, in general, by a facts document."""
    partner = document["partner"]
    return Asking(
        kind=partner["kind"],
        employer_kind=partner["employer_kind"],
        standing=partner["standing"],
        action=document["action"],
        regime=document["casus"]["regime"],
        purpose=document["purpose"],
    )


def _is_outside(document: Mapping[str, Any]) -> bool:
    """Whether the asker is one of those from whom `conceal` of the contract hides a casus of which nothing leaves."""
    casus, partner = document["casus"], document["partner"]
    circle = casus["triage_group"] if casus["phase"] in BEFORE_ADMISSION else casus["involved"]
    return partner["id"] not in circle and partner["standing"] not in (
        PartnerStanding.BETROKKENE,
        PartnerStanding.TOEZICHT,
    )


def _of_what_left(obligation: Obligation, released: Sequence[Released]) -> Obligation | None:
    """An obligation, speaking only of fields that leave (law 6 of the contract)."""
    left = {line.field for line in released}
    if not left or obligation.fields is None:
        return obligation if left else None
    fields = tuple(field for field in obligation.fields if field in left)
    return replace(obligation, fields=fields) if fields else None


@dataclass
class Hits:
    """How the cache served: for the bench and for tests."""

    asked: int = 0
    served: int = 0


class Decider:
    """Asks the policy engine, or takes the same decision again. With `most` 0 every request is decided anew.

    What is remembered is counted in lines, of what is asked, decided and told: decisions differ much in size, and how
    many lines one has is up to who asks.

    The key holds what the facts are made from: the casus and its version, the partners and theirs (which move with every
    change of the register of users), the user's attributes, and the whole question. The user's id is in the facts, but
    no rule reads it; a test of the policy holds that. And it holds the revision that decides.
    """

    def __init__(self, policies: Callable[[str | None], Policy], *, most: int) -> None:
        """`policies`: name of a revision -> that policy; it raises EngineUnavailable. `most`: lines that are remembered."""
        self._policies = policies
        self._kept: Remembered[tuple[Any, ...], Decided] = Remembered(_lines, most)
        self._failing: set[str | None] = set()
        """Revisions by which the engine could not answer last: no decision of before stands in for it either."""
        self.hits = Hits()

    def decide(self, facts: Gathered) -> Decided:
        """The decision on `facts`. Raises EngineUnavailable: an engine that cannot answer has refused."""
        key = _key(facts)
        self.hits.asked += 1
        kept = self._kept.get(key)
        if kept is not None and kept.holds_at(facts.at) and facts.policy not in self._failing:
            self.hits.served += 1
            return kept
        try:
            decided = self._anew(facts)
        except EngineUnavailable:
            self._failing.add(facts.policy)
            raise
        self._failing.discard(facts.policy)
        # Of a casus that is hidden nothing is remembered (R15, `States.forget`).
        if self._kept.most and not decided.decision.conceal:
            self._kept.keep(key, decided)
        return decided

    def _anew(self, facts: Gathered) -> Decided:
        policy = self._policies(facts.policy)
        facts, decision, shared = _most_released(facts, policy)
        asking, tables = asking_of(facts.document), policy.tables_at(facts.at)
        tell = partial(told, requested=facts.request.fields, asking=asking, tables=tables)
        return Decided(
            decision=decision,
            told=tell(decision),
            tell=tell,
            bases={basis["id"]: basis["kind"] for basis in facts.document["legal_bases"]},
            facts=SharedFacts(shared),
            regime=facts.document["casus"]["regime"],
            outside=_is_outside(facts.document),
            through=through_source(decision, facts.reader.id, asking, tables),
            emergency=facts.emergency,
            decided_at=facts.at,
            holds_until=self._until(decision, facts, policy),
        )

    def _until(self, decision: Decision, facts: Gathered, policy: Policy) -> str | None:
        if not self._kept.most:
            # Nothing is kept: nobody asks how long it would hold.
            return None
        ends = (decision.valid_until, facts.holds_until, policy.changes_after(facts.at))
        return min((i for i in ends if i is not None), default=None)


def _most_released(facts: Gathered, policy: Policy) -> tuple[Gathered, Decision, bytes]:
    """The facts with the emergency on which the decision rests, and that decision.

    A decision rests on one emergency, and several may run for a reader at once (R21). It is the one by which most leaves;
    of equals the last recorded. So what is held and stays in never sways which, and the rest is had by asking for it alone.
    """
    options = [replace(facts, emergency=one) for one in facts.emergencies] or [facts]
    decided = [(option, *policy.asked.decide(option.document)) for option in options]
    return max(decided, key=lambda one: len(one[1].released))


def _key(facts: Gathered) -> tuple[Any, ...]:
    request, user = facts.request, facts.admitted.user
    return (
        facts.casus,
        facts.casus_version,
        facts.reader.id,
        facts.policy,
        tuple(facts.partner_versions.items()),
        (user.role, user.designated, user.screened, user.trained, user.bound_to_secrecy),
        request.purpose,
        request.action,
        request.fields,
    )


def _lines(key: tuple[Any, ...], decided: Decided) -> int:
    decision = decided.decision
    return len(key[-1]) + len(decision.released) + len(decision.refusals) + len(decided.told)
