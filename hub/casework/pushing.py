"""A push by another: sent as a promise without values, listed in the receiver's postvak, fetched once (Wgs 2.31(9)-(11)).

Both the sending and the fetching run through `Broker.release`, for the same request: what the law no longer lets out by
then stays in, and nothing leaves that was not promised. docs/besluiten-beleid.md says which choices were taken.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from consent.dossier import Dossier
from hub.broker.entering import SENT, Beside, refused
from hub.broker.entry import of_no_casus
from hub.broker.facts import Gathered, standing_in
from hub.casework import sent
from hub.casework.authorised import must_be_reader
from hub.casework.moment import Call
from hub.casework.paging import Page, Turn, page_of
from hub.casework.rules import Bench, may_send
from hub.casework.sent import Sent
from hub.casework.writing import Once, Writing, unknown
from hub.casework.writing import refused as refused_call
from hub.crypto.aead import open_, seal
from hub.crypto.cursor import Cursors
from hub.crypto.random_ids import new_id
from hub.errors import HubError, IdempotencyConflict, NotFound, NotPermitted, Sealed, Unreadable
from hub.model.canonical import canonical_json
from hub.model.instant import to_text
from hub.model.purpose import Action
from hub.model.release import Fetch, Receipt, Release, ReleaseRequest, Subject
from hub.store import log as entries
from hub.store import postvak as rows
from hub.store.engine import Connection, Store
from hub.store.partners import Admitted, PartnerRow, partner_row
from hub.store.postvak import PostvakRow
from hub.store.proofs import use_up
from hub.store.units import Tx

AGAIN = timedelta(minutes=10)
"""So long the same call may be made again under its Idempotency-Key, when the answer to a fetch got lost."""

CASUS_TOKEN = "postvak"  # noqa: S105 - a label, no secret
"""The kind of the keyed token by which the sendings of a casus are found when it is destroyed."""


class Releases(Protocol):
    """The broker."""

    def release(self, request: ReleaseRequest, beside: Beside | None = None) -> Release: ...


class Log(Protocol):
    """The log, as far as receipts are read again."""

    def read(self, conn: Connection, index: int) -> tuple[Any, Any]: ...
    def receipt(self, conn: Connection, index: int) -> Receipt: ...


@dataclass(frozen=True)
class Push:
    """What is to be sent: to whom, for which purpose, which fields (`*`: all)."""

    receiver: str
    purpose: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """One line of a postvak. Nothing of the casus; instants are UTC text."""

    id: str
    since: str
    sender: str
    purpose: str
    until: str


class AtTheTable:
    """Who may send, for the broker: the rule of casework on what the broker read (`hub.broker.sending.Senders`)."""

    def takes_part(self, facts: Gathered) -> bool:
        """Whether the sender has any part in the casus."""
        return facts.state.dossier.takes_part(facts.admitted.partner.id, facts.at)

    def may_send(self, facts: Gathered) -> bool:
        """Whether the sender may send to this receiver."""
        return _may_send(facts.state.dossier, facts.admitted, facts.reader, facts.at)


def _may_send(dossier: Dossier, sender: Admitted, receiver: PartnerRow, at: str) -> bool:
    partner = sender.partner
    standings = {"sender": standing_in(dossier, partner, at), "receiver": standing_in(dossier, receiver, at)}
    return may_send(Bench(partner.id, partner.kind, sender.user.role, dossier, at, standings))


class _Repeated(HubError):
    """This call was answered while it ran: its answer is on file. Never reaches a door."""


class Pushing:
    """Sends, lists, fetches. `keep` is how long a sending waits."""

    def __init__(
        self, broker: Releases, writing: Writing, store: Store, log: Log, key: bytes, cursors: Cursors, keep: timedelta
    ) -> None:
        self._broker = broker
        self._writing = writing
        self._store = store
        self._log = log
        self._key = key
        self._cursors = cursors
        self._keep = keep

    # --- sending ---

    def push(self, call: Call, once: Once, push: Push) -> Sent:
        """Send what the policy lets the receiver have. The same call again gets the same answer, while he may send still.

        A refusal is a Sent without id. Raises NotFound for a casus in which the caller has no part, NotPermitted for a
        receiver that there is not and for a user who may not hear again what was sent, IdempotencyConflict for a key of
        another call. All of these are entered.
        """
        try:
            return self._pushed(call, once, push)
        except (NotPermitted, IdempotencyConflict) as refusal:
            self._writing.enter([refused(call.subject, call.at, SENT, refusal.code)], call.proof_ids)
            raise

    def _pushed(self, call: Call, once: Once, push: Push) -> Sent:
        known = self._sent_before(call, once, push.receiver)
        if known is not None:
            return known
        id_ = new_id()
        request = ReleaseRequest(
            call.subject, call.casus, push.purpose, push.fields, Action.VERSTREKKEN, push.receiver, call.proof_ids, id_
        )
        try:
            release = self._broker.release(request, self._promising(call, once, id_))
        except _Repeated:
            # What he may hear of it was looked at too early. Meanwhile he may have lost that too: then it is decided anew.
            return self._pushed(call, once, push)
        if release.concealed:
            raise NotFound
        return Sent(id_, release)

    def _promising(self, call: Call, once: Once, id_: str) -> Beside:
        def beside(tx: Tx, facts: Gathered, release: Release) -> None:
            if release.concealed:
                return
            if self._writing.answered(tx.connection, call, once) is not None:
                if not release.fields:
                    # He may not send any more: that is his answer now, and what he heard before stays as it is.
                    return
                raise _Repeated
            self._writing.keep(tx, call, once, sent.document(Sent(id_, release)))
            rows.sweep(tx.connection, facts.at)
            if release.fields:
                rows.put(tx.connection, self._row(id_, facts, release))

        return beside

    def _row(self, id_: str, facts: Gathered, release: Release) -> dict[str, object]:
        receiver = facts.reader.id
        promise = canonical_json(sent.promise(facts.request, release))
        return {
            "id": id_,
            "partner": receiver,
            "casus": self._writing.ground.names.index_token(CASUS_TOKEN, facts.casus),
            "sealed": seal(self._key, promise, ("postvak", receiver, id_)),
            "created_at": facts.at,
            "expires_at": min([to_text(release.at + self._keep), *_expiries(release)]),
        }

    def _sent_before(self, call: Call, once: Once, receiver: str) -> Sent | None:
        """What this call was answered, or None. Who may not send to this receiver any more is not told again what others
        hold: his call is decided as any."""
        with self._read(call), self._store.snapshot() as moment:
            call, caller = self._writing.ground.admitted(moment, call)
            try:
                answer = self._writing.answered(moment, call, once)
            except IdempotencyConflict:
                must_be_reader(caller)
                raise
            if answer is None:
                return None
            # The policy is not asked again: who may not work with data (any more) gets no answer of before either.
            must_be_reader(caller)
            known = sent.of_document(answer)
            if not self._may_hear_again(moment, call, caller, receiver, known):
                return None
            receipt = self._receipt(moment, call, known)
        self._store.commit(lambda tx: use_up(tx, call.proof_ids))
        return Sent(known.id, known.release.with_receipt(receipt)) if receipt else known

    @contextmanager
    def _read(self, call: Call) -> Iterator[None]:
        """Around what is read for `call` before it is decided: what does not open is entered, as a no that tells so."""
        try:
            yield
        except (Sealed, Unreadable):
            self._writing.enter_refused(call, Unreadable.code)
            raise Unreadable from None

    def _may_hear_again(self, moment: Connection, call: Call, caller: Admitted, receiver: str, known: Sent) -> bool:
        """Whether he may send still; where nothing was sent, whether he has a part in the casus still."""
        ground, row = self._writing.ground, partner_row(moment, receiver)
        casus = ground.names.casus_of(caller.partner.id, call.casus)
        if casus is None or row is None:
            return False
        dossier, at = ground.states.of(moment, casus, caller.partner.id).dossier, to_text(call.at)
        if not known.release.fields:
            return dossier.takes_part(caller.partner.id, at)
        return _may_send(dossier, caller, row, at)

    def _receipt(self, moment: Connection, call: Call, known: Sent) -> Receipt | None:
        """The receipt of the entry that went with the answer, under the newest checkpoint."""
        casus = self._writing.ground.names.casus_of(call.subject.partner, call.casus) or ""
        for index in entries.indexes_at(moment, casus, SENT, to_text(known.release.at)):
            with suppress(Sealed):
                if self._log.read(moment, index)[1].get("sending") == known.id:
                    return self._log.receipt(moment, index)
        return None

    # --- the postvak ---

    def postvak(self, call: Call, turn: Turn) -> Page[Waiting]:
        """What waits for the caller's partner, newest first; entered. Nothing of a casus is told."""
        subject, place = call.subject, ("postvak", call.subject.partner)
        before = self._cursors.opened(turn.cursor, place)
        with self._store.snapshot() as moment:
            call, _ = self._writing.ground.admitted(moment, call)
            found = rows.page(moment, subject.partner, to_text(call.at), before, turn.count + 1)
        page = page_of([(row.seq, row) for row in found], turn.count, self._cursors, place)
        entry = of_no_casus("postvak", subject, call.at, {"zendingen": [row.id for row in page.items]})
        self._writing.enter([entry], call.proof_ids)
        lines = (self._line(row) for row in page.items)
        return Page([line for line in lines if line is not None], page.following)

    def _line(self, row: PostvakRow) -> Waiting | None:
        try:
            promise = self._opened(row)
        except Sealed:
            # One that was tampered with does not keep the others from being seen.
            return None
        return Waiting(row.id, row.created_at, promise["subject"]["partner"], promise["purpose"], row.expires_at)

    # --- fetching ---

    def fetch(self, call: Call, once: Once, id_: str) -> Release:
        """The fields that were sent, as far as they may still leave; once.

        Raises NotFound, entered, for what is unknown, another's, expired, fetched, or of which nothing may leave now to
        a partner from whom the casus is hidden.
        """
        try:
            request, again_since = self._promised(call, once, id_)
            release = self._broker.release(request, self._taking(call, once, id_, again_since))
        except NotFound:
            # No unit of work looked at the proof yet: one that was used before hears that alone.
            self._writing.enter([unknown(call)], call.proof_ids)
            raise
        except IdempotencyConflict as refusal:
            self._writing.enter([refused_call(call, refusal.code)], call.proof_ids)
            raise
        if release.concealed:
            raise _unknown()
        return release

    def _promised(self, call: Call, once: Once, id_: str) -> tuple[ReleaseRequest, str | None]:
        """The request as it was promised, and (when this call was answered before) since when it may be answered again."""
        with self._read(call), self._store.snapshot() as moment:
            call, _ = self._writing.ground.admitted(moment, call)
            again = self._writing.answered(moment, call, once) is not None
            # By no clock that is behind one by which it has expired.
            row = rows.waiting(moment, call.subject.partner, id_, to_text(call.at))
            since = to_text(call.at - AGAIN) if again else None
            if row is None or not (row.fetched_at is None or (since is not None and row.fetched_at > since)):
                raise _unknown()
            promise = self._opened(row)
        lines = tuple((field, source, level) for field, source, level in promise["lines"])
        request = ReleaseRequest(
            subject=Subject(**promise["subject"]),
            casus=promise["casus"],
            purpose=promise["purpose"],
            fields=tuple(sorted({field for field, _, _ in lines})),
            action=Action.VERSTREKKEN,
            receiver=call.subject.partner,
            proof_ids=call.proof_ids,
            sending=id_,
            fetch=Fetch(call.subject, lines),
        )
        return request, since

    def _taking(self, call: Call, once: Once, id_: str, again_since: str | None) -> Beside:
        def beside(tx: Tx, facts: Gathered, release: Release) -> None:
            if not release.fields:
                return
            # The very same call may have been answered while this one ran: then it is made again, and no other's fetch.
            again = again_since is not None or self._writing.answered(tx.connection, call, once) is not None
            since = again_since or (to_text(release.at - AGAIN) if again else None)
            if not rows.fetched(tx.connection, id_, facts.at, again_since=since):
                raise _unknown()
            if not again:
                # Under the key stands that it was fetched, not what: values are kept nowhere twice.
                self._writing.keep(tx, call, once, {"zending": id_})

        return beside

    def _opened(self, row: PostvakRow) -> dict[str, Any]:
        promise: dict[str, Any] = json.loads(open_(self._key, row.sealed, ("postvak", row.partner, row.id)))
        return promise


def _expiries(release: Release) -> list[str]:
    """When the receiver has to drop something of it: from then on it is not fetched either."""
    return [duty.at for duty in release.obligations if duty.type == "expires_at" and duty.at is not None]


def _unknown() -> NotFound:
    return NotFound("Deze zending is bij ons niet bekend.")
