"""What a source delivers: fields with the forms it wrote, and what must be known of them (law of sections 3 and 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.model.reference import Reference


@dataclass(frozen=True)
class WpgRecord:
    """The supply record of a police item (Wpg 20(3), 32(1)(b)): without it the item is refused (R12)."""

    article: str
    category: str
    decision: str
    receivers: tuple[str, ...]
    authority_agreed: bool


@dataclass(frozen=True)
class WjsgRecord:
    """The supply record of a justice item (Wjsg 39j): without it the item is refused (R13)."""

    article: str
    receivers: tuple[str, ...]


@dataclass(frozen=True)
class DeliveredField:
    """One field as a source delivers it. `levels`: `vol` (the whole value) and/or `sam` (written for readers)."""

    field: str
    levels: Mapping[str, Any]
    person: str = "betrokkene"
    uavg41: bool = False
    treating_with: tuple[str, ...] = ()
    supplier_agreed: bool = False
    financed_by: tuple[str, ...] = ()
    denied_to: tuple[str, ...] = ()
    melding_receiver: str | None = None
    destroy_on: str | None = None
    wpg: WpgRecord | None = None
    wjsg: WjsgRecord | None = None
    place: str = ""
    """Where in the document it stood, for the answer."""


@dataclass(frozen=True)
class Closing:
    """To whom a document closes fields, whether it delivers them or not. `denied_to`: partners or kinds of partner."""

    fields: tuple[str, ...]
    denied_to: tuple[str, ...]


@dataclass(frozen=True)
class NotTaken:
    """An item of a document that was not taken in, and why. `place` is a path in the document, never a value."""

    place: str
    reason: str
    """A stable code; the Dutch sentence is the door's."""


@dataclass(frozen=True)
class PersonClaim:
    """Whom a document says it is about. Compared with the casus's person, never kept or repeated."""

    bsn: str | None = None
    family_name: str | None = None
    given_names: str | None = None
    birth_date: str | None = None


@dataclass(frozen=True)
class ConsentClaim:
    """A consent or refusal found in a document, for the registry to judge (who may record it, for whom).

    `kind`: `toestemming` or `weigering`. Instants are UTC text of fixed width. A refusal may say `("*",)` for all receivers,
    purposes or groups; a consent names what it is for.
    """

    kind: str
    receivers: tuple[str, ...]
    purposes: tuple[str, ...]
    groups: tuple[str, ...]
    given_at: str
    valid_until: str | None
    withdrawn_at: str | None
    place: str
    given_by: str | None = None
    """`betrokkene` or `vertegenwoordiger` as the document says; null where it does not say who."""


@dataclass(frozen=True)
class Parsed:
    """A document after parsing: who it is about, what it brings, what it holds that the hub does not take."""

    persons: tuple[PersonClaim, ...]
    fields: tuple[DeliveredField, ...]
    not_taken: tuple[NotTaken, ...]
    consents: tuple[ConsentClaim, ...] = field(default=())
    reference: Reference | None = None
    """The source's own reference of this person or case: a partner without a right to the BSN searches by it."""
    closings: tuple[Closing, ...] = field(default=())
