"""Changing a casus: deliveries, conditions, taking back. Each is part of one unit of work of the store.

A change moves the version of the casus, to which its directory is bound. A value that is replaced or taken back loses its
row, and an empty compartment its data key; the caller lets the store scrub (`Store.commit(..., scrub=True)`). While the
data keys do not open nothing is delivered; what closes a field, and taking back, needs none and leaves them as they lie.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from hub.compartment import places
from hub.compartment.manifest import FLAGS, LISTS, NULLABLE, FieldEntry, Held, Manifest, packed, packed_keys, padded
from hub.compartment.reading import VALUE_LEVELS, data_keys_of, held_of
from hub.crypto.aead import Box, joined, new_key
from hub.crypto.destruction import casus_key
from hub.crypto.keyring import Keyring
from hub.crypto.random_ids import new_id, new_slot
from hub.errors import Sealed, ShapeError, Stale
from hub.model.delivery import DeliveredField, WjsgRecord, WpgRecord
from hub.store import compartments as rows
from hub.store.engine import Connection

NEW, REPLACED = "nieuw", "vervangen"
_PERSONS = frozenset({"betrokkene", "gezinslid", "sociaal_contact", "ander"})
STAYING = ("restricted", "disputed", "objected", "vetoed")
"""What a redelivery does not lift: it was put there by a call of its own, and ends by one."""
CLOSING = frozenset({*STAYING, "uavg41", "denied_to", "destroy_on"})
"""Conditions that hold for what is delivered later too. What opens is said again with each delivery."""


@dataclass(frozen=True)
class Supply:
    """Who delivers into which casus, and under which regime; `at` is UTC text of fixed width."""

    casus: str
    source: str
    source_kind: str
    regime: str | None
    at: str


class Change:
    """The compartments of one casus while they change. Made by `changing`, which writes the directory at the end."""

    def __init__(self, conn: Connection, held: Held) -> None:
        self.conn = conn
        self.casus = held.casus
        self._keys: dict[str, bytes] | None = None
        with suppress(Sealed):
            self._keys = data_keys_of(held)
        self._manifests = {manifest.id: manifest for manifest in held}

    def manifests(self, source: str | None = None) -> list[Manifest]:
        """The manifests as they are now, of `source` or of all."""
        return [one for one in self._manifests.values() if source in (None, one.source)]

    def of(self, source: str, group: str) -> Manifest | None:
        """The manifest of one source and group."""
        return next((one for one in self.manifests(source) if one.group == group), None)

    def data_key(self, manifest: Manifest) -> bytes:
        """The data key of a compartment; a fresh one for a compartment that is new."""
        if self._keys is None:
            raise Sealed
        if manifest.version == 0:
            return self._keys.setdefault(manifest.id, new_key())
        if (key := self._keys.get(manifest.id)) is None:
            raise Sealed
        return key

    def keep(self, manifest: Manifest, fields: Mapping[str, FieldEntry]) -> None:
        """Keep `fields` as what the compartment holds; its version moves."""
        self._manifests[manifest.id] = replace(manifest, version=manifest.version + 1, fields=fields)

    def drop(self, manifest: Manifest) -> None:
        """Destroy the data key of a compartment, and with it all that it holds."""
        rows.delete_fields(self.conn, [slot for entry in manifest.fields.values() for slot in entry.slots.values()])
        if self._keys is not None:
            self._keys.pop(manifest.id, None)
        del self._manifests[manifest.id]

    def result(self) -> tuple[Manifest, ...]:
        """All manifests, to be sealed."""
        return tuple(self._manifests.values())

    def keys(self) -> dict[str, bytes] | None:
        """The data keys, to be sealed; None where they are to be left as they lie."""
        return self._keys


@contextmanager
def changing(keyring: Keyring, conn: Connection, casus: str) -> Iterator[Change]:
    """Change the compartments of `casus`: other writers wait. Raises `Sealed` when the casus does not open."""
    before = rows.seal_of(conn, casus, lock=True)
    held = held_of(keyring, casus, before, settled=True)
    if before is None or held.own_key is None:
        raise Sealed
    change = Change(conn, held)
    yield change
    after = _sealed_row(keyring, casus, held.own_key, change, replace(before, version=before.version + 1))
    if not rows.move_seal(conn, casus, before, after):
        raise Stale


def _sealed_row(keyring: Keyring, casus: str, own_key: bytes, change: Change, row: rows.SealRow) -> rows.SealRow:
    after = replace(row, sealed=Box(own_key).seal(packed(change.result()), places.directory(casus, row.version)))
    if (keys := change.keys()) is None:
        return after
    box = Box(keyring.get(casus_key(casus, row.generation)))
    return replace(after, data_keys=box.seal(packed_keys(keys), places.data_keys(casus, row.generation)))


def create(keyring: Keyring, conn: Connection, casus: str) -> None:
    """Make the casus key and the empty directory of a new casus."""
    box, own = Box(keyring.create(casus_key(casus, 1))), new_key()
    sealed = Box(own).seal(packed(()), places.directory(casus, 1))
    keys = box.seal(packed_keys({}), places.data_keys(casus, 1))
    rows.insert_seal(conn, casus, rows.SealRow(1, 1, box.seal(own, places.own_key(casus, 1)), keys, sealed))


def put(
    change: Change,
    groups: Mapping[str, str],
    supply: Supply,
    delivery: Sequence[DeliveredField],
    closed: Mapping[str, Mapping[str, Any]],
) -> list[tuple[str, str]]:
    """Take a delivery in: only the fields it names change. Gives (field, `nieuw` or `vervangen`).

    `closed`: field -> the conditions that stand on it although it is not held.

    Raises `ShapeError` for a field without a group, without a level, of an unknown level, or named twice.
    """
    _check(groups, delivery)
    done: dict[str, str] = {}
    for group in dict.fromkeys(groups[one.field] for one in delivery):
        manifest = change.of(supply.source, group) or Manifest(
            new_id(), supply.source, supply.source_kind, group, 0, {}
        )
        key, fields, batch = change.data_key(manifest), dict(manifest.fields), []
        for one in (each for each in delivery if groups[each.field] == group):
            old = fields.get(one.field)
            kept = old.conditions if old else _checked(closed.get(one.field, {}))
            fields[one.field] = _entry(supply, one, kept, old.generation if old else 0)
            batch += _sealed(change.casus, manifest.id, key, fields[one.field], one.levels)
            rows.delete_fields(change.conn, list(old.slots.values()) if old else [])
            done[one.field] = REPLACED if old else NEW
        change.keep(replace(manifest, source_kind=supply.source_kind), fields)
        rows.insert_fields(change.conn, batch)
    return list(done.items())


def take_back(change: Change, source: str, chosen: Callable[[Manifest, FieldEntry], bool]) -> dict[str, dict[str, Any]]:
    """Take back the `chosen` fields of `source`; an empty compartment goes with its data key.

    Gives field -> the conditions that closed it: they are to hold for what is delivered later.
    """
    gone: dict[str, dict[str, Any]] = {}
    for manifest in change.manifests(source):
        taken = {name: entry for name, entry in manifest.fields.items() if chosen(manifest, entry)}
        gone.update({name: _closing(entry) for name, entry in taken.items()})
        if len(taken) == len(manifest.fields):
            change.drop(manifest)
        elif taken:
            rows.delete_fields(change.conn, [slot for entry in taken.values() for slot in entry.slots.values()])
            left = {name: entry for name, entry in manifest.fields.items() if name not in taken}
            change.keep(manifest, left)
    return gone


def mark(
    change: Change, chosen: Callable[[Manifest, FieldEntry], bool], conditions: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Set conditions on the `chosen` fields; values stay as they are. Gives (field, source) of each that was marked."""
    checked = _checked(conditions)
    marked: list[tuple[str, str]] = []
    for manifest in change.manifests():
        names = [name for name, entry in manifest.fields.items() if chosen(manifest, entry)]
        if names:
            fields = dict(manifest.fields)
            for name in names:
                fields[name] = fields[name]._replace(conditions=_short({**fields[name].conditions, **checked}))
            change.keep(manifest, fields)
            marked += [(name, manifest.source) for name in names]
    return marked


