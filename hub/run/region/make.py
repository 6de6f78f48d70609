"""Makes the region at the first start: beside the home first, then moved in whole, so that a killed start leaves nothing."""

import json
import random
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.casework.vouching import REGISTRAR
from hub.identity import register
from hub.identity.client import new_key, public_jwks
from hub.identity.demo import make_demo_clients
from hub.identity.register import NewPartner, UserChange
from hub.model.instant import to_text
from hub.run.region.caller import Region
from hub.run.region.casus import Made, make_casus, send_to_derde
from hub.run.region.partners import PARTNERS, DemoPartner
from hub.run.region.plans import SHOWN, plans
from hub.settings import Settings
from hub.store.operators import add_operator
from hub.store.units import Tx
from hub.wiring import Hub, open_hub

SEED = 20261122
_SHEET = "regio.json"
_OPERATOR = register.operator(REGISTRAR)
FULFILS = ("*",)


@dataclass
class Steps:
    """The injected clock of the making: it moves only when it is told to."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, step: timedelta) -> None:
        """On to a later instant."""
        self.now += step


def ensure_region(settings: Settings, now: datetime) -> None:
    """Make the region in an empty home; a home with a store in it is kept as it is."""
    home = settings.home
    if (home / "hub.db").exists():
        return
    making = home / "wordt-gemaakt"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    made = make_region(within(settings, making), now)
    sheet = [{"name": one.plan.name, "regime": one.plan.regime, "pseudonyms": one.pseudonyms} for one in made]
    (making / _SHEET).write_text(json.dumps(sheet))
    # The store comes last: with it the home counts as made.
    for child in sorted(making.iterdir(), key=lambda path: path.name == "hub.db"):
        # What a start that was killed here left behind is of a store that never came to be.
        shutil.rmtree(home / child.name, ignore_errors=True)
        child.rename(home / child.name)
    making.rmdir()


def within(settings: Settings, home: Path) -> Settings:
    """The same settings with everything below another directory."""
    return replace(
        settings,
        home=home,
        store_url=f"sqlite:///{home / 'hub.db'}",
        keys_url=f"sqlite:///{home / 'keys' / 'keys.db'}",
        kek=f"file:{home / 'keys'}",
    )


def make_region(settings: Settings, now: datetime) -> list[Made]:
    """The region, in a hub of its own whose clock moves from ninety days before `now` until `now`."""
    clock = Steps((now - timedelta(days=90)).astimezone(UTC))
    hub = open_hub(settings, clock=clock)
    try:
        clients = make_demo_clients(settings.home, {partner.id: partner.id for partner in PARTNERS})
        register_partners(hub, {id_: public_jwks(client.key) for id_, client in clients.items()}, clock.now)
        chance = random.Random(SEED)  # noqa: S311 - a demonstration is to be the same each time
        made: list[Made] = []
        with Region(hub, clients, clock) as region:
            # The first two are what a newcomer looks at: they come last, so that their texts are fresh.
            for plan in reversed(tuple(plans(hub.tables))):
                made.insert(0, make_casus(region, plan, clock.now, chance))
                clock.move(timedelta(days=6))
            # Late enough that it still waits in the postvak.
            clock.now = max(clock.now, (now - timedelta(hours=1)).astimezone(UTC))
            for one in made:
                if one.plan.derde is not None:
                    send_to_derde(region, one, one.plan.derde)
        return made
    finally:
        hub.close()


def register_partners(hub: Hub, keys: dict[str, object], at: datetime) -> None:
    """Put the partners, their systems and their users on record, as an operator does."""
    key = new_key().public["x"].encode()[:32]

    def unit(tx: Tx) -> None:
        # The demonstration's own operator only keeps the register: nobody holds its key, so it approves nothing.
        add_operator(tx.connection, _OPERATOR.user, key, to_text(at))
        for partner in PARTNERS:
            _register(tx, partner, keys[partner.id], at)

    hub.store.commit(unit)


def _register(tx: Tx, partner: DemoPartner, keys: object, at: datetime) -> None:
    new = NewPartner(partner.id, partner.kind, FULFILS, partner.name, partner.employer_kind)
    register.add_partner(tx, new, _OPERATOR, at)
    register.add_client(tx, partner.id, partner.id, keys, by=_OPERATOR, at=at)
    known = {
        "role": partner.role,
        "designated": "true",
        "screened": "true",
        "trained": "true",
        "bound_to_secrecy": "true",
    }
    register.record_user(tx, partner.id, partner.user, UserChange(known), by=_OPERATOR, at=at)


def ready_line(settings: Settings) -> list[str]:
    """What to type next: a question that shows a release, a refusal and a receipt."""
    path = settings.home / _SHEET
    if not path.exists():
        return []
    sheet = {casus["name"]: casus["pseudonyms"] for casus in json.loads(path.read_text())}
    pseudonym = sheet[SHOWN]["ggz-noord"]
    port = f" --poort {settings.port}" if settings.port != 8000 else ""
    return [
        "Er is een demonstratieregio: verzonnen partners, personen en gegevens.",
        "Stel in een ander venster een vraag:",
        f"  .venv/bin/hub ask --als ggz-noord --casus {pseudonym} --doel D02{port}",
        "Bekijk wat naar een derde is gestuurd:",
        f"  .venv/bin/hub postvak --als wonen-noord{port}",
    ]
