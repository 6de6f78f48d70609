"""A bar that grows on standard error, where that is a terminal: how far a long piece of work is."""

import sys

_WIDTH = 40


class Progress:
    """`total`: of what there is to do, in `unit` (Dutch, plural). Draws at most once for each percent."""

    def __init__(self, total: int, unit: str) -> None:
        self._total = total
        self._unit = unit
        self._done = 0
        self._drawn = -1
        self._shown = sys.stderr.isatty()

    def add(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        percent = 100 * self._done // self._total if self._total else 100
        if self._shown and percent != self._drawn:
            self._drawn = percent
            bar = ("#" * (percent * _WIDTH // 100)).ljust(_WIDTH, ".")
            print(f"\r[{bar}] {percent:3d}% van {self._total} {self._unit}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the bar as it is, and go to the next line."""
        if self._drawn >= 0:
            print(file=sys.stderr, flush=True)
