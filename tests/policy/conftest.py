"""Whatever a test of the policy asks is asked of both runtimes, and has to be the same to the byte (law 8)."""

import os
from collections.abc import Iterator

import pytest

from tests import servers


@pytest.fixture(scope="session", autouse=True)
def _beside(request: pytest.FixtureRequest) -> Iterator[None]:
    """An OPA server beside the embedded engine; where there is no OPA, the embedded engine alone, but not in CI."""
    try:
        servers.opa_program()
    except servers.MissingProgram:
        if not os.environ.get("CI"):
            yield
            return
    request.getfixturevalue("runtimes")
    yield
