"""Mutation of the rules: each condition is removed and inverted in turn, and a test of that package has to fail.

`python -m tests.policy.mutating [PACKAGE ...]` (`make check-policy`). A condition is an expression of a body: of a rule,
of an `else`, of a comprehension, of `every`. What binds names (`some x in`, `:=`) is none. Those that no test can tell
from the rule as it stands are in `survivors.json`, each with its reason; one that is not there, one that is there and
dies, one that takes too long, and a package of which fewer than 95 of 100 are killed fail the run.

`opa test` traces what it evaluates and goes on after a failure. Here a rule is laid beside the tests that names the
first that fails, and nothing is loaded but what the tests of the package reach.
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
from resource import RUSAGE_CHILDREN, getrusage
from signal import SIGKILL
from typing import Any

from hub.pdp.bundle import default_directory

ENOUGH = 0.95
SECONDS = 60
"""Processor time that the tests of one package may take on a mutant: more than twenty times that of the rules."""

REMOVED, INVERTED = "removed", "inverted"
KILLED, SURVIVED, UNSOUND, TIMED_OUT = "killed", "survived", "unsound", "timed out"
"""Unsound: the rules do not compile so, and it is no mutant."""

_SPARING = {"GOGC": "400", "GOMAXPROCS": "1"}
"""One processor each: as many run side by side as there are."""

_JUDGE = "hub/mutating/mutating.rego"
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
        if clause := re.match(rb"else\b.*? if ", old, re.DOTALL):
            # Of the one condition of a short `else` the parser tells the place of the whole clause.
            begin, old = begin + clause.end(), old[clause.end() :]
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
            name = rule["head"].get("name") or rule["head"]["ref"][0]["value"]
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


@dataclass(frozen=True)
class Suite:
    """The tests of one package: the files that they reach, and of each how many cases pass (null: it has none)."""

    package: str
    files: tuple[str, ...]
    tests: dict[str, int | None]

    def judge(self, order: Sequence[str]) -> str:
        """A rule that names the first test, in this order, of which not every case passes."""
        asked = [f"{json.dumps(name)} if not {self._passed(name)}\n" for name in order]
        return "package hub.mutating\n\nfailed := " + "else := ".join(asked)

    def _passed(self, name: str) -> str:
        test, cases = f"data.hub.{self.package}_test.{name}", self.tests[name]
        return test if cases is None else f"count({test}) == {cases}"


def suite_of(package: str, source: Path) -> Suite:
    """The tests of a package; without any where one fails, and where there are none."""
    files = _reached(package, source)
    own = [source / file for file in files if file.startswith(f"hub/{package}/") and file.endswith("_test.rego")]
    names = sorted({name for path in own for name in re.findall(r"^(test_\w+)", path.read_text(), re.MULTILINE)})
    with _copies(source, files, 1) as free:
        asked = ", ".join(f'"{name}": data.hub.{package}_test.{name}' for name in names)
        told = json.loads(_opa("eval", "--data", str(free.get()), f"{{{asked}}}").stdout)
    found = told["result"][0]["expressions"][0]["value"] if "result" in told else {}
    return Suite(package, files, {name: None if value is True else len(value) for name, value in found.items()})


def _reached(package: str, source: Path) -> tuple[str, ...]:
    """The files that the tests of a package need, by what is imported: without the tests of others."""
    wanted, seen, files = [package], {package}, []
    while wanted:
        name = wanted.pop()
        for path in sorted((source / "hub" / name).rglob("*.*")):
            if path.name.endswith("_test.rego") and name not in (package, "made"):
                continue
            files.append(path.relative_to(source).as_posix())
            met = set(re.findall(r"\bdata\.hub\.(\w+)", path.read_text())) - seen if path.suffix == ".rego" else set()
            seen |= met
            wanted += sorted(met)
    return tuple(files)


@dataclass
class Bench:
    """A copy of what a suite needs, and its tests: those that failed last go first."""

    directory: Path
    order: list[str]

    def tried(self, suite: Suite) -> str:
        """What the tests say of the rules as they stand in the copy."""
        (self.directory / _JUDGE).write_text(suite.judge(self.order))
        done = _opa("eval", "--data", str(self.directory), "data.hub.mutating.failed")
        if done.returncode == -SIGKILL:
            return TIMED_OUT
        told = json.loads(done.stdout)
        if codes := {error.get("code", "") for error in told.get("errors", [])}:
            return KILLED if all(code.startswith("eval_") for code in codes) else UNSOUND
        if "result" not in told:
            return SURVIVED
        name = told["result"][0]["expressions"][0]["value"]
        self.order.remove(name)
        self.order.insert(0, name)
        return KILLED


def outcome(mutant: Mutant, bench: Bench, suite: Suite) -> str:
    """What the tests of its package say of it, in a copy of the policy that is put back after."""
    path = bench.directory / mutant.path
    before = path.read_bytes()
    path.write_bytes(mutant.text)
    try:
        return bench.tried(suite)
    finally:
        path.write_bytes(before)


def _opa(*arguments: str) -> subprocess.CompletedProcess[str]:
    # A busy machine is no reason to be killed: the limit is of processor time.
    limited = ["sh", "-c", f'ulimit -t {SECONDS} && exec opa "$@"', "opa", *arguments]
    return subprocess.run(limited, capture_output=True, text=True, check=False, env={**os.environ, **_SPARING})


@contextmanager
def _copies(source: Path, files: Sequence[str], count: int) -> Iterator[SimpleQueue[Path]]:
    with tempfile.TemporaryDirectory(prefix="hub-mutants-") as folder:
        free: SimpleQueue[Path] = SimpleQueue()
        for number in range(count):
            copy = Path(folder) / str(number)
            for file in (*files, _JUDGE):
                (copy / file).parent.mkdir(parents=True, exist_ok=True)
            for file in files:
                shutil.copyfile(source / file, copy / file)
            free.put(copy)
        yield free


def outcomes(mutants: Sequence[Mutant], suite: Suite, source: Path) -> list[str]:
    """What becomes of each mutant of one package, on all processors."""
    workers = os.cpu_count() or 1
    with _copies(source, suite.files, workers) as copies, ThreadPoolExecutor(workers) as pool:
        free: SimpleQueue[Bench] = SimpleQueue()
        for _ in range(workers):
            free.put(Bench(copies.get(), list(suite.tests)))

        def judged(mutant: Mutant) -> str:
            bench = free.get()
            try:
                return outcome(mutant, bench, suite)
            finally:
                free.put(bench)

        return list(pool.map(judged, mutants))


def listed() -> dict[tuple[str, str, str, str, int], str]:
    """The survivors that are known -> why no test can tell them."""
    rows = json.loads(_LISTED.read_text())
    return {(row["path"], row["rule"], row["condition"], row["change"], row["nth"]): row["reason"] for row in rows}


def judge(package: str, mutants: Sequence[Mutant], found: Sequence[str]) -> list[str]:
    """What is wrong with one package, a line each; nothing when enough are killed and each survivor is known."""
    known = {name for name in listed() if Path(name[0]).parts[1] == package}
    by_outcome = {how: {one.name for one, its in zip(mutants, found, strict=True) if its == how} for how in set(found)}
    alive = by_outcome.get(SURVIVED, set())
    counts = Counter(found)
    share = counts[KILLED] / max(1, len(mutants) - counts[UNSOUND])
    wrong = [_line(name, "survives") for name in sorted(alive - known)]
    wrong += [_line(name, "no longer survives") for name in sorted(known - alive)]
    wrong += [_line(name, f"takes more than {SECONDS} s") for name in sorted(by_outcome.get(TIMED_OUT, set()))]
    if share < ENOUGH:
        wrong.append(f"{package}: only {share:.1%} killed")
    told = ", ".join(f"{counts[how]} {how}" for how in (KILLED, SURVIVED, TIMED_OUT, UNSOUND))
    print(f"{package}: {told}: {share:.1%}", flush=True)
    return wrong


def _line(name: tuple[str, str, str, str, int], what: str) -> str:
    path, rule, condition, change, nth = name
    return f"{path}: {rule}: {what}: {change}: {condition} ({nth})"


def checked(package: str, source: Path) -> tuple[list[str], list[str]]:
    """The outcomes for one package, and what is wrong with it."""
    suite = suite_of(package, source)
    if not suite.tests:
        return [], [f"{package}: its tests do not pass as it stands, or there are none"]
    rules = [file for file in suite.files if file.startswith(f"hub/{package}/") and not file.endswith("_test.rego")]
    made = [one for path in rules for one in mutants_of(source, path)]
    found = outcomes(made, suite, source)
    return found, judge(package, made, found)


def main() -> int:
    """Mutate, test, and say what survived without a reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", help="packages below data.hub (all when none)")
    chosen = set(parser.parse_args().packages)
    source = default_directory()
    rules = [path for path in sorted(source.rglob("*.rego")) if not path.name.endswith("_test.rego")]
    wrong, counts = [], Counter[str]()
    for package in sorted({path.relative_to(source).parts[1] for path in rules}):
        if not chosen or package in chosen:
            found, faults = checked(package, source)
            counts.update(found)
            wrong += faults
    told = ", ".join(f"{counts[how]} {how}" for how in (KILLED, SURVIVED, TIMED_OUT, UNSOUND))
    print(f"{sum(counts.values())} mutants: {told}; {getrusage(RUSAGE_CHILDREN).ru_utime:.0f} s of processor time")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
