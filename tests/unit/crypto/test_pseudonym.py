"""Pseudonyms, search tokens, the eleven test."""

import pytest

from hub.crypto.pseudonym import (
    BSN,
    NAME_AND_BIRTH_DATE,
    PSEUDONYM_LENGTH,
    Pseudonyms,
    derived,
    name_and_birth_date,
    reference_kind,
)
from hub.crypto.random_ids import new_id, new_slot
from hub.errors import ShapeError
from hub.model.bsn import canonical_bsn, elfproef

PSEUDONYMS = Pseudonyms(b"p" * 32, b"i" * 32)
CASUS = "0123456789abcdef0123456789abcdef"
TRUE = ["999990342", "999993653", "999995078", "999990019"]


@pytest.mark.parametrize("bsn", TRUE)
def test_bsns_that_pass(bsn: str) -> None:
    assert elfproef(bsn)
    assert canonical_bsn(bsn) == bsn


@pytest.mark.parametrize(
    "text", ["", "123456789", "000000000", "00000000", "1234567", "0999990342", "99999034a", "٩٩٩٩٩٠٣٤٢", " 999990342"]
)
def test_texts_that_are_no_bsn(text: str) -> None:
    assert canonical_bsn(text) is None


def test_eight_digits_are_filled_up() -> None:
    assert canonical_bsn("99990015") == "099990015"


def test_a_casus_has_a_pseudonym_a_partner_that_turns_back_for_him_alone() -> None:
    one, other = PSEUDONYMS.casus_pseudonym("ggz-1", CASUS), PSEUDONYMS.casus_pseudonym("pol-1", CASUS)
    assert one == PSEUDONYMS.casus_pseudonym("ggz-1", CASUS) != other
    assert len(one) == PSEUDONYM_LENGTH
    assert set(one) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert PSEUDONYMS.casus_of("ggz-1", one) == CASUS
    assert PSEUDONYMS.casus_of("pol-1", one) is None
    assert Pseudonyms(b"q" * 32, b"i" * 32).casus_of("ggz-1", one) is None


def test_what_is_no_pseudonym_gives_none() -> None:
    one = PSEUDONYMS.casus_pseudonym("ggz-1", CASUS)
    last = "abcdefghijklmnopqrstuvwxyz234567"[("abcdefghijklmnopqrstuvwxyz234567".index(one[-1]) ^ 1)]
    for text in (
        "",
        CASUS,
        one[:-1],
        one.upper(),
        one + "a",
        one[:-1] + last,
        "1" * 52,
        "é" * 52,
        "a" * 52,
        one[:-1] + "=",
    ):
        assert PSEUDONYMS.casus_of("ggz-1", text) is None


def test_a_phantom_is_stable_and_looks_like_a_casus() -> None:
    one = PSEUDONYMS.phantom("ggz-1", "x")
    assert one == PSEUDONYMS.phantom("ggz-1", "x")
    assert len(bytes.fromhex(one)) == 16
    assert len({one, PSEUDONYMS.phantom("ggz-1", "y"), PSEUDONYMS.phantom("pol-1", "x")}) == 3
    assert PSEUDONYMS.phantom("ggz-1", "\ud800")


def test_search_tokens_differ_by_kind_and_meet_by_meaning() -> None:
    token = PSEUDONYMS.index_token
    assert token(BSN, "99990015") == token(BSN, "099990015")
    written = [
        name_and_birth_date(name, "1990-01-02") for name in ("Van  Dijk-Öz", "van dijk-öz ", "Van Dijk-O\u0308z")
    ]
    assert len({token(NAME_AND_BIRTH_DATE, text) for text in written}) == 1
    assert token(NAME_AND_BIRTH_DATE, "van dijk-oz\n1990-01-02") != token(NAME_AND_BIRTH_DATE, written[0])
    assert token(reference_kind("a"), "Z-1") != token(reference_kind("b"), "Z-1")
    assert token(reference_kind("a"), "Z-1 ") == token(reference_kind("a"), "Z-1")
    assert Pseudonyms(b"p" * 32, b"j" * 32).index_token(BSN, "999990342") != token(BSN, "999990342")
    with pytest.raises(ShapeError):
        token(BSN, "123456789")


def test_derived_keys_differ_by_label() -> None:
    assert len({derived(b"m" * 32, *labels) for labels in (("a", "b"), ("a", "c"), ("ab",), ("b", "a"))}) == 4
    with pytest.raises(ValueError, match=r"\|"):
        derived(b"m" * 32, "a|b", "c")


def test_random_ids() -> None:
    assert len({new_id() for _ in range(100)}) == 100
    assert all(0 < new_slot(new_id()) < 2**63 for _ in range(100))
    assert len(new_id()) == 32


def test_the_slots_of_a_casus_differ_and_lie_together() -> None:
    ours, theirs = ({new_slot(casus) for _ in range(100)} for casus in ("a" * 32, "b" * 32))
    assert len(ours) == len(theirs) == 100
    assert max(ours) - min(ours) < 2**42
    assert max(ours) < min(theirs) or max(theirs) < min(ours)
