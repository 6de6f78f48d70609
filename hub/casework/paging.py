"""Pages of a list: newest first, by a cursor that only the hub can read. No totals: a page says only whether more comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from hub.crypto.cursor import Cursors

T = TypeVar("T")


@dataclass(frozen=True)
class Turn:
    """Which page is asked: after which cursor (None: the first), and how many at most."""

    cursor: str | None
    count: int


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page, and the cursor of the next one, or None at the end."""

    items: Sequence[T]
    following: str | None


def page_of(found: Sequence[tuple[int, T]], count: int, cursors: Cursors, place: tuple[str, ...]) -> Page[T]:
    """The first `count` of `found`, pairs of (position, item): one more than `count` says that there is more."""
    shown = found[:count]
    more = len(found) > count
    return Page([item for _, item in shown], cursors.sealed(shown[-1][0], place) if more else None)
