"""Published samples: only with the folder that `make conformance SAMPLES=…` names, and never skipped there."""

import os
from pathlib import Path

import pytest

FOLDER = os.environ.get("HUB_SAMPLES")

# Without the folder nothing is collected here: an ordinary run stands alone, and a run of these tests alone fails.
collect_ignore_glob = [] if FOLDER else ["test_*.py"]


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the published samples."""
    folder = Path(FOLDER or "")
    if not folder.is_dir():
        pytest.fail(f"no folder of samples: {FOLDER}", pytrace=False)
    return folder
