"""The matrix against a second reading of the law, cell by cell, and against what the engine decides."""

from functools import cache

import pytest

from hub.pdp.bundle import default_directory, read_bundle
from hub.policy.at_most import CARE, Viewer
from hub.policy.matrix import Matrix
from tests.policy.oracle.at_most import Found, at_most, never
from tests.policy.oracle.cells import cell_of, parse
from tests.policy.policy_tables import KINDS
from tests.policy.reading.catalogue import FIELDS
from tests.policy.reading.purposes import PURPOSES
from tests.policy.reading.regimes import COUNTS

VIEWERS = [Viewer(kind) for kind in KINDS if kind != "casusregisseur"]
VIEWERS += [Viewer("casusregisseur", CARE), Viewer("casusregisseur", "elders")]


@cache
def matrix() -> Matrix:
    return Matrix(read_bundle(default_directory()))


def _found(viewer: Viewer, purpose: str, regime: str, key: str) -> Found:
    return frozenset((way.level, way.grounds) for way in matrix().cell(viewer, purpose, regime, key).ways)


def test_it_has_every_partner_purpose_regime_and_field() -> None:
    assert set(matrix().at_most.viewers) == set(VIEWERS)
    assert (matrix().purposes, set(matrix().regimes), set(matrix().fields)) == (PURPOSES, set(COUNTS), set(FIELDS))


@pytest.mark.parametrize("viewer", VIEWERS, ids=str)
def test_each_cell_is_that_of_the_law(viewer: Viewer) -> None:
    wrong = []
    for purpose in PURPOSES:
        for regime in COUNTS:
            for key, field in FIELDS.items():
                ours = at_most(viewer.kind, viewer.employer == CARE, purpose, regime, field)
                theirs = _found(viewer, purpose, regime, key)
                if ours != theirs:
                    wrong.append(f"{purpose} {regime} {key}: law {sorted(ours)}, matrix {sorted(theirs)}")
    assert not wrong, "\n".join(wrong[:20])


def test_a_cell_has_a_level_or_a_reason_and_never_both() -> None:
    for viewer in VIEWERS:
        for purpose in PURPOSES:
            for key in FIELDS:
                cell = matrix().cell(viewer, purpose, "wgs_zvh", key)
                assert bool(cell.code) == (cell.level == "-") == (not cell.ways), (viewer, purpose, key, cell)


def test_what_is_never_given_is_told_as_such() -> None:
    told = {
        (viewer.kind, key)
        for viewer in VIEWERS
        for key in FIELDS
        for purpose in PURPOSES
        if matrix().cell(viewer, purpose, "toestemming", key).code in {"E_NOOIT", "E_BSN", "E_MELDER"}
    }
    able = {viewer.kind for viewer in VIEWERS if any(matrix().rule(viewer, purpose) != "no" for purpose in PURPOSES)}
    assert told == {(kind, key) for kind in able for key, field in FIELDS.items() if never(kind, field)}


WV_FIELDS = {"wvggz_titel", "wvggz_procedure_status", "zelfbindingsverklaring", "essentiele_voorwaarden"}
HELD_NOWHERE = {
    # Wvggz 8:18(11): the college hears of missing conditions only.
    ("college", "wvggz"): {key for key, field in FIELDS.items() if field.group == "G13"} - {"essentiele_voorwaarden"},
    # A field under WZ opens by the Wzd only, one under WV by the Wvggz only.
    ("geneesheer_directeur", "wvggz"): {"wzd_titel"},
    ("politie", "wvggz"): {"wzd_titel"},
    ("vg_lvb", "wzd"): WV_FIELDS,
}
"""Grounds that stand in a cell, and that no article, regime and source together can open."""


def test_a_ground_that_no_fact_can_open_is_known() -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for viewer in VIEWERS:
        for field in FIELDS.values():
            cell = cell_of(matrix().at_most.column(viewer, field.group) or viewer.kind, field)
            promised = {one.words for one in parse(cell[0] if cell else "-")} - {("eigen",)}
            held = {way.grounds for regime in COUNTS for way in matrix().ceiling_ways(viewer, regime, field.key)}
            for words in promised - held if not never(viewer.kind, field) else ():
                found.setdefault((str(viewer), "+".join(words)), set()).add(field.key)
    # No article names a casusregisseur as receiver, also not in care.
    assert found.pop(("casusregisseur (zorg)", "wvggz"))
    assert found == HELD_NOWHERE
