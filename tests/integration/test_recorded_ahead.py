"""What is recorded ahead, or for a shorter time, does not shut what counts now: a mandate, a signed statement."""

import pytest

from hub.model.partner import PartnerKind
from tests.doors import BODIES, joined
from tests.pushing import DERDE, PROMISED, fetch, levels, pushed
from tests.region import OPEN, World

MENTOR = "mentor-een"
NOW, NEXT, LAST = "2026-01-01T00:00:00Z", "2027-03-01T00:00:00Z", "2028-03-01T00:00:00Z"


@pytest.fixture
def mentored(region: World) -> World:
    """A region with a mentor whose mandate runs until March."""
    joined(region, PartnerKind.BETROKKENE, MENTOR)
    relation = region.recorded("zvh-noord", "relaties", {"partner": MENTOR, "relatie": "vertegenwoordigt"})
    basis = {"grondslag": "avg15", "partner": MENTOR, "doelen": ["D11"], "groepen": ["*"]}
    region.recorded("gemeente-noord", "grondslagen", basis)
    mandate(region, vanaf=NOW, tot=NEXT)
    region.names = {**region.names, OPEN: {**region.names[OPEN], MENTOR: relation["pseudoniemVanPartner"]}}
    assert sees(region)
    return region


def mandate(region: World, **terms: str) -> str:
    """Another mandate on record: its id."""
    body = {"partner": MENTOR, "soort": "mentor", **terms}
    found: str = region.recorded("gemeente-noord", "vertegenwoordigingen", body)["id"]
    return found


def sees(region: World) -> bool:
    """Whether the mentor sees what the betrokkene may see."""
    answer = region.ask(MENTOR, "brp_adres", purpose="D11", user=f"{MENTOR}-1")
    return bool(answer.json().get("gegevens"))


def test_a_mandate_recorded_ahead_follows_on_the_one_that_runs(mentored: World) -> None:
    ahead = mandate(mentored, vanaf=NEXT, tot=LAST)
    assert sees(mentored)
    mentored.clock.move(days=60)
    assert sees(mentored)
    mentored.recorded("gemeente-noord", f"vertegenwoordigingen/{ahead}/beeindigingen", None, media=None)
    assert not sees(mentored)


def test_between_two_mandates_nobody_acts(mentored: World) -> None:
    mandate(mentored, vanaf="2027-04-01T00:00:00Z", tot=LAST)
    mentored.clock.move(days=60)
    assert not sees(mentored)
    mentored.clock.move(days=30)
    assert sees(mentored)


def _ends_a_consent(world: World) -> int:
    """The status of the mentor's withdrawal of a new consent."""
    id_ = world.recorded("ggz-noord", "toestemmingen", BODIES["toestemmingen"])["id"]
    return world.on(MENTOR, f"toestemmingen/{id_}/beeindigingen", {}, user=f"{MENTOR}-1").status_code


def test_who_has_no_mandate_now_ends_no_consent(mentored: World) -> None:
    """Outside his authority a representative is nobody: the casus that he may not look into he does not change either."""
    mandate(mentored, vanaf="2027-04-01T00:00:00Z", tot=LAST)
    assert _ends_a_consent(mentored) == 201
    mentored.clock.move(days=60)
    assert _ends_a_consent(mentored) == 403
    mentored.clock.move(days=30)
    assert _ends_a_consent(mentored) == 201


def test_a_betrokkene_of_another_casus_ends_no_consent_in_one_in_which_he_is_a_relative(region: World) -> None:
    """He is the betrokkene where his right of access is on record, and a naaste here."""
    joined(region, PartnerKind.BETROKKENE, MENTOR)
    relation = region.recorded("zvh-noord", "relaties", {"partner": MENTOR, "relatie": "naaste"})
    region.names = {**region.names, OPEN: {**region.names[OPEN], MENTOR: relation["pseudoniemVanPartner"]}}
    assert _ends_a_consent(region) == 403
    basis = {"grondslag": "avg15", "partner": MENTOR, "doelen": ["D11"], "groepen": ["*"]}
    region.recorded("gemeente-noord", "grondslagen", basis)
    assert _ends_a_consent(region) == 201


def test_an_older_mandate_on_record_later_does_not_end_the_one_that_runs(mentored: World) -> None:
    mandate(mentored, vanaf="2024-01-01T00:00:00Z", tot="2025-01-01T00:00:00Z")
    assert sees(mentored)


def test_a_statement_for_a_shorter_time_does_not_end_the_longer_one(ready: World) -> None:
    shorter = {"partner": DERDE, "tot": "2027-01-11T00:00:00Z"}
    ready.recorded("zvh-noord", "geheimhoudingsverklaringen", shorter)
    ready.clock.move(days=2)
    sent = pushed(ready)
    assert levels(fetch(ready, sent["zending"]).json()) == PROMISED
