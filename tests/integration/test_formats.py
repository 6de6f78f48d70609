"""VERA and the BRP at the door: who delivers what, about whom, and who then gets it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.region import World
from tests.stored import files_with
from tests.target import CASUS, about_the_samples
from tests.unit.connectors import samples, samples_brp, samples_vera


@pytest.fixture
def target(tmp_path: Path) -> Iterator[World]:
    """A casus about the person of the samples."""
    with about_the_samples(tmp_path) as found:
        yield found


def deliver(target: World, by: str, document: Any, media: str = "application/json") -> Any:
    return target.on(by, "leveringen", None, casus=CASUS, content=samples.text(document), media=media)


def released(target: World, partner: str, *fields: str, purpose: str = "D02") -> dict[str, Any]:
    answer = target.ask(partner, *fields, casus=CASUS, purpose=purpose)
    assert answer.status_code == 200, answer.text
    return {item["veld"]: item["waarde"] for item in answer.json()["gegevens"]}


@pytest.mark.parametrize("media", [samples_vera.VERA, "application/json"])
def test_a_corporation_delivers_in_vera_and_the_municipality_gets_it(target: World, media: str) -> None:
    answer = deliver(target, "wonen-noord", samples_vera.DOCUMENT, media)
    assert answer.status_code == 201, answer.text
    taken = {item["veld"] for item in answer.json()["opgenomen"]}
    assert {"huurovereenkomst_status", "overlast_meldingen", "medewerkersveiligheid_wonen"} < taken
    assert {"plaats": "eenheden[0]", "reden": "niet-van-deze-bron"}.items() <= answer.json()["nietOpgenomen"][5].items()
    got = released(target, "gemeente-noord", "overlast_meldingen", "ontruiming_dreiging", purpose="D07")
    assert got == {"overlast_meldingen": "Meldingen van stank."}  # a summary where the source wrote one


def test_what_vera_holds_and_the_hub_does_not_take_is_in_no_file(target: World) -> None:
    deliver(target, "wonen-noord", samples_vera.DOCUMENT)
    for text in ("MELDERSNAAM", "TOELICHTING MET NAMEN", "21013.5", "HUISGENOOT"):
        assert files_with(target.settings.home, text) == []


def test_vera_with_a_bsn_or_about_another_is_refused_whole(target: World) -> None:
    with_bsn = samples_vera.changed(relatie={**samples_vera.PERSON, "bsn": samples.BSN})
    answer = deliver(target, "wonen-noord", with_bsn)
    assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "relatie.bsn")
    another = samples_vera.changed(relatie={**samples_vera.PERSON, "geboortedatum": "1990-05-18"})
    answer = deliver(target, "wonen-noord", another)
    assert (answer.status_code, answer.json()["code"]) == (409, "andere-persoon")
    assert released(target, "gemeente-noord", "feitelijk_verblijf") == {}


def test_the_college_delivers_an_answer_of_the_brp(target: World) -> None:
    answer = deliver(target, "gemeente-noord", samples_brp.ANSWER, samples_brp.BRP)
    assert answer.status_code == 201, answer.text
    taken = {item["veld"] for item in answer.json()["opgenomen"]}
    assert taken == {"bsn", "naam", "geboortedatum", "geslacht", "brp_adres", "briefadres"}
    for partner in ("gemeente-noord", "politie-noord", "ggz-noord"):
        assert released(target, partner, "brp_adres")["brp_adres"]["plaats"] == "Testdorp"


def test_a_secret_address_does_not_reach_a_care_provider(target: World) -> None:
    secret = samples_brp.changed(geheimhoudingPersoonsgegevens=True)
    assert deliver(target, "gemeente-noord", secret, samples_brp.BRP).status_code == 201
    assert released(target, "ggz-noord", "brp_adres", "briefadres") == {}
    assert released(target, "politie-noord", "brp_adres")["brp_adres"]["geheimhouding"] is True
    opened = {"velden": ["brp_adres"], "geweigerdAan": []}
    target.recorded("gemeente-noord", "bronvoorwaarden", opened, casus=CASUS)
    assert released(target, "ggz-noord", "brp_adres")["brp_adres"]["geheimhouding"] is True


def test_of_an_answer_of_the_brp_a_care_provider_delivers_the_bsn_alone(target: World) -> None:
    answer = deliver(target, "ggz-noord", samples_brp.ANSWER, samples_brp.BRP).json()
    assert [item["veld"] for item in answer["opgenomen"]] == ["bsn"]
    refused = {item["plaats"] for item in answer["nietOpgenomen"] if item["reden"] == "niet-van-deze-bron"}
    assert "personen[0].verblijfplaats" in refused


def test_an_answer_about_a_child_is_refused_and_nothing_of_it_is_kept(target: World) -> None:
    child = {**samples_brp.ANSWER, "personen": [samples_brp.OTHER]}
    answer = deliver(target, "gemeente-noord", child, samples_brp.BRP)
    assert (answer.status_code, answer.json()["code"]) == (409, "andere-persoon")
    assert samples.OTHER_BSN not in answer.text
    for text in ("ANDERMAN", samples.OTHER_BSN):
        assert files_with(target.settings.home, text) == []


def test_both_formats_come_in_lines_too(target: World) -> None:
    document = samples_vera.changed(huurovereenkomsten=[samples_vera.LEASE])
    line = json.dumps({"casus": target.names[CASUS]["wonen-noord"], "document": document}).encode()
    answer = target.post("wonen-noord", "/leveringsreeksen", content=line, media="application/x-ndjson")
    (told,) = answer.json()["regels"]
    assert "huurovereenkomst_status" in {item["veld"] for item in told["opgenomen"]}
