"""What tests of this room share that time a parser."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture
def little_garbage() -> Iterator[None]:
    """What other tests left behind is not walked over by the collector while one document is timed."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
