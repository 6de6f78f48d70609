"""JSON from outside: what two readers could understand differently is refused."""

import pytest

from hub.errors import ShapeError, TooLarge
from hub.pdp.strict_json import LARGEST, loads_strict


def test_plain_json_is_read() -> None:
    assert loads_strict('{"a": [1, null, true, "é"]}'.encode()) == {"a": [1, None, True, "é"]}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b" ",
        b"{",
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":1,"\\u0061":2}',
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"[1.0]",
        b"[1e3]",
        b"[1e400]",
        b"[" + b"9" * 5000 + b"]",
        b"{'a':1}",
        b"[1,]",
        b"{} {}",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\x00"',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
    ],
)
def test_what_is_not_strict_is_a_wrong_shape(text: bytes) -> None:
    with pytest.raises(ShapeError) as caught:
        loads_strict(text)
    assert caught.value.place == "document"


@pytest.mark.parametrize("text", [b"[" * 100_000, b"[" * 41 + b"]" * 41, b'{"a":' * 50 + b"1" + b"}" * 50])
def test_what_is_too_deep_is_refused(text: bytes) -> None:
    with pytest.raises(TooLarge):
        loads_strict(text)


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(TooLarge):
        loads_strict(b" " * (LARGEST + 1))
