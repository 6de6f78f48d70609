"""Canonical facts in two halves: what all looks of one reader at one state of a casus share, and the question.

The first half is large and kept once; the second is small and stands in the entry of each request. Together they are the
document that was decided on, so that it can be decided on again under another policy.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from hub.pdp.canonical import Facts
from hub.pdp.packing import Rows

_SHARED: Final = ("casus", "consents", "emergency", "legal_bases", "partner", "rows", "secrecy_exceptions")


def shared_half(facts: Facts) -> bytes:
    """Of canonical facts what does not differ from question to question: JSON, the same bytes for the same facts."""
    return orjson.dumps({key: facts[key] for key in _SHARED}, option=orjson.OPT_SORT_KEYS)


def reunited(shared: bytes, question: Mapping[str, Any]) -> dict[str, Any]:
    """The document of the decision contract of both halves, for `canonical`, which derives again what it derives.

    `question`: `at`, `action`, `started_by`, `purpose`, `requested` and `user`. Raises ValueError or KeyError for what is
    no first half.
    """
    half = orjson.loads(shared)
    document = {**half, **question, "records": Rows(half["rows"])}
    del document["rows"]
    for consent in document["consents"]:
        del consent["expires_at"]
    if document["emergency"] is not None:
        del document["emergency"]["ends_at"]
    return document
