"""What the hub is made of: a list of its parts (CycloneDX) from the lock, and whether any is known to be unsafe.

`python -m tests.supply sbom` writes var/sbom.cdx.json and holds it against the lock.
`python -m tests.supply audit` asks the advisory service of the package index. Where it cannot be reached that is said,
and it fails only with HUB_AUDIT=required: a machine that reaches nothing can check everything else.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement

from tests.repository import ROOT

RUNNING, ALL = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
SBOM = ROOT / "var/sbom.cdx.json"
NOT_AUDITED = "NOT audited: advisories cannot be reached"
SECONDS = 300


def locked(lock: Path) -> dict[tuple[str, str], frozenset[str]]:
    """(name, version) -> SHA-256 digests, of every package of a lock file."""
    text = lock.read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, version = re.match(r"([\w.-]+)==([^\s;]+)", line).groups()  # type: ignore[union-attr]
            found[name, version] = frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return found


def needed_here(lock: Path) -> set[str]:
    """The names of the packages of a lock that are installed on this kind of machine."""
    entries = (re.split(r" +(?:\\|--hash)", line)[0] for line in lock.read_text().splitlines() if "==" in line)
    requirements = [Requirement(entry) for entry in entries]
    return {one.name for one in requirements if one.marker is None or one.marker.evaluate()}


# --- the list of parts -------------------------------------------------------------------------------------------


def make_sbom(target: Path) -> None:
    """Write the parts of the running hub, with their digests. The same lock gives the same bytes."""
    target.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-W", "ignore::UserWarning", "-m", "cyclonedx_py", "requirements", RUNNING.name]
    command += ["--pyproject", "pyproject.toml", "--output-reproducible", "--sv", "1.6", "--of", "JSON"]
    subprocess.run([*command, "--output-file", str(target)], cwd=ROOT, check=True)


def faults_of(sbom: str, lock: Path) -> list[str]:
    """What is wrong with a list of parts: its structure, and packages and digests that differ from the lock's."""
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(sbom)
    if wrong is not None:
        return [f"structure: {wrong}"[:300]]
    document = json.loads(sbom)
    listed = {(part["name"], part["version"]): frozenset(_digests(part)) for part in document.get("components", [])}
    expected = locked(lock)
    faults = [f"{name} {version} is not in it" for name, version in sorted(expected.keys() - listed.keys())]
    faults += [f"{name} {version} is not locked" for name, version in sorted(listed.keys() - expected.keys())]
    both = sorted(expected.keys() & listed.keys())
    faults += [f"{part[0]}: other digests" for part in both if listed[part] != expected[part]]
    if document["metadata"].get("component", {}).get("name") != "hub":
        faults.append("it is not of the hub")
    return faults


def _digests(part: Mapping[str, Any]) -> Iterable[str]:
    for reference in part.get("externalReferences", []):
        yield from (digest["content"] for digest in reference.get("hashes", []) if digest["alg"] == "SHA-256")


# --- the audit ---------------------------------------------------------------------------------------------------


def ask() -> str:
    """What the auditor reports of every locked package, as JSON; empty where it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ALL), "--require-hashes", "--disable-pip"]
    command += ["--format", "json", "--desc", "off", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def judged(report: str, needed: set[str], *, required: bool) -> tuple[list[str], bool]:
    """(what to tell, whether it fails) of a report: a known fault always fails, an unasked package where required.

    The auditor itself calls it well when no package at all could be looked up.
    """
    try:
        parts = json.loads(report)["dependencies"]
    except ValueError:
        return [f"{NOT_AUDITED} (no report)"], required
    unsafe = [(one["name"], one["version"], fault["id"]) for one in parts for fault in one.get("vulns", [])]
    told = [f"{name} {version}: {fault}" for name, version, fault in unsafe]
    asked = {one["name"].lower().replace("_", "-") for one in parts if "vulns" in one}
    unasked = sorted(needed - asked)
    if unasked:
        told.append(f"{NOT_AUDITED} ({len(unasked)} of {len(needed)} packages: {', '.join(unasked[:5])}, …)")
    elif not unsafe:
        told.append(f"{len(asked)} packages audited: nothing known against them")
    return told, bool(unsafe) or (bool(unasked) and required)


def main(words: list[str]) -> int:
    """The exit status of `sbom` or `audit`."""
    if words == ["sbom"]:
        make_sbom(SBOM)
        told = faults_of(SBOM.read_text(), RUNNING)
        failed = bool(told)
        told = told or [f"{len(locked(RUNNING))} parts in {SBOM.relative_to(ROOT)}"]
    elif words == ["audit"]:
        told, failed = judged(ask(), needed_here(ALL), required=os.environ.get("HUB_AUDIT") == "required")
    else:
        told, failed = ["python -m tests.supply sbom | audit"], True
    sys.stdout.write("".join(f"{line}\n" for line in told))
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
