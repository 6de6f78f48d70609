"""The policy's own tables, as they stand in `policies/`."""

import json
from functools import cache
from typing import Any

from hub.pdp.bundle import default_directory
from tests.policy.reading.catalogue import FIELDS
from tests.policy.reading.purposes import ELIGIBLE

Row = dict[str, Any]
FOR_PEOPLE = {"versie", "goedgekeurd_door", "rac_ref", "geldig_vanaf"}
KINDS = sorted({kind for kind, _ in ELIGIBLE})
GROUPS = sorted({field.group for field in FIELDS.values()})


@cache
def table(name: str) -> Row:
    """A table of the policy, without what is said of its approval."""
    place = "catalog" if name == "catalog" else f"tables/{name}"
    content = json.loads((default_directory() / "hub" / place / "data.json").read_text(encoding="utf-8"))
    return {key: value for key, value in content.items() if key not in FOR_PEOPLE}
