"""Breaking the glass: who may, for whom, who sees it at once, what it obliges to, and who can only ask for it."""

from datetime import timedelta
from typing import Any

import pytest

from hub.casework.rules import TREATING_ROLES
from hub.errors import StoreUnavailable
from hub.events.catalogue import ALARM
from hub.identity import register
from hub.identity.register import UserChange
from hub.model.instant import to_text
from hub.model.partner import PartnerKind
from hub.store import obligations as rows
from hub.store.partners import FLAGS
from tests.doors import joined
from tests.following import listed, of_type, settled
from tests.region import AT, BY, OPEN, World

DAY = to_text(AT + timedelta(days=1))
NEED = {
    "soort": "vitaal_belang", "ontvangers": ["forfact-noord"], "doelen": ["D02"], "velden": ["crisisplan_kort"],
    "reden": "nood", "kanNietToestemmen": True,
}  # fmt: skip
DUTIES = {**NEED, "soort": "conflict_van_plichten", "ontvangers": ["politie-noord"], "doelen": ["D04"]}
ASKED = {"soort": "conflict_van_plichten", "bron": "ggz-noord", "doel": "D04", "velden": ["crisisplan_kort"]}


def _broken(*_: object, **__: object) -> Any:
    raise StoreUnavailable


def in_need(region: World) -> str:
    """An emergency of the ggz for the ForFACT-team; its id."""
    found: str = region.recorded("ggz-noord", "noodsituaties", NEED)["id"]
    return found


def used(region: World) -> dict[str, Any]:
    """What the receiver of the emergency gets."""
    answer: dict[str, Any] = region.ask("forfact-noord", "crisisplan_kort").json()
    assert [item["geheimUitzondering"] for item in answer["gegevens"]] == ["emergency"]
    return answer


# --- what it brings ----------------------------------------------------------------------------------------------


def test_supervision_sees_it_at_once_and_reviews_it(region: World) -> None:
    in_need(region)
    (due,) = of_type(region, "fg-noord", "review_fg")
    assert (due["noodsituatie"], due["over"], due["uiterlijk"]) == ("vitaal_belang", "forfact-noord", DAY)
    assert of_type(region, "ggz-noord", "review_fg") == []
    assert settled(region, "ggz-noord", due["id"], "rechtmatig").status_code == 404
    assert settled(region, "fg-noord", due["id"], "rechtmatig").status_code == 201
    assert of_type(region, "fg-noord", "review_fg") == []
    # What is used after the review is reviewed again.
    used(region)
    assert len(of_type(region, "fg-noord", "review_fg")) == 1


def test_using_it_notifies_the_source_and_asks_for_a_note_and_a_second(region: World) -> None:
    emergency = in_need(region)
    duties = {duty["soort"] for duty in used(region)["verplichtingen"]}
    assert {"notify_bron", "review_fg", "note_in_dossier", "second_approval", "expires_at"} <= duties
    found = {one["soort"]: one for one in listed(region, "ggz-noord")}
    assert {"notify_bron", "note_in_dossier", "second_approval"} <= found.keys()
    assert (found["notify_bron"]["velden"], found["notify_bron"]["over"]) == (["crisisplan_kort"], "forfact-noord")
    assert (found["note_in_dossier"]["uiterlijk"], found["second_approval"]["keuzes"]) == (DAY, [])
    assert settled(region, "ggz-noord", found["second_approval"]["id"], "gelezen").status_code == 409
    second = {"noodsituatie": emergency, "tweedeProfessional": "forfact-noord-1"}
    region.recorded("forfact-noord", "tweede-professionals", second)
    assert of_type(region, "ggz-noord", "second_approval") == []
    assert of_type(region, "forfact-noord", "expires_at")[0]["uiterlijk"] == DAY


