"""What is known of a casus's sealed fields without opening them: the manifests, and the directory that holds them.

The directory of a casus is one sealed document in the casus's own row: its compartments, the version of each, and the
manifest of each (its fields, the slots of their values, and what the law asks to be known of them). The data keys of
the compartments are another, beside it. So what belongs to a casus is read with one query and two openings. A directory
put back from an older copy does not match the version of its row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import orjson

from hub.crypto.aead import Envelope

PADDING = 64
"""Sealed documents are filled up to a multiple of this many bytes: the length of a ciphertext says little."""

MOST_READY = 48 * 1024
"""Bytes that what was made ready to be opened may take of the memory, for a casus. What takes more is made ready each time."""

FLAGS = ("restricted", "disputed", "objected", "vetoed", "uavg41", "supplier_agreed")
LISTS = ("denied_to", "treating_with", "financed_by")
NULLABLE = ("regime", "destroy_on", "melding_receiver", "wpg", "wjsg")


_NOTHING = b"[[],[]]"
"""The directory of a casus that holds nothing, or of which nothing is known."""

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

    readings: Mapping[PlaceName, Reading] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Held:
    """What a casus holds, as read at one moment. Iterates over its manifests.

    `broken`: the casus's row is missing or does not open; nothing is given then, and the caller raises the alarm when
    the casus is one that exists. `own_key` seals what else goes with the casus.
    """

    casus: str
    version: int
    document: bytes = field(default=_NOTHING, repr=False)
    """The directory as it was sealed (`packed`). It stays bytes, a tenth of what is read from it: many are remembered."""
    broken: bool = False
    own_key: bytes | None = field(default=None, repr=False)
    log_key: bytes | None = field(default=None, repr=False)
    """The log key of the casus, found with its casus key: one reading of the key store for both."""
    data_keys: Envelope | None = field(default=None, repr=False)
    """The data keys, sealed as they were read."""
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)

    @property
    def weight(self) -> int:
        """Bytes that it takes of the memory, at most."""
        return MOST_READY + len(self.document) + (len(self.data_keys[1]) if self.data_keys else 0)

    def anew(self) -> "Held":
        """The same with nothing read from its directory yet, to be remembered."""
        return replace(self)

    @cached_property
    def _read(self) -> tuple[list[list[Any]], list[dict[str, Any]]]:
        """What was packed. A compartment is `[id, source, source kind, group, version, fields]`, a field is the list of
        what `FieldEntry` names, with in the place of its conditions their number: most share theirs with others."""
        directory, conditions = orjson.loads(self.document)
        return directory, conditions

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        """The manifests. A request takes the shorter ways `kinds`, `rows` and `entries`."""
        directory, conditions = self._read
        return tuple([_manifest(conditions, *row) for row in directory])

    def __iter__(self) -> Iterator[Manifest]:
        return iter(self.manifests)

    def __len__(self) -> int:
        return len(self._read[0])

    def kinds(self) -> dict[str, str]:
        """The kind of each source."""
        return {source: kind for _, source, kind, _, _, _ in self._read[0]}

    def rows(self) -> list[dict[str, Any]]:
        """`records[]` of the facts document, those alike together: `fields` in the place of `field`."""
        directory, conditions = self._read
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for _, source, kind, _, _, fields in directory:
            for field_key, slots, _, _, number in fields:
                likeness = (source, kind, number, *slots)
                if (row := found.get(likeness)) is None:
                    row = found[likeness] = _row(source, kind, slots, conditions[number])
                row["fields"].append(field_key)
        return list(found.values())

    @cached_property
    def entries(self) -> dict[tuple[str, str], tuple[str, list[Any]]]:
        """(field, source) -> its compartment, and its line of the directory."""
        return {
            (entry[0], source): (compartment, entry)
            for compartment, source, _, _, _, fields in self._read[0]
            for entry in fields
        }


def packed(manifests: tuple[Manifest, ...]) -> bytes:
    """The directory as bytes, to be sealed."""
    numbers: dict[bytes, int] = {}
    directory = [_document(manifest, numbers) for manifest in manifests]
    return padded(orjson.dumps([directory, [orjson.Fragment(conditions) for conditions in numbers]]))


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
