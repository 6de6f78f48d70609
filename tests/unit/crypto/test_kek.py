"""KEK files: what is refused, and why."""

import os
from pathlib import Path

import pytest

from hub.crypto.kek import FileKeks, RawKek, weakness
from hub.errors import Sealed, WeakConfiguration

GOOD = bytes.fromhex("8f1d3c5b7a9900e2416fd8b3c77e15a09b2c64f0de883317ca05be49716fa2d4")


@pytest.fixture
def keks(tmp_path: Path) -> FileKeks:
    """KEKs in an empty directory."""
    (tmp_path / "keys").mkdir(mode=0o700)
    return FileKeks(tmp_path / "keys")


def _written(keks: FileKeks, content: bytes, mode: int = 0o600) -> Path:
    path = keks.path("a")
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_new_kek_is_a_private_file_that_stays(keks: FileKeks) -> None:
    blob = keks.create("a").wrap(b"k" * 32, ("x",))
    assert keks.path("a").stat().st_mode & 0o777 == 0o600
    assert len(keks.path("a").read_bytes()) == 32
    assert keks.create("a").unwrap(blob, ("x",)) == b"k" * 32
    assert [path.name for path in keks.path("a").parent.iterdir()] == ["kek-a.key"]


def test_wrapping_is_bound_to_place_and_key(keks: FileKeks) -> None:
    blob = keks.create("a").wrap(b"k" * 32, ("x",))
    with pytest.raises(Sealed):
        keks.of("a").unwrap(blob, ("y",))
    with pytest.raises(Sealed):
        keks.create("b").unwrap(blob, ("x",))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "heeft 0 bytes"),
        (GOOD[:31], "heeft 31 bytes"),
        (GOOD + b"\n", "heeft 33 bytes"),
        (bytes(32), "herhaalde byte"),
        (b"\xff" * 32, "herhaalde byte"),
        (bytes(range(32)), "niet willekeurig"),
        (bytes(range(64, 0, -2)), "niet willekeurig"),
        (GOOD[:16] * 2, "niet willekeurig"),
        (GOOD[:8] * 4, "niet willekeurig"),
        (b"Welkom2027!Welkom2028?Geheim&xyz", "is tekst"),
        (GOOD.hex()[:32].encode(), "niet willekeurig|is tekst"),
    ],
)
def test_a_weak_key_is_refused(keks: FileKeks, content: bytes, reason: str) -> None:
    _written(keks, content)
    with pytest.raises(WeakConfiguration, match=reason):
        keks.of("a")
    assert weakness(GOOD) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o610, 0o601])
def test_a_key_file_that_others_can_reach_is_refused(keks: FileKeks, mode: int) -> None:
    _written(keks, GOOD, mode)
    with pytest.raises(WeakConfiguration, match="leesbaar voor anderen"):
        keks.of("a")


def test_a_directory_that_others_can_write_is_refused(keks: FileKeks) -> None:
    path = _written(keks, GOOD)
    path.parent.chmod(0o770)
    with pytest.raises(WeakConfiguration, match="map waarin anderen"):
        keks.of("a")


def test_a_missing_file_a_link_and_a_directory_are_refused(keks: FileKeks, tmp_path: Path) -> None:
    with pytest.raises(WeakConfiguration, match="niet te lezen"):
        keks.of("a")
    (tmp_path / "elsewhere").write_bytes(GOOD)
    (tmp_path / "elsewhere").chmod(0o600)
    keks.path("a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WeakConfiguration, match="niet te lezen"):
        keks.of("a")
    keks.path("b").mkdir()
    with pytest.raises(WeakConfiguration, match="niet te lezen"):
        keks.of("b")
    os.mkfifo(keks.path("c"), 0o600)
    with pytest.raises(WeakConfiguration, match="geen gewoon bestand"):
        keks.of("c")


def test_another_owner_is_refused(keks: FileKeks) -> None:
    path = _written(keks, GOOD)
    if os.geteuid() != 0:
        pytest.skip("only root can give a file to another")
    os.chown(path, 12345, 12345)
    with pytest.raises(WeakConfiguration, match="andere gebruiker"):
        keks.of("a")


@pytest.mark.parametrize("ref", ["", "A", "../a", "a/b", "a.b", "x" * 33, "-a"])
def test_a_ref_is_a_plain_name(keks: FileKeks, ref: str) -> None:
    with pytest.raises(WeakConfiguration):
        keks.path(ref)
    with pytest.raises(WeakConfiguration):
        RawKek(ref, GOOD)
