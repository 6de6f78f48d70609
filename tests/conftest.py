"""Fixtures for every test: a clock that stands still, and real servers.

A server that is missing skips the test and says how to get it; where CI is set, it fails the test.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import hypothesis
import pytest

from hub.pdp.bundle import default_directory, read_bundle, server_bundle
from tests import servers
from tests.policy.engine import engine
from tests.policy.runtimes import Runtimes, serving

# A busy machine makes drawing examples slow; that says nothing of the code. What is asserted stays the same.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


@dataclass
class FixedClock:
    """A clock that moves when the test says so."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **duration: float) -> datetime:
        """On by `timedelta(**duration)`; the new instant."""
        self.at += timedelta(**duration)
        return self.at


@pytest.fixture
def clock() -> FixedClock:
    """Sunday 10 January 2027, 11:00 UTC: no test knows today's date."""
    return FixedClock(datetime(2027, 1, 10, 11, tzinfo=UTC))


def absent(reason: servers.MissingProgram) -> NoReturn:
    """Skips, but never in CI."""
    if os.environ.get("CI"):
        pytest.fail(str(reason), pytrace=False)
    pytest.skip(str(reason))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Postgres]:
    """One real PostgreSQL server for the whole run."""
    try:
        servers.postgres_programs()
    except servers.MissingProgram as missing:
        absent(missing)
    with servers.postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: servers.Postgres) -> Iterator[str]:
    """The address of an empty PostgreSQL database that only this test uses."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def opa_server() -> Iterator[servers.OpaServer]:
    """One OPA server for the whole run, with the hub's own policy."""
    try:
        servers.opa_program()
    except servers.MissingProgram as missing:
        absent(missing)
    with servers.opa(server_bundle(read_bundle(default_directory()))) as server:
        yield server


@pytest.fixture(scope="session")
def runtimes() -> Iterator[Runtimes]:
    """The policy in both runtimes: from here on `tests.policy.engine` asks an OPA server too."""
    both = engine()
    try:
        servers.opa_program()
    except servers.MissingProgram as missing:
        absent(missing)
    with serving() as both.server:
        yield both
    both.server = None
