"""Every command ends with a status and at most one line on standard error, also where nobody reads or types."""

import ast
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from hub.cli import ending
from hub.cli.main import COMMANDS, main
from hub.cli.told import told
from hub.errors import (
    ClockBehind,
    Conflict,
    EngineUnavailable,
    HubError,
    KeysUnavailable,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    ShapeError,
    StoreUnavailable,
    TooMany,
    Unavailable,
)  # fmt: skip
from tests.repository import ROOT, code, name_of
from tests.unit.pdp.facts import example

HUB = [sys.executable, "-m", "hub.cli"]
FILE = "HUB_OPERATOR_PASSPHRASE_FILE"
KEYED = ["beleid", "neem-terug", "--operator", "een", "--sleutel", "een.key"]


@pytest.mark.parametrize("words", [["beleid", "uitleg"], ["decide"], ["decide", "--lines"]])
def test_who_reads_no_further_is_told_in_one_line(words: list[str], tmp_path: Path) -> None:
    file = tmp_path / "feiten.json"
    file.write_text(json.dumps(example()))
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "wb") as closed:
        done = subprocess.run([*HUB, *words, str(file)], stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (141, "Niet alles is getoond: de uitvoer werd niet verder gelezen.\n")


def typed(folder: Path, text: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command that needs a passphrase, in a session without a terminal."""
    words = {name: value for name, value in os.environ.items() if name != FILE}
    return subprocess.run(
        [*HUB, *KEYED], input=text, cwd=folder, env={**words, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True, text=True, check=False, start_new_session=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("named", "told"), [({}, "Er is geen wachtzin getypt."), ({FILE: "weg"}, "Het bestand met de wachtzin")]
)
def test_without_a_passphrase_one_line_says_so(tmp_path: Path, named: dict[str, str], told: str) -> None:
    done = typed(tmp_path, "", **named)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(told)
    assert FILE in done.stderr


def test_without_a_terminal_the_passphrase_is_a_line_of_standard_input(tmp_path: Path) -> None:
    done = typed(tmp_path, "vier sloten bij de dijk\n")
    # It was read, and the next that lacks is the key.
    assert "een.key" in done.stderr
    assert "Traceback" not in done.stderr


def spoken(*words: str, out: str = os.devnull, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command whose output goes to the file `out`, held back by Python or not."""
    with Path(out).open("wb") as file:
        return subprocess.run(
            [*HUB, *words],
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, **environment},
        )


@pytest.mark.parametrize("at_once", ["", "1"])
@pytest.mark.parametrize(
    "words", [("doctor",), ("beleid", "matrix"), ("openapi",), ("--help",), ("--version",), ("decide", "FACTS")]
)
def test_a_full_disk_is_no_answer_and_is_told_in_one_line(words: tuple[str, ...], at_once: str, tmp_path: Path) -> None:
    facts = tmp_path / "feiten.json"
    facts.write_text(json.dumps(example()))
    typed = [str(facts) if word == "FACTS" else word for word in words]
    done = spoken(*typed, out="/dev/full", HUB_HOME=str(tmp_path), PYTHONUNBUFFERED=at_once)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1), done.stderr
    assert done.stderr.startswith("De uitvoer of een bestand kan niet worden geschreven")


def test_the_version_is_told_without_a_command() -> None:
    done = subprocess.run([*HUB, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"hub {version('hub')}\n", "")


def test_output_that_was_closed_is_no_fault_of_the_program(tmp_path: Path) -> None:
    closed = [
        sys.executable,
        "-c",
        "import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])",
    ]
    done = subprocess.run(
        [*closed, *HUB[1:], "doctor"], capture_output=True, text=True, check=False,
        env={**os.environ, "HUB_HOME": str(tmp_path)},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "ascii:strict"])
