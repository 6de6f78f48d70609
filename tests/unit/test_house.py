"""The rules of the house that no linter knows: sizes, names, the clock, and imports without effect."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.repository import PACKAGES, ROOT, code, name_of

# Table-like code that may be longer than 50 lines, by name, with the reason.
LONG_FUNCTIONS: dict[str, str] = {
    "tests/policy/documents.py:request": "one document of the decision contract, written out whole",
}
# Files that may be longer than 400 lines, by path, with the reason.
LONG_FILES: dict[str, str] = {}
# What may read the clock, by path, with the reason; all else gets `at` handed down.
CLOCK_READERS = {
    "hub/wiring.py": "the composition root: the clock of a serving hub",
    "hub/cli/http.py": "the other side of the line: a partner's system dates its own proofs",
}

FORBIDDEN_NAMES = {"service", "services", "manager", "managers", "helper", "helpers", "util", "utils"} | {
    "data",
    "process",
    "handle",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(*tops: str) -> Iterator[tuple[str, int]]:
    """(file:name, number of lines) of each function, decorators left out."""
    for path in code(*tops):
        for node in ast.walk(tree(path)):
            if isinstance(node, Function):
                yield f"{name_of(path)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def imported(module: ast.Module) -> Iterator[str]:
    """The top-level names of what a module imports, wherever in it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def test_no_function_is_longer_than_50_lines() -> None:
    long = {name: lines for name, lines in functions(*PACKAGES, "tests") if lines > 50}
    assert set(long) == set(LONG_FUNCTIONS), long


def test_the_median_function_has_10_lines_or_fewer() -> None:
    assert statistics.median(lines for _, lines in functions(*PACKAGES)) <= 10


def test_no_file_is_longer_than_400_lines() -> None:
    files = code(*PACKAGES, "tests") + code("policies", suffix=".rego")
    long = {name_of(p): n for p in files if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400}
    assert set(long) == set(LONG_FILES), long


def test_no_module_or_class_has_a_name_that_says_nothing() -> None:
    def words(name: str) -> set[str]:
        return {w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}

    bad = []
    for path in code(*PACKAGES, "tests"):
        parts = [*path.relative_to(ROOT).with_suffix("").parts]
        names = parts + [n.name for n in ast.walk(tree(path)) if isinstance(n, ast.ClassDef)]
        bad += [f"{name_of(path)}: {name}" for name in names if words(name) & FORBIDDEN_NAMES]
    assert bad == []


def test_the_ground_imports_the_standard_library_only() -> None:
    ground = [p for p in code("hub") if name_of(p) == "hub/errors.py" or name_of(p).startswith("hub/model/")]
    assert ground
    foreign = {
        f"{name_of(p)}: {name}"
        for p in ground
        for name in imported(tree(p))
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(("hub.model", "hub.errors"))
    }
    assert foreign == set()


def test_every_room_stands_in_the_import_rule() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    named = {room.strip(" ()") for line in layers for room in line.split("|")}
    rooms = {p.stem if p.is_file() else p.name for p in (ROOT / "hub").iterdir() if not p.name.startswith("__")}
    assert {f"hub.{room}" for room in rooms} | {"consent", "connectors"} <= named


def test_only_the_composition_root_reads_the_clock() -> None:
    readers = set()
    for path in code(*PACKAGES):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                if (owner, node.attr) in CLOCK_CALLS:
                    readers.add(name_of(path))
    assert readers <= set(CLOCK_READERS)


CLOCK_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}

IMPORT_ALL = """
import builtins, importlib, os, sys, threading
root, *names = sys.argv[1:]
EFFECTS = ("open", "os.mkdir", "os.remove", "os.rename", "os.listdir", "os.scandir", "socket.connect", "socket.bind",
    "subprocess.Popen", "os.system", "os.exec", "sqlite3.connect", "ctypes.dlopen", "os.putenv")
seen = []
def ours(depth, through_libraries=True):
    # The nearest frame of our own, unless the import system stands in between: then a library did it for itself.
    # What a library reads from the environment when it is called (pydantic does, for each model) is its own affair.
    frame = sys._getframe(depth)
    while frame:
        file = frame.f_code.co_filename
        if file.startswith("<frozen importlib") or ("site-packages" in file and not through_libraries):
            return None
        if file.startswith(root) and "site-packages" not in file:
            return f"{file[len(root) + 1:]}:{frame.f_lineno}"
        frame = frame.f_back
    return None
def hook(event, args):
    if event in EFFECTS and (place := ours(2)):
        seen.append(f"{place} {event}")
sys.addaudithook(hook)
class Env(type(os.environ)):
    def __getitem__(self, key):
        if place := ours(2, through_libraries=False):
            seen.append(f"{place} environment")
        return super().__getitem__(key)
os.environ.__class__ = Env
for name in names:
    importlib.import_module(name)
seen += [f"thread {t.name}" for t in threading.enumerate() if t is not threading.main_thread()]
print("\\n".join(seen), end="")
"""


def modules() -> list[str]:
    """Every module of the product, by its dotted name; running `__main__` is the point of it, so it stays out."""
    names = [".".join(p.relative_to(ROOT).with_suffix("").parts) for p in code(*PACKAGES)]
    return sorted({n.removesuffix(".__init__") for n in names if not n.endswith("__main__")})


def import_all(names: list[str], root: Path) -> str:
    """What importing these modules did, with an empty environment: one line an effect."""
    arguments = [sys.executable, "-W", "error", "-c", IMPORT_ALL, str(root), *names]
    done = subprocess.run(arguments, cwd=root, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_any_module_has_no_effect() -> None:
    assert import_all(modules(), ROOT) == ""


@pytest.mark.parametrize(
    ("line", "effect"),
    [
        ("import os; os.environ.get('HUB_KEY')", "environment"),
        ("open(__file__).read()", "open"),
        ("import pathlib; pathlib.Path(__file__).read_text()", "open"),
        ("import sqlite3; sqlite3.connect(':memory:')", "sqlite3.connect"),
        (
            "import threading; threading.Thread(target=threading.Event().wait, name='x', daemon=True).start()",
            "thread x",
        ),
    ],
)
def test_an_effect_at_import_is_seen(tmp_path: Path, line: str, effect: str) -> None:
    (tmp_path / "planted.py").write_text(line + "\n")
    assert effect in import_all(["planted"], tmp_path)
