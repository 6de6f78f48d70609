"""What an AuthZEN question asks, in the words of the decision contract."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.errors import NotFound, ShapeError
from hub.model.purpose import Action

SUBJECT, CASUS, FIELD = "gebruiker", "casus", "veld"
"""Types of subject and of resource that there are."""

FACTS = "facts"
"""Key of the context: facts of the caller's own, of the decision contract."""

OWN_ACTIONS = frozenset({Action.LEZEN.value, Action.EXPORT.value, Action.ZOEKEN.value})
"""What a caller asks for himself. Sending is about another, the receiver: a push has its own call, or own facts."""

MOST = 100
"""Evaluations of one call at most."""

NO_PURPOSE = "geen"
"""Stands for a purpose that is not given, or is no code: an unknown one, which is refused with `E_DOEL`."""

_ALL = ("*",)
_MOST_FIELDS = 256
_PURPOSE = re.compile(r"[A-Z][0-9]{2}")
_FIELD = re.compile(r"[a-z0-9_]{1,64}")


@dataclass(frozen=True)
class Entity:
    """A subject or a resource, with whatever the caller says of it."""

    kind: str
    id: str
    properties: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Question:
    """One evaluation: may `subject` do `action` with `resource`, in `context`."""

    subject: Entity
    action: str
    resource: Entity
    context: Mapping[str, Any]
    action_properties: Mapping[str, Any] = field(default_factory=dict)


def purpose(context: Mapping[str, Any]) -> str:
    """For which purpose is asked. What is no code is not handed on: it could be any text."""
    given = context.get("purpose")
    return given if isinstance(given, str) and _PURPOSE.fullmatch(given) else NO_PURPOSE


def target(resource: Entity) -> tuple[str, tuple[str, ...]]:
    """(the caller's name of the casus, the fields asked). Raises NotFound for what there is not, ShapeError."""
    if resource.kind == CASUS:
        return resource.id, _fields(resource.properties.get("velden", _ALL))
    casus, slash, name = resource.id.rpartition("/")
    if resource.kind == FIELD and slash and _FIELD.fullmatch(name):
        return casus, (name,)
    raise NotFound("Dit soort resource kent de hub niet.")


def _fields(given: Any) -> tuple[str, ...]:
    names = tuple(given) if isinstance(given, list | tuple) else ()
    sound = all(isinstance(name, str) and (name == "*" or _FIELD.fullmatch(name)) for name in names)
    if not (0 < len(names) <= _MOST_FIELDS and sound):
        raise ShapeError("Geef velden als een lijst van veldnamen.", place="resource.properties.velden")
    return names


def casus_of_search(wanted: Entity) -> str | None:
    """In which casus fields are searched, if any is named."""
    casus = wanted.properties.get("casus")
    return casus if _is_name(casus) else None


def casussen_of_search(wanted: Entity) -> tuple[str, ...]:
    """Which casussen are looked through: those the caller names. The hub keeps no list of whose casussen there are."""
    given = wanted.properties.get("casussen", [])
    if not (isinstance(given, list) and len(given) <= MOST and all(map(_is_name, given))):
        place = "resource.properties.casussen"
        raise ShapeError(f"Geef casussen als een lijst van ten hoogste {MOST} namen.", place=place)
    return tuple(dict.fromkeys(given))


def subject_of_facts(context: Mapping[str, Any]) -> str | None:
    """Whom facts that were handed in are about."""
    facts = context.get(FACTS)
    return _who(facts) if isinstance(facts, Mapping) else None


def handed_in(question: Question, now: str) -> Mapping[str, Any]:
    """The facts document that goes with `question`. What stands in both must say the same. Raises ShapeError, NotFound."""
    facts = question.context.get(FACTS)
    if not isinstance(facts, Mapping):
        raise ShapeError("Over een ander beslist de hub alleen op feiten die u zelf aanlevert.", place="context.facts")
    if question.subject.kind != SUBJECT:
        raise NotFound("Dit soort subject kent de hub niet.")
    casus, fields = target(question.resource)
    asked = {"action": question.action, "purpose": purpose(question.context), "requested": list(fields)}
    for key, value in asked.items():
        _must_agree(facts.get(key, value), value, key)
    _must_agree(_who(facts), question.subject.id, "partner.id")
    _must_agree(_id_in(facts, "casus"), casus, "casus.id")
    return {"at": now, **facts, **asked}


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _must_agree(said: Any, asked: Any, key: str) -> None:
    if said != asked:
        raise ShapeError("De feiten zeggen hier iets anders dan de vraag.", place=f"context.facts.{key}")


def _who(facts: Mapping[str, Any]) -> str:
    return f"{_id_in(facts, 'partner')}/{_id_in(facts, 'user')}"


def _id_in(facts: Mapping[str, Any], key: str) -> Any:
    part = facts.get(key)
    return part.get("id") if isinstance(part, Mapping) else None