def test_what_is_printed_is_utf8_whatever_the_locale_holds(encoding: str, tmp_path: Path) -> None:
    out = tmp_path / "gezegd.txt"
    done = spoken("doctor", out=str(out), HUB_HOME=str(tmp_path), PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (1, "")
    assert "…" in out.read_text(encoding="utf-8")


def test_ctrl_c_while_a_command_is_loaded_ends_it_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("importlib.import_module", interrupted)
    assert {main([name]) for name in COMMANDS} == {130}
    assert capfd.readouterr() == ("", "")


def test_what_nobody_foresaw_is_no_answer_and_repeats_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(_name: str) -> None:
        raise KeyError("999990019")

    monkeypatch.setattr("importlib.import_module", broken)
    assert main(["doctor"]) == 3
    told = capfd.readouterr().err
    assert told.startswith("Er ging iets mis dat niemand voorzag (KeyError at broken:")
    assert "999990019" not in told


# --- one rule for the exit status ---

FAULTS: list[tuple[type[HubError], int]] = [
    (ShapeError, 2), (NotFound, 2), (NotPermitted, 2), (NotAuthenticated, 2), (Conflict, 2), (TooMany, 2),
    (Unavailable, 3), (EngineUnavailable, 3), (StoreUnavailable, 3), (KeysUnavailable, 3), (ClockBehind, 3),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "status"), FAULTS)
def test_a_fault_of_one_kind_ends_every_command_alike(
    kind: type[HubError], status: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refused(_name: str) -> None:
        raise kind("Zo is het.", place="hier")

    monkeypatch.setattr("importlib.import_module", refused)
    assert {main([name]) for name in COMMANDS} == {status}
    assert set(capfd.readouterr().err.splitlines()) == {told(kind("Zo is het.", place="hier"))}


def test_no_command_makes_a_status_of_its_own() -> None:
    """0 is done; what else a command ends with has its name in `hub.cli.ending`."""
    own = [
        f"{name_of(path)}:{number.lineno}"
        for path in code("hub")
        if name_of(path).startswith(("hub/cli/", "hub/run/"))
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and ast.unparse(function.returns or function.args) == "int"
        for returned in ast.walk(function)
        if isinstance(returned, ast.Return) and isinstance(returned.value, ast.Constant | ast.IfExp)
        for number in ast.walk(returned.value)
        if isinstance(number, ast.Constant) and type(number.value) is int and number.value != 0
    ]
    assert own == []


def test_the_guide_tells_the_rule() -> None:
    guide = (ROOT / "docs/guides/operator.md").read_text(encoding="utf-8").split("## How a command ends")[1]
    told = re.findall(r"^\| (\d+) \|", guide.split("\n## ")[0], re.MULTILINE)
    assert [int(status) for status in told] == [0, ending.NO, ending.WRONG_USE, ending.NOT_NOW, 130, 141]


@pytest.mark.parametrize("number", ["0", "65536", "-1", "abc"])
@pytest.mark.parametrize("command", [["ask", "--casus", "c", "--doel", "D02"], ["postvak"], ["verplichtingen"]])
def test_a_port_that_is_none_is_named_as_it_was_typed(
    command: list[str], number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([*command, "--als", "ggz-noord", f"--poort={number}"])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert f"--poort: hier hoort het nummer van een poort, en niet '{number}'" in said
    assert "HUB_PORT" not in said


def test_what_lacks_is_named_by_a_word_of_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["log"])
    assert capsys.readouterr().err.endswith("hub log: dit moet erbij: WAT\n")


def test_only_the_hub_that_should_start_does_not_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wachtzin").write_text("een lange wachtzin")
    monkeypatch.setenv(FILE, str(tmp_path / "wachtzin"))
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    assert main(["beleid", "neem-terug", "--operator", "een", "--sleutel", str(tmp_path / "weg.key")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "De opdracht lukt niet:", "- Het sleutelbestand weg.key is niet te lezen (het is er niet).",
    ]  # fmt: skip
    monkeypatch.setenv("HUB_PORT", "0")
    assert main(["serve"]) == 2
    assert capsys.readouterr().err.splitlines()[0] == "De hub start niet:"
