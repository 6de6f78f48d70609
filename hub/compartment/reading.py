"""Reading a casus: first what it holds, then only the values that were decided to leave, at the level they leave at."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from sys import intern

from orjson import loads

from hub.compartment import places
from hub.compartment.manifest import MOST_READY, Held, PlaceName, Reading, unpacked_keys
from hub.crypto.aead import Box, associated, opened_each
from hub.crypto.aead import opened as opened_envelope
from hub.crypto.destruction import casus_key, casus_prefix
from hub.crypto.keyring import Keyring
from hub.errors import Sealed, Stale
from hub.model.release import AGG, HIT, SAM, VOL, OpenedField, Released
from hub.store import compartments as rows
from hub.store.engine import Connection

VALUE_LEVELS = (VOL, SAM)
SIGN_LEVELS = (HIT, AGG)
"""Levels at which only that there is a value leaves: nothing is opened, the value is `True`."""
_NONE: Reading = (None, "")


@dataclass(frozen=True)
class Opened:
    """The values that opened, and (field, source) of those that did not: these are withheld and alarmed."""

    fields: tuple[OpenedField, ...]
    failed: tuple[tuple[str, str], ...]


def held_of(keyring: Keyring, casus: str, row: rows.SealRow | None, *, settled: bool) -> Held:
    """What `casus` holds, whose row is `row`. An unknown casus costs the same reads. `Stale` when a rotation came in
    between.

    `settled`: nothing can come in between, as in a unit of work. A row that does not fit its keys is damaged then.
    """
    key, log_key = keyring.get_each(casus_key(casus, row.generation if row else 1), f"log/{casus}")
    if row is None:
        return Held(casus, 0, broken=True)
    try:
        key = _there(key)
        own = Box(key).open(row.own_key, places.own_key(casus, row.generation))
        document = Box(own).open(row.sealed, places.directory(casus, row.version))
        keys = (key, row.data_keys, associated(places.data_keys(casus, row.generation)))
    except Sealed:
        if not settled:
            _must_stand(keyring, casus, row)
        return Held(casus, row.version, broken=True, log_key=log_key)
    return Held(casus, row.version, document, own_key=own, log_key=log_key, data_keys=keys)


def _there(key: bytes | None) -> bytes:
    if key is None:
        raise Sealed
    return key


def data_keys_of(held: Held) -> dict[str, bytes]:
    """The data keys by compartment. Raises `Sealed` when they do not open."""
    if held.data_keys is None:
        raise Sealed
    return unpacked_keys(opened_envelope(held.data_keys))


def _must_stand(keyring: Keyring, casus: str, row: rows.SealRow) -> None:
    """Raise `Stale` when the casus key may have been renewed after this snapshot began: nothing is wrong then."""
    names = keyring.names(casus_prefix(casus))
    if names and casus_key(casus, row.generation) not in names:
        raise Stale


def opened(conn: Connection, held: Held, wanted: Sequence[Released]) -> Opened:
    """Open what is `wanted` and nothing else. What does not open is told in `failed`; the rest goes on."""
    names = [line[:3] for line in wanted]
    readings = _readings(conn, held, names)
    found = [readings.get(name, _NONE) for name in names]
    fields: list[OpenedField] = []
    failed: list[tuple[str, str]] = []
    for name, (envelope, since), text in zip(names, found, opened_each([each for each, _ in found]), strict=True):
        if text is not None:
            fields.append(_field((*name, loads(text), since)))
        elif envelope is None and since:
            fields.append(_field((*name, True, since)))
        else:
            failed.append(name[:2])
    if failed:
        # What is put back is to open again: only what opened is remembered.
        held.memory.readings = {name: one for name, one in readings.items() if name[:2] not in failed}
        _same_moment(conn, held)
    return Opened(tuple(fields), tuple(failed))


_field = partial(tuple.__new__, OpenedField)
"""Made without the steps that take its parts by name: a request makes many."""


def _same_moment(conn: Connection, held: Held) -> None:
    """Raise `Stale` when a change came between the two readings: nothing is wrong then, the caller reads again."""
    row = rows.seal_of(conn, held.casus)
    if row is not None and row.version != held.version:
        raise Stale


def _readings(conn: Connection, held: Held, wanted: Sequence[PlaceName]) -> Mapping[PlaceName, Reading]:
    """How each of `wanted` is read, as far as it can be. What was made ready stays with `held`, sealed as it is."""
    known = held.memory.readings
    missing = [name for name in wanted if name not in known] if known else wanted
    if not missing:
        return known
    ready = {**known, **_made_ready(conn, held, missing)}
    if sum(map(_weight, ready.values())) <= MOST_READY:
        # Replaced whole: another thread may be reading the old one, and may put its own in the place of this.
        held.memory.readings = ready
    return ready


def _weight(reading: Reading) -> int:
    """Bytes, with those of the objects that hold them."""
    envelope = reading[0]
    return 400 if envelope is None else 400 + len(envelope[1])


def _made_ready(conn: Connection, held: Held, wanted: Sequence[PlaceName]) -> dict[PlaceName, Reading]:
    entries = held.entries
    found = [(name, *entries[name[:2]]) for name in wanted if name[:2] in entries]
    values = rows.values_at(conn, [slot for (_, _, level), _, entry in found if (slot := entry[1].get(level))])
    keys: dict[str, bytes] = {}
    with suppress(Sealed):
        keys = data_keys_of(held) if found else keys
    starts = places.values_joined(held.casus, keys)
    ready: dict[PlaceName, Reading] = {}
    for name, compartment, (field, slots, since, generation, _) in found:
        level, key = name[2], keys.get(compartment)
        if key is None:
            continue
        if level in SIGN_LEVELS:
            ready[name] = (None, intern(since))
        elif (sealed := values.get(slot := slots.get(level, 0))) is not None:
            bound = starts[compartment] + places.value_joined(field, level, slot, generation)
            ready[name] = ((key, sealed, bound), intern(since))
    return ready
