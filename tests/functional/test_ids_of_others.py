"""Ids of others in every place of an id: each is answered as one that there is not, whoever may have given it."""

import json

import httpx
import pytest

from tests.doors import GUARDED, Roles, line_of
from tests.region import CLOSED_TABLE, OPEN, foreign_name

UNKNOWN = "a" * 52
CASUS = [door for door in GUARDED if "{casus}" in door[1]]
RECORD = [door for door in GUARDED if "{vastlegging}" in door[1]]


def heard(answer: httpx.Response) -> tuple[int, bytes]:
    """All that an answer tells of why."""
    return answer.status_code, answer.content


def apart(answers: dict[str, dict[str, httpx.Response]]) -> dict[str, dict[str, tuple[int, bytes]]]:
    """The doors of which not all answers are the same."""
    told = {door: {which: heard(one) for which, one in found.items()} for door, found in answers.items()}
    return {door: found for door, found in told.items() if len(set(found.values())) > 1}


@pytest.mark.parametrize("partner", ["politie-noord", "fg-noord"])
def test_a_casus_of_others_is_one_that_there_is_not_at_every_door(roles: Roles, partner: str) -> None:
    region = roles.region
    closed = region.casus_id(CLOSED_TABLE)
    names = {
        "unknown": UNKNOWN, "anothers name of this casus": roles.names["ggz-noord"],
        "anothers name of his own": region.names[CLOSED_TABLE]["ggz-noord"], "the id itself": closed,
    }  # fmt: skip
    if partner != "fg-noord":
        # Supervision may know that there is a casus (AVG 39, 58).
        names["of others"] = foreign_name(region.hub, partner, closed)
    answers = {line_of(door): {which: roles.ask(partner, door, casus=name) for which, name in names.items()}
               for door in CASUS}  # fmt: skip
    assert apart(answers) == {}
    # A delivery in a form that is not of the sender's kind is refused before anyone looks for a casus.
    expected = {404, 400} if partner == "politie-noord" else {404}
    assert {one["unknown"].status_code for one in answers.values()} == expected


def test_a_record_of_another_casus_is_one_that_there_is_not_at_every_door(roles: Roles) -> None:
    region = roles.region
    with region.hub.store.snapshot() as moment:
        state = region.hub.broker.judging.facts._states.of(moment, region.casus_id(CLOSED_TABLE), "ggz-noord")
    elsewhere = {standing.record.kind: id_ for id_, standing in state.dossier.by_id.items()}
    assert len(elsewhere) > 3
    known = {"unknown": "f" * 32, "no id": "x", **elsewhere}
    answers = {line_of(door): {which: roles.ask("zvh-noord", door, vastlegging=id_) for which, id_ in known.items()}
               for door in RECORD}  # fmt: skip
    assert apart(answers) == {}
    assert {one["unknown"].status_code for one in answers.values()} <= {403, 404}


def test_a_record_of_another_kind_is_one_that_there_is_not(roles: Roles) -> None:
    phase = roles.made("zvh-noord", "fasen", {"fase": "opgeschaald"})["id"]
    known = {"unknown": "f" * 32, "of another kind": phase}
    answers = {line_of(door): {which: roles.ask("zvh-noord", door, vastlegging=id_) for which, id_ in known.items()}
               for door in RECORD}  # fmt: skip
    assert apart(answers) == {}


def test_an_emergency_of_another_casus_is_none_to_confirm(roles: Roles) -> None:
    region = roles.region
    need = {"soort": "vitaal_belang", "ontvangers": ["forfact-noord"], "doelen": ["D02"], "velden": ["diagnose_dsm"],
            "reden": "nood", "kanNietToestemmen": True}  # fmt: skip
    elsewhere = region.recorded("ggz-noord", "noodsituaties", need, casus=CLOSED_TABLE)["id"]
    bodies = [{"noodsituatie": id_, "tweedeProfessional": "forfact-noord-1"} for id_ in (elsewhere, "f" * 32)]
    told = [heard(region.on("forfact-noord", "tweede-professionals", body)) for body in bodies]
    assert told[0] == told[1]
    assert told[0][0] in (403, 404)


def test_a_cursor_of_another_partner_or_list_is_refused(roles: Roles) -> None:
    path = f"/casussen/{roles.names['zvh-noord']}/vastleggingen"
    cursor = roles.call("zvh-noord", "GET", f"{path}?aantal=1").json()["volgende"]
    tries = [("gemeente-noord", f"/casussen/{roles.names['gemeente-noord']}/vastleggingen"), ("zvh-noord", "/postvak")]
    for partner, where in tries:
        for spoilt in (cursor, cursor[::-1], cursor[:-4] + "AAAA", "0", "1" * 200):
            answer = roles.call(partner, "GET", f"{where}?cursor={spoilt}")
            assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "cursor")


def test_a_reference_of_another_finds_nobody(roles: Roles) -> None:
    """Each partner has its own references; the demonstration's casus was filed by gemeente-noord under this one."""
    region = roles.region
    mine = {"doel": "D02", "kenmerk": f"{OPEN}-gemeente-noord"}
    assert region.post("gemeente-noord", "/zoekingen", mine).status_code == 200
    answers = [
        region.post("politie-noord", "/zoekingen", {**mine, "kenmerk": one}) for one in (mine["kenmerk"], "niets")
    ]
    assert heard(answers[0]) == heard(answers[1])
    assert answers[0].status_code == 404


def test_a_series_names_casussen_of_others_in_vain(roles: Roles) -> None:
    region = roles.region
    document = {"velden": [{"veld": "overlast_meldingen", "niveaus": {"sam": "geluid"}}]}
    names = [UNKNOWN, roles.names["ggz-noord"], foreign_name(region.hub, "wonen-noord", region.casus_id(CLOSED_TABLE))]
    lines = b"\n".join(json.dumps({"casus": name, "document": document}).encode() for name in names)
    answer = roles.call("wonen-noord", "POST", "/leveringsreeksen", content=lines, media="application/x-ndjson")
    told = answer.json()["regels"]
    assert told == [told[0]] * 3
    assert told[0]["code"] == "onbekend"


KEY = "sleutel-van-een-ander"


def test_a_key_of_another_answers_nothing_and_stands_in_nobodys_way(roles: Roles) -> None:
    """The same call under the same Idempotency-Key by two partners is two calls; so at every door that writes."""
    filing = next(door for door in GUARDED if door[1] == "/casussen")
    filed = [roles.ask(partner, filing, key=KEY).json()["casus"] for partner in ("ggz-noord", "zvh-noord", "ggz-noord")]
    assert filed[0] == filed[2] != filed[1]
    fetching = next(door for door in GUARDED if door[1].endswith("ontvangsten"))
    fetched = [roles.ask(partner, fetching, key=KEY + "-2").status_code for partner in ("politie-noord", "ggz-noord")]
    assert fetched == [201, 404]
    for door in CASUS:
        if door[0] == "POST" and not door[1].endswith("raadplegingen"):
            key = f"deur-{CASUS.index(door):04d}"
            first, second = (roles.ask(partner, door, key=key) for partner in ("zvh-noord", "politie-noord"))
            assert second.json().get("code") != "sleutel-hergebruikt", line_of(door)
            if first.status_code == second.status_code == 201:
                assert first.json().get("id", 0) != second.json().get("id", 1), line_of(door)
