"""Notices: what the hub itself found wrong, for the operator and the privacy officer: listed, and marked as done.

They are put out in one unit of work with the entry of the call: fields or a casus that did not open, records that cannot
be read, a partner that searches too often. A notice holds names and counts, never a value; it goes with its casus.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hub.casework.moment import Names
from hub.casework.operators import entry_of
from hub.crypto.aead import open_
from hub.crypto.destruction import log_key
from hub.crypto.keyring import Keyring
from hub.errors import Conflict, NotFound, Sealed
from hub.model.instant import to_text
from hub.store import notices as rows
from hub.store.engine import Store
from hub.store.notices import NoticeRow, Place
from hub.store.partners import must_be_on_record
from hub.store.units import Tx

KINDS = ("alarm", "onleesbaar", "zoekgrens")
"""Fields or a casus that did not open; a casus whose records cannot be read; too many searches."""

_AT_ONCE = 500
"""Rows that are read in one snapshot."""


class Content(StrEnum):
    """Whether what is sealed of a notice could be read."""

    OPEN = "leesbaar"
    ERASED = "sleutel-vernietigd"
    DAMAGED = "gaat-niet-open"


@dataclass(frozen=True)
class Notice:
    """One open notice: about `partner`, or about `casus` (its id).

    Of a casus: how many `fields` did not open, whether all of it does not (`whole`), and the sources that have to know,
    each with its own name of the casus; nothing of these where the `content` cannot be read.
    """

    id: str
    type: str
    since: str
    partner: str | None
    casus: str | None
    content: Content = Content.OPEN
    fields: int = 0
    whole: bool = False
    sources: tuple[tuple[str, str], ...] = ()


class Notices:
    """Lists notices and takes in that they are done."""

    def __init__(self, store: Store, keyring: Keyring, names: Names) -> None:
        self._store = store
        self._keyring = keyring
        self._names = names

    def open(self) -> Iterator[Notice]:
        """All that is open, newest first, read page by page."""
        before: Place | None = None
        while True:
            with self._store.snapshot() as moment:
                found = rows.page(moment, before, _AT_ONCE)
            yield from map(self._read, found)
            if len(found) < _AT_ONCE:
                return
            before = (found[-1].at, found[-1].id)

    def settle(self, ids: Sequence[str], by: str, at: datetime) -> None:
        """The operator `by` is done with these: all of them or none. Each is entered.

        Raises NotPermitted for no operator on record, NotFound for an unknown notice, Conflict for one that is done.
        """

        def unit(tx: Tx) -> None:
            must_be_on_record(tx.connection, by)
            for id_ in ids:
                type_ = rows.type_of(tx.connection, id_)
                if type_ is None:
                    raise NotFound("Deze melding is bij ons niet bekend.")
                if not rows.done(tx.connection, id_, to_text(at)):
                    raise Conflict("Deze melding is al afgehandeld.")
                tx.enter(entry_of(by, at, {"wat": "melding", "melding": id_, "over": type_}))

        self._store.commit(unit)

    def _read(self, row: NoticeRow) -> Notice:
        if row.partner is not None:
            return Notice(row.id, row.type, row.at, row.partner, None)
        content, body = self._opened(row)
        failed = body.get("failed", [])
        sources = sorted({source for _, source in failed})
        return Notice(
            row.id, row.type, row.at, None, row.casus, content, len(failed), bool(body.get("broken")),
            tuple((source, self._names.casus_pseudonym(source, row.casus)) for source in sources),
        )  # fmt: skip

    def _opened(self, row: NoticeRow) -> tuple[Content, dict[str, Any]]:
        """What stands in it, as `hub.broker.entering` sealed it."""
        name = log_key(row.casus)
        try:
            body: dict[str, Any] = json.loads(open_(self._keyring.get(name), row.sealed, ("outbox", row.casus, row.id)))
        except Sealed:
            return (Content.DAMAGED if name in self._keyring.names(name) else Content.ERASED), {}
        return Content.OPEN, body
