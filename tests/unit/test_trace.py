"""The trace of a call: a caller's own where it is well formed, else a new one; never more than an id."""

import re

import pytest

from hub.model.trace import Trace, current, of_headers, within

ID, SPAN = "8d0c2a2f0d4f4a0c9a7b5f1e2c3d4e5f", "00f067aa0ba902b7"
FSC = "0195b1a0-7c2e-7d3a-9f10-2b6c4d8e1f00"


@pytest.mark.parametrize("flags", ["00", "01"])
def test_a_callers_trace_is_taken_over_sampled_or_not(flags: str) -> None:
    assert of_headers(f"00-{ID}-{SPAN}-{flags}", None) == Trace(ID, SPAN)


def test_a_later_version_may_have_more() -> None:
    assert of_headers(f"01-{ID}-{SPAN}-01-more", None) == Trace(ID, SPAN)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", f"00-{ID}-{SPAN}", f"00-{ID.upper()}-{SPAN}-01", f"00-{'0' * 32}-{SPAN}-01", f"00-{ID}-{'0' * 16}-01",
        f"ff-{ID}-{SPAN}-01", f"00-{ID}-{SPAN}-01-more", f"00-{ID}-{SPAN}-01\n", f" 00-{ID}-{SPAN}-01",
        f"00-{ID[:-1]}\u0661-{SPAN}-01", f"01-{ID}-{SPAN}-01-" + "x" * 600,
    ],
)  # fmt: skip
def test_what_is_malformed_is_passed_over(text: str) -> None:
    found = of_headers(text, None)
    assert found.parent is None
    assert found.id != ID
    assert re.fullmatch("[0-9a-f]{32}", found.id)


def test_the_transaction_of_fsc_stands_in_where_there_is_no_traceparent() -> None:
    bare = FSC.replace("-", "")
    assert of_headers(None, FSC) == Trace(bare, None, FSC)
    assert of_headers("x", FSC.upper()) == Trace(bare, None, FSC)
    assert of_headers(f"00-{ID}-{SPAN}-01", FSC) == Trace(ID, SPAN, FSC)
    assert of_headers(None, FSC[:-1]).transaction is None


def test_what_is_made_within_a_call_is_of_its_trace() -> None:
    with within(Trace(ID)):
        assert current() == Trace(ID)
    assert current() != current()
