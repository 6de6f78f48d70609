"""Signed notes after C2SP signed-note, with Ed25519 keys (signature type 0x01).

A note is a text that ends in a newline, an empty line, and signature lines `— <name> <base64(key id || signature)>`.
Keys are written as *vkey*: `<name>+<key id in hex>+<base64(0x01 || public key)>`.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from hub.crypto import signing

ED25519 = b"\x01"
MAX_SIGNATURES = 64
"""A verifier reads at most this many signature lines (the specification asks for 16 or more)."""

MAX_NOTE = 1 << 20
"""Characters of a note at most."""

_DASH = "\u2014 "
_NOT_TEXT = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
"""Control characters other than the newline, and halves of characters that have no UTF-8 form."""


class NoteError(Exception):
    """A note, key or checkpoint that is out of shape or not signed by the expected key. Says why, in English."""


class NoteSigner(Protocol):
    """What signs: an Ed25519 key (`hub.crypto.signing.Signer`)."""

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature (RFC 8032)."""


@dataclass(frozen=True)
class VerifierKey:
    """A named public key, as a verifier knows it."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that name this key in a signature line."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """The vkey text."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """The key of a vkey text; `NoteError` when it is no Ed25519 vkey or its parts contradict."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3 or not is_key_name(parts[0]):
            raise NoteError("not a vkey")
        raw = unbase64(parts[2])
        if len(raw) != 33 or raw[:1] != ED25519:
            raise NoteError("not an Ed25519 vkey")
        key = cls(parts[0], raw[1:])
        if key.key_id.hex() != parts[1]:
            raise NoteError("the key id of the vkey does not fit its key")
        return key


def is_key_name(name: str) -> bool:
    """Whether a key may have this name: not empty, no white space, no plus sign, no control character."""
    return bool(name) and "+" not in name and not any(each.isspace() or each < " " for each in name)


def unbase64(text: str) -> bytes:
    """Strict base64: one text for each sequence of bytes, so that nothing signed can be written in two ways."""
    try:
        raw = b64decode(text.encode("ascii"), validate=True)
    except (Base64Error, UnicodeEncodeError) as error:
        raise NoteError("not base64") from error
    if b64encode(raw).decode() != text:
        raise NoteError("not canonical base64")
    return raw


def signed(text: str, name: str, signer: NoteSigner) -> str:
    """The note of `text`, with one signature line of `signer` under `name`."""
    if not text.endswith("\n") or not is_key_name(name):
        raise ValueError("a note's text ends in a newline and its key has a name")
    key_id = VerifierKey(name, signer.public).key_id
    return f"{text}\n{_DASH}{name} {b64encode(key_id + signer.sign(text.encode())).decode()}\n"


def opened(note: str, key: VerifierKey) -> str:
    """The text of `note`, once `key` is shown to have signed it.

    Lines of other keys (witnesses) are ignored. `NoteError` when the note is out of shape, has no line of this key,
    or has one that does not verify.
    """
    text, lines = _split(note)
    ours = [raw for name, raw in lines if name == key.name and raw[:4] == key.key_id]
    if not ours:
        raise NoteError("the note carries no signature of this key")
    if not all(signing.verify(key.public, raw[4:], text.encode()) for raw in ours):
        raise NoteError("the signature does not verify")
    return text


def names_key(note: str, public: bytes) -> bool:
    """Whether a line of `note` says to be of the key `public`, under whatever name. `NoteError` for what is no note."""
    _, lines = _split(note)
    return any(raw[:4] == VerifierKey(name, public).key_id for name, raw in lines)


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    if len(note) > MAX_NOTE or _NOT_TEXT.search(note):
        raise NoteError("the note is too long or holds what is not text")
    text, gap, block = note.rpartition("\n\n")
    if not gap or not block.endswith("\n"):
        raise NoteError("the note has no signature lines")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError("the note has too many signatures")
    return text + "\n", [_signature_line(line) for line in lines]


def _signature_line(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    raw = unbase64(encoded)
    if not line.startswith(_DASH) or not is_key_name(name) or len(raw) < 5:
        raise NoteError("a signature line is out of shape")
    return name, raw
