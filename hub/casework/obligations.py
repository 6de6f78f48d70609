"""What is to be followed up: listed for who carries it out, done by his word or by what is put on file (docs/obligations.md).

Who carries it out hears names that he knows already or is told by law: the type, his own name of the casus, the partner it
is about, the fields. Who only received a push hears its id, and nothing of a casus (docs/besluiten-beleid.md).
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from consent import dossier as kinds
from consent.facts import emergency_ends_at
from hub.broker.entry import called, of_no_casus
from hub.broker.following import ASKED, REPORTED, SUPERVISION, Due, who_informs
from hub.casework.authorised import must_be_reader
from hub.casework.emergencies import raised
from hub.casework.moment import Answer, Call, Moment, enter_moment, moved
from hub.casework.paging import Page, Turn, page_of
from hub.casework.rules import RULES
from hub.casework.writing import Once, Writing, refused
from hub.crypto.cursor import Cursors
from hub.errors import Conflict, NotFound, NotPermitted, Sealed, ShapeError
from hub.model.instant import from_text, to_text
from hub.model.partner import PartnerKind
from hub.model.release import Entry
from hub.store import obligations as rows
from hub.store.engine import Store
from hub.store.obligations import ObligationRow
from hub.store.partners import Admitted
from hub.store.units import Tx

UNLAWFUL = "onrechtmatig"
"""The word of supervision that ends an emergency."""

OUTCOMES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("notify_zv", "notify_bron", REPORTED), ("gelezen",)),
    "inform_betrokkene": ("ingelicht",),
    "review_fg": ("rechtmatig", UNLAWFUL),
    "note_in_dossier": ("genoteerd",),
    # Not shown: to spare the privacy of another, or because good care demands it (7:456(1), 7:457(3) BW).
    "via_provider": ("getoond", "niet-getoond"),
    "expires_at": ("verwijderd",),
    "feedback_due": ("heeft-geholpen", "heeft-niet-geholpen", "niet-gebruikt"),
    ASKED: ("afgewezen",),
    # By the word of a second professional himself, or not at all.
    "second_approval": (),
}
"""Type -> what who carries it out can say of it. Words alone: a text would go past the policy."""

MONTH, YEAR = timedelta(days=30), timedelta(days=365)


@dataclass(frozen=True)
class Outcome:
    """What became of an obligation. `in_use`: the receiver of a push goes on using it, so he reports again in a year."""

    word: str
    in_use: bool = False


@dataclass(frozen=True)
class Open:
    """One open obligation, as its addressee sees it. `casus`: his own name of it, or None with the id of a `sending`."""

    id: str
    since: str
    due: Due
    casus: str | None
    sending: str | None
    overdue: bool

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be said of it."""
        return OUTCOMES[self.due.type]


