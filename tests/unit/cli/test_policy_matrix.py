"""`hub beleid matrix`: the matrix as a page, as CSV and as JSON, whole or in part."""

import csv
import io
import json
import re
from collections.abc import Callable

import pytest

from hub.cli.main import main

Shown = Callable[..., str]


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Shown:
    def run(*options: str) -> str:
        assert main(["beleid", "matrix", *options]) == 0
        return capsys.readouterr().out

    return run


def test_csv_has_a_line_a_field(shown: Shown) -> None:
    text = shown("--partner", "politie", "--doel", "D04", "--regime", "wgs_zvh", "--vorm", "csv")
    rows = {row["veld"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 128
    assert rows["crisiscontact_24_7"] == {
        "partner": "politie",
        "in_dienst_van": "",
        "doel": "D04",
        "regime": "wgs_zvh",
        "groep": "G04",
        "veld": "crisiscontact_24_7",
        "niveau": "sam",
        "gronden": "sam@wgs+toest/wvggz[wv30]",
        "waarom_niet": "",
        "voorwaarden": "",
        "eigen_gegevens": "-",
        "geheim": "BG",
    }
    assert (rows["diagnose_dsm"]["niveau"], rows["diagnose_dsm"]["waarom_niet"]) == ("-", "E_NOOIT")
    assert (rows["wijkagent"]["niveau"], rows["wijkagent"]["eigen_gegevens"]) == ("-", "sam")
    assert rows["wzd_titel"]["voorwaarden"] == "titel_of_afwezig"


def test_json_says_the_same_as_csv_and_names_the_policy(shown: Shown) -> None:
    part = ("--partner", "casusregisseur", "--doel", "D08", "--regime", "wgs_zvh")
    told = json.loads(shown(*part, "--vorm", "json"))
    assert told["cellen"] == list(csv.DictReader(io.StringIO(shown(*part, "--vorm", "csv"))))
    assert told["beleid"].startswith("sha256:")
    assert {row["in_dienst_van"] for row in told["cellen"]} == {"zorg", "elders"}


def test_few_fields_of_a_group_are_named_and_what_a_group_holds_is_listed(shown: Shown) -> None:
    lines = shown("--partner", "ggd", "--doel", "D03", "--regime", "wgs_zvh").splitlines()
    assert "- G19 financiering: `financier`, `indicatie`, `machtiging_aanvraag`, `plek_gereserveerd`" in lines
    assert "| G01 identificatie: de rest | vol: wgs | vol |" in lines
    rest = "G21 `bezwaar_of_beperking`, `informatie_gegeven`, `verstrekking_zonder_toestemming`"
    assert any(line.startswith(f"| {rest} |") for line in lines)


def test_a_page_of_one_partner_and_purpose(shown: Shown) -> None:
    lines = shown("--partner", "woningcorporatie", "--doel", "D07").splitlines()
    assert [line for line in lines if line.startswith("## ")] == ["## Gronden", "## Overzicht", "## woningcorporatie"]
    assert "| G01 `geboortedatum`, `naam` | sam: derde, huur | sam |" in lines
    assert any(line.startswith("Nooit: ") and "G05 diagnose" in line for line in lines)
    assert "Buiten de regimes: `wvggz`, `wzd`, `zorgteam`, `oov`." in lines


def test_a_partner_that_may_not_ask_for_the_purpose(shown: Shown) -> None:
    assert shown("--partner", "dji", "--doel", "D07").rstrip().endswith("Mag voor deze doelen niets vragen.")


@pytest.mark.parametrize(("option", "known"), [("--partner", "ggz"), ("--doel", "D01"), ("--regime", "wgs_zvh")])
def test_an_unknown_word_is_refused_with_those_that_are_known(
    option: str, known: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["beleid", "matrix", option, "onbekend"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert re.match(rf"Dit (soort partner|doel|regime) kent het beleid niet\. Wel: {known}", told.err)
