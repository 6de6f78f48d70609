"""The rules by OPA's own judgement: formatted, strict, their own tests, the module up to date, nothing forbidden."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import orjson
import pytest
from wasmtime import Engine, Module

from hub.pdp.bundle import MODULE_NAME, RULES_OF_MODULE, default_directory, digest_of, read_bundle
from hub.pdp.embedded import Bounds, Instance
from hub.pdp.runtime import quicker
from hub.pdp.stopping import Clock, settings, stoppable
from tests.compiling import module_of
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


SERVERS_ALONE = "dated"
"""The package that only OPA servers have (`policies/build.sh`): its tests run there alone."""


def _tests() -> list[str]:
    """Every test rule but those of `SERVERS_ALONE`, as an entrypoint."""
    files = [path for path in POLICIES.rglob("*_test.rego") if path.parent.name != SERVERS_ALONE]
    found = []
    for path in sorted(files):
        text = path.read_text()
        (package,) = re.findall(r"^package (.+)$", text, re.MULTILINE)
        names = sorted(set(re.findall(r"^(test_\w+)", text, re.MULTILINE)))
        found += [f"{package.replace('.', '/')}/{name}" for name in names]
    return found


def _module_of_tests(folder: Path) -> bytes:
    """Rules and tests as one module, each test an entrypoint."""
    shutil.copytree(POLICIES / "hub", folder / "hub", ignore=shutil.ignore_patterns(SERVERS_ALONE, "data.json"))
    return module_of(folder / "hub", "--prune-unused", entrypoints=_tests())


def test_rules_pass_their_own_tests_in_the_embedded_runtime_too(tmp_path: Path) -> None:
    runtime = Engine(settings())
    made = _module_of_tests(tmp_path)
    # As the hub runs it: with its own functions in OPA's runtime (docs/adr/0029), and able to be stopped (0031).
    as_run = quicker(made)
    assert as_run != made
    module, clock = Module(runtime, stoppable(as_run)), Clock(1)
    reference = orjson.dumps(read_bundle(POLICIES).reference)
    names = _tests()
    said = {name: Instance(runtime, module, reference, Bounds(), clock, name).eval(b"{}") for name in names}
    assert len(names) > 300
    # A test that says true passed; one over a table of cases says for each whether it did.
    assert [name for name, text in said.items() if not _passed(orjson.loads(text))] == []


def _passed(rows: list[dict[str, object]]) -> bool:
    (row,) = rows or [{"result": False}]
    cases = row["result"]
    return all(case is True for case in cases.values()) if isinstance(cases, dict) and cases else cases is True


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
