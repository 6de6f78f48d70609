"""How far long tests go: enough in `make test`, many times that where `HUB_FAULTS` is `full`. This is the one place
that reads it."""

import os

FULL = os.environ.get("HUB_FAULTS") == "full"


def times(few: int, many: int) -> int:
    """How often: `few` times in `make test`, `many` in a full run."""
    return many if FULL else few
