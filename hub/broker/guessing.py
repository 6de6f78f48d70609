"""How often names, dates of birth and BSNs may be tried: what tells whether a person is known here is one count.

Searches count, hits and misses alike, and deliveries about another person than the casus's. Check and note belong into
the unit of work that answers: units run one by one, so that nobody slips past the limit by asking at the same time.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hub.broker.entry import of_no_casus
from hub.errors import TooMany
from hub.events.alarm import alarm
from hub.model.instant import to_text
from hub.model.release import Subject
from hub.model.trace import current
from hub.store import casus as rows
from hub.store.engine import Connection
from hub.store.notices import report
from hub.store.units import Tx

PER_USER, PER_PARTNER = 60, 600
WINDOW = timedelta(hours=1)
"""Tries an hour, of a user and of a partner as a whole: enough for casework, too few to leaf through a register."""


def must_be_within(conn: Connection, subject: Subject, at: datetime) -> None:
    """Raise TooMany where the user, or his partner as a whole, has no more tries at `at`."""
    user, partner = _tried(conn, subject, at)
    if user >= PER_USER or partner >= PER_PARTNER:
        raise TooMany


def note(conn: Connection, subject: Subject, at: datetime) -> None:
    """Count one try. Those of before the window go: nothing asks for them again."""
    rows.drop_searches(conn, subject.partner, to_text(at - WINDOW))
    rows.note_search(conn, subject.partner, subject.user, to_text(at))


def report_burst(tx: Tx, subject: Subject, at: datetime, what: Mapping[str, Any]) -> None:
    """Enter that the limit was met, and tell the privacy officer (once an hour at most)."""
    user, partner = _tried(tx.connection, subject, at)
    internal = {"by_user": user, "by_partner": partner}
    tx.enter(of_no_casus("zoekgrens", subject, at, {**what, "fout": TooMany.code}, internal))
    report(tx.connection, "zoekgrens", subject.partner, to_text(at))
    alarm("zoekgrens", user, current().id)


def _tried(conn: Connection, subject: Subject, at: datetime) -> tuple[int, int]:
    return rows.searches_since(conn, subject.partner, subject.user, to_text(at - WINDOW))
