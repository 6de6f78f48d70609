"""An emergency that supervision calls unlawful: it ends with that word, and takes what it let out along; nothing else."""

import httpx

from hub.model.instant import to_text
from tests.following import listed, of_type, settled
from tests.integration.test_emergencies import ASKED, DAY, NEED, corrected, in_need, used
from tests.region import AT, World


def test_what_supervision_calls_unlawful_opens_nothing_more_and_is_dropped(region: World) -> None:
    emergency = in_need(region)
    used(region)
    (drop,) = of_type(region, "forfact-noord", "expires_at")
    assert drop["uiterlijk"] == DAY
    for due in of_type(region, "fg-noord", "review_fg"):
        assert settled(region, "fg-noord", due["id"], "onrechtmatig").status_code == 201
    assert not region.ask("forfact-noord", "crisisplan_kort").json()["gegevens"]
    (drop,) = of_type(region, "forfact-noord", "expires_at")
    assert (drop["uiterlijk"], drop["teLaat"]) == (to_text(AT), True)
    # It is over: nobody ends it once more, and a new one is looked at anew.
    assert region.on("ggz-noord", f"noodsituaties/{emergency}/beeindigingen", None, media=None).status_code == 409
    in_need(region)
    used(region)
    assert len(of_type(region, "fg-noord", "review_fg")) == 1


def unlawful(region: World, about: str) -> httpx.Response:
    """Supervision calls the emergency for `about` unlawful."""
    (due,) = (one for one in of_type(region, "fg-noord", "review_fg") if one["over"] == about)
    return settled(region, "fg-noord", due["id"], "onrechtmatig")


def test_what_another_emergency_opened_is_not_dropped_with_it(region: World) -> None:
    in_need(region)
    used(region)
    (kept,) = of_type(region, "forfact-noord", "expires_at")
    region.clock.move(hours=1)
    other = "verslavingszorg-noord"
    region.recorded("ggz-noord", "noodsituaties", {**NEED, "ontvangers": [other]})
    assert region.released(other, "crisisplan_kort")
    assert unlawful(region, other).status_code == 201
    (dropped,) = of_type(region, other, "expires_at")
    assert dropped["teLaat"]
    assert of_type(region, "forfact-noord", "expires_at") == [kept]
    used(region)


def test_of_what_is_called_unlawful_nothing_is_left_to_confirm(region: World) -> None:
    in_need(region)
    used(region)
    assert unlawful(region, "forfact-noord").status_code == 201
    assert of_type(region, "ggz-noord", "second_approval") == []
    region.clock.move(hours=25)
    in_need(region)


def test_a_casus_that_does_not_open_holds_nobody_back_for_ever(region: World) -> None:
    in_need(region)
    damage = "UPDATE dossiers SET sealed = zeroblob(80)"
    region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(damage))
    assert unlawful(region, "forfact-noord").status_code == 503
    # Once its 24 hours are over there is nothing to end.
    region.clock.move(hours=24)
    assert unlawful(region, "forfact-noord").status_code == 201
    assert listed(region, "ggz-noord") == []


def test_of_a_correction_supervision_judges_apart(region: World) -> None:
    emergency = in_need(region)
    used(region)
    assert corrected(region, emergency, reden="beter gezegd") == 201
    used(region)
    for due, left in zip(of_type(region, "fg-noord", "review_fg")[::-1], (1, 0), strict=True):
        assert settled(region, "fg-noord", due["id"], "onrechtmatig").status_code == 201
        assert len(region.released("forfact-noord", "crisisplan_kort")) == left
        assert sum(one["teLaat"] for one in of_type(region, "forfact-noord", "expires_at")) == 2 - left


def test_who_called_one_unlawful_is_not_asked_for_another(region: World) -> None:
    in_need(region)
    assert unlawful(region, "forfact-noord").status_code == 201
    region.recorded("politie-noord", "noodverzoeken", {**ASKED, "bron": "fg-noord"})
    assert listed(region, "fg-noord") == []
