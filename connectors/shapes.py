"""The JSON Schemas of the hub's own forms, compiled once, and their faults as places and plain sentences."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from connectors.json_text import place
from hub.errors import ManyShapeErrors, ShapeError
from hub.model.instant import day

FOLDER = Path(__file__).parent / "schemas"
MAX_FAULTS = 50
_MAX_LOOKED_AT = 1_000
"""Faults of one document that are looked at: a document of faults alone is refused as fast as any other."""

_SENTENCES = {
    "required": "Hier ontbreekt iets dat verplicht is.",
    "additionalProperties": "Hier staat iets dat de hub niet kent.",
    "type": "Dit is niet van het goede soort.",
    "enum": "Deze waarde kent de hub niet.",
    "const": "Hier hoort een vaste waarde.",
    "pattern": "Dit is niet in de afgesproken vorm geschreven.",
    "format": "Dit is geen geldige datum (jjjj-mm-dd).",
    "minLength": "Dit is leeg of te kort.",
    "maxLength": "Dit is te lang.",
    "minItems": "Hier moet minstens één ding staan.",
    "maxItems": "Hier staat te veel.",
    "uniqueItems": "Hier staat iets dubbel.",
    "minProperties": "Hier moet minstens één ding staan.",
    "maxProperties": "Hier mag maar één ding staan.",
}


@dataclass(frozen=True)
class Shape:
    """One form: its schema, the validator of it, and the keys that a place may name."""

    document: dict[str, Any]
    validator: Validator
    known: frozenset[str]

    def check(self, document: Any) -> None:
        """Raises `ManyShapeErrors` with each fault as (place, Dutch sentence); never a value."""
        if self.validator.is_valid(document):
            return
        faults = sorted({self._told(fault) for fault in islice(self.validator.iter_errors(document), _MAX_LOOKED_AT)})
        raise ManyShapeErrors(faults[:MAX_FAULTS])

    def _told(self, fault: ValidationError) -> tuple[str, str]:
        sentence = _SENTENCES.get(str(fault.validator), "Dit heeft niet de afgesproken vorm.")
        return place([*fault.absolute_path, *_missing(fault)], self.known), sentence


def _missing(fault: ValidationError) -> Iterator[str]:
    """The name of the required key that is absent: it is in the schema, so it is no value."""
    if fault.validator == "required" and isinstance(fault.instance, dict):
        required: Any = fault.validator_value
        yield next(name for name in required if name not in fault.instance)


@contextmanager
def within(place: str) -> Iterator[None]:
    """Faults that are raised here have their places inside `place`; an empty one is the document itself."""
    try:
        yield
    except ManyShapeErrors as fault:
        raise ManyShapeErrors([(_inside(place, found), sentence) for found, sentence in fault.faults]) from None
    except ShapeError as fault:
        raise type(fault)(fault.sentence, place=_inside(place, fault.place)) from None


def _inside(place: str, found: str | None) -> str:
    if not place:
        return found or "$"
    return place if found in {None, "$"} else f"{place}.{found}"


@lru_cache(maxsize=64)
def shape(name: str) -> Shape:
    """The form of the file `schemas/<name>.schema.json`. References are written out once, here: following them is
    half the cost."""
    documents = {path.name: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.schema.json")}
    own = f"{name}.schema.json"
    schema = _written_out(documents[own], own, documents)
    return Shape(schema, validator(schema), frozenset(_names(schema)))


def validator(schema: dict[str, Any]) -> Validator:
    """What judges documents by `schema`: patterns as ECMA-262 reads them, and as formats days alone."""
    return _Judge(schema, format_checker=_dates_only())


def _written_out(part: Any, own: str, documents: dict[str, Any]) -> Any:
    """`part` of the file `own` with every `$ref` (`#/$defs/x` or `file#/$defs/x`; none is circular) replaced by what
    it means."""
    if isinstance(part, list):
        return [_written_out(each, own, documents) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        file, _, name = part["$ref"].partition("#/$defs/")
        return _written_out(documents[file or own]["$defs"][name], file or own, documents)
    return {key: _written_out(each, own, documents) for key, each in part.items() if key != "$defs"}


@lru_cache(maxsize=256)
def pattern(written: str) -> re.Pattern[str]:
    """A pattern of a schema. Its `$` is the end and nothing else (ECMA-262); Python's is also before a last line end."""
    return re.compile(_END_OR_OTHER.sub(lambda sign: r"\Z" if sign[0] == "$" else sign[0], written))


def _fits_pattern(_: Validator, written: str, text: object, _schema: object) -> Iterator[ValidationError]:
    if isinstance(text, str) and not pattern(written).search(text):
        yield ValidationError("pattern")


_END_OR_OTHER = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$")
"""A `$` that is the end, or what a `$` in it is not: an escaped sign, or a set of signs."""
_Judge: type[Validator] = extend(Draft202012Validator, {"pattern": _fits_pattern})  # type: ignore[no-untyped-call]


def _dates_only() -> FormatChecker:
    checker = FormatChecker(formats=())
    checker.checks("date", raises=ValueError)(_is_day)
    checker.checks("dag", raises=ValueError)(_begins_with_day)
    return checker


def _is_day(text: object) -> bool:
    return not isinstance(text, str) or bool(day(text))


def _begins_with_day(text: object) -> bool:
    """A day, or an instant whose writing a pattern judges."""
    return not isinstance(text, str) or _is_day(text[:10])


def _names(schema: Any) -> Iterator[str]:
    """Every property name in a schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _names(part)
