"""The file of a store: gone, another or cut is noticed, and growing is none of these."""

import os
from pathlib import Path

import pytest

from hub.store.file import StoreFile


def test_who_saw_it_before_it_grew_does_not_take_it_for_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread looks, and before it compares the file grows and another thread has looked too."""
    path = tmp_path / "hub.db"
    path.write_bytes(b"1")
    file, look = StoreFile(f"sqlite:///{path}"), os.stat

    def slow(name: str) -> os.stat_result:
        monkeypatch.setattr(os, "stat", look)
        found = look(name)
        path.write_bytes(b"22")
        assert file.stands()
        return found

    monkeypatch.setattr(os, "stat", slow)
    assert file.stands()
    path.write_bytes(b"1")
    assert not file.stands()
