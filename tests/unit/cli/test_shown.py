"""How an answer reads in a terminal."""

from typing import Any

import pytest

from hub.cli.shown import WIDTH, lines, printable, text


def released(field: str, value: Any, **more: Any) -> dict[str, Any]:
    return {
        "veld": field, "waarde": value, "niveau": "vol", "bron": "ggz-noord", "sinds": "2027-01-10T11:00:00.000000Z",
        "grondslag": "b1", "grondslagSoort": "toestemming", "geheimUitzondering": None, "viaBron": False, **more,
    }  # fmt: skip


def withheld(field: str, zin: str, *artikelen: str, opens: tuple[str, ...] = ()) -> dict[str, Any]:
    reason = {"code": "E_X", "zin": zin, "artikelen": list(artikelen)}
    return {"veld": field, "redenen": [reason], "watKan": list(opens)}


def answer(*items: dict[str, Any], refused: tuple[dict[str, Any], ...] = (), duties: Any = ()) -> dict[str, Any]:
    return {"gegevens": list(items), "geweigerd": list(refused), "verplichtingen": list(duties)}


def test_fields_of_one_source_and_basis_stand_together_with_level_and_value() -> None:
    shown = list(lines(answer(released("b", "x"), released("a", "y", niveau="sam"), released("c", 3, bron="politie"))))
    assert shown[:8] == [
        "VRIJGEGEVEN: 3 velden",
        "",
        "Van ggz-noord, sinds 10-01-2027. Grondslag: toestemming.",
        "  b (volledig): x",
        "  a (samenvatting): y",
        "",
        "Van politie, sinds 10-01-2027. Grondslag: toestemming.",
        "  c (volledig): 3",
    ]


def test_why_secrecy_did_not_close_a_field_is_told_in_words() -> None:
    shown = " ".join(lines(answer(released("a", "x", geheimUitzondering="gh_toestemming"))))
    assert "beroepsgeheim: toestemming van de betrokkene." in shown
    recorded = " ".join(lines(answer(released("a", "x", geheimUitzondering="ce40"))))
    assert "beroepsgeheim: opgeheven door vastlegging ce40." in recorded


def test_what_stays_for_the_same_reasons_is_one_block_and_articles_come_first() -> None:
    refused = (
        withheld("a", "Niet beschikbaar.", opens=("p", "q")),
        withheld("b", "Niet nodig.", "AVG 5"),
        withheld("c", "Niet beschikbaar.", opens=("q", "p")),
        withheld("*", "Niet beschikbaar."),
    )
    assert list(lines(answer(refused=refused)))[2:-2] == [
        "NIET VRIJGEGEVEN: 4 velden",
        "",
        "Niet beschikbaar.",
        "  de hele vraag",
        "",
        "Niet nodig. [AVG 5]",
        "  b",
        "",
        "Niet beschikbaar.",
        "  a, c - kan open door (1) (2)",
        "",
        "WAT IETS KAN OPENEN, elk apart",
        "  (1) p",
        "  (2) q",
    ]


def test_duties_tell_their_instant() -> None:
    duty = {"soort": "expires_at", "uitleg": "Verwijder dit.", "opTijdstip": "2027-02-01T09:30:00.000000Z"}
    assert list(lines(answer(duties=[duty])))[-1] == "  Verwijder dit. (01-02-2027 09:30 UTC)"
    assert list(lines(answer()))[-1] == "U hoeft verder niets te doen."


def test_no_line_is_wider_than_a_terminal() -> None:
    long = released("a", {"deel": "woord " * 80})
    shown = list(lines(answer(long, refused=(withheld("b", "zin " * 60, "artikel " * 20, opens=("p " * 90,)),))))
    assert max(map(len, shown)) <= WIDTH


@pytest.mark.parametrize("value", ["\x1b[2J", "a\nVRIJGEGEVEN: alles", "\u202egekeerd", "\x9b31m"])
def test_a_value_cannot_steer_the_terminal(value: str) -> None:
    for line in lines(answer(released("a", value))):
        assert line == printable(line)
        assert not line.startswith("VRIJGEGEVEN: alles")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "ja"),
        (False, "nee"),
        (None, "niet ingevuld"),
        ("1996-04-01", "01-04-1996"),
        ("2027-01-10T11:00:00.000000Z", "10-01-2027 11:00 UTC"),
        ("088-2000-10-10", "088-2000-10-10"),
        ({"ingetrokkenOp": None, "BSN": 1}, "ingetrokken op: niet ingevuld; BSN: 1"),
        ([], "geen"),
        ({"a": [1, 2], "b": {"c": "d"}}, "a: 1, 2; b: (c: d)"),
        ([{"a": 1}, {"a": 2}], "(a: 1), (a: 2)"),
    ],
)
def test_values_with_parts_are_told_in_words(value: Any, words: str) -> None:
    assert text(value) == words


def test_what_goes_via_its_source_is_said_to_come_from_there() -> None:
    shown = "\n".join(lines(answer(released("diagnose_dsm", None, viaBron=True), released("naam", None))))
    assert "diagnose_dsm (volledig): dit krijgt u van ggz-noord zelf" in shown
    assert "naam (volledig): niet ingevuld" in shown
