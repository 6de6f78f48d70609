"""A policy that does not decide here yet: read, and fit to be tried."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hub.model.instant import to_text
from hub.pdp.bundle import Bundle
from hub.pdp.periods import SINCE, place_of
from hub.pdp.strict_json import loads_strict
from hub.policy.compare.policies import built, read_policy

_VALIDITY: Final = ("geldig_vanaf", "geldig_tot")
_MIDNIGHTS: Final = (timedelta(hours=-2), timedelta(hours=-1), timedelta())
"""Of a date: where it may begin, by the clock of the Netherlands in summer and winter, and of UTC."""


@dataclass(frozen=True, order=True)
class Version:
    """One version of a table. `since`: from when it counts (ISO date, empty where it does not say)."""

    table: str
    since: str
    approved: bool = True


def candidate(path: Path, live: Bundle, program: str | None) -> tuple[Bundle, tuple[str, ...]]:
    """The policy of the directory or bundle `path` with a module that belongs to its rules, and what is to be said of
    that; as two revisions are compared. `program`: OPA, where it is at hand. Raises EngineUnavailable when it is
    unsound, or its rules are other than those of `live` and nothing compiled them."""
    _, found, notes = built(live, read_policy(path), program, deployed=live)
    return found, notes


def switches(bundle: Bundle) -> list[str]:
    """The instants at which a table of `bundle` comes into force or ends, UTC text, in order; each version of a table
    too that another one follows on."""
    dates = {to_text(instant) for text in _dates(bundle.reference) for instant in _instants(text)}
    return sorted(dates | {period.start for period in bundle.periods})


def unmet(bundle: Bundle, moments: Collection[str]) -> list[Version]:
    """The versions of tables that none of the decisions used, in order. `moments`: of each decision the last of
    `switches` before it, empty where there was none."""
    ends = [*(period.start for period in bundle.periods[1:]), None]
    used = {
        path
        for period, end in zip(bundle.periods, ends, strict=True)
        if any(period.start <= moment and (end is None or moment < end) for moment in moments)
        for path in period.files
    }
    counting = {path for period in bundle.periods for path in period.files}
    return sorted(_version(bundle, path, counting) for path in bundle.tables.keys() - used)


def _version(bundle: Bundle, path: str, counting: Collection[str]) -> Version:
    table = loads_strict(bundle.tables[path])
    return Version(place_of(path)[-1], str(table.get(SINCE) or ""), path in counting)


def _dates(value: Any) -> Iterator[str]:
    """The dates of validity, wherever in the data."""
    if isinstance(value, dict):
        yield from (value[key] for key in _VALIDITY if isinstance(value.get(key), str))
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _dates(inner)


def _instants(text: str) -> Iterator[datetime]:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return
    if found.tzinfo is not None:
        yield found
    else:
        yield from (found.replace(tzinfo=UTC) + earlier for earlier in _MIDNIGHTS)
