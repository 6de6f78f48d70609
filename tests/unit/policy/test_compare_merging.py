"""Differences of many situations: put together where they are alike, and told in words."""

from dataclasses import replace

from hub.policy.compare.actors import Actor
from hub.policy.compare.deviations import Deviation
from hub.policy.compare.grounds import Ground
from hub.policy.compare.merging import Line, lines, reasons_at_large
from hub.policy.compare.outcome import Change
from hub.policy.compare.situations import Situation
from hub.policy.compare.wording import rows as written
from hub.policy.compare.wording import sentence

RAISED = Change("niveau", "sam", "vol")
LET = Change("niveau", "niet", "vol")
PLAIN = Situation(Actor("woningcorporatie", "derde"), "D07", "wgs_zvh", Ground("derde", ("derde",)))
OTHER = replace(PLAIN, purpose="D02")
GROUPS = {
    "G01 identificatie": frozenset({"bsn", "naam", "geslacht"}),
    "G06 medicatie": frozenset({"depot_status", "medicatie_actueel"}),
}
CLOSED = Deviation("de fase afgesloten is", lambda _: None)
URGENT = Deviation("er een noodgeval is", lambda _: None)


def said(*rows: tuple[Situation, dict[Change, tuple[str, ...]]]) -> list[str]:
    return [
        sentence(line, {}) for line in lines({n: told for n, (_, told) in enumerate(rows)}, tuple(s for s, _ in rows))
    ]


def test_one_change_reads_as_a_sentence() -> None:
    assert said((PLAIN, {RAISED: ("naam",)})) == ["woningcorporatie, D07, wgs_zvh: `naam` van sam naar vol op derde"]


def test_fields_purposes_and_partners_that_change_alike_share_a_line() -> None:
    politie = replace(PLAIN, actor=Actor("politie", "deelnemer"))
    assert said((PLAIN, {RAISED: ("naam", "bsn")}), (OTHER, {RAISED: ("bsn", "naam")})) == [
        "woningcorporatie, D02 en D07, wgs_zvh: `bsn` en `naam` van sam naar vol op derde"
    ]
    assert said((PLAIN, {RAISED: ("naam",)}), (politie, {RAISED: ("naam",)})) == [
        "politie en woningcorporatie, D07, wgs_zvh: `naam` van sam naar vol op derde"
    ]


def test_what_is_no_combination_of_all_stays_apart() -> None:
    found = said((PLAIN, {RAISED: ("naam",)}), (OTHER, {RAISED: ("bsn",)}))
    assert found == [
        "woningcorporatie, D02, wgs_zvh: `bsn` van sam naar vol op derde",
        "woningcorporatie, D07, wgs_zvh: `naam` van sam naar vol op derde",
    ]


def test_what_a_plainer_situation_shows_is_not_told_again() -> None:
    shut = replace(PLAIN, otherwise=(CLOSED,))
    both = replace(PLAIN, otherwise=(CLOSED, URGENT))
    assert said((shut, {RAISED: ("naam",)}), (PLAIN, {RAISED: ("naam",)}), (both, {RAISED: ("naam",)})) == [
        "woningcorporatie, D07, wgs_zvh: `naam` van sam naar vol op derde"
    ]
    assert said((shut, {RAISED: ("naam",)}), (both, {RAISED: ("naam", "bsn")})) == [
        "woningcorporatie, D07, wgs_zvh: `naam` van sam naar vol op derde, als de fase afgesloten is",
        "woningcorporatie, D07, wgs_zvh: `bsn` van sam naar vol op derde, "
        "als de fase afgesloten is en er een noodgeval is",
    ]


def test_the_source_is_named_where_it_matters() -> None:
    assert said((PLAIN, {Change("niveau", "niet", "vol", "ggz"): ("naam",)})) == [
        "woningcorporatie, D07, wgs_zvh: `naam` van niet naar vol (bron: ggz) op derde"
    ]


def test_the_whole_decision_needs_no_field() -> None:
    duty = Change("verplichting", "geen", "watermark")
    assert said((PLAIN, {duty: ()}), (OTHER, {duty: ()})) == [
        "woningcorporatie, D02 en D07, wgs_zvh: vervalt als verplichting: geen; komt erbij: watermark op derde"
    ]


def line_of(fields: set[str], **changed: frozenset[str]) -> Line:
    line = Line(LET, *(frozenset({one}) for one in ("", "politie", "D02", "wgs_zvh", "wgs", "")))
    return replace(line, fields=frozenset(fields), **changed)  # type: ignore[arg-type]


def test_no_field_and_no_ground_is_left_out() -> None:
    fields, grounds = ({f"{word}_{n}" for n in range(9)} for word in ("veld", "grond"))
    told = sentence(line_of(fields, grounds=frozenset(grounds)), {})
    assert all(f"`{one}`" in told for one in fields)
    assert all(one in told for one in grounds)
    assert "andere" not in told
    every = line_of({"naam"}, purposes=frozenset(f"D{n:02d}" for n in range(1, 13)))
    assert sentence(every, {}) == "politie, elk doel, wgs_zvh: `naam` van niet naar vol op wgs"


def test_a_whole_group_goes_by_its_name_and_of_a_part_each_field_is_named() -> None:
    some = line_of({"naam", "bsn", "depot_status", "medicatie_actueel"})
    assert sentence(some, GROUPS) == (
        "politie, D02, wgs_zvh: heel G06 medicatie; `bsn` en `naam` (G01 identificatie) van niet naar vol op wgs"
    )
    many = line_of({"naam", "bsn", "depot_status", "medicatie_actueel", "oud_een", "oud_twee", "oud_drie"})
    assert written(many, GROUPS, every=False) == [
        "- politie, D02, wgs_zvh: 7 velden van niet naar vol op wgs",
        "    heel G06 medicatie",
        "    van G01 identificatie (2 van 3): `bsn` en `naam`",
        "    `oud_drie`, `oud_een` en `oud_twee`",
    ]


def test_many_conditions_are_counted_unless_all_are_asked_for() -> None:
    line = line_of({"naam"}, otherwise=frozenset(f"reden {n}" for n in range(9)))
    (short,), (whole,) = (written(line, GROUPS, every=every) for every in (False, True))
    assert short.endswith(
        ", als reden 0, reden 1, reden 2, reden 3, reden 4, reden 5 of 3 andere voorwaarden (--alles)"
    )
    assert whole.endswith("reden 7 of reden 8")


def test_a_reason_of_the_whole_question_is_one_line_wherever_it_is_met() -> None:
    opens = Change("reden", "E_DOEL", "geen")
    derde = replace(PLAIN, actor=Actor("politie", "derde"), ground=Ground("wgs", ("wgs",)))
    found: list[tuple[Situation, dict[Change, tuple[str, ...]]]] = [
        (PLAIN, {opens: ("*",)}),
        (replace(PLAIN, regime="wzd"), {opens: ("*",)}),
        (derde, {opens: ("*",)}),
    ]
    made = lines({n: told for n, (_, told) in enumerate(found)}, tuple(one for one, _ in found))
    assert len(made) > 1
    assert [sentence(line, {}) for line in reasons_at_large(made)] == [
        "politie als derde en woningcorporatie, D07: de hele vraag: als reden vervalt E_DOEL en komt erbij geen"
    ]
