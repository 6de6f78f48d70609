"""A policy that differs from the hub's own in its tables, for tests that try another one."""

import json
import shutil
from pathlib import Path
from typing import Any

from hub.pdp.bundle import default_directory

NEED = "hub/tables/need/data.json"


def other_policy(folder: Path, **levels: dict[str, str]) -> Path:
    """A copy of the policy in which purposes need other levels: `D02={"G01": "sam"}`."""
    made = folder / "ander-beleid"
    shutil.copytree(default_directory(), made, ignore=shutil.ignore_patterns("*_test.rego"))
    table: dict[str, Any] = json.loads((made / NEED).read_text())
    for purpose, groups in levels.items():
        table["levels"][purpose].update(groups)
    (made / NEED).write_text(json.dumps(table))
    return made
