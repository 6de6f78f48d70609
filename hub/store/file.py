"""The file of an SQLite database: whether it is still the one that was opened."""

import os

_SQLITE = "sqlite:///"


class StoreFile:
    """Where a database at `url` is a file: that file. SQLite goes on writing to one that is gone, and all of it is lost."""

    def __init__(self, url: str) -> None:
        self._path = url.removeprefix(_SQLITE) if url.startswith(_SQLITE) else None
        self._known: tuple[int, int] | None = None
        self._size = 0
        self.stands()

    def stands(self) -> bool:
        """Whether it is there, the same, and not cut short: such a file only grows. One look at it, no reading."""
        if self._path is None:
            return True
        # Before the look: another thread may see it grow after ours.
        least = self._size
        try:
            found = os.stat(self._path)  # noqa: PTH116 - at each request
        except OSError:
            # SQLite makes the file when it first connects.
            return self._known is None
        self._known = self._known or (found.st_dev, found.st_ino)
        if self._known != (found.st_dev, found.st_ino) or found.st_size < least:
            return False
        self._size = max(self._size, found.st_size)
        return True
