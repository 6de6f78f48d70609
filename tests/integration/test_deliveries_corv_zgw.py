"""ZGW and CORV over HTTP: what is taken as which field, whole or not at all, of the casus's person, police with a record."""

import json
from typing import Any

import pytest

from tests.region import OPEN, OWN_FORM, World
from tests.stored import ciphertexts, files_with
from tests.unit.connectors import samples_corv_zgw as own
from tests.unit.connectors.samples import BSN

NEW = "nieuwe-tekst-corv-51d0"


@pytest.fixture
def bsn(region: World) -> str:
    """The BSN of the casus's person."""
    return str(_person(region)["bsn"])


def _person(region: World) -> dict[str, Any]:
    with region.hub.store.snapshot() as moment:
        person = region.hub.broker.judging.facts._states.of(moment, region.casus_id(), "ggz-noord").person
    assert person is not None
    return dict(person)


def _deliver(region: World, by: str, document: Any, media: str) -> Any:
    content = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return region.on(by, "leveringen", None, content=content, media=media)


def _taken(answer: Any) -> set[str]:
    assert answer.status_code == 201, answer.text
    return {item["veld"] for item in answer.json()["opgenomen"]}


def _refused(answer: Any) -> dict[str, str]:
    return {item["plaats"]: item["reden"] for item in answer.json()["nietOpgenomen"]}


def _zaak(bsn: str, **more: Any) -> Any:
    return {**own.expanded(rollen=[own.person_role(bsn), own.WORKER]), **more}


def _police(bsn: str, message: str) -> Any:
    record = {"wpg": {**own.SUPPLIED["verstrekking"]["wpg"], "ontvangers": ["*"]}}
    return own.supplied(message, betrokkene={"bsn": bsn}, verstrekking=record)


def test_a_zaak_of_the_municipality_is_taken_in_and_read_back(region: World, bsn: str) -> None:
    answer = _deliver(region, "gemeente-noord", _zaak(bsn), own.ZGW)
    assert _taken(answer) == {"bsn", "naam", "geboortedatum", "geslacht", "brp_adres", "schuldhulp_status"}
    assert _refused(answer) == {"_expand.rollen[1]": "gaat-over-een-ander", "zaakinformatieobjecten": "bijlage"}
    (told,) = region.ask("gemeente-noord", "schuldhulp_status", purpose="D03").json()["gegevens"]
    assert told["waarde"][0]["status"] == {"omschrijving": "Traject gestart", "datum": "2026-12-01"}


def test_a_source_delivers_of_a_zaak_what_the_catalogue_lets_it(region: World, bsn: str) -> None:
    answer = _deliver(region, "zvh-noord", _zaak(bsn), "application/json")
    assert _taken(answer) == {"feitelijk_verblijf"}
    assert _refused(answer)["$"] == "niet-van-deze-bron"


def test_the_phase_is_no_field_of_a_zaak(region: World, bsn: str) -> None:
    zaak = _zaak(bsn, kenmerken=[{"bron": "hub-veld", "kenmerk": "casus_fase"}])
    assert _refused(_deliver(region, "zvh-noord", zaak, own.ZGW))["$"] == "veld-past-niet"


def test_the_police_deliver_a_vt_melding_with_its_record(region: World, bsn: str) -> None:
    message = own.vt_melding(("999990019", "kind"), (bsn, "voogd"))
    answer = _deliver(region, "politie-noord", _police(bsn, message), own.CORV_SUPPLY)
    assert _taken(answer) == {
        "bsn", "feitelijk_verblijf", "telefoon_email", "politie_incident_laatste", "politie_mutaties_samenvatting",
        "wpg_verstrekking",
    }  # fmt: skip
    assert "niet-van-deze-bron" in _refused(answer).values(), "a huisverbod is of the burgemeester"
    for asker in ("politie-noord", "gemeente-noord"):
        assert region.released(asker, "politie_incident_laatste") == {("politie_incident_laatste", "sam")}


@pytest.mark.parametrize("message", [own.MELDING, own.VT_MELDING, own.UCI])
@pytest.mark.parametrize("media", [own.CORV, "application/xml"])
def test_a_message_of_the_police_without_record_is_refused(region: World, message: str, media: str) -> None:
    before = ciphertexts(region)
    answer = _deliver(region, "politie-noord", message, media)
    assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "Content-Type")
    assert "verstrekkingsbesluit" in answer.text
    assert ciphertexts(region) == before


def test_a_question_is_no_delivery(region: World) -> None:
    answer = _deliver(region, "zvh-noord", own.VCOB, own.CORV)
    assert answer.status_code == 400
    assert "POST /v1/zoekingen" in answer.text


