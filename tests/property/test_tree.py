"""The tree of RFC 6962: published roots, laws of proofs, and that any change shows."""

from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.audit import tree

INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

sizes = st.integers(1, 700) | st.sampled_from([255, 256, 257, 511, 512, 513])


def leaf(n: int) -> bytes:
    return tree.leaf_hash(n.to_bytes(8, "big"))


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 section 2.1 words it, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + defined_root(leaves[:split]) + defined_root(leaves[split:])).digest()


LEAVES = [leaf(n) for n in range(1100)]
ROWS = tree.rows_of(LEAVES)


def node(height: int, n: int) -> bytes:
    return ROWS[height][n]


def grown(size: int) -> tree.Edge:
    edge = tree.Edge()
    for hashed in LEAVES[:size]:
        edge.append(hashed)
    return edge


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    rows = tree.rows_of([tree.leaf_hash(text) for text in INPUTS])
    edge = tree.Edge()
    for text in INPUTS[:size]:
        edge.append(tree.leaf_hash(text))
    assert edge.root().hex() == ROOTS[size]
    assert tree.root_of(size, lambda height, n: rows[height][n]).hex() == ROOTS[size]


@given(size=sizes)
def test_root_is_the_defined_one(size: int) -> None:
    expected = defined_root(LEAVES[:size])
    assert tree.root_of(size, node) == expected
    assert grown(size).root() == expected


@given(size=sizes, at=st.integers(0, 10**6), flip=st.integers(0, 255))
def test_inclusion_holds_for_its_leaf_index_size_and_root_alone(size: int, at: int, flip: int) -> None:
    index = at % size
    proof = [tree.span_hash(span, node) for span in tree.inclusion_spans(index, size)]
    root = tree.root_of(size, node)
    assert tree.includes(LEAVES[index], index, size, proof, root)
    assert grown(size).proof(index) == proof
    assert not tree.includes(LEAVES[index + 1], index, size, proof, root)
    assert not tree.includes(LEAVES[index], index + 1, size, proof, root)
    assert not tree.includes(LEAVES[index], index, size, proof, tree.root_of(size + 1, node))
    assert not tree.includes(LEAVES[index], index, size, [*proof, root], root)
    assert not tree.includes(LEAVES[index], index, size * 2, proof, root)
    if proof:
        assert not tree.includes(LEAVES[index], index, size, proof[:-1], root)
        place = flip % len(proof)
        bent = [*proof]
        bent[place] = bytes([bent[place][0] ^ 1]) + bent[place][1:]
        assert not tree.includes(LEAVES[index], index, size, bent, root)


@given(old=sizes, more=st.integers(0, 300), flip=st.integers(0, 255))
@example(old=256, more=1, flip=0)
@example(old=1, more=0, flip=0)
def test_consistency_holds_for_its_two_trees_alone(old: int, more: int, flip: int) -> None:
    new = old + more
    proof = [tree.span_hash(span, node) for span in tree.consistency_spans(old, new)]
    before, after = tree.root_of(old, node), tree.root_of(new, node)
    other = tree.root_of(old + 1, node)
    assert tree.extends(old, new, before, after, proof)
    assert not tree.extends(old, new, other, after, proof)
    assert not tree.extends(old, new, before, tree.leaf_hash(after), proof)
    assert not tree.extends(old, new, before, after, [*proof, after])
    assert not tree.extends(new + 1, old, before, after, proof)
    assert not tree.extends(old, new * 2, before, after, proof)
    if proof:
        place = flip % len(proof)
        assert not tree.extends(old, new, before, after, proof[:-1])
        bent = [*proof]
        bent[place] = bytes([bent[place][0] ^ 1]) + bent[place][1:]
        assert not tree.extends(old, new, before, after, bent)


def test_the_empty_tree_begins_every_tree_and_no_other_does() -> None:
    assert tree.extends(0, 5, tree.EMPTY_ROOT, tree.root_of(5, node), [])
    assert not tree.extends(0, 5, tree.root_of(1, node), tree.root_of(5, node), [])
    assert not tree.extends(0, 5, tree.EMPTY_ROOT, tree.root_of(5, node), [LEAVES[0]])


@given(size=st.integers(2, 600), a=st.integers(0, 10**6), b=st.integers(0, 10**6))
def test_a_changed_dropped_moved_or_doubled_leaf_changes_the_root(size: int, a: int, b: int) -> None:
    leaves = LEAVES[:size]
    i, j = a % size, b % size
    root = tree.root_of(size, node)
    changed = [*leaves[:i], leaf(10**9), *leaves[i + 1 :]]
    dropped = leaves[:i] + leaves[i + 1 :]
    doubled = [*leaves[:i], leaves[i], *leaves[i:]]
    moved = [*leaves]
    moved[i], moved[j] = moved[j], moved[i]
    roots = [defined_root(each) for each in (changed, dropped, doubled)]
    assert root not in roots
    assert (defined_root(moved) == root) == (i == j)


@given(steps=st.lists(st.sampled_from([1, 2, 7, 64, 255, 256, 257]), min_size=1, max_size=6), again=st.booleans())
def test_an_edge_that_is_trimmed_copied_and_reloaded_is_the_same_tree(steps: list[int], again: bool) -> None:
    stored: dict[tuple[int, int], list[bytes]] = {}

    def tile(level: int, n: int, width: int) -> list[bytes]:
        return LEAVES[n * 256 : n * 256 + width] if level == 0 else stored[level, n][:width]

    edge = tree.Edge()
    for step in steps:
        start, edge = edge.size, tree.Edge.of(edge.size, tile) if again else edge.copy()
        for number in range(start, min(start + step, len(LEAVES))):
            edge.append(LEAVES[number])
        for index in range(start, edge.size, 17):
            assert tree.includes(LEAVES[index], index, edge.size, edge.proof(index), edge.root())
        stored.update({(level, n): hashes for level, n, hashes in edge.tiles_since(start)})
        edge.trim()
        assert edge.root() == tree.root_of(edge.size, node)
    for (level, n), hashes in stored.items():
        assert hashes == ROWS[8 * level][n * 256 : n * 256 + len(hashes)]
    assert {n for level, n in stored if level == 0} == set(range(edge.size // 256))


def test_the_edge_crosses_the_tile_of_a_tile() -> None:
    edge, held = tree.Edge(), 0
    for number in range(65_536 + 300):
        edge.append(leaf(number))
        if number % 200 == 199:
            edge.trim()
            held = max(held, sum(len(row) for row in edge._rows))
    assert held < 3 * 512
    index = edge.size - 1
    assert tree.includes(leaf(index), index, edge.size, edge.proof(index), edge.root())


def test_no_proof_for_what_is_not_there() -> None:
    for index, size in ((-1, 4), (4, 4), (0, 0)):
        with pytest.raises(ValueError, match="no such leaf"):
            tree.inclusion_spans(index, size)
        assert not tree.includes(LEAVES[0], index, size, [], LEAVES[0])
    for old, new in ((0, 4), (5, 4), (-1, 4)):
        with pytest.raises(ValueError, match="smaller tree"):
            tree.consistency_spans(old, new)
