"""A store of its own on the PostgreSQL of the tests."""

from collections.abc import Iterator

import pytest

from hub.store.connecting import create_tables
from hub.store.tables import data, keys
from tests import servers


@pytest.fixture
def postgres_url(postgres_server: servers.Postgres) -> Iterator[str]:
    """A database with the tables of both stores."""
    name = postgres_server.create()
    create_tables(postgres_server.url(name), data)
    create_tables(postgres_server.url(name), keys)
    yield postgres_server.url(name)
    postgres_server.drop(name)
