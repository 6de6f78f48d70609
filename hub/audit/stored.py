"""The tree as the store holds it: nodes read from tiles, and from the entries where the last tile is not full."""

from hub.audit.note import NoteError
from hub.audit.tiles import available
from hub.audit.tree import (
    HASH_SIZE,
    TILE_HEIGHT,
    TILE_WIDTH,
    consistency_spans,
    inclusion_spans,
    leaf_hash,
    root_of,
    rows_of,
    span_hash,
)
from hub.errors import StoreUnavailable
from hub.store import log as rows
from hub.store.log import Connection


class StoredTree:
    """The first `size` leaves of the stored log. Reads a tile once; lives as long as its connection's transaction."""

    def __init__(self, conn: Connection, size: int) -> None:
        self._conn = conn
        self.size = size
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def hashes(self, level: int, n: int, width: int) -> list[bytes]:
        """The first `width` hashes of tile `n` at `level`. `StoreUnavailable` when the store does not hold them."""
        if level == 0 and width < TILE_WIDTH:
            first = n * TILE_WIDTH
            found = [leaf_hash(pair) for pair in rows.pairs(self._conn, first, first + width)]
        else:
            found = split_hashes(rows.tile(self._conn, level, n) or b"")[:width]
        if len(found) != width:
            raise damaged()
        return found

    def node(self, height: int, n: int) -> bytes:
        """A complete node (`hub.audit.tree.Nodes`)."""
        level, step = divmod(height, TILE_HEIGHT)
        tile = n >> (TILE_HEIGHT - step)
        nodes = self._tiles.get((level, tile))
        if nodes is None:
            nodes = rows_of(self.hashes(level, tile, available(self.size, level, tile)))
            self._tiles[level, tile] = nodes
        return nodes[step][n - (tile << (TILE_HEIGHT - step))]

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves."""
        return root_of(size, self.node)

    def inclusion(self, index: int) -> list[bytes]:
        """The inclusion proof of a leaf in the tree of all leaves."""
        return [span_hash(span, self.node) for span in inclusion_spans(index, self.size)]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The consistency proof from the first `old` to the first `new` leaves; empty from the empty tree."""
        if not 0 <= old <= new <= self.size:
            raise NoteError("no such trees in this log")
        return [span_hash(span, self.node) for span in consistency_spans(old, new)] if old else []


def split_hashes(joined: bytes) -> list[bytes]:
    """The hashes of a tile's bytes."""
    return [joined[at : at + HASH_SIZE] for at in range(0, len(joined), HASH_SIZE)]


def damaged() -> StoreUnavailable:
    """The error for a stored log that contradicts itself: nothing is signed on it, and nothing released."""
    return StoreUnavailable("Het logboek klopt niet met zichzelf. Er is niets vrijgegeven.")
