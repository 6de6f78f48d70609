"""Rows that someone changed by hand: they never open, and everything else goes on."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.compartment import places
from hub.compartment.compartments import Compartments
from hub.compartment.manifest import packed_keys
from hub.compartment.reading import data_keys_of
from hub.crypto.aead import Box
from hub.crypto.kek import FileKeks
from hub.crypto.keyring import Keyring
from hub.errors import Sealed
from hub.model.delivery import DeliveredField
from hub.store.engine import Store
from tests.conftest import FixedClock
from tests.no_log import no_log
from tests.unit.compartment.sealed_casus import (
    CASUS,
    CONTENT,
    EVERY,
    GEM,
    GGZ,
    OTHER,
    POL,
    SealedCasus,
    released,
)

ALL = [released(*place) for place in EVERY]
G05 = [place for place in EVERY if place[:2] == ("diagnose", GGZ)]


def _fails(casus: SealedCasus, *places: tuple[str, str, str]) -> None:
    """Exactly `places` do not open; the others do, and are right."""
    opened = casus.open(*ALL)
    assert sorted(opened.failed) == sorted((field, source) for field, source, _ in places)
    given = {(one.field, source): one.levels for source, delivery in CONTENT.items() for one in delivery}
    assert all(one.value == given[one.field, one.source][one.level] for one in opened.fields)
    assert len(opened.fields) == len(ALL) - len(places)


def _cut(casus: SealedCasus, slot: int) -> None:
    casus.tamper(
        "UPDATE sealed_fields SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE slot = :slot", slot=slot
    )


def _dropped(casus: SealedCasus, slot: int) -> None:
    casus.tamper("DELETE FROM sealed_fields WHERE slot = :slot", slot=slot)


def _emptied(casus: SealedCasus, slot: int) -> None:
    casus.tamper("UPDATE sealed_fields SET sealed = :no WHERE slot = :slot", no=b"", slot=slot)


def _reversioned(casus: SealedCasus, slot: int) -> None:
    (row,) = casus.rows("SELECT sealed FROM sealed_fields WHERE slot = :slot", slot=slot)
    casus.tamper(
        "UPDATE sealed_fields SET sealed = :sealed WHERE slot = :slot", sealed=b"\x02" + bytes(row[0])[1:], slot=slot
    )


@pytest.mark.parametrize("change", [_cut, _dropped, _emptied, _reversioned])
def test_a_changed_value_fails_alone(casus: SealedCasus, change: Callable[[SealedCasus, int], None]) -> None:
    change(casus, casus.slot("diagnose", GGZ))
    _fails(casus, ("diagnose", GGZ, "vol"))


def test_two_values_swapped_fail(casus: SealedCasus) -> None:
    one, other = casus.slot("naam", GEM), casus.slot("geboortedatum", GEM)
    query = "UPDATE sealed_fields SET slot = :to WHERE slot = :slot"
    for slot, to in ((one, 1), (other, one), (1, other)):
        casus.tamper(query, slot=slot, to=to)
    _fails(casus, ("naam", GEM, "vol"), ("geboortedatum", GEM, "vol"))


def test_the_levels_of_a_field_swapped_fail(casus: SealedCasus) -> None:
    vol, sam = casus.slot("diagnose", GGZ), casus.slot("diagnose", GGZ, "sam")
    query = "UPDATE sealed_fields SET slot = :to WHERE slot = :slot"
    for slot, to in ((vol, 1), (sam, vol), (1, sam)):
        casus.tamper(query, slot=slot, to=to)
    _fails(casus, *G05)


def test_a_value_of_another_casus_fails(casus: SealedCasus) -> None:
    casus.start(OTHER)
    casus.put(GGZ, CONTENT[GGZ], OTHER)
    (theirs,) = (one.fields["diagnose"].slots["vol"] for one in casus.held(OTHER) if one.group == "G05")
    (row,) = casus.rows("SELECT sealed FROM sealed_fields WHERE slot = :slot", slot=theirs)
    slot = casus.slot("diagnose", GGZ)
    casus.tamper("UPDATE sealed_fields SET sealed = :sealed WHERE slot = :slot", sealed=bytes(row[0]), slot=slot)
    _fails(casus, ("diagnose", GGZ, "vol"))


def test_an_older_value_put_back_fails(casus: SealedCasus) -> None:
    slot = casus.slot("diagnose", GGZ)
    (row,) = casus.rows("SELECT sealed FROM sealed_fields WHERE slot = :slot", slot=slot)
    casus.put(GGZ, [next(one for one in CONTENT[GGZ] if one.field == "diagnose")])
    now = casus.slot("diagnose", GGZ)
    casus.tamper("UPDATE sealed_fields SET sealed = :sealed WHERE slot = :slot", sealed=bytes(row[0]), slot=now)
    _fails(casus, ("diagnose", GGZ, "vol"))


def _with_keys(casus: SealedCasus, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> None:
    """The data keys sealed anew as `change` makes them, by somebody who has the casus key."""
    place = places.data_keys(CASUS, 1)
    box = Box(casus.keyring.get(f"casus/{CASUS}/1"))
    sealed = box.seal(packed_keys(change(data_keys_of(casus.held()))), place)
    casus.tamper("UPDATE casus_seals SET data_keys = :keys WHERE casus = :casus", keys=sealed, casus=CASUS)


def test_a_dropped_data_key_fails_at_every_level(casus: SealedCasus) -> None:
    gone = casus.compartment(GGZ, "G05")
    _with_keys(casus, lambda keys: {id_: key for id_, key in keys.items() if id_ != gone})
    _fails(casus, *G05)
    assert casus.open(released("diagnose", GGZ, "hit")).failed == (("diagnose", GGZ),)


def test_the_keys_of_two_compartments_swapped_fail(casus: SealedCasus) -> None:
    one, other = casus.compartment(GGZ, "G05"), casus.compartment(POL, "G10")
    _with_keys(casus, lambda keys: {**keys, one: keys[other], other: keys[one]})
    _fails(casus, *G05, *(place for place in EVERY if place[1] == POL))


def test_older_data_keys_put_back_do_not_open_what_was_delivered_after(casus: SealedCasus) -> None:
    casus.write(lambda conn: casus.compartments.take_back(conn, CASUS, POL, groups=["G10"]))
    (old,) = casus.rows("SELECT data_keys FROM casus_seals WHERE casus = :casus", casus=CASUS)
    casus.put(POL, CONTENT[POL])
    casus.tamper("UPDATE casus_seals SET data_keys = :keys WHERE casus = :casus", keys=bytes(old[0]), casus=CASUS)
    _fails(casus, *(place for place in EVERY if place[1] == POL))


def test_data_keys_that_do_not_open_shut_every_value_and_stay_as_they_lie(casus: SealedCasus) -> None:
    (old,) = casus.rows("SELECT data_keys FROM casus_seals WHERE casus = :casus", casus=CASUS)
    spoil = "UPDATE casus_seals SET data_keys = :keys WHERE casus = :casus"
    casus.tamper(spoil, keys=bytes(old[0])[:-1], casus=CASUS)
    _fails(casus, *EVERY)
    with pytest.raises(Sealed):
        casus.put(GGZ, CONTENT[GGZ])
    # What closes a field is taken all the same, and loses no key.
    casus.write(lambda conn: casus.compartments.mark(conn, CASUS, source=GGZ, fields=["diagnose"], restricted=True))
    casus.write(lambda conn: casus.compartments.take_back(conn, CASUS, POL, groups=["G10"]))
    casus.tamper(spoil, keys=bytes(old[0]), casus=CASUS)
    _fails(casus, *(place for place in EVERY if place[1] == POL))


def test_an_older_directory_put_back_does_not_lift_a_restriction(casus: SealedCasus) -> None:
    (old,) = casus.rows("SELECT version, sealed FROM casus_seals WHERE casus = :casus", casus=CASUS)
    casus.write(lambda conn: casus.compartments.mark(conn, CASUS, source=GGZ, fields=["diagnose"], restricted=True))
    put_back = "UPDATE casus_seals SET version = :version, sealed = :sealed WHERE casus = :casus"
    casus.tamper(put_back, version=old[0], sealed=bytes(old[1]), casus=CASUS)
    # With the version of today it does not open at all.
    casus.tamper(put_back, version=old[0] + 1, sealed=bytes(old[1]), casus=CASUS)
    assert casus.held().broken


@pytest.mark.parametrize("column", ["sealed", "own_key"])
def test_a_changed_directory_gives_nothing(casus: SealedCasus, column: str) -> None:
    (row,) = casus.rows(f"SELECT {column} FROM casus_seals WHERE casus = :casus", casus=CASUS)  # noqa: S608
    changed = bytes(row[0])[:-1] + bytes([bytes(row[0])[-1] ^ 1])
    casus.tamper(f"UPDATE casus_seals SET {column} = :to WHERE casus = :casus", to=changed, casus=CASUS)  # noqa: S608
    held = casus.held()
    assert (held.broken, held.rows(), held.own_key) == (True, [], None)
    assert len(casus.open(*ALL).failed) == len(ALL)
    with pytest.raises(Sealed):
        casus.put(GGZ, CONTENT[GGZ])


def test_the_directory_of_another_casus_gives_nothing(casus: SealedCasus) -> None:
    casus.start(OTHER)
    (row,) = casus.rows(
        "SELECT version, generation, own_key, sealed, data_keys FROM casus_seals WHERE casus = :casus", casus=CASUS
    )
    casus.tamper(
        "UPDATE casus_seals SET version = :v, generation = :g, own_key = :k, sealed = :s, data_keys = :d WHERE casus = :casus",
        v=row[0], g=row[1], k=bytes(row[2]), s=bytes(row[3]), d=bytes(row[4]), casus=OTHER,
    )  # fmt: skip
    assert casus.held(OTHER).broken


def test_what_lost_its_key_can_be_taken_back_and_delivered_anew(casus: SealedCasus) -> None:
    _with_keys(casus, lambda keys: {id_: key for id_, key in keys.items() if id_ != casus.compartment(GGZ, "G05")})
    diagnosis = [one for one in CONTENT[GGZ] if one.field == "diagnose"]
    with pytest.raises(Sealed):
        casus.put(GGZ, diagnosis)
    casus.put(POL, CONTENT[POL])
    casus.write(lambda conn: casus.compartments.take_back(conn, CASUS, GGZ, groups=["G05"]))
    casus.put(GGZ, diagnosis)
    _fails(casus)


# --- what stays behind in files ---


def test_a_replaced_ciphertext_is_gone_from_the_files(file_casus: SealedCasus) -> None:
    casus = file_casus
    rows = casus.rows(
        "SELECT sealed FROM sealed_fields WHERE slot IN (:vol, :sam)",
        vol=casus.slot("diagnose", GGZ),
        sam=casus.slot("diagnose", GGZ, "sam"),
    )
    old = [bytes(row[0]) for row in rows]
    assert len(old) == 2
    assert all(one in casus.files() for one in old)
    casus.put(GGZ, [DeliveredField("diagnose", {"vol": "iets anders"})])
    assert not any(one in casus.files() for one in old)


def test_a_taken_back_ciphertext_and_its_key_are_gone_from_the_files(file_casus: SealedCasus) -> None:
    casus = file_casus
    rows = casus.rows(
        "SELECT f.sealed, s.data_keys FROM sealed_fields f JOIN casus_seals s ON s.casus = f.casus WHERE slot = :slot",
        slot=casus.slot("mutaties", POL),
    )
    old = [bytes(value) for value in rows[0]]
    assert all(one in casus.files() for one in old)
    casus.write(lambda conn: casus.compartments.take_back(conn, CASUS, POL, groups=["G10"]), scrub=True)
    assert not any(one in casus.files() for one in old)


def test_a_data_backup_from_before_a_destruction_does_not_open(
    file_casus: SealedCasus, clock: FixedClock, tmp_path: Path
) -> None:
    casus = file_casus
    casus.start(OTHER)
    casus.put(GEM, CONTENT[GEM], OTHER)
    shutil.copy(tmp_path / "data.db", tmp_path / "backup.db")
    casus.keyring.destroy(f"casus/{CASUS}/1")
    keyring = Keyring(casus.keys, FileKeks(tmp_path / "kek"), caches=False)
    restored = Store(f"sqlite:///{tmp_path}/backup.db", no_log)
    after = SealedCasus(restored, casus.keys, keyring, Compartments(keyring, {}), tmp_path)
    assert after.held().broken
    assert len(after.open(*ALL).failed) == len(ALL)
    assert len(after.values(OTHER)) == 2
    restored.close()
