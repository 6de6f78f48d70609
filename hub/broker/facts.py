"""The PIP step: what the policy needs to know of one request, read at one moment, in one snapshot of the store.

A casus that is unknown, and one that does not exist, are gathered by the same queries and give the same form of document
(R15): `phantom` ids lead to no rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

from consent import dossier as kinds
from consent import facts as told_by
from consent.dossier import Dossier
from hub.broker.state import CasusState, States
from hub.errors import NotAuthenticated, NotPermitted
from hub.model.instant import to_text
from hub.model.partner import Standing as PartnerStanding
from hub.model.purpose import Action
from hub.model.registry import Standing
from hub.model.release import ReleaseRequest, Subject
from hub.pdp.packing import Rows
from hub.store.engine import Connection
from hub.store.partners import FLAGS, Admitted, PartnerRow, UserFacts, partner_row
from hub.store.prepared import Question

HUB = "hub"
"""The source of the fields that the hub itself keeps (law of section 3: `casus_bestaat`, `casus_fase` and their kin)."""


OLDEST = 150
"""Years that nobody outlives: more is a mistake, and an age that is not known permits nothing."""

GIVEN = frozenset({kinds.CONSENT, kinds.REFUSAL})
"""Fields of G21 that are made of the registry's own records, under the source that recorded them."""

OWN = frozenset(
    {
        "casus_id", "casus_bestaat", "pseudoniem_id", "casus_fase", "juridisch_regime", "betrokken_deelnemers",
        "dataclock_eerste_verwerking", "log_inzage_overzicht",
    }
)  # fmt: skip
"""Fields that the hub alone can know, from its own records and log: no source tells them."""


class Names(Protocol):
    """Pseudonyms of casussen towards partners (hub.crypto.pseudonym)."""

    def casus_of(self, partner: str, pseudonym: str) -> str | None: ...
    def casus_pseudonym(self, partner: str, casus: str) -> str: ...
    def phantom(self, partner: str, text: str) -> str: ...


@dataclass
class Gathered:
    """What was read for one request, in one snapshot; the document for the policy is made of it when it is asked for.

    A decision that is taken again needs the versions only, not the document.
    """

    request: ReleaseRequest
    casus: str
    state: CasusState
    admitted: Admitted
    reader: PartnerRow
    at: str
    pseudonym: str
    """The reader's name of the casus."""
    policy: str | None
    """The revision of the policy that decides for the reader (hub.governance); None: the one that stands beside the hub."""
    lapsed: bool = False
    """Who sent what is being fetched does not count any more: partner, system or user has ended."""
    emergency: Standing | None = None
    """The one emergency that the document tells of, where more than one runs: the decider picks it."""

    @property
    def casus_version(self) -> int | None:
        """The version of the casus as read; None for no casus."""
        return self.state.version

    @cached_property
    def partner_versions(self) -> dict[str, int]:
        """The versions of the partners in this request, as read."""
        return {partner.id: partner.version for partner in (self.admitted.partner, self.reader)}

    @cached_property
    def made(self) -> Mapping[tuple[str, str], Any]:
        """Values of the fields that the hub keeps itself, by (field, source)."""
        return made_fields(self.state.dossier, self.at, self.pseudonym)

    @cached_property
    def holds_until(self) -> str | None:
        """When the passing of time alone changes the document."""
        moves = (
            self.state.dossier.changes_after(self.at),
            self.admitted.changes_at,
            _birthday(self.state.birth_date, self.at),
        )
        return min((moment for moment in moves if moment), default=None)

    @cached_property
    def emergencies(self) -> tuple[Standing, ...]:
        """Those that run for the reader and this purpose, the last recorded first."""
        return told_by.emergencies(self.state.dossier, self.reader.id, self.request.purpose, self.at)

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The facts, of the shape of the decision contract."""
        request, dossier, reader = self.request, self.state.dossier, self.reader.id
        pushed = request.action is Action.VERSTREKKEN
        return {
            "at": self.at,
            "action": request.action.value,
            "started_by": self.admitted.partner.id if pushed else None,
            "purpose": request.purpose,
            "requested": list(request.fields),
            "user": self.admitted.user.document(),
            "partner": _partner(dossier, self.reader, self.at),
            "casus": {"id": self.casus, **_casus(self.state, self.at)},
            "records": self._records(handed_on_by=self.admitted.partner.id if pushed else None),
            "legal_bases": told_by.legal_bases(dossier, reader),
            "secrecy_exceptions": told_by.secrecy_exceptions(dossier, reader),
            "consents": told_by.consents(dossier, reader),
            "emergency": told_by.emergency(dossier, self.emergency or next(iter(self.emergencies), None)),
        }

    def _records(self, handed_on_by: str | None) -> Rows:
        """What the casus holds. Of a push what its sender supplied, and what its source agreed may be handed on (Wgs
        1.7(2)-(3)): the rest is to its sender as if it were not there, in what leaves, in what is told and in duties.
        """
        found = _records(self.state, self.made, self.at)
        if handed_on_by is None:
            return found
        return Rows(one for one in found if one["source"] == handed_on_by or one["supplier_agreed"])


class Admissions(Protocol):
    """Who may ask at all, from the hub's own register (hub.store.partners)."""

    def asks(self, partner: str, client: str, user: str) -> Question: ...
    def admitted(self, conn: Connection, partner: str, client: str, user: str, at: str) -> Admitted: ...


