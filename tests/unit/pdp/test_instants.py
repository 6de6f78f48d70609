"""Instants: RFC 3339 with an offset in, UTC text of fixed width out, nothing cut and nothing guessed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.instant import day_later, years_later
from hub.pdp.instants import utc_text


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("2027-01-10T12:00:00+01:00", "2027-01-10T11:00:00.000000Z"),
        ("2027-01-10t11:00:00z", "2027-01-10T11:00:00.000000Z"),
        ("2027-01-10T11:00:00-00:00", "2027-01-10T11:00:00.000000Z"),
        ("2027-01-10T11:00:00.5Z", "2027-01-10T11:00:00.500000Z"),
        ("2027-01-10T11:00:00.123456Z", "2027-01-10T11:00:00.123456Z"),
        ("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00.000000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_an_instant_becomes_utc_of_fixed_width(text: str, fixed: str) -> None:
    assert utc_text(text) == fixed
    assert utc_text(fixed) == fixed


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-10T11:00:00",
        "2027-01-10",
        "2027-01-10 11:00:00Z",
        "2027-01-10T11:00Z",
        "2027-01-10T11:00:00.1234567Z",
        "2027-01-10T11:00:00.Z",
        "2027-01-10T11:00:00,5Z",
        "2027-01-10T23:59:60Z",
        "2027-01-10T24:00:00Z",
        "2027-02-29T11:00:00Z",
        "2027-13-01T11:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2027-01-10T11:00:00+25:00",
        "2027-01-10T11:00:00+24:00",
        "2027-01-10T11:00:00+01:60",
        "2027-01-10T11:00:00-01:75",
        "2027-01-10T11:00:00+23:99",
        "2027-01-10T11:00:00+0100",
        "2027-01-10T11:00:00Z\n",
        "20270110T110000Z",
        "2027-W02-1T11:00:00Z",
        "+2027-01-10T11:00:00Z",
        "２０２７-01-10T11:00:00Z",
        "",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        utc_text(text)


@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 30)),  # noqa: DTZ001 - the offset follows
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_text_order_is_time_order_and_nothing_is_lost(moment: datetime, minutes: int) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    fixed = utc_text(local.isoformat())
    assert len(fixed) == 27
    assert datetime.fromisoformat(fixed) == local
    assert (fixed > "2027-01-10T11:00:00.000000Z") == (local > datetime(2027, 1, 10, 11, tzinfo=UTC))


def test_a_year_later_is_12_calendar_months() -> None:
    assert years_later("2026-01-10T11:00:00.000000Z", 1) == "2027-01-10T11:00:00.000000Z"
    assert years_later("2024-02-29T11:00:00.000001Z", 1) == "2025-02-28T11:00:00.000001Z"
    assert years_later("2023-02-28T11:00:00.000000Z", 1) == "2024-02-28T11:00:00.000000Z"
    assert years_later("9999-01-01T00:00:00.000000Z", 1) == "9999-12-31T23:59:59.999999Z"


def test_a_day_later_is_24_hours() -> None:
    assert day_later("2026-12-31T12:30:00.000000Z") == "2027-01-01T12:30:00.000000Z"
    assert day_later("9999-12-31T12:30:00.000000Z") == "9999-12-31T23:59:59.999999Z"
