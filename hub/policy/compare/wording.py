"""One difference in Dutch words. No partner, purpose, regime, ground or field is left out; fields go by their groups."""

from collections.abc import Iterable, Mapping
from typing import Final

from hub.model.casus import Regime
from hub.model.purpose import PURPOSES
from hub.policy.compare.merging import Line, Words
from hub.policy.compare.outcome import WHOLE

_NAMED: Final = 6
"""So many fields stand in the sentence, and so many conditions are named; more fields stand below it."""
_SENTENCES: Final = {
    "niveau": "{fields} van {old} naar {new}",
    "beslissing": "de hele beslissing van {old} naar {new}",
    "reden": "{fields}: als reden vervalt {old} en komt erbij {new}",
    "artikel": "het artikel bij {old} wordt {new}",
    "geheimhouding": "{fields}: de geheimhouding wijkt door {new} in plaats van {old}",
    "grondslag": "{fields}: de grondslag is {new} in plaats van {old}",
    "verplichting": "vervalt als verplichting: {old}; komt erbij: {new}",
    "verbergen": "de casus verborgen houden: van {old} naar {new}",
    "geldig tot": "de beslissing geldt tot {new} in plaats van {old}",
}
Groups = Mapping[str, Words]
"""Group and its name -> its fields."""


def sentence(line: Line, groups: Groups) -> str:
    """One difference, as a reader would say it."""
    return _said(line, _inline(line.fields, groups), every=True)


def rows(line: Line, groups: Groups, *, every: bool) -> list[str]:
    """The same for a terminal: many fields stand below the sentence, a line a group; with `every` all conditions."""
    if len(line.fields) <= _NAMED:
        return [f"- {_said(line, _inline(line.fields, groups), every=every)}"]
    return [
        f"- {_said(line, f'{len(line.fields)} velden', every=every)}",
        *(f"    {row}" for row in _below(line, groups)),
    ]


def listed(words: Iterable[str], last: str = "en") -> str:
    """All of them: `a, b en c`."""
    *before, end = list(words) or [""]
    return f"{', '.join(before)} {last} {end}" if before else end


def _said(line: Line, fields: str, *, every: bool) -> str:
    what = _SENTENCES[line.change.what].format(fields=fields, old=line.change.old, new=line.change.new)
    source = f" (bron: {line.change.source})" if line.change.source else ""
    regimes = _all(line.regimes, tuple(map(str, Regime)), "elk regime")
    where = (listed(sorted(line.actors)), _all(line.purposes, PURPOSES, "elk doel"), regimes)
    on = f" op {listed(sorted(line.grounds), 'of')}" if line.grounds else ""
    return f"{', '.join(filter(None, where))}: {what}{source}{on}{_conditions(line, every=every)}"


def _conditions(line: Line, *, every: bool) -> str:
    conditions = sorted(line.otherwise - {""})
    if not conditions or "" in line.otherwise:
        return ""  # what holds in order as well needs no conditions
    if not every and len(conditions) > _NAMED + 1:
        return f", als {', '.join(conditions[:_NAMED])} of {len(conditions) - _NAMED} andere voorwaarden (--alles)"
    return f", als {listed(conditions, 'of')}"


def _inline(fields: Words, groups: Groups) -> str:
    """`naam` en `bsn` (G01 identificatie); heel G06 medicatie."""
    whole, parts, rest = _parted(fields, groups)
    found = [f"heel {listed(whole)}"] if whole else []
    found += [f"{listed(map(_name, part))} ({group})" for group, part in parts.items()]
    return "; ".join([*found, *([listed(map(_name, rest))] if rest else [])])


def _below(line: Line, groups: Groups) -> list[str]:
    whole, parts, rest = _parted(line.fields, groups)
    found = [f"heel {listed(whole)}"] if whole else []
    found += [
        f"van {group} ({len(part)} van {len(groups[group])}): {listed(map(_name, part))}"
        for group, part in parts.items()
    ]
    return [*found, *([listed(map(_name, rest))] if rest else [])]


def _parted(fields: Words, groups: Groups) -> tuple[list[str], dict[str, list[str]], list[str]]:
    """Groups that are there whole, the fields of others by group, and those of no group."""
    whole = [group for group, members in groups.items() if members and members <= fields]
    parts = {group: sorted(members & fields) for group, members in groups.items() if group not in whole}
    grouped = {field for members in groups.values() for field in members}
    return whole, {group: part for group, part in parts.items() if part}, sorted(fields - grouped)


def _name(field: str) -> str:
    return "de hele vraag" if field == WHOLE else f"`{field}`"


def _all(words: Words, every: Iterable[str], name: str) -> str:
    return name if words >= set(every) else listed(sorted(words))
