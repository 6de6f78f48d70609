"""Verification without the hub: what a receipt proves, from its file and the public key of the log alone.

A failure is a value with a code and a Dutch sentence: whoever holds a receipt that does not verify should know which
part of it does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.audit.checkpoint import Checkpoint, opened_checkpoint
from hub.audit.entry import AT, KIND, SALT_SIZE, told_hash
from hub.audit.growth import Growth, parse_growth
from hub.audit.note import NoteError, VerifierKey
from hub.audit.receipt import parse_proof, parse_receipt, parse_told
from hub.audit.tree import HASH_SIZE, extends, includes, leaf_hash
from hub.model.canonical import canonical_json
from hub.model.release import Receipt


@dataclass(frozen=True)
class Failure:
    """Why nothing is proven. `code` is stable; `sentence` is Dutch; `detail` says in English what was out of shape."""

    code: str
    sentence: str
    detail: str = ""


@dataclass(frozen=True)
class Proven:
    """What a receipt proves: the log at `checkpoint` held, at `index`, that this document was told."""

    index: int
    checkpoint: Checkpoint
    told: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The kind of the entry."""
        return str(self.told[KIND])

    @property
    def at(self) -> str:
        """The instant of the entry, UTC text."""
        return str(self.told[AT])


def _failure(code: str, error: NoteError | None = None) -> Failure:
    return Failure(code, SENTENCES[code], str(error) if error else "")


SENTENCES = {
    "geen-bewijs": "Dit bestand is geen ontvangstbewijs van de hub.",
    "handtekening": "De handtekening onder het bewijs is niet van dit logboek.",
    "inhoud": "Wat er in het bewijs staat, past niet bij de regel in het logboek.",
    "plaats": "De regel staat niet in het logboek waar het bewijs naar wijst.",
    "stand": "Dit is geen stand van dit logboek.",
    "groei": "Het bewijs van groei klopt niet: het logboek is niet alleen gegroeid.",
    "geen-groei": "De twee standen zijn niet even groot. Vraag een bewijs van groei (--groei).",
}
"""What each failure means, in Dutch."""


def verify_receipt(text: str, key: VerifierKey) -> Proven | Failure:
    """What the receipt file `text` proves under the log's public `key`."""
    # (1) Shape: one reading only.
    try:
        receipt = parse_receipt(text)
        proof = parse_proof(receipt.proof)
        told = parse_told(receipt.told)
        leaf = _leaf(receipt, told)
    except NoteError as error:
        return _failure("geen-bewijs", error)
    # (2) Signature: the checkpoint is of this log.
    try:
        checkpoint = opened_checkpoint(proof.checkpoint, key)
    except NoteError as error:
        return _failure("handtekening", error)
    # (3) Content: the leaf that the log named for other tools is the leaf of what was told.
    if proof.extra is not None and proof.extra != leaf:
        return _failure("inhoud")
    # (4) Place: the leaf is in the tree of the checkpoint.
    if not includes(leaf_hash(leaf), proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        return _failure("plaats")
    return Proven(proof.index, checkpoint, told)


def _leaf(receipt: Receipt, told: Mapping[str, Any]) -> bytes:
    """The leaf that the receipt's parts make up; `NoteError` when a part is out of shape."""
    try:
        salt, internal = bytes.fromhex(receipt.salt), bytes.fromhex(receipt.internal_hash)
        canonical = canonical_json(told)
        text = receipt.told.encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise NoteError("a part of the receipt is out of shape") from error
    if len(salt) != SALT_SIZE or len(internal) != HASH_SIZE or canonical != text:
        raise NoteError("a part of the receipt is out of shape")
    if not isinstance(told.get(KIND), str) or not isinstance(told.get(AT), str):
        raise NoteError("what was told has no kind or instant")
    return told_hash(salt, text) + internal


def verify_against(proven: Proven, known: str, growth: str | None, key: VerifierKey) -> Checkpoint | Failure:
    """Whether the receipt's log and a checkpoint `known` from elsewhere are one log, of which the larger only grew.

    Gives the known checkpoint. Equal sizes need equal roots; otherwise `growth` (`hub.audit.growth`) has to join them.
    """
    try:
        checkpoint = opened_checkpoint(known, key)
        grown = parse_growth(growth) if growth is not None else None
    except NoteError as error:
        return _failure("stand", error)
    old, new = sorted((checkpoint, proven.checkpoint), key=lambda each: each.size)
    if old.size == new.size:
        return checkpoint if old.root == new.root else _failure("groei")
    if grown is None:
        return _failure("geen-groei")
    return checkpoint if grew(old, new, grown) else _failure("groei")


def grew(old: Checkpoint, new: Checkpoint, growth: Growth) -> bool:
    """Whether `growth` shows that the log of `new`, a verified checkpoint, begins with that of `old`, another."""
    if old.origin != new.origin or growth.old != old.size:
        return False
    return extends(old.size, new.size, old.root, new.root, growth.hashes)
