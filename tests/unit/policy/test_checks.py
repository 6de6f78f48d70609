"""`hub beleid toets`: each kind of fault in a table gives its line, with file and place."""

import json
import shutil
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.pdp import codes
from hub.pdp.bundle import default_directory
from hub.policy.checks import check_policy
from tests.unit.policy.tables import Change, change_table


def _told(policies: Path, texts: Path | None = None) -> list[str]:
    return [str(fault) for fault in check_policy(policies, texts or policies / "texts")]


def test_the_tables_of_the_hub_are_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["beleid", "toets", str(default_directory())]) == 0
    assert capsys.readouterr().out == "De tabellen zijn in orde.\n"


FAULTS: dict[str, tuple[str, Change, str]] = {
    "a key that is no key": (
        "tables/regimes",
        lambda t: t["rows"]["oov"].update(shut_group=["G04"]),
        "rows.oov: Onbekend woord: shut_group.",
    ),
    "a key too many at the top": ("tables/need", lambda t: t.update(level={}), "Onbekend woord: level."),
    "a level that is no level": (
        "tables/need",
        lambda t: t["levels"]["D07"].update(G04="alles"),
        'levels.D07.G04: Onbekend woord: "alles".',
    ),
    "no word of approval": ("catalog", lambda t: t.pop("rac_ref"), "Hier ontbreekt: rac_ref."),
    "a date that is none": (
        "tables/codes",
        lambda t: t.update(geldig_vanaf="2025-02-30"),
        'geldig_vanaf: Dit is geen geldige datum (jjjj-mm-dd): "2025-02-30".',
    ),
    "a missing need": ("tables/need", lambda t: t["levels"]["D07"].pop("G04"), "levels.D07: Groep ontbreekt: G04."),
    "a missing purpose": ("tables/need", lambda t: t["levels"].pop("D07"), "levels: Doel ontbreekt: D07."),
    "a missing cell": (
        "tables/ceiling",
        lambda t: t["columns"]["politie"].pop("G10"),
        "columns.politie: Groep ontbreekt: G10.",
    ),
    "a missing column": ("tables/ceiling", lambda t: t["columns"].pop("ggd"), "columns: Kolom ontbreekt: ggd."),
    "a partner without purposes": (
        "tables/eligibility",
        lambda t: t["rows"]["ggd"].pop("D02"),
        "rows.ggd: Doel ontbreekt: D02.",
    ),
    "a rule that nothing knows": (
        "tables/eligibility",
        lambda t: t["rows"]["ggd"]["D02"].update(rule="soms"),
        'rows.ggd.D02.rule: Onbekend woord: "soms".',
    ),
    "a ceiling for a field outside the catalogue": (
        "tables/ceiling",
        lambda t: t["columns"]["politie"]["G04"]["fields"].update(geloof={"open": []}),
        "columns.politie.G04.fields: Veld is onbekend: geloof.",
    ),
    "a ground that nothing knows": (
        "tables/ceiling",
        lambda t: t["columns"]["ggd"]["G04"]["open"][0].update(grounds=["wgz"]),
        "columns.ggd.G04.open.0.grounds: Grond is onbekend: wgz.",
    ),
    "a condition that is not there": (
        "tables/ceiling",
        lambda t: t["columns"]["ggd"]["G04"].update(conditions=["soms"]),
        "columns.ggd.G04.conditions: Voorwaarde is onbekend: soms.",
    ),
    "a condition on an unknown field": (
        "tables/ceiling",
        lambda t: t["conditions"]["politie_g12"].update(fields=["toezicht"]),
        "conditions.politie_g12.fields: Veld is onbekend: toezicht.",
    ),
    "a group that is none": (
        "catalog",
        lambda t: t["fields"]["naam"].update(group="G99"),
        "fields.naam.group: Groep is onbekend: G99.",
    ),
    "a source that is none": (
        "catalog",
        lambda t: t["fields"]["naam"].update(sources=["gemeente"]),
        "fields.naam.sources: Soort bron is onbekend: gemeente.",
    ),
    "a partner that is none": (
        "tables/partners",
        lambda t: t["no_export"].append("pers"),
        "no_export: Soort partner is onbekend: pers.",
    ),
    "a basis that is none": (
        "tables/regimes",
        lambda t: t["rows"]["oov"]["kinds"].append("avg6z"),
        "rows.oov.kinds: Grondslag is onbekend: avg6z.",
    ),
    "a receiver that is none": (
        "tables/articles",
        lambda t: t["rows"]["wv30"]["receivers"].append("school"),
        "rows.wv30.receivers: Soort partner is onbekend: school.",
    ),
    "a secrecy word that is none": (
        "tables/secrecy",
        lambda t: t["by_source"]["HU"].update(politie="XX"),
        "by_source.HU: Geheimwoord is onbekend: XX.",
    ),
    "a rule of what is never given with an unknown group": (
        "tables/overrides",
        lambda t: t["never"][0]["groups"].append("G55"),
        "never.0.groups: Groep is onbekend: G55.",
    ),
    "a rule that lacks": ("tables/overrides", lambda t: t["rows"].pop("R30"), "rows: Regel ontbreekt: R30."),
    "a code that lacks": ("tables/codes", lambda t: t["rows"].pop("E_BRON"), "rows: Code ontbreekt: E_BRON."),
    "a code that is none": (
        "tables/codes",
        lambda t: t["rows"].update(E_ANDERS={"law": [], "request": False}),
        "rows: Code is onbekend: E_ANDERS.",
    ),
    "an obligation that lacks": (
        "tables/obligations",
        lambda t: t["rows"].pop("watermark"),
        "rows: Verplichting ontbreekt: watermark.",
    ),
    "a code with an unknown law": (
        "tables/codes",
        lambda t: t["rows"]["E_BRON"]["law"].append("wg99"),
        "rows.E_BRON.law: Wet-id is onbekend: wg99.",
    ),
    "a care provider whose data are not under its secrecy": (
        "tables/secrecy",
        lambda t: t["by_source"]["AW"].pop("ggz"),
        "by_source.AW: Wat een zorgaanbieder levert, valt onder BG; hier niet: ggz.",
    ),
    "a care provider with another secrecy word": (
        "tables/secrecy",
        lambda t: t["by_source"]["BG"].update({"*": "WG"}),
        "by_source.BG: Wat een zorgaanbieder levert, valt onder BG; hier niet: geneesheer_directeur, ggz,"
        " verslavingszorg, vg_lvb.",
    ),
    "a field in the row of another secrecy": (
        "catalog",
        lambda t: t["fields"]["diagnose_dsm"].update(secrecy_row="WG overleg"),
        "fields.diagnose_dsm.secrecy_row: Deze rij hoort niet bij het geheim BG: WG overleg.",
    ),
    "a field whose secrecy was read otherwise": (
        "catalog",
        lambda t: t["fields"]["diagnose_dsm"]["read"].update(geheim="WG"),
        "fields.diagnose_dsm.read.geheim: Dit is niet het geheim van het veld: BG.",
    ),
    "a field that is no lifted item as it was read": (
        "catalog",
        lambda t: t["fields"]["diagnose_dsm"].update(lifted=True),
        "fields.diagnose_dsm.read.geheim: Of het geheim kan worden opgeheven (lifted), staat elders anders.",
    ),
    "a field of another category than was read": (
        "catalog",
        lambda t: t["fields"]["diagnose_dsm"].update(cat=["S"]),
        "fields.diagnose_dsm.read.cat: Dit is niet de categorie van het veld: S.",
    ),
    "a cell that opens higher than its text": (
        "tables/ceiling",
        lambda t: t["columns"]["ggz"]["G03"]["open"][0].update(level="vol"),
        "columns.ggz.G03.text: De tekst en de openingen verschillen: sam@wgs, vol@wgs.",
    ),
    "a cell that opens by a ground that its text has not": (
        "tables/ceiling",
        lambda t: t["columns"]["politie"]["G05"]["open"].append({"level": "sam", "grounds": ["cvp"]}),
        "columns.politie.G05.text: De tekst en de openingen verschillen: sam@cvp.",
    ),
    "a cell that asks less than its text": (
        "tables/ceiling",
        lambda t: t["columns"]["woningcorporatie"]["G09"]["fields"]["communicatie_aanpassing"]["open"][0].update(
            grounds=["derde"]
        ),
        "columns.woningcorporatie.G09.text: De tekst en de openingen verschillen: sam@derde, sam@derde+toest.",
    ),
    "a cell that opens nothing of its text": (
        "tables/ceiling",
        lambda t: t["columns"]["betrokkene"]["G01"].update(open=[]),
        "columns.betrokkene.G01.text: De tekst en de openingen verschillen: vol.",
    ),
    "a cell whose level is not that of its text": (
        "tables/ceiling",
        lambda t: t["columns"]["toezicht"]["G01"]["open"][0].update(level="sam"),
        "columns.toezicht.G01.text: De tekst en de openingen verschillen: sam.",
    ),
    "a cell that no text of the law stands behind, opened higher": (
        "tables/ceiling",
        lambda t: t["columns"]["politie"]["G21"]["fields"]["weigering"]["open"][0].update(level="sam"),
        "columns.politie.G21.text: De tekst en de openingen verschillen: sam.",
    ),
    "a cell that opens nothing of a word for a level": (
        "tables/ceiling",
        lambda t: t["columns"]["toezicht"]["G10"].update(open=[]),
        "columns.toezicht.G10.text: De tekst en de openingen verschillen: hit.",
    ),
    "a text that says less than its cell": (
        "tables/ceiling",
        lambda t: t["columns"]["reclassering"]["G10"].update(text="sam@wgs"),
        "columns.reclassering.G10.text: De tekst en de openingen verschillen: vol@wpg18.",
    ),
    "an obligation without its time": (
        "tables/obligations",
        lambda t: t["rows"]["review_fg"].pop("within"),
        "rows.review_fg: Hier ontbreekt: within.",
    ),
    "a law without its place": (
        "tables/bases",
        lambda t: t["rows"]["avg5"].pop("link"),
        "rows.avg5: Hier ontbreekt: link.",
    ),
}


