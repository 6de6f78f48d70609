"""Whether the name of an organisation is one of police or justice, whose data need a supply record (R12, R13).

A message names organisations in free text. What this cannot read is not let through.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from hub.errors import ShapeError

_NAMES = re.compile(
    "politie|openbaar ministerie|parket|justiti|penitentiair|detentiecentrum|gevangenis|huis van bewaring"
    "|marechaussee|opsporing|rijksrecherche"
)
_ABBREVIATIONS = frozenset({"cjib", "dji", "fiod", "hvb", "jji", "justid", "kmar", "pi", "rjji"})
_OM = "om"
"""Openbaar Ministerie, and a word of Dutch: it counts in capitals, and where a name begins or ends with it."""
_WORD = re.compile(r"[^\W_]+")
_UNREADABLE = "De naam van deze organisatie heeft letters die de hub niet leest."


def is_supplier(name: str, place: str) -> bool:
    """Whether `name` has a word of police or justice. Raises `ShapeError` for letters that are not Latin."""
    written = _words(name)
    words = [word.casefold() for word in written]
    if not all(word.isascii() for word in words):
        raise ShapeError(_UNREADABLE, place=place)
    told = " ".join(words)
    if _NAMES.search(told) or not _ABBREVIATIONS.isdisjoint(words):
        return True
    return _OM in (*words[:1], *words[-1:]) or _OM.upper() in written


def _words(name: str) -> list[str]:
    """The words without accents and signs that do not show; letters that stand alone make one word (`P.I.`, `O M`)."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name))
    shown = "".join(sign for sign in plain if unicodedata.category(sign) not in {"Mn", "Me", "Cf"})
    return list(_joined(_WORD.findall(shown)))


def _joined(words: list[str]) -> Iterator[str]:
    for alone, run in groupby(words, key=lambda word: len(word) == 1):
        if alone:
            yield "".join(run)
        else:
            yield from run
