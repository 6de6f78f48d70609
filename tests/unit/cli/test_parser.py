"""What the command line says of what was typed is Dutch, whatever the standard library says."""

import argparse
import ast
import inspect
import re
from collections.abc import Iterator

import pytest

from hub.cli.main import COMMANDS, main
from hub.cli.parser import SENTENCES, Parser, in_dutch

_OF_PROGRAMMERS = re.compile(
    r"conflict|not defined|is an invalid|must be optional|not callable|cannot |dest=|must start with|mode %r|can't open"
)
"""What is said of a parser that is built wrong, or of a kind of argument that this command line does not have."""
_IN_PLACE = {
    "usage: ", "positional arguments", "options", "show this help message and exit", "%(prog)s: error: %(message)s\n",
}  # fmt: skip
"""What the parser and its help replace."""


def said_by_the_library() -> Iterator[str]:
    """Every text of `argparse` that it means to be translated."""
    for node in ast.walk(ast.parse(inspect.getsource(argparse))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_all_that_the_library_says_has_a_dutch_sentence() -> None:
    said = {text for text in said_by_the_library() if not _OF_PROGRAMMERS.search(text)}
    assert len(said) > 15
    assert said - _IN_PLACE <= set(SENTENCES)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "dit moet erbij: OPDRACHT"),
        (["iets"], "OPDRACHT: 'iets' kan hier niet; kies uit 'serve', "),
        (["ask"], "dit moet erbij: --als, --casus, --doel"),
        (["ask", "--als"], "--als: hier hoort een waarde bij"),
        (["log", "checkpoint", "--vanaf", "b: c"], "--vanaf: hier hoort een geheel getal, en niet 'b: c'"),
        (["ask", "--als", "a", "--casus", "b", "--doel", "c", "over"], "dit kent de opdracht niet: over"),
        (["ask", "--als", "a", "--velden"], "--velden: hier hoort minstens een waarde bij"),
        (["ask", "--json=1"], "--json: hier hoort geen waarde bij: '1'"),
        (["beheerder", "een"], "een van deze moet erbij: --nieuwe-sleutel --publieke-sleutel"),
        (["beheerder", "een", "--nieuwe-sleutel", "a", "--publieke-sleutel", "b"], "dit kan niet samen met"),
        (["partner", "gebruiker", "a", "b", "--op", "c"], "--op kan meer betekenen: --operator, --opgeleid"),
        (["partner", "gebruiker", "a", "b", "--tot", "c"], "--tot: geef een datum, of een tijdstip met zone"),
    ],
)
def test_wrong_words_are_told_in_dutch(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    usage, fault = capsys.readouterr().err.rsplit("hub", 1)
    assert usage.startswith("gebruik: hub")
    assert told in fault


def test_help_has_dutch_heads(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], *([name] for name in COMMANDS)):
        with pytest.raises(SystemExit) as end:
            main([*words, "--help"])
        assert end.value.code == 0
        shown = capsys.readouterr().out
        assert shown.startswith("gebruik: hub")
        assert "toon deze uitleg" in shown
        assert not re.search(r"usage:|options:|positional|show this", shown)


def test_what_an_option_says_itself_is_left_as_it_is() -> None:
    assert in_dutch("geef een datum") == "geef een datum"


def test_commands_of_commands_are_of_the_same_kind() -> None:
    acts = Parser(prog="x").add_subparsers().add_parser("een").add_subparsers()
    assert isinstance(acts.add_parser("twee"), Parser)
