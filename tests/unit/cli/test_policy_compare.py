"""`hub beleid verschil`: the words, the exit status, and what a policy that differs in comment alone gives."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from hub.cli import policy_compare
from hub.cli.main import main
from hub.pdp.bundle import default_directory, read_bundle, server_bundle
from tests.servers import opa_program

FEW = ["--partner", "ander_samenwerkingsverband", "--doel", "D02"]
"""So few situations that they are decided at once."""
OWN = str(default_directory())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the policy, to be changed."""
    return Path(shutil.copytree(OWN, tmp_path / "nieuw"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_the_same_policy_is_said_to_be_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "bundle.tar.gz"
    file.write_bytes(server_bundle(read_bundle(default_directory())))
    assert main(["beleid", "verschil", OWN, str(file), *FEW]) == 0
    said = lines(capsys)
    assert "Het beleid is gelijk: geen regel, geen tabel en geen beslissing verschilt." in said
    assert "Regels en tabellen zijn gelijk." in said
    assert "- alleen de partner ander_samenwerkingsverband" in said
    assert "- het moment: 2026-11-22 12:00 UTC" in said


def test_a_difference_is_told_in_words_with_status_1(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(copy, "hub/tables/codes/data.json", '"E_DOEL": {"law": ["avg5"]', '"E_DOEL": {"law": ["wg01"]')
    change(copy, "hub/tables/bases/data.json", '"AVG 6(1)(a)"', '"AVG 6, lid 1"')
    assert main(["beleid", "verschil", OWN, str(copy), *FEW]) == 1
    said = lines(capsys)
    assert any(
        line.startswith("- ander_samenwerkingsverband, D02, wgs_zvh: het artikel bij E_DOEL: avg5") for line in said
    )
    assert '- tables/codes/rows/E_DOEL/law: ["avg5"] wordt ["wg01"]' in said
    idle = said[said.index("Zonder gevolg, in elke situatie die is nagegaan:") + 1]
    assert idle == '- tables/bases/rows/avg6a/article: "AVG 6(1)(a)" wordt "AVG 6, lid 1"'


@pytest.mark.opa
def test_rules_that_differ_where_no_situation_does_are_named(
    copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA", str(opa_program()))
    change(copy, "hub/need/need.rego", "min({_by_action, _by_part})", "min([_by_action, _by_part])")
    change(copy, "hub/moment/moment.rego", "# description: The start lies", "# description: The beginning lies")
    assert main(["beleid", "verschil", OWN, str(copy), *FEW]) == 0
    said = lines(capsys)
    assert "Regels of tabellen verschillen, maar geen situatie wordt anders beslist." in said
    idle = said[said.index("Zonder gevolg, in elke situatie die is nagegaan:") + 1 :]
    assert idle[:2] == ["- hub/moment/moment.rego: alleen toelichting", "- hub/need/need.rego: _most"]


def test_all_that_is_left_out_is_shown_when_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.policy.compare.telling.told", lambda _, *, every: ["alles" if every else "kort"])
    for asked, said in ((FEW, "kort"), ([*FEW, "--alles"], "alles")):
        assert main(["beleid", "verschil", OWN, OWN, *asked]) == 0
        assert lines(capsys) == [said]


def test_as_json_everything_stands_in_it(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(copy, "hub/tables/codes/data.json", '"E_DOEL": {"law": ["avg5"]', '"E_DOEL": {"law": ["wg01"]')
    assert main(["beleid", "verschil", OWN, str(copy), *FEW, "--vorm", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["oud"] == read_bundle(default_directory()).revision
    assert found["nieuw"] == read_bundle(copy).revision
    assert found["tabellen"] == [{"plaats": "tables/codes/rows/E_DOEL/law", "oud": '["avg5"]', "nieuw": '["wg01"]'}]
    assert found["beslist"] <= found["situaties"]
    assert found["vastgehouden"]
    first = found["verschillen"][0]
    assert (first["wat"], first["oud"], first["nieuw"]) == ("artikel", "E_DOEL: avg5", "wg01")
    assert first["partners"] == ["ander_samenwerkingsverband"]
    assert first["zin"].startswith("ander_samenwerkingsverband, D02, wgs_zvh: ")


def test_what_is_no_policy_gives_status_3_and_what_is_not_there_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["beleid", "verschil", OWN, str(tmp_path / "nergens"), *FEW]) == 2
    assert capsys.readouterr().err == "Dit bestand of deze map is er niet. (nergens)\n"
    (tmp_path / "iets").write_text("geen beleid")
    assert main(["beleid", "verschil", OWN, str(tmp_path / "iets"), *FEW]) == 3
    assert capsys.readouterr().err == "Dit beleid kan niet worden gelezen. (iets)\n"


def test_a_bar_grows_on_a_terminal_alone_and_is_gone_at_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["beleid", "verschil", OWN, OWN, *FEW]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["beleid", "verschil", OWN, OWN, *FEW]) == 0
    said = capsys.readouterr().err
    assert "100 %" in said
    assert said.endswith("\r")
    policy_compare._bar(1, 4)
    assert " 25 %  1 van 4 situaties" in capsys.readouterr().err
