"""What is known of a casus's sealed fields without opening them: the manifests, and the directory that holds them.

The directory of a casus is one sealed document in the casus's own row: its compartments, the version of each, and the
manifest of each (its fields, the slots of their values, and what the law asks to be known of them). The data keys of
the compartments are another, beside it. So what belongs to a casus is read with one query and two openings. A directory
put back from an older copy does not match the version of its row.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from sys import intern
from typing import Any, NamedTuple

import orjson

from hub.crypto.aead import Envelope

PADDING = 64
"""Sealed documents are filled up to a multiple of this many bytes: the length of a ciphertext says little."""

FLAGS = ("restricted", "disputed", "objected", "vetoed", "uavg41", "supplier_agreed")
LISTS = ("denied_to", "treating_with", "financed_by")
NULLABLE = ("regime", "destroy_on", "melding_receiver", "wpg", "wjsg")


_PLAIN: dict[str, Any] = {
    "person": "betrokkene",
    **dict.fromkeys(FLAGS, False),
    **dict.fromkeys(NULLABLE),
}


class FieldEntry(NamedTuple):
    """One field of one source. `slots`: level to the slot of its value. `generation` counts its deliveries, from 1.

    `conditions` holds, of the keys of `records[]` in the facts document (docs/decision-contract), those that differ
    from the plain case; the directory stays short by it. See `Held.rows` for the whole.
    A named tuple, for a request makes many of them: a frozen dataclass takes five times as long.
    """

    field: str
    slots: Mapping[str, int]
    since: str
    generation: int
    conditions: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one source put into one field group of one casus. `version` moves with every change."""

    id: str
    source: str
    source_kind: str
    group: str
    version: int
    fields: Mapping[str, FieldEntry]


PlaceName = tuple[str, str, str]
"""What names a value in a casus: field, source, level."""


Reading = tuple[Envelope | None, str]
"""A value made ready to be opened, sealed as it was read, and since when it stands; without an envelope only that there
is one is told."""


@dataclass
class Memory:
    """What was made ready for opening, as long as the casus is held: sealed bytes and data keys, no value ever.

    With caches off nothing is held longer than one request, and so is this.
    """

    readings: Mapping[PlaceName, Reading] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """What a casus holds, as read at one moment. Iterates over its manifests.

    `broken`: the casus's row is missing or does not open; nothing is given then, and the caller raises the alarm when
    the casus is one that exists. `own_key` seals what else goes with the casus.
    """

    casus: str
    version: int
    directory: list[list[Any]] = field(default_factory=list, repr=False)
    """As it was sealed: a compartment is `[id, source, source kind, group, version, fields]`, a field is the list of
    what `FieldEntry` names, with the number of its conditions in their place."""
    conditions: list[dict[str, Any]] = field(default_factory=list, repr=False)
    """By their number: most fields share theirs with others."""
    broken: bool = False
    own_key: bytes | None = field(default=None, repr=False)
    log_key: bytes | None = field(default=None, repr=False)
    """The log key of the casus, found with its casus key: one reading of the key store for both."""
    data_keys: Envelope | None = field(default=None, repr=False)
    """The data keys, sealed as they were read."""
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        """The manifests. A request takes the shorter ways `kinds`, `rows` and `places`."""
        return tuple([_manifest(self.conditions, *row) for row in self.directory])

    def __iter__(self) -> Iterator[Manifest]:
        return iter(self.manifests)

    def __len__(self) -> int:
        return len(self.directory)

    def kinds(self) -> dict[str, str]:
        """The kind of each source."""
        return {source: kind for _, source, kind, _, _, _ in self.directory}

    def rows(self) -> list[dict[str, Any]]:
        """`records[]` of the facts document, those alike together: `fields` in the place of `field`."""
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for _, source, kind, _, _, fields in self.directory:
            for field_key, slots, _, _, number in fields:
                likeness = (source, kind, number, *slots)
                if (row := found.get(likeness)) is None:
                    row = found[likeness] = _row(source, kind, slots, self.conditions[number])
                row["fields"].append(field_key)
        return list(found.values())

    def places(self, wanted: Iterable[PlaceName]) -> list["Place"]:
        """Where the `wanted` are, by compartment; those that are not there are left out."""
        levels: dict[tuple[str, str], list[str]] = {}
        for field_key, source, level in wanted:
            levels.setdefault((field_key, source), []).append(level)
        found = []
        for compartment, source, _, _, _, fields in self.directory:
            if lines := [(entry, level) for entry in fields for level in levels.get((entry[0], source), ())]:
                found.append(Place(compartment, source, lines))
        return found


class Place(NamedTuple):
    """A compartment of a source, and of its fields (as in the directory) those that are wanted, each with its level."""

    compartment: str
    source: str
    lines: list[tuple[list[Any], str]]


def packed(manifests: tuple[Manifest, ...]) -> bytes:
    """The directory as bytes, to be sealed."""
    numbers: dict[bytes, int] = {}
    directory = [_document(manifest, numbers) for manifest in manifests]
    return padded(orjson.dumps([directory, [orjson.Fragment(conditions) for conditions in numbers]]))


def unpacked(document: bytes) -> tuple[list[list[Any]], list[dict[str, Any]]]:
    """The directory that was opened, and the conditions that it numbers: see `Held`."""
    directory, conditions = orjson.loads(document)
    # The same words stand in every casus: what is remembered of many holds each of them once.
    for *_, fields in directory:
        for entry in fields:
            entry[0], entry[2] = intern(entry[0]), intern(entry[2])
    return directory, conditions


def packed_keys(keys: Mapping[str, bytes]) -> bytes:
    """Data keys by compartment as bytes, to be sealed."""
    return padded(orjson.dumps({compartment: key.hex() for compartment, key in keys.items()}))


def unpacked_keys(document: bytes) -> dict[str, bytes]:
    """The data keys by compartment."""
    return {compartment: bytes.fromhex(key) for compartment, key in orjson.loads(document).items()}


def padded(document: bytes) -> bytes:
    """JSON filled up with spaces, which JSON passes over."""
    return document.ljust(-(-len(document) // PADDING) * PADDING)


def _row(source: str, kind: str, slots: Mapping[str, int], conditions: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_PLAIN,
        # Lists of its own for each row: nobody changes another's.
        "denied_to": [],
        "treating_with": [],
        "financed_by": [],
        **conditions,
        "fields": [],
        "source": source,
        "source_kind": kind,
        "levels": list(slots),
    }


def _document(manifest: Manifest, numbers: dict[bytes, int]) -> list[Any]:
    """`numbers`: conditions -> their number; what is new gets the next one."""
    fields = [
        [*entry[:-1], numbers.setdefault(orjson.dumps(entry.conditions, option=orjson.OPT_SORT_KEYS), len(numbers))]
        for entry in manifest.fields.values()
    ]
    return [manifest.id, manifest.source, manifest.source_kind, manifest.group, manifest.version, fields]


def _manifest(
    conditions: list[dict[str, Any]],
    compartment: str,
    source: str,
    kind: str,
    group: str,
    version: int,
    fields: list[list[Any]],
) -> Manifest:
    entries = {
        name: FieldEntry(name, slots, since, generation, conditions[number])
        for name, slots, since, generation, number in fields
    }
    return Manifest(compartment, source, kind, group, version, entries)
