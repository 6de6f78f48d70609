"""Canonical facts in two halves: what all looks of one reader at one state of a casus share, and the question.

The first half is large and kept once; the second is small and stands in the entry of each request. Together they are the
document that was decided on, so that it can be decided on again under another policy.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from hub.pdp.canonical import canonical_bytes
from hub.pdp.contract import Facts
from hub.pdp.packing import Rows

_SHARED: Final = ("casus", "consents", "emergency", "legal_bases", "partner", "rows", "secrecy_exceptions")


def shared_half(facts: Facts) -> bytes:
    """Of canonical facts what does not differ from question to question: JSON, the same bytes for the same facts."""
    return canonical_bytes({key: facts[key] for key in _SHARED})


def opened_half(shared: bytes) -> dict[str, Any]:
    """The first half, to be `reunited` with as many questions as there are. Raises ValueError, KeyError or TypeError for
    what is none."""
    half: dict[str, Any] = orjson.loads(shared)
    half["records"] = Rows(half.pop("rows"))
    # What `canonical` derives it derives again.
    for consent in half["consents"]:
        del consent["expires_at"]
    if half["emergency"] is not None:
        del half["emergency"]["ends_at"]
    return half


def reunited(half: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any]:
    """The document of the decision contract of both halves, for `canonical`, which leaves the half as it is.

    `question`: `at`, `action`, `started_by`, `purpose`, `requested` and `user`.
    """
    return {**half, **question}
