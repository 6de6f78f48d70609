"""What a release leaves to be done: what puts it off, what settles it, what is the same, and whose it is.

That each type has its effect or nothing leaves: tests/integration/test_obligation_doors.py.
"""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hub.model.canonical import canonical_json
from hub.model.instant import from_text, to_text
from tests.following import listed, of_type, settled, under_the_wvggz
from tests.pushing import DERDE, PROMISED, SENDER, fetch, levels, pushed, verified, waiting
from tests.region import AT, OPEN, OWN_FORM, World

ADVICE = "bejegeningsadvies"
MONTH = to_text(AT + timedelta(days=30))


# --- what is followed up -----------------------------------------------------------------------------------------


def test_the_receiver_is_told_when_to_drop_what_consent_opened(region: World) -> None:
    answer = region.ask("politie-noord", ADVICE).json()
    (duty,) = [duty for duty in answer["verplichtingen"] if duty["soort"] == "expires_at"]
    (due,) = of_type(region, "politie-noord", "expires_at")
    assert (due["uiterlijk"], due["velden"]) == (duty["opTijdstip"], duty["velden"])
    assert (due["casus"], due["doel"], due["teLaat"]) == (region.names[OPEN]["politie-noord"], "D02", False)
    # The same question again asks for the same: one line.
    region.ask("politie-noord", ADVICE)
    assert len(of_type(region, "politie-noord", "expires_at")) == 1
    region.clock.at = from_text(due["uiterlijk"])
    assert of_type(region, "politie-noord", "expires_at")[0]["teLaat"]
    assert region.released("politie-noord", ADVICE) == set()
    assert settled(region, "politie-noord", due["id"], "verwijderd").status_code == 201
    assert of_type(region, "politie-noord", "expires_at") == []


def test_the_contactpunt_tells_the_betrokkene_and_then_it_is_no_longer_due(region: World) -> None:
    assert _duties(region.ask("politie-noord", "naam").json(), "inform_betrokkene")
    region.ask("politie-noord", "brp_adres")
    (due,) = of_type(region, "gemeente-noord", "inform_betrokkene")
    assert (due["over"], due["uiterlijk"], due["casus"]) == (
        "politie-noord",
        MONTH,
        region.names[OPEN]["gemeente-noord"],
    )
    size = region.size()
    assert settled(region, "gemeente-noord", due["id"], "ingelicht").status_code == 201
    told, internal = region.entries(size)[0]
    assert (told["soort"], told["verplichting"], told["uitkomst"]) == ("afhandeling", due["id"], "ingelicht")
    assert internal["casus"] == region.casus_id()
    region.clock.move(seconds=1)
    assert not _duties(region.ask("politie-noord", "naam").json(), "inform_betrokkene")
    assert of_type(region, "gemeente-noord", "inform_betrokkene") == []


def test_a_record_that_he_was_told_settles_it_too(region: World) -> None:
    region.ask("politie-noord", "naam")
    region.recorded("gemeente-noord", "informeringen", {"partner": "politie-noord"})
    assert of_type(region, "gemeente-noord", "inform_betrokkene") == []


def test_a_postponement_moves_the_date_to_its_recheck_and_is_followed_up_itself(region: World) -> None:
    region.ask("politie-noord", "naam")
    until = to_text(AT + timedelta(days=90))
    record = region.recorded("gemeente-noord", "uitstellen", {"tot": until, "reden": "gevaar"})["id"]
    due = of_type(region, "gemeente-noord", "inform_betrokkene")
    assert [(one["over"], one["uiterlijk"]) for one in due] == [(None, until), ("politie-noord", until)]
    region.clock.move(days=3)
    region.recorded("gemeente-noord", f"uitstellen/{record}/beeindigingen", None)
    soon = to_text(AT + timedelta(days=33))
    assert {one["uiterlijk"] for one in of_type(region, "gemeente-noord", "inform_betrokkene")} == {soon}