def deny(change: Change, source: str, names: Collection[str], receivers: Collection[str]) -> dict[str, list[str]]:
    """Deny the fields `names` of `source` to `receivers` too. Gives field -> to whom it is denied, of each it holds."""
    denied: dict[str, list[str]] = {}
    for manifest in change.manifests(source):
        fields = dict(manifest.fields)
        for name in fields.keys() & set(names):
            conditions = fields[name].conditions
            denied[name] = sorted({*conditions.get("denied_to", ()), *receivers})
            fields[name] = fields[name]._replace(conditions={**conditions, "denied_to": denied[name]})
        if fields != manifest.fields:
            change.keep(manifest, fields)
    return denied


def _check(groups: Mapping[str, str], delivery: Sequence[DeliveredField]) -> None:
    seen: set[str] = set()
    for one in delivery:
        known = one.field in groups and one.field not in seen and one.person in _PERSONS
        seen.add(one.field)
        if not known or not one.levels or any(level not in VALUE_LEVELS for level in one.levels):
            raise ShapeError(place=one.place)


def _entry(supply: Supply, one: DeliveredField, kept: Mapping[str, Any], generation: int) -> FieldEntry:
    slots = {level: new_slot(supply.casus) for level in sorted(one.levels)}
    given: dict[str, Any] = {
        "regime": supply.regime,
        "person": one.person,
        # What closes a field stays closed: a delivery adds to it and lifts none of it.
        **{flag: kept.get(flag, False) for flag in STAYING},
        "uavg41": one.uavg41 or kept.get("uavg41", False),
        "denied_to": sorted({*kept.get("denied_to", ()), *one.denied_to}),
        "destroy_on": one.destroy_on or kept.get("destroy_on"),
        "supplier_agreed": one.supplier_agreed,
        "treating_with": sorted(set(one.treating_with)),
        "financed_by": sorted(set(one.financed_by)),
        "melding_receiver": one.melding_receiver,
        "wpg": _record(one.wpg),
        "wjsg": _record(one.wjsg),
    }
    return FieldEntry(one.field, slots, supply.at, generation + 1, _short(given))


