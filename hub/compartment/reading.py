"""Reading a casus: first what it holds, then only the values that were decided to leave, at the level they leave at."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from hub.compartment import places
from hub.compartment.manifest import Held, Place, unpacked
from hub.crypto.aead import Box, joined
from hub.crypto.destruction import casus_key, casus_prefix
from hub.crypto.keyring import Keyring
from hub.errors import Sealed, Stale
from hub.model.release import AGG, HIT, SAM, VOL, OpenedField, Released
from hub.store import compartments as rows
from hub.store.engine import Connection

VALUE_LEVELS = (VOL, SAM)
SIGN_LEVELS = (HIT, AGG)
"""Levels at which only that there is a value leaves: nothing is opened, the value is `True`."""


@dataclass(frozen=True)
class Opened:
    """The values that opened, and (field, source) of those that did not: these are withheld and alarmed."""

    fields: tuple[OpenedField, ...]
    failed: tuple[tuple[str, str], ...]


def held_of(keyring: Keyring, conn: Connection, casus: str) -> Held:
    """What `casus` holds. One query; an unknown casus costs the same reads. `Stale` when a rotation came in between."""
    row = rows.seal_of(conn, casus)
    try:
        key = keyring.get(casus_key(casus, row.generation if row else 1))
        if row is None:
            return Held(casus, 0, broken=True)
        box = Box(key)
        own = box.open(row.own_key, places.own_key(casus, row.generation))
        directory = unpacked(Box(own).open(row.sealed, places.directory(casus, row.version)))
    except Sealed:
        return _broken(keyring, casus, row)
    return Held(casus, row.version, directory, own_key=own, box=box)


def _broken(keyring: Keyring, casus: str, row: rows.SealRow | None) -> Held:
    if row is not None:
        names = keyring.names(casus_prefix(casus))
        # The casus key was renewed after this snapshot began: read again, nothing is wrong.
        if names and casus_key(casus, row.generation) not in names:
            raise Stale
    return Held(casus, row.version if row else 0, broken=True)


def opened(conn: Connection, held: Held, wanted: Sequence[Released]) -> Opened:
    """Open what is `wanted` and nothing else. What does not open is told in `failed`; the rest goes on."""
    found = held.places({(one.field, one.source) for one in wanted})
    opener = _Opener(
        conn, held, [(place, one.level) for one in wanted if (place := found.get((one.field, one.source)))]
    )
    fields: list[OpenedField] = []
    failed: list[tuple[str, str]] = []
    for one in wanted:
        value = opener.tried(found.get((one.field, one.source)), one.level)
        if value is None:
            failed.append((one.field, one.source))
        else:
            fields.append(value)
    if failed:
        _same_moment(conn, held)
    return Opened(tuple(fields), tuple(failed))


def _same_moment(conn: Connection, held: Held) -> None:
    """Raise `Stale` when a change came between the two readings: nothing is wrong then, the caller reads again."""
    row = rows.seal_of(conn, held.casus)
    if row is not None and row.version != held.version:
        raise Stale


class _Opener:
    """Opens values of one casus; each data key once."""

    def __init__(self, conn: Connection, held: Held, asked: Sequence[tuple[Place, str]]) -> None:
        self._held = held
        slots = [slot for place, level in asked if (slot := place.entry.slots.get(level))]
        signs = dict.fromkeys(place.compartment for place, level in asked if level in SIGN_LEVELS)
        self._values = rows.values_at(conn, slots)
        self._keys = {row.compartment: row for row in self._values.values()} | rows.keys_of(conn, list(signs))
        self._memory = held.memory

    def tried(self, place: Place | None, level: str) -> OpenedField | None:
        """The value at `place`, or `None` when there is none or it does not open."""
        if place is None:
            return None
        try:
            return self._open(place, level)
        except Sealed:
            return None

    def _open(self, place: Place, level: str) -> OpenedField:
        entry, box = place.entry, self._box(place)
        if level in SIGN_LEVELS:
            return OpenedField(entry.field, place.source, level, True, entry.since)
        slot = entry.slots.get(level, 0)
        row = self._values.get(slot)
        if level not in VALUE_LEVELS or row is None or row.compartment != place.compartment:
            raise Sealed
        bound = self._memory.bound.get(slot)
        if bound is None:
            bound = self._memory.bound[slot] = joined(places.value(entry.field, level, slot, entry.generation))
        return OpenedField(entry.field, place.source, level, orjson.loads(box.open_at(row.sealed, bound)), entry.since)

    def _box(self, place: Place) -> Box:
        row = self._keys.get(place.compartment)
        known = self._memory.boxes.get(place.compartment)
        if known is not None and row is not None and row.version == place.version and row.wrapped_key == known[0]:
            return known[1]
        key = data_key_of(self._held, place.compartment, place.version, row)
        box = Box(key, places.values(self._held.casus, place.compartment))
        if row is not None:
            self._memory.boxes[place.compartment] = (row.wrapped_key, box)
        return box


def data_key_of(held: Held, compartment: str, version: int, row: rows.KeyRow | rows.ValueRow | None) -> bytes:
    """The data key of a compartment. Raises `Sealed` for a row that is missing, another one's, or older."""
    if row is None or held.box is None or row.version != version:
        raise Sealed
    return held.box.open(row.wrapped_key, places.data_key(held.casus, compartment, version))
