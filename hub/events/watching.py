"""Spans and figures: told to a watcher where there is one (`hub.telemetry`), else they cost next to nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from hub.events.catalogue import Metric


class Watcher(Protocol):
    """Who takes spans and figures. It never raises, and nobody waits for it."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """A span of a step of the path, and how long it took."""

    def request(self, trace: str, parent: str | None) -> AbstractContextManager[Callable[[str, int], None]]:
        """The span of a request; gives what takes its door and status when they are known."""

    def add(self, metric: Metric, amount: float, fields: dict[str, object]) -> None:
        """Count or record."""


_IDLE: AbstractContextManager[None] = nullcontext()
_watcher: Watcher | None = None


def watch(watcher: Watcher | None) -> None:
    """From now on `watcher` is told, or nobody."""
    global _watcher  # noqa: PLW0603 - one process has one, as it has one log
    _watcher = watcher


def watcher() -> Watcher | None:
    """Who is told; None where nobody is."""
    return _watcher


def step(name: str) -> AbstractContextManager[None]:
    """The step `name` of the path (`hub.events.catalogue.STEPS`)."""
    return _IDLE if _watcher is None else _watcher.step(name)


def add(metric: Metric, amount: float = 1, **fields: object) -> None:
    """Count `amount`, or record it."""
    if _watcher is not None:
        _watcher.add(metric, amount, fields)
