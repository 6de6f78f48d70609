"""What a real server tells of itself: lines of the catalogue alone, and spans to a collector when it is asked to."""

import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.events.catalogue import EVENTS, STEPS
from tests.integration.collector import Collector, attributes, collecting
from tests.region import OPEN, Line, Server, server, template_of_today


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.base)
        yield found


@pytest.fixture
def running(tmp_path: Path, collector: Collector) -> Iterator[Server]:
    shutil.copytree(template_of_today().home, tmp_path / "home")
    assert collector.base
    with server(tmp_path) as found:
        yield found


def told(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "stderr").read_text().splitlines()]


def test_a_server_tells_lines_of_the_catalogue_and_spans(running: Server, collector: Collector, tmp_path: Path) -> None:
    line = Line(running.base, running.home, "politie-noord")
    name = template_of_today().names[OPEN]["politie-noord"]
    asked = line.post(f"/casussen/{name}/raadplegingen", {"doel": "D02", "velden": ["naam"]})
    assert asked.status_code == 200
    assert line.http.get(f"{running.base}/gezond").json() == {"status": "gezond"}
    # A request that is none: the server itself has something to say of it, and nobody repeats it.
    line.http.get(f"{running.base}/v1/casussen/{name}%00/x?bsn=999990342")
    line.http.close()
    assert running.stop(signal.SIGTERM) == 0
    lines = told(tmp_path)
    assert {one["event"] for one in lines} <= {event.name for event in EVENTS}
    assert (lines[0]["event"], lines[0]["telemetry"], lines[0]["store"]) == ("process.started", True, "sqlite")
    assert lines[-1]["event"] == "process.stopped"
    names = {span.name for span in collector.spans()}
    assert {"/casussen/{}/raadplegingen", *STEPS} <= names
    assert not any(name.encode() in body for _, body in collector.raw)
    assert "requests" in collector.metrics()
    assert all("{}" in str(attributes(p)["door"]) or "casus" not in str(attributes(p)["door"])
               for p in collector.metrics()["requests"].sum.data_points)  # fmt: skip
