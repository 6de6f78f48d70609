"""Time that never goes back: what had ended stays ended, and nothing is dated before what it was decided after."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from hub.errors import ClockBehind
from hub.model.instant import from_text

SLACK = timedelta(minutes=1)
"""So far a clock may be set back, as time servers do: meanwhile time stands still. Further back nothing is decided."""


class Onward:
    """The instants of decisions and entries, from `clock`, never before those of entries that stand.

    With a clock that was set back a consent that has expired would live again, and a proof that was used be new.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._last: datetime | None = None
        self._lock = Lock()

    def after(self, entry: str) -> datetime:
        """Now, not before the instant of an entry (UTC text), whichever process made it. Raises ClockBehind as below."""
        at = from_text(entry)
        with self._lock:
            self._last = max(self._last or at, at)
        return self()

    def __call__(self) -> datetime:
        """Now. Raises ClockBehind while the clock is further behind than `SLACK`."""
        with self._lock:
            now = self._clock()
            if self._last is not None and now < self._last:
                if now < self._last - SLACK:
                    raise ClockBehind
                return self._last
            self._last = now
            return now
