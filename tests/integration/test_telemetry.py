"""OpenTelemetry, told to a real collector: six steps a request, allowed attributes only, no canary, and nobody waits for it."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import pytest

from hub.errors import WeakConfiguration
from hub.events.catalogue import METRICS, STEPS
from hub.telemetry import reasons_to_refuse, telling, wanted
from tests.integration.collector import Collector, attributes, collecting
from tests.integration.test_canaries import _plant, found
from tests.region import CLOSED_TABLE, OPEN, World
from tests.region import region as region  # noqa: PLC0414 - the fixture

TRACE, SPAN = "8d0c2a2f0d4f4a0c9a7b5f1e2c3d4e5f", "00f067aa0ba902b7"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as found_:
        yield found_


@contextmanager
def told(region: World, base: str, monkeypatch: pytest.MonkeyPatch, **more: str) -> Iterator[None]:
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": base, "OTEL_SERVICE_NAME": "toets", **more}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    hits = region.hub.decider.hits
    with telling(environment, "1", lambda: (hits.asked, hits.served), demo=True) as on:
        assert on
        yield


def test_a_look_is_a_request_with_six_steps_in_the_callers_trace(
    region: World, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    with told(region, collector.base, monkeypatch):
        answer = region.ask("ggz-noord", headers={"traceparent": f"00-{TRACE}-{SPAN}-00"})
        assert answer.status_code == 200
    spans = [span for span in collector.spans() if span.trace_id.hex() == TRACE]
    (request,) = [span for span in spans if span.name == "/casussen/{}/raadplegingen"]
    assert request.parent_span_id.hex() == SPAN
    assert attributes(request) == {"http.route": "/casussen/{}/raadplegingen", "http.response.status_code": 200}
    steps = [span for span in spans if span.parent_span_id == request.span_id]
    assert sorted(span.name for span in steps) == sorted(STEPS)
    assert [attributes(span) for span in steps] == [{}] * 6
    in_order = sorted(steps, key=lambda span: int(span.start_time_unix_nano))
    assert [span.name for span in in_order] == list(STEPS)


def test_figures(region: World, collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    with told(region, collector.base, monkeypatch):
        for _ in range(3):
            region.ask("politie-noord")
        region.post("politie-noord", f"/casussen/{'a' * 52}/raadplegingen", {"doel": "D02", "velden": ["naam"]})
        unreadable = f"UPDATE dossiers SET sealed = zeroblob(64) WHERE casus = '{region.casus_id(CLOSED_TABLE)}'"  # noqa: S608
        region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(unreadable))
        assert region.ask("forfact-noord", casus=CLOSED_TABLE).status_code == 503
    found_ = collector.metrics()
    assert set(found_) == {metric.name for metric in METRICS}
    requests = {tuple(attributes(point).values()): point.as_int for point in found_["requests"].sum.data_points}
    door = "/casussen/{}/raadplegingen"
    assert (requests[door, 200], requests[door, 404], requests[door, 503]) == (3, 1, 1)
    decisions = {attributes(p)["outcome"]: p.as_int for p in found_["decisions"].sum.data_points}
    assert decisions == {"released": 3, "refused": 1}
    refusals = {attributes(p)["code"]: p.as_int for p in found_["refusals"].sum.data_points}
    assert refusals["onbekend"] == 1
    assert refusals["E_NIET_BESCHIKBAAR"] > 1
    assert {attributes(p)["what"] for p in found_["alarms"].sum.data_points} == {"onleesbaar"}
    assert {attributes(p)["step"] for p in found_["step.duration"].histogram.data_points} == set(STEPS)
    hits = {attributes(p)["hit"]: p.as_int for p in found_["cache.lookups"].sum.data_points}
    assert hits[True] >= 2
    assert sum(p.count for p in found_["write.units"].histogram.data_points) >= 5


def test_no_canary_is_told(region: World, collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    with told(region, collector.base, monkeypatch):
        planted, _ = _plant(region)
    assert len(collector.spans()) > 50
    bodies = {f"{number} {path}": body for number, (path, body) in enumerate(collector.raw)}
    assert found(planted, bodies) == []
    ids = [region.casus_id(), *region.names[OPEN].values(), "ggz-noord", "politie-noord"]
    assert [one for one in ids if any(one.encode() in body for body in bodies.values())] == []


def test_a_fault_is_told_without_its_message(
    region: World, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("Jansen 999990342")

    with told(region, collector.base, monkeypatch):
        monkeypatch.setattr(region.hub.compartments, "open", broken)
        assert region.ask("ggz-noord").status_code == 500
    (request,) = [span for span in collector.spans() if span.name == "/casussen/{}/raadplegingen"]
    assert attributes(request)["http.response.status_code"] == 500
    assert all(not span.events and not span.status.message for span in collector.spans())
    assert not any(b"Jansen" in body for _, body in collector.raw)


@pytest.mark.parametrize("how", ["slow", "no", "gone"])
def test_a_collector_that_is_slow_refuses_or_is_gone_holds_up_nobody(
    region: World, collector: Collector, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "slow":
        collector.hold.clear()
    collector.status = 503 if how == "no" else 200
    base = "http://127.0.0.1:9" if how == "gone" else collector.base
    more = {"OTEL_BSP_SCHEDULE_DELAY": "5", "OTEL_BSP_MAX_QUEUE_SIZE": "16", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "8",
            "OTEL_METRIC_EXPORT_INTERVAL": "20"}  # fmt: skip
    region.ask("politie-noord")
    began = perf_counter()
    with told(region, base, monkeypatch, **more):
        for _ in range(20):
            assert region.ask("politie-noord", "naam").status_code == 200
        during = perf_counter() - began
    assert during < 10
    assert perf_counter() - began < 20, "nor the end of the hub for longer than its grace"
    assert region.faults() == []


def test_off_by_default_and_then_nothing_is_imported(region: World) -> None:
    with telling({}, "1", lambda: (0, 0), demo=True) as on:
        assert not on
    # Another library brings the interfaces; what collects and sends is the weight.
    asked = (
        "import sys, hub.run.serving; print([m for m in sys.modules if 'telemetry.sdk' in m or 'telemetry.exp' in m])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == "[]"
    assert region


@pytest.mark.parametrize(
    ("environment", "on"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "hub"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_the_standard_names_switch_it_on(environment: Mapping[str, str], *, on: bool) -> None:
    assert wanted(environment) == on


def test_figures_alone(region: World, collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    with told(region, collector.base, monkeypatch, OTEL_TRACES_EXPORTER="none"):
        region.ask("politie-noord", "naam")
    assert {path for path, _ in collector.raw} == {"/v1/metrics"}


@pytest.mark.parametrize(
    ("environment", "demo", "said"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example.nl:4318"}, False, "alleen over https"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example.nl:4318"}, True, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.example.nl:4318"}, False, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, False, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, True, "http- of https-adres"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://[::1]:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, True, "http/protob"),
    ],
)  # fmt: skip
def test_where_it_may_not_be_told(environment: Mapping[str, str], *, demo: bool, said: str | None) -> None:
    reasons = reasons_to_refuse(environment, demo=demo)
    assert (reasons == []) if said is None else (said in reasons[0])
    if said is not None:
        with pytest.raises(WeakConfiguration), telling(environment, "1", lambda: (0, 0), demo=demo):
            pass


def test_a_redirect_is_not_followed(region: World, collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as elsewhere:
        collector.status, collector.location = 307, elsewhere.base
        with told(region, collector.base, monkeypatch):
            region.ask("politie-noord", "naam")
        assert collector.raw
        assert elsewhere.raw == []