@pytest.mark.parametrize("what", ["recording", "using"])
def test_where_nobody_can_be_told_nothing_opens(region: World, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    if what == "using":
        in_need(region)
    with monkeypatch.context() as patch:
        patch.setattr(rows, "ask_to_put", _broken)
        if what == "recording":
            assert region.on("ggz-noord", "noodsituaties", NEED).status_code == 503
        else:
            assert region.ask("forfact-noord", "crisisplan_kort").status_code == 503
    if what == "recording":
        assert not region.ask("forfact-noord", "crisisplan_kort").json()["gegevens"]


def test_the_betrokkene_is_told_unless_that_is_put_off_to_a_date(region: World) -> None:
    region.recorded("gemeente-noord", "uitstellen", {"tot": to_text(AT + timedelta(days=9)), "reden": "gevaar"})
    in_need(region)
    assert "inform_betrokkene" not in {duty["soort"] for duty in used(region)["verplichtingen"]}
    (recheck,) = of_type(region, "gemeente-noord", "inform_betrokkene")
    assert recheck["uiterlijk"] == to_text(AT + timedelta(days=9))


# --- who may -----------------------------------------------------------------------------------------------------


def test_one_receiver(region: World) -> None:
    answer = region.on("ggz-noord", "noodsituaties", {**NEED, "ontvangers": ["forfact-noord", "gemeente-noord"]})
    assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "ontvangers")


def test_it_ends_after_24_hours(region: World) -> None:
    in_need(region)
    used(region)
    region.clock.move(hours=24)
    assert not region.ask("forfact-noord", "crisisplan_kort").json()["gegevens"]


@pytest.mark.parametrize("left", ["review_fg", "second_approval"])
def test_who_has_one_overdue_gets_no_new_one(region: World, left: str) -> None:
    emergency = in_need(region)
    if left == "second_approval":
        (due,) = of_type(region, "fg-noord", "review_fg")
        assert settled(region, "fg-noord", due["id"], "rechtmatig").status_code == 201
    second = {"noodsituatie": emergency, "tweedeProfessional": "forfact-noord-1"}
    if left == "review_fg":
        region.recorded("forfact-noord", "tweede-professionals", second)
    region.clock.move(hours=23)
    in_need(region)
    region.clock.move(hours=2)
    refused = region.on("ggz-noord", "noodsituaties", NEED)
    assert (refused.status_code, refused.json()["code"]) == (409, "strijdig")
    # Another user of the same partner is not held back by it.
    other = {"soort": "vitaal_belang", **NEED, "ontvangers": ["ggz-noord"]}
    assert region.on("forfact-noord", "noodsituaties", other).status_code == 201


@pytest.mark.parametrize(
    ("role", "vital", "duties"),
    [("regiebehandelaar", 201, 201), ("crisisdienst", 201, 201), ("verpleegkundige", 201, 403), ("receptie", 403, 403)],
)
def test_a_life_is_in_the_hands_of_any_care_professional(region: World, role: str, vital: int, duties: int) -> None:
    region.change_user("ggz-noord", role=role)
    region.clock.move(seconds=1)
    assert region.on("ggz-noord", "noodsituaties", NEED).status_code == vital
    assert region.on("ggz-noord", "noodsituaties", DUTIES).status_code == duties
    if vital == 201:
        used(region)
    assert {"crisisdienst", "verpleegkundige"}.isdisjoint(TREATING_ROLES)


@pytest.mark.parametrize("kind", [PartnerKind.NAASTE, PartnerKind.BETROKKENE])
def test_a_conflict_of_duties_is_of_a_professional(region: World, kind: PartnerKind) -> None:
    joined(region, kind, "een")
    near = region.recorded("zvh-noord", "relaties", {"partner": "een", "relatie": "vertegenwoordigt"})
    path = f"/casussen/{near['pseudoniemVanPartner']}/noodsituaties"
    assert region.post("een", path, DUTIES, user="een-1").status_code == 403
    # Who is none asks the source for it.
    path = f"/casussen/{near['pseudoniemVanPartner']}/noodverzoeken"
    assert region.post("een", path, ASKED, user="een-1").status_code == 201
    assert of_type(region, "ggz-noord", "noodverzoek")


# --- the second professional -------------------------------------------------------------------------------------