@pytest.mark.parametrize(("table", "change", "line"), FAULTS.values(), ids=FAULTS)
def test_a_fault_has_its_line(policies: Path, table: str, change: Change, line: str) -> None:
    change_table(policies, table, change)
    assert f"hub/{table}/data.json: {line}" in _told(policies)


def test_the_command_says_each_fault_on_a_line_and_ends_with_1(
    policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change_table(policies, "tables/need", lambda t: [t["levels"]["D07"].pop(group) for group in ("G04", "G05")])
    assert main(["beleid", "toets", str(policies)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "hub/tables/need/data.json: levels.D07: Groep ontbreekt: G04.",
        "hub/tables/need/data.json: levels.D07: Groep ontbreekt: G05.",
    ]


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["beleid", "toets", str(tmp_path / "weg")]) == 2
    assert "Deze map is er niet." in capsys.readouterr().err


# ---- files and versions ----


def test_a_file_that_is_no_json_and_a_table_that_lacks(policies: Path) -> None:
    (policies / "hub/tables/need/data.json").write_text('{"levels": {}, "levels": {}}')
    (policies / "hub/tables/codes/data.json").unlink()
    assert _told(policies) == [
        "hub/tables/codes/data.json: Deze tabel ontbreekt.",
        "hub/tables/need/data.json: Dit is geen geldige JSON.",
    ]


def test_a_table_that_nothing_reads(policies: Path) -> None:
    shutil.copytree(policies / "hub/tables/need", policies / "hub/tables/needs")
    assert _told(policies) == ["hub/tables/needs/data.json: Deze tabel kent het beleid niet."]


def _later(policies: Path, day: str, since: str) -> None:
    shutil.copytree(policies / "hub/tables/need", policies / "hub/tables/need" / day)
    change_table(policies, f"tables/need/{day}", lambda t: t.update(geldig_vanaf=since))


def test_a_later_version_is_sound_and_is_checked_too(policies: Path) -> None:
    _later(policies, "2030-01-01", "2030-01-01")
    assert _told(policies) == []
    change_table(policies, "tables/need/2030-01-01", lambda t: t["levels"].pop("D07"))
    assert _told(policies) == ["hub/tables/need/2030-01-01/data.json: levels: Doel ontbreekt: D07."]


def test_versions_that_overlap(policies: Path) -> None:
    first = json.loads((policies / "hub/tables/need/data.json").read_text(encoding="utf-8"))["geldig_vanaf"]
    _later(policies, first, first)
    path = "hub/tables/need"
    assert _told(policies) == [
        f"{path}/{first}/data.json: geldig_vanaf: Deze versie overlapt met {path}/data.json ({first})."
    ]


def test_a_version_before_the_first_and_one_in_the_folder_of_another_day(policies: Path) -> None:
    _later(policies, "2020-01-01", "2020-01-01")
    assert [line.partition(": ")[2][:40] for line in _told(policies)] == ["geldig_vanaf: Deze versie overlapt met h"]
    change_table(policies, "tables/need/2020-01-01", lambda t: t.update(geldig_vanaf="2031-01-01"))
    assert _told(policies) == [
        "hub/tables/need/2020-01-01/data.json: geldig_vanaf: De map zegt 2020-01-01, en hier staat 2031-01-01."
    ]


# ---- the law behind an id, and the text of a code ----


@pytest.mark.parametrize("key", ["link", "valid_from"])
def test_an_id_in_use_has_its_link_and_dates(policies: Path, key: str) -> None:
    change_table(policies, "tables/bases", lambda t: t["rows"]["wg12"].update({key: None}))
    assert f"hub/tables/codes/data.json: rows.E_BRON.law: Wet-id wg12 mist: {key}." in _told(policies)


def test_an_id_in_use_is_law_on_the_day_of_the_tables(policies: Path) -> None:
    change_table(policies, "tables/bases", lambda t: t["rows"]["wg12"].update(valid_until="2025-03-01"))
    line = "hub/tables/codes/data.json: rows.E_BRON.law: Wet-id wg12 geldt niet op de dag van deze tabel."
    assert line in _told(policies)
    change_table(
        policies, "tables/bases", lambda t: t["rows"]["wg12"].update(valid_until=None, valid_from="2099-01-01")
    )
    assert line in _told(policies)


def test_a_code_without_a_text(policies: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    said = dict.fromkeys(codes.CODES, "Een zin.")
    (texts / "nl.json").write_text(json.dumps({"codes": said}))
    (texts / "en.json").write_text(json.dumps({"codes": said | {"E_BRON": ""}}))
    assert _told(policies, texts) == ["texts/en.json: codes: Code zonder tekst: E_BRON."]
