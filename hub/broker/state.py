"""The state of a casus in one snapshot: its dossier, its manifests, its person. Cached by version when caches are on."""

import base64
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from consent import dossier as kinds
from consent import store
from consent.dossier import Dossier, dossier_of
from hub.compartment.manifest import Held
from hub.crypto.aead import open_
from hub.errors import Sealed, Unreadable
from hub.model.remembered import Remembered
from hub.store.casus import CasusRow, asks_casus_row, casus_row
from hub.store.compartments import SealRow
from hub.store.engine import Connection
from hub.store.lying import Lying, asks_lying, lying
from hub.store.prepared import Question


class Sealings(Protocol):
    """The compartments of a casus (hub.compartment)."""

    def held(self, casus: str, row: SealRow | None) -> Held: ...


@dataclass(frozen=True)
class CasusState:
    """What a casus is at one version. For no casus: version None and nothing in it.

    `records`: those of the casus as they were opened (`consent.store`). They stay bytes, as the directory of `held` does:
    a tenth of what is read from them, and many states are remembered.
    """

    casus: str
    version: int | None
    created_at: str | None = None
    records: bytes = field(default=store.NONE, repr=False)
    held: Held = field(default_factory=lambda: Held("", 0, broken=True), repr=False)

    def anew(self) -> "CasusState":
        """The same with nothing read from its bytes yet: what is remembered, and what each look gets of it."""
        return replace(self, held=self.held.anew())

    @cached_property
    def dossier(self) -> Dossier:
        """What the records make."""
        return dossier_of(store.read(self.records))

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of each partner that is a source."""
        found = self.held.kinds()
        for standing in self.dossier.by_id.values():
            found.setdefault(standing.record.recorder.partner, standing.record.recorder.kind)
        return found

    @cached_property
    def person(self) -> dict[str, Any] | None:
        """The person it is about, where that is known. Raises Sealed."""
        told = self.dossier.of(kinds.PERSON)
        if not told or self.held.own_key is None:
            return None
        record = told[-1].record
        person: dict[str, Any] = open_text(self.held.own_key, self.casus, record.id, record.texts["person"])
        return person

    @property
    def birth_date(self) -> str | None:
        """`YYYY-MM-DD`, or less where less is known."""
        return self.person.get("birth_date") if self.person else None


class States:
    """Reads states, and keeps as many as weigh no more than `most` bytes together. With 0 nothing is kept."""

    def __init__(self, compartments: Sealings, *, most: int) -> None:
        self._compartments = compartments
        self._kept: Remembered[tuple[str, str], CasusState] = Remembered(_weight, most)

    def of(self, moment: Connection, casus: str, partner: str) -> CasusState:
        """The state of `casus` in the snapshot `moment`. The same queries whether it exists or not.

        What is kept is kept per asking partner: one who probes for casussen of others must not find the ones that those
        others use any quicker (R15).
        """
        if self._kept.most and (kept := self._remembered(casus_row(moment, casus), casus, partner)) is not None:
            return kept.anew()
        state = self._read(lying(moment, casus), casus)
        if self._kept.most:
            self._kept.keep((partner, casus), state.anew())
        return state

    def asks(self, casus: str) -> Question:
        """What `of` asks first: the same whether the casus exists or not."""
        return asks_casus_row(casus) if self._kept.most else asks_lying(casus)

    def forget(self, casus: str, partner: str) -> None:
        """Keep nothing of `casus` for `partner`, from whom it is hidden: else his next look would take longer when others
        had worked in it, and tell him so (R15)."""
        self._kept.forget((partner, casus))

    def _remembered(self, row: CasusRow | None, casus: str, partner: str) -> CasusState | None:
        kept = self._kept.get((partner, casus))
        return kept if kept is not None and kept.version == _version(row) else None

    def _read(self, found: Lying, casus: str) -> CasusState:
        held, version = self._compartments.held(casus, found.seal), _version(found.row)
        # The log key passes on to what is entered now, and is not remembered.
        passing = replace(held, log_key=None) if self._kept.most else held
        if found.row is None or version is None:
            return CasusState(casus, None, held=passing)
        if held.log_key is None:
            raise Unreadable
        try:
            opened = store.opened(casus, held.log_key, found.dossier)
            state = CasusState(casus, version, found.row.created_at, opened, passing)
            # All of it now: a record that does not open may be what shuts a field.
            state.person  # noqa: B018 - raises Sealed
        except Sealed:
            raise Unreadable from None
        return state


def _weight(_: tuple[str, str], state: CasusState) -> int:
    return len(state.records) + state.held.weight


def _version(row: CasusRow | None) -> int | None:
    """None for a casus that is not there, or was destroyed."""
    return row.version if row and row.destroyed_at is None else None


def open_text(own_key: bytes, casus: str, record: str, sealed: str) -> Any:
    """What a record keeps sealed under the casus's own key: JSON."""
    return json.loads(open_(own_key, base64.b64decode(sealed), ("text", casus, record)))
