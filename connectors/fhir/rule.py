"""A rule: which resource, by which words of the source, feeds which field, with what value."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from connectors.fhir.codes import SNOMED
from connectors.fhir.item import Item
from connectors.fhir.reading import code_of
from connectors.reasons import Reason

Matches = Callable[[Item], bool]
Gate = Callable[[Item], Reason | None]


def never(_: Item) -> bool:
    """Only where the source names the field itself."""
    return False


def always(_: Item) -> bool:
    """Every resource of this type."""
    return True


def betrokkene(_: Item) -> str:
    """The field is about the person of the casus."""
    return "betrokkene"


@dataclass(frozen=True)
class Rule:
    """`element` and `when` are for the table in the documentation; `many`: the field is a list of such values.

    `value` gives null where the resource holds nothing for the field: it is then not taken, for the reason `absent`.
    """

    resource: str
    element: str
    field: str
    value: Callable[[Item], Any]
    matches: Matches = never
    when: str = "the source names the field"
    many: bool = True
    person: Callable[[Item], str] = betrokkene
    absent: Reason = Reason.EMPTY


def has_code(pairs: Iterable[tuple[str, str]]) -> Matches:
    """One of the codes by which the resource says what it is."""
    wanted = frozenset(pairs)
    return lambda item: bool(item.codes() & wanted)


def snomed(*codes: str) -> Matches:
    """One of these SNOMED CT codes."""
    return has_code((SNOMED, code) for code in codes)


def any_of(*conditions: Matches) -> Matches:
    """One of these holds."""
    return lambda item: any(condition(item) for condition in conditions)


def profiled(*names: str) -> Matches:
    """One of these nl-core or MP9 profiles."""
    wanted = frozenset(names)
    return lambda item: bool(item.profiles() & wanted)


def by_status(refused: dict[str, Reason]) -> Gate:
    """A gate on the status of the resource."""
    return lambda item: refused.get(str(item.resource.get("status")))


def by_verification(item: Item) -> Reason | None:
    """A gate on what the source took back or ruled out."""
    status = code_of(item.resource.get("verificationStatus"))
    return {"entered-in-error": Reason.MISTAKEN, "refuted": Reason.REFUTED}.get(status or "")
