"""Facts taken at once are what the strict way makes of them, or nothing; canonical facts themselves are no document."""

import copy
import json
import random
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import ShapeError
from hub.pdp.canonical import _read_at_once, _taken_at_once, _taken_strictly, canonical, read_canonical
from hub.pdp.packing import Rows
from hub.pdp.strict_json import loads_strict
from tests.unit.pdp.facts import Facts, at, example, full, objects, wide

ODD: list[Any] = [
    None, [], ["b", "a", "a"], ["D02", "D01"], ["sam"], "x", " x", "x ", " ", "", "\\", '"', "é", "\x7f", "\x85", "\ud800",
    True, 1, 0.0, "sam", "lezen", "2027-01-10T11:00:00+01:00", "2027-01-10T10:00:00Z", "2027-02-30T10:00:00Z", {}, {"x": 1},
    [None], [[]], ["sam", 1], [" "], ("b", "a"), 151, -1, 10**40,
]  # fmt: skip


def spoiled(seed: int, faults: int) -> Facts:
    """A document of which some values are odd, some keys are missing or too many, and some rows stand twice."""
    chance = random.Random(seed)
    facts = full() if chance.random() < 0.5 else wide(6, 4)
    for _ in range(faults):
        parent = at(facts, chance.choice(list(objects(facts))))
        key = chance.choice([*parent, chance.choice(["fields", "expires_at", "ends_at", "rows", "x"])])
        way = chance.random()
        if way < 0.6:
            parent[key] = copy.deepcopy(chance.choice(ODD))
        elif way < 0.75:
            parent.pop(key, None)
        elif isinstance(parent.get(key), list) and parent[key]:
            parent[key].append(copy.deepcopy(chance.choice(parent[key])))
            chance.shuffle(parent[key])
    return facts


@settings(max_examples=1000)
@given(st.integers(0, 2**32), st.integers(0, 4))
def test_at_once_a_document_is_what_it_is_strictly_or_nothing(seed: int, faults: int) -> None:
    document = spoiled(seed, faults)
    before = copy.deepcopy(document)
    quick = _taken_at_once(document)
    assert repr(document) == repr(before)
    if quick is not None:
        assert quick.text == _taken_strictly(as_json(document)).text
    try:
        text = json.dumps(document).encode()
        read = _read_at_once(text) or _read_at_once(json.dumps(document, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        return
    if read is not None:
        assert read.text == _taken_strictly(loads_strict(text)).text


def as_json(value: Any) -> Any:
    """Tuples as the lists that JSON would make of them."""
    if isinstance(value, dict):
        return {key: as_json(member) for key, member in value.items()}
    return list(map(as_json, value)) if isinstance(value, list | tuple) else value


@pytest.mark.parametrize(
    "document", [full(), wide(12, 8), {**example(), "secrecy_exceptions": []}], ids=["full", "wide", "plain"]
)
def test_what_is_sound_is_taken_at_once(document: Facts) -> None:
    for exception in document["secrecy_exceptions"]:
        exception["reason"] = "é "  # what was there is escaped in JSON
    assert _taken_at_once(document) is not None
    assert _read_at_once(json.dumps(document, ensure_ascii=False).encode()) is not None


def test_canonical_facts_are_no_document_and_stay_what_they_are() -> None:
    facts = canonical(full())
    before = facts.text
    with pytest.raises(ShapeError):
        canonical(facts)
    for key in ("casus", "consents", "rows"):
        with pytest.raises(ShapeError):
            canonical({**full(), "records" if key == "rows" else key: facts[key]})
    assert facts.text == before == rfc8785.dumps(json.loads(msgspec.json.encode(facts)))


@pytest.mark.parametrize("odd", ["\x00", "", " ", "\x7f", "\x85"], ids=ascii)
def test_a_record_that_says_nothing_is_looked_at_all_the_same(odd: str) -> None:
    facts = full()
    facts["records"].append({**facts["records"][0], "field": None, "source": odd})
    with pytest.raises(ShapeError) as caught:
        canonical(facts)
    assert caught.value.place == "records[1].source"
    with pytest.raises(ShapeError):
        read_canonical(json.dumps(facts, ensure_ascii=False).encode())


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_rows_that_the_hub_packed_are_the_records_that_they_stand_for(seed: int) -> None:
    chance = random.Random(seed)
    facts = wide(8, 4)
    for record in facts["records"]:
        record["levels"] = chance.choice([["sam"], ["vol", "sam"], ["sam", "vol"], None])
        record["destroy_on"] = chance.choice(["2027-01-10T11:00:00+01:00", "2027-01-10T10:00:00Z"])
        record["source"] = chance.choice(["a", "b", None])
    rows = Rows()
    for record in facts["records"]:
        conditions = {key: value for key, value in record.items() if key != "field"}
        alike = [row for row in rows if {**row, "fields": 0} == {**conditions, "fields": 0}]
        if alike and chance.random() < 0.7:
            alike[0]["fields"].append(record["field"])
        else:
            rows.append({**conditions, "fields": [record["field"]]})
    before = copy.deepcopy(rows)
    assert canonical({**facts, "records": rows}).text == canonical(facts).text
    assert rows == before


def test_rows_are_the_hubs_own_and_never_come_from_outside() -> None:
    facts = example()
    (record,) = facts["records"]
    packed = {**{key: value for key, value in record.items() if key != "field"}, "fields": [record["field"]]}
    assert canonical({**facts, "records": Rows([packed])}).text == canonical(facts).text
    for odd in ("", " ", "\x00"):
        with pytest.raises(ShapeError):
            canonical({**facts, "records": Rows([{**packed, "fields": [odd]}])})
    with pytest.raises(ShapeError):
        canonical({**facts, "records": [packed]})
    with pytest.raises(ShapeError):
        read_canonical(json.dumps({**facts, "records": [packed]}).encode())
