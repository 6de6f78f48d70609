"""A hub of today, whose home is named to the command line."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.wiring import utc_now
from tests.region import Clock, World, opened, settings_of, template_of_today


def home_at_hand(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a region of today, named to the command line."""
    home = folder / "home"
    shutil.copytree(template_of_today().home, home)
    monkeypatch.setenv("HUB_HOME", str(home))
    return home


@contextmanager
def region_at_hand(folder: Path, monkeypatch: pytest.MonkeyPatch, *, caches: bool = True) -> Iterator[World]:
    """A hub at work on such a home."""
    home = home_at_hand(folder, monkeypatch)
    with opened(settings_of(home, caches=caches), template_of_today().names, Clock(utc_now())) as found:
        yield found
