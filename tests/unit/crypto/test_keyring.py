"""The keyring over a real key store: refusals at start, rotation, destruction, what other processes see."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from hub.crypto.kek import FileKeks
from hub.crypto.keyring import Keyring
from hub.errors import KeysUnavailable, Sealed, WeakConfiguration
from hub.store.wrapped_keys import KeyStore
from tests import servers
from tests.conftest import FixedClock

OTHER = bytes.fromhex("00f3aa5b7a9900e2416fd8b3c77e15a09b2c64f0de883317ca05be49716fa2d4")


@pytest.fixture(scope="module")
def shared_url(postgres_server: servers.Postgres) -> Iterator[str]:
    """One PostgreSQL database for all these tests: making one takes seconds. Each test empties it."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty key store."""
    shared = request.param == "postgres"
    address: str = request.getfixturevalue("shared_url") if shared else f"sqlite:///{tmp_path}/keys.db"
    KeyStore.create(address)
    if shared:
        with psycopg.connect(address.replace("+psycopg", "")) as connection:
            connection.execute("TRUNCATE wrapped_keys, key_meta")
    return address


@pytest.fixture
def store(url: str, clock: FixedClock) -> Iterator[KeyStore]:
    """The key store."""
    store = KeyStore(url, clock)
    yield store
    store.close()


@pytest.fixture
def keks(tmp_path: Path) -> FileKeks:
    """KEK files."""
    return FileKeks(tmp_path / "kek")


@pytest.fixture
def keyring(store: KeyStore, keks: FileKeks) -> Keyring:
    """A keyring with a first KEK."""
    keyring = Keyring(store, keks)
    keyring.establish("a")
    return keyring


def test_a_key_is_random_and_stays(keyring: Keyring, store: KeyStore, keks: FileKeks) -> None:
    key = keyring.create("hub/index")
    assert len(key) == 32
    assert keyring.create("hub/index") == key == keyring.get("hub/index")
    assert keyring.create("hub/other") != key
    assert Keyring(store, keks, caches=False).get("hub/index") == key
    assert keyring.names("hub/") == ["hub/index", "hub/other"]
    row = store.get("hub/index")
    assert row is not None
    assert key not in row[0]


def test_an_absent_key_does_not_open(keyring: Keyring) -> None:
    with pytest.raises(Sealed):
        keyring.get("hub/nothing")


def test_a_key_moved_to_another_name_does_not_open(keyring: Keyring, store: KeyStore) -> None:
    keyring.create("casus/a/1")
    row = store.get("casus/a/1")
    assert row is not None
    assert store.put("casus/b/1", *row)
    with pytest.raises(Sealed):
        keyring.get("casus/b/1")


def test_names_with_signs_of_a_pattern_are_plain_names(keyring: Keyring) -> None:
    keyring.create("casus/a_b/1")
    keyring.create("casus/axb/1")
    assert keyring.names("casus/a_b/") == ["casus/a_b/1"]


# --- at start ---


def test_a_sound_keyring_starts(keyring: Keyring) -> None:
    keyring.create("hub/index")
    keyring.check()


def test_a_key_store_without_kek_does_not_start(store: KeyStore, keks: FileKeks) -> None:
    with pytest.raises(WeakConfiguration, match="nog geen hoofdsleutel"):
        Keyring(store, keks).check()


def test_a_missing_kek_is_refused_and_never_made_anew(keyring: Keyring, store: KeyStore, keks: FileKeks) -> None:
    keyring.create("hub/index")
    keks.path("a").unlink()
    later = Keyring(store, keks)
    later.establish("a")
    assert not keks.path("a").exists()
    with pytest.raises(WeakConfiguration, match="niet te lezen"):
        later.check()
    with pytest.raises(KeysUnavailable):
        later.get("hub/index")


def test_another_kek_is_refused(keyring: Keyring, store: KeyStore, keks: FileKeks) -> None:
    keyring.create("hub/index")
    keks.path("a").write_bytes(OTHER)
    later = Keyring(store, keks)
    with pytest.raises(WeakConfiguration, match="past niet op deze sleutelopslag"):
        later.check()
    # Not `Sealed`: a key under another KEK is not gone, and must not be taken for it.
    with pytest.raises(KeysUnavailable):
        later.get("hub/index")


def test_every_reason_is_named_at_once(keyring: Keyring, store: KeyStore, keks: FileKeks) -> None:
    keyring.create("hub/index")
    next(keyring.rewrap_steps("b"))
    keyring.create("hub/new")
    store.set("kek", b"a")
    assert store.put("hub/old", b"x", "a")
    keks.path("a").write_bytes(bytes(32))
    keks.path("b").chmod(0o644)
    with pytest.raises(WeakConfiguration) as refused:
        Keyring(store, keks).check()
    assert [reason[:30] for reason in refused.value.reasons] == [
        "De hoofdsleutel a bestaat uit ",
        "Het sleutelbestand kek-b.key i",
    ]


def test_a_store_that_does_not_answer_is_unavailable(clock: FixedClock, tmp_path: Path, keks: FileKeks) -> None:
    store = KeyStore(f"sqlite:///{tmp_path}/nowhere/keys.db", clock)
    for call in (lambda: store.get("x"), store.names, lambda: store.set("x", b""), store.epoch):
        with pytest.raises(KeysUnavailable):
            call()
    with pytest.raises(KeysUnavailable):
        Keyring(store, keks).get("x")


# --- rotation of the KEK ---


def test_rotation_moves_every_key_and_changes_none(keyring: Keyring, store: KeyStore, keks: FileKeks) -> None:
    keys = {f"hub/{n}": keyring.create(f"hub/{n}") for n in range(5)}
    assert keyring.rewrap_all("b") == 5
    assert store.refs() == ["b"]
    keks.path("a").unlink()
    fresh = Keyring(store, keks, caches=False)
    fresh.check()
    assert {name: fresh.get(name) for name in keys} == keys
    assert keyring.rewrap_all("b") == 0


