"""What is refused is entered, whichever door refused it, and its one-time proof is used up."""

import httpx
import pytest

from hub.store.casus import mark_destroyed
from tests.region import AT, OPEN, OWN_FORM, World

UNREADABLE = "vastleggingen-onleesbaar"
DELIVERY = {"velden": [{"veld": "naam", "niveaus": {"vol": "Toets"}}]}
CRITERIA = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "op meer terreinen")
FILED = {"persoon": {"naam": "Toets", "geboortedatum": "1990-01-01"}, "criteria": CRITERIA}


def _break(region: World) -> None:
    damage = f"UPDATE dossiers SET sealed = zeroblob(64) WHERE casus = '{region.casus_id()}'"  # noqa: S608
    region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(damage))


def _told_once(region: World, first: int, code: str) -> None:
    assert [told["fout"] for told, _ in region.entries(first)] == [code]


@pytest.mark.parametrize("door", ["leveringen", "terugnames", "grondslagen", "vastleggingen"])
def test_a_casus_that_cannot_be_read_is_told_and_entered_at_every_door(region: World, door: str) -> None:
    bodies = {
        "leveringen": DELIVERY,
        "terugnames": {"velden": ["naam"]},
        "grondslagen": {"grondslag": "wgs", "partner": "ggz-noord", "doelen": ["D02"], "groepen": ["G01"]},
    }
    _break(region)
    first = region.size()
    if door == "vastleggingen":
        path = f"/casussen/{region.names[OPEN]['gemeente-noord']}/{door}"
        answer: httpx.Response = region.send("gemeente-noord", "GET", path, None)
    else:
        media = OWN_FORM if door == "leveringen" else "application/json"
        answer = region.on("gemeente-noord", door, bodies[door], media=media)
    assert (answer.status_code, answer.json()["code"]) == (503, UNREADABLE)
    _told_once(region, first, UNREADABLE)


@pytest.mark.parametrize("changed", ["sealed = zeroblob(64)", "generation = generation + 6"])
def test_nothing_is_taken_into_a_casus_whose_directory_does_not_open(region: World, changed: str) -> None:
    damage = f"UPDATE casus_seals SET {changed} WHERE casus = '{region.casus_id()}'"  # noqa: S608
    region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(damage))
    for door, body, media in (
        ("leveringen", DELIVERY, OWN_FORM),
        ("terugnames", {"velden": ["naam"]}, "application/json"),
    ):
        first = region.size()
        answer = region.on("gemeente-noord", door, body, media=media)
        assert (answer.status_code, answer.json()["code"]) == (503, UNREADABLE), door
        _told_once(region, first, UNREADABLE)


def test_the_answer_to_an_aanmelding_ends_with_its_casus(region: World) -> None:
    first = region.post("politie-noord", "/casussen", FILED, key="aanmelding-0001")
    assert first.status_code == 201
    assert region.post("politie-noord", "/casussen", FILED, key="aanmelding-0001").json() == first.json()
    casus = region.hub.names.casus_of("politie-noord", first.json()["casus"])
    assert casus is not None
    region.hub.store.commit(lambda tx: mark_destroyed(tx.connection, casus, AT.isoformat()))
    before = region.size()
    assert region.post("politie-noord", "/casussen", FILED, key="aanmelding-0001").status_code == 404
    _told_once(region, before, "onbekend")


def test_the_second_professional_is_a_colleague_or_a_care_professional(region: World) -> None:
    emergency = {
        "soort": "conflict_van_plichten", "ontvangers": ["ggz-noord"], "doelen": ["D02"], "velden": ["wijkagent"],
        "reden": "nood", "kanNietToestemmen": False,
    }  # fmt: skip
    id_ = region.recorded("politie-noord", "noodsituaties", emergency)["id"]
    for user, partner, status in (
        ("gemeente-noord-1", "gemeente-noord", 403),
        ("politie-noord-1", "politie-noord", 409),
        ("forfact-noord-1", "forfact-noord", 201),
    ):
        body = {"noodsituatie": id_, "tweedeProfessional": user}
        assert region.on(partner, "tweede-professionals", body).status_code == status, partner
