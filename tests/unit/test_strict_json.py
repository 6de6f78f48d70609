"""How many values a JSON text holds, told before any is made."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.strict_json import number_of_values

TEXT = st.text('ab,[]{}:"\\ \n\u00e9', max_size=6)
VALUES = st.recursive(
    st.none() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=30,
)


def _counted(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(_counted(each) for each in inner)


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_it_is_exact_whatever_stands_within_strings(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    told = _counted(value)
    # Refused by one less, taken by as many as there are.
    assert number_of_values(text, told) <= told
    assert number_of_values(text, told - 1) >= told


@pytest.mark.parametrize("many", [b"[],", b'"",', b"{},", b"0,", b'"\\",",', b'"\\\\","', b"[", b"[ "])
def test_more_than_may_is_more(many: bytes) -> None:
    assert number_of_values(b"[" + many * 20_000 + b"0]", 10_000) > 10_000


@pytest.mark.parametrize("within", [b",", b'\\",', b"\\\\,", b"[", b"{,:", "é,".encode()])
def test_prose_is_one_value(within: bytes) -> None:
    assert number_of_values(b'{"a": "' + within * 20_000 + b'"}', 10_000) == 2
