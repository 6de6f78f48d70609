"""How the schemas of the forms are read: patterns as ECMA-262 has them, days as RFC 3339 has them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import shapes

SCHEMAS = {path.name: json.loads(path.read_text("utf-8")) for path in shapes.FOLDER.glob("*.schema.json")}


def patterns(schema: Any) -> Iterator[str]:
    """Every pattern in a schema."""
    if isinstance(schema, dict):
        found = schema.get("pattern")
        yield from (found,) if isinstance(found, str) else ()
        schema = list(schema.values())
    for part in schema if isinstance(schema, list) else ():
        yield from patterns(part)


ALL = sorted({each for schema in SCHEMAS.values() for each in patterns(schema)})
WHOLE = [each for each in ALL if each.endswith("$")]


def judged(written: str, text: str) -> bool:
    """Whether a text is of a pattern, as the forms judge it."""
    return bool(shapes.validator({"type": "string", "pattern": written}).is_valid(text))


def test_every_pattern_is_of_the_whole_text_or_says_that_something_stands_there() -> None:
    assert len(WHOLE) > 20
    assert set(ALL) - set(WHOLE) == {r"\S"}
    assert all(each.startswith("^") for each in WHOLE)


@pytest.mark.parametrize("written", WHOLE)
def test_no_pattern_takes_a_line_end_behind_what_it_takes(written: str) -> None:
    @settings(max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(written).filter(lambda text: "\n" not in text))
    def each(text: str) -> None:
        assert judged(written, text)
        assert not judged(written, text + "\n")

    each()


@pytest.mark.parametrize(
    ("written", "taken", "refused"),
    [
        (r"^a\$$", "a$", "a$\n"),
        (r"^[$]$", "$", "$\n"),
        (r"^[\]$]$", "]", "]\n"),
        (r"^a$|^b$", "b", "a\n"),
        (r"^\\$", "\\", "\\\n"),
    ],
)
def test_a_dollar_that_is_no_end_stays_one(written: str, taken: str, refused: str) -> None:
    assert judged(written, taken)
    assert not judged(written, refused)


@pytest.mark.parametrize("kind", ["date", "dag"])
@pytest.mark.parametrize("text", ["2027-W01-1", "20270101", "2027-001", "2027-1-1", "2027-02-30", "2027-01-01"[:9], ""])
def test_a_day_is_written_in_one_way(kind: str, text: str) -> None:
    judge = shapes.validator({"type": "string", "format": kind})
    assert judge.is_valid("2027-01-01")
    assert not judge.is_valid(text)
