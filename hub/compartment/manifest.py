"""What is known of a casus's sealed fields without opening them: the manifests, and the directory that holds them.

The directory of a casus is one sealed document in the casus's own row: its compartments, the version of each, and the
manifest of each (its fields, the slots of their values, and what the law asks to be known of them). So what belongs to
a casus is read with one query and one opening, and a compartment's row that was dropped, swapped or put back from an
older copy does not match the version in the directory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from hub.crypto.aead import Box

PADDING = 64
"""Sealed documents are filled up to a multiple of this many bytes: the length of a ciphertext says little."""

FLAGS = ("restricted", "disputed", "objected", "vetoed", "uavg41", "supplier_agreed")
LISTS = ("denied_to", "treating_with", "financed_by")
NULLABLE = ("regime", "destroy_on", "melding_receiver", "wpg", "wjsg")


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One field of one source. `slots`: level to the slot of its value. `generation` counts its deliveries, from 1.

    `conditions` holds what differs from the plain case among the keys of `record_facts`.
    """

    field: str
    source: str
    source_kind: str
    slots: Mapping[str, int]
    since: str
    generation: int
    conditions: Mapping[str, Any]

    def record_facts(self) -> dict[str, Any]:
        """The entry of this field in `records[]` of the facts document (docs/decision-contract)."""
        known = self.conditions.get
        facts: dict[str, Any] = {
            "field": self.field,
            "source": self.source,
            "source_kind": self.source_kind,
            "levels": list(self.slots),
            "person": known("person", "betrokkene"),
        }
        for flag in FLAGS:
            facts[flag] = known(flag, False)
        for name in LISTS:
            facts[name] = list(known(name, ()))
        for name in NULLABLE:
            facts[name] = known(name)
        return facts


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one source put into one field group of one casus. `version` moves with every change."""

    id: str
    source: str
    source_kind: str
    group: str
    version: int
    fields: Mapping[str, FieldEntry]

    def with_fields(self, fields: Mapping[str, FieldEntry]) -> "Manifest":
        """The same manifest, with other fields."""
        return replace(self, fields=fields)


@dataclass(frozen=True)
class Held:
    """What a casus holds, as read at one moment. Iterates over its manifests.

    `broken`: the casus's row is missing or does not open; nothing is given then, and the caller raises the alarm when
    the casus is one that exists. `own_key` seals what else goes with the casus.
    """

    casus: str
    version: int
    manifests: tuple[Manifest, ...]
    broken: bool = False
    own_key: bytes | None = field(default=None, repr=False)
    box: Box | None = field(default=None, repr=False)
    """The casus key, ready to open data keys."""

    def __iter__(self) -> Iterator[Manifest]:
        return iter(self.manifests)

    def __len__(self) -> int:
        return len(self.manifests)

    def entries(self) -> Iterator[FieldEntry]:
        """Every field of every source."""
        for manifest in self.manifests:
            yield from manifest.fields.values()


def packed(manifests: tuple[Manifest, ...]) -> bytes:
    """The directory as bytes, to be sealed."""
    return padded(orjson.dumps([_document(manifest) for manifest in manifests]))


def unpacked(document: bytes) -> tuple[Manifest, ...]:
    """The manifests of a directory that was opened."""
    return tuple([_manifest(*row) for row in orjson.loads(document)])


def padded(document: bytes) -> bytes:
    """JSON filled up with spaces, which JSON passes over."""
    return document.ljust(-(-len(document) // PADDING) * PADDING)


def _document(manifest: Manifest) -> list[Any]:
    fields = [[e.field, dict(e.slots), e.since, e.generation, dict(e.conditions)] for e in manifest.fields.values()]
    return [manifest.id, manifest.source, manifest.source_kind, manifest.group, manifest.version, fields]


def _manifest(compartment: str, source: str, kind: str, group: str, version: int, fields: list[list[Any]]) -> Manifest:
    entries = {row[0]: FieldEntry(row[0], source, kind, *row[1:]) for row in fields}
    return Manifest(compartment, source, kind, group, version, entries)