@pytest.mark.parametrize("steps", range(6))
def test_a_rotation_killed_at_any_step_leaves_all_openable(
    keyring: Keyring, store: KeyStore, keks: FileKeks, steps: int
) -> None:
    keys = {f"hub/{n}": keyring.create(f"hub/{n}") for n in range(5)}
    rotation = keyring.rewrap_steps("b")
    for _ in range(steps):
        next(rotation)
    del rotation
    other = Keyring(store, keks, caches=False)
    other.check()
    assert {name: other.get(name) for name in keys} == keys
    assert other.rewrap_all("b") == 5 - steps
    assert {name: keyring.get(name) for name in keys} == keys


def test_a_key_that_is_made_during_a_rotation_comes_under_the_new_kek(
    keyring: Keyring, store: KeyStore, keks: FileKeks
) -> None:
    running = Keyring(store, keks)
    running.create("hub/0")
    next(keyring.rewrap_steps("b"))
    running.create("hub/1")
    assert store.refs() == ["b"]
    row = store.get("hub/1")
    assert row is not None
    assert not store.put("hub/2", row[0], "a")


def test_a_key_that_is_destroyed_during_a_rotation_stays_destroyed(keyring: Keyring, store: KeyStore) -> None:
    for n in range(3):
        keyring.create(f"casus/{n}/1")
    rotation = keyring.rewrap_steps("b")
    assert next(rotation) == "casus/0/1"
    keyring.destroy("casus/1/1")
    assert list(rotation) == ["casus/2/1"]
    row = store.get("casus/2/1")
    assert row is not None
    assert not store.replace("casus/2/1", b"another", b"x", "b")
    keyring.destroy("casus/2/1")
    assert not store.replace("casus/2/1", row[0], b"x", "b")
    assert keyring.names() == ["casus/0/1"]


def test_a_kek_that_was_swapped_is_not_rotated_to(keyring: Keyring, keks: FileKeks, store: KeyStore) -> None:
    keyring.create("hub/0")
    next(keyring.rewrap_steps("b"))
    keks.path("a").write_bytes(OTHER)
    with pytest.raises(WeakConfiguration, match="past niet"):
        Keyring(store, keks).rewrap_all("a")
    assert store.refs() == ["b"]


def test_requests_go_on_during_a_rotation(keyring: Keyring, store: KeyStore, keks: FileKeks) -> None:
    keys = {f"hub/{n}": keyring.create(f"hub/{n}") for n in range(20)}
    running = Keyring(store, keks, caches=False)
    wrong: list[str] = []

    def read() -> None:
        for _ in range(5):
            wrong.extend(name for name, key in keys.items() if running.get(name) != key)

    readers = [Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    assert keyring.rewrap_all("b") == 20
    for reader in readers:
        reader.join()
    assert wrong == []


# --- destruction ---


def test_a_destroyed_key_is_gone_in_every_process(
    keyring: Keyring, store: KeyStore, url: str, clock: FixedClock, keks: FileKeks
) -> None:
    keyring.create("casus/a/1")
    elsewhere = KeyStore(url, clock)
    other = Keyring(elsewhere, keks)
    other.get("casus/a/1")
    other.get("casus/a/1")
    keyring.destroy("casus/a/1")
    for ring in (keyring, other):
        with pytest.raises(Sealed):
            ring.get("casus/a/1")
    keyring.destroy("casus/a/1")
    elsewhere.close()


def _files(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(directory.glob("keys.db*")))


def test_a_destroyed_key_is_in_no_file(clock: FixedClock, tmp_path: Path, keks: FileKeks) -> None:
    url = f"sqlite:///{tmp_path}/keys.db"
    KeyStore.create(url)
    store = KeyStore(url, clock)
    store.check_erasing()
    keyring = Keyring(store, keks)
    keyring.establish("a")
    for n in range(20):
        keyring.create(f"casus/{n}/1")
    row = store.get("casus/7/1")
    assert row is not None
    assert row[0] in _files(tmp_path)
    keyring.destroy("casus/7/1")
    assert row[0] not in _files(tmp_path)
    assert b"casus/7/1" not in _files(tmp_path)
    store.close()


def test_a_reader_in_the_way_of_the_scrub_is_told(
    clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.store.connecting.BUSY_MS", 50)
    url = f"sqlite:///{tmp_path}/keys.db"
    KeyStore.create(url)
    store = KeyStore(url, clock)
    store.set("x", b"1")
    reader = sqlite3.connect(tmp_path / "keys.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM key_meta").fetchall()
    store.set("x", b"2")
    with pytest.raises(KeysUnavailable):
        store.delete(["nothing"])
    reader.close()
    store.delete(["nothing"])
    store.close()


def test_the_cache_is_bounded_and_can_be_off(store: KeyStore, keks: FileKeks) -> None:
    small = Keyring(store, keks, capacity=2)
    small.establish("a")
    keys = {f"hub/{n}": small.create(f"hub/{n}") for n in range(4)}
    assert {name: small.get(name) for name in keys} == keys
    assert len(small._cache._keys) == 2
    off = Keyring(store, keks, caches=False)
    assert {name: off.get(name) for name in keys} == keys
    assert not off._cache._keys


def test_two_that_make_one_key_get_the_same(keyring: Keyring, store: KeyStore, keks: FileKeks) -> None:
    made: list[bytes] = []
    makers = [Thread(target=lambda: made.append(Keyring(store, keks).create("hub/one"))) for _ in range(4)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(made) == 4
    assert set(made) == {keyring.get("hub/one")}