def second(region: World, emergency: str, user: str = "forfact-noord-1", partner: str = "forfact-noord") -> int:
    """A second professional confirms an emergency: the status of the answer."""
    body = {"noodsituatie": emergency, "tweedeProfessional": user}
    return region.on(partner, "tweede-professionals", body, user=user).status_code


def joins(region: World, partner: str, user: str, **flags: str) -> None:
    """A psychiatrist of `partner`, authorised but for `flags`."""
    known = {"role": "psychiater", **dict.fromkeys(FLAGS, "true"), **flags}
    at = region.clock()
    region.hub.store.commit(lambda tx: register.record_user(tx, partner, user, UserChange(known), by=BY, at=at))
    region.clock.move(seconds=1)


@pytest.mark.parametrize("lacking", FLAGS)
def test_a_second_who_is_not_authorised_is_none(region: World, lacking: str) -> None:
    emergency = in_need(region)
    joins(region, "forfact-noord", "ff-x", **{lacking: "false"})
    assert second(region, emergency, "ff-x") == 403
    assert len(of_type(region, "ggz-noord", "second_approval")) == 1
    assert second(region, emergency) == 201


def test_a_second_of_another_partner_may_have_the_same_user_name(region: World) -> None:
    emergency = in_need(region)
    assert second(region, emergency, "ggz-noord-1", "ggz-noord") == 409
    joins(region, "forfact-noord", "ggz-noord-1")
    assert second(region, emergency, "ggz-noord-1", "forfact-noord") == 201


@pytest.mark.parametrize("reviewed_at_once", [True, False])
def test_a_second_who_comes_too_late_does_not_count_and_supervision_decides(
    region: World, reviewed_at_once: bool
) -> None:
    emergency = in_need(region)
    (due,) = of_type(region, "fg-noord", "review_fg")
    if reviewed_at_once:
        assert settled(region, "fg-noord", due["id"], "rechtmatig").status_code == 201
    region.clock.move(hours=24)
    size = region.size()
    assert second(region, emergency) == 409
    assert [told["fout"] for told, _ in region.entries(size)] == ["strijdig"]
    assert region.on("ggz-noord", "noodsituaties", NEED).status_code == 409
    (due,) = of_type(region, "fg-noord", "review_fg")
    assert settled(region, "fg-noord", due["id"], "rechtmatig").status_code == 201
    assert of_type(region, "ggz-noord", "second_approval") == []
    assert region.on("ggz-noord", "noodsituaties", NEED).status_code == 201


# --- correcting it -----------------------------------------------------------------------------------------------


def corrected(region: World, emergency: str, **changed: Any) -> int:
    """The status of a correction."""
    return region.on("ggz-noord", f"noodsituaties/{emergency}/correcties", {**NEED, **changed}).status_code


def test_a_correction_does_not_begin_the_24_hours_anew(region: World) -> None:
    emergency = in_need(region)
    region.clock.move(hours=23)
    assert corrected(region, emergency, reden="beter gezegd") == 201
    used(region)
    assert {one["uiterlijk"] for one in of_type(region, "fg-noord", "review_fg")} == {DAY}
    region.clock.move(hours=1)
    assert region.released("forfact-noord", "crisisplan_kort") == set()


@pytest.mark.parametrize(
    "wider",
    [
        {"velden": ["crisisplan_kort", "diagnose_dsm"]}, {"doelen": ["D02", "D04"]}, {"ontvangers": ["verslavingszorg-noord"]},
        {"soort": "conflict_van_plichten"},
    ],
)  # fmt: skip
def test_a_correction_opens_no_more(region: World, wider: dict[str, Any]) -> None:
    emergency = in_need(region)
    assert corrected(region, emergency, **wider) == 409
    used(region)


def test_a_correction_narrows(region: World) -> None:
    both = ["crisisplan_kort", "diagnose_dsm"]
    emergency = region.recorded("ggz-noord", "noodsituaties", {**NEED, "velden": both})["id"]
    assert {field for field, _ in region.released("forfact-noord", *both)} == set(both)
    assert corrected(region, emergency) == 201
    assert {field for field, _ in region.released("forfact-noord", *both)} == {"crisisplan_kort"}


