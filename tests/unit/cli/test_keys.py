"""`hub sleutels begin`: without a first key-encryption key nothing outside the demonstration starts."""

import stat
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.crypto.kek import FileKeks
from hub.crypto.keyring import Keyring
from hub.errors import WeakConfiguration
from hub.store.wrapped_keys import KeyStore
from tests.region import AT


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "var"))
    return tmp_path / "var"


def keyring(home: Path) -> Keyring:
    url = f"sqlite:///{home / 'keys' / 'keys.db'}"
    KeyStore.create(url)
    return Keyring(KeyStore(url, lambda: AT), FileKeks(home / "keys"))


def test_the_first_key_is_made_once_and_the_store_goes_on_with_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sleutels", "begin", "--naar", "jaar-1"]) == 0
    assert main(["sleutels", "begin", "--naar", "jaar-2"]) == 0
    assert capsys.readouterr().out.splitlines() == ["Hoofdsleutel jaar-1 is in gebruik."] * 2
    assert stat.S_IMODE((home / "keys" / "kek-jaar-1.key").stat().st_mode) == 0o600
    assert not (home / "keys" / "kek-jaar-2.key").exists()
    keyring(home).check()


def test_without_it_the_keys_are_refused(home: Path) -> None:
    with pytest.raises(WeakConfiguration, match="nog geen hoofdsleutel"):
        keyring(home).check()


def test_a_key_store_of_which_the_key_is_gone_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sleutels", "begin"]) == 0
    (home / "keys" / "kek-1.key").unlink()
    assert main(["sleutels", "begin"]) == 2
    assert "De opdracht lukt niet" in capsys.readouterr().err
