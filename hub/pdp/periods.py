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

SINCE: Final = "geldig_vanaf"
APPROVAL_KEYS: Final = ("goedgekeurd_door", "rac_ref")
NOT_READ: Final = "Het beleid kan niet worden gelezen."
NONE_COUNTS: Final = "Voor dit moment geldt geen goedgekeurd beleid. Er is niets vrijgegeven."
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HERE: Final = "Europe/Amsterdam"
"""A law that holds from a day on holds from midnight in the Netherlands."""


@dataclass(frozen=True)
class Period:
    """From `start` (UTC text) on, until the next one. `files`: the data files that count.

    `days`: of the tables of which another than the first version counts, its day; nested as the tables are.
    """

    start: str
    files: tuple[str, ...]
    days: dict[str, Any]


@dataclass(frozen=True)
class _Version:
    folder: str
    path: str
    day: str | None
    start: str
    active: bool


def periods_of(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Period, ...]:
    """The periods of these data files (path -> content), oldest first; none where a table has no active version.

    A version that does not say from when it counts, or who approved it, is not active. Raises EngineUnavailable, naming
    the file, for a `geldig_vanaf` that is no day, a folder that names another day, and a version that does not come after
    the first: versions follow on each other, without overlap or gap.
    """
    versions = sorted(
        (_version(path, table) for path, table in tables.items()), key=lambda one: (one.folder, one.start)
    )
    families = [list(group) for _, group in groupby(versions, key=lambda one: one.folder)]
    for family in families:
        _must_follow(family)
    active = [[one for one in family if one.active] for family in families]
    if not active or not all(active):
        return ()
    first = max(family[0].start for family in active)
    starts = sorted({first, *(one.start for family in active for one in family if one.start > first)})
    return tuple(_period(start, active) for start in starts)


def place_of(path: str) -> tuple[str, ...]:
    """Where the content of a data file stands in `data`: the folder of its table."""
    folder = PurePosixPath(path).parts[:-1]
    return folder[:-1] if folder and _DAY.fullmatch(folder[-1]) else folder


def is_dated(path: str) -> bool:
    """Whether this data file is a later version of a table than its first."""
    return place_of(path) != PurePosixPath(path).parts[:-1]


def _version(path: str, table: Mapping[str, Any]) -> _Version:
    folder = PurePosixPath(path).parts[:-1]
    place = place_of(path)
    day = folder[-1] if folder != place else None
    if day is not None and (day != table.get(SINCE) or not _may_be_dated(place)):
        raise EngineUnavailable(NOT_READ, place=path)
    approved = all(isinstance(table.get(key), str) and table[key].strip() for key in APPROVAL_KEYS)
    start = _midnight(table[SINCE], path) if SINCE in table else ""
    return _Version("/".join(place), path, day, start, active=approved and SINCE in table)


def _may_be_dated(place: tuple[str, ...]) -> bool:
    """Where the rules of an OPA server choose among versions (policies/hub/dated)."""
    return place == ("hub", "catalog") or (len(place) == 3 and place[:2] == ("hub", "tables"))


def _midnight(day: Any, path: str) -> str:
    if not isinstance(day, str) or not _DAY.fullmatch(day):
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
    days: dict[str, Any] = {}
    for one in counting:
        if one.day is not None:
            *above, table = one.folder.split("/")[1:]
            (days.setdefault(above[0], {}) if above else days)[table] = one.day
    return Period(start, tuple(one.path for one in counting), days)
