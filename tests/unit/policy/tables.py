"""A copy of the tables of the law, to be changed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.pdp.bundle import default_directory

Change = Callable[[Any], object]


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A copy of the tables."""
    folder = tmp_path / "policies"
    shutil.copytree(default_directory(), folder, ignore=shutil.ignore_patterns("*.rego", "*.wasm", "*.sh"))
    return folder


def change_table(policies: Path, table: str, change: Change) -> None:
    """Do `change` to one table."""
    file = policies / "hub" / table / "data.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content), encoding="utf-8")
