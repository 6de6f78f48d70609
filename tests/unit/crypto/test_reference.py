"""A partner's own reference is no BSN, whichever way it is written."""

import pytest

from hub.crypto.reference import own_reference
from hub.errors import ShapeError
from hub.model.reference import compared


@pytest.mark.parametrize("text", ["999900006", " 999900006", "999900006\n", "\u00a0999900006\u2003", "99990015"])
def test_a_bsn_is_none(text: str) -> None:
    with pytest.raises(ShapeError) as fault:
        own_reference(text, "kenmerk")
    assert fault.value.place == "kenmerk"
    assert text.strip() not in str(fault.value) + fault.value.sentence


@pytest.mark.parametrize("text", ["999900007", "H-999900006", "9999000061", "000000000", "Zo\u0065\u0308 1"])
def test_anything_else_is_one_as_it_is_compared(text: str) -> None:
    assert own_reference(f" {text}\n", "kenmerk") == compared(text)


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_nothing_is_none(text: str | None) -> None:
    assert own_reference(text, "kenmerk") is None
