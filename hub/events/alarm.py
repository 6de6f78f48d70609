"""An alarm: told to who watches the hub, and counted."""

from hub.events.catalogue import ALARM, ALARMS
from hub.events.emit import emit
from hub.events.watching import add


def alarm(what: str, count: int, trace: str) -> None:
    """Tell of `what` (the words of `hub.events.catalogue.ALARM`), in the trace of the call."""
    emit(ALARM, what=what, count=count, trace=trace)
    add(ALARMS, what=what)
