"""Entries of calls: who called, when, and in whose log it stands."""

from datetime import UTC, datetime

from hub.broker.entering import refused
from hub.broker.entry import called
from hub.casework import writing
from hub.casework.moment import Call
from hub.model.release import Entry, Subject

AT = datetime(2027, 1, 10, 11, tzinfo=UTC)
ASKER = Subject("ggz-noord", "ggz-noord-1", "epd-noord")
FRAME = {
    "tijdstip": "2027-01-10T11:00:00.000000Z",
    "partner": "ggz-noord",
    "gebruiker": "ggz-noord-1",
    "systeem": "epd-noord",
}


def test_an_entry_tells_who_called_and_when() -> None:
    assert called("zoeking", ASKER, AT) == {"soort": "zoeking", **FRAME}


def test_what_is_of_no_casus_stands_in_the_log_of_the_callers_partner() -> None:
    def of(kind: str, what: dict[str, str | None]) -> Entry:
        return Entry(kind, AT, "partner/ggz-noord", {"soort": kind, **FRAME, **what}, {})

    call = Call(ASKER, "pseudoniem", AT)
    assert writing.unknown(call) == of("onbekend", {"casus": None, "fout": "onbekend"})
    assert writing.refused(call, "te-laat") == of("geweigerd", {"casus": "pseudoniem", "fout": "te-laat"})
    assert refused(ASKER, AT, "zoeking", "te-laat") == of("geweigerd", {"aanroep": "zoeking", "fout": "te-laat"})
