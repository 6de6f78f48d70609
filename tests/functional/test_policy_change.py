"""The policy is changed from the command line while a hub serves, as the guide for privacy officers says it."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.cli import policy_check
from hub.cli.main import main
from hub.crypto import policy_key
from hub.pdp.bundle import MODULE_NAME, RULES_OF_MODULE, Bundle, default_directory, digest_of, read_bundle
from hub.pdp.signing import verified_bundle
from hub.policy.compiling import compile_rules, compiled
from tests.conftest import absent
from tests.region import OPEN, Line, Server, server, template_of_today
from tests.revised import changed_policy, without
from tests.servers import MissingProgram, opa_program

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


def test_a_change_goes_from_folder_to_answer_and_back(
    serving: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    line = Line(serving.base, serving.home, ASKER)
    request.addfinalizer(line.http.close)
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
    (tmp_path / "ander.tar.gz").write_bytes(file.read_bytes()[:999])
    status, said = acts(serving, "privacy-officer", "zet-klaar", str(tmp_path / "ander.tar.gz"))
    assert (status, "ander.tar.gz" in said) == (2, True)
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
    folder = other_rules(home, monkeypatch)
    assert built(folder) == 3
    assert "opa nodig" in capsys.readouterr().err
    assert not (home / "nieuw.tar.gz").exists()


def other_rules(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small policy with rules of its own; of tables of the law it has none that could be checked."""
    monkeypatch.setattr(policy_check, "run", lambda _: 0)
    folder = home / "beleid"
    approval = {"goedgekeurd_door": "demo", "rac_ref": "demo", "geldig_vanaf": "2025-03-01"}
    for name, text in {
        "hub/release/release.rego": "package hub.release\n\ngathered := {}\n\ndecision := {}\n",
        "hub/release/release_test.rego": "package hub.release_test\n\ntest_is if data.hub.release.gathered == {}\n",
        "hub/opening/opening.rego": "package hub.opening\n\nanswer := {}\n",
        "hub/explain/explain.rego": "package hub.explain\n\nexplained := {}\n",
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
    folder = other_rules(home, monkeypatch)
    assert built(folder) == 0
    assert (folder / RULES_OF_MODULE).read_text().strip() == digest_of(read_bundle(folder).rules)
    (folder / "hub/release/release.rego").write_text("package hub.release\n\ngathered := 1\n\ndecision := {}\n")
    assert built(folder) == 1
    assert "slagen niet" in capsys.readouterr().out


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch, home: Path) -> Callable[[], Bundle]:
    """The policy in the bundle that was built last."""

    def read() -> Bundle:
        key = policy_key.load(home / "home" / "keys" / "policy.pem").public
        return verified_bundle((home / "nieuw.tar.gz").read_bytes(), {key.kid: key})

    return read


@pytest.mark.parametrize("lies", [b"another", None])
def test_a_module_of_other_rules_beside_the_hubs_own_is_not_signed(
    home: Path, signed: Callable[[], Bundle], lies: bytes | None
) -> None:
    folder, own = home / "beleid", read_bundle(default_directory())
    shutil.copytree(default_directory(), folder)
    # `.rules` goes on to say that it was compiled from these.
    (folder / MODULE_NAME).write_bytes(lies or module_of_another_rule(home))
    assert built(folder) == 0
    assert (signed().module, signed().revision) == (own.module, own.revision)


def module_of_another_rule(home: Path) -> bytes:
    """What decides once care keeps no secret: the module of rules in which BG is lifted by the ground wgs."""
    try:
        program = str(opa_program())
    except MissingProgram as missing:
        absent(missing)
    rules = dict(read_bundle(default_directory()).rules)
    name, line = "hub/secrecy/secrecy.rego", b'\tview.word != "BG"\n'
    assert rules[name].count(line) == 1
    return compiled({**rules, name: rules[name].replace(line, b"")}, program)


@pytest.mark.opa
def test_a_fresh_module_stands_for_no_test_and_is_compiled_anew(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], signed: Callable[[], Bundle]
) -> None:
    monkeypatch.setenv("OPA", str(opa_program()))
    folder = other_rules(home, monkeypatch)
    compile_rules(folder, str(opa_program()))
    made = (folder / MODULE_NAME).read_bytes()
    (folder / MODULE_NAME).write_bytes(b"another")
    assert built(folder) == 0
    assert signed().module == made
    (folder / "hub/release/release.rego").write_text("package hub.release\n\ngathered := 1\n\ndecision := {}\n")
    compile_rules(folder, str(opa_program()))
    (home / "nieuw.tar.gz").unlink()
    assert built(folder) == 1
    assert "slagen niet" in capsys.readouterr().out
    assert not (home / "nieuw.tar.gz").exists()


def test_without_approval_nothing_is_built(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = changed_policy(home / "beleid", without("D07", "G03"), rac_ref="")
    assert built(folder) == 3
    assert "goedkeuring" in capsys.readouterr().err
