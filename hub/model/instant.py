"""Instants as the hub keeps them: UTC text of fixed width, so that text order is time order."""

import re
from datetime import UTC, date, datetime, timedelta

LAST = "9999-12-31T23:59:59.999999Z"
"""The last instant that there is."""
WIDTH = 27
"""Characters of `2027-01-10T11:00:00.000000Z`."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OFFSET = r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
"""Python reads `-01:75` too, as two hours and a quarter: an end that is past would not be."""
_INSTANT = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[Tt][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,6}})?{_OFFSET}"
)


def day(text: str) -> date:
    """The day of `YYYY-MM-DD` (RFC 3339 full-date), however it comes in.

    Raises ValueError for a day that does not exist and for any other writing: Python reads weeks (`2027-W01-1`) and
    dates without signs between (`20270101`) as well.
    """
    if not _DAY.fullmatch(text):
        raise ValueError("not an RFC 3339 full-date")
    return date.fromisoformat(text)


def instant(text: str) -> datetime:
    """The instant of RFC 3339 `text`: offset required, at most 6 digits of a second. Raises ValueError otherwise."""
    if not _INSTANT.fullmatch(text):
        raise ValueError("not an RFC 3339 instant")
    return datetime.fromisoformat(text.upper())


def to_text(instant: datetime) -> str:
    """`instant` (with an offset) as UTC text of fixed width, microseconds."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def years_later(text: str, years: int) -> str:
    """The same day and time `years` later, not past `LAST`; 29 February becomes 28 February."""
    year, day = int(text[:4]) + years, text[5:10]
    return LAST if year > 9999 else f"{year:04d}-{'02-28' if day == '02-29' else day}{text[10:]}"


def day_later(text: str) -> str:
    """24 hours later, not past `LAST` (R21: an emergency opens for 24 hours)."""
    try:
        return to_text(from_text(text) + timedelta(hours=24))
    except OverflowError:
        return LAST


def from_text(text: str) -> datetime:
    """The instant of fixed-width UTC `text`."""
    if len(text) != WIDTH or text[-1] != "Z":
        raise ValueError("not an instant of the hub")
    return datetime.fromisoformat(text)
