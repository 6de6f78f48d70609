"""JSON from outside: the fast reader speaks only where it cannot be mistaken, and then says what the strict one says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import HubError
from hub.pdp.strict_json import UNSURE, _plain, _read

_SPACE = st.sampled_from(("", "", "", "", " ", "\n", "\t", "\r", "  ", " \n"))
_KEYS = st.sampled_from(('"a"', '"b"', '"c"', '""', '":"', '" :"', '"a:"'))
_SIMPLE = st.sampled_from(('"a"', '"é"', '":a"', '" :"', "1", "-0", "true", "null"))
_ODD = st.sampled_from(
    ('"\\u0061"', '"\\":"', '"\\ud800"', '"\x01"', "01", "1.0", "1e2", "18446744073709551616", "9" * 400, "NaN", "")
)


def _list(items: list[str]) -> str:
    return "[" + ",".join(items) + "]"


def _object(pairs: list[tuple[str, str, str, str]]) -> str:
    return "{" + ",".join(f"{key}{before}:{after}{value}" for key, before, after, value in pairs) + "}"


_JSON = st.recursive(
    st.one_of(_SIMPLE, _SIMPLE, _SIMPLE, _ODD),
    lambda inner: (
        st.lists(inner, max_size=4).map(_list)
        | st.lists(st.tuples(_KEYS, _SPACE, _SPACE, inner), max_size=4).map(_object)
    ),
    max_leaves=12,
)


@given(_SPACE, _JSON, _SPACE)
def test_the_fast_reader_says_what_the_strict_one_says_or_nothing(before: str, text: str, after: str) -> None:
    document = f"{before}{text}{after}".encode()
    said = _plain(document)
    if said is UNSURE:
        return
    try:
        meant = _read(document)
    except HubError:
        pytest.fail("only the fast reader took it")
    assert repr(said) == repr(meant)


@given(st.lists(st.sampled_from(("a", "b", "c")), unique=True))
def test_plain_documents_are_read_fast(keys: list[str]) -> None:
    text = _object([(f'"{key}"', "", " ", '["x", 1, {"y": null}]') for key in keys])
    assert _plain(text.encode()) == _read(text.encode())
