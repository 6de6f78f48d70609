"""A new casus key while requests run, killed at any step."""

from threading import Event, Thread

import pytest

from hub.compartment.compartments import Compartments
from hub.crypto.kek import FileKeks
from hub.crypto.keyring import Keyring
from hub.errors import Sealed, Stale
from tests.unit.compartment.sealed_casus import CASUS, CONTENT, EVERY, GGZ, GROUPS, OTHER, SealedCasus

ONE, TWO, THREE = (f"casus/{CASUS}/{generation}" for generation in (1, 2, 3))


def _rewrap(casus: SealedCasus) -> int:
    return casus.write(lambda conn: casus.compartments.rewrap(conn, CASUS))


def _drop_older(casus: SealedCasus) -> tuple[str, ...]:
    with casus.store.snapshot() as conn:
        return casus.compartments.drop_older(conn, CASUS)


def test_a_rotation_changes_keys_and_no_value(casus: SealedCasus) -> None:
    values, sealed = casus.values(), casus.rows("SELECT slot, sealed FROM sealed_fields ORDER BY slot")
    keys = casus.rows("SELECT data_keys FROM casus_seals")
    assert _rewrap(casus) == 2
    assert _drop_older(casus) == (ONE,)
    assert casus.keyring.names("casus/") == [TWO]
    assert casus.values() == values
    assert casus.rows("SELECT slot, sealed FROM sealed_fields ORDER BY slot") == sealed
    assert casus.rows("SELECT data_keys FROM casus_seals") != keys
    assert _rewrap(casus) == 3
    assert casus.values() == values


class _Killed(Exception):
    """The kill, at the point where it strikes."""


def test_killed_after_the_new_key_was_made(casus: SealedCasus, monkeypatch: pytest.MonkeyPatch) -> None:
    values = casus.values()

    def killed(*_given: object) -> None:
        raise _Killed

    with monkeypatch.context() as patched:
        patched.setattr("hub.compartment.rotation.packed_keys", killed)
        with pytest.raises(_Killed):
            _rewrap(casus)
    assert casus.keyring.names("casus/") == [ONE, TWO]
    assert casus.values() == values
    assert _drop_older(casus) == ()
    assert _rewrap(casus) == 2
    assert casus.values() == values


def test_killed_halfway_the_unit_of_work(casus: SealedCasus, monkeypatch: pytest.MonkeyPatch) -> None:
    values = casus.values()

    def killed(*_given: object) -> None:
        raise _Killed

    with monkeypatch.context() as patched:
        patched.setattr("hub.store.compartments.move_seal", killed)
        with pytest.raises(_Killed):
            _rewrap(casus)
    assert casus.values() == values
    assert _drop_older(casus) == ()
    assert casus.values() == values


def test_killed_before_the_older_keys_went(casus: SealedCasus) -> None:
    values = casus.values()
    _rewrap(casus)
    assert casus.keyring.names("casus/") == [ONE, TWO]
    assert casus.values() == values
    _rewrap(casus)
    assert _drop_older(casus) == (ONE, TWO)
    assert _drop_older(casus) == ()
    assert casus.keyring.names("casus/") == [THREE]
    assert casus.values() == values


def test_the_key_that_a_rotation_elsewhere_just_made_is_not_dropped(casus: SealedCasus) -> None:
    casus.keyring.create(TWO)
    assert _drop_older(casus) == ()
    assert casus.keyring.names("casus/") == [ONE, TWO]


def test_damaged_data_keys_stop_the_rotation_and_no_key_goes(casus: SealedCasus) -> None:
    casus.tamper("UPDATE casus_seals SET data_keys = :no WHERE casus = :casus", no=b"", casus=CASUS)
    values = casus.values()
    with pytest.raises(Sealed):
        _rewrap(casus)
    assert casus.values() == values
    assert _drop_older(casus) == ()
    assert values == {}


def test_an_older_snapshot_is_told_to_read_again(file_casus: SealedCasus) -> None:
    casus = file_casus
    with casus.store.snapshot() as conn:
        casus.compartments.manifests(conn, CASUS)
        _rewrap(casus)
        _drop_older(casus)
        with pytest.raises(Stale):
            casus.compartments.manifests(conn, CASUS)
    assert len(casus.values()) == len(EVERY)


def test_a_key_that_never_was_is_damage_in_a_unit_of_work(casus: SealedCasus) -> None:
    casus.tamper("UPDATE casus_seals SET generation = 7 WHERE casus = :casus", casus=CASUS)
    with pytest.raises(Stale):
        casus.held()
    settled = Compartments(casus.keyring, GROUPS, settled=True)
    assert casus.write(lambda conn: settled.manifests(conn, CASUS)).broken
    with pytest.raises(Sealed):
        casus.put(GGZ, CONTENT[GGZ])
    with pytest.raises(Sealed):
        _rewrap(casus)


def test_no_request_fails_while_keys_rotate(file_casus: SealedCasus) -> None:
    casus, ended = file_casus, Event()
    casus.start(OTHER)
    counts: list[int] = []

    def read() -> None:
        while not ended.is_set():
            try:
                counts.append(len(casus.values()))
            except Stale:
                continue

    readers = [Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for round_ in range(10):
        _rewrap(casus)
        _drop_older(casus)
        casus.keyring.rewrap_all(f"b{round_}")
    ended.set()
    for reader in readers:
        reader.join()
    assert set(counts) == {len(EVERY)}


def test_a_new_kek_leaves_every_casus_openable(casus: SealedCasus) -> None:
    values = casus.values()
    casus.keyring.rewrap_all("b")
    fresh = Keyring(casus.keys, FileKeks(casus.directory / "kek"), caches=False)
    fresh.check()
    assert casus.values() == values
