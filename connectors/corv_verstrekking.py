"""A CORV message of police or justice, with the supply record that the message itself has no place for.

Every field of it carries that record (Wpg 20(3), 32(1)(b); Wjsg 39j; R12, R13). The shape is
`schemas/corv-verstrekking.schema.json`; `bericht` is the XML, as text.
"""

from dataclasses import replace

from connectors import forms, json_text, shapes, supply
from connectors.context import ParseContext
from connectors.corv import message
from hub.errors import ShapeError
from hub.model.delivery import DeliveredField, NotTaken, Parsed

_MESSAGE = "bericht"


def parse(document: bytes, context: ParseContext) -> Parsed:
    """The form in `document`. Raises `ShapeError` with the place of each fault."""
    shape = shapes.shape("corv-verstrekking")
    form = json_text.read(document, shape.known)
    supply.refuse_category(form)
    shape.check(form)
    record = supply.record(form["verstrekking"], context.source_kind)
    persons = forms.persons(form)
    with shapes.within(_MESSAGE):
        told = message.parsed(form[_MESSAGE].encode(), context, supplied=True, about=persons[0] if persons else None)
    fields = tuple(_supplied(field, record) for field in told.fields)
    not_taken = tuple(NotTaken(f"{_MESSAGE}.{each.place}", each.reason) for each in told.not_taken)
    return Parsed((*persons, *told.persons), (*fields, *record.fields()), not_taken, reference=forms.reference(form))


def _supplied(field: DeliveredField, record: supply.Record) -> DeliveredField:
    place = f"{_MESSAGE}.{field.place}"
    if field.field == supply.SUPPLY_FIELD:
        raise ShapeError("De hub vult dit veld zelf uit de verstrekking.", place=place)
    return replace(field, wpg=record.wpg, wjsg=record.wjsg, place=place)