class Obligations:
    """Lists obligations and takes in that they are done."""

    def __init__(self, writing: Writing, store: Store, cursors: Cursors) -> None:
        self._writing = writing
        self._store = store
        self._cursors = cursors
        self._following = writing.ground.following

    # --- the list ---

    def open(self, call: Call, turn: Turn) -> Page[Open]:
        """What the caller's partner has to carry out, newest first; entered. Raises NotPermitted, entered, for a user who
        is not designated, screened, trained and bound to secrecy.
        """
        subject, place = call.subject, ("verplichtingen", call.subject.partner)
        before = self._cursors.opened(turn.cursor, place)
        with self._store.snapshot() as moment:
            call, caller = self._writing.ground.admitted(moment, call)
            found = rows.page(moment, _addressees(caller), before, turn.count + 1)
        try:
            must_be_reader(caller)
        except NotPermitted as refusal:
            self._writing.enter([refused(call, refusal.code)], call.proof_ids)
            raise
        page = page_of([(row.seq, row) for row in found], turn.count, self._cursors, place)
        shown = {"getoond": [row.id for row in page.items]}
        self._writing.enter([of_no_casus("verplichtingen", subject, call.at, shown)], call.proof_ids)
        lines = (self._line(row, subject.partner, to_text(call.at)) for row in page.items)
        return Page([line for line in lines if line is not None], page.following)

    def _line(self, row: ObligationRow, partner: str, at: str) -> Open | None:
        try:
            due = self._following.read(row)
        except Sealed:
            # One that was tampered with does not keep the others from being seen.
            return None
        hides = _of_received(due)
        casus = None if hides else self._writing.ground.names.casus_pseudonym(partner, due.casus)
        return Open(row.id, row.created_at, due, casus, due.sending if hides else None, row.due_at <= at)

    # --- done ---

    def done(self, call: Call, once: Once, id_: str, outcome: Outcome) -> Answer:
        """Enter what became of an obligation, once.

        Raises NotFound for one that is unknown or of another, Conflict for one that is done or that only a record ends,
        ShapeError for an outcome that is none of its type. All are entered.
        """
        return self._writing.once(call, once, partial(self._done, id_, outcome))

    def _done(self, id_: str, outcome: Outcome, tx: Tx, call: Call, caller: Admitted) -> Answer:
        row = rows.of_addressees(tx.connection, _addressees(caller), id_)
        if row is None:
            raise NotFound("Deze verplichting is bij ons niet bekend.")
        due, at = self._following.read(row), to_text(call.at)
        _must_fit(row, due, outcome)
        rows.done(tx.connection, id_, at)
        self._follow_on(tx, call, caller, due, outcome)
        what = {"verplichting": id_, "verplichtingSoort": due.type, "uitkomst": outcome.word}
        told = {**called("afhandeling", call.subject, call.at), **what}
        tx.enter(Entry("afhandeling", call.at, due.casus, told, {"casus": due.casus, "record": due.record}))
        return {"id": id_, "soort": due.type, "uitkomst": outcome.word, "vastgelegdOp": at}

    def _follow_on(self, tx: Tx, call: Call, caller: Admitted, due: Due, outcome: Outcome) -> None:
        """What comes of it: the betrokkene is told; who handed on hears the report, and another is due in a year; supervision
        stands in for a second professional who did not come."""
        if due.type == "inform_betrokkene" and due.about is not None:
            self._told(tx, call, caller, due)
        if due.type == "review_fg":
            self._without_second(tx, call, due, outcome)
            if outcome.word == UNLAWFUL:
                self._stop(tx, call, caller, due)
        if due.type != "feedback_due":
            return
        at = to_text(call.at)
        if due.about is not None:
            report = replace(due, type=REPORTED, addressee=due.about, about=call.subject.partner, due_at=at)
            self._following.put_one(tx.connection, replace(report, outcome=outcome.word), at)
        if outcome.in_use:
            self._following.put_one(tx.connection, replace(due, due_at=to_text(call.at + YEAR)), at)

    def _without_second(self, tx: Tx, call: Call, due: Due, outcome: Outcome) -> None:
        """Supervision gave its word after the day in which a second professional could: it stands in his place (R21). Of what
        it calls unlawful there is nothing left to confirm."""
        at = to_text(call.at)
        asked = self._following.open(tx.connection, due.casus, "second_approval")
        seconds = [(id_, second) for id_, second in asked if second.record == due.record]
        if outcome.word == UNLAWFUL or any(second.due_at <= at for _, second in seconds):
            for id_, _ in seconds:
                rows.done(tx.connection, id_, at)

    def _stop(self, tx: Tx, call: Call, caller: Admitted, due: Due) -> None:
        """What supervision calls unlawful opens nothing from now on, and who got something by it drops that (R21)."""
        if due.due_at <= to_text(call.at):
            # A review is due no sooner than its emergency ends, so nothing of it is left. It is only now that who recorded it
            # is held back; and a casus that does not open is not to hold him for ever.
            return
        ground = self._writing.ground
        state = ground.states.of(tx.connection, due.casus, caller.partner.id)
        standing = None if due.record is None else state.dossier.by_id.get(due.record)
        if standing is None:
            return
        moment = Moment(tx, call, caller, state, ground)
        if standing.ended_at is None and moment.at < emergency_ends_at(standing):
            moment.put("beeindiging", {}, ends=due.record)
            moved(moment)
        _at_last(moment, "expires_at", moment.at, lambda left: standing.record.id in left.used)

    def _told(self, tx: Tx, call: Call, caller: Admitted, due: Due) -> None:
        """The record that the betrokkene was told, where the caller still has a part in the casus."""
        name = self._writing.ground.names.casus_pseudonym(call.subject.partner, due.casus)
        with suppress(NotFound):
            moment = enter_moment(self._writing.ground, tx, replace(call, casus=name), caller)
            if _may_say_so(moment, due):
                moment.put(kinds.INFORMED, {"partner": due.about})
                moved(moment)


