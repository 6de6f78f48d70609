"""One object for texts that are equal, among so many: what is remembered holds each of them once."""

from functools import lru_cache

shared = lru_cache(maxsize=4_096)(str)
"""The same text, as an object that others hold too. Not `sys.intern`: callers bring texts of their own, and some
interpreters (3.12) let go of none that was interned."""
