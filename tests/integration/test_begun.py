"""A hub does not start with the keys of one and the data of another: no log goes on, or begins anew, under a wrong key."""

import shutil
import sqlite3
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest

from hub.audit.begun import MARK, Begun
from hub.errors import KeysUnavailable, WeakConfiguration
from hub.model.release import Entry
from hub.settings import Settings
from hub.store import connecting
from hub.store.wrapped_keys import KeyStore
from hub.wiring import open_hub
from tests.region import AT, Clock, World, opened, settings_of, template


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A hub with a log."""
    home = tmp_path / "home"
    shutil.copytree(template().home, home)
    return settings_of(home)


def _started(settings: Settings, **changed: Any) -> AbstractContextManager[World]:
    return opened(settings_of(settings.home, **changed), template().names, Clock(AT))


def _refusal(settings: Settings, **changed: Any) -> str:
    with pytest.raises(WeakConfiguration) as refused, _started(settings, **changed):
        pass
    (reason,) = refused.value.reasons
    return reason


def test_keys_that_did_not_sign_the_log_are_refused(settings: Settings) -> None:
    reason = _refusal(settings, keys_url=f"sqlite:///{settings.home / 'typo.db'}")
    assert reason.startswith("Deze sleutels horen niet bij deze opslag")
    with _started(settings) as world:
        assert world.faults() == []


def test_a_log_is_not_begun_a_second_time(settings: Settings) -> None:
    reason = _refusal(settings, store_url=f"sqlite:///{settings.home / 'typo.db'}")
    assert reason.startswith("Deze opslag hoort niet bij deze sleutels")


def test_from_the_first_entry_on_it_has_begun(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    first, second = (settings_of(home, store_url=f"sqlite:///{home / name}.db") for name in "ab")
    for empty in (first, second):
        # Nothing was entered: the keys signed nothing yet.
        open_hub(empty, clock=Clock(AT)).close()
    _enter_something(first)
    with pytest.raises(WeakConfiguration):
        open_hub(second, clock=Clock(AT))
    open_hub(first, clock=Clock(AT)).close()


def test_a_key_store_that_does_not_take_the_mark_fails_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(tmp_path / "home")
    settings.home.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(KeyStore, "set", _but_the_mark(KeyStore.set))
        _enter_something(settings)
    with closing(KeyStore(settings.keys_url, Clock(AT))) as keys:
        assert not Begun(keys).known
        # It is made up for at the next start.
        open_hub(settings, clock=Clock(AT)).close()
        assert Begun(keys).known


def test_a_damaged_end_of_the_log_is_not_taken_for_other_keys(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.home / "hub.db")) as database, database:
        database.execute(
            "UPDATE log_checkpoints SET note = 'geen' WHERE size = (SELECT max(size) FROM log_checkpoints)"
        )
    with _started(settings) as world:
        assert world.faults()


def test_keys_that_would_not_be_overwritten_are_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Destroying is deleting a key: in a store that leaves it in its pages it would be none."""
    inner = connecting._sqlite_connect

    def connect(raw: Any, record: Any) -> None:
        inner(raw, record)
        raw.execute("PRAGMA secure_delete=OFF")

    monkeypatch.setattr(connecting, "_sqlite_connect", connect)
    assert "sleutelopslag" in _refusal(settings)


def _enter_something(settings: Settings) -> None:
    with closing(open_hub(settings, clock=Clock(AT))) as hub:
        hub.store.commit(lambda tx: tx.enter(Entry("geweigerd", AT, "partner/x", {}, {})))


def _but_the_mark(keep: Any) -> Any:
    def kept(self: KeyStore, name: str, value: bytes) -> None:
        if name == MARK:
            raise KeysUnavailable
        keep(self, name, value)

    return kept
