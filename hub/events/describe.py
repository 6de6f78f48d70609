# ruff: noqa: E501 (a row of a Markdown table is one line)
"""The page of all that may be told, written from the catalogue: `python -m hub.events.describe docs/telemetry.md`."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from hub.events.catalogue import EVENTS, METRICS, REQUEST_SPAN, STEPS
from hub.events.kinds import Kind

_TOP = """# What the hub tells of its own running

Written from the code by `python -m hub.events.describe docs/telemetry.md`; a test fails when it is not current.

Nothing else can be told: each event, span and figure has the fields that stand here and no others, and no field takes
free text. So no value, name, citizen number, token, pseudonym, id of a casus, partner or user, address with an id in it,
or message of an error gets into a log, a trace or a figure. Who saw what of whom stands in the log of the hub and in its
records of processing (`hub log ldv`, `hub log nen7513`), sealed; this page is about the process.

## Events

`hub serve` writes them to standard error, one JSON object a line: `at` (UTC), `level`, `event`, and the fields. There is
no line for each request. What a library has to say is told as `library.spoke`, without its words.

| event | level | when | fields |
|---|---|---|---|
"""

_TRACES = """
## Traces and figures

OpenTelemetry over OTLP (http/protobuf), off by default. The standard names of the environment switch it on and steer it:

| name | what |
|---|---|
| `OTEL_EXPORTER_OTLP_ENDPOINT`, or `…_TRACES_ENDPOINT`, `…_METRICS_ENDPOINT` | the collector; naming one switches it on. In production https, or this machine |
| `OTEL_SDK_DISABLED` | `true` switches it off again |
| `OTEL_TRACES_EXPORTER`, `OTEL_METRICS_EXPORTER` | `none` leaves that one out |
| `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES` | what this process is called (else `hub`) |
| `OTEL_EXPORTER_OTLP_HEADERS`, `…_CERTIFICATE`, `…_TIMEOUT`, `…_COMPRESSION`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_…`, `OTEL_METRIC_EXPORT_INTERVAL` | as their standard says |

A collector that is slow, refuses or is gone costs no request anything: what does not fit in the queue is dropped. No
proxy of the environment is used and no redirect followed. Traces may be sampled; records of processing never are.

"""


def render() -> str:
    """The page."""
    events = "".join(
        f"| `{one.name}` | {logging.getLevelName(one.level)} | {one.when} | {_fields(one.fields)} |\n" for one in EVENTS
    )
    return _TOP + events + _TRACES + "".join(_spans()) + "".join(_metrics())


def _spans() -> Iterator[str]:
    yield f"A request is a span, named by its route, in the trace of its caller (`traceparent`): {_fields(REQUEST_SPAN)}\n"
    yield "(`http.route` and `http.response.status_code`). Below it stands a span for each step of the path, without\n"
    yield f"attributes: {', '.join(f'`{step}`' for step in STEPS)}. No span has an event or a message.\n\n"


def _metrics() -> Iterator[str]:
    yield "| figure | kind | unit | what | attributes |\n|---|---|---|---|---|\n"
    for one in METRICS:
        yield f"| `{one.name}` | {one.how} | {one.unit} | {one.what} | {_fields(one.fields)} |\n"


def _fields(fields: dict[str, Kind]) -> str:
    return "; ".join(f"`{name}`: {kind}" for name, kind in fields.items()) or "none"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")
