"""Differences of many situations: put together where they are alike, and told in words."""

from dataclasses import replace

from hub.policy.compare.actors import Actor
from hub.policy.compare.deviations import Deviation
from hub.policy.compare.grounds import Ground
from hub.policy.compare.merging import Line, lines
from hub.policy.compare.outcome import Change
from hub.policy.compare.situations import Situation
from hub.policy.compare.telling import sentence

RAISED = Change("niveau", "sam", "vol")
LET = Change("niveau", "niet", "vol")
PLAIN = Situation(Actor("woningcorporatie", "derde"), "D07", "wgs_zvh", Ground("derde", ("derde",)))
OTHER = replace(PLAIN, purpose="D02")
CLOSED = Deviation("de fase afgesloten is", lambda _: None)
URGENT = Deviation("er een noodgeval is", lambda _: None)


def said(*rows: tuple[Situation, dict[Change, tuple[str, ...]]]) -> list[str]:
    return [sentence(line) for line in lines({n: told for n, (_, told) in enumerate(rows)}, tuple(s for s, _ in rows))]


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


def test_many_fields_are_counted() -> None:
    line = Line(LET, *(frozenset({one}) for one in ("", "politie", "D02", "wgs_zvh", "wgs", "")))
    many = replace(line, fields=frozenset(f"veld_{n}" for n in range(9)))
    assert sentence(many) == (
        "politie, D02, wgs_zvh: `veld_0`, `veld_1`, `veld_2`, `veld_3`, `veld_4`, `veld_5` en 3 andere "
        "van niet naar vol op wgs"
    )
    every = replace(many, fields=frozenset({"naam"}), purposes=frozenset(f"D{n:02d}" for n in range(1, 13)))
    assert sentence(every) == "politie, elk doel, wgs_zvh: `naam` van niet naar vol op wgs"
