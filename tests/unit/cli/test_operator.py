"""The passphrase of an operator's key: typed, or in a file that the environment names."""

import io
from collections.abc import Callable
from getpass import GetPassWarning
from pathlib import Path

import pytest

from hub.cli import operator
from hub.cli.main import main
from hub.crypto import operator_key
from hub.errors import NotAuthenticated

GOOD = "vier sloten bij de dijk"


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the key of a first operator comes, in a demonstration of its own."""
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HUB_OPERATOR_PASSPHRASE_FILE", raising=False)
    return tmp_path / "een.key"


def _nobody(_question: str) -> str:
    raise EOFError


def _hand(monkeypatch: pytest.MonkeyPatch, *typed: str) -> list[str]:
    """Somebody who types these unseen; gives what he is asked."""
    asked, rest = list[str](), iter(typed)

    def one(question: str) -> str:
        asked.append(question)
        return next(rest)

    monkeypatch.setattr("getpass.getpass", one)
    return asked


def _unhidden(_question: str) -> str:
    raise GetPassWarning


def _made(key: Path) -> int:
    return main(["beheerder", "een", "--nieuwe-sleutel", str(key)])


def test_without_a_terminal_it_says_where_a_passphrase_can_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUB_OPERATOR_PASSPHRASE_FILE", raising=False)
    monkeypatch.setattr("getpass.getpass", _nobody)
    with pytest.raises(NotAuthenticated, match="HUB_OPERATOR_PASSPHRASE_FILE"):
        operator.passphrase("Wachtzin: ")


def test_a_new_passphrase_is_typed_twice(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _hand(monkeypatch, GOOD, GOOD)
    assert _made(key) == 0
    assert asked == [
        "Wachtzin voor de nieuwe sleutel (minstens 12 tekens, waarvan 6 verschillende): ",
        "Nog een keer: ",
    ]
    assert operator_key.load(key, GOOD).public


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((GOOD, GOOD[:-1]), "De twee wachtzinnen zijn niet gelijk. Er is geen sleutel gemaakt.\n"),
        (("kort", "kort"), "De wachtzin is te zwak: neem minstens 12 tekens, waarvan 6 verschillende.\n"),
    ],
)
def test_a_slip_or_a_weak_one_makes_no_key_and_no_operator(
    key: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: tuple[str, str], said: str
) -> None:
    _hand(monkeypatch, *typed)
    assert _made(key) == 2
    assert capsys.readouterr() == ("", said)
    assert not key.exists()
    _hand(monkeypatch, GOOD, GOOD)
    assert _made(key) == 0, "nobody stands in his place"


@pytest.mark.parametrize("way", ["pipe", "file"])
def test_what_is_piped_or_lies_in_a_file_is_taken_once(key: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    ways: dict[str, Callable[[], None]] = {
        "pipe": lambda: monkeypatch.setattr("getpass.getpass", _unhidden),
        "file": lambda: monkeypatch.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(_written(key.parent / "een.txt"))),
    }
    ways[way]()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n" if way == "pipe" else ""))
    assert _made(key) == 0
    assert operator_key.load(key, GOOD).public


def _written(path: Path) -> Path:
    path.write_text(f"{GOOD}\n")
    return path
