"""An operator at work: who acts, with which key, and when."""

from dataclasses import dataclass
from datetime import datetime

from hub.crypto.signing import Signer
from hub.errors import NotPermitted
from hub.store.engine import Connection
from hub.store.operators import operator_keys
from hub.store.partners import operator_counts


@dataclass(frozen=True)
class Who:
    """The operator who acts, with his key, and when."""

    operator: str
    signer: Signer
    at: datetime


def must_be_on_record(conn: Connection, name: str) -> None:
    """Raise NotPermitted for who is no operator on record, for an act that needs no proof by a key."""
    if not operator_counts(conn, name):
        raise NotPermitted("Alleen een bekende beheerder van de hub mag dit doen.")


def must_be_operator(conn: Connection, who: Who) -> None:
    """Raise NotPermitted for who is no operator on record, or speaks with another's key."""
    if operator_keys(conn).get(who.operator) != who.signer.public:
        raise NotPermitted("Deze sleutel is niet van een bekende beheerder.")
