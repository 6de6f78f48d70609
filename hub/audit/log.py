"""The log: entries sealed into the tree inside the store's one durable write, and what is read back from it.

`Log.seal` runs last in a write transaction, once. The right edge of the tree is kept in memory, but only the head row
of the database says where the log ends: a failed commit or another process may have moved it, so size and root are
compared each time. Nothing is signed on a tree that does not have the root that the database says it has.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any, Protocol

from hub.audit.check import faults_of
from hub.audit.checkpoint import Checkpoint, opened_checkpoint
from hub.audit.entry import Leaf, leaf_of, opened
from hub.audit.growth import growth_text
from hub.audit.note import NoteSigner, VerifierKey
from hub.audit.onward import Onward
from hub.audit.processing import PROCESSING, Processing, digest_of, opened_record, parts_of, place
from hub.audit.receipt import proof_text
from hub.audit.stored import StoredTree, damaged
from hub.audit.tiles import available, entry_bundle
from hub.audit.tree import EMPTY_ROOT, TILE_WIDTH, Edge, leaf_hash
from hub.crypto.aead import Box
from hub.errors import NotFound, Sealed
from hub.model.release import Entry, Receipt
from hub.store import log as rows
from hub.store import processing as accounts
from hub.store.engine import Added
from hub.store.log import Connection, Head, StoredEntry
from hub.store.prepared import Question, Sent

MAX_CATCH_UP = 2_000
"""Entries of other processes that are added to the edge one by one; beyond it the edge is read anew."""


class LogKeys(Protocol):
    """The keys under which readable parts are sealed (`hub.crypto.keyring.Keyring`), named `log/<log key>`."""

    def get(self, name: str) -> bytes:
        """32 bytes; `Sealed` when the key is gone, `KeysUnavailable` when the key store does not answer."""

    def get_each(self, *names: str) -> Sequence[bytes | None]:
        """The same of each of `names`, None for one that is gone."""

    def create(self, name: str) -> bytes:
        """The key, made when it is not there."""

    def names(self, prefix: str) -> Collection[str]:
        """The names of the keys that there are."""


@dataclass(frozen=True)
class _End:
    """An edge together with the head it belongs to."""

    head: Head
    edge: Edge
    at: str = ""
    """The latest instant of its entries, UTC text: they are decided at once, and entered one after another."""


_EMPTY = Head(0, EMPTY_ROOT)


class Log:
    """The append-only log of one hub. `origin` is its name, in checkpoints and in its key."""

    def __init__(
        self, signer: NoteSigner, origin: str, keyring: LogKeys, processing: Processing, time: Onward | None = None
    ) -> None:
        """`time`: the time of this process, held against the entries that others make; none for who makes no entries."""
        self._signer = signer
        self._time = time
        self.processing = processing
        self._keyring = keyring
        self.key = VerifierKey(origin, signer.public)
        """The public key, for `vkey` files and verifiers."""
        self._ends: tuple[_End, ...] = ()
        """The end that the last `seal` reached, and the one before it, should that write have failed."""
        self._others = False
        """Others wrote since the write before, the last time: they may have this time."""
        self._seen = _EMPTY
        """The furthest end that was seen in the database: the log never goes back."""
        self._lock = Lock()

    # --- writing ---

    def asks(self) -> Sequence[Question]:
        """What `seal` will ask, as far as that can be told before: a server answers it with the beginning of the write."""
        if not (self._others and self._ends):
            return (rows.ASKS_HEAD,)
        return (rows.ASKS_HEAD, *rows.asks_pairs_and_last_at(*_catch_up(self._ends[0].head.size)))

    def seal(self, conn: Connection, entries: Sequence[Entry]) -> Added:
        """Add `entries` in order, with their receipts under one new checkpoint. Last in the write, once a write.

        The record of processing of each goes in with it, its digest in the entry: none is lost or changed unseen.

        Raises `StoreUnavailable` when the stored log contradicts itself or has lost entries; `ValueError` for an entry
        without a canonical form; `ClockBehind` when another process made entries that this one's clock does not know of
        yet. Then the write must not be committed.
        """
        with self._lock:
            before = self._end(conn)
            records = [self.processing.record(entry, index) for index, entry in enumerate(entries, before.head.size)]
            leaves = [leaf_of(_with(entry, record)) for entry, record in zip(entries, records, strict=True)]
            after = _grown(before, leaves)
            note = Checkpoint(self.key.name, after.head.size, after.head.root).signed_by(self._signer)
            given = {entry.log_key: entry.key for entry in entries if entry.key is not None}
            boxes = self._boxes(conn, before.head.size, leaves, given)
            sealed = [leaf.sealed(index, *boxes[leaf.log_key]) for index, leaf in enumerate(leaves, before.head.size)]
            accounted = [
                (row.idx, boxes[leaf.log_key][1].seal(record, place(row.log_key, row.pair)))
                for leaf, row, record in zip(leaves, sealed, records, strict=True)
                if record is not None
            ]
            tiles = list(after.edge.tiles_since(before.head.size))
            receipts = [
                _receipt(leaf, index, after.edge.proof(index), note)
                for index, leaf in enumerate(leaves, before.head.size)
            ]
            after.edge.trim()
            self._ends = (after, before)

        def put() -> list[Sent]:
            for level, n, hashes in tiles:
                rows.put_tile(conn, level, n, b"".join(hashes))
            return [*rows.append(conn, sealed, after.head, after.at, note), *accounts.add(conn, accounted)]

        return Added(receipts, put)

    def now(self, conn: Connection) -> datetime:
        """The instant of what is decided or done on what `conn` reads: no entry that can be seen there is later.

        Raises `ClockBehind`, and `StoreUnavailable` as below."""
        assert self._time is not None  # noqa: S101 - who makes no entries decides nothing
        return self._after(rows.last_at(conn)) or self._time()

    def must_be_in_time(self, conn: Connection) -> None:
        """Raise `ClockBehind` when the clock of this process is behind the last entry; its time goes on from there.

        `StoreUnavailable` when what stands as the instant of that entry is none."""
        self._after(rows.last_at(conn))

    def _after(self, last: str | None) -> datetime | None:
        """Now, not before the instant `last`; None where there is none, or no time is kept."""
        if self._time is None or last is None:
            return None
        try:
            return self._time.after(last)
        except ValueError:
            raise damaged() from None

    def is_durable(self) -> None:
        """The write in which `seal` was called last stands: a log that lacks it later has lost entries."""
        with self._lock:
            self._seen = self._ends[0].head

    def _end(self, conn: Connection) -> _End:
        """Where the log ends now. Locks it against other writers until this write is done."""
        head = rows.head(conn, lock=True)
        if head is None:
            if rows.checkpoint(conn) is not None:
                # It had entries, and was signed: a second history under the same key must not begin.
                raise damaged()
            rows.start(conn, EMPTY_ROOT)
            head = rows.head(conn, lock=True) or _EMPTY
        if head.size < self._seen.size or (head.size == self._seen.size and head != self._seen):
            raise damaged()
        remembered = self._remembered(head)
        end, self._others = remembered or self._after_others(conn, head), remembered is None
        self._seen = head
        return end

    def _remembered(self, head: Head) -> _End | None:
        return next((end for end in self._ends if end.head == head), None)

    def _after_others(self, conn: Connection, head: Head) -> _End:
        """The end after what other processes added."""
        behind = [end for end in self._ends if head.size - MAX_CATCH_UP <= end.head.size < head.size]
        first = behind[0].edge.size if behind else head.size
        pairs, last = rows.pairs_and_last_at(conn, *_catch_up(first))
        # What others decided at a later instant than it is here must not be decided again by an earlier one.
        self._after(last)
        found = _caught_up(behind[0].edge, pairs[: head.size - first], head) if behind else None
        return replace(found or _loaded(conn, head), at=last or "")

    def _boxes(
        self, conn: Connection, first: int, leaves: Sequence[Leaf], given: Mapping[str, bytes]
    ) -> dict[str, tuple[str, Box]]:
        """By log key: the name of the key for its new entries, and the key."""
        boxes = {name: (name, Box(key)) for name, key in given.items()}
        if names := list(dict.fromkeys(leaf.log_key for leaf in leaves if leaf.log_key not in boxes)):
            for name, key in zip(names, self._keyring.get_each(*map(_key_name, names)), strict=True):
                boxes[name] = (name, Box(key)) if key is not None else self._new_box(conn, name, first)
        return boxes

    def _new_box(self, conn: Connection, log_key: str, first: int) -> tuple[str, Box]:
        """A destroyed key is never made again under its own name: its entries would look tampered with instead of erased."""
        name = f"{log_key}.{first}" if rows.indexes_of(conn, log_key) else log_key
        return name, Box(self._keyring.create(_key_name(name)))

    # --- reading ---

    def head(self, conn: Connection) -> Head:
        """Size and root of the log."""
        return rows.head(conn) or _EMPTY

    def checkpoint(self, conn: Connection) -> str:
        """The newest signed checkpoint, as a note."""
        return rows.checkpoint(conn) or Checkpoint(self.key.name, 0, EMPTY_ROOT).signed_by(self._signer)

    def read(self, conn: Connection, index: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """What was told and the internal part of one entry. `Sealed` when its key is gone or it was tampered with."""
        row = _entry(conn, index)
        told, internal = opened(row, self._keyring.get(_key_name(row.log_key))).documents()
        # The digest of its record is the log's own.
        return told, {key: value for key, value in internal.items() if key != PROCESSING}

    def records(
        self, conn: Connection, since: str, until: str, first: int, end: int
    ) -> tuple[list[Mapping[str, Any] | None], int]:
        """The next piece of the records of processing of a span (UTC text, half open), of the entries `first` up to, not
        including, `end`: both parts of each, in order, None for one that is erased or does not open; and from where the
        next piece goes on, which is `end` when there is none."""
        rows_ = accounts.between(conn, since, until, first, end)
        return [self._record(*row) for row in rows_], rows_[-1][0] + 1 if rows_ else end

    def _record(self, _: int, log_key: str, pair: bytes, sealed: bytes) -> Mapping[str, Any] | None:
        try:
            return parts_of(opened_record(self._keyring.get(_key_name(log_key)), sealed, log_key, pair))
        except Sealed:
            return None

    def receipt(self, conn: Connection, index: int) -> Receipt:
        """The receipt of one entry once more, under the newest checkpoint. `Sealed` when its key is gone."""
        row, note = _entry(conn, index), self.checkpoint(conn)
        found = opened(row, self._keyring.get(_key_name(row.log_key)))
        proof = StoredTree(conn, opened_checkpoint(note, self.key).size).inclusion(index)
        text = proof_text(index, row.pair, proof, note)
        return Receipt(index, text, found.told.decode(), found.told_salt.hex(), row.pair[32:].hex())

    def consistency(self, conn: Connection, old: int, new: int) -> list[bytes]:
        """The proof (RFC 6962) that the log of `new` entries begins with the log of `old` entries."""
        if not 0 <= old <= new <= self.head(conn).size:
            raise NotFound("Zo groot is het logboek niet geweest.")
        return StoredTree(conn, new).consistency(old, new)

    def growth(self, conn: Connection, old: int) -> str:
        """The proof from `old` entries to the newest checkpoint, as the body of C2SP tlog-witness `add-checkpoint`."""
        note = self.checkpoint(conn)
        return growth_text(old, self.consistency(conn, old, opened_checkpoint(note, self.key).size), note)

    def tile(self, conn: Connection, level: int, n: int, width: int = TILE_WIDTH) -> bytes:
        """The first `width` hashes of a tile (C2SP tlog-tiles). `NotFound` when the log has fewer."""
        size = self.head(conn).size
        _within(width, available(size, level, n))
        return b"".join(StoredTree(conn, size).hashes(level, n, width))

    def entries_tile(self, conn: Connection, n: int, width: int = TILE_WIDTH) -> bytes:
        """The first `width` leaves of bundle `n`: pairs of salted hashes. `NotFound` when the log has fewer."""
        _within(width, available(self.head(conn).size, 0, n))
        return entry_bundle(rows.pairs(conn, n * TILE_WIDTH, n * TILE_WIDTH + width))

    def check(self, conn: Connection, known: Sequence[str] = (), erased: Collection[str] | None = None) -> list[str]:
        """Recompute the whole log from its entries and name every fault, in Dutch; an empty list when all is well.

        `known`: checkpoints kept elsewhere, which a log that was rewritten or cut short no longer fits. `erased`: the
        log keys that were destroyed by order; given, an entry that does not open for another reason is a fault.
        """
        return faults_of(conn, self.key, self._keyring, known, erased)


def _catch_up(first: int) -> tuple[int, int]:
    """From where to where entries of others are looked for."""
    return first, first + MAX_CATCH_UP


def _key_name(log_key: str) -> str:
    return f"log/{log_key}"


def _with(entry: Entry, record: bytes | None) -> Entry:
    return entry if record is None else replace(entry, internal={**entry.internal, PROCESSING: digest_of(record)})


def _grown(before: _End, leaves: Sequence[Leaf]) -> _End:
    grown = before.edge.copy()
    for leaf in leaves:
        grown.append(leaf_hash(leaf.pair))
    return _End(Head(grown.size, grown.root()), grown, max(before.at, *(leaf.at for leaf in leaves)))


def _caught_up(before: Edge, pairs: Sequence[bytes], head: Head) -> _End | None:
    """The edge after `pairs`, when what is remembered turns out to be the beginning of it."""
    edge = before.copy()
    for pair in pairs:
        edge.append(leaf_hash(pair))
    edge.trim()
    return _End(head, edge) if (edge.size, edge.root()) == (head.size, head.root) else None


def _loaded(conn: Connection, head: Head) -> _End:
    edge = Edge.of(head.size, StoredTree(conn, head.size).hashes)
    if edge.root() != head.root:
        raise damaged()
    return _End(head, edge)


def _receipt(leaf: Leaf, index: int, proof: Sequence[bytes], note: str) -> Receipt:
    text = proof_text(index, leaf.pair, proof, note)
    return Receipt(index, text, leaf.told.decode(), leaf.told_salt.hex(), leaf.pair[32:].hex())


def _entry(conn: Connection, index: int) -> StoredEntry:
    row = rows.entry(conn, index)
    if row is None:
        raise NotFound("Deze regel staat niet in het logboek.")
    return row


def _within(width: int, held: int) -> None:
    if not 0 < width <= held:
        raise NotFound("Dit deel van het logboek is er niet.")