def test_what_is_over_is_not_corrected(region: World) -> None:
    emergency = in_need(region)
    (due,) = of_type(region, "fg-noord", "review_fg")
    assert settled(region, "fg-noord", due["id"], "rechtmatig").status_code == 201
    assert second(region, emergency) == 201
    region.clock.move(hours=28)
    assert corrected(region, emergency) == 409
    assert region.released("forfact-noord", "crisisplan_kort") == set()


def test_who_is_no_reader_any_more_breaks_no_glass(region: World) -> None:
    region.change_user("ggz-noord", trained="false")
    region.clock.move(seconds=1)
    assert region.on("ggz-noord", "noodsituaties", NEED).status_code == 403


def test_without_supervision_there_is_no_emergency(region: World) -> None:
    at = region.clock()
    region.hub.store.commit(lambda tx: register.suspend_partner(tx, "fg-noord", by=BY, at=at))
    assert region.on("ggz-noord", "noodsituaties", NEED).status_code == 409


# --- who can only ask --------------------------------------------------------------------------------------------


def test_asking_rings_the_source_and_recording_answers_it(region: World, monkeypatch: pytest.MonkeyPatch) -> None:
    size, rung = region.size(), []
    monkeypatch.setattr("hub.events.alarm.emit", lambda event, **fields: rung.append((event, fields["what"])))
    answer = region.recorded("politie-noord", "noodverzoeken", ASKED)
    assert answer["soort"] == "noodverzoek"
    (told, _), *_ = region.entries(size)
    assert (told["soort"], told["bron"], told["velden"]) == ("noodverzoek", "ggz-noord", ["crisisplan_kort"])
    assert rung == [(ALARM, "noodverzoek")]
    (rings,) = of_type(region, "ggz-noord", "noodverzoek")
    assert (rings["over"], rings["noodsituatie"], rings["doel"]) == ("politie-noord", "conflict_van_plichten", "D04")
    assert rings["casus"] == region.names[OPEN]["ggz-noord"]
    assert rings["keuzes"] == ["afgewezen"]
    region.recorded("ggz-noord", "noodsituaties", DUTIES)
    assert of_type(region, "ggz-noord", "noodverzoek") == []


def test_asking_tells_not_who_takes_part(region: World) -> None:
    heard = []
    for source in ("ggz-noord", "reclassering-noord"):
        answer = region.on("politie-noord", "noodverzoeken", {**ASKED, "bron": source})
        heard.append((answer.status_code, {**answer.json(), "id": None}))
    assert heard[0] == heard[1]
    assert listed(region, "reclassering-noord") == []


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"bron": "niemand"}, "bron"), ({"bron": "politie-noord"}, "bron"), ({"velden": ["verzonnen"]}, "velden"),
        ({"soort": "vitaal_belang", "bron": "gemeente-noord"}, "bron"),
    ],
)  # fmt: skip
def test_who_cannot_be_asked(region: World, changed: dict[str, Any], place: str) -> None:
    answer = region.on("politie-noord", "noodverzoeken", {**ASKED, **changed})
    assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, place)


def test_who_asks_for_something_else_too_is_heard_on_both(region: World) -> None:
    """The source hears of each kind, purpose and set of fields; of the very same once."""
    more = {**ASKED, "velden": ["medicatie_actueel"]}
    for body in (ASKED, more, ASKED, {**more, "soort": "vitaal_belang"}):
        region.recorded("politie-noord", "noodverzoeken", body)
    told = [(one["noodsituatie"], one["velden"]) for one in of_type(region, "ggz-noord", "noodverzoek")]
    assert told == [
        ("vitaal_belang", ["medicatie_actueel"]),
        ("conflict_van_plichten", ["medicatie_actueel"]),
        ("conflict_van_plichten", ["crisisplan_kort"]),
    ]
