"""A CORV message of police or justice, with the supply record that the message itself has no place for.

Every field of it carries that record (Wpg 20(3), 32(1)(b); Wjsg 39j; R12, R13). The shape is
`schemas/corv-verstrekking.schema.json`; `bericht` is the XML, as text; `samenvattingen`
what the source wrote for readers, of a field that the message feeds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from connectors import forms, json_text, shapes, supply
from connectors.context import ParseContext
from connectors.corv import message
from connectors.reasons import Reason
from hub.errors import ShapeError
from hub.model.delivery import DeliveredField, NotTaken, Parsed

_MESSAGE = "bericht"


def parse(document: json_text.Document, context: ParseContext) -> Parsed:
    """The form in `document`. Raises `ShapeError` with the place of each fault."""
    shape = shapes.shape("corv-verstrekking")
    form = json_text.read(document, shape.known)
    supply.refuse_category(form)
    shape.check(form)
    record = supply.record(form["verstrekking"], context.source_kind)
    persons = forms.persons(form)
    with shapes.within(_MESSAGE):
        told = message.parsed(form[_MESSAGE].encode(), context, supplied=True, about=persons[0] if persons else None)
    summaries = _summaries(form)
    fields = tuple(_supplied(field, record, summaries) for field in told.fields)
    not_taken = (
        *(NotTaken(f"{_MESSAGE}.{each.place}", each.reason) for each in told.not_taken),
        *_unplaced(form, {field.field for field in fields}),
    )
    return Parsed((*persons, *told.persons), (*fields, *record.fields()), not_taken, reference=forms.reference(form))


def _summaries(form: Mapping[str, Any]) -> dict[str, str]:
    """What the source wrote for readers, by field. Raises `ShapeError` for a field that stands twice."""
    found: dict[str, str] = {}
    for index, each in enumerate(form.get("samenvattingen", ())):
        if each["veld"] in found:
            raise ShapeError("Dit veld staat er twee keer.", place=f"samenvattingen[{index}].veld")
        found[each["veld"]] = each["tekst"]
    return found


def _unplaced(form: Mapping[str, Any], fed: set[str]) -> Iterator[NotTaken]:
    for index, each in enumerate(form.get("samenvattingen", ())):
        if each["veld"] not in fed:
            yield NotTaken(f"samenvattingen[{index}]", Reason.SUMMARY_WITHOUT_FIELD)


def _supplied(field: DeliveredField, record: supply.Record, summaries: Mapping[str, str]) -> DeliveredField:
    place = f"{_MESSAGE}.{field.place}"
    if field.field == supply.SUPPLY_FIELD:
        raise ShapeError("De hub vult dit veld zelf uit de verstrekking.", place=place)
    told = {"sam": summaries[field.field]} if field.field in summaries else {}
    return replace(field, levels={**field.levels, **told}, wpg=record.wpg, wjsg=record.wjsg, place=place)
