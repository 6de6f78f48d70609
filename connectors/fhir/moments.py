"""FHIR dates, which may be partial, as instants of the hub.

A date without a time is a whole Dutch day, and a Dutch day is one or two hours ahead of UTC. `wide` says which way to
round:
a refusal must count for every moment that may be meant, a consent only for those that are meant for certain.
"""

from datetime import UTC, date, datetime, timedelta

from hub.model.instant import to_text

_DAY = 10
_WINTER, _SUMMER = timedelta(hours=1), timedelta(hours=2)


def start(text: str | None, *, wide: bool) -> str | None:
    """The first instant of a FHIR date or dateTime; null where it is absent or, unless `wide`, less precise than a
    day."""
    if not text or (len(text) < _DAY and not wide):
        return None
    if len(text) > _DAY:
        return _instant(text)
    return _shifted(_first_day(text), _SUMMER if wide else _WINTER)


def end(text: str | None, *, wide: bool) -> str | None:
    """The instant from which a period that ends with FHIR date `text` (a whole day, or the instant) is past."""
    if not text:
        return None
    if len(text) > _DAY:
        return _instant(text)
    following = _day_after(text) if wide or len(text) == _DAY else _first_day(text)
    return _shifted(following, _WINTER if wide else _SUMMER)


def _instant(text: str) -> str | None:
    """A FHIR dateTime with a time always has an offset."""
    try:
        return to_text(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _first_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < _DAY else text)
    except ValueError:
        return None


def _day_after(text: str) -> date | None:
    """The day after the last one that `text` may mean."""
    day = _first_day(text)
    if day is None or day.year >= date.max.year - 1:
        return None
    if len(text) == _DAY:
        return day + timedelta(days=1)
    if len(text) == len("2027"):
        return date(day.year + 1, 1, 1)
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _shifted(day: date | None, ahead: timedelta) -> str | None:
    if day is None or day.year < 2:
        return None
    return to_text(datetime(day.year, day.month, day.day, tzinfo=UTC) - ahead)
