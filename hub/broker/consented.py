"""Which consents let fields out, where a decision names none: of a field that is no secret a consent may be the ground, and
a purpose may be the asker's by consent alone.

The policy takes the smallest id of those that hold (policies/hub/consent). When such a one is withdrawn, what it let out is
to be dropped at once (AVG 7(3)); so its id goes with what is followed up.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from consent import dossier as kinds
from consent import facts as told_by
from hub.broker.facts import Gathered
from hub.model.instant import years_later
from hub.model.release import Released

Consent = Mapping[str, Any]


def let_out(lines: Sequence[Released], until: str, facts: Gathered, groups: Mapping[str, str]) -> set[str]:
    """The ids of the consents by which `lines` leave that have to be dropped at `until`. `groups`: field -> its group."""
    given = _given(facts)
    used: set[str] = set()
    for line in lines:
        words = {line.field, groups.get(line.field), told_by.EVERYONE}
        ground = min((id_ for id_, one in given.items() if _covers(one, line.source, words)), default=None)
        if ground is not None:
            used.add(ground)
        if ground is None or _end(given[ground]) != until:
            # It ends by another: that by which the purpose is his.
            used |= {id_ for id_, one in given.items() if _end(one) == until}
    return used


def _given(facts: Gathered) -> dict[str, Consent]:
    """The consents that hold for this reader and purpose."""
    return {
        one["id"]: one
        for one in told_by.consents(facts.state.dossier, facts.reader.id)
        if one["kind"] == kinds.CONSENT
        and not {facts.request.purpose, told_by.EVERYONE}.isdisjoint(one["purposes"])
        and _holds(one, facts.at)
    }


def _holds(one: Consent, at: str) -> bool:
    free = one["capable"] is one["voluntary"] is one["recorded_by_treating"] is True
    return free and one["given_at"] <= at < _end(one) and _has_authority(one["given_by"], one["given_at"], at)


def _has_authority(giver: Mapping[str, Any], given_at: str, at: str) -> bool:
    since, until = giver["authority_from"], giver["authority_until"]
    begun = giver["role"] == "betrokkene" if since is None else since <= given_at
    return begun and (until is None or at < until)


def _end(one: Consent) -> str:
    """The smallest of its end, its withdrawal, and 12 months."""
    ends = (one["valid_until"], one["withdrawn_at"], years_later(one["given_at"], 1))
    return min(end for end in ends if end is not None)


def _covers(one: Consent, source: str, words: set[str | None]) -> bool:
    return one["source"] == source and not words.isdisjoint(one["groups"])
