"""What the tests of a push share: a derde that is ready to receive, and the calls."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from hub.audit.verify import Proven, verify_receipt
from tests.region import AT, World

DERDE = "wonen-noord"
SENDER = "zvh-noord"
HOUSING = {"ontvanger": DERDE, "doel": "D07", "velden": ["*"]}
PROMISED = {("brp_adres", "vol"), ("geboortedatum", "sam"), ("naam", "sam")}
YEAR = (AT + timedelta(days=365)).isoformat()


@pytest.fixture
def ready(region: World) -> World:
    """The region, with a statement and a basis of the derde, and fields that their source lets be handed on."""
    region.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["*"], "akkoordDoorgeven": True})
    region.recorded(SENDER, "geheimhoudingsverklaringen", {"partner": DERDE, "tot": YEAR})
    base(region)
    return region


def base(world: World) -> str:
    """A `derde` basis for housing; its id."""
    body = {"grondslag": "derde", "partner": DERDE, "doelen": ["D07"], "groepen": ["*"], "racKenmerk": "RAC-2027-1"}
    found: str = world.recorded("gemeente-noord", "grondslagen", body)["id"]
    return found


def pushed(world: World, sender: str = SENDER, **changed: Any) -> dict[str, Any]:
    """What the sender of a push hears."""
    return world.recorded(sender, "verstrekkingen", {**HOUSING, **changed})


def waiting(world: World, partner: str = DERDE, query: str = "") -> dict[str, Any]:
    """A page of a postvak."""
    answer = world.send(partner, "GET", f"/postvak{query}", media=None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def fetch(world: World, id_: str, partner: str = DERDE, **more: Any) -> httpx.Response:
    """Fetch one sending."""
    return world.post(partner, f"/postvak/{id_}/ontvangsten", **more)


def levels(answer: dict[str, Any]) -> set[tuple[str, str]]:
    """(field, level) of an answer."""
    return {(item["veld"], item["niveau"]) for item in answer["gegevens"]}


def codes(answer: dict[str, Any], field: str = "*") -> set[str]:
    """The reason codes of one field of an answer."""
    return {reason["code"] for item in answer["geweigerd"] if item["veld"] == field for reason in item["redenen"]}


def stored(world: World) -> list[tuple[Any, ...]]:
    """The rows of all postvakken as they lie."""
    with world.hub.store.snapshot() as moment:
        return [tuple(row) for row in moment.exec_driver_sql("SELECT * FROM postvak ORDER BY seq")]


def verified(world: World, answer: dict[str, Any]) -> dict[str, Any]:
    """What the receipt of an answer proves."""
    proven = verify_receipt(json.dumps(answer["ontvangstbewijs"]), world.hub.log.key)
    assert isinstance(proven, Proven), proven
    return dict(proven.told)


@contextmanager
def counted(world: World) -> Iterator[dict[str, int]]:
    """How many queries and decisions a call takes."""
    work = {"queries": 0, "decisions": 0}
    asked = world.hub.decider.hits.asked

    def count(*_: object) -> None:
        work["queries"] += 1

    engine = world.hub.store._readers
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield work
    finally:
        event.remove(engine, "before_cursor_execute", count)
        work["decisions"] = world.hub.decider.hits.asked - asked
