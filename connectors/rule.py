"""A rule of a small format: which element of which resource feeds which field. The documentation is made of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from connectors.context import ParseContext
from connectors.reasons import Reason
from hub.model.delivery import DeliveredField, NotTaken

Part = TypeVar("Part")
Outcome = DeliveredField | NotTaken

OWN_FIELD, OWN_SUMMARY = "hub-veld", "hub-samenvatting"
"""Where a standard lets the source add what it names itself: the names of what says which field a part feeds, and of the
form `sam` of it, text that the source wrote for readers."""


def always(*_: Any) -> bool:
    """Every source, every resource."""
    return True


@dataclass(frozen=True)
class Rule(Generic[Part]):
    """`element` and `when` are for the table in the documentation; `value` gives null where there is nothing."""

    resource: str
    element: str
    field: str
    value: Callable[[Part], Any]
    when: str = "always"
    matches: Callable[[Part, ParseContext], bool] = always


def fed(rules: Iterable[Rule[Part]], part: Part, place: str, context: ParseContext) -> Iterator[DeliveredField]:
    """The fields that `part`, which stands at `place`, feeds in full."""
    for rule in rules:
        value = rule.value(part) if rule.matches(part, context) else None
        if value not in (None, "", [], {}):
            yield DeliveredField(field=rule.field, levels={"vol": value}, place=place)


def settled(outcomes: Iterable[Outcome]) -> tuple[tuple[DeliveredField, ...], tuple[NotTaken, ...]]:
    """(fields, not taken) of one document: a field that is told twice counts once, or not at all where the two differ."""
    told: dict[str, list[DeliveredField]] = {}
    not_taken: list[NotTaken] = []
    for outcome in outcomes:
        if isinstance(outcome, NotTaken):
            not_taken.append(outcome)
        else:
            told.setdefault(outcome.field, []).append(outcome)
    fields: list[DeliveredField] = []
    for same in told.values():
        if all(each.levels == same[0].levels for each in same):
            fields.append(same[0])
        else:
            not_taken.extend(NotTaken(each.place, Reason.CONTRADICTION) for each in same)
    return tuple(fields), tuple(not_taken)