Policies = Callable[[Connection, PartnerRow], str | None]
"""Which revision decides for a partner, as read in a snapshot."""


class Facts:
    """Gathers facts. `states` gives the state of a casus in a snapshot, `policies` the revision that decides on it."""

    def __init__(self, names: Names, states: States, admissions: Admissions, policies: Policies) -> None:
        self._names = names
        self._policies = policies
        self._states = states
        self._admissions = admissions

    def asks(self, request: ReleaseRequest) -> tuple[Question, ...]:
        """What `gather` asks first of a snapshot, whatever it finds there."""
        who = request.subject
        casus = self.casus_of(who.partner, request.casus)
        return self._admissions.asks(who.partner, who.client, who.user), self._states.asks(casus)

    def gather(self, moment: Connection, request: ReleaseRequest, at: datetime) -> Gathered:
        """The facts of `request` at `at`, all read in the snapshot `moment`."""
        now = to_text(at)
        admitted, lapsed = self._who(moment, request, now)
        asker = admitted.partner
        reader = _receiver(moment, request.receiver) if request.receiver else asker
        casus = self.casus_of(asker.id, request.casus)
        state = self._states.of(moment, casus, asker.id)
        pseudonym = request.casus if reader is asker else self._names.casus_pseudonym(reader.id, casus)
        policy = self._policies(moment, reader)
        return Gathered(request, casus, state, admitted, reader, now, pseudonym, policy, lapsed)

    def forget(self, facts: Gathered) -> None:
        """Keep nothing of the casus for who asked: it is hidden from him, or there is none."""
        self._states.forget(facts.casus, facts.admitted.partner.id)

    def _who(self, moment: Connection, request: ReleaseRequest, now: str) -> tuple[Admitted, bool]:
        """Who asks or sends; of what is fetched both users count, and whether the sender has lapsed since."""
        if request.fetch is None:
            return self._admitted(moment, request.subject, now), False
        fetcher = self._admitted(moment, request.fetch.by, now)
        try:
            return of_both(self._admitted(moment, request.subject, now), fetcher), False
        except NotAuthenticated:
            return _lapsed(moment, request.subject, now), True

    def _admitted(self, moment: Connection, subject: Subject, now: str) -> Admitted:
        return self._admissions.admitted(moment, subject.partner, subject.client, subject.user, now)

    def casus_of(self, partner: str, pseudonym: str) -> str:
        """The casus behind a partner's pseudonym, or the id of no casus."""
        return self._names.casus_of(partner, pseudonym) or self._names.phantom(partner, pseudonym)


