"""Past decisions, parted for those who decide again side by side; and the entry that an operator did so."""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.casework.operators import Who, entry_of, must_be_operator
from hub.governance.past import KINDS, Span
from hub.store import log as rows
from hub.store.engine import Store
from hub.store.units import Tx

TRIED = "beleid-effect"
"""Kind of the entry that decisions of before were taken again."""

SIZE = 400
"""Decisions in a part, at least: what is lost when it is killed."""


@dataclass(frozen=True)
class Part:
    """All past decisions under some log keys, in their order."""

    log_keys: tuple[str, ...]
    count: int


def parts_of(store: Store, span: Span) -> list[Part]:
    """The decisions of `span`, in parts: the same ones each time, for the log only grows at its end.

    What lies under one log key stays together, so that identical facts are decided once.
    """
    with store.snapshot() as moment:
        counts = rows.counts_by_key(moment, KINDS, span.since, span.end)
    return list(_parted(counts))


def _parted(counts: list[tuple[str, int]]) -> Iterator[Part]:
    keys: list[str] = []
    total = 0
    for log_key, count in counts:
        keys.append(log_key)
        total += count
        if total >= SIZE:
            yield Part(tuple(keys), total)
            keys, total = [], 0
    if keys:
        yield Part(tuple(keys), total)


def entered(store: Store, who: Who, revision: str, since: str) -> int:
    """Enter that an operator takes the decisions since `since` again under `revision`; gives the index of that entry.

    Raises NotPermitted for who is no operator or speaks with another's key. The log of a Zorg- en Veiligheidshuis serves
    lawfulness, internal control, security and the court alone (Wgs 1.8(4)): so who reads it is on file before he does.
    """
    entry = entry_of(who.operator, who.at, {"beleid": revision, "vanaf": since}, kind=TRIED)

    def unit(tx: Tx) -> None:
        must_be_operator(tx.connection, who)
        tx.enter(entry)

    (receipt,) = store.commit(unit).receipts
    return receipt.index