def test_each_set_of_fields_is_told_on_its_own_and_the_same_but_once(region: World) -> None:
    """The zorgverantwoordelijke hears of each exchange (Wvggz 8:29(2)); without one the source does."""
    under_the_wvggz(region)
    for field in ("zorgcontact_status", "naam", "zorgcontact_status"):
        assert _duties(region.ask("politie-noord", field, purpose="D04").json(), "log_dataverwerking")
    (due,) = of_type(region, "ggz-noord", "notify_zv")
    assert (due["velden"], due["over"]) == (["zorgcontact_status"], "politie-noord")
    more = {"velden": [{"veld": "gevaarlijk_gedrag_feiten", "niveaus": {"sam": "druk", "vol": "druk"}}]}
    assert region.on("ggz-noord", "leveringen", more, media=OWN_FORM).status_code == 201
    region.ask("politie-noord", "zorgcontact_status", "gevaarlijk_gedrag_feiten", "naam", purpose="D04")
    told = [one["velden"] for one in of_type(region, "ggz-noord", "notify_zv")]
    assert told == [["gevaarlijk_gedrag_feiten", "zorgcontact_status"], ["zorgcontact_status"]]


def _duties(answer: dict[str, Any], type_: str) -> list[dict[str, Any]]:
    return [duty for duty in answer["verplichtingen"] if duty["soort"] == type_]


# --- what the receiver does --------------------------------------------------------------------------------------


# --- a push ------------------------------------------------------------------------------------------------------


def test_a_derde_reports_in_a_year_and_who_sent_it_reads_so(ready: World) -> None:
    sent = pushed(ready)
    ready.clock.move(minutes=1)
    assert levels(fetch(ready, sent["zending"]).json()) == PROMISED
    (due,) = listed(ready, DERDE)
    assert (due["soort"], due["zending"], due["casus"]) == ("feedback_due", sent["zending"], None)
    assert (due["over"], due["uiterlijk"]) == (SENDER, to_text(AT + timedelta(days=365)))
    assert settled(ready, DERDE, due["id"], "gelezen").status_code == 400
    assert settled(ready, DERDE, due["id"], "heeft-geholpen", nogInGebruik=True).status_code == 201
    (report,) = of_type(ready, SENDER, "terugmelding")
    assert (report["over"], report["uitkomst"], report["zending"]) == (DERDE, "heeft-geholpen", None)
    (again,) = listed(ready, DERDE)
    assert again["uiterlijk"] == to_text(ready.clock() + timedelta(days=365))
    assert settled(ready, DERDE, again["id"], "niet-gebruikt").status_code == 201
    assert listed(ready, DERDE) == []
    assert settled(ready, DERDE, again["id"], "niet-gebruikt").status_code == 409


def test_each_report_of_a_derde_is_heard(ready: World) -> None:
    """Another word on the same sending does not wait until the first was read."""
    pushed(ready)
    for word in ("heeft-geholpen", "heeft-niet-geholpen", "heeft-geholpen"):
        ready.clock.move(days=1)
        (due,) = listed(ready, DERDE)
        assert settled(ready, DERDE, due["id"], word, nogInGebruik=True).status_code == 201
    assert [one["uitkomst"] for one in of_type(ready, SENDER, "terugmelding")] == [
        "heeft-geholpen", "heeft-niet-geholpen", "heeft-geholpen",
    ]  # fmt: skip


def test_the_entry_of_a_fetch_is_tied_to_what_was_in_it(ready: World) -> None:
    body = fetch(ready, pushed(ready)["zending"]).json()
    lines = canonical_json([[one["veld"], one["bron"], one["niveau"], one["waarde"]] for one in body["gegevens"]])
    digest = "sha256:" + hashlib.sha256(bytes.fromhex(body["inhoud"]["zout"]) + lines).hexdigest()
    assert digest == body["inhoud"]["hash"] == verified(ready, body)["inhoud"]
    assert body["watermerk"]["partner"] == DERDE
    assert body["inhoud"]["zout"] not in str(ready.entries(ready.size() - 1))


