"""Shapes of ids of partners, clients and users, wherever they come from."""

import re

ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", re.ASCII)
USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_LIKE_A_BSN = re.compile(r"(?<!\d)\d{8,9}(?!\d)", re.ASCII)


def fits(text: str, shape: re.Pattern[str]) -> bool:
    """Whether `text` may stand in tables and in the log: of its shape, and with no number of a person in it."""
    return shape.fullmatch(text) is not None and _LIKE_A_BSN.search(text) is None
