"""The record of a decision: what goes in with which entry, and what the standard would not have."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.audit.decision_log import ENTRIES, EVENTS, decision_record, faults_of_decision
from hub.model.release import DECISION_EVENT, Entry
from hub.model.trace import Trace

AT = datetime(2027, 1, 10, 11, tzinfo=UTC)
ENTRY = Entry(
    "toets", AT, "c" * 32, {"fout": None}, {DECISION_EVENT: EVENTS[0], "policy_revision": "sha256:0"}, Trace("a" * 32)
)


def _record(entry: Entry = ENTRY) -> dict[str, Any]:
    found = decision_record(entry, 7, "1.0.0", "hub/log")
    assert found is not None
    return found


def test_an_entry_of_no_decision_has_none() -> None:
    assert decision_record(replace(ENTRY, internal={}), 7, "1.0.0", "hub/log") is None


@pytest.mark.parametrize(
    ("code", "status"), [(None, "Unset"), ("onbekend", "Unset"), ("beleid-niet-beschikbaar", "Error")]
)
def test_a_denial_is_no_error(code: str | None, status: str) -> None:
    record = _record(replace(ENTRY, told={"fout": code}))
    assert (record["status"], record["timestamp"]) == (status, 1799578800000)
    assert faults_of_decision(record) == []


def test_a_call_of_several_names_their_entries() -> None:
    record = _record(replace(ENTRY, internal={**ENTRY.internal, ENTRIES: [3, 4]}))
    for part in ("request", "response", "information"):
        assert record["attributes"][f"adl.core.{part}"] == {"hub-log": [3, 4]}
    assert "parent_span_id" not in record
    assert _record()["span_id"] != _record()["span_id"]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"trace_id": "0" * 32}, "trace_id"), ({"trace_id": "A" * 32}, "trace_id"), ({"span_id": "1"}, "span_id"),
        ({"parent_span_id": None}, "parent_span_id"), ({"event_name": "adl.other"}, "event_name"),
        ({"status": "ok"}, "status"), ({"timestamp": "2027"}, "timestamp"), ({"timestamp": True}, "timestamp"),
        ({"timestamp": -1}, "timestamp"), ({"extra": 1}, "extra"), ({"body": []}, "body"), ({"attributes": {}}, "adl.core"),
        ({"body": {"adl.core.request": {}}}, "adl.core.request"), ({"body": {"values": {}}}, "body"),
    ],
)  # fmt: skip
def test_what_the_standard_would_not_have_is_a_fault(changed: dict[str, Any], fault: str) -> None:
    faults = faults_of_decision({**_record(), **changed})
    assert faults
    assert faults[0].startswith(fault)
    assert faults_of_decision("record") == ["record: geen object"]
