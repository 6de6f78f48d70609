"""A short check of the log: its head, the newest checkpoint, and the newest entries with their tiles and records.

`hub.audit.check` recomputes all of it; this one is quick on a log of any length, and sees what was just broken.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from hub.audit.checkpoint import opened_checkpoint
from hub.audit.entry import opened
from hub.audit.note import NoteError, VerifierKey
from hub.audit.processing import PROCESSING, digest_of, opened_record
from hub.audit.stored import StoredTree, split_hashes
from hub.audit.tree import EMPTY_ROOT, TILE_WIDTH, leaf_hash
from hub.errors import Sealed, StoreUnavailable
from hub.store import log as rows
from hub.store import processing as accounts
from hub.store.log import Connection, Head, StoredEntry

NEWEST = TILE_WIDTH
"""How many of the newest entries are looked at."""

OTHER_CHECKPOINT: Final = "de nieuwste ondertekende stand is niet die van het logboek"


class Keys(Protocol):
    """The keyring."""

    def get(self, name: str) -> bytes: ...


def recent_faults(conn: Connection, key: VerifierKey, keys: Keys) -> list[str]:
    """What is wrong with the end of the log, in Dutch; empty when all is well. An empty log is well."""
    head = _head(conn)
    found = [
        *_signed(rows.checkpoint(conn), head, key),
        *end_faults(conn),
        *_newest(conn, head, keys),
        *_tile(conn, head),
    ]
    return list(dict.fromkeys(found))


def end_faults(conn: Connection) -> list[str]:
    """Why no entry can be added: head, entries, tiles and checkpoints do not end alike. In Dutch; looks at no signature."""
    head, (entries, checkpoint) = _head(conn), rows.ends(conn)
    faults = [OTHER_CHECKPOINT] if checkpoint > head.size else []
    try:
        whole = entries == head.size and StoredTree(conn, head.size).root(head.size) == head.root
    except StoreUnavailable:
        whole = False
    return faults if whole else [*faults, "de regels en tegels geven een andere stand dan het logboek zegt"]


def _head(conn: Connection) -> Head:
    """The head as it stands. One that is gone says what that of an empty log says: the rest must bear it out."""
    return rows.head(conn) or Head(0, EMPTY_ROOT)


def _signed(note: str | None, head: Head, key: VerifierKey) -> Iterator[str]:
    if note is None and head.size == 0:
        return
    try:
        checkpoint = opened_checkpoint(note or "", key)
        if (checkpoint.size, checkpoint.root) != (head.size, head.root):
            yield OTHER_CHECKPOINT
    except NoteError:
        yield "de nieuwste stand is niet goed ondertekend"


def _newest(conn: Connection, head: Head, keys: Keys) -> Iterator[str]:
    first = max(0, head.size - NEWEST)
    records = accounts.sealed_from(conn, first)
    bad = [idx for idx in range(first, head.size) if not _holds(rows.entry(conn, idx), records.get(idx), keys)]
    if bad:
        yield f"{len(bad)} van de nieuwste regels gaan niet open of missen hun verwerkingsrecord (eerste: {bad[0]})"


def _holds(row: StoredEntry | None, sealed: bytes | None, keys: Keys) -> bool:
    if row is None:
        return False
    try:
        key = keys.get(f"log/{row.log_key}")
    except Sealed:
        # Its term has ended, and its key with it.
        return True
    try:
        digest = opened(row, key).documents()[1].get(PROCESSING)
        return digest == (None if sealed is None else digest_of(opened_record(key, sealed, row.log_key, row.pair)))
    except Sealed:
        return False


def _tile(conn: Connection, head: Head) -> Iterator[str]:
    """The newest full tile against its entries."""
    n = head.size // TILE_WIDTH - 1
    if n < 0:
        return
    computed = [leaf_hash(pair) for pair in rows.pairs(conn, n * TILE_WIDTH, (n + 1) * TILE_WIDTH)]
    if split_hashes(rows.tile(conn, 0, n) or b"") != computed:
        yield f"de nieuwste volle tegel (0/{n}) past niet bij de regels"


def newest_revision(conn: Connection, keys: Keys) -> str | None:
    """The policy revision of the newest release among the newest entries; None where none tells."""
    size = _head(conn).size
    for idx in range(size - 1, max(-1, size - 1 - NEWEST), -1):
        revision = _internal(rows.entry(conn, idx), keys).get("policy_revision")
        if isinstance(revision, str):
            return revision
    return None


def _internal(row: StoredEntry | None, keys: Keys) -> Mapping[str, Any]:
    try:
        return {} if row is None else opened(row, keys.get(f"log/{row.log_key}")).documents()[1]
    except Sealed:
        return {}
