"""All rules together: one resource to fields, and the fields of one document to one value each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.fhir import care, conditions, directives, finance, medication, network, observations, patient, plans
from connectors.fhir.codes import KNOWN_MODIFIERS, NEVER, NEVER_PROFILES, OWN_SUMMARY
from connectors.fhir.item import Item
from connectors.fhir.reading import extension_value
from connectors.fhir.rule import Gate, Rule
from connectors.reasons import Reason
from hub.model.delivery import DeliveredField, NotTaken

_ROOMS = (patient, network, conditions, observations, care, plans, medication, finance, directives)

RULES: tuple[Rule, ...] = tuple(rule for room in _ROOMS for rule in room.RULES)
GATES: dict[str, tuple[Gate, ...]] = {
    kind: gates for room in _ROOMS for kind, gates in getattr(room, "GATES", {}).items()
}
TYPES = frozenset(rule.resource for rule in RULES)
COMPANIONS = frozenset({"Practitioner", "PractitionerRole", "Organization", "Location", "Medication", "Device"})
"""Resources that complete another; on their own some feed a field."""

_ATTACHED = {
    "Consent": ("sourceAttachment",),
    "DiagnosticReport": ("presentedForm", "media"),
    "Practitioner": ("photo",),
    "RelatedPerson": ("photo",),
}
_UNREAD = {
    "Media": Reason.ATTACHMENT,
    "DocumentReference": Reason.ATTACHMENT,
    "Binary": Reason.ATTACHMENT,
    "Medication": Reason.REFERRED_TO,
    "Device": Reason.REFERRED_TO,
}


@dataclass(frozen=True)
class Taken:
    """One value that one resource feeds to one field."""

    rule: Rule
    value: Any
    summary: str | None
    person: str
    place: str


Outcome = Taken | NotTaken


def outcomes(item: Item) -> Iterator[Outcome]:
    """What one resource feeds, and what of it is not taken."""
    yield from _attachments(item)
    if item.kind == "Patient":
        yield from patient.dropped(item)
    reason = _refused(item)
    if reason is not None:
        yield NotTaken(item.place, reason)
        return
    rules = _rules(item)
    if not rules:
        yield NotTaken(item.place, Reason.FIELD_MISMATCH if item.declared() else Reason.NO_FIELD)
        return
    yield from _fed(item, rules)


def _refused(item: Item) -> Reason | None:
    """Why nothing of this resource may be read."""
    if item.codes() & NEVER or item.profiles() & NEVER_PROFILES:
        return Reason.NOT_IN_HUB
    if item.kind not in TYPES:
        return _UNREAD.get(item.kind, Reason.NOT_USED)
    if item.resource.get("implicitRules") or _unknown_modifier(item.resource):
        return Reason.UNKNOWN_MODIFIER
    reasons = (gate(item) for gate in GATES.get(item.kind, ()))
    return next((reason for reason in reasons if reason is not None), None)


def _unknown_modifier(part: Any) -> bool:
    """A modifier extension anywhere that the mapping does not read: it may turn the meaning round (FHIR R4, 2.4.1)."""
    if isinstance(part, list):
        return any(_unknown_modifier(each) for each in part)
    if not isinstance(part, dict):
        return False
    if any(each.get("url") not in KNOWN_MODIFIERS for each in part.get("modifierExtension", ())):
        return True
    return any(_unknown_modifier(each) for key, each in part.items() if key != "contained")


def _rules(item: Item) -> list[Rule]:
    """The rules that the source's own words point at; else those that match."""
    own = [rule for rule in RULES if rule.resource == item.kind]
    declared = item.declared()
    if declared:
        return [rule for rule in own if rule.field in declared]
    return [rule for rule in own if rule.matches(item)]


def _fed(item: Item, rules: Sequence[Rule]) -> Iterator[Outcome]:
    values = [(rule, rule.value(item)) for rule in rules]
    filled = [(rule, value) for rule, value in values if value not in (None, "", [], {})]
    summaries, unplaced = _summaries(item, [rule.field for rule, _ in filled])
    yield from unplaced
    for rule, value in filled:
        yield Taken(rule, value, summaries.get(rule.field), rule.person(item), item.place)
    if not filled:
        yield NotTaken(item.place, rules[0].absent)
    if item.declared() - {rule.field for rule in rules}:
        yield NotTaken(item.place, Reason.FIELD_MISMATCH)


def _summaries(item: Item, fields: Sequence[str]) -> tuple[dict[str, str], list[NotTaken]]:
    """The summaries that the source wrote, by field; one without a field is for the only field that there is."""
    found: dict[str, str] = {}
    unplaced = []
    for index, each in enumerate(item.resource.get("extension", ())):
        if each.get("url") != OWN_SUMMARY:
            continue
        text = each.get("valueString") or extension_value(each, "tekst")
        field = extension_value(each, "veld") or (fields[0] if len(fields) == 1 else None)
        if isinstance(text, str) and text.strip() and isinstance(field, str) and field in fields:
            found[field] = text
        else:
            unplaced.append(NotTaken(f"{item.place}.extension[{index}]", Reason.SUMMARY_WITHOUT_FIELD))
    return found, unplaced


def _attachments(item: Item) -> Iterator[NotTaken]:
    for element in _ATTACHED.get(item.kind, ()):
        if item.resource.get(element):
            yield NotTaken(f"{item.place}.{element}", Reason.ATTACHMENT)


def merged(taken: Iterable[Taken]) -> Iterator[DeliveredField | NotTaken]:
    """One field a document: lists grow, single values must agree (two records of one field and source do not exist)."""
    by_field: dict[str, list[Taken]] = {}
    for each in taken:
        by_field.setdefault(each.rule.field, []).append(each)
    for field in sorted(by_field):
        yield from _one_field(field, by_field[field])


def _one_field(field: str, parts: list[Taken]) -> Iterator[DeliveredField | NotTaken]:
    many = parts[0].rule.many
    if not many and any(part.value != parts[0].value for part in parts):
        yield from (NotTaken(part.place, Reason.CONTRADICTION) for part in parts)
        return
    levels: dict[str, Any] = {"vol": [part.value for part in parts] if many else parts[0].value}
    texts = list(dict.fromkeys(part.summary for part in parts if part.summary))
    if texts:
        levels["sam"] = "\n".join(texts)
    places = list(dict.fromkeys(part.place for part in parts))
    yield DeliveredField(field, levels, person=_person(parts), place=", ".join(places))


def _person(parts: list[Taken]) -> str:
    """The farthest of the people that the parts are about: what holds for him holds for the nearer."""
    order = ("betrokkene", "gezinslid", "sociaal_contact", "ander")
    return max((part.person for part in parts), key=order.index)
