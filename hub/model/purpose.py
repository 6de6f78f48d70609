"""Purposes (doelen) and actions of a request."""

from enum import StrEnum

PURPOSES = tuple(f"D{n:02d}" for n in range(1, 13))


class Action(StrEnum):
    """What the asker wants to do with the fields."""

    LEZEN = "lezen"
    VERSTREKKEN = "verstrekken"
    ZOEKEN = "zoeken"
    EXPORT = "export"
