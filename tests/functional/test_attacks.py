"""Partners who use the calls of the registry against one another, or to open something for themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.fhir import codes
from tests.region import CLOSED_TABLE, OPEN, OWN_FORM, World, world

ADVICE = "bejegeningsadvies"
ACT = {"doelen": ["D02", "D04"], "groepen": ["*"], "reden": "omdat het kan"}
REFUSAL = {
    "ontvangers": ["*"], "doelen": ["D02"], "groepen": ["*"], "gegevenOp": "2027-01-09T10:00:00Z",
    "wilsbekwaam": True, "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
}  # fmt: skip


def records(region: World, kind: str, partner: str) -> list[str]:
    """Ids of the records of `kind` about `partner`, or by it."""
    with region.hub.store.snapshot() as moment:
        state = region.hub.broker.judging.facts._states.of(moment, region.casus_id(), partner)
    found = state.dossier.of(kind)
    return [s.record.id for s in found if partner in (s.body.get("partner"), s.body.get("source"))]


def without_consent(region: World) -> None:
    for id_ in records(region, "toestemming", "ggz-noord"):
        region.recorded("ggz-noord", f"toestemmingen/{id_}/beeindigingen", {})
    assert not region.released("politie-noord", ADVICE)


@pytest.mark.parametrize("recorder", ["gemeente-noord", "politie-noord"])
@pytest.mark.parametrize("article", ["wv30", "wz01", "wv11", "wv24", "wv29"])
def test_who_treats_nobody_does_not_lift_the_secret_of_care(region: World, recorder: str, article: str) -> None:
    without_consent(region)
    region.recorded("gemeente-noord", "procedurestatussen", {"wet": "wvggz", "status": "titel_actief"})
    for receiver in {"politie-noord", "ggz-noord"} - {recorder}:
        answer = region.on(recorder, "grondslagen", {"grondslag": article, "partner": receiver, **ACT})
        assert answer.status_code == 403
    assert not region.released("politie-noord", ADVICE)


def test_care_itself_supplies_by_law(region: World) -> None:
    without_consent(region)
    region.recorded("gemeente-noord", "procedurestatussen", {"wet": "wvggz", "status": "titel_actief"})
    region.recorded("ggz-noord", "grondslagen", {"grondslag": "wv30", "partner": "politie-noord", **ACT})
    assert region.released("politie-noord", ADVICE, purpose="D04") == {(ADVICE, "sam")}


@pytest.mark.parametrize("right", ["beperkingen", "bezwaren", "betwistingen"])
@pytest.mark.parametrize("partner", ["politie-noord", "gemeente-noord", "zvh-noord"])
def test_who_is_not_the_source_closes_a_field_and_opens_none(region: World, right: str, partner: str) -> None:
    region.recorded("ggz-noord", right, {"velden": [ADVICE], "aan": True})
    shut = region.released("politie-noord", ADVICE)
    answer = region.on(partner, right, {"velden": [ADVICE], "bron": "ggz-noord", "aan": False})
    assert answer.status_code == 403
    assert region.released("politie-noord", ADVICE) == shut
    region.recorded("gemeente-noord", right, {"velden": [ADVICE], "bron": "ggz-noord", "aan": True})


def test_a_refusal_is_ended_by_who_may_record_it(region: World) -> None:
    id_ = region.recorded("ggz-noord", "weigeringen", REFUSAL)["id"]
    region.change_user("ggz-noord", role="receptie")
    region.clock.move(seconds=1)
    assert region.on("ggz-noord", f"weigeringen/{id_}/beeindigingen", {}).status_code == 403
    assert not region.released("politie-noord", ADVICE)
    region.change_user("ggz-noord", role="regiebehandelaar")
    region.clock.move(seconds=1)
    region.recorded("ggz-noord", f"weigeringen/{id_}/beeindigingen", {})
    assert region.released("politie-noord", ADVICE)


@pytest.mark.parametrize("call", ["betrokkenen", "triagegroepleden"])
def test_who_was_put_out_does_not_put_himself_back(region: World, call: str) -> None:
    """The aanmelder always finds its casus; that is no seat at the table."""
    for kind, path in {"betrokken": "betrokkenen", "triage": "triagegroepleden"}.items():
        for id_ in records(region, kind, "gemeente-noord"):
            region.recorded("zvh-noord", f"{path}/{id_}/beeindigingen", {})
    assert region.ask("gemeente-noord", "naam").status_code == 404
    assert region.on("gemeente-noord", call, {"partner": "gemeente-noord"}).status_code == 403
    assert region.on("gemeente-noord", "fasen", {"fase": "triage"}).status_code == 403
    assert region.ask("gemeente-noord", "naam").status_code == 404


@pytest.mark.parametrize("second", ["ggz-noord-1", "forfact-noord-1", "verzonnen"])
def test_an_emergency_names_no_second_professional(region: World, second: str) -> None:
    """He speaks for himself: until then using it brings the duty to find one."""
    named = {**EMERGENCY, "tweedeProfessional": second}
    answer = region.on("ggz-noord", "noodsituaties", named)
    assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "tweedeProfessional")
    known = {**EMERGENCY, "ontvangers": ["forfact-noord"], "velden": ["crisisplan_kort"]}
    emergency = region.recorded("ggz-noord", "noodsituaties", known)["id"]
    answer = region.on("ggz-noord", f"noodsituaties/{emergency}/correcties", named)
    assert answer.status_code == 400
    assert "second_approval" in _duties_in_need(region)
    confirmed = {"noodsituatie": emergency, "tweedeProfessional": "forfact-noord-1"}
    region.recorded("forfact-noord", "tweede-professionals", confirmed)
    assert "second_approval" not in _duties_in_need(region)


def _duties_in_need(region: World) -> set[str]:
    answer = region.ask("forfact-noord", "crisisplan_kort").json()
    assert [item["geheimUitzondering"] for item in answer["gegevens"]] == ["emergency"]
    return {duty["soort"] for duty in answer["verplichtingen"]}


@pytest.mark.parametrize(("ends_at", "status"), [("2032-01-09T00:00:00Z", 201), ("2032-01-11T00:00:00Z", 409)])
def test_no_term_beyond_the_law(region: World, ends_at: str, status: int) -> None:
    answer = region.on("zvh-noord", "termijnen", {"eindigtOp": ends_at, "reden": "langer nodig"})
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", -1, 4e9, "2027-01-01"])
def test_an_instant_that_is_none(region: World, instant: object) -> None:
    basis = {"grondslag": "wgs", "partner": "politie-noord", "doelen": ["D02"], "groepen": ["*"], "tot": instant}
    assert region.on("gemeente-noord", "grondslagen", basis, casus=OPEN).status_code == 400


def file_about(region: World, partner: str, bsn: str, **more: Any) -> str:
    """A casus that `partner` files about whoever has this BSN: its name of it."""
    body = {"persoon": {"naam": "Toets", "geboortedatum": "1990-01-01", "bsn": bsn}, "criteria": CRITERIA, **more}
    answer = region.post(partner, "/casussen", body)
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["casus"]
    return name


CRITERIA = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "op meer terreinen")


def bsn_of(region: World, casus: str) -> str:
    with region.hub.store.snapshot() as moment:
        person = region.hub.broker.judging.facts._states.of(moment, region.casus_id(casus), "ggz-noord").person
    assert person is not None
    bsn: str = person["bsn"]
    return bsn


def test_filing_a_casus_does_not_tell_whether_another_has_one(region: World) -> None:
    """Of a person of whom others have a casus a search answers as of one of whom nobody has."""
    answers = []
    for bsn in (bsn_of(region, CLOSED_TABLE), "999990019"):
        own = file_about(region, "politie-noord", bsn, regime="wgs_zvh", triagegroep=["politie-noord"])
        basis = {"grondslag": "wgs", "partner": "politie-noord", "doelen": ["D01"], "groepen": ["*"]}
        assert region.post("politie-noord", f"/casussen/{own}/grondslagen", basis).status_code == 201
        found = region.post("politie-noord", "/zoekingen", {"doel": "D01", "bsn": bsn})
        answers.append((found.status_code, found.json().get("casus") == own))
    assert answers == [(200, True), (200, True)]


@pytest.mark.parametrize("right", [True, False])
def test_who_has_no_right_to_a_bsn_does_not_hear_whether_it_is_right(region: World, right: bool) -> None:
    tenant = {"partner": "wonen-noord", "relatie": "verhuurt"}
    name = region.recorded("zvh-noord", "relaties", tenant)["pseudoniemVanPartner"]
    bsn = bsn_of(region, OPEN) if right else "999990019"
    document = {"betrokkene": {"bsn": bsn}, "velden": [{"veld": "overlast_meldingen", "niveaus": {"vol": "geluid"}}]}
    answer = region.post("wonen-noord", f"/casussen/{name}/leveringen", document, media=OWN_FORM)
    assert (answer.status_code, answer.json()["code"]) == (400, "verkeerde-vorm")


@pytest.mark.parametrize("table", [[], ["politie-noord"]])
def test_nobody_hides_a_casus_behind_one_that_he_files(region: World, table: list[str]) -> None:
    bsn = bsn_of(region, OPEN)
    file_about(region, "lvb-noord", bsn, triagegroep=table)
    found = region.post("politie-noord", "/zoekingen", {"doel": "D02", "bsn": bsn})
    assert found.status_code == 200
    assert found.json()["casus"] == region.names[OPEN]["politie-noord"]


@pytest.mark.parametrize(("birth_date", "status"), [("1850-01-01", 200), ("2999", 200), ("1990-02-30", 0), ("0000", 0)])
def test_a_birth_date_that_cannot_be_shuts_no_door(region: World, birth_date: str, status: int) -> None:
    person = {"naam": "Toets", "geboortedatum": birth_date}
    body = {"persoon": person, "criteria": CRITERIA, "regime": "wgs_zvh", "triagegroep": ["politie-noord"]}
    filed = region.post("politie-noord", "/casussen", body)
    assert filed.status_code == (201 if status else 400)
    if status:
        question = {"doel": "D01", "velden": ["naam"]}
        path = f"/casussen/{filed.json()['casus']}/raadplegingen"
        assert region.post("politie-noord", path, question).status_code == status


@pytest.mark.parametrize("field", ["toestemming", "weigering"])
def test_a_consent_is_recorded_and_not_delivered_as_a_field(region: World, field: str) -> None:
    delivery = {"velden": [{"veld": field, "niveaus": {"vol": "ja"}}]}
    taken = region.recorded("ggz-noord", "leveringen", delivery, media=OWN_FORM)
    assert taken["opgenomen"] == []
    assert [item["plaats"] for item in taken["nietOpgenomen"]] == ["velden[0]"]


@pytest.mark.parametrize("code", ["bestaat_niet", "a\x01b", "G99"])
@pytest.mark.parametrize("kind", ["permit", "deny"])
def test_a_consent_about_what_nobody_knows_shuts_no_casus(region: World, kind: str, code: str) -> None:
    """A refusal then counts for all; a consent is not taken; and the facts stay what the policy can read."""
    document = {
        "resourceType": "Consent", "status": "active", "dateTime": "2027-01-09",
        "scope": {"coding": [{"system": codes.CONSENT_SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "policyRule": {"coding": [{"system": codes.ACT_CODE, "code": "OPTIN"}]},
        "provision": {
            "type": kind,
            "actor": [{
                "role": {"coding": [{"system": codes.PARTICIPATION, "code": "IRCP"}]},
                "reference": {"identifier": {"system": codes.OWN_PARTNER, "value": "politie-noord"}},
            }],
            "purpose": [{"system": codes.OWN_PURPOSE, "code": "D02"}],
            "class": [{"system": codes.OWN_FIELD, "code": code}],
        },
    }  # fmt: skip
    taken = region.recorded("ggz-noord", "leveringen", document, media="application/fhir+json")
    assert [item["veld"] for item in taken["opgenomen"]] == (["weigering"] if kind == "deny" else [])
    assert region.released("politie-noord", ADVICE) == (set() if kind == "deny" else {(ADVICE, "sam")})


@pytest.mark.parametrize(
    "question",
    [
        b'{"doel": "D12", "doel": "D02", "velden": ["naam"]}',
        b'{"doel": "D02", "velden": ["naam"], "velden": ["*"]}',
        b'{"doel": NaN, "velden": ["naam"]}',
        b'{"doel": "D02", "velden": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"doel": ' + b"9" * 10_000 + b', "velden": ["naam"]}',
        b'{"doel": "\xff", "velden": ["naam"]}',
        '{"doel": "D02", "velden": ["naam"]}'.encode("utf-16"),
    ],
    ids=["two purposes", "two lists", "NaN", "deep", "long number", "no UTF-8", "UTF-16"],
)
def test_a_question_that_reads_in_two_ways_is_none(region: World, question: bytes) -> None:
    path = f"/casussen/{region.names[OPEN]['politie-noord']}/raadplegingen"
    answer = region.post("politie-noord", path, content=question)
    assert (answer.status_code, answer.json()["code"]) == (400, "verkeerde-vorm")


def test_a_derde_does_not_make_himself_a_deelnemer(region: World) -> None:
    region.recorded("zvh-noord", "posities", {"partner": "politie-noord", "positie": "derde"})
    assert not region.released("politie-noord", "naam")
    again = {"partner": "politie-noord", "positie": "deelnemer"}
    assert region.on("politie-noord", "posities", again).status_code == 403
    assert not region.released("politie-noord", "naam")


def test_a_derde_does_not_report_by_way_of_the_regime(region: World) -> None:
    filed = region.post("wonen-noord", "/casussen", {"persoon": PERSON, "criteria": CRITERIA})
    path = f"/casussen/{filed.json()['casus']}/regimes"
    assert region.post("wonen-noord", path, {"regime": "wgs_zvh"}).status_code == 403
    assert region.post("wonen-noord", path, {"regime": "toestemming"}).status_code == 201


PERSON = {"naam": "Toets", "geboortedatum": "1990-01-01"}
EMERGENCY = {
    "soort": "vitaal_belang", "ontvangers": ["ggz-noord"], "doelen": ["D02"], "velden": ["diagnose_dsm"], "reden": "nood",
    "kanNietToestemmen": True,
}  # fmt: skip


@pytest.mark.parametrize("place", ["ontvangers", "doelen", "velden"])
def test_an_emergency_that_would_open_nothing_is_refused_at_once(region: World, place: str) -> None:
    refused = region.on("ggz-noord", "noodsituaties", {**EMERGENCY, place: ["*"]})
    assert refused.status_code == 400
    assert [fault["plaats"].split(".")[0] for fault in refused.json()["fouten"]] == [place]


def test_an_emergency_is_for_professionals(region: World) -> None:
    region.change_user("ggz-noord", role="receptie")
    region.clock.move(seconds=1)
    assert region.on("ggz-noord", "noodsituaties", EMERGENCY).status_code == 403


def test_the_second_professional_speaks_for_himself(region: World) -> None:
    emergency = region.recorded("ggz-noord", "noodsituaties", EMERGENCY)["id"]
    for second, partner, status in (
        ("iemand-anders", "ggz-noord", 403),
        ("ggz-noord-1", "ggz-noord", 409),
        ("forfact-noord-1", "ggz-noord", 403),
        ("forfact-noord-1", "forfact-noord", 201),
    ):
        body = {"noodsituatie": emergency, "tweedeProfessional": second}
        assert region.on(partner, "tweede-professionals", body).status_code == status


@pytest.mark.parametrize("what", ["informeringen", "uitstellen"])
def test_nobody_says_of_himself_that_the_betrokkene_need_not_hear(region: World, what: str) -> None:
    body = {"partner": "politie-noord"} if what == "informeringen" else {"tot": "2028-01-01T00:00:00Z", "reden": "zo"}
    assert region.on("politie-noord", what, body).status_code == 403
    assert region.on("gemeente-noord", what, body).status_code == 201


def heard(answer: httpx.Response) -> object:
    """What an answer tells, but for its instant, ids and proof."""
    body = {key: value for key, value in answer.json().items() if key not in ("tijdstip", "ontvangstbewijs", "zending")}
    return answer.status_code, body


@pytest.mark.parametrize("sender", ["politie-noord", "gemeente-noord", "zvh-noord"])
@pytest.mark.parametrize("receiver", ["ggz-noord", "forfact-noord", "verslavingszorg-noord"])
def test_a_push_does_not_tell_its_sender_what_another_source_holds(region: World, sender: str, receiver: str) -> None:
    push = {"ontvanger": receiver, "doel": "D02", "velden": ["*"]}
    before = heard(region.on(sender, "verstrekkingen", push))
    tables = region.hub.tables
    more = [field for field in tables.expand(["*"]) if tables.may_deliver(field, "ggz", None)]
    items = [{"veld": f, "niveaus": {"vol": "x", "sam": "y"}, "medebehandelaars": ["forfact-noord"]} for f in more]
    region.recorded("ggz-noord", "leveringen", {"velden": items}, media=OWN_FORM)
    assert heard(region.on(sender, "verstrekkingen", push)) == before


@pytest.fixture
def forgetful(tmp_path: Path) -> Iterator[World]:
    """The region, without caches: what is read is read anew each time."""
    with world(tmp_path, caches=False) as found:
        yield found


@contextmanager
def nothing_opens(region: World) -> Iterator[None]:
    """All sealed values are spoilt for a while."""
    from sqlalchemy import create_engine, text

    engine = create_engine(region.settings.store_url)
    with engine.begin() as connection:
        kept = connection.execute(text("SELECT slot, sealed FROM sealed_fields")).all()
        connection.execute(text("UPDATE sealed_fields SET sealed = zeroblob(64)"))
    yield
    with engine.begin() as connection:
        for row in kept:
            connection.execute(
                text("UPDATE sealed_fields SET sealed = :sealed WHERE slot = :slot"),
                row._asdict(),
            )
    engine.dispose()


def test_a_casus_hides_from_who_has_no_seat_when_its_one_field_does_not_open(forgetful: World) -> None:
    """As where that field is not there: to a housing association outside the table the casus is unknown then."""
    region = forgetful
    tenant = {"partner": "wonen-noord", "relatie": "verhuurt"}
    name = region.recorded("ggz-noord", "relaties", tenant, casus=CLOSED_TABLE)["pseudoniemVanPartner"]
    region.recorded("ggz-noord", "regimes", {"regime": "wmo_lokaal"}, casus=CLOSED_TABLE)
    basis = {"grondslag": "huur", "partner": "wonen-noord", "doelen": ["D07"], "groepen": ["*"]}
    own = {"velden": [{"veld": "huurovereenkomst_status", "niveaus": {"vol": "loopt"}}]}
    path = f"/casussen/{name}"
    assert region.post("wonen-noord", f"{path}/grondslagen", basis).status_code == 201
    assert region.post("wonen-noord", f"{path}/leveringen", own, media=OWN_FORM).status_code == 201
    question = {"doel": "D07", "velden": ["huurovereenkomst_status"]}
    assert region.post("wonen-noord", f"{path}/raadplegingen", question).json()["gegevens"]
    with nothing_opens(region):
        broken = region.post("wonen-noord", f"{path}/raadplegingen", question)
    told, internal = region.entries()[-1]
    assert (told["casus"], told["fout"]) == (None, "onbekend")
    assert internal["failed"] == [["huurovereenkomst_status", "wonen-noord"]]
    assert region.post("wonen-noord", f"{path}/terugnames", {"velden": ["*"]}).status_code == 201
    missing = region.post("wonen-noord", f"{path}/raadplegingen", question)
    assert (broken.status_code, broken.json()) == (404, missing.json())


def test_a_sending_of_which_nothing_opens_is_as_one_of_which_nothing_is_there(forgetful: World) -> None:
    region = forgetful
    region.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["*"], "akkoordDoorgeven": True})
    region.recorded(
        "zvh-noord", "geheimhoudingsverklaringen", {"partner": "wonen-noord", "tot": "2028-01-01T00:00:00Z"}
    )
    basis = {"grondslag": "derde", "partner": "wonen-noord", "doelen": ["D07"], "groepen": ["*"], "racKenmerk": "RAC-1"}
    region.recorded("gemeente-noord", "grondslagen", basis)
    push = {"ontvanger": "wonen-noord", "doel": "D07", "velden": ["naam"]}
    first, second = (region.recorded("zvh-noord", "verstrekkingen", push)["zending"] for _ in range(2))
    with nothing_opens(region):
        broken = region.post("wonen-noord", f"/postvak/{first}/ontvangsten")
        to_sender = region.on("zvh-noord", "verstrekkingen", push)
    assert (to_sender.status_code, to_sender.json()["gegevens"]) == (201, []), "the casus is no secret to who sends"
    region.recorded("gemeente-noord", "terugnames", {"velden": ["naam"]})
    missing = region.post("wonen-noord", f"/postvak/{second}/ontvangsten")
    assert (broken.status_code, broken.json()) == (404, missing.json())


def test_a_field_that_does_not_open_is_told_like_one_that_is_not_there(region: World) -> None:
    with nothing_opens(region):
        broken = heard(region.ask("politie-noord", ADVICE))
    assert region.released("politie-noord", ADVICE)
    region.recorded("ggz-noord", "terugnames", {"velden": [ADVICE]})
    assert heard(region.ask("politie-noord", ADVICE)) == broken
