"""One-time proofs that were used: kept for all processes until they could not be offered again."""

from collections.abc import Iterable
from datetime import timedelta

from hub.errors import NotAuthenticated
from hub.model.instant import from_text, to_text
from hub.store import sweeping
from hub.store.prepared import Sent, Then
from hub.store.tables import used_proofs
from hub.store.units import Tx

SWEPT_AFTER = timedelta(minutes=10)
"""A row goes this long after the expiry of a proof that is used now: more than a proof lives and clocks differ."""

_SWEEPS_ONE_IN = 64

# Once a request, in the one writer thread: ready text takes a third of the time of a compiled statement.
_ONCE = "ON CONFLICT DO NOTHING"
_INSERT = {
    style: f"INSERT INTO used_proofs (jti_hash, kind, expires_at) VALUES ({mark}, {mark}, {mark}) {_ONCE}"  # noqa: S608 - marks
    for style, mark in (("qmark", "?"), ("pyformat", "%s"))
}


def use_up(tx: Tx, proof_ids: Iterable[tuple[str, str]]) -> None:
    """Record that these proofs were used: (`kind:hex of SHA-256`, UTC text of expiry).

    Raises `NotAuthenticated` when one was used before, in this process or another; then nothing of the unit holds.
    """
    offer(tx, proof_ids)()


def offer(tx: Tx, proof_ids: Iterable[tuple[str, str]]) -> Then:
    """The same, where what comes of it raises."""
    sql = _INSERT[tx.connection.dialect.paramstyle]
    offered: list[tuple[Sent, bytes, str]] = []
    for key, expires_at in proof_ids:
        kind, _, name = key.partition(":")
        digest = bytes.fromhex(name)
        offered.append((Sent(tx.connection, sql, (digest, kind, expires_at)), digest, expires_at))

    def must_be_new() -> None:
        if any(sent.changed() != 1 for sent, _, _ in offered):
            raise NotAuthenticated
        for _, digest, expires_at in offered:
            # Digests are even: one in so many calls pays for the others.
            if digest[0] % _SWEEPS_ONE_IN == 0:
                sweep(tx, before=to_text(from_text(expires_at) - SWEPT_AFTER))

    return must_be_new


def sweep(tx: Tx, *, before: str) -> int:
    """Drop some of the rows whose proof expired before the instant `before`; gives how many."""
    return sweeping.sweep(tx.connection, used_proofs.c.expires_at, used_proofs.c.expires_at < before)