def _closing(entry: FieldEntry) -> dict[str, Any]:
    return {name: value for name, value in entry.conditions.items() if name in CLOSING}


def _short(conditions: Mapping[str, Any]) -> dict[str, Any]:
    """`conditions` without those of the plain case."""
    plain: tuple[Any, ...] = (None, False, [], "betrokkene")
    return {name: value for name, value in conditions.items() if value not in plain}


def _record(supplied: WpgRecord | WjsgRecord | None) -> dict[str, Any] | None:
    return None if supplied is None else {**asdict(supplied), "receivers": sorted(set(supplied.receivers))}


def _sealed(
    casus: str, compartment: str, key: bytes, entry: FieldEntry, levels: Mapping[str, Any]
) -> list[dict[str, Any]]:
    box, made = Box(key, joined(places.values(casus, compartment))), []
    for level, value in levels.items():
        slot = entry.slots[level]
        place = places.value(entry.field, level, slot, entry.generation)
        made.append({"slot": slot, "casus": casus, "sealed": box.seal(_bytes(value), place)})
    return made


def _bytes(value: Any) -> bytes:
    try:
        return padded(orjson.dumps(value))
    except TypeError:
        # A number outside 64 bits, or no JSON at all. The cause is not kept: it can show the value.
        raise ShapeError from None


def _checked(conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions in the form of `FieldEntry.conditions`. Raises `ShapeError` for an unknown one or a wrong type."""
    for name, value in conditions.items():
        if not _fits(name, value):
            raise ShapeError(place=name)
    return {name: sorted(set(value)) if name in LISTS else value for name, value in conditions.items()}


def _fits(name: str, value: Any) -> bool:
    if name in FLAGS:
        return isinstance(value, bool)
    if name in LISTS:
        return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    if name in ("wpg", "wjsg"):
        return value is None or isinstance(value, dict)
    return name in NULLABLE and (value is None or isinstance(value, str))
