"""Paths and sizes of the published tiles (C2SP tlog-tiles)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.audit.tiles import Tile, available, entry_bundle


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(1, 273, 112), "tile/1/273.p/112"),
        (Tile(None, 1234067, 1), "tile/entries/x001/x234/067.p/1"),
        (Tile(63, 0, 255), "tile/63/000.p/255"),
    ],
)
def test_paths(tile: Tile, path: str) -> None:
    assert tile.path() == path
    assert Tile.parse(path) == tile


@given(st.none() | st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_each_tile_has_one_path(level: int | None, n: int, width: int) -> None:
    tile = Tile(level, n, width)
    assert Tile.parse(tile.path()) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/999",
        "tile/0/000/",
        "tile/0/\u0660\u0660\u0660",
        "/tile/0/000",
        "tile/entries/../000",
        "tile/0/000\n",
    ],
)
def test_other_paths_name_no_tile(path: str) -> None:
    assert Tile.parse(path) is None


def test_widths_of_the_specification_s_example() -> None:
    size = 70_000
    assert [available(size, 0, n) for n in (0, 272, 273, 274)] == [256, 256, 112, 0]
    assert [available(size, 1, n) for n in (0, 1, 2)] == [256, 17, 0]
    assert [available(size, 2, n) for n in (0, 1)] == [1, 0]
    assert [available(256, level, 0) for level in (0, 1, 2)] == [256, 1, 0]


def test_a_bundle_gives_each_leaf_its_length() -> None:
    assert entry_bundle([b"abc", b"", b"d" * 64]) == b"\x00\x03abc" + b"\x00\x00" + b"\x00\x40" + b"d" * 64
