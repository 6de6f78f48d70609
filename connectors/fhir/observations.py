"""Observation and DiagnosticReport: zib and nl-core observations, each known by its fixed code."""

from typing import Any

from connectors.fhir.codes import SNOMED
from connectors.fhir.item import Item
from connectors.fhir.reading import all_coded, choice, coded, compact, moment, notes, pairs, words
from connectors.fhir.rule import Rule, by_status, snomed
from connectors.reasons import Reason

HOUSEHOLD = frozenset({(SNOMED, "224130005"), (SNOMED, "55811000146107")})
"""Composition of the household and number of children at home; children themselves are left out (roles, no names)."""


def _observed(item: Item) -> Any:
    """The value, when, the parts with their names, and the source's note. Without value, parts and note: nothing."""
    told = item.resource
    value = compact(waarde=choice(told), onderdelen=_parts(item), toelichting=notes(told))
    return value and {**value, **(compact(wat=coded(told.get("code")), periode=moment(told, "effective")) or {})}


def _parts(item: Item) -> list[dict[str, Any]]:
    read = (compact(naam=words(part.get("code")), waarde=choice(part)) for part in item.resource.get("component", ()))
    return [part for part in read if part and "waarde" in part]


def _household(item: Item) -> Any:
    kept = [part for part in item.resource.get("component", ()) if pairs(part.get("code")) & HOUSEHOLD]
    read = (compact(naam=words(part.get("code")), waarde=choice(part)) for part in kept)
    return compact(onderdelen=[part for part in read if part and "waarde" in part])


def _instrument(item: Item) -> Any:
    told = item.resource
    return compact(instrument=coded(told.get("code")), datum=moment(told, "effective"), status=told.get("status"))


def _outcome(item: Item) -> Any:
    """The class that the report came to; its text and files stay with the source."""
    told = item.resource
    return compact(
        klasse=all_coded(told.get("conclusionCode")),
        conclusie=told.get("conclusion"),
        datum=moment(told, "effective"),
    )


_ELEMENTS = "value, component, effective, note"

RULES = (
    Rule(
        "Observation",
        _ELEMENTS,
        "middelengebruik",
        _observed,
        snomed("228366006", "228273003"),
        "SNOMED CT 228366006 (drugs), 228273003 (alcohol)",
    ),
    Rule(
        "Observation",
        _ELEMENTS,
        "woonvorm",
        _observed,
        snomed("365508006", "272497004"),
        "SNOMED CT 365508006 (living situation), 272497004 (house type)",
    ),
    Rule(
        "Observation",
        "component 224130005, 55811000146107",
        "huishouden_samenstelling",
        _household,
        snomed("365470003"),
        "SNOMED CT 365470003 (family situation)",
    ),
    Rule(
        "Observation",
        _ELEMENTS,
        "dagbesteding_werk",
        _observed,
        snomed("314845004", "405081003", "364703007"),
        "SNOMED CT 314845004 (participation), 405081003 (leisure), 364703007 (work)",
    ),
    Rule("Observation", _ELEMENTS, "netwerk_beeld", _observed, snomed("365469004"), "SNOMED CT 365469004"),
    Rule(
        "Observation",
        _ELEMENTS,
        "ziekte_inzicht",
        _observed,
        snomed("363910003", "27026000", "364667003"),
        "SNOMED CT 363910003, 27026000 (insight), 364667003 (coping of the person)",
    ),
    Rule("Observation", _ELEMENTS, "iq_of_niveau", _observed),
    Rule("Observation", _ELEMENTS, "lvb_indicator", _observed),
    Rule("Observation", _ELEMENTS, "suiciderisico", _observed),
    Rule("Observation", _ELEMENTS, "leefgebied_score", _observed),
    Rule("Observation", _ELEMENTS, "risico_uitkomstklasse", _observed),
    Rule("DiagnosticReport", "code, effective, status", "risico_instrument", _instrument),
    Rule("DiagnosticReport", "conclusionCode, conclusion, effective", "risico_uitkomstklasse", _outcome),
)
_NOT_VALID = {"entered-in-error": Reason.MISTAKEN, "cancelled": Reason.MISTAKEN}
GATES = {"Observation": (by_status(_NOT_VALID),), "DiagnosticReport": (by_status(_NOT_VALID),)}
