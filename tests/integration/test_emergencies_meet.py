"""More than one emergency at once for one receiver: none shuts another, and each is followed up as itself (R21)."""

from typing import Any

import pytest

from tests.following import listed, of_type
from tests.region import OWN_FORM, World

RISK, FACTS, DRUGS = "risico_uitkomstklasse", "gevaarlijk_gedrag_feiten", "gedrag_onder_invloed"
CARE, ADDICTION, TOWN, POLICE = "ggz-noord", "verslavingszorg-noord", "gemeente-noord", "politie-noord"


@pytest.fixture
def night(region: World) -> World:
    """A region in which two care providers hold what police gets in an emergency alone."""
    delivers(region, CARE, RISK, FACTS)
    delivers(region, ADDICTION, DRUGS)
    assert sees(region, RISK, FACTS, DRUGS) == set()
    return region


def delivers(region: World, source: str, *fields: str) -> None:
    """Both forms of each field."""
    items = [{"veld": field, "niveaus": {"sam": "kort", "vol": "lang"}} for field in fields]
    region.recorded(source, "leveringen", {"velden": items}, media=OWN_FORM)


def breaks(region: World, source: str, *fields: str, purpose: str = "D04", **changed: Any) -> str:
    """An emergency of `source` for police, a minute later: its id."""
    region.clock.move(minutes=1)
    body = {
        "soort": "conflict_van_plichten", "ontvangers": [POLICE], "doelen": [purpose], "velden": list(fields),
        "reden": "nood", "kanNietToestemmen": True, **changed,
    }  # fmt: skip
    found: str = region.recorded(source, "noodsituaties", body)["id"]
    return found


def sees(region: World, *fields: str) -> set[str]:
    """Which of these police gets."""
    return {field for field, _ in region.released(POLICE, *fields, purpose="D04")}


@pytest.mark.parametrize(
    "later",
    [
        {"source": TOWN, "fields": ("wmo_voorziening",)},
        {"source": CARE, "fields": ("crisisplan_kort",), "purpose": "D02"},
        {"source": CARE, "fields": ("wijkagent",)},
        {"source": CARE, "fields": (RISK,), "soort": "vitaal_belang"},
    ],
)
def test_a_later_emergency_that_opens_nothing_of_it_shuts_no_earlier_one(night: World, later: dict[str, Any]) -> None:
    breaks(night, CARE, RISK)
    assert sees(night, RISK) == {RISK}
    breaks(night, later.pop("source"), *later.pop("fields"), **later)
    assert sees(night, RISK) == {RISK}


@pytest.mark.parametrize("caches", [True, False])
def test_the_one_by_which_most_leaves_counts_and_each_field_is_had_alone(night: World, caches: bool) -> None:
    if not caches:
        night.hub.decider._kept.most = 0
    breaks(night, CARE, RISK, FACTS)
    breaks(night, ADDICTION, DRUGS)
    assert sees(night, RISK, FACTS, DRUGS) == {RISK, FACTS}
    assert sees(night, DRUGS) == {DRUGS}
    assert sees(night, RISK) == {RISK}
    # Of equals the last.
    assert sees(night, RISK, DRUGS) == {DRUGS}
    answer = night.ask(POLICE, RISK, DRUGS, purpose="D04").json()
    (withheld,) = [one for one in answer["geweigerd"] if one["veld"] == RISK]
    assert "loopt er al een, vraag dan alleen dit veld" in " ".join(withheld["watKan"])


def test_each_is_followed_up_as_itself(night: World) -> None:
    breaks(night, CARE, RISK, FACTS)
    breaks(night, ADDICTION, DRUGS)
    sees(night, RISK, FACTS, DRUGS)
    assert [one["velden"] for one in of_type(night, CARE, "notify_bron")] == [sorted((RISK, FACTS))]
    assert of_type(night, ADDICTION, "notify_bron") == []
    sees(night, DRUGS)
    for source in (CARE, ADDICTION):
        assert {"notify_bron", "note_in_dossier", "second_approval"} <= {one["soort"] for one in listed(night, source)}
        assert len(of_type(night, source, "second_approval")) == 1
    assert len(of_type(night, "fg-noord", "review_fg")) == 2


def test_what_is_held_and_stays_in_sways_nothing(night: World) -> None:
    """Law 10: whether the source holds a field that does not leave cannot be read from what does."""
    delivers(night, CARE, "suiciderisico")
    breaks(night, CARE, RISK, "suiciderisico")
    breaks(night, ADDICTION, DRUGS)
    asked = (RISK, "suiciderisico", DRUGS)
    night.recorded(CARE, "bronvoorwaarden", {"velden": ["suiciderisico"], "veto": True})
    held = sees(night, *asked)
    night.recorded(CARE, "terugnames", {"velden": ["suiciderisico"]})
    assert sees(night, *asked) == held == {DRUGS}


def test_when_one_is_over_the_other_goes_on(night: World) -> None:
    breaks(night, CARE, RISK, FACTS)
    night.clock.move(hours=1)
    last = breaks(night, ADDICTION, DRUGS)
    assert sees(night, RISK, FACTS, DRUGS) == {RISK, FACTS}
    night.clock.move(hours=23)
    assert sees(night, RISK, FACTS, DRUGS) == {DRUGS}
    night.recorded(ADDICTION, f"noodsituaties/{last}/beeindigingen", None, media=None)
    assert sees(night, RISK, FACTS, DRUGS) == set()
