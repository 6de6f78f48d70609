"""The state of a casus in one snapshot: its dossier, its manifests, its person. Cached by version when caches are on."""

import base64
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from consent import dossier as kinds
from consent import store as records
from consent.dossier import NOTHING, Dossier, dossier_of
from hub.compartment.manifest import Held
from hub.crypto.aead import open_
from hub.errors import Sealed, Unreadable
from hub.store.casus import CasusRow, casus_row
from hub.store.engine import Connection


class Sealings(Protocol):
    """The compartments of a casus (hub.compartment)."""

    def manifests(self, conn: Connection, casus: str) -> Held: ...


@dataclass(frozen=True)
class CasusState:
    """What a casus is at one version. For no casus: version None and nothing in it."""

    casus: str
    version: int | None
    created_at: str | None = None
    dossier: Dossier = NOTHING
    held: Held = field(default_factory=lambda: Held("", 0, broken=True), repr=False)
    person: dict[str, Any] | None = field(default=None, repr=False)
    kinds: dict[str, str] = field(default_factory=dict)
    """The kind of each partner that is a source."""

    @property
    def birth_date(self) -> str | None:
        """`YYYY-MM-DD`, or less where less is known."""
        return self.person.get("birth_date") if self.person else None


class States:
    """Reads states. With `size` 0 nothing is kept."""

    def __init__(self, compartments: Sealings, *, size: int) -> None:
        self._compartments = compartments
        self._size = size
        self._kept: OrderedDict[tuple[str, str], CasusState] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, moment: Connection, casus: str, partner: str) -> CasusState:
        """The state of `casus` in the snapshot `moment`. The same queries whether it exists or not.

        What is kept is kept per asking partner: one who probes for casussen of others must not find the ones that those
        others use any quicker (R15).
        """
        row = casus_row(moment, casus)
        version = row.version if row and row.destroyed_at is None else None
        kept = self._kept.get((partner, casus))
        if kept is not None and kept.version == version:
            return kept
        state = self._read(moment, casus, row if version is not None else None)
        self._keep((partner, casus), state)
        return state

    def _read(self, moment: Connection, casus: str, row: CasusRow | None) -> CasusState:
        lying = records.sealed_dossier(moment, casus)
        held = self._compartments.manifests(moment, casus)
        # The log key passes on to what is entered now, and is not remembered.
        passing = replace(held, log_key=None) if self._size else held
        if row is None:
            return CasusState(casus, None, held=passing)
        dossier, person = self._opened(casus, lying, held)
        kinds_of = held.kinds()
        for standing in dossier.by_id.values():
            kinds_of.setdefault(standing.record.recorder.partner, standing.record.recorder.kind)
        return CasusState(casus, row.version, row.created_at, dossier, passing, person, kinds_of)

    def _opened(self, casus: str, lying: records.SealedDossier, held: Held) -> tuple[Dossier, dict[str, Any] | None]:
        """The records, all of them: one that does not open may be what shuts a field. Raises Unreadable."""
        if held.log_key is None:
            raise Unreadable
        try:
            dossier = dossier_of(records.opened(casus, held.log_key, lying))
            return dossier, _person(held, dossier)
        except Sealed:
            raise Unreadable from None

    def _keep(self, key: tuple[str, str], state: CasusState) -> None:
        if not self._size:
            return
        with self._lock:
            self._kept[key] = state
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


def _person(held: Held, dossier: Dossier) -> dict[str, Any] | None:
    found = dossier.of(kinds.PERSON)
    if not found or held.own_key is None:
        return None
    record = found[-1].record
    person: dict[str, Any] = open_text(held.own_key, held.casus, record.id, record.texts["person"])
    return person


def open_text(own_key: bytes, casus: str, record: str, sealed: str) -> Any:
    """What a record keeps sealed under the casus's own key: JSON."""
    return json.loads(open_(own_key, base64.b64decode(sealed), ("text", casus, record)))
