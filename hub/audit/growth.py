"""Proof that the log only grew, in the form that C2SP tlog-witness takes at `add-checkpoint`.

`old <size>`, the consistency proof with a hash a line, an empty line, the newer checkpoint.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from hub.audit.checkpoint import number
from hub.audit.note import NoteError
from hub.audit.receipt import parse_hashes


@dataclass(frozen=True)
class Growth:
    """A consistency proof from `old` leaves to those of `checkpoint` (a note, not verified yet)."""

    old: int
    hashes: tuple[bytes, ...]
    checkpoint: str


def growth_text(old: int, hashes: Sequence[bytes], checkpoint: str) -> str:
    """The text of a growth proof."""
    return "\n".join([f"old {old}", *(b64encode(each).decode() for each in hashes)]) + "\n\n" + checkpoint


def parse_growth(text: str) -> Growth:
    """The parts of a growth proof; `NoteError` when it is out of shape."""
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or not lines[0].startswith("old "):
        raise NoteError("not a proof of growth")
    return Growth(number(lines[0][4:]), parse_hashes(lines[1:]), checkpoint)
