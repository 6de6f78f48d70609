"""The full check of a stored log: everything recomputed from the entries, and every difference named in Dutch."""

from collections.abc import Collection, Sequence
from typing import Protocol

from hub.audit.checkpoint import opened_checkpoint
from hub.audit.entry import opened
from hub.audit.note import NoteError, VerifierKey
from hub.audit.processing import PROCESSING, digest_of, opened_record
from hub.audit.stored import split_hashes
from hub.audit.tree import EMPTY_ROOT, TILE_WIDTH, Edge, leaf_hash
from hub.errors import Sealed
from hub.store import log as rows
from hub.store import processing as accounts
from hub.store.log import Connection, Head, StoredEntry

MAX_FAULTS = 100
"""Faults that are named; of a log with more the rest is only counted."""


class CheckKeys(Protocol):
    """What the check needs of the keyring."""

    def get(self, name: str) -> bytes:
        """The key; `Sealed` when it is gone."""

    def names(self, prefix: str) -> Collection[str]:
        """The names of the keys that there are."""


def faults_of(
    conn: Connection, key: VerifierKey, keys: CheckKeys, known: Sequence[str], erased: Collection[str] | None
) -> list[str]:
    """Every fault of the stored log, or an empty list."""
    check = _Check(conn, key, keys, erased)
    check.take_known(known)
    for row in rows.entries(conn):
        check.entry(row)
    check.end()
    return check.report()


