"""`hub beleid effect` as an operator types it: told in words, entered, and gone on with after it was killed."""

import os
import signal
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.cli.policy_effect import STATE
from hub.governance import journal, parts
from hub.governance.effect import Effect
from hub.pdp.bundle import read_bundle, server_bundle
from hub.wiring import ROOT
from tests.functional.test_destruction import SECRETS
from tests.functional.test_destruction import home as home  # noqa: PLC0414 - two operators on record
from tests.other_policy import other_policy
from tests.region import CLOSED_TABLE, OPEN, Clock, opened, settings_of, template_of_today

ASKERS = {"politie-noord": OPEN, "ggz-noord": OPEN, "gemeente-noord": OPEN, "forfact-noord": CLOSED_TABLE}
IN_PARTS_OF_ONE = (
    "import sys; import hub.governance.parts as parts; parts.SIZE = 1;"
    "from hub.cli.main import main; sys.exit(main(sys.argv[1:]))"
)


@pytest.fixture
def words(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command, in a region in which was asked a few times today."""
    with opened(settings_of(home), template_of_today().names, Clock(datetime.now(UTC))) as region:
        for partner, casus in ASKERS.items():
            for purpose in ("D02", "D03"):
                region.ask(partner, casus=casus, purpose=purpose)
                region.post(partner, f"/casussen/{'a' * 52}/raadplegingen", {"doel": purpose, "velden": ["*"]})
    secret = tmp_path / "gebruikt.txt"
    secret.write_text(SECRETS["eerste"])
    monkeypatch.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(secret))
    policies = other_policy(tmp_path, D02={"G01": "sam", "G02": "-"})
    key = str(tmp_path / "eerste.key")
    return ["beleid", "effect", str(policies), "--operator", "eerste", "--sleutel", key]


def kinds(home: Path) -> list[str]:
    with opened(settings_of(home), template_of_today().names, Clock(datetime.now(UTC))) as region:
        return [told["soort"] for told, _ in region.entries()]


def test_it_tells_what_differs_and_names_no_person(
    words: list[str], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main([*words, "--per-verzoek"]) == 0
    told = capsys.readouterr().out
    assert "ANDERS: " in told
    assert "politie-noord, D02" in told
    assert "naam van volledig (vol) naar samenvatting (sam): 1 verzoek (regel " in told
    assert "stopt, was " in told
    assert not (home / STATE).exists()
    assert kinds(home)[-1] == parts.TRIED
    names = [name for casus in template_of_today().names.values() for name in casus.values()]
    assert not any(word in told for word in (*names, "-noord-1", "noord-2"))


def test_who_is_no_operator_is_told_nothing(words: list[str], home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main([*words[:-3], "tweede", *words[-2:]]) == 2
    assert capsys.readouterr().out == ""
    assert parts.TRIED not in kinds(home)


def test_a_bundle_gives_what_its_directory_gives(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    told = capsys.readouterr().out
    file = tmp_path / "nieuw.tar.gz"
    file.write_bytes(server_bundle(read_bundle(Path(words[2]))))
    assert main([*words[:2], str(file), *words[3:]]) == 0
    assert capsys.readouterr().out == told


def test_rules_that_nothing_builds_are_refused(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.cli.policy_effect.opa_at_hand", lambda: None)
    rules = Path(words[2]) / "hub/need/need.rego"
    rules.write_text(rules.read_text().replace('"zoeken"', '"lezen"'))
    assert main(words) == 3
    assert "opa nodig" in capsys.readouterr().err


def test_interrupted_it_says_how_to_go_on_and_comes_to_the_same(
    words: list[str], home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(words) == 0
    whole = capsys.readouterr().out
    monkeypatch.setattr(parts, "SIZE", 1)
    with monkeypatch.context() as broken:
        add = journal.Journal.add

        def stopped(self: journal.Journal, part: Effect) -> None:
            if len(self.parts) == 2:
                raise KeyboardInterrupt
            add(self, part)

        broken.setattr(journal.Journal, "add", stopped)
        assert main(words) == 130
    printed = capsys.readouterr()
    assert (printed.out, "--verder" in printed.err) == ("", True)
    state = home / STATE
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert len(state.read_text().splitlines()) == 3
    with state.open("a") as file:
        file.write('{"asked": [["half')
    assert main([*words, "--verder"]) == 0
    assert capsys.readouterr().out == whole
    assert main([*words, "--verder"]) == 2, "there is nothing to go on with"


def test_killed_in_the_middle_it_goes_on_and_comes_to_the_same(
    words: list[str], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    whole = capsys.readouterr().out
    state = home / STATE
    run = subprocess.Popen(
        [sys.executable, "-c", IN_PARTS_OF_ONE, *words], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    pause = threading.Event()
    while run.poll() is None and not (state.exists() and len(state.read_bytes().splitlines()) > 1):
        pause.wait(0.01)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert state.exists(), "it was done before it was killed"
    kept = state.read_text()
    names = [name for casus in template_of_today().names.values() for name in casus.values()]
    assert not any(word in kept for word in (*names, "-noord-1"))
    done = subprocess.run(
        [sys.executable, "-c", IN_PARTS_OF_ONE, *words, "--verder"], cwd=ROOT, capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, whole)


def test_going_on_is_refused_under_another_policy_and_beside_another_that_runs(
    words: list[str], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = journal.Journal.begin(home / STATE, journal.About("sha256:of-another", "", 1))
    assert main([*words, "--verder"]) == 2
    assert "loopt al" in capsys.readouterr().err
    content = (home / STATE).read_bytes()
    running.end()
    (home / STATE).write_bytes(content)
    assert main([*words, "--verder"]) == 2
    assert "ander beleid" in capsys.readouterr().err
