"""A real server with the tenant of the interoperability tests: the law's policy and the tenant's stand side by side."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.api.authzen import TENANT
from tests.authzen import Sender
from tests.region import Line, Server, server

POLICY = Path(__file__).parent / "policy"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the test profile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUB_PROFILE", "test")
        patch.setenv("HUB_TEST_TENANT", str(POLICY))
        with server(tmp_path_factory.mktemp("interop")) as found:
            yield found


@pytest.fixture(scope="session")
def tenant(served: Server) -> Iterator[Sender]:
    """A partner's system that asks the tenant."""
    line = Line(served.base, served.home, "gemeente-noord")
    with line.http:
        yield Sender(line, f"/{TENANT}")
