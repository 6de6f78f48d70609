"""Versions of a table side by side: which counts from when, and what is no policy at all (R33; Bgs 1.13)."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import EngineUnavailable
from hub.pdp.bundle import Bundle, bundle_of_files
from hub.pdp.periods import Period, periods_of

FIRST, NEW_YEAR, SUMMER = "2025-03-01", "2027-01-01", "2027-07-01"
BEGIN, MIDNIGHT, SUMMER_MIDNIGHT = (
    "2025-02-28T23:00:00.000000Z",
    "2026-12-31T23:00:00.000000Z",
    "2027-06-30T22:00:00.000000Z",
)
RULES = {"hub/release/release.rego": b"package hub.release\n"}


def table(day: str, **more: Any) -> dict[str, Any]:
    return {"versie": day, "goedgekeurd_door": "FG", "rac_ref": "RAC-1", "geldig_vanaf": day, **more}


def need(day: str | None = None) -> str:
    return "hub/tables/need/data.json" if day is None else f"hub/tables/need/{day}/data.json"


CATALOG = "hub/catalog/data.json"


def test_one_version_each_is_one_period_from_the_latest_of_their_days() -> None:
    found = periods_of({need(): table(NEW_YEAR), CATALOG: table(FIRST)})
    assert found == (Period(MIDNIGHT, (CATALOG, need()), {}),)


def test_a_later_version_counts_from_midnight_in_the_netherlands() -> None:
    found = periods_of({need(): table(FIRST), need(SUMMER): table(SUMMER), CATALOG: table(FIRST)})
    assert found == (
        Period(BEGIN, (CATALOG, need()), {}),
        Period(SUMMER_MIDNIGHT, (CATALOG, need(SUMMER)), {"tables": {"need": SUMMER}}),
    )


def test_the_catalogue_has_versions_too() -> None:
    (_, later) = periods_of({CATALOG: table(FIRST), f"hub/catalog/{NEW_YEAR}/data.json": table(NEW_YEAR)})
    assert later.days == {"catalog": NEW_YEAR}


@pytest.mark.parametrize("key", ["goedgekeurd_door", "rac_ref"])
@pytest.mark.parametrize("reference", [None, "", "  ", 1])
def test_without_its_approval_the_version_before_keeps_counting(key: str, reference: object) -> None:
    (only,) = periods_of({need(): table(FIRST), need(NEW_YEAR): table(NEW_YEAR, **{key: reference})})
    assert only == Period(BEGIN, (need(),), {})


@pytest.mark.parametrize("key", ["goedgekeurd_door", "rac_ref", "geldig_vanaf"])
def test_where_there_is_none_before_it_nothing_counts(key: str) -> None:
    without = {k: v for k, v in table(FIRST).items() if k != key}
    assert periods_of({need(): without, CATALOG: table(FIRST)}) == ()


def test_a_first_version_without_approval_gives_way_to_the_next_and_nothing_counts_before_that() -> None:
    (only,) = periods_of({need(): table(FIRST, rac_ref=""), need(NEW_YEAR): table(NEW_YEAR)})
    assert only.start == MIDNIGHT


WRONG = {
    "the same day twice": {need(): table(FIRST), need(FIRST): table(FIRST)},
    "before the first": {need(): table(NEW_YEAR), need(FIRST): table(FIRST)},
    "no first": {need(NEW_YEAR): table(NEW_YEAR)},
    "another day than its folder": {need(): table(FIRST), need(NEW_YEAR): table(SUMMER)},
    "no day in its folder": {need(): table(FIRST), need(NEW_YEAR): {"rows": {}}},
    "no day that is": {need(): table("2027-02-30")},
    "no day but an instant": {need(): table("2027-01-01T00:00:00Z")},
    "no text": {need(): table(FIRST) | {"geldig_vanaf": 20250301}},
    "where OPA servers cannot choose": {"hub/x/data.json": table(FIRST), f"hub/x/{SUMMER}/data.json": table(SUMMER)},
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_versions_that_do_not_follow_on_each_other_are_no_policy(what: str) -> None:
    with pytest.raises(EngineUnavailable):
        periods_of(WRONG[what])


@given(st.lists(st.sampled_from([FIRST, NEW_YEAR, SUMMER, "2028-01-01"]), min_size=1, unique=True), st.data())
def test_periods_follow_on_each_other_and_hold_one_version_of_each_table(days: list[str], data: st.DataObject) -> None:
    first, *later = sorted(days)
    approved = {day: data.draw(st.booleans()) for day in days}
    versions = {need(): table(first, rac_ref="RAC" if approved[first] else "")}
    versions |= {need(day): table(day, rac_ref="RAC" if approved[day] else "") for day in later}
    found = periods_of({CATALOG: table(FIRST), **versions})
    assert all(one.start < other.start for one, other in pairwise(found))
    assert all(len(period.files) == 2 for period in found)
    assert len(found) == sum(approved.values())


def bundle() -> Bundle:
    tables = {
        need(): table(FIRST, levels=1),
        need(NEW_YEAR): table(NEW_YEAR, levels=2, rac_ref="RAC-2"),
        CATALOG: table(FIRST),
    }
    return bundle_of_files(RULES, {path: json.dumps(one).encode() for path, one in tables.items()}, None)


def test_the_engine_has_the_whole_data_of_each_period_and_no_others() -> None:
    found = dict(bundle().references())
    assert {start: data["hub"]["tables"]["need"]["levels"] for start, data in found.items()} == {BEGIN: 1, MIDNIGHT: 2}
    assert all(set(data["hub"]["tables"]["need"]) == {*table(FIRST), "levels"} for data in found.values())
    assert {data["hub"]["revision"] for data in found.values()} == {bundle().revision}


def test_every_active_version_counts_among_the_approvals() -> None:
    assert bundle().approvals == {"FG", "RAC-1", "RAC-2"}
