"""Instants of the contract: RFC 3339 with an offset in, UTC text of fixed width out (rules compare them as text)."""

from datetime import UTC, datetime
from functools import lru_cache

from hub.model.instant import instant


@lru_cache(maxsize=8192)
def utc_text(text: str) -> str:
    """`text` (RFC 3339, offset required, at most 6 digits of a second) as `2027-01-10T11:00:00.000000Z`.

    Raises ValueError for another form, a date that does not exist, a leap second, or a year outside 0001-9999 (also
    after the move to UTC). More than 6 digits is refused: a digit dropped in silence could move an end past `at`.
    """
    return _fixed(instant(text))


def _fixed(given: datetime) -> str:
    try:
        moved = given.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the years 0001-9999") from error
    return moved.isoformat(timespec="microseconds")[:26] + "Z"
