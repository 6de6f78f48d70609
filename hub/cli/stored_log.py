"""The log of the store that the settings name, open for reading: for `hub log check` and `hub log checkpoint`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hub.cli.opening import opened_hub
from hub.wiring import Hub


@dataclass(frozen=True)
class OpenLog:
    """The log of an open hub."""

    hub: Hub

    def check(self, known: tuple[str, ...]) -> list[str]:
        """Every fault in Dutch."""
        with self.hub.store.snapshot() as moment:
            return self.hub.log.check(moment, known)

    def checkpoint(self) -> str:
        """The newest signed checkpoint."""
        with self.hub.store.snapshot() as moment:
            return self.hub.log.checkpoint(moment)

    def growth(self, old: int) -> str:
        """The proof of growth from `old` entries."""
        with self.hub.store.snapshot() as moment:
            return self.hub.log.growth(moment, old)


@contextmanager
def open_log() -> Iterator[OpenLog]:
    """The log of the settings of this environment."""
    with opened_hub() as hub:
        yield OpenLog(hub)
