"""Canonical JSON bytes after RFC 8785 (JCS), for what the hub signs, hashes and compares.

The hub's own documents hold only objects with ASCII keys, lists, text, whole numbers, booleans and null. For these the
standard encoder, sorted and without white space, gives the bytes of RFC 8785; a property test holds the two together.
"""

import json
from collections.abc import Mapping, Sequence

JSON = None | bool | int | str | Sequence["JSON"] | Mapping[str, "JSON"]
"""What a canonical document may hold: no fractions."""

_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)


def canonical_json(value: JSON) -> bytes:
    """The RFC 8785 bytes of `value` (object keys in ASCII, whole numbers within 2**53, no fractions)."""
    return _ENCODER.encode(value).encode()
