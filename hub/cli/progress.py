"""A bar that grows on standard error, where that is a terminal: how far a long piece of work is."""

import shutil
import sys

_WIDTH = 40


class Progress:
    """Draws how much of what there is to do, in `unit` (Dutch, plural), is done: one line, gone when all is."""

    def __init__(self, unit: str) -> None:
        self._unit = unit

    def __call__(self, done: int, total: int) -> None:
        """So many of `total` are done."""
        if not sys.stderr.isatty():
            return
        width = max(10, min(_WIDTH, shutil.get_terminal_size().columns - _WIDTH))
        full = width * done // max(total, 1)
        text = (
            f"[{'#' * full}{'.' * (width - full)}] {100 * done // max(total, 1):3} %  {done} van {total} {self._unit}"
        )
        end = "\r" + " " * len(text) + "\r" if done >= total else ""
        print(f"\r{text}{end}", end="", file=sys.stderr, flush=True)

    def leave(self) -> None:
        """Leave the bar as it is, and go to the next line: the work was broken off."""
        if sys.stderr.isatty():
            print(file=sys.stderr, flush=True)
