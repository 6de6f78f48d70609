"""All that the hub may tell of its running. `docs/telemetry.md` is made of this file; a test holds the two together."""

import logging
from dataclasses import dataclass

from hub.events.kinds import Choice, Code, Count, Door, Fault, Flag, Kind, Milliseconds, TraceId


@dataclass(frozen=True)
class Event:
    """A line of the log of the process: its name, its level, when it is written, and the fields that it has."""

    name: str
    level: int
    when: str
    fields: dict[str, Kind]


@dataclass(frozen=True)
class Metric:
    """A figure: its name, how it is counted (`counter` or `histogram`), its unit (UCUM), and its attributes."""

    name: str
    how: str
    unit: str
    what: str
    fields: dict[str, Kind]


ALARMS_OF = Choice(("noodverzoek", "onleesbaar", "veld", "zoekgrens"))
LIBRARIES = ("asyncio", "concurrent", "fastapi", "opentelemetry", "py", "sqlalchemy", "urllib3", "uvicorn")
STEPS = ("facts", "decision", "opening", "filter", "entry", "reply")
"""The six steps of the path (docs/architecture.md)."""

HUB_STARTED = Event(
    "process.started",
    logging.INFO,
    "the hub is on the air",
    {
        "profile": Choice(("demo", "test", "production")),
        "engine": Choice(("embedded", "opa")),
        "store": Choice(("sqlite", "postgresql")),
        "caches": Flag(),
        "telemetry": Flag(),
    },
)
HUB_STOPPED = Event("process.stopped", logging.INFO, "the hub has ended what ran and stops", {})
REQUEST_UNAVAILABLE = Event(
    "request.unavailable",
    logging.WARNING,
    "a request was answered with a status of 500 or more: nothing was released",
    {"door": Door(), "status": Count(), "duration": Milliseconds(), "trace": TraceId()},
)
REQUEST_FAILED = Event(
    "request.failed", logging.ERROR, "a request met a fault that nobody foresaw", {"fault": Fault(), "trace": TraceId()}
)
WRITE_FAILED = Event(
    "write.failed",
    logging.ERROR,
    "a durable write failed: nothing of its units holds, and nothing was answered",
    {"units": Count(), "fault": Fault()},
)
SCRUB_FAILED = Event(
    "scrub.failed",
    logging.ERROR,
    "what was overwritten still stands in the log of writes of the store: a long reader is in the way; it is tried again",
    {"units": Count(), "fault": Fault()},
)
FLEET_STATUS = Event(
    "fleet.status",
    logging.INFO,
    "an OPA server told of its policy what it had not told before: that it is active, or what is wrong with it",
    {"server": Count(), "code": Code()},
)
ALARM = Event(
    "alarm",
    logging.ERROR,
    "something that should open does not (a record of a casus, or fields), a partner searches too often, or an emergency "
    "is asked for (`noodverzoek`: ring the service of the source, it finds the request in its list)",
    {"what": ALARMS_OF, "count": Count(), "trace": TraceId()},
)
LIBRARY = Event(
    "library.spoke",
    logging.WARNING,
    "a library had something to say, which is not repeated",
    {"library": Choice((*LIBRARIES, "other"))},
)
LIBRARY_FAILED = Event(
    "library.failed",
    logging.ERROR,
    "the same, of an exception",
    {"library": Choice((*LIBRARIES, "other")), "fault": Fault()},
)
EVENT_REFUSED = Event(
    "event.refused", logging.ERROR, "an event was not of this catalogue and is dropped: report it to the makers", {}
)

EVENTS = (
    HUB_STARTED, HUB_STOPPED, REQUEST_UNAVAILABLE, REQUEST_FAILED, WRITE_FAILED, SCRUB_FAILED, FLEET_STATUS,
    ALARM, LIBRARY, LIBRARY_FAILED, EVENT_REFUSED,
)  # fmt: skip

REQUESTS = Metric("requests", "counter", "{request}", "requests answered", {"door": Door(), "status": Count()})
REQUEST_TIME = Metric("request.duration", "histogram", "ms", "how long a request took", {"door": Door()})
STEP_TIME = Metric("step.duration", "histogram", "ms", "how long a step of the path took", {"step": Choice(STEPS)})
DECISIONS = Metric(
    "decisions",
    "counter",
    "{decision}",
    "releases, with fields or without",
    {"outcome": Choice(("released", "refused"))},
)
REFUSALS = Metric("refusals", "counter", "{field}", "fields (or requests) withheld, by what was told", {"code": Code()})
WRITES = Metric("write.units", "histogram", "{unit}", "units of work that shared a durable write", {})
ALARMS = Metric("alarms", "counter", "{alarm}", "alarms, as the event", {"what": ALARMS_OF})
LOOKUPS = Metric("cache.lookups", "counter", "{lookup}", "decisions asked for, and found remembered", {"hit": Flag()})

METRICS = (REQUESTS, REQUEST_TIME, STEP_TIME, DECISIONS, REFUSALS, WRITES, ALARMS, LOOKUPS)

REQUEST_SPAN: dict[str, Kind] = {"door": Door(), "status": Count()}
"""Attributes of the span of a request; below it a span for each of `STEPS`, without attributes."""
