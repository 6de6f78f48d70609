"""Hubs with many wide casussen for the benches, made once a release by the functions that partners' calls run."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from hub.identity import register
from hub.identity.client import PrivateKey, public_jwks
from hub.identity.demo import make_demo_clients, read_demo_client
from hub.identity.register import UserChange
from hub.pdp.tables import LawTables
from hub.run.region.casus import Plan
from hub.run.region.make import Steps, register_partners
from hub.run.region.partners import PARTNERS
from hub.run.region.plans import WIDE_FIELDS, WIDE_SOURCES, wide_supplies
from hub.settings import Settings, from_environment
from hub.wiring import ROOT, Hub, open_hub
from tests.bench.making import make_many

ASKER = "ggz-noord"
USERS = tuple(f"lezer-{number:02d}" for number in range(20))
SEED = 7

KEPT = ROOT / "var" / "bench"
"""Where worlds are kept between runs."""

_FORM = (
    *(
        f"hub/{room}"
        for room in ("audit", "casework", "compartment", "crypto", "identity", "model", "run/region", "store")
    ),
    "consent",
    "connectors",
    "policies",
    "tests/bench/making.py",
    "tests/bench/world.py",
)
"""What makes a world what it is: tables, seals, records and the catalogue. When a byte changes, it is made anew."""


@dataclass(frozen=True)
class World:
    """Where it lies, each partner's own names of its casussen, the 72 fields that are asked, and the asker's key."""

    settings: Settings
    names: tuple[dict[str, str], ...]
    fields: tuple[str, ...]

    @property
    def casussen(self) -> tuple[str, ...]:
        """The asker's names."""
        return tuple(each[ASKER] for each in self.names)

    @property
    def key(self) -> PrivateKey:
        """The asker's key."""
        return self.key_of(ASKER)

    def key_of(self, partner: str) -> PrivateKey:
        """The key of a partner's system."""
        return read_demo_client(self.settings.home, partner).key


@contextmanager
def world(count: int, records: int = WIDE_FIELDS) -> Iterator[World]:
    """A copy, of this run alone, of `count` casussen with `records` delivered fields of 6 sources; 20 users may ask."""
    kept = _kept(count, records)
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(kept, home)
        known = json.loads((home / "world.json").read_text())
        yield World(settings_of(home), tuple(known["names"]), tuple(known["fields"]))


def settings_of(home: Path, **environment: str) -> Settings:
    """Demonstration settings below `home`."""
    return from_environment({"HUB_HOME": str(home), **environment}, ROOT)


def make_world(settings: Settings, count: int, records: int) -> World:
    """The world in an empty store."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    clock = Steps(datetime.now(UTC))
    hub = open_hub(settings, clock=clock)
    try:
        clients = make_demo_clients(settings.home, {partner.id: partner.id for partner in PARTNERS})
        register_partners(hub, {id_: public_jwks(client.key) for id_, client in clients.items()}, clock.now)
        _register_readers(hub, clock.now)
        names = make_many(hub, _plan(hub.tables, records), count, SEED)
        fields = sorted(field for group in wide_supplies(hub.tables).values() for field in group)
    finally:
        hub.close()
    (settings.home / "world.json").write_text(json.dumps({"names": names, "fields": fields}))
    return World(settings, tuple(names), tuple(fields))


def _kept(count: int, records: int) -> Path:
    """The folder of a world of this form: what lies there, or made now. Those of another form go."""
    home = KEPT / f"{_form()}-{count}x{records}"
    if not home.exists():
        for other in KEPT.glob("*"):
            if not other.name.startswith(_form()):
                shutil.rmtree(other)
        making = home.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        make_world(settings_of(making), count, records)
        making.rename(home)
    return home


@cache
def _form() -> str:
    found = hashlib.sha256()
    for part in _FORM:
        place = ROOT / part
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix in (".py", ".json"):
                found.update(f"{path.relative_to(ROOT)}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _plan(tables: LawTables, records: int) -> Plan:
    return Plan(
        "breed", "wgs_zvh", "gemeente-noord", (*WIDE_SOURCES, "zvh-noord"), ("triage", "toegelaten", "traject"),
        wide_supplies(tables, count=records),
        [("verslavingszorg-noord", [ASKER], [f"G{number:02d}" for number in range(1, 22)])],
        {"verslavingszorg-noord": (ASKER,)},
    )  # fmt: skip


def _register_readers(hub: Hub, at: datetime) -> None:
    known = {"role": "regiebehandelaar", "designated": "true", "screened": "true", "trained": "true",
             "bound_to_secrecy": "true"}  # fmt: skip
    by = register.operator("demonstratie")
    for user in USERS:
        hub.store.commit(
            lambda tx, user=user: register.record_user(tx, ASKER, user, UserChange(known), by=by, at=at)  # type: ignore[misc]
        )
