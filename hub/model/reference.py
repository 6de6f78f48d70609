"""The reference that a partner itself uses for a person or case."""

import unicodedata
from typing import NewType

Reference = NewType("Reference", str)
"""A reference that was judged (hub.crypto.reference makes them): nothing else comes into the search index as one."""


def compared(text: str) -> str:
    """`text` as references are compared."""
    return unicodedata.normalize("NFC", text.strip())