def of_both(sender: Admitted, fetcher: Admitted) -> Admitted:
    """The sender, with only those attributes of his user that the fetching user has too (R28: Wgs 1.8(2), UAVG 30(4)).

    So the policy judges once, on both: what is not true of either, or not known, permits nothing.
    """
    flags = {name: getattr(sender.user, name) and getattr(fetcher.user, name) for name in FLAGS}
    changes = [instant for instant in (sender.changes_at, fetcher.changes_at) if instant is not None]
    return replace(
        sender,
        user=replace(sender.user, **flags),
        since=max(sender.since, fetcher.since),
        changes_at=min(changes, default=None),
    )


def _lapsed(moment: Connection, subject: Subject, now: str) -> Admitted:
    row = partner_row(moment, subject.partner)
    if row is None:
        raise NotAuthenticated
    return Admitted(row, UserFacts(subject.user, None, None, None, None, None), subject.client, now, None)


def _receiver(moment: Connection, partner: str) -> PartnerRow:
    row = partner_row(moment, partner)
    if row is None or row.suspended_at is not None:
        raise NotPermitted("Deze ontvanger is bij ons niet bekend.")
    return row


def _partner(dossier: Dossier, partner: PartnerRow, at: str) -> dict[str, Any]:
    authority_from, authority_until = told_by.authority(dossier, partner.id, at)
    return {
        "id": partner.id,
        "kind": partner.kind.value,
        "standing": standing_in(dossier, partner, at),
        "relations": dossier.relations(partner.id, at),
        "secrecy_statement_until": told_by.statement_until(dossier, partner.id),
        "employer_kind": partner.employer_kind.value if partner.employer_kind else None,
        "authority_from": authority_from,
        "authority_until": authority_until,
        "fulfils": list(partner.fulfils),
    }


def standing_in(dossier: Dossier, partner: PartnerRow, at: str) -> str:
    """A deelnemer may stand as a derde in one casus (C2); who is never a deelnemer does not become one."""
    recorded = dossier.latest(kinds.STANDING, at, lambda body: body["partner"] == partner.id)
    if recorded is None or partner.standing is not PartnerStanding.DEELNEMER:
        return partner.standing.value
    standing: str = recorded.body["standing"]
    return standing


def _casus(state: CasusState, at: str) -> dict[str, Any]:
    dossier = state.dossier
    postponed = dossier.latest(kinds.POSTPONED, at)
    term = dossier.latest(kinds.TERM, at)
    absent = dossier.latest(kinds.ABSENCE, at)
    return {
        "regime": _of(dossier, kinds.REGIME, at, "regime"),
        "phase": _of(dossier, kinds.PHASE, at, "phase"),
        "aanmelder": dossier.aanmelder,
        "involved": dossier.partners(kinds.INVOLVED, at),
        "triage_group": dossier.partners(kinds.TRIAGE, at),
        "first_processed_at": state.created_at,
        "term_ends_at": term.body["term_ends_at"] if term else None,
        "closed_at": _closed_at(dossier),
        "wvggz_status": _status(dossier, "wvggz", at),
        "wzd_status": _status(dossier, "wzd", at),
        "subject_age": age(state.birth_date, at),
        "unauthorised_absence": bool(absent and absent.body["absent"]),
        "group_size": None,
        "informed_of": dossier.partners(kinds.INFORMED, at),
        "uavg41_until": postponed.body["until"] if postponed else None,
    }


def _of(dossier: Dossier, kind: str, at: str, key: str) -> str | None:
    standing = dossier.latest(kind, at)
    return standing.body[key] if standing else None


