"""Instants of the contract: RFC 3339 with an offset in, UTC text of fixed width out (rules compare them as text)."""

import re
from datetime import UTC, datetime
from functools import lru_cache

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)


@lru_cache(maxsize=8192)
def utc_text(text: str) -> str:
    """`text` (RFC 3339, offset required, at most 6 digits of a second) as `2027-01-10T11:00:00.000000Z`.

    Raises ValueError for another form, a date that does not exist, a leap second, or a year outside 0001-9999 (also
    after the move to UTC). More than 6 digits is refused: a digit dropped in silence could move an end past `at`.
    """
    if not _RFC3339.fullmatch(text):
        raise ValueError("not an RFC 3339 instant")
    return _fixed(datetime.fromisoformat(text.upper()))


def _fixed(instant: datetime) -> str:
    try:
        moved = instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the years 0001-9999") from error
    return moved.isoformat(timespec="microseconds")[:26] + "Z"
