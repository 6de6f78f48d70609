"""The reference data of VERA that the hub reads, as data: `referentiedata.json` (VERA 4.3; code, name, parent).

What is delivered is the name from these lists, never the name that a document gives: that is free text.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from hub.errors import ShapeError

CONFIDENTIAL = "VERTROUWELIJKHEID.GEH"
"""What a corporation keeps for who is addressed alone, such as data of care and of offences: nothing of it is taken."""

_FILE = Path(__file__).parent / "referentiedata.json"


@lru_cache(maxsize=1)
def lists() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Each list: code to `naam`, and `ouder` (`LIST.CODE`) where the code stands under another."""
    read: dict[str, dict[str, dict[str, str]]] = json.loads(_FILE.read_text("utf-8"))
    return read


def code_of(part: Mapping[str, Any], element: str, list_: str, place: str) -> str | None:
    """`LIST.CODE` of the Referentiedata in `part[element]`, null where it is absent. Raises `ShapeError` for a code
    that the list does not have."""
    told = part.get(element)
    if told is None:
        return None
    if told["code"] not in lists()[list_]:
        raise ShapeError("Deze code staat niet in de referentiedata van VERA.", place=f"{place}.{element}.code")
    return f"{list_}.{told['code']}"


def name_of(code: str | None) -> str | None:
    """The published name of `LIST.CODE`."""
    if code is None:
        return None
    list_, _, short = code.partition(".")
    return lists()[list_][short]["naam"]


def pair(
    part: Mapping[str, Any], above: tuple[str, str], below: tuple[str, str], place: str
) -> tuple[str | None, str | None]:
    """(soort, detailSoort) of a part, each told as (element, list); the soort is that above the detailSoort where it is
    left out.

    Raises `ShapeError` for an unknown code, and where the two contradict each other.
    """
    soort, detail = code_of(part, *above, place), code_of(part, *below, place)
    parent = lists()[below[1]][detail.partition(".")[2]].get("ouder") if detail else None
    if soort and parent and soort != parent:
        raise ShapeError("Deze code hoort bij een andere soort.", place=f"{place}.{below[0]}.code")
    return soort or parent, detail
