"""Entries as leaves of the log: canonical bytes, salted hashes, and the readable parts sealed under the log key.

A leaf is 64 bytes: the salted hash of what the asker was told, then the salted hash of the internal part. Each part has
a random salt of its own, so that a leaf tells nothing to who guesses at its content, and neither half opens the other.
The salts lie with the readable parts, under the log key: with that key destroyed a leaf is a random number that still
has its place in the tree.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import orjson

from hub.crypto import aead
from hub.errors import Sealed
from hub.model.instant import to_text
from hub.model.release import Entry
from hub.store.log import StoredEntry

SALT_SIZE = 32
KIND, AT = "soort", "tijdstip"
"""Keys of the told part that the log itself fills in: the kind of the entry and its instant."""

_TOLD, _INTERNAL = b"hub log told 1\n", b"hub log internal 1\n"


def told_hash(salt: bytes, told: bytes) -> bytes:
    """The salted hash of the canonical bytes of what was told."""
    return sha256(_TOLD + salt + told).digest()


def internal_hash(salt: bytes, internal: bytes) -> bytes:
    """The salted hash of the canonical bytes of the internal part."""
    return sha256(_INTERNAL + salt + internal).digest()


@dataclass(frozen=True)
class Leaf:
    """An entry made ready for the tree: canonical bytes and salts of both parts, and the pair of their hashes."""

    kind: str
    at: str
    log_key: str
    told: bytes
    told_salt: bytes
    internal: bytes
    internal_salt: bytes
    pair: bytes

    def sealed(self, idx: int, log_key: str, box: aead.Box) -> StoredEntry:
        """The row of this leaf at `idx`, its readable parts sealed in `box`, the key of which is named `log_key`."""
        told, internal = (
            box.seal(plain, _place(part, self.kind, self.at, log_key, self.pair))
            for part, plain in (("told", self.told_salt + self.told), ("internal", self.internal_salt + self.internal))
        )
        return StoredEntry(idx, self.kind, self.at, log_key, self.pair, told, internal)


def _place(part: str, kind: str, at: str, log_key: str, pair: bytes) -> tuple[str | bytes, ...]:
    # The columns in the clear are bound too: a row with another kind, instant or key name does not open.
    return ("log", part, kind, at, log_key, pair)


def leaf_of(entry: Entry, salt: Callable[[int], bytes] = token_bytes) -> Leaf:
    """The leaf of `entry`. The told part is given the entry's kind and instant (`KIND`, `AT`).

    Raises `ValueError` when `told` already says another kind or instant, or holds what has no canonical form.
    """
    at = to_text(entry.at)
    told = _canonical(_with_frame(entry.told, {KIND: entry.kind, AT: at}))
    internal = _canonical(entry.internal)
    told_salt, internal_salt = salt(SALT_SIZE), salt(SALT_SIZE)
    pair = told_hash(told_salt, told) + internal_hash(internal_salt, internal)
    return Leaf(entry.kind, at, entry.log_key, told, told_salt, internal, internal_salt, pair)


def _canonical(part: Mapping[str, Any]) -> bytes:
    """The bytes of `canonical_json`, by a faster encoder; a test holds the two together."""
    try:
        return orjson.dumps(part, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise ValueError("this has no canonical form") from error


def _with_frame(told: Mapping[str, Any], frame: dict[str, str]) -> dict[str, Any]:
    if any(told.get(key, value) != value for key, value in frame.items()):
        raise ValueError("an entry's told part contradicts its kind or instant")
    return {**told, **frame}


@dataclass(frozen=True)
class Opened:
    """The readable parts of an entry: canonical bytes, and the salts that tie them to the leaf."""

    told: bytes
    told_salt: bytes
    internal: bytes
    internal_salt: bytes

    def documents(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Both parts as documents: told, internal."""
        return json.loads(self.told), json.loads(self.internal)


def opened(row: StoredEntry, key: bytes) -> Opened:
    """The readable parts of a row. `Sealed` when they do not open or are not what the leaf was made of."""
    told, internal = (
        aead.open_(key, sealed, _place(part, row.kind, row.at, row.log_key, row.pair))
        for part, sealed in (("told", row.told), ("internal", row.internal))
    )
    found = Opened(told[SALT_SIZE:], told[:SALT_SIZE], internal[SALT_SIZE:], internal[:SALT_SIZE])
    if told_hash(found.told_salt, found.told) + internal_hash(found.internal_salt, found.internal) != row.pair:
        raise Sealed
    return found
