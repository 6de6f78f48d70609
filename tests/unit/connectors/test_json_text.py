"""Strict JSON: every fault with its place, never a value."""

import json
import tracemalloc
from typing import Any

import pytest

from connectors import json_text, table
from connectors.context import MAX_BYTES, MAX_DEPTH, MAX_VALUES, ParseContext
from hub.errors import ShapeError, TooLarge
from hub.model.partner import PartnerKind

KNOWN = {"velden", "veld", "niveaus"}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (b'{"velden": [{"veld": 1, "veld": 2}]}', "velden[0]"),
        (b'{"velden": [1, NaN]}', "velden[1]"),
        (b'{"velden": -Infinity}', "velden"),
        (b'{"velden": 1e999}', "velden"),
        (b'{"velden": 9007199254740993}', "velden"),
        (b'{"velden": ' + b"9" * 5000 + b"}", "velden"),
        (b'{"veld": "a\\u0000b"}', "veld"),
        (b'{"veld": {"999900006": "\\ud800"}}', "veld.*"),
        (b'{"veld": {"\\ud800": 1}}', "veld.*"),
        (b'{"velden"', "regel 1, kolom 10"),
        (b"", "regel 1, kolom 1"),
        (b"\xef\xbb\xbf{}", "regel 1, kolom 1"),
        (b'{"veld": "\xff"}', "byte 10"),
        (b'{"veld": "\x00"}', "teken 10"),
    ],
)
def test_a_fault_is_told_with_its_place(document: bytes, place: str) -> None:
    with pytest.raises(ShapeError) as fault:
        json_text.read(document, KNOWN)
    assert fault.value.place == place
    assert "999900006" not in str(fault.value)


@pytest.mark.parametrize("nested", [b"[" * 60 + b"]" * 60, b'{"a":' * 60 + b"1" + b"}" * 60, b"[" * 100_000])
def test_deep_nesting_is_too_large(nested: bytes) -> None:
    with pytest.raises(ShapeError) as fault:
        json_text.read(nested)
    assert fault.value.code in {"te-groot", "verkeerde-vorm"}


def test_the_deepest_that_is_allowed_is_read() -> None:
    assert json_text.read(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_more_than_ten_mebibytes_is_too_large() -> None:
    with pytest.raises(TooLarge):
        json_text.read(b" " * MAX_BYTES + b"{}")


def test_too_many_values_is_too_large() -> None:
    with pytest.raises(TooLarge):
        json_text.read(b"[" + b"0," * 50_000 + b"0]")


@pytest.mark.parametrize("name", ["application/json", "application/vnd.hub.levering+json", "application/fhir+json"])
@pytest.mark.parametrize("many", [b"[[],%s0]", b'{"a":[%s0]}'])
def test_a_flood_of_values_costs_no_more_than_its_bytes(name: str, many: bytes, clock: Any) -> None:
    document = many % (b"[]," * 1_000_000)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        table.parse(name, document, ParseContext(PartnerKind.GGZ, "ggz-noord", clock()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * len(document)


def test_the_most_values_that_may_be_are_read_though_empty_or_in_prose() -> None:
    assert len(json_text.read(b"[" + b"[ ]," * (MAX_VALUES - 2) + b"{}]")) == MAX_VALUES - 1
    assert json_text.read(b'["' + b"a, " * MAX_VALUES + b'"]')


def test_a_document_is_parsed_once(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    parsed: list[str] = []
    whole = json.loads

    def counted(text: str, **more: Any) -> Any:
        parsed.append(text)
        return whole(text, **more)

    monkeypatch.setattr(json, "loads", counted)
    document = b'{"velden": [{"veld": "bejegeningsadvies", "niveaus": {"vol": "x"}}]}'
    table.parse("application/json", document, ParseContext(PartnerKind.GGZ, "ggz-noord", clock()))
    assert parsed == [document.decode()]


def test_ordinary_json_comes_through_unchanged() -> None:
    assert json_text.read(b'{"a": [1, -2.5, "\xc3\xa9\\ud83d\\ude00", true, null]}') == {
        "a": [1, -2.5, "é😀", True, None]
    }
