"""A record of processing: its shape, what it never holds, when NEN 7513 is due; and it goes in with its entry or not at all."""

import ast
import importlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from hub.audit.ldv_shape import faults_of_record
from hub.audit.processing import LDV, NAMES, NEN7513, READING, SUBJECT_TYPE, ldv, nen7513
from hub.errors import StoreUnavailable
from hub.model.instant import LAST
from hub.model.release import Entry
from hub.model.trace import Trace, within
from tests.repository import PACKAGES, ROOT, code
from tests.unit.audit.world import ORIGIN, PROCESSING, START, World, entry

CASUS = "0123456789abcdef0123456789abcdef"
MAKERS = {"Entry", "of_no_casus", "enter", "entry_of", "_entry", "_entry_of"}
TRACE = Trace("8d0c2a2f0d4f4a0c9a7b5f1e2c3d4e5f", "00f067aa0ba902b7")
LINES: list[dict[str, Any]] = [
    {"veld": "naam", "bron": "ggz-noord", "niveau": "vol", "grondslag": "lb-1", "geheimUitzondering": None},
    {"veld": "diagnose_dsm", "bron": "ggz-west", "niveau": "sam", "grondslag": "lb-1", "geheimUitzondering": "co-1"},
    {"veld": "naam", "bron": "ggz-west", "niveau": "hit", "grondslag": "lb-2", "geheimUitzondering": None},
]


def look(kind: str = "raadpleging", lines: Any = LINES, duties: tuple[str, ...] = (), **told: Any) -> Entry:
    """An entry as the broker makes it."""
    full = {
        "partner": "politie-noord", "gebruiker": "u-17", "systeem": "politie-zaak", "ontvanger": None, "doel": "D02",
        "casus": "q" * 52, "gegevens": list(lines), "geweigerd": [], "beleid": "sha256:aa", "fout": None,
        "verplichtingen": [{"type": duty} for duty in duties], **told,
    }  # fmt: skip
    return Entry(kind, START, CASUS, full, {"casus": CASUS, "regime": "wgs_zvh", "role": "regiebehandelaar"}, TRACE)


def parts(of: Entry, idx: int = 0) -> Mapping[str, Any]:
    record = PROCESSING.record(of, idx)
    assert record is not None
    found: Mapping[str, Any] = json.loads(record)
    return found


def test_a_look_as_logboek_dataverwerkingen_has_it() -> None:
    record = dict(ldv(parts(look(), 7)))
    assert re.fullmatch("[0-9a-f]{16}", record.pop("span_id"))
    subject = PROCESSING.names.casus_pseudonym("hub/verwerkingen", CASUS)
    assert record == {
        "trace_id": TRACE.id,
        "parent_span_id": TRACE.parent,
        "status": "Ok",
        "name": "Gegevens uit een casus raadplegen",
        "start_time": 1799578800000,
        "end_time": 1799578800000,
        "resource": {"attributes": {"service.name": "hub", "service.version": "0"}},
        "attributes": {
            "dpl.core.processing_activity_id": "urn:hub:verwerking:raadpleging:D02",
            "dpl.core.data_subject_id": subject,
            "dpl.core.data_subject_id_type": SUBJECT_TYPE,
            "dpl.core.foreign_operation.processor": "urn:hub:systeem:politie-zaak",
            "hub.entry": 7,
            "hub.partner": "politie-noord",
            "hub.regime": "wgs_zvh",
            "hub.fields": ["diagnose_dsm", "naam"],
            "hub.legal_basis": ["lb-1", "lb-2"],
            "hub.policy_revision": "sha256:aa",
        },
    }
    assert CASUS not in json.dumps(record)


def test_what_goes_through_its_source_is_not_said_to_have_left() -> None:
    lines = [LINES[0], {**LINES[1], "viaBron": True}]
    both = parts(look(lines=lines, duties=("log_nen7513",)))
    attributes = ldv(both)["attributes"]
    assert (attributes["hub.fields"], attributes["hub.fields_via_source"]) == (["naam"], ["diagnose_dsm"])
    segments = both[NEN7513]["participantSegments"]
    assert [one["participantObjectDetail"] for one in segments] == [["naam:vol"], ["diagnose_dsm:hit"]]


@pytest.mark.parametrize(
    ("of", "status", "kind_of_error"),
    [
        (look(), "Ok", None),
        (look("levering", velden=[{"veld": "naam"}], gegevens=None), "Ok", None),
        (look(lines=[]), "Unset", None),
        (look(lines=[], fout="onbekend"), "Unset", None),
        (look("geweigerd", lines=[], fout="niet-toegestaan"), "Error", "niet-toegestaan"),
        (look(lines=[], fout="beleid-niet-beschikbaar"), "Error", "beleid-niet-beschikbaar"),
    ],
)
def test_status_and_shape(of: Entry, status: str, kind_of_error: str | None) -> None:
    record = ldv(parts(of))
    assert faults_of_record(record) == []
    assert (record["status"], record["attributes"].get("exception.type")) == (status, kind_of_error)


def test_users_are_in_the_part_of_nen_7513_alone() -> None:
    both = parts(look(duties=("log_dataverwerking", "log_nen7513")))
    assert "u-17" in json.dumps(both[NEN7513])
    assert "u-17" not in json.dumps(both[LDV])
    assert NEN7513 not in parts(look(duties=("log_dataverwerking",)))


