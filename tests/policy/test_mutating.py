"""The mutation of the rules finds what no test tells apart, and takes nothing else for it."""

from pathlib import Path

import pytest

from tests.policy.mutating import KILLED, SURVIVED, UNSOUND, checked, mutants_of, outcomes, suite_of
from tests.servers import opa_program

pytestmark = pytest.mark.opa

RULES = """package hub.door

import data.hub.house

default open := false

open if {
	input.key == 1
	input.light == true
}

bell := "loud" if {
	input.deaf
} else := "soft" if not house.asleep

names := {name | some name in input.names; name != ""}

rings(n) if {
	some m in [1, 2]
	m == n
}
"""
TESTS = """package hub.door_test

import data.hub.door

test_open if {
	door.open with input as {"key": 1, "light": true}
	not door.open with input as {"key": 2, "light": true}
}

test_bell[note] if {
	some note, bell in {"deaf": "loud", "awake": "soft"}
	door.bell == bell with input as {note: true}
}

test_asleep if not door.bell with data.hub.house.asleep as true

test_names if door.names == {"a"} with input as {"names": ["", "a"]}

test_rings if {
	door.rings(1)
	not door.rings(3)
}
"""
HOUSE = "package hub.house\n\ndefault asleep := false\n\nasleep if input.night\n"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy of two packages, of which one has tests."""
    monkeypatch.setenv("PATH", f"{opa_program().parent}:/usr/bin:/bin")
    for name, text in (("door/door", RULES), ("door/door_test", TESTS), ("house/house", HOUSE)):
        path = tmp_path / "hub" / f"{name}.rego"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_each_condition_is_changed_and_what_no_test_tells_apart_survives(source: Path) -> None:
    made = mutants_of(source, "hub/door/door.rego")
    found = outcomes(made, suite_of("door", source), source)
    told = {(one.condition, one.change): how for one, how in zip(made, found, strict=True)}
    assert told == {
        ("input.key == 1", "removed"): KILLED,
        ("input.key == 1", "inverted"): KILLED,
        ("input.light == true", "removed"): SURVIVED,
        ("input.light == true", "inverted"): KILLED,
        ("input.deaf", "removed"): KILLED,
        ("input.deaf", "inverted"): KILLED,
        ("not house.asleep", "removed"): KILLED,
        ("not house.asleep", "inverted"): KILLED,
        ('name != ""', "removed"): KILLED,
        ('name != ""', "inverted"): KILLED,
        ("m == n", "removed"): KILLED,
        ("m == n", "inverted"): KILLED,
    }


def test_what_does_not_compile_is_no_mutant(source: Path) -> None:
    rules = source / "hub" / "door" / "door.rego"
    rules.write_text(RULES.replace("some m in [1, 2]\n\tm == n", "walk(n, [_, m])\n\tm == 1"))
    made = [one for one in mutants_of(source, "hub/door/door.rego") if one.condition == "walk(n, [_, m])"]
    assert outcomes(made, suite_of("door", source), source) == [UNSOUND, UNSOUND]


def test_a_survivor_that_is_not_listed_and_too_few_killed_are_told(source: Path) -> None:
    assert checked("door", source)[1] == [
        "hub/door/door.rego: open: survives: removed: input.light == true (0)",
        "door: only 91.7% killed",
    ]


def test_tests_that_fail_or_that_there_are_none_are_told(source: Path) -> None:
    (source / "hub" / "door" / "door_test.rego").write_text(TESTS.replace("door.rings(1)", "door.rings(4)"))
    for package in ("door", "house"):
        assert checked(package, source) == ([], [f"{package}: its tests do not pass as it stands, or there are none"])
