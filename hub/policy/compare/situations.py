"""The space over which two revisions are compared: situations that a person can read.

Three parts. Every partner, purpose and regime on every ground that can matter. Then each deviation alone: those that
meet the purpose (phase, action, status) for more purposes, the rest for one or two. Then pairs of deviations, drawn once
with a fixed seed. What is held fixed is told (`facts.FIXED`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any, Final

from hub.model.casus import Regime
from hub.model.purpose import PURPOSES
from hub.policy.compare import deviations, deviations_of_records
from hub.policy.compare.actors import Actor, actors
from hub.policy.compare.deviations import FEW, ONE, STATUS, WIDE, Deviation, everyone
from hub.policy.compare.facts import ALL, SOME, STATUS_FOR, draft
from hub.policy.compare.facts import ONE as ONE_SOURCE
from hub.policy.compare.grounds import NOTHING, Ground, grounds, other_grounds, poor, rich
from hub.policy.compare.laws import Laws

REGIMES: Final = (*map(str, Regime), None)
_USUAL: Final = "wgs_zvh"
_PREFERRED: Final[tuple[str, ...]] = (
    "D03",
    "D05",
    "D04",
    "D07",
    "D02",
    "D06",
    "D12",
    "D11",
    "D10",
    "D08",
    "D09",
    "D01",
)
_NAMED: Final[tuple[str, ...]] = ("D01", "D10", "D11", "D12")
"""Purposes that rules of phase, term and standing name."""
PAIRS: Final = 1_200
_SEED: Final = 20_261


@dataclass(frozen=True)
class Situation:
    """Who asks, for what, under which regime, on what ground, and what is otherwise than in order."""

    actor: Actor
    purpose: str
    regime: str | None
    ground: Ground
    otherwise: tuple[Deviation, ...] = ()

    def document(self, laws: Laws) -> dict[str, Any]:
        """Its facts, as a document of the decision contract."""
        made = draft(laws, self.actor, self.purpose, self.regime, self.ground, self._sources)
        for deviation in self.otherwise:
            deviation.change(made)
        return made.doc

    @property
    def _sources(self) -> int:
        """To a derde each record is judged by itself: there one of a field does, where the source is not the matter."""
        if any(deviation.every_source for deviation in self.otherwise):
            return ALL
        return ONE_SOURCE if self.otherwise and self.actor.standing == "derde" else SOME

    @property
    def if_words(self) -> str:
        """What is otherwise, in words that complete "als"; empty where all is in order."""
        return " en ".join(deviation.words for deviation in self.otherwise)


@dataclass(frozen=True)
class Space:
    """All situations of two revisions, or those of some kinds of partner and purposes."""

    laws: Laws
    kinds: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    _known: dict[Actor, tuple[Deviation, ...]] = field(default_factory=dict, compare=False)

    @cached_property
    def situations(self) -> tuple[Situation, ...]:
        """In a fixed order: those of one partner and purpose together."""
        found = [one for actor in self._actors for one in self._of_actor(actor)]
        return tuple(dict.fromkeys([*found, *self._pairs(found)]))

    @cached_property
    def _actors(self) -> tuple[Actor, ...]:
        return tuple(actors(self.laws, self.kinds))

    def _asked(self) -> tuple[str, ...]:
        return tuple(one for one in PURPOSES if not self.purposes or one in self.purposes)

    def _open(self, actor: Actor) -> tuple[str, ...]:
        return tuple(one for one in self._asked() if self.laws.eligible(actor.kind, one))

    def _of_actor(self, actor: Actor) -> Iterator[Situation]:
        if not actor.paired:
            for purpose in self._asked()[1:2] or self._asked():
                yield Situation(actor, purpose, _USUAL, rich(self.laws, actor, _USUAL, purpose))
            return
        for purpose in self._asked():
            yield from self._on_grounds(actor, purpose)
        yield from self._deviating(actor)

    def _on_grounds(self, actor: Actor, purpose: str) -> Iterator[Situation]:
        if purpose not in self._open(actor):
            yield Situation(actor, purpose, _USUAL, rich(self.laws, actor, _USUAL, purpose))
            return
        for regime in REGIMES:
            plain, full = (make(self.laws, actor, regime, purpose) for make in (poor, rich))
            if regime is None or self.laws.barred(actor.kind, regime):
                yield Situation(actor, purpose, regime, full)
                continue
            if actor.light:
                found = [plain, full] if regime == _USUAL else [full]
            else:
                found = [plain, full, *grounds(self.laws, actor, regime, purpose)]
            if not actor.light and purpose == self._open(actor)[0]:
                found += other_grounds(self.laws, actor, regime)
            for ground in dict.fromkeys(found):
                yield Situation(actor, purpose, regime, ground)

    def _deviating(self, actor: Actor) -> Iterator[Situation]:
        for deviation in self._deviations(actor):
            for purpose in self._purposes(actor, deviation.breadth):
                make = rich if deviation.consent else poor
                yield Situation(actor, purpose, _USUAL, make(self.laws, actor, _USUAL, purpose), (deviation,))
        for purpose in self._purposes(actor, ONE):
            yield Situation(actor, purpose, _USUAL, NOTHING)
            yield from self._around_articles(actor, purpose)
            yield from self._elsewhere(actor, purpose)

    def _purposes(self, actor: Actor, breadth: int) -> tuple[str, ...]:
        """For which purposes a deviation of this breadth is looked at."""
        allowed = self._open(actor)
        few = [one for one in _PREFERRED if one in allowed][: 1 if actor.light else min(breadth, FEW)]
        if breadth == STATUS:
            few = few[:1] + [one for one in allowed if self.laws.eligible(actor.kind, one) & STATUS_FOR.keys()]
        elif breadth == WIDE and not actor.light:
            few += [one for one in allowed if one in _NAMED]
        return tuple(dict.fromkeys(few))

    def _around_articles(self, actor: Actor, purpose: str) -> Iterator[Situation]:
        """Deviations that meet an article: its procedure, its relation, its reason."""
        met = [
            one
            for one in self._deviations(actor)
            if one.words.startswith(("de status", "de vrager de relatie zorgver", "de grondslag geen reden"))
        ]
        shown = [name for name in self.laws.addressed(actor.kind) if name in {"wv30", "wz01"}]
        shown += [name for name in self.laws.addressed(actor.kind) if name not in shown][:1]
        for name in shown if not actor.light else ():
            ground = Ground(name, (name,), status=self.laws.addressed(actor.kind)[name])
            for deviation in met:
                yield Situation(actor, purpose, _USUAL, ground, (deviation,))

    def _elsewhere(self, actor: Actor, purpose: str) -> Iterator[Situation]:
        """Some deviations in the other regimes, for the limits and exemptions that regimes have."""
        met = [
            one
            for one in self._deviations(actor)
            if one.words.startswith(("de actie", "de bewaartermijn", "de vrager niet is betrokken", "er een weigering"))
        ]
        for regime in map(str, Regime):
            if regime == _USUAL or actor.light or self.laws.barred(actor.kind, regime):
                continue
            for deviation in met:
                make = rich if deviation.consent else poor
                yield Situation(actor, purpose, regime, make(self.laws, actor, regime, purpose), (deviation,))

    def _deviations(self, actor: Actor) -> tuple[Deviation, ...]:
        if actor not in self._known:
            self._known[actor] = self._worked_out(actor)
        return self._known[actor]

    def _worked_out(self, actor: Actor) -> tuple[Deviation, ...]:
        of_asker = [*deviations.of_request(), *deviations.of_asker()]
        if actor.light:
            return tuple(
                one for one in of_asker if one.fits(actor) and (one.breadth == WIDE or one.fits is not everyone)
            )
        found = [
            *of_asker,
            *deviations.of_casus(),
            *deviations.of_dates(),
            *deviations_of_records.of_records(),
            *deviations_of_records.of_consents(),
            *deviations_of_records.of_bases(self.laws),
            *deviations_of_records.of_exceptions(self.laws, actor),
            *deviations_of_records.of_emergencies(),
        ]
        return tuple(one for one in found if one.fits(actor))

    def _pairs(self, found: list[Situation]) -> Iterator[Situation]:
        """Two deviations at once: a fixed draw."""
        rng = Random(_SEED)  # noqa: S311 - a draw that is the same each time, not a secret
        alone = [one for one in found if one.otherwise]
        for _ in range(min(PAIRS, len(alone))):
            first, second = rng.choice(alone), rng.choice(alone)
            if first.otherwise[0].words != second.otherwise[0].words and second.otherwise[0].fits(first.actor):
                yield Situation(
                    first.actor, first.purpose, first.regime, first.ground, (*first.otherwise, *second.otherwise)
                )
