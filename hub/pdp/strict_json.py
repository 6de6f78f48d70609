"""JSON from outside, read strictly: what two readers could understand differently is a wrong shape."""

import json
from collections.abc import Callable
from itertools import chain
from typing import Any, Final

import orjson

from hub.errors import ShapeError, TooLarge
from hub.model.strict_json import distinct_keys, no_number

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of one document."""
_DEEPEST: Final = 40
_NO_JSON: Final = "Dit is geen geldige JSON."


def loads_strict(text: bytes) -> Any:
    """The value of one JSON text in UTF-8.

    Raises ShapeError for a doubled key, NaN or Infinity, a fraction, invalid UTF-8, a byte order mark, or anything that
    is no JSON; TooLarge over 16 MiB or 40 levels. Sound text (NUL, half surrogates) is for the table of the document.
    """
    if len(text) > LARGEST:
        raise TooLarge(place="document")
    value = _plain(text)
    return _read(text) if value is UNSURE else value


def _read(text: bytes) -> Any:
    try:
        value = _DECODER.decode(text.decode("utf-8"))
    except RecursionError:
        raise TooLarge(place="document") from None
    except ValueError:
        # UnicodeDecodeError and JSONDecodeError too; also whole numbers of thousands of digits.
        raise ShapeError(_NO_JSON, place="document") from None
    if _depth(value) > _DEEPEST:
        raise TooLarge(place="document")
    return value


UNSURE: Final = object()
_CONTAINERS: Final = {dict, list}


def read_distinct(text: bytes, loads: Callable[[bytes], Any], dumps: Callable[[Any], bytes]) -> Any:
    """What `loads` makes of `text` where it, which takes the last of doubled keys, cannot be mistaken; else `UNSURE`.

    Where nothing is escaped, each string is between two quotes and holds none. A key that was said twice is left out
    once, and what `dumps` writes of the value has fewer of them: it may add none of its own. Raises what these two raise.
    """
    if len(text) > LARGEST or b"\\" in text:
        return UNSURE
    value = loads(text)
    return value if dumps(value).count(b'"') == text.count(b'"') else UNSURE


def loads_distinct(text: bytes) -> Any:
    """The value of `text` by a fast reader of JSON, or `UNSURE`. Fractions, and how deep it goes, are for who calls."""
    try:
        return read_distinct(text, orjson.loads, orjson.dumps)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        # The second: more levels than anybody takes.
        return UNSURE


def _plain(text: bytes) -> Any:
    """The value of `text` if a fast reader can take it: all numbers are whole, and it is not too deep; else `UNSURE`."""
    value = loads_distinct(text)
    levels, row = 0, [value]
    while row:
        levels += 1
        if levels > _DEEPEST or float in set(map(type, row)):
            return UNSURE
        inner = [item for item in row if type(item) in _CONTAINERS]
        row = list(chain.from_iterable([item.values() if type(item) is dict else item for item in inner]))
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=distinct_keys, parse_constant=no_number, parse_float=no_number)


def _depth(value: Any) -> int:
    """Levels of nesting, without recursion."""
    level, row = 0, [value]
    while row:
        level += 1
        row = [child for item in row if isinstance(item, dict | list) for child in _children(item)]
    return level


def _children(item: dict[str, Any] | list[Any]) -> list[Any]:
    return list(item.values()) if isinstance(item, dict) else item
