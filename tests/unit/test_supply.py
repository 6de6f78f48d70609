"""The list of parts holds every locked package and nothing else; an audit that asked nobody never passes for one."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.supply import ALL, NOT_AUDITED, RUNNING, faults_of, judged, locked, make_sbom, needed_here

NEEDED = {"een", "twee"}


@pytest.fixture(scope="module")
def sbom(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The list of parts of this lock."""
    target: Path = tmp_path_factory.mktemp("sbom") / "sbom.cdx.json"
    make_sbom(target)
    return target.read_text()


def test_every_locked_package_is_in_it_with_its_digests(sbom: str) -> None:
    assert faults_of(sbom, RUNNING) == []
    parts = {(part["name"], part["version"]) for part in json.loads(sbom)["components"]}
    assert parts == set(locked(RUNNING))
    assert len(parts) > 40


def changed(sbom: str, how: str) -> str:
    document: dict[str, Any] = json.loads(sbom)
    parts = document["components"]
    match how:
        case "missing":
            del parts[0]
        case "other version":
            parts[0]["version"] = "0.0"
        case "other digest":
            parts[0]["externalReferences"][0]["hashes"][0]["content"] = "0" * 64
        case "no structure":
            parts[0]["type"] = "thing"
        case _:
            document["metadata"]["component"]["name"] = "iets anders"
    return json.dumps(document)


@pytest.mark.parametrize("how", ["missing", "other version", "other digest", "no structure", "another product"])
def test_one_that_differs_is_found(sbom: str, how: str) -> None:
    assert len(faults_of(changed(sbom, how), RUNNING)) >= 1


def test_the_lock_for_tests_is_not_the_list_of_the_running_hub(sbom: str) -> None:
    assert len(faults_of(sbom, ALL)) > 20


def report(*parts: tuple[str, list[str] | None]) -> str:
    """What the auditor prints: of each part its faults, or None where it could not look it up."""
    lines: list[dict[str, Any]] = [
        {"name": name, "skip_reason": "not found"} if faults is None
        else {"name": name, "version": "1", "vulns": [{"id": fault} for fault in faults]}
        for name, faults in parts
    ]  # fmt: skip
    return json.dumps({"dependencies": lines, "fixes": []})


@pytest.mark.parametrize(
    "said", ["", "no JSON", report(), report(("een", None), ("twee", None)), report(("een", []), ("twee", None))]
)
@pytest.mark.parametrize("required", [True, False])
def test_what_was_not_looked_up_was_not_audited(said: str, required: bool) -> None:
    told, failed = judged(said, NEEDED, required=required)
    assert told[-1].startswith(NOT_AUDITED)
    assert failed is required


@pytest.mark.parametrize("required", [True, False])
def test_a_known_fault_fails_everywhere(required: bool) -> None:
    unknown: list[str] | None = None
    for other in ([], unknown):
        told, failed = judged(report(("een", ["CVE-2027-1"]), ("twee", other)), NEEDED, required=required)
        assert (told[0], failed) == ("een 1: CVE-2027-1", True)


def test_nothing_known_is_well() -> None:
    told, failed = judged(report(("Een", []), ("twee", [])), NEEDED, required=True)
    assert (told, failed) == (["2 packages audited: nothing known against them"], False)


def test_what_is_needed_on_another_kind_of_machine_is_not_asked_here() -> None:
    names = {name for name, _ in locked(ALL)}
    assert needed_here(ALL) < names
    assert "cryptography" in needed_here(ALL)
    assert "colorama" in names - needed_here(ALL)
