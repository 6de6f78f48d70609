"""A push: judged on who sends as well, promised without values, fetched never wider than it was promised.

The policy judges the receiver, and of the users what both have. Whether a partner may send in a casus is a rule of
casework; the broker asks it here, at the sending and again at the fetching, so that no door can pass it by.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from secrets import token_bytes
from typing import Protocol

from hub.broker.decided import Decided
from hub.broker.facts import Gathered
from hub.broker.told import WHOLE
from hub.model.canonical import canonical_json
from hub.model.purpose import Action
from hub.model.release import AGG, HIT, SAM, VOL, About, Content, OpenedField, Refusal, Released, Withheld

NO_SENDER = "E_AFZENDER"
"""The partner that sends may not send this casus's fields to this receiver. Not the engine's: it judges the receiver."""

_LAW = ("wg09", "wg14")
_RANK = {HIT: 0, SAM: 1, VOL: 2}


class Senders(Protocol):
    """Who may send (hub.casework.rules)."""

    def takes_part(self, facts: Gathered) -> bool: ...
    def may_send(self, facts: Gathered) -> bool: ...


def judged(decided: Decided, facts: Gathered, senders: Senders) -> Decided:
    """`decided` as it counts for this request: as it is, but for a push.

    To who takes no part in the casus it is an unknown one, whatever the receiver might have had. To who does, its
    existence is no secret, even where it is one to the receiver.
    """
    request = facts.request
    if request.action is not Action.VERSTREKKEN:
        return decided
    may_send = not facts.lapsed and senders.may_send(facts)
    if request.fetch is not None:
        return _within(decided, request.fetch.promised) if may_send else _shut(decided, conceal=True)
    if not may_send:
        return _shut(decided, conceal=not senders.takes_part(facts))
    return replace(decided, outside=False, decision=replace(decided.decision, conceal=False))


def without_values(fields: Sequence[tuple[Released, OpenedField]]) -> tuple[tuple[Released, OpenedField], ...]:
    """What was found to open, as a promise: who sends needs no value, so none goes on."""
    return tuple((line, item._replace(value=None)) for line, item in fields)


def content_of(fields: Sequence[tuple[Released, OpenedField]]) -> Content:
    """The content hash of what is fetched (law of supply: Wpg 32(1)(b), Wjsg 39j): SHA-256 over a new salt and the
    canonical list of field, source, level and value."""
    salt = token_bytes(16)
    lines = canonical_json([[line.field, line.source, line.level, item.value] for line, item in fields])
    return Content("sha256:" + sha256(salt + lines).hexdigest(), salt.hex())


def _shut(decided: Decided, *, conceal: bool) -> Decided:
    refusal = Refusal(WHOLE, None, NO_SENDER, About.REQUEST, _LAW)
    decision = replace(
        decided.decision,
        allow=False,
        released=(),
        obligations=(),
        refusals=(*decided.decision.refusals, refusal),
        conceal=conceal,
    )
    return replace(decided, decision=decision, told=(Withheld(WHOLE, ((NO_SENDER, _LAW),)),))


def _within(decided: Decided, promised: Sequence[tuple[str, str, str]]) -> Decided:
    """Of what may leave now only what was promised: another source, or a higher level, waits for another sending."""
    levels = {(field, source): level for field, source, level in promised}
    narrower = decided.without(
        [
            (line.field, line.source)
            for line in decided.decision.released
            if not fits(line.level, levels.get((line.field, line.source)))
        ]
    )
    if narrower is decided or narrower.decision.released:
        return narrower
    return replace(narrower, decision=replace(narrower.decision, conceal=True))


def fits(level: str, promised: str | None) -> bool:
    """Whether what may leave at `level` is no more than what was promised."""
    if promised is None or AGG in (level, promised):
        return level == promised
    return _RANK[level] <= _RANK[promised]
