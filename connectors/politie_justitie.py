"""The form of police and justice: fields with the supply record that the law asks of them (`connectors.supply`).

The shape is `schemas/politie-justitie.schema.json`.
"""

from connectors import forms, json_text, shapes, supply
from connectors.context import ParseContext
from hub.errors import ShapeError
from hub.model.delivery import Parsed


def parse(document: json_text.Document, context: ParseContext) -> Parsed:
    """The form in `document`. Raises `ShapeError` with the place of each fault."""
    shape = shapes.shape("politie-justitie")
    form = json_text.read(document, shape.known)
    supply.refuse_category(form)
    shape.check(form)
    record = supply.record(form["verstrekking"], context.source_kind)
    if record.wpg and any(item["veld"] == supply.SUPPLY_FIELD for item in form["velden"]):
        raise ShapeError("De hub vult dit veld zelf uit de verstrekking.", place="velden")
    fields = (*forms.fields(form, record.wpg, record.wjsg), *record.fields())
    return Parsed(forms.persons(form), fields, (), reference=forms.reference(form))
