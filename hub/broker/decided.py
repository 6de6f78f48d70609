"""Step 2 with what hangs on it: the decision, what may be told of it, and a cache keyed by all that both depend on."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from hub.broker.facts import Gathered
from hub.broker.told import NOT_AVAILABLE, Tables, told
from hub.model.release import Decision, ReleaseRequest, Withheld


class Pdp(Protocol):
    """The policy engine (hub.pdp)."""

    def decide(self, document: Mapping[str, Any]) -> tuple[Decision, bytes]: ...


@dataclass
class FactsText:
    """The canonical facts of a decision, as long as they are not on file. Not kept in memory after that."""

    text: bytes | None

    def are_on_file(self) -> None:
        """They were kept, durably: whoever takes the same decision again needs them no more."""
        self.text = None


@dataclass(frozen=True)
class Decided:
    """A decision with what a door may tell of it, and the digest and bytes of the facts it rests on."""

    decision: Decision
    told: tuple[Withheld, ...]
    bases: Mapping[str, str]
    """Id of each legal basis of the asker -> its kind."""
    digest: str
    facts: FactsText
    regime: str | None
    decided_at: str
    holds_until: str | None

    def told_without(self, failed: Sequence[tuple[str, str]]) -> tuple[Withheld, ...]:
        """What is told when some fields did not open: to the asker these are not available, like any other."""
        heard = {withheld.field for withheld in self.told}
        return self.told + tuple(
            Withheld(field, ((NOT_AVAILABLE, ()),)) for field in sorted({field for field, _ in failed} - heard)
        )

    def holds_at(self, at: str) -> bool:
        """Whether nothing that the decision depends on changes between when it was made and `at`."""
        return self.decided_at <= at and (self.holds_until is None or at < self.holds_until)


@dataclass
class Hits:
    """How the cache served: for the bench and for tests."""

    asked: int = 0
    served: int = 0


class Decider:
    """Asks the policy engine, or takes the same decision again. With `size` 0 every request is decided anew.

    The key holds what the facts are made from: the casus and its version, the partners and theirs (which move with every
    change of the register of users), the user's attributes, and the whole question. The user's id is in the facts, but
    no rule reads it; a test of the policy holds that.
    """

    def __init__(self, pdp: Pdp, tables: Tables, *, size: int) -> None:
        self._pdp = pdp
        self._tables = tables
        self._size = size
        self._kept: OrderedDict[tuple[Any, ...], Decided] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = Hits()

    def decide(self, facts: Gathered, request: ReleaseRequest) -> Decided:
        """The decision on `facts`. Raises EngineUnavailable: an engine that cannot answer has refused."""
        key = _key(facts)
        self.hits.asked += 1
        kept = self._kept.get(key)
        if kept is not None and kept.holds_at(facts.at):
            self.hits.served += 1
            return kept
        decided = self._anew(facts, request)
        self._keep(key, decided)
        return decided

    def _anew(self, facts: Gathered, request: ReleaseRequest) -> Decided:
        decision, text = self._pdp.decide(facts.document)
        partner = facts.document["partner"]
        return Decided(
            decision=decision,
            told=told(
                decision, request.fields, (partner["kind"], partner["employer_kind"]), request.purpose, self._tables
            ),
            bases={basis["id"]: basis["kind"] for basis in facts.document["legal_bases"]},
            digest="sha256:" + sha256(text).hexdigest(),
            facts=FactsText(text),
            regime=facts.document["casus"]["regime"],
            decided_at=facts.at,
            holds_until=min((i for i in (decision.valid_until, facts.holds_until) if i is not None), default=None),
        )

    def _keep(self, key: tuple[Any, ...], decided: Decided) -> None:
        if not self._size:
            return
        with self._lock:
            self._kept[key] = decided
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


def _key(facts: Gathered) -> tuple[Any, ...]:
    request, user = facts.request, facts.admitted.user
    return (
        facts.casus,
        facts.casus_version,
        facts.reader.id,
        tuple(facts.partner_versions.items()),
        (user.role, user.designated, user.screened, user.trained, user.bound_to_secrecy),
        request.purpose,
        request.action,
        request.fields,
    )
