"""An operator at work: who acts, with which key, and when; and the entry of what he did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hub.crypto.signing import Signer
from hub.errors import NotPermitted
from hub.model.instant import to_text
from hub.model.release import Entry
from hub.store.engine import Connection
from hub.store.operators import operator_keys

ACT: Final = "beheer"
"""Kind of the entry of an act that has no kind of its own."""
_LOG: Final = "hub"
"""The log of what is about no casus and no partner."""


@dataclass(frozen=True)
class Who:
    """The operator who acts, with his key, and when."""

    operator: str
    signer: Signer
    at: datetime


def must_be_operator(conn: Connection, who: Who) -> None:
    """Raise NotPermitted for who is no operator on record, or speaks with another's key."""
    if operator_keys(conn).get(who.operator) != who.signer.public:
        raise NotPermitted("Deze sleutel is niet van een bekende beheerder.")


def entry_of(
    by: str,
    at: datetime,
    what: Mapping[str, Any],
    internal: Mapping[str, Any] | None = None,
    *,
    kind: str = ACT,
    log_key: str = _LOG,
) -> Entry:
    """The entry of what the operator `by` did: `what` is told, `internal` is not."""
    told = {"soort": kind, "tijdstip": to_text(at), "partner": "hub", "gebruiker": by, **what}
    return Entry(kind, at, log_key, told, internal or {})
