"""What differs between two policies as text: rules by name, cells of tables by path."""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final

from hub.pdp.bundle import ROOT, Bundle

Rules = Mapping[str, bytes]
_HEAD: Final = re.compile(r"(?:default\s+)?([A-Za-z_][\w.]*)")
_ABSENT: Final = object()
_SHOWN: Final = 90
"""Characters of a value that are shown."""


@dataclass(frozen=True)
class RuleChange:
    """A rule of one file that is new, gone or otherwise. `comment`: only what engines skip differs."""

    file: str
    rule: str
    comment: bool = False

    @property
    def words(self) -> str:
        """The place of the rule."""
        return f"{self.file}: {self.rule}"


@dataclass(frozen=True)
class CellChange:
    """A value of a table that is new, gone or otherwise. `path`: keys under `data.hub`."""

    path: tuple[str, ...]
    old: str
    new: str

    @property
    def words(self) -> str:
        """The place of the cell, and both values."""
        return f"{'/'.join(self.path)}: {self.old} wordt {self.new}"


def same_code(old: Rules, new: Rules) -> bool:
    """The rules say the same, comments and blank lines apart."""
    return {path: _code(text) for path, text in old.items()} == {path: _code(text) for path, text in new.items()}


def rule_changes(old: Rules, new: Rules) -> tuple[RuleChange, ...]:
    """Rules that differ, by file and name."""
    found = []
    for path in sorted({*old, *new}):
        before, after = (_code(side.get(path, b"")) for side in (old, new))
        if before == after:
            if old.get(path) != new.get(path):
                found.append(RuleChange(path, "alleen toelichting", comment=True))
            continue
        one, two = _blocks(before), _blocks(after)
        found += [RuleChange(path, name) for name in sorted({*one, *two}) if one.get(name) != two.get(name)]
    return tuple(found)


def cell_changes(old: Bundle, new: Bundle) -> tuple[CellChange, ...]:
    """Cells that differ: each value in a table that is no table itself."""
    return tuple(
        CellChange(path, _short(before), _short(after))
        for path, before, after in _differing((), _tables(old), _tables(new))
    )


def reverted(new: Bundle, old: Bundle, cells: tuple[CellChange, ...]) -> Bundle:
    """`new` with these cells as they were in `old`."""
    reference: dict[str, Any] = deepcopy(dict(new.reference))
    for cell in cells:
        _put(reference[ROOT], cell.path, _at(old.reference[ROOT], cell.path))
    return replace(new, reference=reference)


def _tables(bundle: Bundle) -> dict[str, Any]:
    return {key: value for key, value in bundle.reference[ROOT].items() if key != "revision"}


def _code(text: bytes) -> tuple[str, ...]:
    lines = text.decode(errors="replace").splitlines()
    return tuple(line.rstrip() for line in lines if line.strip() and not line.lstrip().startswith("#"))


def _blocks(lines: tuple[str, ...]) -> dict[str, list[str]]:
    """Lines by the name of their rule; what is not a rule (package, imports) goes under `imports`."""
    found: dict[str, list[str]] = {}
    name = "imports"
    for line in lines:
        head = _HEAD.match(line)
        if head and not line.startswith(("else", "}")):
            name = "imports" if head[1] in {"package", "import"} else head[1]
        found.setdefault(name, []).append(line)
    return found


def _differing(path: tuple[str, ...], old: Any, new: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _differing((*path, key), old.get(key, _ABSENT), new.get(key, _ABSENT))
    elif type(old) is not type(new) or old != new:
        yield path, old, new


def _short(value: Any) -> str:
    if value is _ABSENT:
        return "niets"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _at(place: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(place, dict) or key not in place:
            return _ABSENT
        place = place[key]
    return place


def _put(place: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        place = place[key]
    if value is _ABSENT:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = deepcopy(value)
