"""The policy is changed from the command line while a hub serves, as the guide for privacy officers says it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.pdp.bundle import MODULE_NAME, RULES_OF_MODULE, digest_of, read_bundle
from tests.region import OPEN, Line, Server, server, template_of_today
from tests.revised import changed_policy, without
from tests.servers import opa_program

OFFICES = {"privacy-officer": "vier sloten bij de dijk", "fg-bureau": "twee koeien en een hek"}
ASKER = "politie-noord"


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Server]:
    with server(tmp_path) as found:
        for office, secret in OFFICES.items():
            (tmp_path / f"{office}.txt").write_text(secret)
            assert by(found, office, "beheerder", office, "--nieuwe-sleutel", str(tmp_path / f"{office}.key"))[0] == 0
        yield found


def by(running: Server, office: str, *words: str) -> tuple[int, str]:
    """A command as somebody of `office` types it: status, and what it printed."""
    secret = running.home.parent / f"{office}.txt"
    done = running.run(*words, HUB_OPERATOR_PASSPHRASE_FILE=str(secret))
    return done.returncode, done.stdout + done.stderr


def acts(running: Server, office: str, *words: str) -> tuple[int, str]:
    """An act about the policy, with the key of `office`."""
    key = running.home.parent / f"{office}.key"
    return by(running, office, "beleid", *words, "--operator", office, "--sleutel", str(key))


def test_a_change_goes_from_folder_to_answer_and_back(serving: Server, tmp_path: Path) -> None:
    line = Line(serving.base, serving.home, ASKER)
    body = {"doel": "D02", "velden": ["naam"], "actie": "lezen"}

    def gets_name() -> bool:
        answer = line.post(f"/casussen/{template_of_today().names[OPEN][ASKER]}/raadplegingen", body)
        assert answer.status_code == 200, answer.text
        return bool(answer.json()["gegevens"])

    assert gets_name()
    folder, file = changed_policy(tmp_path / "mijn-beleid", without("D02", "G01")), tmp_path / "nieuw.tar.gz"
    revision = read_bundle(folder).revision
    status, printed = by(serving, "privacy-officer", "beleid", "bouw", str(folder), "--uit", str(file))
    assert (status, revision in printed, file.is_file()) == (0, True, True), printed
    assert acts(serving, "privacy-officer", "zet-klaar", str(file))[0] == 0
    assert gets_name()
    short = revision.removeprefix("sha256:")[:8]
    status, printed = acts(serving, "privacy-officer", "activeer", short, "--partners", ASKER)
    assert (status, "Een andere beheerder" in printed) == (2, True)
    assert acts(serving, "fg-bureau", "activeer", short)[0] == 2
    status, printed = acts(serving, "fg-bureau", "activeer", short, "--partners", ASKER)
    assert (status, f"Behalve voor {ASKER}: {revision}" in printed) == (0, True), printed
    assert not gets_name()
    assert acts(serving, "fg-bureau", "activeer", short)[0] == 0
    assert f"Voor iedereen geldt: {revision}" in by(serving, "fg-bureau", "beleid", "revisies")[1]
    assert not gets_name()
    assert acts(serving, "privacy-officer", "neem-terug")[0] == 0
    assert gets_name()


# --- building alone, without a store ---


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def built(folder: Path) -> int:
    return main(["beleid", "bouw", str(folder), "--uit", "nieuw.tar.gz"])


def test_a_change_of_tables_needs_no_compiler(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nergens")
    folder = changed_policy(home / "beleid", without("D07", "G03"))
    assert built(folder) == 0
    # Not even a module beside it: the hub has that of the same rules.
    (folder / MODULE_NAME).unlink()
    (folder / RULES_OF_MODULE).unlink()
    assert built(folder) == 0


def test_changed_rules_without_the_program_are_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nergens")
    monkeypatch.delenv("OPA", raising=False)
    folder = other_rules(home)
    assert built(folder) == 2
    assert "opa nodig" in capsys.readouterr().err
    assert not (home / "nieuw.tar.gz").exists()


def other_rules(home: Path) -> Path:
    """A small policy with rules of its own."""
    folder = home / "beleid"
    approval = {"goedgekeurd_door": "demo", "rac_ref": "demo", "geldig_vanaf": "2025-03-01"}
    for name, text in {
        "hub/release/release.rego": "package hub.release\n\ngathered := {}\n\ndecision := {}\n",
        "hub/release/release_test.rego": "package hub.release_test\n\ntest_is if data.hub.release.gathered == {}\n",
        "hub/tables/x/data.json": json.dumps(approval),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.opa
def test_changed_rules_are_tested_and_compiled(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPA", str(opa_program()))
    folder = other_rules(home)
    assert built(folder) == 0
    assert (folder / RULES_OF_MODULE).read_text().strip() == digest_of(read_bundle(folder).rules)
    (folder / "hub/release/release.rego").write_text("package hub.release\n\ngathered := 1\n\ndecision := {}\n")
    assert built(folder) == 1
    assert "slagen niet" in capsys.readouterr().out


def test_without_approval_nothing_is_built(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = changed_policy(home / "beleid", without("D07", "G03"), rac_ref="")
    assert built(folder) == 2
    assert "goedkeuring" in capsys.readouterr().err
