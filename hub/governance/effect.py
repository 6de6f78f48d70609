"""What another policy would have done with decisions of before: each decided again on the facts of then.

Facts are those of then, all of them: what a field was, who took part, which consent stood. Identical questions are decided
once, as long as no date among their facts passes and no table of the policy comes into force or ends in between.
"""

from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from hub.broker.keeping import opened_facts
from hub.compartment.reading import held_of
from hub.crypto.keyring import Keyring
from hub.errors import EngineUnavailable, Sealed, ShapeError, Stale
from hub.governance.past import Left, Past, Span, past_decisions
from hub.model.partner import PartnerKind
from hub.model.release import Decision
from hub.pdp.halves import opened_half, reunited
from hub.store import casus as rows
from hub.store.compartments import seal_of
from hub.store.engine import Connection, Store

ERASED, CLOSED, NO_ANSWER = "vernietigd", "gesloten", "zonder antwoord"
"""Why a decision is not taken again: its casus was destroyed, its entry or facts do not open, the policy gave no answer."""

PERSONS: Final = frozenset({PartnerKind.BETROKKENE, PartnerKind.NAASTE})
"""Partners of these kinds are people: they are named by their kind alone."""

NOWHERE: Final = "een onbekende casus"
"""In the place of a partner where there was no casus: nothing can leave of it, whatever the policy."""

_TRIES: Final = 8
_HALVES: Final = 64
"""Halves of facts that are kept open at a time."""

Asked = tuple[str, str]
"""Partner (a kind for who is a person) and purpose."""
Change = tuple[str, str | None, str | None]
"""A field, its level then and its level now; None where it did not, or would not, leave."""


class Pdp(Protocol):
    """The other policy."""

    def decide(self, facts: Mapping[str, Any]) -> Decision: ...


@dataclass(frozen=True)
class Difference:
    """One request that would have had another answer. `idx`: of its entry."""

    idx: int
    asked: Asked
    changes: tuple[Change, ...]


@dataclass
class Effect:
    """What was found in some part of the log; of two parts it adds up."""

    asked: Counter[Asked] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    decided: int = 0
    """How many decisions it took, identical ones counted once."""
    moments: set[str] = field(default_factory=set)
    """Of each decision that was taken again: the last instant before it at which a table came into force or ended (UTC
    text), empty where there was none. By these it is known which tables were met."""

    @property
    def seen(self) -> int:
        """How many decisions of before were looked at."""
        return self.asked.total() + self.lost.total()

    def add(self, other: "Effect") -> None:
        """Take in what was found in another part."""
        self.asked += other.asked
        self.differences += other.differences
        self.lost += other.lost
        self.decided += other.decided
        self.moments |= other.moments


@dataclass(frozen=True)
class _Taken:
    """A decision of the other policy: from when until just before when, and what it lets out; None for no answer."""

    since: str
    until: str | None
    released: Left | None

    def holds_at(self, at: str) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class _Half:
    """Facts that looks share, opened. `records`: whether the casus held anything for this reader."""

    facts: Mapping[str, Any]
    reader: str
    records: bool


class _Lost(Exception):
    """A decision that cannot be taken again, and why."""


class Deciding:
    """Decides again. `switches`: the instants at which a table of `pdp` comes into force or ends, UTC text, in order."""

    def __init__(self, store: Store, keyring: Keyring, pdp: Pdp, switches: Sequence[str]) -> None:
        self._store = store
        self._keyring = keyring
        self._pdp = pdp
        self._switches = switches
        self._taken: dict[tuple[Any, ...], _Taken] = {}
        self._halves: OrderedDict[str, _Half] = OrderedDict()

    def effect(self, log_keys: Iterable[str], span: Span) -> Effect:
        """What would differ in the entries under `log_keys`, all of each."""
        found = Effect()
        for log_key in log_keys:
            self._taken.clear()
            for past in past_decisions(self._store, self._keyring, log_key, span):
                self._look(past, found)
        return found

    def _look(self, past: Past | None, found: Effect) -> None:
        if past is None:
            found.lost[CLOSED] += 1
            return
        try:
            half = self._half(past)
            asked = (half.reader, str(past.question["purpose"]))
            changes = self._changes(past, half, found)
        except _Lost as reason:
            found.lost[str(reason)] += 1
            return
        found.asked[asked] += 1
        if changes:
            found.differences.append(Difference(past.idx, asked, changes))

    def _changes(self, past: Past, half: _Half, found: Effect) -> tuple[Change, ...]:
        would = past.would_leave(self._released(past, half, found)) if half.records else {}
        places = sorted(past.left.keys() | would.keys())
        levels = ((name, past.left.get((name, source)), would.get((name, source))) for name, source in places)
        return tuple(dict.fromkeys(change for change in levels if change[1] != change[2]))

    def _released(self, past: Past, half: _Half, found: Effect) -> Left:
        key, at = past.alike, past.question["at"]
        taken = self._taken.get(key)
        if taken is None or not taken.holds_at(at):
            taken = self._taken[key] = self._decided(past, half, at)
            found.decided += 1
        if taken.released is None:
            raise _Lost(NO_ANSWER)
        before = bisect_right(self._switches, at)
        found.moments.add(self._switches[before - 1] if before else "")
        return taken.released

    def _decided(self, past: Past, half: _Half, at: str) -> _Taken:
        try:
            decision = self._pdp.decide(reunited(half.facts, past.question))
        except EngineUnavailable:
            return _Taken(at, None, None)
        except (ShapeError, ValueError, KeyError, TypeError):
            raise _Lost(CLOSED) from None
        next_ = bisect_right(self._switches, at)
        until = [instant for instant in (decision.valid_until, *self._switches[next_ : next_ + 1]) if instant]
        released = {(line.field, line.source): line.level for line in decision.released}
        return _Taken(at, min(until, default=None), released)

    # --- facts ---

    def _half(self, past: Past) -> _Half:
        half = self._halves.get(past.facts)
        if half is None:
            half = self._halves[past.facts] = self._opened(past.casus, past.facts)
            if len(self._halves) > _HALVES:
                self._halves.popitem(last=False)
        return half

    def _opened(self, casus: str, name: str) -> _Half:
        for _ in range(_TRIES):
            try:
                with self._store.snapshot() as moment:
                    return self._read(moment, casus, name)
            except Stale:
                # The casus came under a new key between the two readings.
                continue
            except Sealed:
                break
        raise _Lost(CLOSED)

    def _read(self, moment: Connection, casus: str, name: str) -> _Half:
        row = rows.casus_row(moment, casus)
        if row is None:
            return _Half({}, NOWHERE, records=False)
        if row.destroyed_at is not None:
            raise _Lost(ERASED)
        sealed, seal = rows.kept_facts(moment, name), seal_of(moment, casus)
        key = held_of(self._keyring, casus, seal, settled=False).own_key
        if sealed is None or key is None:
            raise Sealed
        text = opened_facts(key, casus, name, sealed)
        try:
            shared = opened_half(text)
        except (ValueError, KeyError, TypeError):
            raise Sealed from None
        partner = shared["partner"]
        reader = partner["kind"] if partner["kind"] in PERSONS else partner["id"]
        return _Half(shared, reader, bool(shared["records"]))
