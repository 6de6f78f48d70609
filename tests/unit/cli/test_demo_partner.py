"""Who `--als` may name."""

from pathlib import Path

import pytest

from hub.cli.main import main
from hub.identity.demo import make_demo_clients

QUESTION = ("ask", "--casus", "x", "--doel", "D02", "--als")


def test_a_partner_that_is_not_in_the_demonstration_is_told_who_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    assert main([*QUESTION, "niemand"]) == 3
    assert "make run" in capsys.readouterr().err
    make_demo_clients(tmp_path, {"ggz-noord": "ggz-noord", "politie-noord": "politie-noord"})
    assert main([*QUESTION, "../niemand"]) == 2
    assert "Kies uit: ggz-noord, politie-noord." in capsys.readouterr().err


def test_nobody_speaks_as_a_partner_in_production(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUB_PROFILE", "production")
    assert main([*QUESTION, "ggz-noord"]) == 2
    assert "--als: alleen in het demoprofiel" in capsys.readouterr().err
