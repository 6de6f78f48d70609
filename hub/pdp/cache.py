"""Decisions that were made before on the very same facts.

The key is all that a decision depends on: the policy revision and the canonical facts, less `at` and `user.id`. No
rule reads the id of a user, only its attributes (a test holds the policy to it). `at` is only ever compared with dates
in the facts, so a decision holds from the moment it was made until the first of these dates: its `valid_until`.
A withdrawal changes the facts, and so the key: it counts at the next request.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.model.release import Decision
from hub.pdp.canonical import canonical_bytes


@dataclass(frozen=True)
class _Kept:
    made_at: str
    decision: Decision

    def holds(self, at: str) -> bool:
        until = self.decision.valid_until
        return self.made_at <= at and (until is None or at < until)


class DecisionCache:
    """The last `size` decisions, oldest use out first. `size` 0 switches it off. Safe to share between threads."""

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._asked = self._hits = 0

    @property
    def counts(self) -> tuple[int, int]:
        """(asked, answered from here) since the start."""
        return self._asked, self._hits

    def key(self, facts: Mapping[str, Any], revision: str) -> bytes | None:
        """The key of canonical `facts`, or None when the cache is off."""
        if not self._size:
            return None
        rest = {key: value for key, value in facts.items() if key != "at"}
        rest["user"] = {key: value for key, value in facts["user"].items() if key != "id"}
        return hashlib.sha256(revision.encode() + b"\0" + canonical_bytes(rest)).digest()

    def find(self, key: bytes | None, at: str) -> Decision | None:
        """The decision under `key` that holds at `at`."""
        if key is None:
            return None
        with self._lock:
            self._asked += 1
            kept = self._kept.get(key)
            if kept is None or not kept.holds(at):
                return None
            self._hits += 1
            self._kept.move_to_end(key)
            return kept.decision

    def keep(self, key: bytes | None, at: str, decision: Decision) -> None:
        """Keep the decision that was made at `at`."""
        if key is None:
            return
        with self._lock:
            self._kept[key] = _Kept(at, decision)
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
