"""Two policies in, a report out: what differs in the text, what in the decisions, and which change does nothing."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.pdp.bundle import Bundle
from hub.policy.compare.changes import CellChange, RuleChange, cell_changes, reverted, rule_changes
from hub.policy.compare.deciding import Found, Progress, Task, compared
from hub.policy.compare.merging import lines
from hub.policy.compare.policies import built, opa_at_hand, read_policy
from hub.policy.compare.telling import Report

_APART: Final = 12
"""Cells that are undone one by one; more of them are undone a table at a time."""


@dataclass(frozen=True)
class _Undoing:
    """A change undone in the new policy, and the words for it."""

    policy: Bundle
    words: tuple[str, ...]


def report(
    old_path: Path, new_path: Path, kinds: frozenset[str], purposes: frozenset[str], progress: Progress
) -> Report:
    """The comparison of two policies. Raises EngineUnavailable when one cannot be read or built."""
    old, new, notes = built(read_policy(old_path), read_policy(new_path), opa_at_hand())
    rules, cells = rule_changes(old.rules, new.rules), cell_changes(old, new)
    undoings = _undoings(old, new, rules, cells)
    task = Task(old, new, kinds, purposes, tuple(one.policy for one in undoings))
    found = compared(task, progress)
    space = task.space()
    idle, unknown = _without_effect(found, undoings, rules, cells)
    return Report(
        old.revision,
        new.revision,
        space,
        found.decided,
        len(found.differing),
        lines(found.differing, space.situations),
        rules,
        cells,
        idle,
        unknown,
        notes,
    )


def _undoings(
    old: Bundle, new: Bundle, rules: tuple[RuleChange, ...], cells: tuple[CellChange, ...]
) -> tuple[_Undoing, ...]:
    """Each change by itself undone; cells with a key that no rule names go together, for they are all comment."""
    found = []
    real = tuple(one.words for one in rules if not one.comment)
    if real and old.module != new.module:
        policy = Bundle(new.revision, old.rules, new.reference, old.module, new.approvals)
        found.append(_Undoing(policy, real))
    found += [
        _Undoing(reverted(new, old, together), tuple(one.words for one in together))
        for together in _sorted(old, new, cells)
    ]
    return tuple(found) if len(found) > 1 else ()


def _sorted(old: Bundle, new: Bundle, cells: tuple[CellChange, ...]) -> list[tuple[CellChange, ...]]:
    named = _words(old) | _words(new)
    comment = tuple(one for one in cells if one.path[-1] not in named and not one.path[-1].startswith("G"))
    read = [one for one in cells if one not in comment]
    apart: list[tuple[CellChange, ...]] = [(one,) for one in read]
    if len(read) > _APART:
        tables = dict.fromkeys(one.path[:2] for one in read)
        apart = [tuple(one for one in read if one.path[:2] == table) for table in tables]
    return [*([comment] if comment else []), *apart]


def _words(bundle: Bundle) -> set[str]:
    """Every word that a rule has: a cell under another key is read by its neighbours at most."""
    return {word for text in bundle.rules.values() for word in re.findall(r"\w+", text.decode(errors="replace"))}


def _without_effect(
    found: Found, undoings: tuple[_Undoing, ...], rules: tuple[RuleChange, ...], cells: tuple[CellChange, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Changes of which no situation shows an effect, and those that were not worked out."""
    comments = tuple(one.words for one in rules if one.comment)
    if not found.differing:
        return (*comments, *(one.words for one in rules if not one.comment), *(one.words for one in cells)), ()
    idle = [word for n, one in enumerate(undoings) if n not in found.effective | found.untried for word in one.words]
    unknown = [word for n, one in enumerate(undoings) if n in found.untried for word in one.words]
    return (*comments, *idle), tuple(unknown)
