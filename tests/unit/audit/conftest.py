"""A log in a new store, on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.audit.world import World, world_at


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'hub.db'}"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    with world_at(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return found
