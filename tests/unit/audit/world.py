"""A store with a log in it, of real parts, for the tests of the log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from hub.audit.log import Log
from hub.audit.processing import Processing
from hub.audit.receipt import receipt_document
from hub.crypto.kek import FileKeks
from hub.crypto.keyring import Keyring
from hub.crypto.pseudonym import Pseudonyms
from hub.crypto.signing import Signer
from hub.model.release import Entry, Receipt
from hub.store.connecting import create_tables
from hub.store.engine import Store
from hub.store.tables import data
from hub.store.wrapped_keys import KeyStore

ORIGIN = "hub.example.nl/audit"
SEED = b"\x42" * 32
START = datetime(2027, 1, 10, 11, tzinfo=UTC)
PROCESSING = Processing(Pseudonyms(SEED, SEED), "urn:hub:verwerking", ORIGIN, "0", lambda: START)


def entry(number: int, log_key: str = "een", fields: int = 2) -> Entry:
    """An entry as a release makes it, without values."""
    told = {
        "partner": "ggz-noord",
        "gebruiker": f"u{number % 20}",
        "casus": "abcdefghijklmnopqrstuvwxyz",
        "doel": "D02",
        "gegevens": [{"veld": f"veld_{each}", "niveau": "vol", "bron": "ggz-noord"} for each in range(fields)],
        "geweigerd": [{"veld": "delictgegevens", "codes": ["geen_grond"], "wet": ["Wpg 20"]}],
    }
    internal: dict[str, object] = {"facts": f"{number:064x}", "valid_until": None, "reasons": []}
    return Entry("raadpleging", START + timedelta(seconds=number), log_key, told, internal)


@dataclass(frozen=True)
class World:
    """A log, its keys, and the store that writes it."""

    log: Log
    keyring: Keyring
    store: Store

    def add(self, *entries: Entry) -> list[Receipt]:
        """Write `entries` in one unit."""

        def unit(tx: object) -> None:
            for each in entries:
                tx.enter(each)  # type: ignore[attr-defined]

        return list(self.store.commit(unit).receipts)

    def fill(self, up_to: int, batch: int = 64) -> list[Receipt]:
        """Write entries until the log has `up_to` of them; the receipts of what was added."""
        receipts: list[Receipt] = []
        with self.store.snapshot() as conn:
            size = self.log.head(conn).size
        for first in range(size, up_to, batch):
            receipts += self.add(*(entry(number) for number in range(first, min(first + batch, up_to))))
        return receipts

    def check(self, known: tuple[str, ...] = ()) -> list[str]:
        """The faults that the full check names."""
        with self.store.snapshot() as conn:
            return self.log.check(conn, known)

    def checkpoint(self) -> str:
        """The newest checkpoint."""
        with self.store.snapshot() as conn:
            return self.log.checkpoint(conn)

    def second(self, url: str) -> "World":
        """Another process on the same database: its own memory of the log."""
        log = Log(Signer(SEED), ORIGIN, self.keyring, PROCESSING)
        return World(log, self.keyring, Store(url, log.seal, asks=log.asks))


def receipt_file(receipt: Receipt) -> str:
    """A receipt as a partner keeps it."""
    return json.dumps(receipt_document(receipt))


def keyring_at(folder: Path) -> Keyring:
    """A keyring of its own in `folder`."""
    url = f"sqlite:///{folder / 'keys.db'}"
    KeyStore.create(url)
    ring = Keyring(KeyStore(url, lambda: START), FileKeks(folder / "kek"))
    ring.establish("kek-1")
    return ring


@contextmanager
def world_at(url: str, folder: Path) -> Iterator[World]:
    """A store at `url`, new or as it was left, with its keys in `folder`."""
    create_tables(url, data)
    ring = keyring_at(folder)
    log = Log(Signer(SEED), ORIGIN, ring, PROCESSING)
    store = Store(url, log.seal, asks=log.asks)
    try:
        yield World(log, ring, store)
    finally:
        store.close()


def execute(world: World, statement: str) -> None:
    """Do `statement` behind the back of the log."""
    with world.store._writer.begin() as conn:
        conn.execute(text(statement))
