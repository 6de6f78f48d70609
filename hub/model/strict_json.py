"""What JSON readers may not understand differently: hooks for the `json` of the standard library (RFC 8259 section 4)."""

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
