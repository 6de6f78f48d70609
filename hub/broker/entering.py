"""Step 5: the entry, the facts for replay, the used-up proofs and what is to be followed up, in one unit of work."""

from collections.abc import Callable, Mapping
from dataclasses import astuple, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from hub.broker import guessing
from hub.broker.decided import Decided
from hub.broker.entry import of_no_casus
from hub.broker.facts import Gathered
from hub.broker.following import Following
from hub.broker.keeping import Keep, keeper, name_of
from hub.crypto.aead import seal
from hub.errors import Sealed
from hub.events.alarm import alarm
from hub.model.canonical import canonical_json
from hub.model.instant import to_text
from hub.model.purpose import Action
from hub.model.release import DECISION_EVENT, Entry, Evaluation, Release, ReleaseRequest, Subject
from hub.model.trace import current
from hub.store import casus as rows
from hub.store.engine import Committed
from hub.store.notices import NoticeRow, hour, put, report
from hub.store.partners import FLAGS
from hub.store.prepared import Then
from hub.store.proofs import offer, use_up
from hub.store.units import Asking, Tx

T = TypeVar("T")

LOOKED, SEARCHED, SENT, FETCHED, EVALUATED = "raadpleging", "zoeking", "verstrekking", "ontvangst", "toets"
"""Kinds of entry: a look, a search, a push that was sent, its being fetched, and an evaluation, of which no value leaves."""

Beside = Callable[[Tx, Gathered, Release], None]
"""What goes into one unit of work with the entry, such as a promise in a postvak. Its error undoes the whole unit."""


class Keys(Protocol):
    """The keyring."""

    def get(self, name: str) -> bytes: ...
    def create(self, name: str) -> bytes: ...


class Commits(Protocol):
    """The durable write."""

    def commit(self, unit: Callable[[Tx], T]) -> Committed[T]: ...


class Entering:
    """Makes a release durable before it leaves."""

    def __init__(self, store: Commits, keys: Keys, following: Following) -> None:
        self._store = store
        self._keys = keys
        self._following = following

    def unit(
        self, facts: Gathered, decided: Decided, release: Release, beside: Beside | None = None
    ) -> Callable[[Tx], None]:
        """The unit of work that puts the release on file. It raises Stale when the casus or a partner moved since the facts
        were read, TooMany for a search over the limit: then nothing of this is on file. Raises Sealed when a key of the
        casus does not open that this is to be sealed with."""
        request = facts.request
        log_key = facts.state.held.log_key
        if release.fields and log_key is None:
            # A state is remembered without it. Of a casus whose log key has ended nothing leaves any more.
            log_key = self._keys.get(f"log/{facts.casus}")
        keep = self._facts_to_keep(facts, decided, release)
        entry = Entry(
            kind=_kind(request),
            at=release.at,
            log_key=_partner_log(request) if release.concealed else facts.casus,
            told=_told_part(facts, release),
            internal=_internal_part(facts, decided, release),
            # Of a casus that stands when this is written (below) its log key stands too.
            key=None if release.concealed else log_key,
        )
        looked = self._looked(facts, release, keep, entry)
        searches = request.action is Action.ZOEKEN and request.evaluation is None
        if not searches and beside is None:
            return looked

        def unit(tx: Tx) -> None:
            looked(tx)
            if searches:
                # In one unit with the note: who asks many times at once does not get past the limit.
                guessing.must_be_within(tx.connection, request.subject, release.at)
                guessing.note(tx.connection, request.subject, release.at)
            if beside is not None:
                beside(tx, facts, release)

        return unit

    def _looked(self, facts: Gathered, release: Release, keep: Keep | None, entry: Entry) -> Asking[None]:
        """What every release puts on file. Nothing of it changes what another one asks, but what is put there once."""
        due = self._following.of_release(facts, release)
        notice = self._notice(facts, release)

        def ask(tx: Tx) -> Then:
            # On PostgreSQL all others who write wait for the journeys of this unit: what does not wait for an answer is one.
            with tx.together() as conn:
                answered: list[Then] = [
                    rows.ask_whether_it_stands(conn, facts.casus, facts.casus_version, facts.partner_versions),
                    offer(tx, facts.request.proof_ids),
                    *([] if keep is None else [keep(conn)]),
                    *self._following.ask_to_put(conn, due, facts.at),
                ]

            def rest() -> None:
                for then in answered:
                    then()
                if notice is not None:
                    put(tx.connection, notice)
                tx.enter(entry)

            return rest

        return Asking(ask)

    def enter_unanswered(self, facts: Gathered, code: str, at: datetime) -> None:
        """Enter that a request was refused because the policy engine could not answer."""
        request = facts.request
        told = {**_question(facts, at), "gegevens": [], "geweigerd": [], "fout": code}
        log_key = facts.casus if facts.casus_version is not None else _partner_log(request)
        entry = Entry(_kind(request), at, log_key, told, {"casus": facts.casus, **evaluated(request.evaluation)})

        def unit(tx: Tx) -> None:
            use_up(tx, request.proof_ids)
            tx.enter(entry)

        self._store.commit(unit)

    def enter_unreadable(self, request: ReleaseRequest, casus: str, code: str, at: datetime) -> None:
        """Enter that a casus could not be read, and raise the alarm. Its own keys may be what is wrong: none is used."""
        internal = {"casus": casus, **evaluated(request.evaluation)}
        entry = replace(refused(request.asker, at, _kind(request), code), internal=internal)
        alarm("onleesbaar", 1, current().id)

        def unit(tx: Tx) -> None:
            use_up(tx, request.proof_ids)
            tx.enter(entry)
            report(tx.connection, "onleesbaar", request.asker.partner, to_text(at))

        self._store.commit(unit)

    def _facts_to_keep(self, facts: Gathered, decided: Decided, release: Release) -> Keep | None:
        """What keeps the facts for replay: sealed with the casus, or with the partner who asked for no casus."""
        text = decided.facts.text
        if text is None:
            return None
        # Read for a hidden casus too, where it is not needed: the same work as for one that there is not (R15).
        partners = partner_key(self._keys, facts.request.asker.partner) if release.concealed else None
        key = facts.state.held.own_key or partners
        if key is None:
            raise Sealed
        name = decided.facts.name = name_of(key, text)
        return keeper(key, facts.casus, name, text, always=release.concealed)

    def _notice(self, facts: Gathered, release: Release) -> NoticeRow | None:
        """For who watches over the hub: what should have opened. The same of a casus is one notice an hour."""
        broken = facts.casus_version is not None and facts.state.held.broken
        if not release.failed and not broken:
            return None
        alarm("veld", len(release.failed) + broken, current().id)
        at, casus = to_text(release.at), facts.casus
        body = canonical_json({"failed": [list(pair) for pair in release.failed], "broken": broken})
        log_key = facts.state.held.log_key or self._keys.get(f"log/{casus}")
        id_ = name_of(log_key, hour(at).encode() + body)
        return NoticeRow(id_, "alarm", casus, at, seal(log_key, body, ("outbox", casus, id_)))


