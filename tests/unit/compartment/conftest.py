"""A casus with sealed content, over real stores."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.conftest import FixedClock
from tests.unit.compartment.sealed_casus import SealedCasus, sealed_casus


@pytest.fixture(scope="package")
def shared_url(postgres_server: servers.Postgres) -> Iterator[str]:
    """One PostgreSQL database for all these tests: making one takes seconds. Each test empties it."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def casus(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[SealedCasus]:
    """A casus with content of three sources."""
    url: str | None = request.getfixturevalue("shared_url") if request.param == "postgres" else None
    with sealed_casus(tmp_path, clock, url) as made:
        yield made
        if url:
            made.tamper("TRUNCATE casussen CASCADE")


@pytest.fixture
def file_casus(tmp_path: Path, clock: FixedClock) -> Iterator[SealedCasus]:
    """The same, on SQLite alone: for what is about its files."""
    with sealed_casus(tmp_path, clock) as made:
        yield made
