"""What a parser knows besides the document: who delivers, and the moment of it."""

from dataclasses import dataclass
from datetime import datetime

from hub.model.partner import PartnerKind

MAX_BYTES = 10 * 1024 * 1024
"""Largest document, in bytes (10 MiB)."""

MAX_DEPTH = 50
"""Deepest nesting of JSON values and of XML elements."""

MAX_VALUES = 50_000
"""Most JSON values, or XML elements, in one document."""

MAX_RESOURCES = 1_000
"""Most resources in one FHIR document, contained ones too: about two milliseconds each."""

MAX_FHIR_VALUES = 10_000
"""Most JSON values in one FHIR document: some thirty microseconds each in the library. A file of a whole patient, two
hundred resources of forty values, has fewer."""


@dataclass(frozen=True)
class ParseContext:
    """Who delivers (`partner`, its `source_kind`) and when (`at`, with an offset)."""

    source_kind: PartnerKind
    partner: str
    at: datetime
