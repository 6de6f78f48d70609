"""Days and instants as Dutch people write them, for what a person reads in a terminal; JSON and proofs keep their own form."""

import re
from typing import Final

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z")


def day(text: str) -> str:
    """The day of an ISO date or instant: `2027-01-10T…` is `10-01-2027`."""
    year, month, number = text[:10].split("-")
    return f"{number}-{month}-{year}"


def minute(text: str) -> str:
    """A UTC instant to the minute: `10-01-2027 11:00 UTC`."""
    return f"{day(text)} {text[11:16]} UTC"


def readable(text: str) -> str:
    """`text`, where all of it is a date or a UTC instant as such, else as it is."""
    return day(text) if _DAY.fullmatch(text) else minute(text) if _INSTANT.fullmatch(text) else text
