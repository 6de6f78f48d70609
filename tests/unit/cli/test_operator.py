"""The passphrase of an operator's key: typed, or in a file that the environment names."""

import pytest

from hub.cli import operator
from hub.errors import NotAuthenticated


def _nobody(_question: str) -> str:
    raise EOFError


def test_without_a_terminal_it_says_where_a_passphrase_can_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUB_OPERATOR_PASSPHRASE_FILE", raising=False)
    monkeypatch.setattr("getpass.getpass", _nobody)
    with pytest.raises(NotAuthenticated, match="HUB_OPERATOR_PASSPHRASE_FILE"):
        operator.passphrase("Wachtwoord: ")
