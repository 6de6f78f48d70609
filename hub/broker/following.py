"""What a release leaves to be followed up: who has to do what by when, put on file in one unit of work with its entry.

Each obligation has one addressee a line: the partner that can carry it out. It finds its own in `GET /v1/verplichtingen`
and says there when it is done. While one is open the same is not put on file again.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from consent import dossier as kinds
from consent.facts import emergency_ends_at
from hub.broker.consented import let_out
from hub.broker.duties import due_at, to_follow_up
from hub.broker.facts import Gathered
from hub.broker.state import CasusState
from hub.crypto.aead import open_, seal
from hub.crypto.random_ids import new_id
from hub.model.canonical import canonical_json
from hub.model.casus import Regime
from hub.model.obligations import VIA_PROVIDER
from hub.model.partner import CARE_KINDS, SUPPLY_KINDS, PartnerKind, Relation
from hub.model.registry import Standing
from hub.model.release import Obligation, Release, Released
from hub.store import obligations
from hub.store.engine import Connection
from hub.store.obligations import ObligationRow
from hub.store.prepared import Then

SUPERVISION = "*"
"""The addressee of what every partner of kind `toezicht` sees and may carry out."""

CASUS_TOKEN = "verplichting"  # noqa: S105 - a label, no secret
"""The kind of the keyed token by which the obligations of a casus are found."""

ASKED, REPORTED = "noodverzoek", "terugmelding"
"""That a source is asked for an emergency; and what became of what was handed on, for who handed it on (Wgs 1.7(4))."""

EMERGENCY_USED = "emergency"
"""The secrecy exception of what an emergency opened (docs/decision-contract.md)."""


class Names(Protocol):
    """Keyed tokens."""

    def index_token(self, kind: str, text: str, partner: str | None = None) -> bytes: ...


@dataclass(frozen=True)
class Due:
    """One obligation of one addressee. `about`: the partner that got fields, asks, or sent; `record` and `emergency`: id
    and kind of an emergency; `outcome`: what a report says; `whose`: (partner, user) who records no new emergency while
    this is overdue; `used`: ids of what let the fields out, where it ends with them; `due_at`: UTC text.
    """

    type: str
    addressee: str
    casus: str
    due_at: str
    about: str | None = None
    purpose: str | None = None
    fields: tuple[str, ...] = ()
    sending: str | None = None
    record: str | None = None
    outcome: str | None = None
    emergency: str | None = None
    whose: tuple[str, str] | None = None
    used: tuple[str, ...] = ()


class Following:
    """Puts obligations on file and reads them again. `key` seals what they are about; `groups`: field -> its group."""

    def __init__(self, names: Names, key: bytes, groups: Mapping[str, str]) -> None:
        self._names = names
        self._key = key
        self._groups = groups

    def of_release(self, facts: Gathered, release: Release) -> list[tuple[bytes, Due]]:
        """What `release` leaves to be followed up, each with the token by which the same is known."""
        duties = to_follow_up(release.obligations)
        return [(self._once(due), due) for duty in duties for due in _dues(duty, facts, release, self._groups)]

    def ask_to_put(self, connection: Connection, dues: Sequence[tuple[bytes, Due]], at: str) -> list[Then]:
        """What comes of it puts these on file. What is open already stays as it is, and costs no more than a query."""
        firsts: dict[bytes, Due] = {}
        for once, due in dues:
            firsts.setdefault(once, due)
        return [
            obligations.ask_to_put(connection, once, partial(self._row, once, due, at)) for once, due in firsts.items()
        ]

    def put_one(self, connection: Connection, due: Due, at: str) -> None:
        """Put one on file."""
        for put in self.ask_to_put(connection, [(self._once(due), due)], at):
            put()

    def _row(self, once: bytes, due: Due, at: str) -> dict[str, Any]:
        id_ = new_id()
        return {
            "id": id_,
            "addressee": due.addressee,
            "type": due.type,
            "casus": self.of_casus(due.casus),
            "whose": None if due.whose is None else self.of_user(*due.whose),
            "once": once,
            "sealed": seal(self._key, canonical_json(vars(due)), ("obligation", due.addressee, id_)),
            "created_at": at,
            "due_at": due.due_at,
        }

    def _once(self, due: Due) -> bytes:
        return self._names.index_token("verplichting-eenmaal", _same(due))

    def read(self, row: ObligationRow) -> Due:
        """What `row` is about, due when it is now. Raises Sealed for one that was tampered with."""
        kept: dict[str, Any] = json.loads(open_(self._key, row.sealed, ("obligation", row.addressee, row.id)))
        whose = kept["whose"]
        lists = {"fields": tuple(kept["fields"]), "used": tuple(kept.get("used", ()))}
        return Due(**{**kept, **lists, "whose": whose and tuple(whose), "due_at": row.due_at})

    def open(self, connection: Connection, casus: str, type_: str) -> list[tuple[str, Due]]:
        """What of one type is open in a casus, each by its id. Raises Sealed for one that was tampered with."""
        found = obligations.of_casus(connection, self.of_casus(casus), type_)
        return [(row.id, self.read(row)) for row in found]

    def of_casus(self, casus: str) -> bytes:
        """The keyed token of a casus."""
        return self._names.index_token(CASUS_TOKEN, casus)

    def of_user(self, partner: str, user: str) -> bytes:
        """The keyed token of a user."""
        return self._names.index_token("verplichting-van", f"{partner}/{user}")


def _same(due: Due) -> str:
    """What makes it the same as another: where it tells of fields, also which; of what expires also when, and by what: one
    that was withdrawn moved its line, and what leaves by the next has its own. Each report is one, and so is each question
    for an emergency that asks something else. Of all others the first term counts."""
    told: tuple[str | None, ...] = ()
    if due.type == "expires_at":
        told = (due.due_at, *due.used, "")
    elif due.type == REPORTED:
        told = (due.due_at, due.outcome)
    elif due.type == ASKED:
        told = (due.emergency, due.purpose)
    fields = due.fields if due.type in _TELLS_FIELDS else ()
    return "|".join([due.type, due.addressee, due.casus,
                     *(part or "" for part in (due.about, due.sending, due.record, *told)), *fields])  # fmt: skip


def _dues(duty: Obligation, facts: Gathered, release: Release, groups: Mapping[str, str]) -> Iterator[Due]:
    request, reader = facts.request, facts.reader.id
    to_reader = duty.type in ("expires_at", "feedback_due")
    about = (request.subject.partner if request.receiver else None) if to_reader else reader
    standing = facts.emergency if duty.type in _OF_EMERGENCY else None
    recorder = standing.record.recorder if standing else None
    for addressee in _addressees(duty.type, facts, release):
        yield Due(
            type=duty.type,
            addressee=addressee,
            casus=facts.casus,
            due_at=due_at(duty, release.at),
            about=about,
            purpose=request.purpose,
            fields=_fields(duty, addressee, release, standing),
            sending=request.sending,
            record=standing.record.id if standing else None,
            emergency=standing.body["emergency"] if standing else None,
            whose=(recorder.partner, recorder.user) if recorder and duty.type in HOLDS_BACK else None,
            used=_used(duty, facts, release, groups) if duty.type == "expires_at" else (),
        )


HOLDS_BACK = frozenset({"review_fg", "second_approval"})
"""While one of these is overdue, who recorded the emergency records no new one (R21)."""
_OF_EMERGENCY = HOLDS_BACK | {"note_in_dossier", "notify_bron"}
_TO_SOURCES = frozenset({"notify_bron", "note_in_dossier"})
_TELLS_FIELDS = _TO_SOURCES | {VIA_PROVIDER, "notify_zv", "expires_at", ASKED}
_BY_ARTICLE = ("wv", "wz")
"""How kinds of basis begin that are an article of the Wvggz or the Wzd."""


def _fields(duty: Obligation, addressee: str, release: Release, emergency: Standing | None) -> tuple[str, ...]:
    """Of which fields it speaks: who reviews an emergency hears of all that it opens (R21), a source of its own, the
    zorgverantwoordelijke of what he has to note (8:29(2))."""
    if emergency is not None and duty.type in HOLDS_BACK:
        return tuple(emergency.body["fields"])
    if duty.type == VIA_PROVIDER:
        return tuple(sorted(field for field, source in release.through if source == addressee))
    if duty.type in _TO_SOURCES:
        return tuple(sorted({line.field for line, _ in release.fields if line.source == addressee}))
    if duty.type == "notify_zv":
        return tuple(sorted({line.field for line, _ in release.fields if _went_by_article(line, release)}))
    return duty.fields or ()


def _used(duty: Obligation, facts: Gathered, release: Release, groups: Mapping[str, str]) -> tuple[str, ...]:
    """What let its fields out, by its ids: when a consent among them is withdrawn, or an emergency called unlawful, they are
    dropped at once (AVG 7(3), R21)."""
    lines = [line for line, _ in release.fields if line.field in (duty.fields or ())]
    named = {id_ for line in lines for id_ in (line.legal_basis, line.secrecy_exception) if id_}
    standing = facts.emergency
    # As a ground, or as that by which the purpose is his, no line names it: what ends with it was let out by it.
    if standing and (EMERGENCY_USED in named or duty.at == emergency_ends_at(standing)):
        named.add(standing.record.id)
    return tuple(sorted(named | let_out(lines, duty.at or "", facts, groups)))


def _went_by_article(line: Released, release: Release) -> bool:
    by_basis = release.bases.get(line.legal_basis, "").startswith(_BY_ARTICLE)
    return by_basis or line.secrecy_exception == "gh_wettelijke_plicht"


def _addressees(type_: str, facts: Gathered, release: Release) -> Sequence[str]:
    """Who carries it out. Always somebody: what nobody would do may not seem to be done."""
    match type_:
        case "expires_at" | "feedback_due":
            return [facts.reader.id]
        case "review_fg":
            return [SUPERVISION]
        case "inform_betrokkene":
            return [who_informs(facts.state, facts.reader.id, facts.at)]
        case "notify_zv":
            return _responsible(facts) or _sources(facts, release, CARE_KINDS)
        case "second_approval":
            standing = facts.emergency
            return [standing.record.recorder.partner if standing else facts.reader.id]
        case "via_provider":
            return sorted({source for _, source in release.through})
        case _:
            return _notified(facts, release)


def who_informs(state: CasusState, receiver: str, at: str) -> str:
    """AVG 14: in a Zorg- en Veiligheidshuis the contactpunt for all (Bgs 1.1-1.3), elsewhere who received it."""
    dossier = state.dossier
    regime = dossier.latest(kinds.REGIME, at)
    if regime is None or regime.body["regime"] != Regime.WGS_ZVH:
        return receiver
    involved = {one.body["partner"]: one.body.get("partner_kind") for one in dossier.live(kinds.INVOLVED, at)}
    for kind in (PartnerKind.COLLEGE, PartnerKind.BURGEMEESTER, PartnerKind.ZVH_PROCESREGISSEUR):
        # What was put on file before the kind went with it: known of who supplied or recorded something.
        found: list[str] = [one for one, said in involved.items() if (said or state.kinds.get(one)) == kind]
        if found:
            return min(found)
    return receiver


def _responsible(facts: Gathered) -> list[str]:
    """The zorgverantwoordelijke of the person (8:29(2), 18c(3))."""
    relations = facts.state.dossier.live(kinds.RELATION, facts.at)
    named = (s.body["partner"] for s in relations if s.body["relation"] == Relation.ZORGVERANTWOORDELIJKE)
    return sorted(set(named))


def _notified(facts: Gathered, release: Release) -> list[str]:
    """The sources whose secret an emergency lifted; of a derde the police or justice (Wpg 20(3), Wjsg 39j)."""
    lifted = {line.source for line, _ in release.fields if line.secrecy_exception == EMERGENCY_USED}
    return sorted(lifted) or _sources(facts, release, SUPPLY_KINDS)


def _sources(facts: Gathered, release: Release, of_kinds: frozenset[PartnerKind]) -> list[str]:
    """The sources of these kinds of what leaves; all of them, where none is."""
    left = sorted({line.source for line, _ in release.fields})
    return [source for source in left if facts.state.kinds.get(source) in of_kinds] or left
