"""The one envelope of the hub: AES-256-GCM (NIST SP 800-38D) with a version byte in front.

    envelope = version (1 byte) | nonce (12 bytes, random) | ciphertext and tag (16 bytes)

The associated data binds an envelope to its place: the version byte, then every part with its length in front, so that
no two lists of parts give the same bytes. A key seals far fewer than 2**32 messages (each compartment has its own), so
random nonces stay within the bound of SP 800-38D section 8.3.
"""

import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.errors import Sealed

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
OVERHEAD = 1 + NONCE_BYTES + TAG_BYTES

_VERSION_BYTE = bytes([VERSION])
_BODY = 1 + NONCE_BYTES
_LENGTHS = tuple(length.to_bytes(4, "big") for length in range(256))

Part = bytes | str
"""One part of the associated data; text counts as its UTF-8 bytes."""


def new_key() -> bytes:
    """A fresh random key of 32 bytes."""
    return secrets.token_bytes(KEY_BYTES)


def associated(aad: tuple[Part, ...]) -> bytes:
    """The associated data of `aad`: the version byte and every part with its length (4 bytes, big endian) in front."""
    return _VERSION_BYTE + joined(aad)


def joined(aad: tuple[Part, ...]) -> bytes:
    """Every part with its length in front; of two lists of parts, joined one after the other is joined as one."""
    pieces: list[bytes] = []
    for part in aad:
        raw = part.encode() if isinstance(part, str) else part
        length = len(raw)
        pieces += (_LENGTHS[length] if length < 256 else length.to_bytes(4, "big")), raw
    return b"".join(pieces)


Envelope = tuple[bytes, bytes, bytes]
"""Something sealed, ready to be opened as often as it is asked for: its key, the envelope, and what it is bound to
(`associated`). A plain tuple, for a request makes many of them; and the key itself, for a cipher takes 2.4 KB."""


def opened(envelope: Envelope | None) -> bytes:
    """What was sealed. Raises `Sealed` for another key, place or version, for a changed or cut envelope, and for none."""
    (text,) = opened_each((envelope,))
    if text is None:
        raise Sealed
    return text


def opened_each(envelopes: Iterable[Envelope | None]) -> list[bytes | None]:
    """What was sealed in each; None where there is none, and where it does not open."""
    ciphers: dict[bytes, AESGCM] = {}
    found: list[bytes | None] = []
    for envelope in envelopes:
        if envelope is None:
            found.append(None)
            continue
        key, sealed, bound = envelope
        cipher = ciphers.get(key) or ciphers.setdefault(key, _cipher_of(key))
        found.append(_decrypted(cipher, sealed, bound))
    return found


def _decrypted(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes | None:
    if len(sealed) < OVERHEAD or sealed[0] != VERSION:
        return None
    try:
        return cipher.decrypt(sealed[1:_BODY], sealed[_BODY:], bound)
    except InvalidTag:
        return None


def _cipher_of(key: bytes) -> AESGCM:
    # AES-GCM takes 16 and 24 bytes too: the hub has one strength only.
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return AESGCM(key)


class Box:
    """One key, ready to seal and open many times. `key`: 32 bytes; `at`: what all associated data starts with (`joined`)."""

    __slots__ = ("_at", "_cipher")

    def __init__(self, key: bytes, at: bytes = b"") -> None:
        self._cipher = _cipher_of(key)
        self._at = _VERSION_BYTE + at

    def seal(self, plaintext: bytes, aad: tuple[Part, ...]) -> bytes:
        """`plaintext` sealed, to be opened only with the same key and `aad`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return _VERSION_BYTE + nonce + self._cipher.encrypt(nonce, plaintext, self._at + joined(aad))

    def open(self, sealed: bytes, aad: tuple[Part, ...]) -> bytes:
        """What was sealed. Raises `Sealed` for another key, place or version, and for a changed or cut envelope."""
        text = _decrypted(self._cipher, sealed, self._at + joined(aad))
        if text is None:
            raise Sealed
        return text


def seal(key: bytes, plaintext: bytes, aad: tuple[Part, ...]) -> bytes:
    """`plaintext` sealed under `key` (32 bytes), to be opened only with the same `aad`."""
    return Box(key).seal(plaintext, aad)


def open_(key: bytes, sealed: bytes, aad: tuple[Part, ...]) -> bytes:
    """What was sealed under `key`. Raises `Sealed` for another key, place or version, or a changed or cut envelope."""
    return Box(key).open(sealed, aad)
