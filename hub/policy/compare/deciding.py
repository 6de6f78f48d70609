"""Both revisions decide every situation, on as many processes as there are cores; identical facts are decided once."""

import hashlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import Final

from hub.errors import EngineUnavailable
from hub.model.canonical import canonical_json
from hub.pdp.bundle import ROOT, Bundle
from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts
from hub.pdp.embedded import Bounds, EmbeddedEngine
from hub.pdp.periods import Period
from hub.policy.compare.laws import Laws
from hub.policy.compare.outcome import LEVEL, Told, changes, judged
from hub.policy.compare.situations import Space

_BOUNDS: Final = Bounds(memory=512 * 1024 * 1024, seconds=60)
"""Generous: a busy machine must not look like a difference."""
_BLOCK: Final = 60
"""Situations that a process takes at a time."""
_ALONE: Final = 400
"""So few situations are not worth another process."""
_TRIES: Final = 1_500
"""Decisions that a process spends at most on finding out whether a single change does something, and as many on which
fields it moves."""
REVISION: Final = "vergelijking"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Task:
    """What to decide. `variants`: the new policy with one change undone, to see whether that change does anything."""

    old: Bundle
    new: Bundle
    kinds: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    variants: tuple[Bundle, ...] = ()

    def space(self) -> Space:
        """The situations."""
        return Space(Laws(self.old, self.new), self.kinds, self.purposes)


@dataclass
class Found:
    """What came of it. `differing`: number of a situation -> what differs. `decided`: situations with facts of their own.

    `effective`: variants that differ from the new policy somewhere; `untried`: those that were given up on.
    `moved`: number of a situation in order -> variant -> the fields that have another level by that change; not there
    where it was not worked out.
    """

    differing: dict[int, Told] = field(default_factory=dict)
    decided: int = 0
    effective: set[int] = field(default_factory=set)
    untried: set[int] = field(default_factory=set)
    moved: dict[int, dict[int, frozenset[str]]] = field(default_factory=dict)

    def add(self, other: "Found") -> None:
        """What another process found."""
        self.differing |= other.differing
        self.decided += other.decided
        self.effective |= other.effective
        self.untried |= other.untried
        self.moved |= other.moved


class Decider:
    """One process with its engines. Safe to use again and again; not to share."""

    def __init__(self, task: Task) -> None:
        self.space = task.space()
        self._old, self._new = (_engine(bundle) for bundle in (task.old, task.new))
        self._variants = dict(enumerate(task.variants))
        self._waiting = set(self._variants)
        self._engines: dict[int, EmbeddedEngine] = {}
        self._tries = self._sharing = _TRIES
        self._seen: set[bytes] = set()

    def run(self, numbers: Iterable[int]) -> Found:
        """The situations of these numbers."""
        found = Found()
        for number in numbers:
            facts = canonical(self.space.situations[number].document(self.space.laws))
            digest = hashlib.sha256(facts.text).digest()
            if digest in self._seen:
                continue
            self._seen.add(digest)
            found.decided += 1
            told = self._compared(number, facts, found)
            if told:
                found.differing[number] = told
        return found

    def _compared(self, number: int, facts: Facts, found: Found) -> Told:
        old, new = _answer(self._old, facts.text), _answer(self._new, facts.text)
        if old == new:
            return {}
        self._try_variants(facts.text, new, found)
        told = changes(judged(old, facts, REVISION), judged(new, facts, REVISION), facts)
        if self._variants and not self.space.situations[number].otherwise and LEVEL in {one.what for one in told}:
            self._share(number, facts, new, found)
        return told

    def _try_variants(self, text: bytes, new: object, found: Found) -> None:
        for variant in sorted(self._waiting):
            if self._tries <= 0:
                found.untried |= self._waiting
                return
            self._tries -= 1
            if self._without(variant, text) != new:
                found.effective.add(variant)
                self._waiting.discard(variant)

    def _share(self, number: int, facts: Facts, new: object, found: Found) -> None:
        """Which fields each change moves here: those with another level when it alone is undone."""
        if self._sharing < len(self._variants):
            return
        self._sharing -= len(self._variants)
        will, moved = judged(new, facts, REVISION), {}
        for variant in self._variants:
            told = changes(judged(self._without(variant, facts.text), facts, REVISION), will, facts)
            moved[variant] = frozenset(one for change, fields in told.items() if change.what == LEVEL for one in fields)
        found.moved[number] = moved

    def _without(self, variant: int, text: bytes) -> object:
        if variant not in self._engines:
            self._engines[variant] = _engine(self._variants[variant])
        return _answer(self._engines[variant], text)


def compared(task: Task, progress: Progress) -> Found:
    """All situations of `task`. `progress` hears how many are done, of how many."""
    total = len(task.space().situations)
    blocks = [range(start, min(start + _BLOCK, total)) for start in range(0, total, _BLOCK)]
    found, done = Found(), 0
    for part, number in _parts(task, blocks, total):
        found.add(part)
        done += number
        progress(done, total)
    found.untried -= found.effective
    return found


def _parts(task: Task, blocks: list[range], total: int) -> Iterator[tuple[Found, int]]:
    if total <= _ALONE:
        decider = Decider(task)
        for block in blocks:
            yield decider.run(block), len(block)
        return
    # A fresh interpreter a process: a copy of this one would hold on to engines and threads that it does not know.
    pool = ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _begin, (task,))
    try:
        waiting = {pool.submit(_block, block): len(block) for block in blocks}
        for future in as_completed(waiting):
            yield future.result(), waiting[future]
    finally:
        pool.shutdown(cancel_futures=True)


_own: list[Decider] = []
"""Of this process alone: the one that decides."""


def _begin(task: Task) -> None:
    # An interruption is for who started this process: he ends it, and says so in one line.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _own.append(Decider(task))


def _block(numbers: range) -> Found:
    return _own[0].run(numbers)


def _engine(bundle: Bundle) -> EmbeddedEngine:
    """An engine that answers under one name for every revision, so that answers compare."""
    own = {key: value for key, value in bundle.reference[ROOT].items() if key != "revision"}
    whole = {f"{ROOT}/data.json": canonical_json(own)}
    always = (Period("", tuple(whole), {}),)
    return EmbeddedEngine(replace(bundle, revision=REVISION, tables=whole, periods=always), _BOUNDS)


def _answer(engine: EmbeddedEngine, facts: bytes) -> object:
    """The answer, or None: an engine that errs has refused everything."""
    try:
        return engine.answer(facts)
    except EngineUnavailable:
        return None
