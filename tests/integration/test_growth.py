"""A hub with many casussen does the same work a call as one with few: nothing reads a table from end to end."""

import itertools
import random
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from hub.errors import NotPermitted
from hub.run.region.casus import make_casus
from tests.bench.making import InOneWrite
from tests.region import OPEN, OWN_FORM, World, world
from tests.region_plans import PLANS

SMALL = ("operators", "partners", "clients", "always")
"""Tables that do not grow with the casussen; the last is the one row that `hub.store.lying` hangs the others on."""

_VALUE = re.compile(r"x'[0-9a-f]*'|'(?:[^']|'')*'|\b\d+\b", re.IGNORECASE)


@pytest.fixture
def statements() -> Iterator[set[str]]:
    """The statements that SQLite ran, with their values, on connections that are opened from here on."""
    found: set[str] = set()

    def listen(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(found.add)

    event.listen(Pool, "connect", listen)
    yield found
    event.remove(Pool, "connect", listen)


def test_no_call_reads_a_whole_table(tmp_path: Path, statements: set[str]) -> None:
    with world(tmp_path) as region:
        at_start = set(statements)
        _call_all(region)
        files = [region.settings.home / name for name in ("hub.db", "keys/keys.db")]
    scans = {scan for text in statements - at_start for scan in _scans(files, text)}
    assert scans == set()
    assert len({_VALUE.sub("?", text) for text in statements - at_start}) > 30


def test_what_is_made_in_one_write_is_what_calls_make(region: World) -> None:
    plan, chance = PLANS[0], random.Random(1)
    calls = region.hub.store.commit(
        lambda tx: make_casus(InOneWrite(region.hub, tx, itertools.count(1)), plan, region.clock(), chance).pseudonyms
    )
    region.names = {**region.names, "made": calls.value}
    for partner in plan.involved:
        assert region.released(partner, casus="made") == region.released(partner)
    assert _entered(region, "made") == _entered(region, OPEN)
    assert region.faults() == []


def test_a_call_that_is_refused_undoes_the_whole_write(region: World) -> None:
    before = region.size()
    with pytest.raises(NotPermitted):
        region.hub.store.commit(lambda tx: _filed_and_refused(InOneWrite(region.hub, tx, itertools.count(1))))
    assert region.size() == before


def _filed_and_refused(calls: InOneWrite) -> None:
    person = {"naam": "Boskamp", "geboortedatum": "1980-01-01"}
    criteria = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "Verzonnen.")
    body = {"persoon": person, "criteria": criteria, "regime": "wgs_zvh", "triagegroep": ["gemeente-noord"]}
    casus = calls.post("gemeente-noord", "gemeente-noord-1", "/casussen", body)["casus"]
    calls.post("gemeente-noord", "gemeente-noord-1", f"/casussen/{casus}/relaties",
               {"partner": "ggz-noord", "relatie": "behandelt"})  # fmt: skip


def _entered(region: World, casus: str) -> list[str]:
    """The kinds of entry of a casus, in order, looks left out."""
    id_ = region.casus_id(casus)
    found = [told["soort"] for told, internal in region.entries() if internal.get("casus") == id_]
    return [kind for kind in found if kind != "raadpleging"]


def _call_all(region: World) -> None:
    """Each kind of call once, and new casus keys as an operator makes them."""
    ggz, college, police = "ggz-noord", "gemeente-noord", "politie-noord"
    basis = {"grondslag": "wgs", "partner": ggz, "doelen": ["D02"], "groepen": ["*"], "reden": "nodig"}
    for answer, status in (
        (region.get("/gereed"), 200),
        (region.ask(ggz, "*"), 200),
        (region.ask(ggz, "*", casus="zorgteam"), 200),
        (region.post(ggz, "/casussen/onbekend/raadplegingen", {"doel": "D02", "velden": ["*"]}), 404),
        (region.on(college, "grondslagen", basis), 201),
        (region.on(ggz, "leveringen", {"velden": [_field("bejegeningsadvies")]}, media=OWN_FORM), 201),
        (region.on(ggz, "bronvoorwaarden", {"velden": ["bejegeningsadvies"], "veto": True}), 201),
        (region.on(ggz, "terugnames", {"velden": ["bejegeningsadvies"]}), 201),
        (region.on(ggz, "verstrekkingen", {"ontvanger": police, "doel": "D02", "velden": ["*"]}), 201),
        (region.send(police, "GET", "/postvak"), 200),
        (region.post(college, "/zoekingen", _search()), 404),
    ):
        assert answer.status_code == status, answer.text
    hub, casus = region.hub, region.casus_id(OPEN)
    hub.store.commit(lambda tx: hub.compartments.rewrap(tx.connection, casus))
    with hub.store.snapshot() as moment:
        assert hub.compartments.drop_older(moment, casus)


def _field(name: str) -> dict[str, Any]:
    return {"veld": name, "niveaus": {"vol": "Verzonnen tekst.", "sam": "Kort."}}


def _search() -> dict[str, Any]:
    return {"doel": "D02", "persoon": {"naam": "Boskamp", "geboortedatum": "1980-01-01"}}


def _scans(files: list[Path], text: str) -> Iterator[str]:
    """What SQLite says of a statement that reads a whole table. Reading on from an end of a key is none."""
    if (
        not text.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH"))
        or "LIMIT 1 OFFSET 0" in text
    ):
        return
    for file in files:
        with sqlite3.connect(file) as connection:
            try:
                plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}")]
            except sqlite3.OperationalError:
                continue  # It is of the other file.
        for step in plan:
            if step.startswith("SCAN ") and not step.startswith(("SCAN CONSTANT", *(f"SCAN {name}" for name in SMALL))):
                yield f"{step}: {_VALUE.sub('?', text)}"
