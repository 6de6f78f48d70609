"""Reading a casus: first what it holds, then only the values that were decided to leave, at the level they leave at."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import orjson

from hub.compartment import places
from hub.compartment.manifest import Held, Place, Reading, unpacked
from hub.crypto.aead import Box
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
    readings = _readings(conn, held, wanted)
    fields: list[OpenedField] = []
    failed: list[tuple[str, str]] = []
    for one in wanted:
        reading = readings.get((one.field, one.source, one.level))
        if reading is None:
            failed.append((one.field, one.source))
            continue
        try:
            value = True if reading.envelope is None else orjson.loads(reading.envelope.open())
        except Sealed:
            failed.append((one.field, one.source))
        else:
            fields.append(OpenedField(one.field, one.source, one.level, value, reading.since))
    if failed:
        _same_moment(conn, held)
    return Opened(tuple(fields), tuple(failed))


def _same_moment(conn: Connection, held: Held) -> None:
    """Raise `Stale` when a change came between the two readings: nothing is wrong then, the caller reads again."""
    row = rows.seal_of(conn, held.casus)
    if row is not None and row.version != held.version:
        raise Stale


def _readings(conn: Connection, held: Held, wanted: Sequence[Released]) -> Mapping[tuple[str, str, str], Reading]:
    """How each of `wanted` is read, as far as it can be. What was made ready stays with `held`, sealed as it is."""
    known = held.memory.readings
    missing = [one for one in wanted if (one.field, one.source, one.level) not in known]
    if not missing:
        return known
    # Replaced whole: another thread may be reading the old one, and may put its own in the place of this.
    ready = {**known, **_made_ready(conn, held, missing)}
    held.memory.readings = ready
    return ready


def _made_ready(conn: Connection, held: Held, wanted: Sequence[Released]) -> dict[tuple[str, str, str], Reading]:
    levels: dict[tuple[str, str], list[str]] = {}
    for one in wanted:
        levels.setdefault((one.field, one.source), []).append(one.level)
    found = held.places(levels)
    values = rows.values_at(conn, [slot for place in found if (slot := place.entry[1].get(place.level))])
    keys = _Keys(held, rows.keys_of(conn, list(dict.fromkeys([place.compartment for place in found]))))
    ready = {}
    for place in found:
        with suppress(Sealed):
            ready[place.entry[0], place.source, place.level] = _ready(place, keys, values)
    return ready


def _ready(place: Place, keys: "_Keys", values: Mapping[int, rows.ValueRow]) -> Reading:
    field, slots, since, generation, _ = place.entry
    box = keys.box(place)
    if place.level in SIGN_LEVELS:
        return Reading(None, since)
    slot = slots.get(place.level, 0)
    value = values.get(slot)
    if place.level not in VALUE_LEVELS or value is None or value.compartment != place.compartment:
        raise Sealed
    return Reading(box.at(value.sealed, places.value(field, place.level, slot, generation)), since)


class _Keys:
    """The data keys of compartments, each opened once."""

    def __init__(self, held: Held, found: Mapping[str, rows.KeyRow]) -> None:
        self._held = held
        self._rows = found
        self._boxes: dict[tuple[str, int], Box] = {}

    def box(self, place: Place) -> Box:
        """The key of the compartment of `place`. Raises `Sealed` when it does not open."""
        name = (place.compartment, place.version)
        box = self._boxes.get(name)
        if box is None:
            key = data_key_of(self._held, *name, self._rows.get(place.compartment))
            box = self._boxes[name] = Box(key, places.values(self._held.casus, place.compartment))
        return box


def data_key_of(held: Held, compartment: str, version: int, row: rows.KeyRow | None) -> bytes:
    """The data key of a compartment. Raises `Sealed` for a row that is missing, another one's, or older."""
    if row is None or held.box is None or row.version != version:
        raise Sealed
    return held.box.open(row.wrapped_key, places.data_key(held.casus, compartment, version))
