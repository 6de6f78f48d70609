"""The repository stands alone: no machine's paths, no registry addresses, locks that hold, papers that are true."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from hub.casework.kinds import KINDS
from tests.repository import PACKAGES, ROOT, code, name_of, tracked

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-go.lock")
# Written in two halves, so that this file does not hold what it forbids.
REGISTRIES = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npm" + "js.org",
    "proxy.golang" + ".org",
    "deb.debian" + ".org",
    "docker" + ".io",
    "ghcr" + ".io",
    "quay" + ".io",
]
# A machine's own folders. The stated exception is the folder of samples in the CI script.
MACHINE_PATHS = re.compile(r"(?<![\w.\-/*>])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/\w)(?=[/\s\"'`),:]|$)", re.MULTILINE)
SAMPLES_FOLDER = ".." + "/shared"


def texts() -> list[tuple[str, str]]:
    """(name, content) of each text file of the repository."""
    found = []
    for path in tracked():
        try:
            found.append((name_of(path), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("registry", REGISTRIES)
def test_no_file_names_a_registry(registry: str) -> None:
    assert [name for name, text in texts() if registry in text] == []


def test_no_file_names_a_folder_of_a_machine() -> None:
    assert [f"{name}: {m[0]}" for name, text in texts() for m in MACHINE_PATHS.finditer(text)] == []


def test_the_samples_folder_is_named_by_the_ci_script_only() -> None:
    assert [name for name, text in texts() if SAMPLES_FOLDER in text] == [".ci/run"]


def requirements(lock: str) -> list[str]:
    """The entries of a lock file, each with its hashes on one line."""
    lines = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_hashes_and_no_address(lock: str) -> None:
    entries = requirements(lock)
    assert entries
    assert [e for e in entries if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", e)] == []
    assert [e for e in entries if e.startswith("-") or "://" in e] == []


def test_the_lock_for_tests_holds_the_lock_for_running() -> None:
    """What the hub needs on one kind of machine, the tests may need on every kind: never the other way about."""
    for_tests = set(requirements("requirements-dev.lock"))
    everywhere = {entry: re.sub(r" ; .*?(?=  )", "", entry) for entry in requirements("requirements.lock")}
    assert [entry for entry, bare in everywhere.items() if not for_tests & {entry, bare}] == []


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for lock, declared in (
        ("requirements.lock", project["dependencies"] + extras["build"]),
        ("requirements-dev.lock", extras["dev"]),
    ):
        locked = {re.split("==", e)[0] for e in requirements(lock)}
        wanted = {re.sub(r"[._]", "-", re.split(r"[\[<>=;! ]", d)[0].lower()) for d in declared}
        assert wanted <= locked


def test_the_linter_of_the_api_description_is_locked_by_hash_and_without_address() -> None:
    packages = json.loads((ROOT / "api-ruleset/package-lock.json").read_text())["packages"]
    assert len(packages) > 100
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def words_of_make() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def papers() -> list[Path]:
    return [p for p in tracked() if p.suffix == ".md"]


def code_in(path: Path) -> str:
    """What a paper shows as code, in blocks and inline."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", path.read_text(encoding="utf-8"), re.DOTALL))


def test_every_make_word_in_the_papers_exists() -> None:
    named = {(name_of(p), word) for p in papers() for word in re.findall(r"\bmake ([a-z-]+)", code_in(p))}
    assert {("README.md", "run"), ("README.md", "test")} <= named
    assert {(p, word) for p, word in named if word not in words_of_make()} == set()


def test_every_link_in_the_papers_leads_somewhere() -> None:
    links = {
        (p, target)
        for p in papers()
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", p.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:")
    }
    assert {f"{name_of(p)}: {target}" for p, target in links if not (p.parent / target).exists()} == set()


