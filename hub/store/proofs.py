"""One-time proofs that were used: kept for all processes until they could not be offered again."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from hub.errors import NotAuthenticated
from hub.model.instant import from_text, to_text
from hub.store.engine import Tx
from hub.store.tables import used_proofs

SWEPT_AFTER = timedelta(minutes=10)
"""A row goes this long after the expiry of a proof that is used now: more than a proof lives and clocks differ."""

SWEPT_AT_ONCE = 512
"""Rows that go in one sweep: the writer is not held up."""

_SWEEPS_ONE_IN = 64

_insert = insert(used_proofs)


def use_up(tx: Tx, proof_ids: Iterable[tuple[str, str]]) -> None:
    """Record that these proofs were used: (`kind:hex of SHA-256`, UTC text of expiry).

    Raises `NotAuthenticated` when one was used before, in this process or another; then nothing of the unit holds.
    """
    rows = [_row(key, expires_at) for key, expires_at in proof_ids]
    for row in rows:
        try:
            tx.connection.execute(_insert, row)
        except IntegrityError:
            raise NotAuthenticated from None
    for row in rows:
        # Digests are even: one in so many calls pays for the others.
        if row["jti_hash"][0] % _SWEEPS_ONE_IN == 0:
            sweep(tx, before=to_text(from_text(row["expires_at"]) - SWEPT_AFTER))


def sweep(tx: Tx, *, before: str) -> int:
    """Drop some of the rows whose proof expired before the instant `before`; gives how many."""
    expiry = used_proofs.c.expires_at
    oldest = select(used_proofs.c.jti_hash).where(expiry < before).order_by(expiry).limit(SWEPT_AT_ONCE)
    return tx.connection.execute(delete(used_proofs).where(used_proofs.c.jti_hash.in_(oldest))).rowcount


def _row(key: str, expires_at: str) -> dict[str, Any]:
    kind, _, name = key.partition(":")
    return {"jti_hash": bytes.fromhex(name), "kind": kind, "expires_at": expires_at}
