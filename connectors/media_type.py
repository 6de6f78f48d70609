"""The media type of a document, read as HTTP writes it (RFC 9110 section 8.3.1)."""

import re
from collections.abc import Mapping

from hub.errors import ShapeError

# No `*`: a parameter in parts or in another character set (RFC 2231, RFC 8187) could be read in two ways.
_TOKEN = r"[!#$%&'+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - the word of RFC 9110
_NAME = re.compile(rf"({_TOKEN}/{_TOKEN})[ \t]*")
_PARAMETER = re.compile(rf';[ \t]*(?:({_TOKEN})=(?:({_TOKEN})|"((?:[^"\\]|\\.)*)")[ \t]*)?')


def read(text: str) -> tuple[str, Mapping[str, str]]:
    """(name, parameters), names in small letters. Raises `ShapeError` for any other text, also for a parameter twice."""
    named = _NAME.match(text.strip(" \t"))
    if named is None:
        raise _unknown()
    found: dict[str, str] = {}
    at = named.end()
    while at < len(named.string):
        part = _PARAMETER.match(named.string, at)
        if part is None or (part[1] or "").lower() in found:
            raise _unknown()
        if part[1]:
            found[part[1].lower()] = part[2] or re.sub(r"\\(.)", r"\1", part[3])
        at = part.end()
    return named[1].lower(), found


def _unknown() -> ShapeError:
    return ShapeError("Dit formaat kent de hub niet.", place="Content-Type")
