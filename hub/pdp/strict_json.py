"""JSON from outside, read strictly: what two readers could understand differently is a wrong shape."""

import json
from typing import Any, Final

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
