"""Cursors: opaque, of one list of one partner."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.crypto.cursor import Cursors
from hub.errors import ShapeError

KEY = bytes(range(32))
PLACE = ("postvak", "wonen")


@given(st.integers(0, 2**63), st.text(max_size=20), st.text(max_size=20))
def test_a_cursor_opens_in_its_own_list_only(position: int, partner: str, other: str) -> None:
    cursors = Cursors(KEY)
    text = cursors.sealed(position, ("postvak", partner))
    assert cursors.opened(text, ("postvak", partner)) == position
    for place in (("vastleggingen", partner), ("postvak", f"{partner}x{other}"), ("postvak", partner, other)):
        with pytest.raises(ShapeError) as refused:
            cursors.opened(text, place)
        assert refused.value.place == "cursor"


def test_a_cursor_says_nothing() -> None:
    cursors = Cursors(KEY)
    texts = {cursors.sealed(7, PLACE) for _ in range(20)}
    assert len(texts) == 20
    assert len({len(cursors.sealed(position, PLACE)) for position in (0, 7, 10**6, 2**62)}) == 1
    assert all((7).to_bytes(8) not in base64.urlsafe_b64decode(text) for text in texts)


@given(st.text(max_size=300))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ShapeError):
        Cursors(KEY).opened(text, PLACE)


def test_no_cursor_is_the_first_page() -> None:
    assert Cursors(KEY).opened(None, PLACE) is None
