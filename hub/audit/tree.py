"""The Merkle tree of RFC 6962 section 2.1, pure: no store, no keys, no time.

A *node* `(height, n)` is the hash over the complete subtree of the leaves `n * 2**height` up to `(n + 1) * 2**height`.
A proof is first worked out as *spans* `(start, end)` of leaves, then each span is hashed from complete nodes: one
algorithm, whether the nodes come from memory or from stored tiles. The checks at the end of this file do not share
code with the making of proofs: they follow RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

HASH_SIZE = 32
"""Bytes of a SHA-256 hash."""

EMPTY_ROOT = sha256(b"").digest()

TILE_HEIGHT = 8
TILE_WIDTH = 256
"""Hashes in a full tile (C2SP tlog-tiles)."""

Nodes = Callable[[int, int], bytes]
"""`(height, n)` -> hash of the complete subtree. Asked only for subtrees that are complete."""

Span = tuple[int, int]
"""Leaves `start` up to, not including, `end`."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The siblings of leaf `index` in a tree of `size` leaves, from the leaf up to the root (RFC 6962, PATH)."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    spans, width = [], 1
    while width < size:
        sibling = ((index // width) ^ 1) * width
        if sibling < size:
            spans.append((sibling, min(sibling + width, size)))
        width *= 2
    return spans


def consistency_spans(old: int, new: int) -> list[Span]:
    """The subtrees that show a tree of `new` leaves to begin with the tree of `old` leaves (RFC 6962, PROOF)."""
    if not 0 < old <= new:
        raise ValueError("a consistency proof goes from a smaller tree that is not empty to a larger one")
    spans: list[Span] = []
    start, end, whole = 0, new, True
    while old != end:
        split = start + _split(end - start)
        if old <= split:
            spans.append((split, end))
            end = split
        else:
            spans.append((start, split))
            start, whole = split, False
    if not whole:
        spans.append((start, end))
    return spans[::-1]


def _split(width: int) -> int:
    """The largest power of two smaller than `width` (at least 2)."""
    return 1 << ((width - 1).bit_length() - 1)


def span_hash(span: Span, nodes: Nodes) -> bytes:
    """The hash over a span as it stands in a tree: its start is a multiple of a power of two not below its width."""
    start, end = span
    width = end - start
    if width & (width - 1) == 0:
        height = width.bit_length() - 1
        return nodes(height, start >> height)
    split = start + _split(width)
    return node_hash(span_hash((start, split), nodes), span_hash((split, end), nodes))


def root_of(size: int, nodes: Nodes) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return span_hash((0, size), nodes) if size else EMPTY_ROOT


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """The row above complete nodes; a last one without a right-hand neighbour has no parent yet."""
    return [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=False)]


def rows_of(leaf_hashes: Sequence[bytes]) -> list[list[bytes]]:
    """All complete nodes over the leaves, a row a height."""
    rows = [list(leaf_hashes)]
    while len(rows[-1]) > 1:
        rows.append(parents(rows[-1]))
    return rows


class Edge:
    """The compact right edge of a growing tree: the nodes of the last, unfinished tile at each level, and nothing else.

    A sibling of a node stands in the same tile as the node itself, so these nodes are enough to grow the tree and to
    prove what was added since the last `trim`. `copy` before growing: a copy that is thrown away leaves no trace.
    """

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[dict[int, bytes]] = []

    @classmethod
    def of(cls, size: int, tile: Callable[[int, int, int], Sequence[bytes]]) -> "Edge":
        """The edge of a stored tree; `tile(level, n, width)` gives the first `width` hashes of a stored tile."""
        edge = cls()
        edge.size = size
        level = 0
        while count := size >> (TILE_HEIGHT * level):
            n, width = divmod(count, TILE_WIDTH)
            edge._load(level, n * TILE_WIDTH, tile(level, n, width) if width else ())
            level += 1
        return edge

    def _load(self, level: int, start: int, hashes: Sequence[bytes]) -> None:
        row = list(hashes)
        for step in range(TILE_HEIGHT):
            self._row(TILE_HEIGHT * level + step).update(enumerate(row, start >> step))
            row = parents(row)

    def _row(self, height: int) -> dict[int, bytes]:
        while len(self._rows) <= height:
            self._rows.append({})
        return self._rows[height]

    def copy(self) -> "Edge":
        """An edge that grows apart from this one."""
        twin = Edge()
        twin.size = self.size
        twin._rows = [dict(row) for row in self._rows]
        return twin

    def append(self, leaf: bytes) -> None:
        """Add the hash of one leaf."""
        height, n = 0, self.size
        self._row(0)[n] = leaf
        while n & 1:
            row = self._rows[height]
            parent = node_hash(row[n - 1], row[n])
            height, n = height + 1, n >> 1
            self._row(height)[n] = parent
        self.size += 1

    def node(self, height: int, n: int) -> bytes:
        """A complete node that the edge holds (`Nodes`)."""
        return self._rows[height][n]

    def root(self) -> bytes:
        """The root over all leaves so far."""
        peaks = self._peaks()
        if not peaks:
            return EMPTY_ROOT
        root = peaks[0]
        for peak in peaks[1:]:
            root = node_hash(peak, root)
        return root

    def _peaks(self) -> list[bytes]:
        """The complete subtrees that the tree falls apart in, smallest (rightmost) first."""
        heights = (height for height in range(self.size.bit_length()) if self.size >> height & 1)
        return [self._rows[height][(self.size >> height) - 1] for height in heights]

    def proof(self, index: int) -> list[bytes]:
        """The inclusion proof, in the tree of now, of a leaf added since the last `trim`."""
        hashes, n = [], index
        for height in range((self.size - 1).bit_length()):
            sibling = n ^ 1
            if sibling << height < self.size:
                node = self._rows[height].get(sibling)
                hashes.append(node or span_hash((sibling << height, self.size), self.node))
            n >>= 1
        return hashes

    def tiles_since(self, before: int) -> Iterator[tuple[int, int, list[bytes]]]:
        """The tiles `(level, n, hashes)` that changed while the tree grew from `before` leaves and must be stored.

        Level 0 only when full (its hashes follow from the entries); higher levels at each change, so that the edge
        of a stored tree is read from few rows.
        """
        level = 0
        while count := self.size >> (TILE_HEIGHT * level):
            old = before >> (TILE_HEIGHT * level)
            for n in range(old // TILE_WIDTH, -(-count // TILE_WIDTH)):
                end = min((n + 1) * TILE_WIDTH, count)
                if end > old and (level or end == (n + 1) * TILE_WIDTH):
                    row = self._rows[TILE_HEIGHT * level]
                    yield level, n, [row[k] for k in range(n * TILE_WIDTH, end)]
            level += 1

    def trim(self) -> None:
        """Forget the tiles that are full and stored."""
        for height, row in enumerate(self._rows):
            step = height % TILE_HEIGHT
            start = (self.size >> (height - step)) // TILE_WIDTH * TILE_WIDTH >> step
            if row and next(iter(row)) < start:
                self._rows[height] = {n: value for n, value in row.items() if n >= start}


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows the leaf hash at `index` of the tree with `size` and `root` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    first, last, seen = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            seen = node_hash(sibling, seen)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            seen = node_hash(seen, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and seen == root


def extends(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree `(new, new_root)` begins with `(old, old_root)` (RFC 9162, 2.1.4.2).

    The empty tree is the beginning of every tree; equal sizes need equal roots; both with an empty proof.
    """
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and old_root == (new_root if old else EMPTY_ROOT)
    return _grows(old, new, old_root, new_root, [old_root, *proof] if old & (old - 1) == 0 else list(proof))


def _grows(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    if not path:
        return False
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root
