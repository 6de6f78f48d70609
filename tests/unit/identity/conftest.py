"""A region of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.identity.world import Region, region_at


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    """A fresh region on SQLite."""
    with region_at(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as made:
        yield made
