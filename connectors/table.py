"""The formats: one line each. A door knows only this file."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message

from connectors import corv_verstrekking, corv_xml, eigen, fhir_json, fhir_xml, politie_justitie, zgw
from connectors.context import ParseContext
from hub.errors import ShapeError
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind

SUPPLY_KINDS = frozenset({PartnerKind.POLITIE, PartnerKind.OM, PartnerKind.DJI})
"""Kinds that deliver only with a supply record (R12, R13), so only in the form that has one."""
OTHER_KINDS = frozenset(PartnerKind) - SUPPLY_KINDS


@dataclass(frozen=True)
class Format:
    """`media_types`: the names under which it comes in; `kinds`: which partners may use it."""

    name: str
    media_types: tuple[str, ...]
    parse: Callable[[bytes, ParseContext], Parsed]
    kinds: frozenset[PartnerKind]


FORMATS = (
    Format("fhir-json", ("application/fhir+json",), fhir_json.parse, OTHER_KINDS),
    Format("fhir-xml", ("application/fhir+xml",), fhir_xml.parse, OTHER_KINDS),
    Format("politie-justitie", ("application/vnd.hub.politie-justitie+json",), politie_justitie.parse, SUPPLY_KINDS),
    Format("zgw-zaak", ("application/vnd.hub.zgw-zaak+json",), zgw.parse, OTHER_KINDS),
    Format("corv", ("application/vnd.hub.corv+xml",), corv_xml.parse, OTHER_KINDS),
    Format("corv-verstrekking", ("application/vnd.hub.corv+json",), corv_verstrekking.parse, SUPPLY_KINDS),
    Format("eigen", ("application/vnd.hub.levering+json",), eigen.parse, OTHER_KINDS),
)

GENERAL = ("application/json", "application/xml", "text/xml")
"""Names that say too little: the document itself tells which format it is."""

_WITHOUT_RECORD = "Uw organisatie levert alleen met een verstrekkingsbesluit. In dit formaat is daar geen plaats voor."
_FIRST_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_BY_KEY = (
    ({"resourceType"}, "application/fhir+json"),
    ({"verstrekking", "bericht"}, "application/vnd.hub.corv+json"),
    ({"verstrekking"}, "application/vnd.hub.politie-justitie+json"),
    ({"zaaktype"}, "application/vnd.hub.zgw-zaak+json"),
    ({"count", "results"}, "application/vnd.hub.zgw-zaak+json"),
)
"""The keys by which a JSON document shows its format; the first row that fits counts."""


def parse(media_type: str, document: bytes, context: ParseContext) -> Parsed:
    """What `document` delivers, under the media type that it came with (parameters and all).

    Raises `ShapeError` with the place of the fault: unknown format, a format that is not for this kind of partner, or
    a document that is not of its shape. Nothing else is raised for any bytes.
    """
    chosen = _format(media_type, document)
    if context.source_kind not in chosen.kinds:
        bare = context.source_kind in SUPPLY_KINDS
        raise ShapeError(_WITHOUT_RECORD if bare else "Dit formaat is niet voor uw organisatie.", place="Content-Type")
    return chosen.parse(document, context)


def media_type_of(document: bytes) -> str:
    """The media type that the beginning of a file shows (for a file that comes without one). Nothing is judged here."""
    if document.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        first = _FIRST_ELEMENT.search(document)
        return f"application/{'vnd.hub.corv' if first and first[1].endswith(b'Di01') else 'fhir'}+xml"
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        found = None
    keys = found.keys() if isinstance(found, dict) else set()
    return next((name for row, name in _BY_KEY if row <= keys), "application/vnd.hub.levering+json")


def _format(media_type: str, document: bytes) -> Format:
    header = Message()
    header["Content-Type"] = media_type.replace("\r", " ").replace("\n", " ")
    name = header.get_content_type()
    if str(header.get_param("charset", "utf-8")).lower() not in {"utf-8", "utf8"}:
        raise ShapeError("Alleen UTF-8 wordt gelezen.", place="Content-Type")
    if not str(header.get_param("fhirVersion", "4.0")).startswith("4.0"):
        raise ShapeError("Alleen FHIR R4 (4.0) wordt gelezen.", place="Content-Type")
    if name in GENERAL:
        name = media_type_of(document)
    for each in FORMATS:
        if name in each.media_types:
            return each
    raise ShapeError("Dit formaat kent de hub niet.", place="Content-Type")
