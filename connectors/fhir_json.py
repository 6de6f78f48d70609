"""FHIR R4 in JSON (`application/fhir+json`)."""

from connectors import json_text
from connectors.context import ParseContext
from connectors.fhir import delivery, library
from hub.errors import ShapeError
from hub.model.delivery import Parsed


def parse(document: bytes, context: ParseContext) -> Parsed:
    """The resource or Bundle in `document`. Raises `ShapeError` with the place of each fault."""
    resource = json_text.read(document, _Names())
    if not isinstance(resource, dict):
        raise ShapeError("Dit is geen FHIR-bericht.", place="$")
    return delivery.parsed(resource, context)


class _Names(frozenset[str]):
    """Element names, looked up only when a fault needs a place."""

    def __contains__(self, name: object) -> bool:
        return name in library.element_names()