def _may_say_so(moment: Moment, due: Due) -> bool:
    """Who may record it, and who it falls to still (AVG 14, Bgs 1.1-1.3)."""
    falls_to = who_informs(moment.state, due.about or moment.caller.partner.id, moment.at)
    return falls_to == moment.caller.partner.id or RULES["contact"](moment.bench({}))


def _addressees(caller: Admitted) -> list[str]:
    own = [caller.partner.id]
    return [*own, SUPERVISION] if caller.partner.kind is PartnerKind.TOEZICHT else own


def _of_received(due: Due) -> bool:
    """Whether it is of who received a push: he hears its id, and nothing of a casus."""
    to_receiver = due.type in ("expires_at", "feedback_due") or due.about == due.addressee
    return due.sending is not None and to_receiver


def _must_fit(row: ObligationRow, due: Due, outcome: Outcome) -> None:
    if row.done_at is not None:
        raise Conflict("Deze verplichting is al afgehandeld.")
    if not OUTCOMES[due.type]:
        raise Conflict("Een tweede professional legt dit zelf vast (tweede-professionals).")
    if outcome.word not in OUTCOMES[due.type]:
        raise ShapeError("Deze uitkomst past niet bij deze verplichting.", place="uitkomst")
    if outcome.in_use and due.type != "feedback_due":
        raise ShapeError("Dit hoort alleen bij een terugmelding.", place="nogInGebruik")


# --- by what is put on file ---


def recorded(moment: Moment, kind: str, id_: str, filed: Mapping[str, Any]) -> None:
    """A record settles, raises or puts off obligations of its casus."""
    if kind == kinds.EMERGENCY:
        raised(moment, id_, filed)
    elif kind == kinds.SECOND_PROFESSIONAL:
        moment.settle("second_approval", lambda due: due.record == filed["record"])
    elif kind == kinds.INFORMED:
        moment.settle("inform_betrokkene", lambda due: due.about == filed["partner"])
    elif kind == kinds.POSTPONED:
        _put_off(moment, filed["until"])


def _put_off(moment: Moment, until: str) -> None:
    """Telling the betrokkene waits until the re-check (UAVG 41, Bgs 1.3(3)); then it is due of all, also of what goes out
    meanwhile: the policy is silent on those."""
    partner = moment.caller.partner.id
    moment.follow(Due("inform_betrokkene", partner, moment.casus, until))
    for id_, due in moment.open_obligations("inform_betrokkene"):
        if due.due_at < until:
            rows.put_off(moment.tx.connection, id_, until)


def ended(moment: Moment, kind: str, record: str) -> None:
    """A postponement that ends: the betrokkene is told within a month. A consent that is withdrawn: who got something by
    it drops that now (AVG 7(3)).
    """
    if kind == kinds.POSTPONED:
        _at_last(moment, "inform_betrokkene", to_text(from_text(moment.at) + MONTH), lambda _: True)
    elif kind in kinds.CONSENT_KINDS:
        _at_last(moment, "expires_at", moment.at, lambda due: record in due.used)


def _at_last(moment: Moment, type_: str, at: str, fits: Callable[[Due], bool]) -> None:
    for id_, due in moment.open_obligations(type_):
        if due.due_at > at and fits(due):
            rows.put_off(moment.tx.connection, id_, at)
