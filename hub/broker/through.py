"""`via_provider`: what the betrokkene gets from his care provider, and not from the hub (7:456 BW; "vol via provider").

The decision releases it and says that it goes that way; of which fields it speaks stands in the tables. The door tells
that it is there and who shows it. The value stays in, and its source has to show it (`hub.broker.following`).
"""

from collections.abc import Collection, Sequence

from hub.broker.duties import asks
from hub.broker.told import Tables
from hub.errors import EngineUnavailable
from hub.model.obligations import VIA_PROVIDER
from hub.model.release import AGG, Asking, Decision, OpenedField, Released

Place = tuple[str, str]
"""A field and its source."""


def through_source(decision: Decision, asker: str, asking: Asking, tables: Tables) -> frozenset[Place]:
    """What of `decision` goes to `asker` through its source alone. What he supplied himself does not.

    Raises EngineUnavailable where decision and tables speak of different things: one of them would let out too much.
    """
    held = tables.through_provider(asking.kind)
    places = frozenset(
        (line.field, line.source)
        for line in (decision.released if held else ())
        if line.field in held and line.source != asker and line.level != AGG
    )
    if bool(places) is not asks(decision.obligations, VIA_PROVIDER):
        raise EngineUnavailable
    return places


def kept_with_source(
    fields: Sequence[tuple[Released, OpenedField]], through: Collection[Place]
) -> tuple[tuple[Released, OpenedField], ...]:
    """The same, without the values that go through their source."""
    return tuple(
        (line, item._replace(value=None) if (line.field, line.source) in through else item) for line, item in fields
    )
