"""What JSON readers may not understand differently (RFC 8259 section 4), and how much there is to read."""

import json
from typing import Any, NoReturn


def distinct_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object that names each key once (`object_pairs_hook`): a key said twice could mean two things to two readers.

    Raises ValueError, without a word of it, otherwise.
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("doubled key")
    return found


def no_number(_: str) -> NoReturn:
    """Refuse what is no number here: NaN and Infinity (`parse_constant`); where all are whole, fractions (`parse_float`)."""
    raise ValueError("no number")


_DECODER = json.JSONDecoder(object_pairs_hook=distinct_keys, parse_constant=no_number)


def one_value(text: bytes) -> Any:
    """The value of one JSON text in UTF-8.

    Raises ValueError, without a word of it, for anything else: doubled keys, NaN, another encoding, a byte order mark,
    numbers of thousands of digits, endless nesting.
    """
    try:
        return _DECODER.decode(text.decode())
    except (ValueError, RecursionError):
        raise ValueError("no JSON") from None


_OPENING, _EMPTY = (b",", b"[", b"{"), (b"[]", b"{}")


def number_of_values(text: bytes, most: int) -> int:
    """How many values a JSON text holds, told before any is made: a value takes thirty times the room of `[],`.

    Exact above `most`, but for a text with so many strings that it is certainly more; below it at most too high, by the
    signs within strings. What is no JSON never gives a reader more values before he notices.
    """
    rough = 1 + sum(map(text.count, _OPENING))
    if rough <= most:
        return rough
    # Strings may hold such signs: they are cut out, once no quote within one is left (RFC 8259 section 7).
    bare = text.replace(rb"\\", b"").replace(rb"\"", b"")
    if bare.count(b'"') > 4 * most:
        # Each value has a key of two quotes and is a string of two, at most.
        return most + 1
    signs = b'"'.join(bare.split(b'"')[::2]).translate(None, b" \t\r\n")
    # A container holds one value more than it has commas, or none.
    return 1 + sum(map(signs.count, _OPENING)) - sum(map(signs.count, _EMPTY))
