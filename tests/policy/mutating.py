"""Mutation of the rules: each condition is removed and inverted in turn, and a test of that package has to fail.

`python -m tests.policy.mutating [PACKAGE ...]` (`make check-policy`). A condition is an expression of a body: of a rule,
of an `else`, of a comprehension, of `every`. What binds names (`some x in`, `:=`) is none. Those that no test can tell
from the rule as it stands are in `survivors.json`, each with its reason; one that is not there, one that is there and
dies, and fewer than 95 of 100 killed fail the run.
"""

import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from hub.pdp.bundle import default_directory

ENOUGH = 0.95
SECONDS = 60
"""How long the tests of one package may take on a mutant; one that goes on for ever is killed by that."""

REMOVED, INVERTED = "removed", "inverted"
KILLED, SURVIVED, UNSOUND = "killed", "survived", "unsound"
"""Unsound: the rules do not compile so, and it is no mutant."""

_FAILED = 2
"""Exit status of `opa test` when a test failed."""

_LISTED = Path(__file__).with_name("survivors.json")


@dataclass(frozen=True)
class Mutant:
    """One condition changed: the file, the rule, the condition as it stands, the change, which of equal ones, the text."""

    path: str
    rule: str
    condition: str
    change: str
    nth: int
    text: bytes

    @property
    def package(self) -> str:
        """The package whose tests have to notice."""
        return Path(self.path).parts[1]

    @property
    def name(self) -> tuple[str, str, str, str, int]:
        """By what the list of survivors knows it."""
        return self.path, self.rule, self.condition, self.change, self.nth


def mutants_of(directory: Path, path: str) -> list[Mutant]:
    """All mutants of one file of rules."""
    text = (directory / path).read_bytes()
    starts = [0, *(found.end() for found in re.finditer(b"\n", text))]
    seen: Counter[tuple[str, str, str]] = Counter()
    made = []
    for rule, expression in _conditions(_parsed(directory / path)):
        place = expression["location"]
        old = base64.b64decode(place["text"])
        begin = starts[place["row"] - 1] + place["col"] - 1
        for change, new in _changed(expression, old):
            key = rule, b" ".join(old.split()).decode(), change
            made.append(Mutant(path, *key, seen[key], text[:begin] + new + text[begin + len(old) :]))
            seen[key] += 1
    return made


def _parsed(path: Path) -> list[dict[str, Any]]:
    told = _opa("parse", str(path), "--format", "json", "--json-include", "locations")
    rules: list[dict[str, Any]] = json.loads(told.stdout)["rules"]
    return rules


