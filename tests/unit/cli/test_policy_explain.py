"""`hub beleid uitleg`: each gate with its state, fact and article; one field alone; and no facts, no explanation."""

import json
from pathlib import Path

import pytest

from hub.cli.main import main
from tests.policy.documents import Row, basis, police_supply, record, request

FIELDS = ["politie_mutaties_samenvatting", "diagnose_dsm", "sterrenbeeld"]


def document() -> Row:
    supplied = record(FIELDS[0], "politie-1", "politie", wpg=police_supply("ggz-1"))
    return request("ggz", "D02", FIELDS, records=[supplied], legal_bases=[basis("wgs", "ggz-1", "D02")])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "feiten.json"
    path.write_text(json.dumps(document()))
    return path


def explained(file: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["beleid", "uitleg", str(file), *options]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_gates_stand_in_order_with_fact_and_article(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = explained(file, capsys)
    steps = [
        "De vraag",
        "[open] Gebruiker: De gebruiker is bevoegd verklaard. [R28]",
        "[open] Fase: De casus is in fase traject. [R01]",
        "diagnose_dsm, waarvan geen gegeven is",
        "[dicht] Het gegeven zelf E_GEEN_GEGEVEN: Er is geen gegeven.",
        "[R25; R26; R27; R31] Komt niet vrij.",
        "politie_mutaties_samenvatting, van bron politie-1",
        "[open] Noodzaak: Van groep G10 (politie) is voor dit doel nodig: samenvatting.",
        "[open] Grondslag (eerste slot): Grondslag lb-wgs: Wet gegevensverwerking door samenwerkingsverbanden.",
        "[open] Grond: Deze grond geldt: wgs.",
        "[open] Besluit tot verstrekking: De bron is politie. Haar besluit past. [R12; R13]",
        "Komt vrij: samenvatting, op grondslag lb-wgs.",
        "sterrenbeeld: dit veld bestaat niet",
        "ARTIKELEN",
        "R12: Bij elk politiegegeven hoort een besluit tot verstrekking.",
    ]
    at = 0
    for step in steps:
        at = told.find(step, at)
        assert at >= 0, step


def test_one_field_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = explained(file, capsys, "--veld", "diagnose_dsm")
    assert "diagnose_dsm, waarvan geen gegeven is" in told
    assert "politie_mutaties_samenvatting" not in told
    assert main(["beleid", "uitleg", str(file), "--veld", "bsn"]) == 2
    assert "Dit veld staat niet in de vraag." in capsys.readouterr().err


def test_in_english_too(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "[open] Phase: The casus is in phase traject." in explained(file, capsys, "--taal", "en")


def test_a_request_that_may_not_be_made_releases_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps(document() | {"purpose": "D07"}))
    told = explained(file, capsys)
    assert "[dicht] Doel: De tabel zegt voor ggz en huisvesting (D07): -." in told
    assert "E_DOEL: De ontvanger mag voor dit doel geen gegevens krijgen. [AVG 5" in told
    assert "Komt niet vrij, want de vraag zelf mag niet." in told
    assert "Komt vrij:" not in told


def test_what_are_no_facts_is_not_explained(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('{"at": "gisteren"}')
    assert main(["beleid", "uitleg", str(file)]) == 2
    assert main(["beleid", "uitleg", str(file.with_name("nergens.json"))]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "feiten.json" not in said.err
