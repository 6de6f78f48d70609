"""The hub's own delivery form, for every partner whose systems have no standard that the hub reads.

`niveaus` holds what the source wrote: `vol`, the whole value (any JSON but null), and `sam`, text for readers.
The shape is `schemas/levering.schema.json`.
"""

from connectors import forms, json_text, shapes
from connectors.context import ParseContext
from hub.model.delivery import Parsed


def parse(document: json_text.Document, context: ParseContext) -> Parsed:  # noqa: ARG001 (one signature for all formats)
    """The form in `document`. Raises `ShapeError` with the place of each fault."""
    shape = shapes.shape("levering")
    form = json_text.read(document, shape.known)
    shape.check(form)
    return Parsed(forms.persons(form), tuple(forms.fields(form)), (), reference=forms.reference(form))
