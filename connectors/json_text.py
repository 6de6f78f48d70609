"""Strict reading of JSON text: what another reader could read differently is refused (RFC 8259, RFC 7493 I-JSON).

Every fault is a `ShapeError` with its place. A place names only keys that the format knows: an unknown key may be a
value in disguise.
"""

import json
import math
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from connectors.context import MAX_BYTES, MAX_DEPTH, MAX_VALUES
from hub.errors import ShapeError, TooLarge
from hub.model.strict_json import number_of_values

_LARGEST_WHOLE = 2**53 - 1
"""Larger whole numbers are not the same number for every reader (RFC 7493 section 2.2)."""
_TOO_MUCH = "Dit bericht is te diep genest of heeft te veel onderdelen."


class _Fault(Exception):
    """A fault on its way up; each level adds its step to the path."""

    def __init__(self, error: type[ShapeError], sentence: str) -> None:
        super().__init__()
        self.error, self.sentence = error, sentence
        self.steps: list[str | int] = []


@dataclass(frozen=True)
class _Refused:
    """Stands where a value was that JSON readers do not agree on, until the check finds its place."""

    sentence: str


@dataclass(frozen=True)
class Unchecked:
    """What a document holds, read but not judged: a fault is told by who knows the keys of its format (`read`)."""

    value: Any


Document = bytes | Unchecked
"""A JSON document as it came, or already parsed: no document is parsed twice."""


def parsed(document: bytes) -> Unchecked:
    """The value that `document` (UTF-8 JSON, at most 10 MiB and MAX_VALUES values) holds, for `read`.

    Raises `ShapeError` for what is no JSON, or `TooLarge`, before a value is made.
    """
    text = decoded(document)
    if number_of_values(document, MAX_VALUES) > MAX_VALUES:
        raise TooLarge(_TOO_MUCH, place="$")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
        )
    except json.JSONDecodeError as fault:
        raise ShapeError("Dit is geen geldige JSON.", place=f"regel {fault.lineno}, kolom {fault.colno}") from None
    except RecursionError:
        raise TooLarge("Dit bericht is te diep genest.", place="$") from None
    return Unchecked(value)


def read(document: Document, known: Container[str] = ()) -> Any:
    """The value that `document` holds, judged. `known`: keys that a place may name.

    Raises `ShapeError` (place of the fault) or `TooLarge`.
    """
    value = (parsed(document) if isinstance(document, bytes) else document).value
    try:
        _check(value, 1)
    except _Fault as fault:
        raise fault.error(fault.sentence, place=place(list(reversed(fault.steps)), known)) from None
    return value


def decoded(document: bytes) -> str:
    """`document` as text; raises `TooLarge`, or `ShapeError` for what is not UTF-8 or holds a NUL."""
    if len(document) > MAX_BYTES:
        raise TooLarge(place="$")
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise ShapeError("Dit is geen geldige UTF-8-tekst.", place=f"byte {fault.start}") from None
    if "\x00" in text:
        raise ShapeError("Het teken NUL mag niet.", place=f"teken {text.index(chr(0))}")
    return text


def place(steps: list[str | int], known: Container[str]) -> str:
    """A path such as `velden[2].niveaus.sam`; a key that is not `known` becomes `*`."""
    written = ""
    for step in steps:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            written += ("." if written else "") + (step if step in known else "*")
    return written or "$"


def _object(members: list[tuple[str, Any]]) -> Any:
    whole = dict(members)
    return whole if len(whole) == len(members) else _Refused("Een sleutel staat hier twee keer.")


def _no_number(_: str) -> Any:
    return _Refused("NaN en oneindig zijn geen getallen in JSON.")


def _finite(text: str) -> Any:
    number = float(text)
    return number if math.isfinite(number) else _Refused("Dit getal is te groot.")


def _whole(text: str) -> Any:
    if len(text) > 17 or abs(int(text)) > _LARGEST_WHOLE:
        return _Refused("Dit getal is te groot.")
    return int(text)


def _check(value: Any, depth: int) -> None:
    """Depth, doubled keys, and strings that are not text."""
    if depth > MAX_DEPTH:
        raise _Fault(TooLarge, _TOO_MUCH)
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        _check_members(value.items(), depth)
    elif isinstance(value, _Refused):
        raise _Fault(ShapeError, value.sentence)
    elif isinstance(value, list):
        _check_members(enumerate(value), depth)


def _check_members(members: Any, depth: int) -> None:
    for step, value in members:
        try:
            if isinstance(step, str):
                _check_text(step)
            _check(value, depth + 1)
        except _Fault as fault:
            fault.steps.append(step)
            raise


def _check_text(text: str) -> None:
    """No NUL, and no half of a surrogate pair: neither can be written as UTF-8 text everywhere."""
    if "\x00" in text:
        raise _Fault(ShapeError, "Het teken NUL mag niet.")
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise _Fault(ShapeError, "Hier staat een half teken.")
