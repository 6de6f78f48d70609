"""`hub beleid`: the revision that decisions carry, and the bundle that an OPA server serves them from."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.pdp.bundle import RULES_OF_MODULE, default_directory, digest_of, read_bundle, server_bundle
from hub.pdp.strict_json import loads_strict
from tests.servers import opa_program
from tests.unit.pdp.facts import example


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A policy of one rule and one table that somebody approved."""
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "rule.rego").write_text("package hub.release\n")
    approval = {"goedgekeurd_door": "FG-7", "rac_ref": "RAC-3", "geldig_vanaf": "2025-03-01"}
    (folder / "tabel").mkdir()
    (folder / "tabel" / "data.json").write_text(json.dumps({"a": 1, **approval}))
    return folder


def test_the_revision_is_the_one_that_decisions_carry(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["beleid", "revision"]) == 0
    assert capsys.readouterr().out.splitlines() == [read_bundle(default_directory()).revision, "goedkeuring: demo"]


def test_another_folder_is_read_by_option_and_by_setting(
    small: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [read_bundle(small).revision, "goedkeuring: FG-7, RAC-3"]
    assert main(["beleid", "revision", "--policies", str(small)]) == 0
    assert capsys.readouterr().out.splitlines() == expected
    monkeypatch.setenv("HUB_POLICIES", str(small))
    assert main(["beleid", "revision"]) == 0
    assert capsys.readouterr().out.splitlines() == expected


def test_a_bundle_holds_rules_data_and_revision_and_replaces_the_one_before(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "bundle.tar.gz"
    file.write_bytes(b"older")
    assert main(["beleid", "bundle", str(file), "--policies", str(small)]) == 0
    assert file.read_bytes() == server_bundle(read_bundle(small))
    with tarfile.open(fileobj=io.BytesIO(file.read_bytes())) as tar:
        manifest = tar.extractfile(".manifest")
        assert manifest is not None
        assert json.load(manifest)["revision"] == read_bundle(small).revision
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["bundle.tar.gz"]


def test_a_bundle_that_cannot_be_written_says_so(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["beleid", "bundle", str(small / "nergens" / "b.tar.gz"), "--policies", str(small)]) == 2
    assert "kan niet worden geschreven" in capsys.readouterr().err


def test_no_policy_gives_no_revision_and_no_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "leeg").mkdir()
    file = tmp_path / "bundle.tar.gz"
    assert main(["beleid", "bundle", str(file), "--policies", str(tmp_path / "leeg")]) == 3
    assert capsys.readouterr().out == ""
    assert not file.exists()


# --- a folder that somebody hands in ---


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """The policy with one rule that lets nothing be looked for, beside the module of the rules without it."""
    folder = tmp_path / "beleid"
    shutil.copytree(default_directory(), folder)
    file = folder / "hub/need/need.rego"
    text = file.read_text()
    least = '_by_action := 1 if {\n\tinput.action == "zoeken"'
    assert text.count(least) == 1
    file.write_text(text.replace(least, least.replace("zoeken", "lezen")))
    (folder / RULES_OF_MODULE).write_text(digest_of(read_bundle(folder).rules))
    return folder


@pytest.mark.opa
def test_what_a_folder_decides_is_what_its_rules_say(
    handed_in: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA", str(opa_program()))
    file = tmp_path / "feiten.json"
    file.write_text(json.dumps(example()))
    said = []
    for words in ([], ["--policies", str(handed_in)]):
        assert main(["decide", str(file), *words]) == 0
        said.append(loads_strict(capsys.readouterr().out.encode()))
    assert [{line["level"] for line in decision["released"]} for decision in said] == [{"sam"}, {"hit"}]
    assert said[1]["policy_revision"] != read_bundle(handed_in).revision
    assert main(["beleid", "uitleg", str(file), "--policies", str(handed_in)]) == 0
    assert "Komt vrij: alleen dat het er is" in capsys.readouterr().out


UNREAD: dict[str, Callable[[Path], object]] = {
    ".#need.rego": lambda file: file.symlink_to("editor@machine.123"),
    "data.json": lambda file: file.mkdir(),
    "latin.rego": lambda file: file.write_bytes(b"package hub.caf\xe9\n"),
}


@pytest.mark.parametrize("act", ["decide", "revision", "uitleg", "matrix", "verschil", "bouw"])
@pytest.mark.parametrize("name", UNREAD)
def test_a_folder_that_cannot_be_read_whole_is_told_in_one_line(
    act: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "beleid"
    shutil.copytree(default_directory(), folder)
    UNREAD[name](folder / "hub/need" / name)
    facts, own = tmp_path / "feiten.json", str(default_directory())
    facts.write_text(json.dumps(example()))
    words = {
        "decide": ["decide", str(facts), "--policies", str(folder)],
        "uitleg": ["beleid", "uitleg", str(facts), "--policies", str(folder)],
        "verschil": ["beleid", "verschil", own, str(folder)],
        "bouw": ["beleid", "bouw", str(folder)],
    }.get(act, ["beleid", act, "--policies", str(folder)])
    told_by_check = act == "bouw" and name == "data.json"
    assert main(words) == (1 if told_by_check else 3)
    out, err = capsys.readouterr()
    told = out if told_by_check else err
    assert len(told.splitlines()) == 1
    assert f"hub/need/{name}" in told
    assert told_by_check or "kan niet worden gelezen" in told
    assert told_by_check or out == ("De tabellen zijn in orde.\n" if act == "bouw" else "")


def test_an_opa_that_does_not_start_builds_nothing(
    handed_in: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA", str(handed_in / "nergens"))
    assert main(["beleid", "bouw", str(handed_in)]) == 3
    assert capsys.readouterr().err == "OPA kan niet worden gestart. (opa)\n"


@pytest.mark.opa
def test_a_test_that_is_no_text_is_told_by_opa(
    handed_in: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA", str(opa_program()))
    (handed_in / "hub/need/latin_test.rego").write_bytes(b"package hub.caf\xe9\n")
    assert main(["beleid", "bouw", str(handed_in)]) == 1
    assert "latin_test.rego" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["decide"], ["beleid", "uitleg"], ["beleid", "matrix"]])
def test_without_opa_a_folder_with_other_rules_decides_nothing(
    words: list[str],
    handed_in: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPA", raising=False)
    monkeypatch.setenv("PATH", "/nergens")
    file = tmp_path / "feiten.json"
    file.write_text(json.dumps(example()))
    asked = [] if "matrix" in words else [str(file)]
    assert main([*words, *asked, "--policies", str(handed_in)]) in (2, 3)
    told = capsys.readouterr()
    assert told.out == ""
    assert "opa nodig" in told.err
