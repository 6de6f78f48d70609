"""A casus with sealed content of three sources, its stores, and the hand of someone who can write in its database."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import text

from hub.compartment.compartments import Compartments
from hub.compartment.manifest import Held
from hub.compartment.reading import Opened
from hub.compartment.writing import Supply
from hub.crypto.kek import FileKeks
from hub.crypto.keyring import Keyring
from hub.model.delivery import DeliveredField, WpgRecord
from hub.model.release import Released
from hub.store.compartments import Connection
from hub.store.connecting import create_tables
from hub.store.engine import Store
from hub.store.tables import data
from hub.store.wrapped_keys import KeyStore
from tests.conftest import FixedClock
from tests.no_log import no_log

T = TypeVar("T")

CASUS, OTHER = "a" * 32, "b" * 32
GGZ, POL, GEM = "ggz-1", "pol-1", "gem-1"
KINDS = {GGZ: "ggz", POL: "politie", GEM: "college"}
GROUPS = {"naam": "G01", "geboortedatum": "G01", "diagnose": "G05", "crisisplan": "G07", "mutaties": "G10"}
FIRST, SECOND = "2027-01-10T11:00:00.000000Z", "2027-01-11T09:30:00.000000Z"
WPG = WpgRecord("20(3)", "8", "PV-2027-1", ("ggz-1",), authority_agreed=True)

CONTENT: dict[str, list[DeliveredField]] = {
    GGZ: [
        DeliveredField("diagnose", {"vol": {"code": "F20.0", "sinds": 2019}, "sam": "psychotische kwetsbaarheid"}),
        DeliveredField("crisisplan", {"vol": ["bel eerst", "geen uniform"]}, treating_with=("ggz-2",)),
        DeliveredField("naam", {"vol": "A. Voorbeeld"}),
    ],
    POL: [DeliveredField("mutaties", {"vol": "lange tekst", "sam": "kort"}, wpg=WPG)],
    GEM: [DeliveredField("naam", {"vol": "A. Voorbeeld"}), DeliveredField("geboortedatum", {"vol": "1990-01-02"})],
}
EVERY = [(one.field, source, level) for source, given in CONTENT.items() for one in given for level in one.levels]


def released(field: str, source: str, level: str = "vol") -> Released:
    """A field that the policy let out."""
    return Released(field, source, level, "lb-1", None)


@dataclass(frozen=True)
class SealedCasus:
    """The stores, and what to do with them."""

    store: Store
    keys: KeyStore
    keyring: Keyring
    compartments: Compartments
    directory: Path

    def write(self, work: Callable[[Connection], T], *, scrub: bool = False) -> T:
        """`work` in a unit of work of the store."""
        return self.store.commit(lambda tx: work(tx.connection), scrub=scrub).value

    def start(self, casus: str) -> None:
        """A casus without content."""
        row = text("INSERT INTO casussen (id, version, created_at) VALUES (:casus, 1, :at)")

        def make(conn: Connection) -> None:
            conn.execute(row, {"casus": casus, "at": FIRST})
            self.compartments.create(conn, casus)

        self.write(make)

    def put(self, source: str, delivery: Sequence[DeliveredField], casus: str = CASUS, at: str = FIRST) -> Any:
        """Deliver, and scrub."""
        supply = Supply(casus, source, KINDS[source], "wgs_zvh", at)
        return self.write(lambda conn: self.compartments.put(conn, supply, delivery), scrub=True)

    def held(self, casus: str = CASUS) -> Held:
        """What the casus holds now."""
        with self.store.snapshot() as conn:
            return self.compartments.manifests(conn, casus)

    def open(self, *wanted: Released, casus: str = CASUS) -> Opened:
        """Open as a request does: in one snapshot."""
        with self.store.snapshot() as conn:
            return self.compartments.open(conn, self.compartments.manifests(conn, casus), wanted)

    def values(self, casus: str = CASUS) -> dict[tuple[str, str, str], Any]:
        """Every value that opens, by field, source and level."""
        wanted = [
            released(e.field, m.source, level) for m in self.held(casus) for e in m.fields.values() for level in e.slots
        ]
        return {(one.field, one.source, one.level): one.value for one in self.open(*wanted, casus=casus).fields}

    def tamper(self, query: str, **values: Any) -> None:
        """Change the database by hand, past the hub."""
        self.write(lambda conn: conn.execute(text(query), values))

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Read the database by hand."""
        with self.store.snapshot() as conn:
            return list(conn.execute(text(query), values).all())

    def compartment(self, source: str, group: str, casus: str = CASUS) -> str:
        """The id of a compartment."""
        return next(one.id for one in self.held(casus) if (one.source, one.group) == (source, group))

    def slot(self, field: str, source: str, level: str = "vol") -> int:
        """The slot of a value."""
        entries = (one.fields[field] for one in self.held() if one.source == source and field in one.fields)
        return next(entries).slots[level]

    def files(self) -> bytes:
        """All bytes of the data store's files."""
        return b"".join(path.read_bytes() for path in sorted(self.directory.glob("data.db*")))


@contextmanager
def sealed_casus(directory: Path, clock: FixedClock, url: str | None = None) -> Iterator[SealedCasus]:
    """A casus with `CONTENT`, in `directory` or at `url`."""
    data_url, keys_url = url or f"sqlite:///{directory}/data.db", f"sqlite:///{directory}/keys.db"
    create_tables(data_url, data)
    KeyStore.create(keys_url)
    keys = KeyStore(keys_url, clock)
    keyring = Keyring(keys, FileKeks(directory / "kek"))
    keyring.establish("a")
    store = Store(data_url, no_log)
    made = SealedCasus(store, keys, keyring, Compartments(keyring, GROUPS), directory)
    try:
        made.start(CASUS)
        for source, delivery in CONTENT.items():
            made.put(source, delivery)
        yield made
    finally:
        store.close()
        keys.close()
