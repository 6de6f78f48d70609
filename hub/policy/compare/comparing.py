"""Two policies in, a report out: what differs in the text, what in the decisions, and which change does nothing."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hub.errors import EngineUnavailable
from hub.pdp.bundle import Bundle
from hub.policy.compare.changes import CellChange, RuleChange, cell_changes, reverted, rule_changes
from hub.policy.compare.deciding import Found, Progress, Task, compared
from hub.policy.compare.merging import lines
from hub.policy.compare.policies import built, read_policy
from hub.policy.compare.sharing import shares
from hub.policy.compare.telling import Report
from hub.policy.compiling import compiled, opa_at_hand

_MANY: Final = 12
"""More cells or files than these are not undone one by one, but a table at a time, and all rules at once."""


@dataclass(frozen=True)
class _Undoing:
    """The new policy with a change undone, and the words for that change."""

    policy: Bundle
    words: tuple[str, ...]


def report(
    old_path: Path, new_path: Path, kinds: frozenset[str], purposes: frozenset[str], progress: Progress
) -> Report:
    """The comparison of two policies. Raises EngineUnavailable when one cannot be read or built."""
    program = opa_at_hand()
    old, new, notes = built(read_policy(old_path), read_policy(new_path), program)
    rules, cells = rule_changes(old.rules, new.rules), cell_changes(old, new)
    undoings = (*_of_rules(old, new, rules, program), *_of_cells(old, new, cells))
    if len(undoings) == 1:
        undoings = ()  # whatever differs is by this one change
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
        shares(found, [one.words for one in undoings], space.situations),
        idle,
        unknown,
        notes,
    )


def _of_rules(old: Bundle, new: Bundle, rules: tuple[RuleChange, ...], program: str | None) -> tuple[_Undoing, ...]:
    """The rules of each file undone where OPA is at hand, else all rules at once."""
    real = [one for one in rules if not one.comment]
    files = sorted({one.file for one in real})
    if not files:
        return ()
    words = {file: tuple(one.words for one in real if one.file == file) for file in files}
    if program is not None and 1 < len(files) <= _MANY:
        try:
            return tuple(_Undoing(_with_file_of(old, new, file, program), words[file]) for file in files)
        except EngineUnavailable:
            pass  # the files do not stand apart: one names what another has only now
    return (_Undoing(replace(new, module=old.module), tuple(one.words for one in real)),)


def _with_file_of(old: Bundle, new: Bundle, file: str, program: str) -> Bundle:
    rules = {path: text for path, text in new.rules.items() if path != file}
    if file in old.rules:
        rules[file] = old.rules[file]
    return replace(new, module=compiled(rules, program))


def _of_cells(old: Bundle, new: Bundle, cells: tuple[CellChange, ...]) -> tuple[_Undoing, ...]:
    """Each cell undone; those under a key that no rule names together, for most of them are comment."""
    named = _words(old) | _words(new)
    comment = tuple(one for one in cells if one.path[-1] not in named and not one.path[-1].startswith(("G", "*")))
    read = [one for one in cells if one not in comment]
    apart: list[tuple[CellChange, ...]] = [(one,) for one in read]
    if len(read) > _MANY:
        tables = dict.fromkeys(one.path[:2] for one in read)
        apart = [tuple(one for one in read if one.path[:2] == table) for table in tables]
    found = [*([comment] if comment else []), *apart]
    return tuple(_Undoing(reverted(new, old, together), tuple(one.words for one in together)) for together in found)


def _words(bundle: Bundle) -> set[str]:
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
