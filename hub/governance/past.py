"""Decisions of before, read back from the log: what was asked, what left, and where its facts are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from hub.audit.entry import Opened, opened
from hub.broker.entering import EVALUATED, FETCHED, LOOKED, SEARCHED, SENT
from hub.broker.sending import NO_SENDER, fits
from hub.crypto.destruction import log_key as key_name
from hub.crypto.keyring import Keyring
from hub.errors import Sealed
from hub.model.purpose import Action
from hub.store import log as rows
from hub.store.engine import Store
from hub.store.log import StoredEntry
from hub.store.partners import FLAGS

KINDS: Final = (LOOKED, SEARCHED, SENT, FETCHED, EVALUATED)
"""Kinds of entry that tell of a decision."""

Left = Mapping[tuple[str, str], str]
"""What left: (field, source) -> level."""


@dataclass(frozen=True)
class Span:
    """Which entries: from an instant on (UTC text), and before an index."""

    since: str
    end: int


@dataclass(frozen=True)
class Past:
    """One decision of before. `facts`: the name under which the shared half of its facts is kept (hub.broker.keeping)."""

    idx: int
    casus: str
    facts: str
    question: Mapping[str, Any]
    """The other half: `at`, `action`, `started_by`, `purpose`, `requested`, `user` of the decision contract."""
    left: Left
    failed: frozenset[tuple[str, str]]
    """(field, source) of what was decided to leave but did not open."""
    promised: Mapping[tuple[str, str], str] | None
    """Of a push that was fetched: all that could leave."""
    shut: bool
    """The sender might not send: no policy opens that."""

    @property
    def alike(self) -> tuple[Any, ...]:
        """What a decision rests on besides its instant. No rule reads who the user is, only what is known of him."""
        asked, user = self.question, self.question["user"]
        known = (user["role"], *(user[flag] for flag in FLAGS))
        return self.facts, asked["action"], asked["started_by"], asked["purpose"], tuple(asked["requested"]), known

    def would_leave(self, released: Left) -> Left:
        """Of what a policy lets out what would have left, all else being as it was."""
        if self.shut:
            return {}
        return {
            place: level for place, level in released.items() if place not in self.failed and self._fits(place, level)
        }

    def _fits(self, place: tuple[str, str], level: str) -> bool:
        return self.promised is None or fits(level, self.promised.get(place))


def past_decisions(store: Store, keyring: Keyring, log_key: str, span: Span) -> Iterator[Past | None]:
    """The decisions in the entries under one log key, in order; None for an entry that does not open.

    No snapshot is held while one is with the caller.
    """
    first = 0
    while True:
        with store.snapshot() as moment:
            piece = rows.entries_under(moment, log_key, KINDS, span.since, first, span.end)
        for row in piece:
            try:
                found = _past(row, opened(row, keyring.get(key_name(row.log_key))))
            except Sealed:
                yield None
                continue
            if found is not None:
                yield found
        if len(piece) < rows.PIECE:
            return
        first = piece[-1].idx + 1


def _past(row: StoredEntry, entry: Opened) -> Past | None:
    """The decision that an entry tells of; None where the request was refused before anything was decided."""
    told, internal = orjson.loads(entry.told), orjson.loads(entry.internal)
    if "facts" not in internal or "user" not in internal:
        return None
    promised = internal.get("promised")
    return Past(
        idx=row.idx,
        casus=internal["casus"],
        facts=internal["facts"],
        question=_question(row.at, told, internal),
        left={(line["veld"], line["bron"]): line["niveau"] for line in told["gegevens"]},
        failed=frozenset((field, source) for field, source in internal["failed"]),
        promised=None if promised is None else {(field, source): level for field, source, level in promised},
        shut=any(code == NO_SENDER for _, _, code, _ in internal["refusals"]),
    )


def _question(at: str, told: Mapping[str, Any], internal: Mapping[str, Any]) -> dict[str, Any]:
    pushed = told["actie"] == Action.VERSTREKKEN
    caller = (told["partner"], told["gebruiker"])
    sender, user, *_ = internal.get("sent_by", caller) if pushed else (None, told["gebruiker"])
    return {
        "at": at,
        "action": told["actie"],
        "started_by": sender,
        "purpose": told["doel"],
        "requested": internal["asked"],
        "user": {"id": user, "role": internal["role"], **dict(zip(FLAGS, internal["user"], strict=True))},
    }
