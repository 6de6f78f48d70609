"""The formats: one line each. A door knows only this file."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeGuard

from connectors import (
    brp_personen,
    corv_verstrekking,
    corv_xml,
    eigen,
    fhir_json,
    fhir_xml,
    json_text,
    politie_justitie,
    zgw,
)
from connectors import media_type as media_types
from connectors.context import ParseContext
from connectors.vera import delivery as vera
from hub.errors import ShapeError
from hub.model.delivery import Parsed
from hub.model.partner import SUPPLY_KINDS, PartnerKind

OTHER_KINDS = frozenset(PartnerKind) - SUPPLY_KINDS
BRP_KINDS = frozenset(
    {
        PartnerKind.COLLEGE,
        PartnerKind.BURGEMEESTER,
        PartnerKind.GGD,
        PartnerKind.GGZ,
        PartnerKind.GENEESHEER_DIRECTEUR,
        PartnerKind.VERSLAVINGSZORG,
        PartnerKind.VG_LVB,
        PartnerKind.RECLASSERING,
        PartnerKind.WMO_AANBIEDER,
    }
)
"""The college, of whom the catalogue takes all of it, and those of whom it takes the BSN."""
VERA_KINDS = frozenset({PartnerKind.WONINGCORPORATIE, PartnerKind.CASUSREGISSEUR})
"""Corporations; and the casusregisseur, who alone says which home would fit (`woonwens_passend`)."""


@dataclass(frozen=True)
class Format:
    """`media_types`: the names under which it comes in; `parse`: reads bytes, and of JSON what
    is parsed already too; `kinds`: which partners may use it.

    What a document of it is known by: members that a JSON document has together (`keys`; each set will do), or the end of
    the name of the first element of XML (`root`). Of all that fit the longest counts, so the empty one is any other.
    """

    name: str
    media_types: tuple[str, ...]
    parse: Callable[[Any, ParseContext], Parsed]
    kinds: frozenset[PartnerKind]
    keys: tuple[frozenset[str], ...] = ()
    root: str | None = None


def _json(*each: str) -> tuple[frozenset[str], ...]:
    """Sets of keys, each written as its words."""
    return tuple(frozenset(words.split()) for words in each)


_HUB = "application/vnd.hub"
FORMATS = (
    Format("fhir-json", ("application/fhir+json",), fhir_json.parse, OTHER_KINDS, _json("resourceType")),
    Format("fhir-xml", ("application/fhir+xml",), fhir_xml.parse, OTHER_KINDS, root=""),
    Format(
        "politie-justitie",
        (f"{_HUB}.politie-justitie+json",),
        politie_justitie.parse,
        SUPPLY_KINDS,
        _json("verstrekking"),
    ),
    Format("zgw-zaak", (f"{_HUB}.zgw-zaak+json",), zgw.parse, OTHER_KINDS, _json("zaaktype", "count results")),
    Format("corv", (f"{_HUB}.corv+xml",), corv_xml.parse, OTHER_KINDS, root="Di01"),
    Format(
        "corv-verstrekking",
        (f"{_HUB}.corv+json",),
        corv_verstrekking.parse,
        SUPPLY_KINDS,
        _json("verstrekking bericht"),
    ),
    Format("vera", (f"{_HUB}.vera+json",), vera.parse, VERA_KINDS, _json("vera")),
    Format("brp-personen", (f"{_HUB}.brp-personen+json",), brp_personen.parse, BRP_KINDS, _json("personen")),
    Format("eigen", (f"{_HUB}.levering+json",), eigen.parse, OTHER_KINDS, _json("")),
)

GENERAL = ("application/json", "application/xml", "text/xml")
"""Names that say too little: the document itself tells which format it is."""

_WITHOUT_RECORD = "Uw organisatie levert alleen met een verstrekkingsbesluit. In dit formaat is daar geen plaats voor."
_FIRST_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")


def parse(media_type: str, document: json_text.Document, context: ParseContext) -> Parsed:
    """What `document` delivers, under the media type that it came with (parameters and all).

    Raises `ShapeError` with the place of the fault: unknown format, a format that is not for this kind of partner, or
    a document that is not of its shape. Nothing else is raised for any bytes.
    """
    name = _name(media_type)
    if name in GENERAL and _is_xml(document):
        name = media_type_of(document)
    elif name in GENERAL:
        document = json_text.parsed(document) if isinstance(document, bytes) else document
        name = _first_name(_by_keys(document.value))
    chosen = _format(name)
    if context.source_kind not in chosen.kinds:
        bare = context.source_kind in SUPPLY_KINDS
        raise ShapeError(_WITHOUT_RECORD if bare else "Dit formaat is niet voor uw organisatie.", place="Content-Type")
    return chosen.parse(document, context)


def media_type_of(document: bytes) -> str:
    """The media type that the beginning of a file shows (for a file that comes without one). Nothing is judged here."""
    if _is_xml(document):
        return _first_name(_by_root(document))
    try:
        return _first_name(_by_keys(json_text.parsed(document).value))
    except ShapeError:
        return _first_name(_by_keys(None))


def _is_xml(document: json_text.Document) -> TypeGuard[bytes]:
    return isinstance(document, bytes) and document.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _first_name(fitting: Iterator[tuple[int, Format]]) -> str:
    return max(fitting, key=itemgetter(0))[1].media_types[0]


def _by_root(document: bytes) -> Iterator[tuple[int, Format]]:
    """(length of the match, format) of XML; one at least."""
    first = _FIRST_ELEMENT.search(document)
    name = first[1].decode("ascii") if first else ""
    return ((len(each.root), each) for each in FORMATS if each.root is not None and name.endswith(each.root))


def _by_keys(found: Any) -> Iterator[tuple[int, Format]]:
    """(number of keys, format) of a JSON value; one at least."""
    own = found.keys() if isinstance(found, dict) else frozenset()
    return ((len(keys), each) for each in FORMATS for keys in each.keys if keys <= own)


def _name(media_type: str) -> str:
    name, parameters = media_types.read(media_type)
    if parameters.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise ShapeError("Alleen UTF-8 wordt gelezen.", place="Content-Type")
    if not parameters.get("fhirversion", "4.0").startswith("4.0"):
        raise ShapeError("Alleen FHIR R4 (4.0) wordt gelezen.", place="Content-Type")
    return name


def _format(name: str) -> Format:
    for each in FORMATS:
        if name in each.media_types:
            return each
    raise ShapeError("Dit formaat kent de hub niet.", place="Content-Type")
