"""What would open a field in general, as the policy works it out from its tables (`policies/hub/opening`).

Of a casus no more is known here than its regime: what is told cannot depend on what it holds (laws 9 and 10 of the
decision contract).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, Protocol, TypeVar, runtime_checkable

import orjson

from hub.errors import EngineUnavailable
from hub.lanes import aside
from hub.model.purpose import PURPOSES
from hub.model.release import Asking
from hub.pdp import codes

T = TypeVar("T")
ENTRYPOINT: Final = "hub/opening/answer"
_KEPT: Final = 2_048
"""Answers of the policy that are kept: there are not many kinds of asker."""


class _Answer(NamedTuple):
    """`asks` of the purpose; by field the ways in, and the same where a legal basis lacks."""

    asks: tuple[str, ...]
    ways: Mapping[str, tuple[str, ...]]
    ways_without_basis: Mapping[str, tuple[str, ...]]


@runtime_checkable
class Teller(Protocol):
    """An engine with an entrypoint that decides nothing."""

    def told(self, entrypoint: str, question: bytes, at: str) -> object: ...


class Openings:
    """The ways in by field by the tables valid at `at`, asked of the policy once for each kind of asker, purpose and
    regime."""

    def __init__(self, engine: Teller, at: str) -> None:
        self._engine = engine
        self._at = at
        self._kept: dict[Asking, _Answer] = {}
        self._others: dict[Asking, Mapping[str, tuple[str, ...]]] = {}

    def asks(self, asking: Asking) -> tuple[str, ...]:
        """What such a partner needs to act for the purpose at all; nothing where he cannot, or needs nothing."""
        return self._answer(asking).asks

    def ways(self, asking: Asking, field: str, *, without_basis: bool) -> tuple[str, ...]:
        """Ways into `field`: ground words joined by `+` that must all hold; none where nothing opens it for such a
        partner and purpose. `without_basis`: a legal basis lacks, so that what is none itself needs one beside it.
        """
        answer = self._answer(asking)
        return (answer.ways_without_basis if without_basis else answer.ways).get(field, ())

    def purposes(self, asking: Asking, fields: Iterable[str]) -> tuple[str, ...]:
        """The other purposes for which one of `fields` has a way in for such a partner."""
        others = self._others.get(asking)
        if others is None:
            others = _kept(self._others, asking, self._by_field(asking))
        return tuple(sorted({purpose for field in fields for purpose in others.get(field, ())}))

    def _by_field(self, asking: Asking) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for purpose in (each for each in PURPOSES if each != asking.purpose):
            for field in self._answer(asking.with_purpose(purpose)).ways:
                found[field] = (*found.get(field, ()), purpose)
        return found

    def _answer(self, asking: Asking) -> _Answer:
        answer = self._kept.get(asking)
        if answer is None:
            question = orjson.dumps({**asking._asdict(), "fields": [codes.ANY]})
            answer = _kept(self._kept, asking, _read(aside(lambda: self._engine.told(ENTRYPOINT, question, self._at))))
        return answer


def _kept(kept: dict[Asking, T], asking: Asking, answer: T) -> T:
    if len(kept) >= _KEPT:
        kept.clear()
    kept[asking] = answer
    return answer


def _read(answer: Any) -> _Answer:
    try:
        ways = {field: [(str(words), bool(based)) for words, based in ways] for field, ways in answer["fields"].items()}
        return _Answer(
            tuple(answer["asks"] or ()),
            {field: tuple(words for words, _ in each) for field, each in ways.items()},
            {
                field: tuple(words if based else f"{words}+basis" for words, based in each)
                for field, each in ways.items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EngineUnavailable(place="opening") from error
