"""In a folder, or on a server, where no hub was made a command says so and makes none; what begins a hub does."""

from contextlib import closing
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.crypto import operator_key
from hub.settings import from_environment
from hub.store.inspection import inspected
from hub.store.wrapped_keys import KeyStore
from hub.wiring import ROOT, open_hub
from tests import servers

BY = ("--operator", "een")
KEYED = (*BY, "--sleutel", "een.key")
SECRET = "vier sloten bij de dijk"
COMMANDS = {
    "log check": ("log", "check"),
    "log checkpoint": ("log", "checkpoint"),
    "log ldv": ("log", "ldv", *KEYED),
    "partner toon": ("partner", "toon"),
    "partner schorsen": ("partner", "schorsen", "ggz-noord", *BY),
    "meldingen": ("meldingen",),
    "verplichtingen": ("verplichtingen",),
    "sleutels rotate": ("sleutels", "rotate", *BY),
    "sleutels casussen": ("sleutels", "casussen", *BY),
    "sleutels toegang": ("sleutels", "toegang", *BY),
    "casus vernietig": ("casus", "vernietig", "a" * 52, "--partner", "ggz-noord", *KEYED),
    "beleid revisies": ("beleid", "revisies"),
    "beleid neem-terug": ("beleid", "neem-terug", *KEYED),
    "beleid effect": ("beleid", "effect", str(ROOT / "policies"), *KEYED),
    "beheerder instaan": ("beheerder", "twee", "--publieke-sleutel", "00" * 32, *KEYED),
    "beheerder beeindig": ("beheerder", "twee", "--beeindig", *KEYED),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wrong folder to stand in, with somebody's key in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUB_HOME", "var")
    monkeypatch.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(tmp_path / "een.txt"))
    (tmp_path / "een.txt").write_text(SECRET)
    operator_key.create(tmp_path / "een.key", SECRET)
    return tmp_path


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_command_makes_no_hub_and_says_where_it_looked(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert main(words) == 2
    said = capsys.readouterr().err
    assert f"Hier is nog geen hub: HUB_HOME is de map {folder / 'var'}, en in HUB_STORE_URL en HUB_KEYS_URL" in said
    assert len(said.splitlines()) == 1
    assert not (folder / "var").exists()


def test_a_store_whose_keys_are_elsewhere_gets_no_new_ones(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["beheerder", "een", "--nieuwe-sleutel", "nieuw.key"]) == 0
    assert f"Er is een nieuwe hub gemaakt, in de map {folder / 'var'} (HUB_HOME)." in capsys.readouterr().out
    assert main(["log", "check"]) == 0
    (folder / "var" / "keys").rename(folder / "weg")
    capsys.readouterr()
    for words in (["log", "check"], ["beheerder", "twee", "--nieuwe-sleutel", "twee.key"]):
        assert main(words) == 2
        assert "en in HUB_KEYS_URL staat niets" in capsys.readouterr().err
    assert not (folder / "var" / "keys").exists()


def test_the_first_key_alone_is_no_hub(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sleutels", "begin"]) == 0
    assert main(["log", "check"]) == 2
    assert "en in HUB_STORE_URL staat niets" in capsys.readouterr().err
    assert not (folder / "var" / "hub.db").exists()


@pytest.mark.postgres
def test_an_empty_database_of_a_server_stays_empty(
    folder: Path, postgres_server: servers.Postgres, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data, keys = postgres_server.create(), postgres_server.create()
    monkeypatch.setenv("HUB_STORE_URL", postgres_server.url(data))
    monkeypatch.setenv("HUB_KEYS_URL", postgres_server.url(keys))
    KeyStore.create(postgres_server.url(keys))
    assert main(["log", "check"]) == 2
    assert "en in HUB_STORE_URL staat niets" in capsys.readouterr().err
    assert len(inspected(postgres_server.url(data)).missing) > 1
    assert not (folder / "var").exists()
    with closing(open_hub(from_environment(_settings(postgres_server, data, keys), ROOT))):
        pass
    assert main(["log", "check"]) == 0
    for name in (data, keys):
        postgres_server.drop(name)


def _settings(server: servers.Postgres, data: str, keys: str) -> dict[str, str]:
    return {"HUB_HOME": "var", "HUB_STORE_URL": server.url(data), "HUB_KEYS_URL": server.url(keys)}
