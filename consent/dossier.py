"""A casus as its records tell it: what stands at an instant, and when that next changes.

Everything here is a pure fold over the append-only records. `at` is text of fixed width (`hub.model.instant`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.model.registry import Record, Standing

# Kinds of record. The words of the HTTP paths stand in hub/casework/kinds.py.
AANMELDING = "aanmelding"
PERSON = "persoon"
REGIME = "regime"
PHASE = "fase"
INVOLVED = "betrokken"
TRIAGE = "triage"
RELATION = "relatie"
STANDING = "positie"
STATEMENT = "geheimhoudingsverklaring"
INFORMED = "informering"
POSTPONED = "uavg41"
PROCEDURE = "procedure"
ABSENCE = "afwezigheid"
TERM = "termijn"
BASIS = "grondslag"
EXCEPTION = "geheimuitzondering"
CONSENT = "toestemming"
CONSENT_15A = "toestemming_15a"
REFUSAL = "weigering"
REPRESENTATION = "vertegenwoordiging"
EMERGENCY = "nood"
SECOND_PROFESSIONAL = "tweede_professional"
CONDITION = "voorwaarde"

CONSENT_KINDS = (CONSENT, CONSENT_15A, REFUSAL)


@dataclass(frozen=True)
class Dossier:
    """All records of one casus by kind, each with its end."""

    by_kind: Mapping[str, tuple[Standing, ...]]
    by_id: Mapping[str, Standing]

    def of(self, kind: str) -> tuple[Standing, ...]:
        """The records of `kind`, oldest first."""
        return self.by_kind.get(kind, ())

    def latest(self, kind: str, at: str, fits: Callable[[Mapping[str, Any]], bool] = lambda _: True) -> Standing | None:
        """The last recorded one of `kind` that counts at `at`."""
        for standing in self.of(kind)[::-1]:
            if fits(standing.body) and standing.live(at):
                return standing
        return None

    def live(self, kind: str, at: str) -> Iterator[Standing]:
        """Those of `kind` that count at `at`."""
        return (standing for standing in self.of(kind) if standing.live(at))

    def partners(self, kind: str, at: str) -> list[str]:
        """The partner ids of the records of `kind` that count at `at`, sorted."""
        return sorted({standing.body["partner"] for standing in self.live(kind, at)})

    def closed(self, source: str, field: str) -> dict[str, Any]:
        """What was said of this field of this source, by name or with `*`, that closes it; the last word of each counts.

        It holds for what the source has yet to deliver too: who shut a field need not know whether it is held.
        """
        found: dict[str, Any] = {}
        for standing in self.of(CONDITION):
            body = standing.body
            if body["source"] == source and ("*" in body["fields"] or field in body["fields"]):
                found.update(body["conditions"])
        return found

    def relations(self, partner: str, at: str) -> list[str]:
        """What `partner` is to the person at `at`."""
        return sorted({s.body["relation"] for s in self.live(RELATION, at) if s.body["partner"] == partner})

    @property
    def aanmelder(self) -> str | None:
        """The partner that filed the casus."""
        filed = self.of(AANMELDING)
        return filed[0].record.recorder.partner if filed else None

    def takes_part(self, partner: str, at: str) -> bool:
        """Whether `partner` has any part in the casus at `at`: filed it, triages, is involved, or has a relation."""
        return (
            partner == self.aanmelder
            or partner in self.partners(INVOLVED, at)
            or partner in self.partners(TRIAGE, at)
            or bool(self.relations(partner, at))
        )

    def changes_after(self, at: str) -> str | None:
        """The smallest instant after `at` at which a record of the casus starts or ends to count, or None."""
        instants = [
            one for standing in self.by_id.values() for one in _instants(standing) if one is not None and one > at
        ]
        return min(instants, default=None)


def _instants(standing: Standing) -> tuple[str | None, ...]:
    # A record may be of a later instant than the request that reads it: clocks of processes differ a little, and a
    # request reads its own before the store.
    record = standing.record
    ends = map(record.body.get, ("valid_from", "valid_until", "authority_from", "authority_until"))
    return record.recorded_at, standing.ended_at, *ends


def dossier_of(records: Sequence[Record]) -> Dossier:
    """The dossier that `records` (oldest first) make."""
    ended = {record.ends: record.recorded_at for record in reversed(records) if record.ends is not None}
    by_kind: dict[str, list[Standing]] = {}
    by_id: dict[str, Standing] = {}
    for record in records:
        id_, kind, *_ = record
        standing = by_id[id_] = Standing(record, ended.get(id_))
        by_kind.setdefault(kind, []).append(standing)
    return Dossier({kind: tuple(found) for kind, found in by_kind.items()}, by_id)
