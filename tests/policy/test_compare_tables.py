"""A comparison finds a change of one cell, whichever table it is in, and says what it changes."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.policy.comparing import Where, differing, on, otherwise, told, with_cell

DERDE = [{"level": "vol", "grounds": ["derde"]}, {"level": "sam", "grounds": ["huur"]}]


def put(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def without(word: str) -> Callable[[Any], Any]:
    return lambda words: [one for one in words if one != word]


CASES: list[tuple[str, Callable[[Any], Any], str, str, Where, str, tuple[str, str, str]]] = [
    ("tables/need/levels/D02/G16", put("sam"), "college", "D02", on("wgs"), "bezoekregels", ("niveau", "vol", "sam")),
    (
        "tables/ceiling/columns/politie/G01/open",
        put([{"level": "sam", "grounds": ["wgs"]}]),
        "politie",
        "D02",
        on("wgs"),
        "naam",
        ("niveau", "vol", "sam"),
    ),
    (
        "tables/ceiling/columns/politie/G16/open",
        put([{"level": "vol", "grounds": ["wgs"]}]),
        "politie",
        "D02",
        on("toest", regime="toestemming"),
        "bezoekregels",
        ("niveau", "vol", "niet"),
    ),
    (
        "tables/ceiling/conditions/corporatie_g01/fields",
        put(["naam"]),
        "woningcorporatie",
        "D07",
        on("derde"),
        "geboortedatum",
        ("niveau", "sam", "niet"),
    ),
    (
        "tables/eligibility/rows/toezicht/D12/rule",
        put("no"),
        "toezicht",
        "D12",
        on("toezicht"),
        "*",
        ("reden", "geen", "E_DOEL"),
    ),
    (
        "tables/overrides/never",
        put([]),
        "politie",
        "D02",
        on("wgs"),
        "medicatie_actueel",
        ("reden", "E_NOOIT", "E_PLAFOND"),
    ),
    (
        "tables/regimes/rows/oov/only",
        without("om"),
        "om",
        "D02",
        on("avg6e", regime="oov"),
        "*",
        ("reden", "geen", "E_REGIME"),
    ),
    (
        "tables/regimes/counts_for/huur/partner",
        put([]),
        "woningcorporatie",
        "D07",
        on("huur"),
        "naam",
        ("niveau", "sam", "niet"),
    ),
    (
        "tables/articles/rows/wv13/groups",
        without("G13"),
        "om",
        "D06",
        on("wv13"),
        "wvggz_titel",
        ("niveau", "vol", "niet"),
    ),
    (
        "tables/obligations/rows/review_fg/within",
        put("P1M"),
        "ggz",
        "D04",
        on("vitaal"),
        "",
        ("verplichting", "review_fg P1D", "review_fg P1M"),
    ),
    (
        "tables/codes/rows/E_NIET_NODIG/law",
        put([]),
        "politie",
        "D02",
        on("wgs"),
        "",
        ("artikel", "E_NIET_NODIG: avg5", "geen"),
    ),
    (
        "tables/partners/rows/politie/bsn",
        put("never"),
        "politie",
        "D02",
        on("wgs"),
        "bsn",
        ("niveau", "vol", "niet"),
    ),
    (
        "tables/partners/no_export",
        without("politie"),
        "politie",
        "D02",
        otherwise("de actie export is"),
        "naam",
        ("niveau", "niet", "vol"),
    ),
    (
        "tables/secrecy/by_source/PW/*",
        put("AW"),
        "ggd",
        "D03",
        on("wgs"),
        "inkomen_bron",
        ("geheimhouding", "gh_wettelijk_recht", "geen"),
    ),
    (
        "tables/secrecy/good_care_fields",
        put([]),
        "politie",
        "D04",
        otherwise("goed hulpverlenerschap is vastgelegd"),
        "bejegeningsadvies",
        ("reden", "geen", "E_BEROEPSGEHEIM"),
    ),
    ("catalog/fields/naam/group", put("G05"), "politie", "D02", on("wgs"), "naam", ("niveau", "vol", "niet")),
]


@pytest.mark.opa
@pytest.mark.parametrize(("path", "change", "kind", "purpose", "where", "field", "expected"), CASES)
def test_a_changed_cell_is_found(
    path: str,
    change: Callable[[Any], Any],
    kind: str,
    purpose: str,
    where: Where,
    field: str,
    expected: tuple[str, str, str],
) -> None:
    assert expected in told(differing(with_cell(path, change), kind, purpose, where), field)
