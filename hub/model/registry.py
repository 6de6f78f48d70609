"""Dated, append-only records of a casus. Ending and correcting one adds another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Recorder:
    """Who put a record on file: a user of a partner (or an operator of the hub, partner `hub`)."""

    partner: str
    kind: str
    user: str
    role: str | None = None


class Record(NamedTuple):
    """One record. `body` holds ids, codes and dates only; free text and what names a person stands sealed in `texts`.

    `ends` names the record that this one ends, from `recorded_at` on. A named tuple, as `Standing` is: each look makes
    them of all records of its casus.
    """

    id: str
    kind: str
    recorded_at: str
    recorder: Recorder
    body: Mapping[str, Any]
    texts: Mapping[str, str] = {}
    """Name -> sealed under the casus key, base64. The policy sees only whether it is filled."""
    ends: str | None = None


class Standing(NamedTuple):
    """A record with its end: `ended_at` is when a later record ended it, or None."""

    record: Record
    ended_at: str | None

    @property
    def body(self) -> Mapping[str, Any]:
        """The record's body."""
        return self.record.body

    def until(self, key: str = "valid_until") -> str | None:
        """The earlier of the record's own end and its ending, or None."""
        own: str | None = self.record.body.get(key)
        if own is None or (self.ended_at is not None and self.ended_at < own):
            return self.ended_at
        return own

    def live(self, at: str) -> bool:
        """Whether it counts at `at`: from its start until just before its end."""
        start = self.record.body.get("valid_from") or self.record.recorded_at
        end = self.until()
        return start <= at and (end is None or at < end)
