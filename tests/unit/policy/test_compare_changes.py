"""What differs between two policies as text."""

from dataclasses import replace
from typing import Any

from hub.pdp.bundle import Bundle
from hub.policy.compare.changes import cell_changes, reverted, rule_changes, same_code

RULE = b'package hub.x\n\nimport data.hub.y\n\n# why\ndefault open := false\n\nopen if {\n\tinput.a == 1\n}\n\n_shut if "b"\n'


def bundle(tables: dict[str, Any]) -> Bundle:
    return Bundle("r", {}, {"hub": {"tables": tables, "revision": "r"}}, None, frozenset())


def test_a_rule_is_named_by_its_file_and_name() -> None:
    changed = RULE.replace(b"input.a == 1", b"input.a == 2").replace(b'_shut if "b"\n', b"")
    found = rule_changes({"hub/x/x.rego": RULE}, {"hub/x/x.rego": changed})
    assert [one.words for one in found] == ["hub/x/x.rego: _shut", "hub/x/x.rego: open"]
    assert not any(one.comment for one in found)


def test_imports_and_whole_files_count_too() -> None:
    other = RULE.replace(b"data.hub.y", b"data.hub.z")
    assert [one.rule for one in rule_changes({"x": RULE}, {"x": other})] == ["imports"]
    assert [one.rule for one in rule_changes({"x": RULE}, {})] == ["_shut", "imports", "open"]


def test_comment_is_no_change_of_code() -> None:
    said = {"x": RULE.replace(b"# why", b"# for another reason\n")}
    assert same_code({"x": RULE}, said)
    assert [(one.words, one.comment) for one in rule_changes({"x": RULE}, said)] == [("x: alleen toelichting", True)]
    assert rule_changes({"x": RULE}, {"x": RULE}) == ()


def test_cells_are_named_by_their_path_with_both_values() -> None:
    old, new = bundle({"a": {"b": {"c": [1], "d": "x"}}}), bundle({"a": {"b": {"c": [1, 2], "e": True}}})
    assert [one.words for one in cell_changes(old, new)] == [
        "tables/a/b/c: [1] wordt [1, 2]",
        'tables/a/b/d: "x" wordt niets',
        "tables/a/b/e: niets wordt true",
    ]


def test_the_revision_itself_is_no_change() -> None:
    one = bundle({"a": 1})
    other = replace(one, reference={"hub": {"tables": {"a": 1}, "revision": "s"}})
    assert cell_changes(one, other) == ()


def test_a_number_is_not_a_truth_and_a_long_value_is_cut() -> None:
    assert len(cell_changes(bundle({"a": 1}), bundle({"a": True}))) == 1
    (long,) = cell_changes(bundle({"a": "x" * 500}), bundle({"a": ""}))
    assert len(long.old) == 90
    assert long.old.endswith("…")


def test_cells_undone_are_as_they_were_and_the_rest_stays_new() -> None:
    old, new = bundle({"a": {"b": 1, "c": 1}}), bundle({"a": {"b": 2, "c": 2, "d": 2}})
    first, second, third = cell_changes(old, new)
    assert reverted(new, old, (first, third)).reference["hub"]["tables"] == {"a": {"b": 1, "c": 2}}
    assert reverted(new, old, (second,)).reference["hub"]["tables"] == {"a": {"b": 2, "c": 1, "d": 2}}
    assert new.reference["hub"]["tables"] == {"a": {"b": 2, "c": 2, "d": 2}}
