"""A hub with many wide casussen for the benches, made by the same calls that partners use."""

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hub.identity import register
from hub.identity.client import PrivateKey, public_jwks
from hub.identity.demo import make_demo_clients
from hub.identity.register import UserChange
from hub.run.region.caller import Region
from hub.run.region.casus import Plan, make_casus
from hub.run.region.make import Steps, register_partners
from hub.run.region.partners import PARTNERS
from hub.run.region.plans import WIDE_SOURCES, wide_supplies
from hub.settings import Settings, from_environment
from hub.wiring import ROOT, open_hub

ASKER = "ggz-noord"
USERS = tuple(f"lezer-{number:02d}" for number in range(20))


@dataclass(frozen=True)
class World:
    """Where it lies, the asker's names of its casussen, the 72 fields, and the asker's key."""

    settings: Settings
    casussen: tuple[str, ...]
    fields: tuple[str, ...]
    key: PrivateKey


def make_world(home: Path, count: int) -> World:
    """`count` casussen of 72 fields from 6 sources, and 20 users of one asking partner."""
    settings = from_environment({"HUB_HOME": str(home)}, ROOT)
    home.mkdir(parents=True, exist_ok=True)
    clock = Steps(datetime.now(UTC))
    hub = open_hub(settings, clock=clock)
    try:
        clients = make_demo_clients(home, {partner.id: partner.id for partner in PARTNERS})
        register_partners(hub, {id_: public_jwks(client.key) for id_, client in clients.items()}, clock.now)
        _register_readers(hub, clock.now)
        supplies = wide_supplies(hub.tables)
        plan = Plan(
            "breed", "wgs_zvh", "gemeente-noord", (*WIDE_SOURCES, "zvh-noord"), ("triage", "toegelaten", "traject"), supplies,
            [("verslavingszorg-noord", [ASKER], [f"G{number:02d}" for number in range(1, 22)])],
            {"verslavingszorg-noord": (ASKER,)},
        )  # fmt: skip
        chance = random.Random(7)
        with Region(hub, clients, clock) as region:
            names = tuple(make_casus(region, plan, clock.now, chance).pseudonyms[ASKER] for _ in range(count))
        fields = tuple(sorted(field for group in supplies.values() for field in group))
        (home / "world.json").write_text(json.dumps({"casussen": names, "fields": fields}))
        return World(settings, names, fields, clients[ASKER].key)
    finally:
        hub.close()


def _register_readers(hub: object, at: datetime) -> None:
    known = {"role": "regiebehandelaar", "designated": "true", "screened": "true", "trained": "true",
             "bound_to_secrecy": "true"}  # fmt: skip
    by = register.operator("demonstratie")
    for user in USERS:
        hub.store.commit(  # type: ignore[attr-defined]
            lambda tx, user=user: register.record_user(tx, ASKER, user, UserChange(known), by=by, at=at)
        )
