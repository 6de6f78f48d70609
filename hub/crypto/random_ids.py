"""Random ids: they say nothing of what they name."""

import secrets
from hashlib import sha256


def new_id() -> str:
    """A fresh id: 32 hexadecimal characters, 128 random bits."""
    return secrets.token_hex(16)


def new_slot(casus: str) -> int:
    """A fresh slot number of a sealed field: 42 random bits, above zero, behind 20 bits that follow from the casus.

    So the values of one casus lie together in the table, and are read from a few pages instead of one each. Of whom
    they are stands in their rows anyway. It fits a signed 64-bit column.
    """
    shelf = int.from_bytes(sha256(casus.encode()).digest()[:8], "big") >> 44
    return (shelf << 42 | secrets.randbits(42)) + 1
