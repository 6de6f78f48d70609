"""The tables of what counts for everyone now, for who delivers and records: those of a new revision without a new start.

What leaves is decided by the policy alone, with the revision of the asker; here one may lag behind by `FRESH` seconds.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, Protocol

from hub.model.instant import to_text
from hub.model.release import Asking
from hub.pdp.policy import Policy
from hub.pdp.tables import LawTables

FRESH: Final = 0.05
"""Seconds that what counts is remembered: a delivery of a hundred fields asks hundreds of times."""


class Counting(Protocol):
    """What counts (hub.governance.in_force)."""

    def everyone(self) -> Policy: ...


class TablesInForce(LawTables):
    """As `LawTables`, of the revision and the moment that count. Raises EngineUnavailable where there are none."""

    def __init__(self, counting: Counting, now: Callable[[], datetime]) -> None:
        self._counting = counting
        self._now = now
        self._read: tuple[float, LawTables] | None = None
        self._grouping = _Groups(self)

    def current(self) -> LawTables:
        """The tables of this moment."""
        read, moment = self._read, time.monotonic()
        if read is None or not 0 <= moment - read[0] < FRESH:
            read = (moment, self._counting.everyone().tables_at(to_text(self._now())))
            self._read = read
        return read[1]

    @property
    def groups(self) -> Mapping[str, str]:
        """See `LawTables.groups`."""
        return self._grouping

    def knows_field(self, key: str) -> bool:
        """See `LawTables.knows_field`."""
        return self.current().knows_field(key)

    def knows_group(self, key: str) -> bool:
        """See `LawTables.knows_group`."""
        return self.current().knows_group(key)

    def may_deliver(self, key: str, kind: str, employer_kind: str | None) -> bool:
        """See `LawTables.may_deliver`."""
        return self.current().may_deliver(key, kind, employer_kind)

    def expand(self, requested: Iterable[str]) -> tuple[str, ...]:
        """See `LawTables.expand`."""
        return self.current().expand(requested)

    def article(self, id_: str) -> str:
        """See `LawTables.article`."""
        return self.current().article(id_)

    def opens(self, asking: Asking, field: str, *, without_basis: bool) -> tuple[str, ...]:
        """See `LawTables.opens`."""
        return self.current().opens(asking, field, without_basis=without_basis)

    def asks(self, asking: Asking) -> tuple[str, ...]:
        """See `LawTables.asks`."""
        return self.current().asks(asking)

    def other_purposes(self, asking: Asking, fields: Iterable[str]) -> tuple[str, ...]:
        """See `LawTables.other_purposes`."""
        return self.current().other_purposes(asking, fields)


class _Groups(Mapping[str, str]):
    """The group of each field, of the tables of the moment."""

    def __init__(self, tables: TablesInForce) -> None:
        self._tables = tables

    def __getitem__(self, key: str) -> str:
        return self._tables.current().groups[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables.current().groups)

    def __len__(self) -> int:
        return len(self._tables.current().groups)