class _Check:
    """One walk along the entries, which grows the tree anew and holds everything stored against it."""

    def __init__(self, conn: Connection, key: VerifierKey, keys: CheckKeys, erased: Collection[str] | None) -> None:
        self._conn = conn
        self._key = key
        self._keys = keys
        self._present = {name.removeprefix("log/") for name in keys.names("log/")}
        self._erased = erased
        self._edge = Edge()
        self._next = 0
        self._faults: list[str] = []
        self._more = 0
        self._known: dict[int, set[bytes]] = {}
        self._notes: dict[int, str] = {}
        self._notes_to = 0
        self._records: dict[int, bytes] = {}
        self._records_to = 0
        self._unaccounted: list[int] = []
        self._notes_met = 0
        self._off = False
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def _fault(self, sentence: str) -> None:
        if len(self._faults) < MAX_FAULTS:
            self._faults.append(sentence)
        else:
            self._more += 1

    def report(self) -> list[str]:
        """The faults found."""
        return self._faults + ([f"En nog {self._more} fouten."] if self._more else [])

    def take_known(self, notes: Sequence[str]) -> None:
        """Remember the checkpoints that were kept elsewhere, to be met on the way."""
        for note in notes:
            try:
                checkpoint = opened_checkpoint(note, self._key)
            except NoteError:
                self._fault("Een meegegeven stand is niet van dit logboek, of niet goed ondertekend.")
            else:
                self._known.setdefault(checkpoint.size, set()).add(checkpoint.root)

    # --- along the entries ---

    def entry(self, row: StoredEntry) -> None:
        """The next row as the store gives it."""
        if row.idx > self._next:
            self._fault(f"Regel {self._next} tot en met {row.idx - 1}: ontbreekt.")
        elif row.idx < self._next:
            self._fault(f"Regel {row.idx}: hoort er niet.")
        self._next = max(self._next, row.idx + 1)
        self._readable(row)
        self._edge.append(leaf_hash(row.pair))
        self._meet(self._edge.size)
        if self._edge.size % TILE_WIDTH == 0:
            self._full_tiles()

    def _readable(self, row: StoredEntry) -> None:
        if row.log_key not in self._present:
            if self._erased is not None and row.log_key not in self._erased:
                self._fault(f"Regel {row.idx}: de sleutel ontbreekt zonder opdracht tot vernietiging.")
            return
        try:
            key = self._keys.get(f"log/{row.log_key}")
            _, internal = opened(row, key).documents()
        except Sealed:
            self._fault(f"Regel {row.idx}: de inhoud past niet bij de regel.")
        else:
            self._accounted(row, key, internal.get(PROCESSING))

    def _accounted(self, row: StoredEntry, key: bytes, digest: str | None) -> None:
        """Hold the record of processing against the digest that stands in its entry."""
        if row.idx >= self._records_to:
            self._records, self._records_to = accounts.sealed_from(self._conn, row.idx), row.idx + accounts.CHUNK
        sealed = self._records.get(row.idx)
        try:
            found = None if sealed is None else digest_of(opened_record(key, sealed, row.log_key, row.pair))
        except Sealed:
            found = ""
        if found != digest:
            self._unaccounted.append(row.idx)

    def _meet(self, size: int) -> None:
        """Hold the checkpoints of this size, stored and known elsewhere, against the tree."""
        if size > self._notes_to:
            end = size + 999
            self._notes = dict(rows.checkpoints(self._conn, size - 1, end))
            self._notes_to = end
        note = self._notes.get(size)
        if note is not None:
            self._notes_met += 1
            self._stored_note(size, note)
        known = self._known.pop(size, None)
        if known is not None and known != {self._edge.root()}:
            self._fault(f"De meegegeven stand bij {size} regels past niet bij dit logboek.")

    def _stored_note(self, size: int, note: str) -> None:
        try:
            checkpoint = opened_checkpoint(note, self._key)
        except NoteError:
            self._fault(f"De stand bij {size} regels is niet goed ondertekend, of niet van dit logboek.")
            return
        if checkpoint.size != size:
            self._fault(f"De stand bij {size} regels is die van {checkpoint.size} regels.")
        elif checkpoint.root != self._edge.root() and not self._off:
            # One change bends every later root too: the first says where to look.
            self._off = True
            self._fault(f"De stand bij {size} regels klopt niet: in of voor regel {size - 1} is iets veranderd.")

    # --- tiles ---

    def _full_tiles(self) -> None:
        for level, n, hashes in self._edge.tiles_since(self._edge.size - TILE_WIDTH):
            if level == 0:
                self._leaf_tile(n, hashes)
            else:
                self._tiles[level, n] = hashes
        self._edge.trim()

    def _leaf_tile(self, n: int, hashes: list[bytes]) -> None:
        stored = split_hashes(rows.tile(self._conn, 0, n) or b"")
        if len(stored) != TILE_WIDTH:
            self._fault(f"Tegel 0/{n}: ontbreekt of heeft niet de goede lengte.")
            return
        for at, (computed, kept) in enumerate(zip(hashes, stored, strict=True)):
            if computed != kept:
                self._fault(f"Regel {n * TILE_WIDTH + at}: past niet bij tegel 0/{n}.")

    def end(self) -> None:
        """After the last entry: higher tiles, checkpoints that were not met, and the head."""
        for (level, n), hashes in self._tiles.items():
            if rows.tile(self._conn, level, n) != b"".join(hashes):
                self._fault(f"Tegel {level}/{n}: klopt niet.")
        for level, n in rows.tiles(self._conn):
            if (level, n) not in self._tiles and not (level == 0 and 0 <= n < self._edge.size // TILE_WIDTH):
                self._fault(f"Tegel {level}/{n}: hoort er niet.")
        self._end_of_notes()
        head = rows.head(self._conn) or Head(0, EMPTY_ROOT)
        if (head.size, head.root) != (self._edge.size, self._edge.root()):
            self._fault(
                f"De stand van het logboek ({head.size} regels) past niet bij de {self._edge.size} regels die er zijn."
            )

        if self._unaccounted:
            # Entries that moved up part all that follow from their records: one line, so that it hides nothing else.
            first, more = self._unaccounted[0], len(self._unaccounted) - 1
            rest = f" (en bij nog {more} regels)" if more else ""
            self._fault(f"Regel {first}: het verwerkingsrecord ontbreekt of past niet bij de regel{rest}.")

    def _end_of_notes(self) -> None:
        stored = rows.count(self._conn)[1]
        if stored != self._notes_met:
            self._fault(f"Er zijn {stored - self._notes_met} ondertekende standen zonder regels die erbij horen.")
        if self._edge.size and self._notes.get(self._edge.size) is None:
            self._fault(f"De laatste stand ({self._edge.size} regels) is niet ondertekend.")
        for size, roots in self._known.items():
            if size or roots != {EMPTY_ROOT}:
                self._fault(f"De meegegeven stand heeft {size} regels; het logboek heeft er {self._edge.size}.")