def test_what_expires_is_not_fetched_after(region: World) -> None:
    """Consent of the ggz for the police ends before the postvak would be emptied."""
    consent = {
        "ontvangers": ["politie-noord"], "doelen": ["D02"], "groepen": ["G04", "G16"],
        "gegevenOp": to_text(AT - timedelta(days=1)), "tot": to_text(AT + timedelta(days=2)), "wilsbekwaam": True,
        "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
    }  # fmt: skip
    region.recorded("ggz-noord", "toestemmingen", consent)
    sent = pushed(region, "ggz-noord", ontvanger="politie-noord", doel="D02", velden=[ADVICE])
    until = {duty["opTijdstip"] for duty in sent["verplichtingen"] if duty["soort"] == "expires_at"}
    (line,) = waiting(region, "politie-noord")["zendingen"]
    assert line["verlooptOp"] == min([*until, to_text(AT + timedelta(days=14))])
    region.clock.at = from_text(line["verlooptOp"])
    assert fetch(region, sent["zending"], "politie-noord").status_code == 404


# --- whose they are ----------------------------------------------------------------------------------------------


def test_each_sees_and_settles_its_own_alone(region: World) -> None:
    region.ask("politie-noord", ADVICE)
    (due,) = of_type(region, "politie-noord", "expires_at")
    assert listed(region, "forfact-noord") == []
    foreign, unknown = (settled(region, "forfact-noord", id_, "verwijderd") for id_ in (due["id"], "f" * 32))
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    region.change_user("politie-noord", bound_to_secrecy="false")
    region.clock.move(seconds=1)
    assert region.send("politie-noord", "GET", "/verplichtingen", media=None).status_code == 403
    assert region.entries(region.size() - 1)[0][0]["fout"] == "niet-toegestaan"
    assert settled(region, "politie-noord", due["id"], "verwijderd").status_code == 403


def test_pages_go_on_where_the_last_one_ended(region: World) -> None:
    for partner in ("politie-noord", "forfact-noord", "verslavingszorg-noord"):
        region.ask(partner, "naam")
    every = listed(region, "gemeente-noord")
    assert len(every) >= 2
    first = region.send("gemeente-noord", "GET", "/verplichtingen?aantal=1", media=None).json()
    rest = listed(region, "gemeente-noord", f"?cursor={first['volgende']}")
    assert [one["id"] for one in [*first["verplichtingen"], *rest]] == [one["id"] for one in every]
    stolen = region.send("politie-noord", "GET", f"/verplichtingen?cursor={first['volgende']}", media=None)
    assert stolen.status_code == 400


def test_a_row_tells_no_reader_of_the_database_whom_it_is_about(region: World) -> None:
    region.ask("politie-noord", ADVICE)
    with region.hub.store.snapshot() as moment:
        lying = str(list(moment.exec_driver_sql("SELECT * FROM obligations")))
    named = [ADVICE, "D02", region.casus_id(), *region.names[OPEN].values()]
    assert [word for word in named if word in lying] == []


# --- what ends, and who tells ------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["beeindigingen", "correcties"])
def test_who_got_something_by_a_consent_drops_it_when_that_is_withdrawn(region: World, way: str) -> None:
    """AVG 7(3): the receiver hears it at once; what came by another consent stays until its own term."""
    region.ask("politie-noord", ADVICE)
    (before,) = of_type(region, "politie-noord", "expires_at")
    consent = next(iter(_consents(region)))
    other = {**_CONSENT, "groepen": ["G06"]}
    region.recorded("ggz-noord", "toestemmingen", other)
    region.clock.move(minutes=1)
    changed = {**_CONSENT, "ontvangers": ["gemeente-noord"]} if way == "correcties" else None
    region.recorded("ggz-noord", f"toestemmingen/{consent}/{way}", changed)
    (after,) = of_type(region, "politie-noord", "expires_at")
    assert (after["id"], after["velden"]) == (before["id"], before["velden"])
    assert (after["uiterlijk"], after["teLaat"]) == (to_text(region.clock.at), True)


