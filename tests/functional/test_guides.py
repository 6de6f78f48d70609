"""The guide for makers of partner systems, followed to the letter against a real server; and what all guides say."""

import argparse
import importlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.cli.main import COMMANDS
from tests.region import Server, hub_command, server
from tests.repository import ROOT

GUIDE = ROOT / "docs" / "guides" / "partner-system.md"


def blocks(language: str) -> list[str]:
    """The code blocks of the guide in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("gids")) as found:
        yield found


@pytest.fixture(scope="module")
def folder(running: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where somebody typed all that the guide says, block after block in one shell."""
    folder = tmp_path_factory.mktemp("partner")
    (client,) = blocks("python")
    (folder / "partner.py").write_text(client)
    programs = folder / "bin"
    programs.mkdir()
    for name, command in (("hub", hub_command()), ("python", [sys.executable])):
        (programs / name).write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        (programs / name).chmod(0o755)
    known = {name: value for name, value in running.environment.items() if not name.lower().endswith("_proxy")}
    environment = {**known, "HUB": running.base, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    typed = "\n".join(blocks("sh"))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", typed], cwd=folder, env=environment, capture_output=True, text=True,
        timeout=180, check=False,
    )  # fmt: skip
    (folder / "printed.txt").write_text(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text())


def test_the_first_delivery_comes_with_the_aanmelding(folder: Path) -> None:
    assert read(folder, "aangemeld.json")["casus"]


def test_a_call_with_the_same_key_is_answered_as_the_first(folder: Path) -> None:
    lines = (folder / "printed.txt").read_text().splitlines()
    delivered = [json.loads(line) for line in lines if '"opgenomen"' in line and '"casus"' not in line]
    assert len(delivered) == 2
    assert delivered[0] == delivered[1]
    assert [item["veld"] for item in delivered[0]["opgenomen"]] == ["zorgcontact_status"]


def test_the_asked_field_comes_back_and_the_other_says_why_not(folder: Path) -> None:
    answer = read(folder, "antwoord.json")
    assert [item["veld"] for item in answer["gegevens"]] == ["crisiscontact_24_7"]
    (refused,) = answer["geweigerd"]
    assert refused["veld"] == "diagnose_dsm"
    assert refused["redenen"][0]["zin"]


def test_a_search_answers_as_the_guide_says(folder: Path) -> None:
    printed = (folder / "printed.txt").read_text()
    assert "Deze persoon is bij ons niet bekend." in printed
    assert "404, as the guide says" in printed


def test_the_receipt_is_proven_offline(folder: Path) -> None:
    assert "Bewezen:" in (folder / "printed.txt").read_text()


def test_the_private_key_stays_private(folder: Path) -> None:
    assert (folder / "key.pem").stat().st_mode & 0o077 == 0
    assert "d" not in read(folder, "jwks.json")["keys"][0]


def test_every_call_that_the_guide_names_exists(running: Server) -> None:
    from hub.api.app import api_app, described

    paths = {re.sub(r"\{\w+\}", "{}", path) for path in described(api_app(running.base))["paths"]}
    table = GUIDE.read_text(encoding="utf-8").split("| call below")[1].split("```")[0]
    named = re.findall(
        r"`([a-z-]+)`", "\n".join(row.split("|")[1] for row in table.splitlines() if row.startswith("| `"))
    )
    assert len(named) > 12
    assert {name for name in named if f"/casussen/{{}}/{name}" not in paths} == set()


# --- what all guides say ------------------------------------------------------------------------------------------

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
OF_OTHERS = {"pg_dump", "pyjwt", "HUB_OPA_TOKEN", "HUB_URL", "HUB_CA_FILE"} | {
    # Of deploy/compose.yaml, held by tests/unit/test_deploy.py.
    "PUBLIC_NAME",
    "POSTGRES_PASSWORD",
    "hub_keys",
}
SETTING = re.compile(r"\bHUB_[A-Z0-9_]+")


def shown_as_code(paper: Path) -> list[str]:
    """Every piece of code in a paper: lines of blocks, and what stands between backticks."""
    text = paper.read_text(encoding="utf-8")
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [
        *"".join(fenced).splitlines(),
        *re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)),
    ]


def test_the_operators_table_is_the_settings_that_there_are() -> None:
    read = set(SETTING.findall((ROOT / "hub" / "settings.py").read_text())) | {"HUB_OPERATOR_PASSPHRASE_FILE"}
    rows = [row for row in (ROOT / "docs/guides/operator.md").read_text().splitlines() if row.startswith("| `HUB_")]
    assert {name for row in rows for name in SETTING.findall(row.split("|")[1])} == read


@pytest.mark.parametrize("guide", [*GUIDES, ROOT / "README.md"], ids=lambda path: path.stem)
def test_every_command_that_a_guide_names_exists(guide: Path) -> None:
    named = [
        words.split()
        for piece in shown_as_code(guide)
        for words in re.findall(r"(?:^|/|\| )hub ((?:[a-z][a-z0-9]* ?)+)", piece)
    ]
    assert {words[0] for words in named} <= set(COMMANDS)
    for first, second, *_ in (words for words in named if len(words) > 1):
        module = importlib.import_module(COMMANDS[first][0])
        parser = argparse.ArgumentParser()
        module.add_parser(parser.add_subparsers())
        told = (module.__doc__ or "") + (ROOT / f"{COMMANDS[first][0].replace('.', '/')}.py").read_text()
        assert re.search(rf'"{second}"', told), f"hub {first} {second}"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_every_word_of_the_api_that_a_guide_names_is_one(guide: Path) -> None:
    from hub.api.app import api_app, described

    catalogue = (ROOT / "policies/hub/catalog/data.json").read_text()
    known = json.dumps(described(api_app("https://hub.example.nl"))) + catalogue
    known += "".join(path.read_text() for path in (ROOT / "hub").rglob("*.py")) + "".join(blocks("python"))
    words = {word for piece in shown_as_code(guide) for word in re.findall(r"^[a-zA-Z_]{4,}$", piece)}
    assert {word for word in words if word not in known} <= OF_OTHERS
