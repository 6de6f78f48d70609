"""A policy that does not decide here yet: read, and fit to be tried."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hub.errors import EngineUnavailable
from hub.model.instant import to_text
from hub.pdp.bundle import Bundle, read_bundle

_VALIDITY: Final = ("geldig_vanaf", "geldig_tot")
_MIDNIGHTS: Final = (timedelta(hours=-2), timedelta(hours=-1), timedelta())
"""Of a date: where it may begin, by the clock of the Netherlands in summer and winter, and of UTC."""


def candidate(directory: Path, live: Bundle) -> Bundle:
    """The policy of `directory`. Raises EngineUnavailable when it is unsound, or its rules were changed and not compiled
    since: what decides is the module, and it would be the old one."""
    found = read_bundle(directory)
    if found.module is None or (found.rules != live.rules and found.module == live.module):
        raise EngineUnavailable("Dit beleid is nog niet gebouwd: de regels zijn anders dan hub.wasm.", place="hub.wasm")
    return found


def switches(bundle: Bundle) -> list[str]:
    """The instants at which a table of `bundle` comes into force or ends, UTC text, in order."""
    return sorted({to_text(instant) for text in _dates(bundle.reference) for instant in _instants(text)})


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
