"""Paths and contents after C2SP tlog-tiles: how the log is published, in files that never change.

`tile/<level>/<n>[.p/<width>]` holds hashes, `tile/entries/<n>[.p/<width>]` the leaves: pairs of salted hashes only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hub.audit.tree import TILE_HEIGHT, TILE_WIDTH

MAX_LEVEL = 63

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<n>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?", re.ASCII
)


@dataclass(frozen=True)
class Tile:
    """One published file. `level` is None for a bundle of entries; `width` is 256 when it is full."""

    level: int | None
    n: int
    width: int = TILE_WIDTH

    def path(self) -> str:
        """The path below the log's prefix."""
        digits = f"{self.n:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
        level = "entries" if self.level is None else str(self.level)
        return f"tile/{level}/{name}" + ("" if self.width == TILE_WIDTH else f".p/{self.width}")

    @classmethod
    def parse(cls, path: str) -> "Tile | None":
        """The file that a path names, or None where no file can be. One path for each file."""
        match = _PATH.fullmatch(path)
        if match is None:
            return None
        n = int(match["n"].replace("x", "").replace("/", ""))
        level = None if match["level"] == "entries" else int(match["level"])
        tile = cls(level, n, int(match["width"] or TILE_WIDTH))
        if tile.path() != path or tile.width > TILE_WIDTH or (level or 0) > MAX_LEVEL:
            return None
        return tile


def available(size: int, level: int, n: int) -> int:
    """How many hashes tile `n` of `level` has in a tree of `size` leaves (0 to 256)."""
    if level < 0 or n < 0:
        return 0
    return max(0, min(TILE_WIDTH, (size >> (TILE_HEIGHT * level)) - n * TILE_WIDTH))


def entry_bundle(leaves: Iterable[bytes]) -> bytes:
    """The leaves one after another, each after its length in two bytes, big-endian."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)
