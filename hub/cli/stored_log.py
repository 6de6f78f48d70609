"""The log of the store that the settings name, open for reading: for `hub log check` and `hub log checkpoint`."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from hub.settings import from_environment
from hub.wiring import ROOT, Hub, open_hub


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
    with closing(open_hub(from_environment(os.environ, ROOT))) as hub:
        yield OpenLog(hub)