# A path with an extension, or a dotted name under one of our packages.
NAMED = re.compile(
    r"`((?:hub|consent|connectors|policies|deploy|tests|docs|api-ruleset|\.ci)/[\w./-]*|(?:hub|consent|connectors)(?:\.\w+)+)`"
)


def exists(name: str) -> bool:
    if "/" in name:
        return (ROOT / name).exists()
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        module = ROOT.joinpath(*parts[:end])
        file = module if module.is_dir() else module.with_suffix(".py")
        if file.is_dir():
            return end == len(parts)
        if file.is_file():
            return all(re.search(rf"\b{part}\b", file.read_text(encoding="utf-8")) for part in parts[end:])
    return False


def test_every_part_that_the_papers_name_exists() -> None:
    named = {(name_of(p), name) for p in papers() for name in NAMED.findall(p.read_text(encoding="utf-8"))}
    assert named
    assert {f"{paper}: {name}" for paper, name in named if not exists(name)} == set()


def test_every_paper_that_the_code_names_exists() -> None:
    papers_here = {p.name for p in papers()}
    named = {
        (name_of(p), paper)
        for p in code(*PACKAGES, "tests", "policies") + code("policies", suffix=".rego")
        for paper in re.findall(r"(?<![\w*/])(?:docs/)?([a-z][\w-]*\.md)\b", p.read_text(encoding="utf-8"))
    }
    assert {(place, paper) for place, paper in named if paper not in papers_here} == set()


def test_the_version_has_a_place_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.search(rf"^## \[?{re.escape(version)}\]?", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_every_decision_record_is_in_the_index() -> None:
    records = {p.name for p in (ROOT / "docs/adr").glob("[0-9]*.md")}
    index = (ROOT / "docs/adr/README.md").read_text()
    assert records
    assert {r for r in records if f"]({r})" not in index} == set()


# Segments that a standard names: RFC 8414, RFC 9728, RFC 6749, RFC 7517, C2SP tlog-tiles.
STANDARD_WORDS = {
    "oauth-authorization-server",
    "oauth-protected-resource",
    "oauth",
    "token",
    "jwks",
    "tile",
    "checkpoint",
    # OpenID AuthZEN Authorization API 1.0.
    "authzen-configuration",
    "access",
    "evaluation",
    "evaluations",
    "search",
    "subject",
    "resource",
    "action",
}


def api_words() -> set[str]:
    """The Dutch words of the paths of the HTTP API: from the route tables, and the kinds of record."""
    paths = {
        m
        for p in code("hub")
        if name_of(p).startswith("hub/api/")
        for m in re.findall(r"[\"'](/[A-Za-z0-9_{}/.-]+)[\"']", p.read_text(encoding="utf-8"))
    }
    named = {word for path in paths for word in re.findall(r"(?<=/)_?([a-z]+(?:-[a-z]+)*)(?=/|$)", path)}
    return (named | {kind.path for kind in KINDS}) - STANDARD_WORDS


def test_the_glossary_explains_the_words_of_the_api() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text()
    explained = {
        w for row in re.findall(r"^\| `?([^|`]+)`? \|", glossary, re.MULTILINE) for w in re.split(r"[ ,]+", row)
    }
    assert {w for w in api_words() if w not in explained} == set()


def test_no_package_stands_empty() -> None:
    """A folder of the product holds something, or it is not there."""
    inits = [p for p in code(*PACKAGES) if p.name == "__init__.py"]
    assert [
        name_of(p.parent) for p in inits if not any(q != p and p.parent in q.parents for q in code(*PACKAGES))
    ] == []


def test_every_folder_of_tests_is_run() -> None:
    """`make test` names the folders of its two runs (of one, a file goes with the other); published samples are another."""
    folders = {path.relative_to(ROOT).parts[1] for path in (ROOT / "tests").rglob("test_*.py")}
    named = re.findall(r"tests/(\w+)(?=[ )])", (ROOT / ".ci/tests").read_text())
    assert sorted(named) == sorted(folders - {"conformance"})