def _status(dossier: Dossier, law: str, at: str) -> str:
    standing = dossier.latest(kinds.PROCEDURE, at, lambda body: body["law"] == law)
    return standing.body["status"] if standing else "geen"


def _closed_at(dossier: Dossier) -> str | None:
    """When the casus was closed; reopening it (another phase later) makes that undone (Wgs 2.31(8))."""
    phases = dossier.of(kinds.PHASE)
    closed: str | None = None
    for standing in phases:
        if standing.body["phase"] not in ("afgesloten", "afgeschermd"):
            closed = None
        elif closed is None:
            closed = standing.record.recorded_at
    return closed


def _records(state: CasusState, made: Mapping[tuple[str, str], Any], at: str) -> Rows:
    regime = _of(state.dossier, kinds.REGIME, at, "regime")
    found = Rows(state.held.rows())
    by_source: dict[str, list[str]] = {}
    for field_, source in made:
        if field_ in GIVEN:
            # No source delivers it, and yet it is one's own: what was said to close it counts as for any other.
            closed = state.dossier.closed(source, field_)
            found.append(_made_row([field_], source, state.kinds.get(source, HUB), regime) | closed)
        else:
            by_source.setdefault(source, []).append(field_)
    found.extend(_made_row(names, source, state.kinds.get(source, HUB), regime) for source, names in by_source.items())
    return found


def _made_row(fields: list[str], source: str, kind: str, regime: str | None) -> dict[str, Any]:
    return {
        "fields": fields, "source": source, "source_kind": kind, "regime": regime, "levels": ["sam", "vol"],
        "person": "betrokkene", "restricted": False, "disputed": False, "objected": False, "vetoed": False,
        "uavg41": False, "supplier_agreed": False, "destroy_on": None, "denied_to": [], "treating_with": [],
        "financed_by": [], "melding_receiver": None, "wpg": None, "wjsg": None,
    }  # fmt: skip


def made_fields(dossier: Dossier, at: str, pseudonym: str) -> dict[tuple[str, str], Any]:
    """The fields that the hub keeps itself, with their values; none for a casus that is not there."""
    if dossier.aanmelder is None:
        return {}
    made: dict[tuple[str, str], Any] = {
        ("casus_bestaat", HUB): True,
        ("pseudoniem_id", HUB): pseudonym,
        ("casus_fase", HUB): _of(dossier, kinds.PHASE, at, "phase"),
        ("dataclock_eerste_verwerking", HUB): dossier.of(kinds.AANMELDING)[0].record.recorded_at,
    }
    if (regime := _of(dossier, kinds.REGIME, at, "regime")) is not None:
        made["juridisch_regime", HUB] = regime
    if involved := dossier.partners(kinds.INVOLVED, at):
        made["betrokken_deelnemers", HUB] = involved
    made.update(told_by.given_records(dossier))
    return made


def age(birth_date: str | None, at: str) -> int | None:
    """Whole years at `at`; a partly known date (`1990`, `1990-05`) counts at its latest, so never too old.

    None where it is not known, or no age of anybody.
    """
    if birth_date is None:
        return None
    year, month, day = _parts(birth_date)
    years = int(at[:4]) - year - (at[5:10] < f"{month:02d}-{day:02d}")
    return years if 0 <= years <= OLDEST else None


def _birthday(birth_date: str | None, at: str) -> str | None:
    """When the age next changes."""
    if birth_date is None:
        return None
    _, month, day = _parts(birth_date)
    year = int(at[:4]) + (at[5:10] >= f"{month:02d}-{day:02d}")
    try:
        next_one = date(year, month, day)
    except ValueError:  # 29 February in a common year
        next_one = date(year, 3, 1)
    return f"{next_one.isoformat()}T00:00:00.000000Z"


def _parts(birth_date: str) -> tuple[int, int, int]:
    year, month, day = (*(int(piece) for piece in birth_date.split("-")), 0, 0)[:3]
    return year, month or 12, day or 31
