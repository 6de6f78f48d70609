"""What a partner itself put on file about a casus, so that it can end or correct it. Nothing of another's.

The choice taken (docs/besluiten-beleid.md): a source that may supply and not ask has to find its own records too (AVG 5(1)(d),
7(3)). So not a purpose opens this list but having a part in the casus, as for the calls that record and end; and who
reads it must count as a reader (R28).
"""

from dataclasses import dataclass

from hub.casework.authorised import must_be_reader
from hub.casework.kinds import BY_KIND
from hub.casework.moment import Answer, Call, Moment
from hub.casework.paging import Page, Turn, page_of
from hub.casework.writing import Writing
from hub.crypto.cursor import Cursors
from hub.model.registry import Standing


@dataclass(frozen=True)
class OwnRecord:
    """One record of the caller's own: instants are UTC text, `ended_at` None while it stands."""

    id: str
    kind: str
    recorded_at: str
    ended_at: str | None


class Listing:
    """Lists own records."""

    def __init__(self, writing: Writing, cursors: Cursors) -> None:
        self._writing = writing
        self._cursors = cursors

    def own(self, call: Call, turn: Turn) -> Page[OwnRecord]:
        """A page of what the caller's partner put on file, newest first.

        Raises NotFound, entered, for a casus that is unknown or in which it has no part; NotPermitted for a user who is
        not designated, screened, trained and bound to secrecy.
        """
        pages: list[Page[OwnRecord]] = []

        def work(moment: Moment) -> Answer:
            must_be_reader(moment.caller)
            page = self._page(moment, turn)
            moment.enter("overzicht", {"vastleggingen": [record.id for record in page.items]})
            pages.append(page)
            return {}

        self._writing.look(call, work)
        return pages[-1]

    def _page(self, moment: Moment, turn: Turn) -> Page[OwnRecord]:
        partner = moment.caller.partner.id
        place = ("vastleggingen", partner, moment.casus)
        end = self._cursors.opened(turn.cursor, place)
        own = [standing for standing in moment.dossier.by_id.values() if _is_own(standing, partner)]
        # The position of a record among the own ones never changes: records are only added.
        newest = [(position, _shown(own[position])) for position in range(len(own) - 1, -1, -1)]
        left = newest if end is None else [(position, shown) for position, shown in newest if position < end]
        return page_of(left, turn.count, self._cursors, place)


def _is_own(standing: Standing, partner: str) -> bool:
    return standing.record.recorder.partner == partner and standing.record.kind in BY_KIND


def _shown(standing: Standing) -> OwnRecord:
    record = standing.record
    return OwnRecord(record.id, record.kind, record.recorded_at, standing.ended_at)
