"""The places that ciphertexts of a casus are bound to: associated data, part by part.

A sealed value opens at one place only: its casus, compartment, field, level, slot and generation (and the version of
the envelope, which `hub.crypto.aead` adds).
"""

from functools import lru_cache

from hub.crypto.aead import joined

Place = tuple[str, ...]

_named = lru_cache(maxsize=4096)(joined)
"""The fields of the catalogue and their levels are few, and come back in every casus."""


def own_key(casus: str, generation: int) -> Place:
    """The wrapped own key of a casus, under one generation of its casus key."""
    return ("own-key", casus, str(generation))


def directory(casus: str, version: int) -> Place:
    """The sealed directory of a casus."""
    return ("directory", casus, str(version))


def data_key(casus: str, compartment: str, version: int) -> Place:
    """The wrapped data key of a compartment."""
    return ("data-key", casus, compartment, str(version))


def values(casus: str, compartment: str) -> Place:
    """What the place of every sealed value of a compartment starts with."""
    return ("value", casus, compartment)


def value(field: str, level: str, slot: int, generation: int) -> Place:
    """The rest of the place of a sealed value."""
    return (field, level, str(slot), str(generation))


def value_joined(field: str, level: str, slot: int, generation: int) -> bytes:
    """The same, joined: made for each value of each request."""
    return _named((field, level)) + joined((str(slot), str(generation)))
