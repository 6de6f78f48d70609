"""How far long tests go, and what tests of faults did: a few turns in `make test`, many in `make faults`.

This is the one place that reads `HUB_FAULTS` (`full`), `HUB_FAULTS_SEED`, and `HUB_FAULTS_PART`, the name of a part of a
full run.
"""

import os
import random
from typing import Any

FULL = os.environ.get("HUB_FAULTS") == "full"
SEED = int(os.environ.get("HUB_FAULTS_SEED", "9"))
PART = os.environ.get("HUB_FAULTS_PART", "part")
FIGURES: list[dict[str, Any]] = []
"""What each test told of its run; printed at the end, and written to var/faults-*.json by `make faults`."""


def times(few: int, many: int) -> int:
    """How often: `few` times in `make test`, `many` in `make faults`."""
    return many if FULL else few


def chance(what: str) -> random.Random:
    """A source of chance of its own for each test, the same in every run with the same seed."""
    return random.Random(f"{SEED} {what}")


def told(what: str, **figures: float) -> None:
    """Note what a test did, in numbers: shown at the end of the run."""
    FIGURES.append({"what": what, "seed": SEED, **figures})
