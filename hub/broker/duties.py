"""Obligations of a decision: which the hub has never heard of, which this action goes against, and when each is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hub.errors import EngineUnavailable
from hub.model.instant import to_text
from hub.model.obligations import FOLLOWED_UP, OBLIGATIONS
from hub.model.purpose import Action
from hub.model.release import Obligation, Release, Subject, Watermark

_WITHIN = {"P1D": timedelta(days=1), "P1M": timedelta(days=30), "P1Y": timedelta(days=365)}
"""Counted short: a month of 30 days never ends after the calendar month (AVG 14(3), Wgs 1.7(4))."""


def asks(obligations: Sequence[Obligation], type_: str) -> bool:
    """Whether an obligation of this type is among them."""
    return any(obligation.type == type_ for obligation in obligations)


def must_be_known(obligations: Sequence[Obligation], action: Action) -> None:
    """A door that meets an obligation it does not know, or that this action goes against, refuses everything."""
    if any(obligation.type not in OBLIGATIONS for obligation in obligations):
        raise EngineUnavailable
    if action is Action.EXPORT and asks(obligations, "no_export"):
        raise EngineUnavailable


def watermark_of(obligations: Sequence[Obligation], reader: Subject, at: datetime) -> Watermark | None:
    """The watermark of what `reader` gets, where one is due."""
    return Watermark(reader.partner, reader.user, at) if asks(obligations, "watermark") else None


def must_be_carried_out(release: Release) -> None:
    """What the answer itself has to carry out is in it, or nothing leaves: before the entry says that it did."""
    if release.watermark is None and asks(release.obligations, "watermark"):
        raise EngineUnavailable
    kept = (item for line, item in release.fields if (line.field, line.source) in release.through)
    if release.through and any(item.value is not None for item in kept):
        raise EngineUnavailable


def to_follow_up(obligations: Sequence[Obligation]) -> list[Obligation]:
    """Those that are followed up later."""
    return [obligation for obligation in obligations if obligation.type in FOLLOWED_UP]


def due_at(obligation: Obligation, at: datetime) -> str:
    """When `obligation` must have been carried out (UTC text): its own instant, or `at` plus its term."""
    if obligation.at is not None:
        return obligation.at
    return to_text(at + _WITHIN.get(obligation.within or "", timedelta(0)))
