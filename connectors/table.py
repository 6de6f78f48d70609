"""The formats: one line each. A door knows only this file."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message

from connectors import brp_personen, eigen, fhir_json, fhir_xml, politie_justitie
from connectors.context import ParseContext
from connectors.vera import delivery as vera
from hub.errors import ShapeError
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind

SUPPLY_KINDS = frozenset({PartnerKind.POLITIE, PartnerKind.OM, PartnerKind.DJI})
"""Kinds that deliver only with a supply record (R12, R13), so only in the form that has one."""
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
    """`media_types`: the names under which it comes in; `kinds`: which partners may use it; `key`: the member by which
    a JSON document shows that it is of this format."""

    name: str
    media_types: tuple[str, ...]
    parse: Callable[[bytes, ParseContext], Parsed]
    kinds: frozenset[PartnerKind]
    key: str | None = None


FORMATS = (
    Format("fhir-json", ("application/fhir+json",), fhir_json.parse, OTHER_KINDS, "resourceType"),
    Format("fhir-xml", ("application/fhir+xml",), fhir_xml.parse, OTHER_KINDS),
    Format(
        "politie-justitie",
        ("application/vnd.hub.politie-justitie+json",),
        politie_justitie.parse,
        SUPPLY_KINDS,
        "verstrekking",
    ),
    Format("vera", ("application/vnd.hub.vera+json",), vera.parse, VERA_KINDS, "vera"),
    Format("brp-personen", ("application/vnd.hub.brp-personen+json",), brp_personen.parse, BRP_KINDS, "personen"),
    Format("eigen", ("application/vnd.hub.levering+json",), eigen.parse, OTHER_KINDS, "velden"),
)

GENERAL = ("application/json", "application/xml", "text/xml")
"""Names that say too little: the document itself tells which format it is."""


def parse(media_type: str, document: bytes, context: ParseContext) -> Parsed:
    """What `document` delivers, under the media type that it came with (parameters and all).

    Raises `ShapeError` with the place of the fault: unknown format, a format that is not for this kind of partner, or
    a document that is not of its shape. Nothing else is raised for any bytes.
    """
    chosen = _format(media_type, document)
    if context.source_kind not in chosen.kinds:
        raise ShapeError("Dit formaat is niet voor uw organisatie.", place="Content-Type")
    return chosen.parse(document, context)


def media_type_of(document: bytes) -> str:
    """The media type that the beginning of a file shows (for a file that comes without one). Nothing is judged here."""
    if document.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return "application/fhir+xml"
    try:
        keys = json.loads(document)
    except (ValueError, RecursionError):
        keys = None
    shown = (each for each in FORMATS if isinstance(keys, dict) and each.key in keys)
    return next(shown, FORMATS[-1]).media_types[0]


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
