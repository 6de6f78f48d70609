"""A CORV message as it is (`connectors.corv`), of a partner that delivers without a supply record."""

from connectors.context import ParseContext
from connectors.corv import message
from hub.model.delivery import Parsed


def parse(document: bytes, context: ParseContext) -> Parsed:
    """The message in `document`. Raises `ShapeError` with the place of each fault."""
    return message.parsed(document, context, supplied=False)
