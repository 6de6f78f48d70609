"""The rules by OPA's own judgement: formatted, strict, their own tests, the module up to date, nothing forbidden."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from hub.pdp.bundle import MODULE_NAME, RULES_OF_MODULE, default_directory, digest_of, read_bundle
from tests.servers import opa_program

pytestmark = pytest.mark.opa

POLICIES = default_directory()
RULES = sorted(path for path in POLICIES.rglob("*.rego") if not path.name.endswith("_test.rego"))
FORBIDDEN = re.compile(r"\b(?:time\.|http\.|opa\.runtime|rand\.|uuid\.|net\.|io\.|trace\()|input\.user\.(?:id|role)\b")
NAME = r"(?!default _)(?:default )?([a-z]\w*)"


def opa(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One run of OPA in the policy directory."""
    return subprocess.run([str(opa_program()), *arguments], cwd=POLICIES, capture_output=True, text=True, check=False)


def test_rules_are_formatted() -> None:
    assert opa("fmt", "--list", ".").stdout == ""


def test_rules_are_strict() -> None:
    done = opa("check", "--strict", ".")
    assert done.returncode == 0, done.stderr


def test_rules_pass_their_own_tests() -> None:
    done = opa("test", "--timeout", "240s", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_module_is_that_of_the_rules(tmp_path: Path) -> None:
    built = tmp_path / MODULE_NAME
    subprocess.run(
        [str(POLICIES / "build.sh"), str(built)], env={"OPA": str(opa_program()), "PATH": "/usr/bin:/bin"}, check=True
    )
    assert hashlib.sha256(built.read_bytes()).digest() == hashlib.sha256((POLICIES / MODULE_NAME).read_bytes()).digest()
    origin = tmp_path / RULES_OF_MODULE
    assert origin.read_text() == (POLICIES / RULES_OF_MODULE).read_text()
    assert origin.read_text().strip() == digest_of(read_bundle(POLICIES).rules)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_package_follows_directory_and_is_described(path: Path) -> None:
    text = path.read_text()
    assert f"package {'.'.join(path.relative_to(POLICIES).parent.parts)}\n" in text
    assert text.startswith("# METADATA\n# description:")
    assert len(text.splitlines()) <= 400


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_public_rules_are_described(path: Path) -> None:
    blocks = path.read_text().split("\n\n")
    names = [re.match(NAME, block) for block in blocks]
    seen: set[str] = set()
    for block, name in zip(blocks, names, strict=True):
        if block.startswith("# METADATA"):
            seen |= {match[1] for match in re.finditer("^" + NAME, block, re.MULTILINE)}
        elif name and name[1] not in ("package", "import"):
            assert name[1] in seen, f"{name[1]} has no METADATA"


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_read_no_clock_network_chance_or_user(path: Path) -> None:
    assert FORBIDDEN.search(path.read_text()) is None


def test_one_package_decides_and_two_explain() -> None:
    asked = {path.parent.name for path in RULES if "entrypoint: true" in path.read_text()}
    assert asked == {"release", "opening", "explain"}


def test_every_table_says_who_approved_it() -> None:
    for path in POLICIES.rglob("data.json"):
        table = json.loads(path.read_text())
        for key in ("versie", "goedgekeurd_door", "rac_ref", "geldig_vanaf"):
            assert isinstance(table[key], str), (path.name, key)
            assert table[key], (path.name, key)
