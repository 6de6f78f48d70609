"""Who is not designated, screened, trained and bound to secrecy does nothing in a casus, at whatever door (R28)."""

from typing import Any

import pytest

from hub.identity import register
from hub.identity.register import UserChange
from hub.store.partners import FLAGS
from tests.doors import BODIES, GUARDED, ROLES, Roles, line_of, mark
from tests.region import BY, OPEN, OWN_FORM, World

NOTHING_OF_A_CASUS = {"postvak"}
DECIDED = {"raadplegingen", "verstrekkingen", "postvak/{zending}/ontvangsten"}
"""Here the policy itself refuses, or the broker where he may not send whatever he is."""


@pytest.mark.parametrize("role", ["leidt", "behandelt", "betrokken", "triage", "derde", "vertegenwoordiger"])
def test_who_is_not_authorised_works_at_no_door(roles: Roles, role: str) -> None:
    partner, at = ROLES[role], roles.region.clock()
    none = UserChange(dict.fromkeys(FLAGS, "false"))
    roles.region.hub.store.commit(lambda tx: register.record_user(tx, partner, f"{partner}-1", none, by=BY, at=at))
    roles.region.clock.move(seconds=1)
    heard = {line_of(door): roles.ask(partner, door) for door in GUARDED}
    open_to_him = {name for name, answer in heard.items() if mark(answer) == "+"}
    assert open_to_him <= NOTHING_OF_A_CASUS | DECIDED
    for name in open_to_him & DECIDED:
        assert any(code in heard[name].text for code in ("E_GEBRUIKER", "E_AFZENDER"))
        assert not heard[name].json()["gegevens"]


def _known(region: World, user: str, **known: str) -> None:
    at = region.clock()
    region.hub.store.commit(lambda tx: register.record_user(tx, "ggz-noord", user, UserChange(known), by=BY, at=at))


@pytest.mark.parametrize("lacking", FLAGS)
@pytest.mark.parametrize("value", ["false", None])
def test_each_attribute_is_asked_before_anything_opens(region: World, lacking: str, value: str | None) -> None:
    known = dict.fromkeys(FLAGS, "true") | ({lacking: value} if value else {})
    _known(region, "x", role="psychiater", **{name: each for name, each in known.items() if value or name != lacking})
    size = region.size()
    refused = [
        region.on("ggz-noord", what, BODIES[what], user="x")
        for what in ("toestemmingen", "geheimuitzonderingen", "bronvoorwaarden")
    ]
    refused.append(region.on("ggz-noord", "leveringen", BODIES["leveringen"], user="x", media=OWN_FORM))
    refused.append(region.post("ggz-noord", "/casussen", BODIES["casussen"], user="x"))
    assert [answer.status_code for answer in refused] == [403] * 5
    assert [told["fout"] for told, _ in region.entries(size)] == ["niet-toegestaan"] * 5


def test_he_hears_not_which_casus_there_is(region: World) -> None:
    _known(region, "x", role="psychiater")
    known = region.on("ggz-noord", "toestemmingen", BODIES["toestemmingen"], user="x")
    unknown = region.post("ggz-noord", f"/casussen/{'f' * 32}/toestemmingen", BODIES["toestemmingen"], user="x")
    assert (known.status_code, known.content) == (403, unknown.content)


@pytest.mark.parametrize("role", ["secretariaat", "crisisdienst"])
@pytest.mark.parametrize(
    ("what", "changed"),
    [
        (
            "geheimuitzonderingen",
            {"ontvangers": ["gemeente-noord"], "doelen": ["D03"], "velden": ["bejegeningsadvies"]},
        ),
        (
            "grondslagen",
            {"grondslag": "wv30", "partner": "politie-noord", "doelen": ["D04"], "reden": "ernstig nadeel"},
        ),
    ],
)
def test_who_does_not_treat_lifts_no_secret_of_care(
    region: World, what: str, changed: dict[str, object], role: str
) -> None:
    body = {**BODIES[what], **changed}
    _known(region, "x", role=role, **dict.fromkeys(FLAGS, "true"))
    assert region.on("ggz-noord", what, body, user="x").status_code == 403
    assert region.released("gemeente-noord", "bejegeningsadvies", purpose="D03") == set()
    assert region.on("ggz-noord", what, body).status_code == 201


# --- a system that delivers by itself ----------------------------------------------------------------------------


def test_a_designated_system_delivers_and_takes_back_and_no_more(region: World) -> None:
    _known(region, "koppeling", role="systeem", designated="true")
    document = {"velden": [{"veld": "zorgcontact_status", "niveaus": {"sam": "in zorg", "vol": "in zorg sinds maart"}}]}
    system: dict[str, Any] = {"user": "koppeling"}
    assert region.on("ggz-noord", "leveringen", document, media=OWN_FORM, **system).status_code == 201
    assert ("zorgcontact_status", "vol") in region.released("ggz-noord", "zorgcontact_status", purpose="D03")
    for what in ("toestemmingen", "geheimuitzonderingen", "bronvoorwaarden", "noodsituaties"):
        assert region.on("ggz-noord", what, BODIES[what], **system).status_code == 403
    assert region.ask("ggz-noord", "zorgcontact_status", purpose="D03", **system).json()["gegevens"] == []
    place = f"/casussen/{region.names[OPEN]['ggz-noord']}/vastleggingen"
    assert region.send("ggz-noord", "GET", place, media=None, **system).status_code == 403
    assert region.on("ggz-noord", "terugnames", {"velden": ["zorgcontact_status"]}, **system).status_code == 201


def test_a_system_that_nobody_designated_delivers_nothing(region: World) -> None:
    _known(region, "koppeling", role="systeem", designated="false")
    document = {"velden": [{"veld": "zorgcontact_status", "niveaus": {"sam": "in zorg"}}]}
    for user in ("koppeling", "niet-op-lijst"):
        assert region.on("ggz-noord", "leveringen", document, media=OWN_FORM, user=user).status_code == 403
