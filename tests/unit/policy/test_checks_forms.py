"""`hub beleid toets`: whatever stands in a table in the place of what belongs there has its line, and nothing is raised."""

import json
import random
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

from hub.pdp.bundle import default_directory, named_so
from hub.policy import table_files
from hub.policy.checks import check_policy
from hub.policy.table_files import read_tables
from tests.unit.policy.tables import Change

FORMS: dict[str, tuple[str, Change, str]] = {
    "a field as read without its secrecy": (
        "catalog",
        lambda t: t["fields"]["casusregisseur"]["read"].pop("geheim"),
        "fields.casusregisseur.read: Hier ontbreekt: geheim.",
    ),
    "nothing in the place of a field as read": (
        "catalog",
        lambda t: t["fields"]["casusregisseur"].update(read=None),
        "fields.casusregisseur.read: Dit is niet van het goede soort.",
    ),
    "a list in the place of a category as read": (
        "catalog",
        lambda t: t["fields"]["casusregisseur"]["read"].update(cat=["G"]),
        "fields.casusregisseur.read.cat: Dit is niet van het goede soort.",
    ),
    "a key of a field that is none": (
        "catalog",
        lambda t: t["fields"]["naam"].update(geheimen=["WG"]),
        "fields.naam: Onbekend woord: geheimen.",
    ),
    "an absent group whose keys are no words": (
        "catalog",
        lambda t: t["absent"][0].update(keys="religie"),
        "absent.0.keys: Dit is niet van het goede soort.",
    ),
    "a rule that holds from no day": (
        "tables/overrides",
        lambda t: t["rows"]["R02"].update(valid_from="ooit"),
        'rows.R02.valid_from: Dit is geen geldige datum (jjjj-mm-dd): "ooit".',
    ),
    "a term with a line end behind it": (
        "tables/obligations",
        lambda t: t["rows"]["inform_betrokkene"].update(within="P1M\n"),
        'rows.inform_betrokkene.within: Dit is niet in de afgesproken vorm: "P1M\\n".',
    ),
    "a purpose with a key that is none": (
        "tables/purposes",
        lambda t: t["purposes"]["D07"].update(texts="..."),
        "purposes.D07: Onbekend woord: texts.",
    ),
    "a law with a key that is none": (
        "tables/bases",
        lambda t: t["rows"]["avg5"].update(geldig_tot=None),
        "rows.avg5: Onbekend woord: geldig_tot.",
    ),
    "what an insurer never has with a key that is none": (
        "tables/overrides",
        lambda t: t["insurer_part"].update(fields=[]),
        "insurer_part: Onbekend woord: fields.",
    ),
}
"""What was once taken in any form."""


@pytest.mark.parametrize(("table", "change", "line"), FORMS.values(), ids=FORMS)
def test_what_has_not_its_form_has_its_line(tmp_path: Path, table: str, change: Change, line: str) -> None:
    file = Path("hub", table, "data.json")
    content = json.loads((default_directory() / file).read_text(encoding="utf-8"))
    change(content)
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(json.dumps(content), encoding="utf-8")
    assert f"{file.as_posix()}: {line}" in map(str, read_tables(tmp_path)[1])


# ---- whatever stands in a table ----

GONE = object()
MUTATIONS: tuple[Any, ...] = (GONE, None, [], ["zomaar"], [None], {}, 7, "zomaar")
TABLES = sorted(path.parent.relative_to(default_directory() / "hub") for path in default_directory().rglob("data.json"))


def _words(schema: Any) -> set[str]:
    """The keys that the schema names."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    return {
        *(schema.get("properties", ()) if isinstance(schema, dict) else ()),
        *(w for each in inner for w in _words(each)),
    }


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*place, key)
        yield from _places(inner, (*place, key))


def _mutated(content: Any, place: tuple[Any, ...], value: Any) -> Any:
    whole = json.loads(json.dumps(content))
    part = reduce(getitem, place[:-1], whole)
    if value is GONE:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return whole


def _sample(content: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """A place of each kind, with one of what could stand there: the same each time."""
    rng = random.Random(20250301)
    kinds: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    words = _words(json.loads(Path(table_files.__file__).with_name("tables.schema.json").read_text(encoding="utf-8")))
    for place in _places(content):
        kinds.setdefault(tuple(key if key in words else "*" for key in place), []).append(place)
    for places in kinds.values():
        yield rng.choice(places), rng.choice(MUTATIONS)


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_whatever_stands_in_a_table_is_told_and_not_raised(
    policies: Path, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = table_files._read
    # The form of the tables that stay as they are is looked at once.
    known = {name: read(name, path) for name, path in named_so(policies, "data.json")}
    file = policies / "hub" / table / "data.json"
    own, content = file.relative_to(policies).as_posix(), json.loads(file.read_text(encoding="utf-8"))
    monkeypatch.setattr(table_files, "_read", lambda name, path: read(name, path) if name == own else known[name])
    told = 0
    for place, value in _sample(content):
        file.write_text(json.dumps(_mutated(content, place, value)), encoding="utf-8")
        told += bool(check_policy(policies, policies / "texts"))
    assert told
