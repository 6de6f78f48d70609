"""Which version of each table counts when: dated versions stand side by side, and a decision uses those valid then.

`hub/tables/need/data.json` is the first version of a table, `hub/tables/need/2027-01-01/data.json` the one that counts
from that day on (`geldig_vanaf`), a whole table each. A version without a reference to its approval is not active
(Bgs 1.13, R33): the one before it keeps counting, and where there is none nothing is decided.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any, Final
from zoneinfo import ZoneInfo

from hub.errors import EngineUnavailable
from hub.model.instant import to_text

APPROVAL_KEYS: Final = ("goedgekeurd_door", "rac_ref")
NOT_READ: Final = "Het beleid kan niet worden gelezen."
NONE_COUNTS: Final = "Voor dit moment geldt geen goedgekeurd beleid. Er is niets vrijgegeven."
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATED: Final = (("hub", "catalog"), ("hub", "tables"))
"""Where dated versions may stand: what the rules of an OPA server choose from (policies/hub/dated)."""
_HERE: Final = "Europe/Amsterdam"
"""A law that holds from a day on holds from midnight in the Netherlands."""


@dataclass(frozen=True)
class Period:
    """From `start` (UTC text) on, until the next one. `files`: the data files that count, by the path that they stand for.

    `dated`: table folder -> day, of those that are not the first version.
    """

    start: str
    files: Mapping[str, str]
    dated: Mapping[str, str]


@dataclass(frozen=True)
class _Version:
    folder: str
    path: str
    day: str | None
    start: str
    approved: bool


def periods_of(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Period, ...]:
    """The periods of these data files (path -> content), oldest first; none where a table has no active version.

    Raises EngineUnavailable, naming the file, for a version without a sound `geldig_vanaf`, one whose folder names
    another day, or one that does not come after the first: versions follow on each other, without overlap or gap.
    """
    versions = sorted((_version(path, table) for path, table in tables.items()), key=lambda one: (one.folder, one.start))
    families = [list(group) for _, group in groupby(versions, key=lambda one: one.folder)]
    for family in families:
        _must_follow(family)
    active = [[one for one in family if one.approved] for family in families]
    if not active or not all(active):
        return ()
    first = max(family[0].start for family in active)
    starts = sorted({first, *(one.start for family in active for one in family if one.start > first)})
    return tuple(_period(start, active) for start in starts)


def active_paths(periods: tuple[Period, ...]) -> frozenset[str]:
    """The data files that count in some period."""
    return frozenset(path for period in periods for path in period.files.values())


def place_of(path: str) -> tuple[str, ...]:
    """Where the content of a data file stands in `data`: the folder of its table."""
    folder = PurePosixPath(path).parts[:-1]
    return folder[:-1] if folder and _DAY.fullmatch(folder[-1]) else folder


def _version(path: str, table: Mapping[str, Any]) -> _Version:
    folder = PurePosixPath(path).parts[:-1]
    place = place_of(path)
    day = folder[-1] if folder != place else None
    since = table.get("geldig_vanaf")
    if not isinstance(since, str) or (day is not None and (day != since or place[:2] not in _DATED)):
        raise EngineUnavailable(NOT_READ, place=path)
    approved = all(isinstance(table.get(key), str) and table[key].strip() for key in APPROVAL_KEYS)
    return _Version("/".join(place), path, day, _midnight(since, path), approved)


def _midnight(day: str, path: str) -> str:
    if not _DAY.fullmatch(day):
        raise EngineUnavailable(NOT_READ, place=path)
    try:
        return to_text(datetime.combine(date.fromisoformat(day), time(), ZoneInfo(_HERE)))
    except (ValueError, LookupError, OSError):
        raise EngineUnavailable(NOT_READ, place=path) from None


def _must_follow(family: list[_Version]) -> None:
    """One first version, and each dated one later: two that start at once would both hold."""
    starts = [one.start for one in family]
    if family[0].day is not None or len(set(starts)) != len(starts):
        raise EngineUnavailable(NOT_READ, place=family[-1].path)


def _period(start: str, active: list[list[_Version]]) -> Period:
    counting = [[one for one in family if one.start <= start][-1] for family in active]
    return Period(
        start,
        {f"{one.folder}/data.json": one.path for one in counting},
        {one.folder: one.day for one in counting if one.day is not None},
    )