def test_a_consent_that_was_not_used_ends_without_a_word_to_the_receiver(region: World) -> None:
    region.ask("politie-noord", ADVICE)
    before = of_type(region, "politie-noord", "expires_at")
    id_ = region.recorded("ggz-noord", "toestemmingen", {**_CONSENT, "groepen": ["G06"]})["id"]
    region.recorded("ggz-noord", f"toestemmingen/{id_}/beeindigingen", None)
    assert of_type(region, "politie-noord", "expires_at") == before


def test_what_leaves_by_the_consent_that_took_its_place_is_followed_up_as_well(region: World) -> None:
    """The line of what left by the first moved when that was corrected: it says nothing of what leaves after."""
    region.clock.move(minutes=1)
    for consent in list(_consents(region)):
        region.recorded("ggz-noord", f"toestemmingen/{consent}/beeindigingen", None)
    body = {**_CONSENT, "tot": "2027-03-01T00:00:00Z"}
    first = region.recorded("ggz-noord", "toestemmingen", body)["id"]
    region.ask("politie-noord", ADVICE)
    region.clock.move(minutes=1)
    body["doelen"] = ["D02", "D03"]
    second = region.recorded("ggz-noord", f"toestemmingen/{first}/correcties", body)["id"]
    for _ in range(2):
        region.ask("politie-noord", ADVICE)
    later, now = of_type(region, "politie-noord", "expires_at")
    assert (later["teLaat"], later["uiterlijk"], now["teLaat"]) == (False, "2027-03-01T00:00:00.000000Z", True)
    assert settled(region, "politie-noord", now["id"], "verwijderd").status_code == 201
    region.clock.move(minutes=1)
    region.recorded("ggz-noord", f"toestemmingen/{second}/beeindigingen", None)
    assert [(one["id"], one["teLaat"]) for one in of_type(region, "politie-noord", "expires_at")] == [
        (later["id"], True)
    ]


def _by_consent_alone(region: World) -> dict[str, str]:
    """The casus under consent alone, and a field that is no secret, with three consents; their ids by what they are about."""
    region.recorded("zvh-noord", "regimes", {"regime": "toestemming"})
    region.clock.move(seconds=1)
    fields = [{"veld": name, "niveaus": {"vol": "x", "sam": "x"}} for name in ("naam", "brp_adres")]
    assert region.on("gemeente-noord", "leveringen", {"velden": fields}, media=OWN_FORM).status_code == 201
    basis = {"grondslag": "avg6b", "partner": "ggz-noord", "doelen": ["D02"], "groepen": ["*"], "reden": "zorg"}
    region.recorded("ggz-noord", "grondslagen", basis)
    body = {**_CONSENT, "ontvangers": ["ggz-noord"], "tot": "2027-03-01T00:00:00Z"}
    given: dict[str, tuple[str, dict[str, Any]]] = {
        "ground": ("gemeente-noord", {"groepen": ["naam"]}),
        "other field": ("gemeente-noord", {"groepen": ["brp_adres"]}),
        "other purpose": ("gemeente-noord", {"groepen": ["G01"], "doelen": ["D03"]}),
        "other source": ("ggz-noord", {"groepen": ["*"]}),
        "other receiver": ("gemeente-noord", {"groepen": ["*"], "ontvangers": ["politie-noord"]}),
        "not free": ("gemeente-noord", {"groepen": ["*"], "vrijwillig": False}),
    }
    return {
        name: region.recorded(by, "toestemmingen", {**body, **changed})["id"] for name, (by, changed) in given.items()
    }


