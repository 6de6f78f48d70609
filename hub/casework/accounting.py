"""Reading what the controller accounts for: records of processing, in the form of LDV, of NEN 7513 or of the decision log.

The log of a Zorg- en Veiligheidshuis serves lawfulness, internal control, security and the court alone (Wgs 1.8(4)). So
an operator who reads it proves himself with his own key, and that he did is entered before he sees a line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.audit.log import Log
from hub.audit.processing import ADL, LDV, READING, adl, ldv, nen7513
from hub.casework.operators import Who, entry_of, must_be_operator
from hub.store.engine import Store
from hub.store.units import Tx


@dataclass(frozen=True)
class Span:
    """Records of which entries, UTC text, half open; and in which form (`hub.audit.processing`)."""

    form: str
    since: str
    until: str


def read_records(store: Store, log: Log, span: Span, who: Who) -> Iterator[Mapping[str, Any] | None]:
    """The records of `span`, one a processing, in order; None for each that is erased or does not open.

    Raises NotPermitted, before anything is read, for who is no operator or speaks with another's key. What is entered after
    that he read is not told. While a record is with the caller no snapshot is held: who prints them slowly must not keep
    what is overwritten meanwhile from being scrubbed.
    """
    (receipt,) = store.commit(lambda tx: _enter(tx, span, who)).receipts
    first, end = 0, receipt.index
    while first < end:
        with store.snapshot() as moment:
            piece, first = log.records(moment, span.since, span.until, first, end)
        for parts in piece:
            if parts is None:
                yield None
            elif span.form == LDV:
                yield ldv(parts)
            elif (record := _other_part(span.form, parts, log)) is not None:
                yield record


def _other_part(form: str, parts: Mapping[str, Any], log: Log) -> Mapping[str, Any] | None:
    """The record in a form that only some entries have."""
    return adl(parts) if form == ADL else nen7513(parts, log.processing.site_attributes())


def _enter(tx: Tx, span: Span, who: Who) -> None:
    must_be_operator(tx.connection, who)
    what = {"vorm": span.form, "vanaf": span.since, "tot": span.until}
    tx.enter(entry_of(who.operator, who.at, what, kind=READING))
