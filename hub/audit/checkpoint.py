"""Checkpoints after C2SP tlog-checkpoint: the size and root of the log at one moment, as a signed note."""

import re
from base64 import b64encode
from dataclasses import dataclass

from hub.audit.note import NoteError, NoteSigner, VerifierKey, opened, signed, unbase64
from hub.audit.tree import HASH_SIZE

MAX_SIZE = 2**63 - 1
"""Leaves at most: what the database counts to."""

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """What a log says it is: `origin` names the log, `size` counts its leaves, `root` is the hash over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    def signed_by(self, signer: NoteSigner) -> str:
        """The checkpoint as a note; the key carries the name of the log."""
        return signed(self.text(), self.origin, signer)


def number(text: str) -> int:
    """A count or index in decimal, without leading zeroes, up to `MAX_SIZE`."""
    if not _NUMBER.fullmatch(text) or int(text) > MAX_SIZE:
        raise NoteError("not a number of a log")
    return int(text)


def parse_text(text: str) -> Checkpoint:
    """The checkpoint in a note's text. Extension lines are refused: this log writes none, and nobody audits them."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise NoteError("not a checkpoint")
    root = unbase64(lines[2])
    if len(root) != HASH_SIZE:
        raise NoteError("the root is not a SHA-256 hash")
    return Checkpoint(lines[0], number(lines[1]), root)


def opened_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint that `key` signed, of the log with the name of the key; else `NoteError`."""
    checkpoint = parse_text(opened(note, key))
    if checkpoint.origin != key.name:
        raise NoteError("the checkpoint is of another log")
    return checkpoint
