"""Logboek Dataverwerkingen: the published examples break the standard's own table and are refused; our records are not."""

import json
from pathlib import Path
from typing import Any

import jsonschema

from hub.audit.ldv_shape import faults_of_record
from hub.audit.processing import LDV, nen7513, parts_of
from tests.unit.audit.test_processing import look
from tests.unit.audit.world import PROCESSING

FOLDER = "logboek"


def _read(samples: Path, name: str) -> Any:
    return json.loads((samples / FOLDER / name).read_text(encoding="utf-8"))


def test_every_printed_example_is_refused_for_what_is_wrong_with_it(samples: Path) -> None:
    examples = _read(samples, "logboek-dataverwerkingen-1.0.0.examples.json")
    faults = [{fault.partition(":")[0] for fault in faults_of_record(example)} for example in examples]
    assert len(faults) == 2
    assert {"trace_id", "span_id", "status", "name", "start_time", "end_time"} <= faults[0]
    assert {"status", "start_time", "end_time", "parent_span_id"} <= faults[1]
    assert all("dpl.core.processing_activity_id" in found for found in faults)


def test_our_attributes_are_those_of_the_published_schema(samples: Path) -> None:
    schema = _read(samples, "attributes.schema.json")
    record = PROCESSING.record(look(duties=("log_nen7513",)), 0)
    assert record is not None
    parts = parts_of(record)
    assert set(schema["properties"]) <= set(parts[LDV]["attributes"])
    for found in (parts[LDV], nen7513(parts, {})):
        assert found is not None
        assert faults_of_record(found) == []
        jsonschema.validate(found["attributes"], schema, format_checker=jsonschema.FormatChecker())


def test_the_attributes_of_nen_7513_are_those_of_the_published_extension(samples: Path) -> None:
    (page,) = (samples / FOLDER).glob("nen7513-*")
    text = page.read_text(encoding="utf-8")
    record = PROCESSING.record(look(duties=("log_nen7513",)), 0)
    assert record is not None
    found = nen7513(parts_of(record), PROCESSING.site_attributes())
    assert found is not None
    named = {key for key in found["attributes"] if key.startswith("dpl.nen7513.")}
    named |= {key for key in found["resource"]["attributes"] if key.startswith("nen7513.")}
    for key in ("users", "participants", "participantSegments"):
        named |= {name for one in found["attributes"][f"dpl.nen7513.{key}"] for name in one}
    assert len(named) > 15
    assert {name for name in named if name not in text} == set()
