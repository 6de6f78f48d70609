"""Every command ends with a status and at most one line on standard error, also where nobody reads or types."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository import ROOT
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
    ("named", "told"), [({}, "Er is geen wachtwoord getypt."), ({FILE: "weg"}, "Het bestand met het")]
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