def test_that_a_person_is_known_elsewhere_is_not_kept(region: World, bsn: str) -> None:
    before = ciphertexts(region)
    answer = _deliver(region, "zvh-noord", own.UCOB.replace(BSN, bsn), own.CORV)
    assert _taken(answer) == set()
    assert set(_refused(answer).values()) == {"maakt-de-hub-zelf"}
    assert ciphertexts(region) == before


@pytest.mark.parametrize(
    ("by", "document", "media"),
    [
        ("gemeente-noord", _zaak("999990019", omschrijving=NEW), own.ZGW),
        ("gemeente-noord", {"results": [_zaak("999990019")]}, own.ZGW),
        ("gemeente-noord", own.melding("999990019").replace("Loopt opnieuw vast", NEW), own.CORV),
        ("politie-noord", _police("999990019", own.vt_melding(("999990019", "voogd"))), own.CORV_SUPPLY),
        ("zvh-noord", own.UCI.replace(BSN, "999990019"), own.CORV),
    ],
)
def test_a_document_about_another_person_is_refused_whole(region: World, by: str, document: Any, media: str) -> None:
    before = ciphertexts(region)
    answer = _deliver(region, by, document, media)
    assert (answer.status_code, answer.json()["code"]) == (409, "andere-persoon")
    assert NEW not in answer.text
    assert "999990019" not in answer.text
    assert ciphertexts(region) == before
    assert files_with(region.settings.home, NEW) == []


def test_of_two_persons_one_other_is_enough_to_refuse_all(region: World, bsn: str) -> None:
    before = ciphertexts(region)
    zaak = own.expanded(rollen=[own.person_role(bsn), own.person_role("999990019")])
    assert _deliver(region, "gemeente-noord", zaak, own.ZGW).status_code == 409
    assert ciphertexts(region) == before


@pytest.mark.parametrize("named", [{"geslachtsnaam": "FAMILY"}, {"geboortedatum": "BIRTH"}, {}])
def test_a_relative_who_is_told_by_less_gives_neither_his_sex_nor_his_address(
    region: World, bsn: str, named: dict[str, str]
) -> None:
    """One who shares a name (or a day of birth) is not the person; nor is one of whom nothing says who he is."""
    person = _person(region)
    told = {"FAMILY": person["family_name"], "BIRTH": person["birth_date"]}
    relative = own.person_role("")
    home = relative["betrokkeneIdentificatie"]["verblijfsadres"]
    relative["betrokkeneIdentificatie"] = {
        **{element: told[value] for element, value in named.items()},
        "geslachtsaanduiding": "v",
        "verblijfsadres": home,
    }
    mine = own.person_role(bsn)
    mine["betrokkeneIdentificatie"] = {"inpBsn": bsn}
    before = ciphertexts(region)
    answer = _deliver(region, "gemeente-noord", own.expanded(rollen=[mine, relative]), own.ZGW)
    assert (answer.status_code, answer.json().get("code")) == (409, "andere-persoon")
    assert ciphertexts(region) == before


def test_a_fault_anywhere_keeps_all_of_it_out(region: World, bsn: str) -> None:
    before = ciphertexts(region)
    page = {"results": [_zaak(bsn), _zaak(bsn, startdatum="gisteren")]}
    wrong = own.melding(bsn).replace("<leefgebiedCode>01<", "<leefgebiedCode>77<")
    for document, media, place in ((page, own.ZGW, "results[1].startdatum"), (wrong, own.CORV, "leefgebied[1]")):
        answer = _deliver(region, "gemeente-noord", document, media)
        assert answer.status_code == 400
        assert place in answer.json()["fouten"][0]["plaats"]
    assert ciphertexts(region) == before


def test_a_bsn_is_no_reference(region: World, bsn: str) -> None:
    answer = _deliver(region, "gemeente-noord", _zaak(bsn, identificatie=bsn), own.ZGW)
    assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "identificatie")
    assert bsn not in answer.text


def test_a_series_takes_zaken_and_records_of_the_police(region: World, bsn: str) -> None:
    line = {"casus": region.names[OPEN]["politie-noord"], "document": _police(bsn, own.melding(bsn))}
    content = json.dumps(line).encode()
    answer = region.post(
        "politie-noord", "/leveringsreeksen", None, content=content, media="application/x-ndjson", key="reeks-corv-01"
    )
    (told,) = answer.json()["regels"]
    assert "politie_incident_laatste" in {item["veld"] for item in told["opgenomen"]}


def test_the_facts_of_iwmo_and_iwlz_come_by_the_own_form(region: World, bsn: str) -> None:
    from connectors.described import EXAMPLE

    document = {**EXAMPLE, "betrokkene": {"bsn": bsn}}
    answer = _deliver(region, "gemeente-noord", document, OWN_FORM)
    assert _taken(answer) == {"wmo_voorziening", "regiobinding_woonplaats", "indicatie"}
    assert not _refused(answer)
