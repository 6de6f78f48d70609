"""`hub vloot sleutel`: the key that signs policy is made once, and told as OPA servers take it."""

from pathlib import Path

import pytest

from hub.cli.main import main
from hub.crypto import policy_key


def test_a_key_is_made_shown_and_not_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "keys" / "policy.pem"
    monkeypatch.setenv("HUB_POLICY_KEY_FILE", str(file))
    assert main(["vloot", "sleutel"]) == 2
    assert not file.exists()
    assert main(["vloot", "sleutel", "--nieuw"]) == 0
    shown = capsys.readouterr().out
    assert main(["vloot", "sleutel"]) == 0
    assert capsys.readouterr().out == shown
    kid, pem = (line.partition("=")[2] for line in shown.splitlines())
    public = policy_key.load(file).public
    assert (kid, pem.replace("\\n", "\n")) == (public.kid, public.pem)
    assert "PRIVATE" not in shown
    assert main(["vloot", "sleutel", "--nieuw"]) == 2
    assert policy_key.load(file).public.kid == kid


def test_without_a_file_there_is_no_key(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUB_POLICY_KEY_FILE", raising=False)
    assert main(["vloot", "sleutel"]) == 2
    assert "HUB_POLICY_KEY_FILE" in capsys.readouterr().err
