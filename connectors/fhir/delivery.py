"""A FHIR resource or Bundle to what it delivers: the one path of both FHIR formats."""

from collections.abc import Iterator

from connectors.context import MAX_FHIR_VALUES, MAX_RESOURCES, ParseContext
from connectors.fhir import consents, directives, library, mapping, subjects
from connectors.fhir.codes import OWN_REFERENCE
from connectors.fhir.item import Item, References
from connectors.fhir.library import Document
from connectors.json_text import place as written
from connectors.reasons import Reason
from hub.crypto.reference import own_reference
from hub.errors import ManyShapeErrors, ShapeError, TooLarge
from hub.model.delivery import ConsentClaim, DeliveredField, NotTaken, Parsed
from hub.model.reference import Reference

_BUNDLES = frozenset({"collection", "document", "message", "searchset", "batch", "transaction"})
_WRITES = frozenset({"POST", "PUT"})
_MAX_FAULTS = 50


def parsed(resource: Document, context: ParseContext) -> Parsed:
    """What `resource` (FHIR JSON, not yet checked) delivers.

    Raises `ShapeError` or `ManyShapeErrors` with places: for what is no FHIR R4, and for a document about two persons.
    """
    _count_values(resource)
    items, aside = _items(resource, context)
    about = [item for item in items if item.kind not in mapping.COMPANIONS]
    not_taken = list(aside)
    taken: list[mapping.Taken] = []
    claims: list[ConsentClaim] = []
    persons = subjects.claims(items)
    for outcome in _all(about, [item for item in items if item.kind in mapping.COMPANIONS]):
        if isinstance(outcome, NotTaken):
            not_taken.append(outcome)
        elif isinstance(outcome, ConsentClaim):
            claims.append(outcome)
        else:
            taken.append(outcome)
    fields: list[DeliveredField] = []
    for merged in mapping.merged(taken):
        (fields if isinstance(merged, DeliveredField) else not_taken).append(merged)  # type: ignore[arg-type]
    return Parsed(persons, tuple(fields), tuple(not_taken), tuple(claims), _reference(items))


def _items(resource: Document, context: ParseContext) -> tuple[list[Item], list[NotTaken]]:
    """The checked resources of a document, and the entries that are set aside unread."""
    kind = library.type_of(resource, "$")
    if kind != "Bundle":
        return _checked([(None, kind, resource)], context)
    library.checked({**resource, "entry": []} if "entry" in resource else resource, "Bundle")
    entries, aside = _entries(resource)
    items, unread = _checked(entries, context)
    return items, [*aside, *unread]


def _entries(bundle: Document) -> tuple[list[tuple[str | None, str, Document]], list[NotTaken]]:
    """(fullUrl, place, resource) of the entries that deliver something."""
    listed = bundle.get("entry") or []
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise ShapeError("Een bundel bestaat uit onderdelen.", place="Bundle.entry")
    if bundle.get("type") not in _BUNDLES:
        return [], [NotTaken("Bundle", Reason.BUNDLE_KIND)]
    kept, aside = [], []
    for index, entry in enumerate(listed):
        place = f"Bundle.entry[{index}]"
        request = entry.get("request")
        method = request.get("method") if isinstance(request, dict) else None
        if not isinstance(method, str | None):
            raise ShapeError(place=f"{place}.request.method")
        if method is not None and method not in _WRITES:
            aside.append(NotTaken(place, Reason.REMOVAL))
        elif "resource" not in entry:
            aside.append(NotTaken(place, Reason.EMPTY))
        else:
            address = entry.get("fullUrl")
            kept.append((address if isinstance(address, str) else None, f"{place}.resource", entry["resource"]))
    return kept, aside


def _checked(
    entries: list[tuple[str | None, str, Document]], context: ParseContext
) -> tuple[list[Item], list[NotTaken]]:
    _count(entries)
    references = References()
    items: list[Item] = []
    aside: list[NotTaken] = []
    faults: list[tuple[str, str]] = []
    for address, place, resource in entries:
        if library.type_of(resource, place) in library.R4_ONLY | {"Bundle"}:
            aside.append(NotTaken(place, Reason.NOT_USED))
            continue
        try:
            read = library.checked(resource, place)
        except ManyShapeErrors as fault:
            faults.extend(fault.faults)
            continue
        references.add(address, read)
        items.append(Item(read, place, references, context))
    if faults:
        raise ManyShapeErrors(faults[:_MAX_FAULTS])
    return items, aside


def _count(entries: list[tuple[str | None, str, Document]]) -> None:
    inner = (each[2].get("contained") for each in entries if isinstance(each[2], dict))
    count = len(entries) + sum(len(each) for each in inner if isinstance(each, list))
    if count > MAX_RESOURCES:
        raise TooLarge("Dit document heeft te veel onderdelen.", place="Bundle.entry")


def _count_values(resource: Document) -> None:
    """Before the library sees any of it. The place is that of the member of the document in which it became too much."""
    budget = MAX_FHIR_VALUES
    waiting: list[tuple[str, object]] = [(name, each) for name, each in reversed(resource.items())]
    while waiting:
        name, value = waiting.pop()
        budget -= 1
        if budget < 0:
            raise TooLarge("Dit document heeft te veel onderdelen.", place=written([name], library.element_names()))
        below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting.extend((name, each) for each in below)


def _all(about: list[Item], companions: list[Item]) -> Iterator[mapping.Outcome | ConsentClaim]:
    """Companions come last: only then it is known which of them complete another."""
    for item in about:
        yield from _one(item)
        yield from _left_inside(item)
    for item in sorted(companions, key=lambda each: each.kind != "PractitionerRole"):
        if id(item.resource) in item.references.used:
            yield NotTaken(item.place, Reason.REFERRED_TO)
        else:
            yield from _one(item)
            yield from _left_inside(item)


def _one(item: Item) -> Iterator[mapping.Outcome | ConsentClaim]:
    reason = subjects.not_a_person(item)
    if reason is not None:
        yield NotTaken(item.place, reason)
    elif item.kind == "Consent" and not directives.is_directive(item):
        yield from consents.claims(item)
    else:
        yield from mapping.outcomes(item)


def _left_inside(item: Item) -> Iterator[NotTaken]:
    """Contained resources that completed nothing: they are no delivery of their own."""
    for index, inner in enumerate(item.resource.get("contained", ())):
        if id(inner) not in item.references.used:
            yield NotTaken(f"{item.place}.contained[{index}]", Reason.REFERRED_TO)


def _reference(items: list[Item]) -> Reference | None:
    """The source's own reference, as identifier of the Patient in the hub's own naming system.

    Raises `ShapeError` where it is a BSN.
    """
    listed = [
        own_reference(str(each.get("value") or ""), f"{item.place}.identifier")
        for item in items
        if item.kind == "Patient"
        for each in item.resource.get("identifier", ())
        if each.get("system") == OWN_REFERENCE
    ]
    return next(filter(None, listed), None)