def test_a_look_as_nen_7513_has_it() -> None:
    due = parts(look(duties=("log_nen7513",)))
    record = nen7513(due, PROCESSING.site_attributes())
    assert record is not None
    assert faults_of_record(record) == []
    assert record["resource"]["attributes"]["nen7513.AuditEnterpriseSiteID"] == ORIGIN
    found = {key.removeprefix("dpl.nen7513."): value for key, value in record["attributes"].items() if "nen7513" in key}
    user, system = found["users"]
    assert user == {"userID": "u-17", "alternateUserID": "politie-noord/u-17", "userIsRequestor": True,
                    "roleIDCode": "regiebehandelaar", "purposeOfUse": "D02"}  # fmt: skip
    assert (system["userID"], system["userIsRequestor"]) == ("politie-zaak", False)
    assert [one["participantObjectID"] for one in found["participants"]] == [
        record["attributes"]["dpl.core.data_subject_id"]
    ]
    assert {s["participantObjectID"]: s["participantObjectDetail"] for s in found["participantSegments"]} == {
        "ggz-noord": ["naam:vol"],
        "ggz-west": ["diagnose_dsm:sam", "naam:hit"],
    }
    assert (found["autorisatieProtocol"], found["behandelrelatieProtocol"], found["toestemmingsProfiel"]) == (
        "sha256:aa", ["lb-1", "lb-2"], ["co-1"],
    )  # fmt: skip
    assert nen7513(parts(look()), {}) is None


def test_no_data_subject_where_there_is_no_casus() -> None:
    attributes = ldv(parts(replace(look("postvak"), internal={})))["attributes"]
    assert not any("data_subject" in key for key in attributes)


def test_what_a_caller_says_his_purpose_is_does_not_become_an_address() -> None:
    activity = ldv(parts(look(doel="D02/../x ")))["attributes"]["dpl.core.processing_activity_id"]
    assert activity == "urn:hub:verwerking:raadpleging"


def test_the_register_of_the_controller_is_named() -> None:
    own = replace(PROCESSING, register="https://register.example.nl/verwerkingen")
    record = own.record(look(), 0)
    assert record is not None
    attributes = ldv(json.loads(record))["attributes"]
    assert attributes["dpl.core.processing_activity_id"] == "https://register.example.nl/verwerkingen/raadpleging/D02"


def test_an_action_ends_when_it_is_entered() -> None:
    late = replace(PROCESSING, clock=lambda: START + timedelta(milliseconds=67))
    early = replace(PROCESSING, clock=lambda: START - timedelta(seconds=1))
    times = [json.loads(one.record(look(), 0) or b"{}")[LDV] for one in (late, early)]
    assert [one["end_time"] - one["start_time"] for one in times] == [67, 0]


def kinds_in(path: Path) -> Iterator[str]:
    """The kind of each entry a module makes: a plain text or a constant, as first argument, as `kind=` or as its default."""
    said: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in MAKERS:
            said += [*node.args[:1], *(one.value for one in node.keywords if one.arg == "kind")]
        if isinstance(node, ast.FunctionDef) and node.name in MAKERS:
            said += [
                value
                for arg, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                if arg.arg == "kind"
            ]
    for one in said:
        if isinstance(one, ast.Constant):
            yield str(one.value)
        elif isinstance(one, ast.Name) and one.id.isupper():
            yield getattr(importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)), one.id)


def test_every_kind_of_entry_has_a_name() -> None:
    found = {kind for path in code(*PACKAGES) for kind in kinds_in(path)}
    assert {"beheer", "levering", "onbekend", "proefhuurder", "beleid-effect"} <= found
    assert found - {READING} <= set(NAMES)
    assert {"raadpleging", "zoeking", "verstrekking", "ontvangst"} <= set(NAMES)


# --- in one with the entry ---


def records(world: World) -> list[Mapping[str, Any] | None]:
    with world.store.snapshot() as conn:
        found, following = world.log.records(conn, "", LAST, 0, world.log.head(conn).size)
        assert world.log.records(conn, "", LAST, following, world.log.head(conn).size)[0] == []
        return found


def test_one_record_an_entry_in_order_and_none_of_reading_the_log(world: World) -> None:
    world.fill(70)
    world.add(Entry(READING, START, "hub", {"gebruiker": "beheer"}, {}))
    found = records(world)
    assert [one[LDV]["attributes"]["hub.entry"] for one in found if one] == list(range(70))
    assert world.check() == []


def test_entries_of_one_call_stand_in_one_trace_each_with_a_span_of_its_own(world: World) -> None:
    with within(TRACE):
        world.add(entry(0), entry(1))
    world.add(entry(2))
    first, second, third = (one[LDV] for one in records(world) if one)
    assert first["trace_id"] == second["trace_id"] == TRACE.id != third["trace_id"]
    assert first["span_id"] != second["span_id"]


def test_without_the_record_there_is_no_entry(world: World) -> None:
    world.fill(3)
    with world.store._writer.begin() as conn:
        conn.execute(text("ALTER TABLE processing_records RENAME TO gone"))
    with pytest.raises(StoreUnavailable):
        world.add(entry(3))
    with world.store._writer.begin() as conn:
        conn.execute(text("ALTER TABLE gone RENAME TO processing_records"))
    with world.store.snapshot() as conn:
        assert world.log.head(conn).size == 3
    world.fill(4)
    assert world.check() == []
    assert len(records(world)) == 4


def test_a_record_ends_with_the_log_key_of_its_entry(world: World) -> None:
    world.add(entry(0, "een"), entry(1, "twee"))
    world.keyring.destroy("log/een")
    first, second = records(world)
    assert first is None
    assert second is not None
