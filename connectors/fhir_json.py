"""FHIR R4 in JSON (`application/fhir+json`)."""

from functools import cached_property
from typing import Any

from connectors import json_text
from connectors.context import ParseContext
from connectors.fhir import delivery, library
from hub.errors import ShapeError
from hub.model.delivery import Parsed


def parse(document: json_text.Document, context: ParseContext) -> Parsed:
    """The resource or Bundle in `document`. Raises `ShapeError` with the place of each fault."""
    resource = json_text.read(document, _Names())
    if not isinstance(resource, dict):
        raise ShapeError("Dit is geen FHIR-bericht.", place="$")
    _refuse_null(resource, [])
    return delivery.parsed(resource, context)


def _refuse_null(value: Any, steps: list[str | int]) -> None:
    """A member that is null is no FHIR (R4, 2.6.2), and the library takes it for a required element that is there."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            _refuse_null(each, [*steps, index])
    if not isinstance(value, dict):
        return
    for name, each in value.items():
        if each is None:
            raise ShapeError("Hier staat null.", place=json_text.place([*steps, name], _Names()))
        _refuse_null(each, [*steps, name])


class _Names:
    """Element names, looked up only when a fault needs a place."""

    def __contains__(self, name: object) -> bool:
        return name in self._listed

    @cached_property
    def _listed(self) -> frozenset[str]:
        return library.element_names()
