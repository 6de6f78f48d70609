"""Events out: one JSON object a line on standard error, and what libraries say without their words."""

import json
import logging
import sys
import time
from typing import Any

from hub.events.catalogue import EVENT_REFUSED, EVENTS, LIBRARIES, LIBRARY, LIBRARY_FAILED, Event
from hub.events.kinds import NotAllowed, Shown, checked

_logger = logging.getLogger("hub.events")


def emit(event: Event, **fields: object) -> None:
    """Tell of `event`. What is not of the catalogue is dropped and that is told; where `logging.raiseExceptions` stands
    (in tests, never in a serving hub) it raises `NotAllowed`."""
    try:
        shown = _checked(event, fields)
    except NotAllowed:
        if logging.raiseExceptions:
            raise
        event, shown = EVENT_REFUSED, {}
    _logger.log(event.level, event.name, extra={"hub_event": (event, shown)})


def _checked(event: Event, fields: dict[str, object]) -> dict[str, Shown]:
    if event not in EVENTS:
        raise NotAllowed(f"{event.name} is not in the catalogue")
    return checked(event.name, event.fields, fields)


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """An event with its fields; of any other record only which library spoke, and the kind of its exception."""
        known: tuple[Event, dict[str, Shown]] | None = getattr(record, "hub_event", None)
        event, shown = known if known is not None and record.name == _logger.name else _of_library(record)
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {"at": f"{moment}.{int(record.msecs):03d}Z", "level": logging.getLevelName(event.level)}
        return json.dumps({**line, "event": event.name, **shown})


def _of_library(record: logging.LogRecord) -> tuple[Event, dict[str, Shown]]:
    first = record.name.partition(".")[0]
    library = first if first in LIBRARIES else "other"
    fault = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if fault is None:
        return LIBRARY, checked(LIBRARY.name, LIBRARY.fields, {"library": library})
    return LIBRARY_FAILED, checked(LIBRARY_FAILED.name, LIBRARY_FAILED.fields, {"library": library, "fault": fault})


def to_standard_error() -> None:
    """From now on all logging of this process goes to standard error, as lines of the catalogue, and none may raise."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _logger.setLevel(logging.INFO)
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
