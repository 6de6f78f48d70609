"""The files of the keys gone, changed or cut while a hub runs, or wrong at its start: nothing leaves, nothing is lost."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.region import OPEN, OWN_FORM, World, opened, run_hub, server, template_of_today, world

ASKER, CARE, FILER = "politie-noord", "ggz-noord", "gemeente-noord"
CODES = {"sleutels-niet-beschikbaar", "opslag-niet-beschikbaar"}
KEK, KEYS, DATA = "keys/kek-1.key", "keys/keys.db", "hub.db"
Harm = Callable[[Path], None]


def _gone(path: Path) -> None:
    path.unlink()


def _other(path: Path) -> None:
    path.write_bytes(os.urandom(32))


def _replaced(path: Path) -> None:
    """Another one in its place, of the same age, as a wrong backup has it."""
    before = path.stat()
    path.unlink()
    path.write_bytes(os.urandom(before.st_size))
    path.chmod(0o600)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _cut(path: Path) -> None:
    os.truncate(path, 31)


def _empty(path: Path) -> None:
    os.truncate(path, 0)


def _readable(path: Path) -> None:
    path.chmod(0o644)


FAULTS = [
    *((KEK, harm) for harm in (_gone, _other, _replaced, _cut, _empty, _readable)),
    *((name, harm) for name in (KEYS, DATA) for harm in (_gone, _replaced, _empty)),
]


@pytest.fixture(params=[True, False], ids=["remembered", "not remembered"])
def warm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A region that was asked before, so that whatever is remembered is."""
    with world(tmp_path, caches=request.param) as found:
        assert found.released(ASKER, "naam") == found.released(ASKER, "naam") == {("naam", "vol")}
        # Whoever calls below has a token already.
        assert found.released(CARE, "naam")
        assert found.released(FILER, "naam")
        yield found


@pytest.mark.parametrize(("name", "harm"), FAULTS, ids=[f"{name} {harm.__name__}" for name, harm in FAULTS])
def test_a_file_that_is_harmed_under_a_running_hub_lets_nothing_out_and_loses_nothing(
    warm: World, name: str, harm: Harm
) -> None:
    home = warm.settings.home
    size, before = warm.size(), _kept(home)
    with _harmed(home / name, harm):
        for answer in (warm.ask(ASKER, "naam"), warm.ask(ASKER), _delivered(warm, "anders"), _filed(warm)):
            _refused(answer)
        assert warm.get("/gereed").status_code == 503
        assert warm.get("/gezond").status_code == 200
        assert sorted(path.name for path in home.glob("keys/kek-*.key")) in ([], ["kek-1.key"]), (
            "no new key in its place"
        )
    assert _kept(home) == before
    assert warm.get("/gereed").status_code == 200
    assert warm.size() == size
    assert warm.released(ASKER, "naam", "bejegeningsadvies", "wijkagent")
    assert _delivered(warm, "nieuw").status_code == 201
    assert warm.ask(ASKER, "bejegeningsadvies").json()["gegevens"][0]["waarde"] == "nieuw"
    assert warm.faults() == []


def test_a_hub_that_has_checked_no_token_yet_says_that_its_keys_are_away(warm: World) -> None:
    with opened(warm.settings, warm.names, warm.clock) as cold:
        cold._tokens = warm._tokens
        with _harmed(warm.settings.home / KEYS, _gone):
            _refused(cold.ask(ASKER, "naam"))
        assert cold.released(ASKER, "naam")


class _harmed:  # noqa: N801 - reads as a statement
    """The file is kept beside, harmed, and put back as it was: the same file."""

    def __init__(self, path: Path, harm: Harm) -> None:
        self.path, self.beside, self.harm = path, path.with_name(f"{path.name}.beside"), harm

    def __enter__(self) -> None:
        self.mode, content = self.path.stat().st_mode, self.path.read_bytes()
        # A second name keeps the file when the first goes; what is written to it is written back.
        self.beside.hardlink_to(self.path)
        self.content = content
        self.harm(self.path)

    def __exit__(self, *_: object) -> None:
        if self.beside.read_bytes() != self.content:
            self.beside.write_bytes(self.content)
        self.beside.chmod(self.mode)
        self.beside.replace(self.path)
        self.beside.unlink(missing_ok=True)


def _kept(home: Path) -> list[Any]:
    """The wrapped keys as they lie, read past the hub."""
    with closing(sqlite3.connect(home / KEYS)) as store:
        return list(store.execute("SELECT name, blob, kek_ref FROM wrapped_keys ORDER BY name"))


def _refused(answer: Any) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] in CODES
    assert set(body) == {"type", "title", "status", "detail", "code"}


def _delivered(region: World, text: str) -> Any:
    document = {"velden": [{"veld": "bejegeningsadvies", "niveaus": {"sam": text}}]}
    return region.on(CARE, "leveringen", document, media=OWN_FORM)


def _filed(region: World) -> Any:
    person = {"naam": "Toets", "geboortedatum": "1990-01-01"}
    criteria = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "op meer terreinen")
    body = {"persoon": person, "criteria": criteria, "regime": "wgs_zvh", "triagegroep": [FILER]}
    return region.post(FILER, "/casussen", body)


def test_an_older_key_that_is_taken_away_after_a_rotation_is_not_missed(warm: World) -> None:
    for _ in warm.hub.keyring.rewrap_steps("2"):
        pass
    assert warm.released(ASKER, "naam")
    (warm.settings.home / KEK).unlink()
    assert warm.released(ASKER, "naam", "bejegeningsadvies")
    assert _filed(warm).status_code == 201
    assert warm.get("/gereed").status_code == 200


@pytest.mark.parametrize("harm", [_gone, _other, _cut])
def test_a_hub_with_a_wrong_key_does_not_start_and_changes_nothing(tmp_path: Path, harm: Harm) -> None:
    home = tmp_path / "home"
    shutil.copytree(template_of_today().home, home)
    before = {path: path.read_bytes() for path in home.rglob("*.db")}
    with _harmed(home / KEK, harm):
        started = run_hub("serve", HUB_HOME=str(home), HUB_PORT="1")
        assert started.returncode == 2, started
        assert "sleutel" in started.stderr
        assert "Traceback" not in started.stderr
        assert [path.name for path in home.glob("keys/kek-*.key")] == ([] if harm is _gone else ["kek-1.key"])
    assert {path: path.read_bytes() for path in home.rglob("*.db")} == before
    assert OPEN in template_of_today().names
    with server(tmp_path) as running:
        assert running.process.poll() is None
