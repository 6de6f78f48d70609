"""The table files of a policy directory: read one by one, held against their form, and by which day each version counts.

A fault is told with file and place, and nothing of it stops the reading of the other files.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from hub.errors import HubError
from hub.pdp.bundle import named_so
from hub.pdp.strict_json import loads_strict

CATALOG: Final = "catalog"
_FILE: Final = re.compile(r"hub/(?:(catalog)|tables/([a-z_]+))/(?:([^/]+)/)?data\.json")
"""A table, or with one folder more a version of it that counts from a later day."""
_DATED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong: the file under the policy directory, the place in it (keys with points between), one sentence."""

    file: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.place, self.sentence) if part)


@dataclass(frozen=True)
class TableFile:
    """One version of one table. `day`: its folder, where it is not the first version; `since`: its `geldig_vanaf`."""

    path: str
    name: str
    day: str | None
    content: Mapping[str, Any]

    @property
    def since(self) -> str:
        """From when it counts (ISO date)."""
        return str(self.content["geldig_vanaf"])


def table_names() -> frozenset[str]:
    """The tables that a policy has."""
    return frozenset(name for name in _schema() if not name.startswith("$"))


def read_tables(directory: Path) -> tuple[list[TableFile], list[Fault]]:
    """The tables that have their form, and the faults of form, of missing tables and of versions that overlap.

    Raises EngineUnavailable for a folder in it that cannot be listed.
    """
    faults: list[Fault] = []
    found: list[TableFile] = []
    for name, path in named_so(directory, "data.json"):
        table, wrong = _read(name, path)
        faults += wrong
        found += [table] if table else []
    told = {fault.file for fault in faults}
    sound = [table for table in found if table.path not in told]
    faults += _missing(found) + list(_overlaps(sound))
    return sound, faults


def _read(name: str, path: Path) -> tuple[TableFile | None, list[Fault]]:
    named = _FILE.fullmatch(name)
    table = named and (named[1] or named[2])
    if not named or table not in table_names():
        return None, [Fault(name, "", "Deze tabel kent het beleid niet.")]
    try:
        content = loads_strict(path.read_bytes())
    except (HubError, OSError):
        return TableFile(name, table, named[3], {}), [Fault(name, "", "Dit is geen geldige JSON.")]
    faults = [Fault(name, _place(error), _sentence(error)) for error in _validator(table).iter_errors(content)]
    faults += [Fault(name, "", "De map heet niet naar een dag (jjjj-mm-dd).")] if _misnamed(named[3]) else []
    return TableFile(name, table, named[3], content if isinstance(content, dict) else {}), faults


def _misnamed(day: str | None) -> bool:
    if day is None:
        return False
    try:
        date.fromisoformat(day)
    except ValueError:
        return True
    return not _DATED.fullmatch(day)


def _missing(tables: list[TableFile]) -> list[Fault]:
    first = {table.name for table in tables if table.day is None}
    return [
        Fault(f"hub/{name if name == CATALOG else f'tables/{name}'}/data.json", "", "Deze tabel ontbreekt.")
        for name in sorted(table_names() - first)
    ]


def _overlaps(tables: list[TableFile]) -> Iterator[Fault]:
    """A version counts from `geldig_vanaf` until the next one: two may not start on one day, nor a later one earlier."""
    for table in tables:
        if table.day is not None and table.day != table.since:
            yield Fault(table.path, "geldig_vanaf", f"De map zegt {table.day}, en hier staat {table.since}.")
    for name in sorted({table.name for table in tables}):
        versions = sorted((t for t in tables if t.name == name), key=lambda t: (t.since, t.day is not None))
        for earlier, later in pairwise(versions):
            if later.since == earlier.since or later.day is None:
                yield Fault(later.path, "geldig_vanaf", f"Deze versie overlapt met {earlier.path} ({earlier.since}).")


# ---- the form of one table ----

_SENTENCES: Final = {
    "type": "Dit is niet van het goede soort.",
    "enum": "Onbekend woord: {value}.",
    "pattern": "Dit is niet in de afgesproken vorm: {value}.",
    "format": "Dit is geen geldige datum (jjjj-mm-dd): {value}.",
    "minLength": "Dit is leeg.",
    "minItems": "Dit is leeg.",
    "minProperties": "Dit is leeg.",
    "uniqueItems": "Hier staat een woord dubbel.",
    "anyOf": "Dit is geen geldige datum (jjjj-mm-dd) en niet leeg: {value}.",
}


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(Path(__file__).with_name("tables.schema.json").read_text(encoding="utf-8"))
    return schema


@cache
def _validator(table: str) -> Draft202012Validator:
    parts = [{"$ref": "#/$defs/head"}, {"type": "object", **_schema()[table]}]
    known = {key: True for part in (_schema()["$defs"]["head"], _schema()[table]) for key in part["properties"]}
    whole = {"$defs": _schema()["$defs"], "allOf": parts, "properties": known, "additionalProperties": False}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def _place(error: ValidationError) -> str:
    return ".".join(map(str, error.absolute_path))


def _sentence(error: ValidationError) -> str:
    schema: Any = error.schema
    instance: Any = error.instance
    if error.validator == "required":
        lacking = [key for key in schema["required"] if key not in instance]
        return f"Hier ontbreekt: {', '.join(lacking)}."
    if error.validator == "additionalProperties":
        odd = sorted(set(instance) - set(schema["properties"]))
        return f"Onbekend woord: {', '.join(odd)}."
    value = json.dumps(instance, ensure_ascii=False)[:60]
    return _SENTENCES.get(str(error.validator), "Dit heeft niet de afgesproken vorm.").format(value=value)
