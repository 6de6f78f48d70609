"""Receipts: the proof of one entry in C2SP tlog-proof form, and the file that a partner keeps.

The file is JSON with four texts: `bewijs` (the tlog-proof), `verteld` (canonical JSON of what was told), `zout` (its
salt, hex) and `intern` (the salted hash of the internal part, hex). `verteld`, `zout` and `intern` make up the leaf,
the proof ties it to a signed checkpoint: nothing else is needed, and nothing of the internal part is in it. The number
of the entry (`volgnummer`), which an answer of the hub adds, may stand beside them; it must be that of the proof.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from hub.audit.checkpoint import number
from hub.audit.note import NoteError, unbase64
from hub.audit.tree import HASH_SIZE
from hub.model.release import Receipt
from hub.model.strict_json import distinct_keys

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF = 63
"""Hashes in an inclusion proof at most (RFC 6962 trees of up to 2**63 leaves)."""

_KEYS = {"bewijs", "verteld", "zout", "intern"}
_INDEX = "volgnummer"


@dataclass(frozen=True)
class Proof:
    """A tlog-proof, parsed. `extra` is the leaf that the log added for tools without the rest of the receipt."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None


def proof_text(index: int, leaf: bytes, hashes: Sequence[bytes], checkpoint: str) -> str:
    """The tlog-proof of the leaf at `index` under the signed `checkpoint`, with the leaf as extra content."""
    lines = [HEADER, f"extra {b64encode(leaf).decode()}", f"index {index}"]
    lines += [b64encode(each).decode() for each in hashes]
    return "\n".join(lines) + "\n\n" + checkpoint


def parse_proof(text: str) -> Proof:
    """The parts of a tlog-proof; `NoteError` when it is out of shape. Nothing is verified yet."""
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != HEADER:
        raise NoteError("not a tlog-proof")
    extra = unbase64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise NoteError("the proof names no index")
    return Proof(number(lines[0][6:]), parse_hashes(lines[1:]), checkpoint, extra)


def parse_hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    """The hashes of a proof, one a line in base64."""
    hashes = tuple(unbase64(line) for line in lines)
    if len(hashes) > MAX_PROOF or any(len(each) != HASH_SIZE for each in hashes):
        raise NoteError("not the hashes of a proof")
    return hashes


def receipt_document(receipt: Receipt) -> dict[str, str]:
    """The receipt as the object of its file."""
    return {
        "bewijs": receipt.proof,
        "verteld": receipt.told,
        "zout": receipt.salt,
        "intern": receipt.internal_hash,
    }


def parse_receipt(text: str) -> Receipt:
    """The receipt in a file's text; `NoteError` when it is not one. Nothing is verified yet."""
    try:
        document = json.loads(text, object_pairs_hook=distinct_keys)
    except (ValueError, RecursionError) as error:
        raise NoteError("not JSON") from error
    if not isinstance(document, dict) or set(document) - {_INDEX} != _KEYS:
        raise NoteError("not a receipt")
    if not all(isinstance(document[key], str) for key in _KEYS):
        raise NoteError("a receipt holds texts")
    proof = parse_proof(document["bewijs"])
    named = document.get(_INDEX, proof.index)
    if type(named) is not int or named != proof.index:
        raise NoteError("the receipt is of another entry")
    return Receipt(proof.index, document["bewijs"], document["verteld"], document["zout"], document["intern"])


def parse_told(text: str) -> dict[str, object]:
    """The told document in its canonical text, each key once; `NoteError` otherwise."""
    try:
        document = json.loads(text, object_pairs_hook=distinct_keys)
    except (ValueError, RecursionError) as error:
        raise NoteError("what was told is not JSON") from error
    if not isinstance(document, dict):
        raise NoteError("what was told is not an object")
    return document
