"""Traces and figures to an OpenTelemetry collector (OTLP over HTTP). Off unless the standard `OTEL_…` names switch it on.

Nothing of OpenTelemetry is imported while it is off. What is told is what `hub.events.catalogue` has, checked there. It
is sent by threads of their own from queues that drop what does not fit: no request waits for a collector, or fails by it.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hub.errors import WeakConfiguration
from hub.events import watching
from hub.events.catalogue import EVENT_REFUSED, LOOKUPS, METRICS, REQUEST_SPAN, STEP_TIME, STEPS, Metric
from hub.events.emit import emit
from hub.events.kinds import NotAllowed, Shown, checked
from hub.model.address import HTTP_FORM, is_http

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS = (
    "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
)  # fmt: skip
NAME = "hub"
GRACE = 3.0
"""Seconds that the last of what was told may take when the hub stops."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PROTOCOLS = (
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
)

Hits = Callable[[], tuple[int, int]]
"""How often a decision was asked for, and how often it was remembered."""


def wanted(environment: Mapping[str, str]) -> bool:
    """Whether the environment switches telemetry on: an endpoint is named, and the SDK is not disabled."""
    disabled = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not disabled and any(environment.get(name) for name in ENDPOINTS)


def reasons_to_refuse(environment: Mapping[str, str], *, demo: bool) -> list[str]:
    """Why telemetry as wanted may not start: an address without TLS outside this machine, a protocol it does not have."""
    if not wanted(environment):
        return []
    named = [(name, environment.get(name, "")) for name in ENDPOINTS if environment.get(name)]
    reasons = [f"{name}: {HTTP_FORM}" for name, url in named if not is_http(url)]
    reasons += [f"{name}: buiten deze machine alleen over https" for name, url in named if not demo and _is_plain(url)]
    odd = [name for name in _PROTOCOLS if environment.get(name, "http/protobuf") != "http/protobuf"]
    return reasons + [f"{name}: de hub kent alleen http/protobuf" for name in odd]


def _is_plain(url: str) -> bool:
    return is_http(url) and urlsplit(url).scheme == "http" and urlsplit(url).hostname not in _LOOPBACK


@contextmanager
def telling(environment: Mapping[str, str], version: str, hits: Hits, *, demo: bool) -> Iterator[bool]:
    """Tell a collector while this is open, where the environment asks for it; gives whether it does.

    Raises WeakConfiguration with every reason why it may not be told.
    """
    if not wanted(environment):
        yield False
        return
    if reasons := reasons_to_refuse(environment, demo=demo):
        raise WeakConfiguration(reasons)
    telemetry = Telemetry(environment, version, hits)
    watching.watch(telemetry)
    try:
        yield True
    finally:
        watching.watch(None)
        telemetry.close()


class Telemetry:
    """The watcher (`hub.events.watching.Watcher`) that speaks OpenTelemetry."""

    def __init__(self, environment: Mapping[str, str], version: str, hits: Hits) -> None:
        from opentelemetry import trace
        from opentelemetry.sdk.resources import Resource

        self._trace = trace
        found = {} if environment.get("OTEL_SERVICE_NAME") else {"service.name": NAME}
        resource = Resource.create({**found, "service.version": version})
        self._traces = _tracer_provider(resource, environment)
        self._figures = _meter_provider(resource, environment)
        self._tracer = self._traces.get_tracer(NAME, version)
        meter = self._figures.get_meter(NAME, version)
        counted = [metric for metric in METRICS if metric is not LOOKUPS]
        self._metrics: dict[str, Callable[[float, dict[str, Shown]], None]] = {
            metric.name: _instrument(meter, metric) for metric in counted
        }
        meter.create_observable_counter(
            LOOKUPS.name, callbacks=[lambda _options: _lookups(*hits())], unit=LOOKUPS.unit, description=LOOKUPS.what
        )

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """See `Watcher`."""
        if name not in STEPS:
            raise NotAllowed("a step that there is not")
        began = time.perf_counter()
        # An exception is told by nobody here: its message may hold what somebody asked or wrote.
        with self._tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False):
            try:
                yield
            finally:
                self.add(STEP_TIME, (time.perf_counter() - began) * 1000, {"step": name})

    @contextmanager
    def request(self, trace: str, parent: str | None) -> Iterator[Callable[[str, int], None]]:
        """See `Watcher`. The span stands in the caller's trace; whether it is kept is not the caller's to say."""
        api = self._trace
        known = api.SpanContext(
            int(trace, 16), int(parent or trace[:16], 16) or 1, is_remote=True,
            trace_flags=api.TraceFlags(api.TraceFlags.SAMPLED),
        )  # fmt: skip
        context = api.set_span_in_context(api.NonRecordingSpan(known))
        with self._tracer.start_as_current_span(
            "request", context, api.SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:

            def answered(door: str, status: int) -> None:
                try:
                    shown = checked("request", REQUEST_SPAN, {"door": door, "status": status})
                except NotAllowed:
                    emit(EVENT_REFUSED)
                    return
                span.update_name(str(shown["door"]))
                span.set_attributes({"http.route": shown["door"], "http.response.status_code": shown["status"]})

            yield answered

    def add(self, metric: Metric, amount: float, fields: dict[str, object]) -> None:
        """See `Watcher`."""
        try:
            shown = checked(metric.name, metric.fields, fields)
        except NotAllowed:
            emit(EVENT_REFUSED)
            return
        self._metrics[metric.name](amount, shown)

    def close(self) -> None:
        """Send what is left, within `GRACE` seconds."""
        ends = [Thread(target=one.shutdown, daemon=True) for one in (self._traces, self._figures)]
        for end in ends:
            end.start()
        for end in ends:
            end.join(GRACE)


def _session() -> Any:
    """Calls go where the settings say and nowhere else: no proxy of the environment, no redirects."""
    import requests

    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    return session


def _is_told(environment: Mapping[str, str], what: str) -> bool:
    named = environment.get("OTEL_EXPORTER_OTLP_ENDPOINT") or environment.get(f"OTEL_EXPORTER_OTLP_{what}_ENDPOINT")
    return bool(named) and environment.get(f"OTEL_{what}_EXPORTER", "otlp") != "none"


def _tracer_provider(resource: Any, environment: Mapping[str, str]) -> "TracerProvider":
    from opentelemetry.sdk.trace import TracerProvider

    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    if _is_told(environment, "TRACES"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(session=_session())))
    return provider


def _meter_provider(resource: Any, environment: Mapping[str, str]) -> "MeterProvider":
    from opentelemetry.sdk.metrics import MeterProvider

    if not _is_told(environment, "METRICS"):
        return MeterProvider(resource=resource, shutdown_on_exit=False)
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    reader = PeriodicExportingMetricReader(OTLPMetricExporter(session=_session()))
    return MeterProvider([reader], resource=resource, shutdown_on_exit=False)


def _instrument(meter: Any, metric: Metric) -> Callable[[float, dict[str, Shown]], None]:
    make = meter.create_counter if metric.how == "counter" else meter.create_histogram
    made = make(metric.name, unit=metric.unit, description=metric.what)
    told: Callable[[float, dict[str, Shown]], None] = made.add if metric.how == "counter" else made.record
    return told


def _lookups(asked: int, served: int) -> list[Any]:
    from opentelemetry.metrics import Observation

    return [Observation(served, {"hit": True}), Observation(asked - served, {"hit": False})]
