"""Strict reading of XML: no DTD, no entities of its own, no network, bounded in size, depth and number.

Every fault is a `ShapeError` with its place (line and column, or element path); never a value.
"""

import re

from lxml import etree

from connectors.context import MAX_DEPTH, MAX_VALUES
from connectors.json_text import decoded
from hub.errors import ShapeError, TooLarge

_DECLARED = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(r"^<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")


def read(document: bytes) -> etree._Element:
    """The root element of `document` (UTF-8, at most 10 MiB). Comments and processing instructions are left out.

    Raises `ShapeError` or `TooLarge`.
    """
    text = decoded(document)
    _refuse_declarations(text)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as fault:
        line, column = fault.position
        raise ShapeError("Dit is geen geldige XML.", place=f"regel {line}, kolom {column}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ShapeError("Een DTD mag niet.", place="$")
    _measure(root)
    return root


def _refuse_declarations(text: str) -> None:
    """Before the parser sees it: a DTD is the door for entities, files and addresses of others."""
    found = _DECLARED.search(text)
    if found:
        raise ShapeError("Een DTD mag niet.", place=f"teken {found.start()}")
    encoding = _ENCODING.match(text.removeprefix("\ufeff"))
    if encoding and encoding[1].lower() not in {"utf-8", "utf8"}:
        raise ShapeError("Alleen UTF-8 wordt gelezen.", place="regel 1")
    # Elements and attributes: a tree of them takes thirty times the room of the text.
    if text.count("<") > 2 * MAX_VALUES or text.count("=") > 4 * MAX_VALUES:
        raise TooLarge(place="$")


def _measure(root: etree._Element) -> None:
    count, depth = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH or count > MAX_VALUES:
            raise TooLarge("Dit bericht is te diep genest of heeft te veel onderdelen.", place="$")