def _conditions(rules: Sequence[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for rule in rules:
        if not rule.get("default"):
            name = rule["head"].get("name") or ".".join(str(part["value"]) for part in rule["head"]["ref"])
            for expression in _expressions(rule):
                yield name, expression


def _expressions(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for each in node:
            yield from _expressions(each)
    elif isinstance(node, dict):
        if "index" in node and "terms" in node and _is_condition(node):
            yield node
        for key, each in node.items():
            if key != "location":
                yield from _expressions(each)


def _is_condition(expression: dict[str, Any]) -> bool:
    terms = expression["terms"]
    if isinstance(terms, dict):
        # A body that was never written is `true`.
        return "symbols" not in terms and terms.get("type") != "boolean"
    operator = terms[0].get("value")
    return not (isinstance(operator, list) and operator[0]["value"] in ("assign", "eq"))


def _changed(expression: dict[str, Any], old: bytes) -> Iterator[tuple[str, bytes]]:
    yield REMOVED, b"true"
    terms = expression["terms"]
    if expression.get("negated"):
        yield INVERTED, old.removeprefix(b"not ")
    elif not (isinstance(terms, dict) and "domain" in terms):
        yield INVERTED, b"not " + old


def _tested(package: str, directory: Path) -> subprocess.CompletedProcess[str]:
    run = rf"^data\.hub\.{package}_test\."
    return _opa("test", str(directory), "--run", run, "--timeout", f"{SECONDS}s")


def _passes(package: str, directory: Path) -> bool:
    told = _tested(package, directory)
    return told.returncode == 0 and "PASS" in told.stdout


def outcome(mutant: Mutant, directory: Path) -> str:
    """What the tests of its package say of it, in a copy of the policy that is put back after."""
    path = directory / mutant.path
    before = path.read_bytes()
    path.write_bytes(mutant.text)
    try:
        status = _tested(mutant.package, directory).returncode
    finally:
        path.write_bytes(before)
    return {0: SURVIVED, _FAILED: KILLED}.get(status, UNSOUND)


def _opa(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["opa", *arguments], capture_output=True, text=True, check=False)


@contextmanager
def _copies(source: Path, count: int) -> Iterator[SimpleQueue[Path]]:
    with tempfile.TemporaryDirectory(prefix="hub-mutants-") as folder:
        free: SimpleQueue[Path] = SimpleQueue()
        for number in range(count):
            copy = Path(folder) / str(number)
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("*.wasm", "*.sh"))
            free.put(copy)
        yield free


def outcomes(mutants: Sequence[Mutant], source: Path) -> list[str]:
    """What becomes of each, on all processors."""
    workers = os.cpu_count() or 1
    with _copies(source, workers) as free, ThreadPoolExecutor(workers) as pool:

        def judged(mutant: Mutant) -> str:
            copy = free.get()
            try:
                return outcome(mutant, copy)
            finally:
                free.put(copy)

        return list(pool.map(judged, mutants))


def listed() -> dict[tuple[str, str, str, str, int], str]:
    """The survivors that are known -> why no test can tell them."""
    rows = json.loads(_LISTED.read_text())
    return {(row["path"], row["rule"], row["condition"], row["change"], row["nth"]): row["reason"] for row in rows}


def judge(mutants: Sequence[Mutant], found: Sequence[str]) -> list[str]:
    """What is wrong, a line each; nothing when enough are killed and each survivor is known."""
    known, packages = listed(), {mutant.package for mutant in mutants}
    alive = {mutant.name: mutant for mutant, how in zip(mutants, found, strict=True) if how == SURVIVED}
    counts = Counter(found)
    share = counts[KILLED] / max(1, counts[KILLED] + counts[SURVIVED])
    wrong = [
        f"{one.path}: {one.rule}: {one.change}: {one.condition}" for name, one in alive.items() if name not in known
    ]
    stale = [name for name in known if name not in alive and Path(name[0]).parts[1] in packages]
    wrong += [
        f"{path}: {rule}: no longer survives: {change}: {condition}" for path, rule, condition, change, _ in stale
    ]
    if share < ENOUGH:
        wrong.append(f"only {share:.1%} killed")
    print(
        f"{len(mutants)} mutants: {counts[KILLED]} killed, {counts[SURVIVED]} survived, {counts[UNSOUND]} unsound: {share:.1%}"
    )
    return wrong


def main() -> int:
    """Mutate, test, and say what survived without a reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", help="packages below data.hub (all when none)")
    chosen = set(parser.parse_args().packages)
    source = default_directory()
    paths = [path.relative_to(source).as_posix() for path in sorted(source.rglob("*.rego"))]
    rules = [path for path in paths if not path.endswith("_test.rego")]
    for package in sorted({Path(path).parts[1] for path in rules if not chosen or Path(path).parts[1] in chosen}):
        if not _passes(package, source):
            print(f"{package}: its tests do not pass as it stands, or there are none")
            return 1
    made = [one for path in rules if not chosen or Path(path).parts[1] in chosen for one in mutants_of(source, path)]
    found = outcomes(made, source)
    for package in sorted({mutant.package for mutant in made}):
        told = Counter(how for mutant, how in zip(made, found, strict=True) if mutant.package == package)
        print(f"{package}: {told[KILLED]} killed, {told[SURVIVED]} survived, {told[UNSOUND]} unsound")
    wrong = judge(made, found)
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
