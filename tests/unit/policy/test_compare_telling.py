"""What a comparison shows first: what each change gives by itself; and what it leaves out, which is never a field."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from hub.pdp.bundle import Bundle, default_directory, read_bundle
from hub.policy.compare import deciding
from hub.policy.compare.changes import CellChange, cell_changes, reverted
from hub.policy.compare.deciding import Decider, Task
from hub.policy.compare.merging import Line, lines
from hub.policy.compare.outcome import Change
from hub.policy.compare.sharing import Share, shares
from hub.policy.compare.telling import Report, document, told
from tests.repository import ROOT

OWN = read_bundle(default_directory())
MAY = CellChange(("tables", "eligibility", "rows", "ggd", "D07", "rule"), '"no"', '"part"')
TWO = ("financier", "indicatie")


def changed() -> Bundle:
    """The change of the guide: the GGD comes to a purpose, and its column opens two fields of a group it had none of."""
    reference: dict[str, Any] = deepcopy(dict(OWN.reference))
    tables = reference["hub"]["tables"]
    tables["eligibility"]["rows"]["ggd"]["D07"] = {"text": "part", "rule": "part"}
    opened = {"open": [{"level": "sam", "grounds": ["wgs"]}]}
    tables["ceiling"]["columns"]["ggd"]["G19"] = {"text": "", "open": [], "fields": dict.fromkeys(TWO, opened)}
    return replace(OWN, reference=reference, revision="nieuw")


(OPENS,) = (one for one in cell_changes(OWN, changed()) if one.path[-2:] == ("G19", "fields"))
HEADS = (f"Door {OPENS.words}", f"Door {MAY.words}")


@pytest.fixture(scope="module")
def task() -> Task:
    new = changed()
    variants = tuple(reverted(new, OWN, (one,)) for one in (MAY, OPENS))
    return Task(OWN, new, frozenset({"ggd"}), frozenset({"D07"}), variants)


def reported(task: Task) -> Report:
    """In order, in one regime, on every ground."""
    decider, space = Decider(task), task.space()
    chosen = [
        n
        for n, one in enumerate(space.situations)
        if not one.otherwise and one.regime == "wgs_zvh" and not one.actor.light
    ]
    found = decider.run(chosen)
    return Report(
        "oud", "nieuw", space, found.decided, len(found.differing), lines(found.differing, space.situations), (),
        (MAY, OPENS), shares(found, [(MAY.words,), (OPENS.words,)], space.situations),
    )  # fmt: skip


@pytest.fixture(scope="module")
def report(task: Task) -> Report:
    return reported(task)


def test_the_two_fields_of_a_cell_stand_first_and_apart_from_what_the_purpose_brings(report: Report) -> None:
    said = told(report)
    at = said.index(HEADS[0])
    assert said[at + 1].startswith(
        "- ggd, D07, wgs_zvh: `financier` en `indicatie` (G19 financiering) van niet naar sam op "
    )
    assert said[at + 2 : at + 4] == ["", HEADS[1]]
    assert said.index("") < at


def test_the_guide_shows_what_comes_out(report: Report) -> None:
    guide = (ROOT / "docs" / "guides" / "privacy-officer.md").read_text(encoding="utf-8")
    said = told(report)
    at = said.index(HEADS[0])
    shown = [f"   {line}".rstrip() for line in ("```text", *said[at : at + 4], "```")]
    assert "\n".join(shown) in guide


def test_what_the_asker_itself_delivered_stands_apart(report: Report) -> None:
    said = told(report)
    own = said.index("Wat hij zelf leverde (daar geldt geen plafond voor):")
    assert own > said.index(HEADS[1])
    assert said[own + 1].startswith("- ggd, D07, wgs_zvh: 79 velden van niet naar sam op eigen")
    assert "G19 financiering" in said[own + 2]
    assert sum(line.endswith("op eigen") for line in said) == 1


def test_every_field_that_moves_is_named_or_its_group_is(report: Report) -> None:
    said = "\n".join(told(report))
    groups = report.space.laws.grouped
    for line in report.lines:
        for field in line.fields - {"*"}:
            (group,) = (name for name, members in groups.items() if field in members)
            assert f"`{field}`" in said or group in said, field
    assert " andere " not in said


def test_as_json_each_change_has_its_own(report: Report) -> None:
    first, second = document(report)["per_verandering"]
    assert first["verandering"] == [OPENS.words]
    assert [row["velden"] for row in first["verschillen"]] == [list(TWO)]
    assert {field for row in second["verschillen"] for field in row["velden"] if row["gronden"] != ["eigen"]} & {
        *TWO
    } == set()


def test_what_was_not_worked_out_is_under_no_change(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "_TRIES", 2)
    found = reported(task)
    assert found.shares[-1].words == ()
    assert "Niet door één verandering, of niet apart uitgezocht:" in told(found)


# --- what is not told again ---

PLAIN = Line(
    Change("niveau", "niet", "sam"), frozenset({"naam", "bsn"}), frozenset({"ggd"}), frozenset({"D07"}),
    frozenset({"wgs_zvh"}), frozenset({"wgs"}), frozenset({""}),
)  # fmt: skip
ODD = replace(PLAIN, fields=frozenset({"naam"}), otherwise=frozenset({"er een noodgeval is"}))


def said_of(report: Report, plain: Line, odd: Line, *, every: bool = False) -> list[str]:
    return told(replace(report, lines=(plain, odd), shares=(Share((), (plain,)),)), every=every)


@pytest.mark.parametrize("odd", [ODD, replace(ODD, change=Change("niveau", "niet", "hit"))])
def test_what_follows_from_what_stands_there_is_counted_and_all_shows_it(report: Report, odd: Line) -> None:
    short, whole = (said_of(report, PLAIN, odd, every=every) for every in (False, True))
    assert "Als er iets anders is dan in orde:" not in short
    assert any(line.startswith("Niet getoond: 1 verschil van") for line in short)
    assert any(line.endswith("als er een noodgeval is") for line in whole)
    assert not any("--alles" in line for line in whole)


@pytest.mark.parametrize(
    "other",
    [
        {"fields": frozenset({"geslacht"})},
        {"grounds": frozenset({"toest"})},
        {"regimes": frozenset({"wzd"})},
        {"actors": frozenset({"politie"})},
        {"purposes": frozenset({"D02"})},
        {"change": Change("niveau", "niet", "vol")},
        {"change": Change("niveau", "hit", "sam")},
        {"change": Change("niveau", "niet", "sam", "ggd")},
    ],
)
def test_what_is_more_than_stands_there_is_told(report: Report, other: dict[str, Any]) -> None:
    assert "Als er iets anders is dan in orde:" in said_of(report, PLAIN, replace(ODD, **other))


def test_data_of_another_sort_of_source_are_told(report: Report) -> None:
    of_college, of_care = (Change("niveau", "niet", "sam", one) for one in ("college", "college, ggz"))
    for change in (of_care, PLAIN.change):
        said = said_of(report, replace(PLAIN, change=of_college), replace(ODD, change=change))
        assert "Als er iets anders is dan in orde:" in said
    said = said_of(report, replace(PLAIN, change=of_care), replace(ODD, change=of_college))
    assert "Als er iets anders is dan in orde:" not in said


def test_of_very_many_differences_the_rest_is_counted(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.policy.compare.telling._MOST", 1)
    more = replace(PLAIN, grounds=frozenset({"toest"}))
    short, whole = (
        told(replace(report, lines=(PLAIN, more), shares=(Share((), (PLAIN, more)),)), every=every)
        for every in (False, True)
    )
    assert "Nog 1 verschil: zie --alles of --vorm json." in short
    assert sum(line.startswith("- ggd, D07") for line in whole) == 2
