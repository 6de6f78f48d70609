"""What every entry of a call begins with, and the entry of a call that tells of no casus."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.model.instant import to_text
from hub.model.release import Entry, Subject


def called(kind: str, subject: Subject, at: datetime) -> dict[str, Any]:
    """Of which kind the call was, when it came and who made it, in the Dutch words of the API."""
    return {
        "soort": kind, "tijdstip": to_text(at), "partner": subject.partner, "gebruiker": subject.user,
        "systeem": subject.client,
    }  # fmt: skip


def of_no_casus(
    kind: str, subject: Subject, at: datetime, what: Mapping[str, Any], internal: Mapping[str, Any] | None = None
) -> Entry:
    """The entry of a call, in the log of the caller's partner. `what`: what else the caller was told."""
    return Entry(kind, at, f"partner/{subject.partner}", {**called(kind, subject, at), **what}, internal or {})