def _kind(request: ReleaseRequest) -> str:
    if request.evaluation is not None:
        return EVALUATED
    if request.fetch is not None:
        return FETCHED
    return {Action.ZOEKEN: SEARCHED, Action.VERSTREKKEN: SENT}.get(request.action, LOOKED)


def _partner_log(request: ReleaseRequest) -> str:
    """The log of the asker, for what is about no casus as far as he is told: unknown and hidden ones alike (R15)."""
    return f"partner/{request.asker.partner}"


def refused(subject: Subject, at: datetime, call: str, code: str) -> Entry:
    """The entry of a call that was refused before anything was looked up: its kind and the code, and of no casus."""
    return of_no_casus("geweigerd", subject, at, {"aanroep": call, "fout": code})


def evaluated(evaluation: Evaluation | None) -> Mapping[str, Any]:
    """What the internal part of an entry says, where the record of the decision log goes in with it."""
    return {} if evaluation is None or evaluation.event is None else {DECISION_EVENT: evaluation.event}


def partner_key(keys: Keys, partner: str) -> bytes:
    """The log key of a partner, made at its first call."""
    try:
        return keys.get(f"log/partner/{partner}")
    except Sealed:
        return keys.create(f"log/partner/{partner}")


def _question(facts: Gathered, at: datetime) -> dict[str, Any]:
    """Who asked what, in the Dutch words of the API: the asker gets this in his receipt."""
    request = facts.request
    question: dict[str, Any] = {
        "soort": _kind(request),
        "tijdstip": to_text(at),
        "partner": request.asker.partner,
        "gebruiker": request.asker.user,
        "systeem": request.asker.client,
        "ontvanger": request.receiver,
        "casus": request.casus if facts.casus_version is not None else None,
        "doel": request.purpose,
        "actie": request.action.value,
    }
    if request.fetch is not None:
        # The receiver hears which partner sent it; the sender's name of the casus is not his.
        question |= {"afzender": request.subject.partner, "casus": None}
    return question


def _told_part(facts: Gathered, release: Release) -> Mapping[str, Any]:
    """What the asker was told: names and levels, reasons, duties; never a value. To whom a casus is hidden: nothing."""
    request, question = facts.request, _question(facts, release.at)
    if release.concealed:
        return {**question, "casus": None, "gegevens": [], "geweigerd": [], "fout": "onbekend"}
    if request.sending is not None:
        question["zending"] = request.sending if release.fields else None
    if release.content is not None:
        question["inhoud"] = release.content.digest
    return {
        **question,
        "gegevens": [
            {
                "veld": line.field,
                "bron": line.source,
                "niveau": line.level,
                "grondslag": line.legal_basis,
                "geheimUitzondering": line.secrecy_exception,
                **({"viaBron": True} if (line.field, line.source) in release.through else {}),
            }
            for line, _ in release.fields
        ],
        "geweigerd": [{"veld": w.field, "codes": [code for code, _ in w.reasons]} for w in release.withheld],
        "verplichtingen": [obligation.document() for obligation in release.obligations],
        "beleid": release.policy_revision,
        "fout": None,
    }


def _internal_part(facts: Gathered, decided: Decided, release: Release) -> Mapping[str, Any]:
    request, decision, user = facts.request, decided.decision, facts.admitted.user
    sent = {} if request.sending is None else {"sending": request.sending, "sent_by": list(astuple(request.subject))}
    if request.fetch is not None:
        sent["promised"] = [list(line) for line in request.fetch.promised]
    return {
        **sent,
        **evaluated(request.evaluation),
        "casus": facts.casus,
        "asked": list(request.fields),
        "regime": decided.regime,
        "role": user.role,
        "user": [getattr(user, name) for name in FLAGS],
        "concealed": decision.conceal,
        "refusals": [[r.field, r.source, r.code, r.about.value] for r in decision.refusals],
        "valid_until": decision.valid_until,
        "facts": decided.facts.name,
        "decided_at": decided.decided_at,
        "policy_revision": decision.policy_revision,
        "failed": [list(pair) for pair in release.failed],
    }
