"""Key-encryption keys: the one key outside the hub's databases, under which all wrapped keys stand.

A KEK has a `ref`; during a rotation the old and the new one are both openable. `FileKeks` is the embedded default
(refused in the production profile); `hub.crypto.pkcs11_kek` keeps the key inside a token.
"""

import os
import re
from collections.abc import Hashable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from hub.crypto.aead import KEY_BYTES, Box, Part, new_key
from hub.crypto.private_file import read_private, write_private
from hub.errors import WeakConfiguration

_REF = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

MIN_DISTINCT = 16
"""Distinct byte values that a key shows at least; 32 random bytes show fewer once in more than 10**12 keys."""


class Kek(Protocol):
    """A key-encryption key. Wrapping is bound to `aad`."""

    @property
    def ref(self) -> str:
        """The name of this key, kept beside what it wraps."""

    def wrap(self, key: bytes, aad: tuple[Part, ...]) -> bytes:
        """`key` wrapped. Raises `KeysUnavailable` when the key does not answer."""

    def unwrap(self, blob: bytes, aad: tuple[Part, ...]) -> bytes:
        """The key in `blob`. Raises `Sealed` when it does not open, `KeysUnavailable` when the key does not answer."""


class Keks(Protocol):
    """Where the key-encryption keys are, by their ref."""

    def of(self, ref: str) -> Kek:
        """The KEK called `ref`. Raises `WeakConfiguration` (with the reason) when it is missing or may not be used."""

    def create(self, ref: str) -> Kek:
        """A new random KEK called `ref`; the existing one when it is there already."""

    def mark(self, ref: str) -> Hashable:
        """What shows that the KEK called `ref` is not what it was when this moves; cheap. `None` when it is gone."""


class RawKek:
    """A KEK whose 32 bytes are in memory."""

    def __init__(self, ref: str, key: bytes) -> None:
        weak = weakness(key)
        if weak:
            raise WeakConfiguration([f"De hoofdsleutel {ref} {weak}."])
        self.ref = checked_ref(ref)
        self._box = Box(key)

    def wrap(self, key: bytes, aad: tuple[Part, ...]) -> bytes:
        """See `Kek`."""
        return self._box.seal(key, aad)

    def unwrap(self, blob: bytes, aad: tuple[Part, ...]) -> bytes:
        """See `Kek`."""
        return self._box.open(blob, aad)


class FileKeks:
    """KEKs as files `kek-<ref>.key` of 32 raw bytes in `directory`, which only their owner can read."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, ref: str) -> Path:
        """The file of the KEK `ref`."""
        return self._directory / f"kek-{checked_ref(ref)}.key"

    def of(self, ref: str) -> RawKek:
        """See `Keks`. Refused: a file that others can read or replace, and a key that is not 32 random bytes."""
        return RawKek(ref, read_private(self.path(ref), KEY_BYTES + 1))

    def create(self, ref: str) -> RawKek:
        """See `Keks`."""
        with suppress(FileExistsError):
            write_private(self.path(ref), new_key())
        return self.of(ref)

    def mark(self, ref: str) -> Hashable:
        """See `Keks`. A file that was written, replaced or opened to others since has another mark."""
        try:
            found = os.stat(f"{self._directory}/kek-{ref}.key", follow_symlinks=False)  # noqa: PTH116 - at each request
        except OSError:
            return None
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def checked_ref(ref: str) -> str:
    """`ref` when it is the name of a KEK (lower case, digits, hyphens, 32 at most), else `WeakConfiguration`."""
    if not _REF.fullmatch(ref):
        raise WeakConfiguration(["De naam van de hoofdsleutel klopt niet: kleine letters, cijfers en streepjes."])
    return ref


def weakness(key: bytes) -> str | None:
    """Why `key` is no random key of 32 bytes, as the end of a Dutch sentence; `None` when nothing is wrong with it."""
    if len(key) != KEY_BYTES:
        return f"heeft {len(key)} bytes, dat moeten er {KEY_BYTES} zijn"
    if len(set(key)) == 1:
        return "bestaat uit één herhaalde byte"
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    if len(steps) == 1 or len(set(key)) < MIN_DISTINCT or key[:16] == key[16:]:
        return "is niet willekeurig genoeg"
    if all(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in key):
        return "is tekst en geen willekeurige sleutel"
    return None
