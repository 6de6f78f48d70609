"""Reading a casus: first what it holds, then only the values that were decided to leave, at the level they leave at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection

from hub.compartment import places
from hub.compartment.manifest import FieldEntry, Held, Manifest, unpacked
from hub.crypto.aead import Box
from hub.crypto.destruction import casus_key, casus_prefix
from hub.crypto.keyring import Keyring
from hub.errors import Sealed, Stale
from hub.model.release import AGG, HIT, SAM, VOL, OpenedField, Released
from hub.store import compartments as rows

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
            return Held(casus, 0, (), broken=True)
        box = Box(key)
        own = box.open(row.own_key, places.own_key(casus, row.generation))
        manifests = unpacked(Box(own).open(row.sealed, places.directory(casus, row.version)))
    except Sealed:
        return _broken(keyring, casus, row)
    return Held(casus, row.version, manifests, own_key=own, box=box)


def _broken(keyring: Keyring, casus: str, row: rows.SealRow | None) -> Held:
    if row is not None:
        names = keyring.names(casus_prefix(casus))
        # The casus key was renewed after this snapshot began: read again, nothing is wrong.
        if names and casus_key(casus, row.generation) not in names:
            raise Stale
    return Held(casus, row.version if row else 0, (), broken=True)


def opened(conn: Connection, held: Held, wanted: Sequence[Released]) -> Opened:
    """Open what is `wanted` and nothing else. What does not open is told in `failed`; the rest goes on."""
    by_name = {
        (entry.field, entry.source): (manifest, entry) for manifest in held for entry in manifest.fields.values()
    }
    found = [(one, by_name.get((one.field, one.source))) for one in wanted]
    slots = [slot for one, place in found if place and (slot := place[1].slots.get(one.level)) is not None]
    opener = _Opener(held, rows.keys_of(conn, held.casus), rows.fields_at(conn, slots))
    fields: list[OpenedField] = []
    failed: list[tuple[str, str]] = []
    for one, place in found:
        value = opener.tried(place, one.level)
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

    def __init__(self, held: Held, keys: Mapping[str, rows.KeyRow], sealed: Mapping[int, bytes]) -> None:
        self._held = held
        self._keys = keys
        self._sealed = sealed
        self._boxes: dict[str, Box | None] = {}

    def tried(self, place: tuple[Manifest, FieldEntry] | None, level: str) -> OpenedField | None:
        """The value at `place`, or `None` when there is none or it does not open."""
        if place is None:
            return None
        try:
            return self._open(*place, level)
        except Sealed:
            return None

    def _open(self, manifest: Manifest, entry: FieldEntry, level: str) -> OpenedField:
        """The value of `entry` at `level`. Raises `Sealed` when it, or its compartment, does not open."""
        box = self._box(manifest)
        if level in SIGN_LEVELS:
            return OpenedField(entry.field, entry.source, level, True, entry.since)
        slot = entry.slots.get(level)
        sealed = self._sealed.get(slot) if slot is not None else None
        if level not in VALUE_LEVELS or slot is None or sealed is None:
            raise Sealed
        place = places.value(self._held.casus, manifest.id, entry.field, level, slot, entry.generation)
        return OpenedField(entry.field, entry.source, level, orjson.loads(box.open(sealed, place)), entry.since)

    def _box(self, manifest: Manifest) -> Box:
        if manifest.id not in self._boxes:
            # Tried once: a compartment that does not open fails for each of its fields.
            self._boxes[manifest.id] = None
            self._boxes[manifest.id] = Box(data_key_of(self._held, manifest, self._keys.get(manifest.id)))
        box = self._boxes[manifest.id]
        if box is None:
            raise Sealed
        return box


def data_key_of(held: Held, manifest: Manifest, row: rows.KeyRow | None) -> bytes:
    """The data key of a compartment. Raises `Sealed` for a row that is missing, another one's, or older."""
    if row is None or held.box is None or row.version != manifest.version:
        raise Sealed
    return held.box.open(row.wrapped_key, places.data_key(held.casus, manifest.id, manifest.version))
