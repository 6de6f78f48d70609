"""Random ids: they say nothing of what they name."""

import secrets


def new_id() -> str:
    """A fresh id: 32 hexadecimal characters, 128 random bits."""
    return secrets.token_hex(16)


def new_slot() -> int:
    """A fresh slot number of a sealed field: 62 random bits, above zero, so that it fits a signed 64-bit column."""
    return secrets.randbits(62) + 1
