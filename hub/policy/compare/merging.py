"""Differences of many situations put together: one line for what differs alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hub.policy.compare.outcome import WHAT, WHOLE, Change, Told
from hub.policy.compare.situations import Situation

Words = frozenset[str]
_AXES: Final = ("fields", "regimes", "purposes", "grounds", "actors", "otherwise")
"""In the order in which they are put together."""


@dataclass(frozen=True)
class Line:
    """One change, and where it is met: all combinations of these. `otherwise`: what is not in order, empty for nothing."""

    change: Change
    fields: Words
    actors: Words
    purposes: Words
    regimes: Words
    grounds: Words
    otherwise: Words


def lines(differing: Mapping[int, Told], situations: tuple[Situation, ...]) -> tuple[Line, ...]:
    """All differences, in order: those where all is in order first."""
    found = [
        _line(situations[number], change, fields)
        for number, told in _plain_first(differing, situations)
        for change, fields in told.items()
    ]
    for _ in range(2):
        for axis in _AXES:
            found = _together(found, axis)
    return tuple(sorted(found, key=_order))


def reasons_at_large(found: Sequence[Line]) -> list[Line]:
    """The same lines, but reasons of the whole question without regimes and grounds: one a change, wherever it is met."""
    whole = frozenset({WHOLE})
    nowhere = frozenset[str]()
    large = [replace(line, regimes=nowhere, grounds=nowhere) for line in found if line.fields == whole]
    for axis in ("actors", "purposes"):
        large = _together(large, axis)
    return [*large, *(line for line in found if line.fields != whole)]


def _plain_first(differing: Mapping[int, Told], situations: tuple[Situation, ...]) -> Iterable[tuple[int, Told]]:
    """By how much is not in order; what a plainer situation of the same partner already showed is left out."""
    shown: dict[int, set[tuple[str, Change, str]]] = {}
    for depth in (0, 1, 2):
        here = shown.setdefault(depth, set())
        before = [seen for other, seen in shown.items() if other < depth]
        for number in sorted(differing):
            situation = situations[number]
            if len(situation.otherwise) != depth:
                continue
            actor = situation.actor.words
            left: Told = {}
            for change, fields in differing[number].items():
                new = tuple(one for one in fields or ("",) if not any((actor, change, one) in seen for seen in before))
                here.update((actor, change, one) for one in new)
                if new:
                    left[change] = tuple(one for one in new if one)
            if left:
                yield number, left


def _line(situation: Situation, change: Change, fields: tuple[str, ...]) -> Line:
    return Line(
        change,
        frozenset(fields),
        frozenset({situation.actor.words}),
        frozenset({situation.purpose}),
        frozenset({situation.regime or "geen regime"}),
        frozenset({situation.ground.words}),
        frozenset({situation.if_words}),
    )


def _together(found: Iterable[Line], axis: str) -> list[Line]:
    """Lines that differ on this axis alone become one."""
    made: dict[Line, set[str]] = {}
    for line in found:
        made.setdefault(_with(line, axis, frozenset()), set()).update(getattr(line, axis))
    return [_with(line, axis, frozenset(words)) for line, words in made.items()]


def _with(line: Line, axis: str, words: Words) -> Line:
    changed: dict[str, Any] = {axis: words}
    return replace(line, **changed)


def _order(line: Line) -> tuple[object, ...]:
    rest = (line.otherwise, line.actors, line.purposes, line.regimes, line.grounds, line.fields)
    return ("" not in line.otherwise, WHAT.index(line.change.what), *(sorted(one) for one in rest), line.change)