def test_a_consent_that_is_the_ground_and_lifts_no_secret_ends_with_a_word_to_the_receiver(region: World) -> None:
    ids = _by_consent_alone(region)
    answer = region.ask("ggz-noord", "naam").json()
    assert [(one["veld"], one["geheimUitzondering"]) for one in answer["gegevens"]] == [("naam", None)]
    for name in ("other field", "other purpose", "other source", "other receiver", "not free", "ground"):
        assert [one["teLaat"] for one in of_type(region, "ggz-noord", "expires_at")] == [False], name
        region.clock.move(seconds=1)
        by = "ggz-noord" if name == "other source" else "gemeente-noord"
        region.recorded(by, f"toestemmingen/{ids[name]}/beeindigingen", None)
    assert [one["teLaat"] for one in of_type(region, "ggz-noord", "expires_at")] == [True]


_CONSENT = {
    "ontvangers": ["politie-noord"], "doelen": ["D02"], "groepen": ["*"], "gegevenOp": "2026-11-01T00:00:00Z",
    "wilsbekwaam": True, "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
}  # fmt: skip


def _consents(region: World) -> Iterator[str]:
    path = f"/casussen/{region.names[OPEN]['ggz-noord']}/vastleggingen?aantal=100"
    for record in region.send("ggz-noord", "GET", path, media=None).json()["vastleggingen"]:
        if record["soort"] == "toestemming":
            yield record["id"]


def _new_casus(region: World, *involved: str) -> dict[str, str]:
    """A casus in a Zorg- en Veiligheidshuis in which only the police acts: its name, by partner."""
    criteria = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "op meer terreinen")
    person = {"naam": "Proef", "geboortedatum": "1990-01-01"}
    filed = {"persoon": person, "criteria": criteria, "regime": "wgs_zvh", "triagegroep": list(involved)}
    names = {"politie-noord": region.post("politie-noord", "/casussen", filed).json()["casus"]}

    def record(what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = region.post("politie-noord", f"/casussen/{names['politie-noord']}/{what}", body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    for partner in involved:
        names.setdefault(partner, record("betrokkenen", {"partner": partner})["pseudoniemVanPartner"])
    for phase in ("triage", "toegelaten", "traject"):
        record("fasen", {"fase": phase})
    record("termijnen", {"eindigtOp": "2030-01-01T00:00:00Z", "reden": "plan"})
    for partner in involved:
        record("grondslagen", {"grondslag": "wgs", "partner": partner, "doelen": ["D02"], "groepen": ["*"]})
    number = {"velden": [{"veld": "telefoon_email", "niveaus": {"sam": "kort", "vol": "lang"}}]}
    path = f"/casussen/{names['ggz-noord']}/leveringen"
    assert region.post("ggz-noord", path, number, media=OWN_FORM).status_code == 201
    return names


def _looked(region: World, names: dict[str, str]) -> dict[str, Any]:
    question = {"doel": "D02", "velden": ["telefoon_email"], "actie": "lezen"}
    answer = region.post("politie-noord", f"/casussen/{names['politie-noord']}/raadplegingen", question)
    assert answer.json()["gegevens"], answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_contactpunt_tells_also_where_it_put_nothing_on_file_itself(region: World) -> None:
    """Bgs 1.1-1.3: who is involved is enough."""
    names = _new_casus(region, "politie-noord", "ggz-noord", "zvh-noord", "gemeente-noord")
    _looked(region, names)
    assert [one["over"] for one in of_type(region, "gemeente-noord", "inform_betrokkene")] == ["politie-noord"]
    assert of_type(region, "politie-noord", "inform_betrokkene") == []


def test_where_nobody_else_can_tell_who_received_it_does_and_is_believed(region: World) -> None:
    names = _new_casus(region, "politie-noord", "ggz-noord")
    _looked(region, names)
    (due,) = of_type(region, "politie-noord", "inform_betrokkene")
    assert settled(region, "politie-noord", due["id"], "ingelicht").status_code == 201
    region.clock.move(seconds=1)
    assert not _duties(_looked(region, names), "inform_betrokkene")
