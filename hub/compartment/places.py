"""The places that ciphertexts of a casus are bound to: associated data, part by part.

A sealed value opens at one place only: its casus, compartment, field, level, slot and generation (and the version of
the envelope, which `hub.crypto.aead` adds).
"""

from collections.abc import Iterable
from functools import lru_cache
from struct import Struct

from hub.crypto.aead import associated, joined

Place = tuple[str, ...]

_NUMBERS = Struct(">QI")
_NUMBERS_JOINED = Struct(">IQI")
"""The same with its length in front."""

_named = lru_cache(maxsize=4096)(joined)
"""The fields of the catalogue and their levels are few, and come back in every casus."""


def own_key(casus: str, generation: int) -> Place:
    """The wrapped own key of a casus, under one generation of its casus key."""
    return ("own-key", casus, str(generation))


def directory(casus: str, version: int) -> Place:
    """The sealed directory of a casus."""
    return ("directory", casus, str(version))


def data_keys(casus: str, generation: int) -> Place:
    """The wrapped data keys of a casus, under one generation of its casus key."""
    return ("data-keys", casus, str(generation))


def values(casus: str, compartment: str) -> Place:
    """What the place of every sealed value of a compartment starts with."""
    return ("value", casus, compartment)


def values_joined(casus: str, compartments: Iterable[str]) -> dict[str, bytes]:
    """The same of each of some compartments, as associated data starts with it (`hub.crypto.aead.associated`)."""
    start = associated(("value", casus))
    return {compartment: start + joined((compartment,)) for compartment in compartments}


def value(field: str, level: str, slot: int, generation: int) -> tuple[str, str, bytes]:
    """The rest of the place of a sealed value. The numbers are one part, of 12 bytes."""
    return (field, level, _NUMBERS.pack(slot, generation))


def value_joined(field: str, level: str, slot: int, generation: int) -> bytes:
    """The same, joined: made for each value of each request."""
    return _named((field, level)) + _NUMBERS_JOINED.pack(_NUMBERS.size, slot, generation)
