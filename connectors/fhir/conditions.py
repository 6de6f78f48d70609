"""Condition: problems and diagnoses, legal status, representation (nl-core-Problem, LegalSituation)."""

from typing import Any

from connectors.fhir.codes import (
    ACQUIRED_BRAIN_INJURY,
    CHAPTERS,
    LEGAL_STATUS,
    LEGAL_STATUS_FIELDS,
    NO_DISORDER,
    REPRESENTATION,
    REPRESENTATION_FIELDS,
    SNOMED,
)
from connectors.fhir.item import Item
from connectors.fhir.reading import all_coded, code_of, coded, compact, first, notes, onset_to_abatement
from connectors.fhir.rule import Matches, Rule, by_verification

_LEGAL_CATEGORIES = frozenset({(SNOMED, "303186005"), (SNOMED, "151701000146105")})
_LEGAL_PROFILES = frozenset({"LegalSituation-LegalStatus", "LegalSituation-Representation"})


def _is_legal(item: Item) -> bool:
    listed = any(system in {LEGAL_STATUS, REPRESENTATION} for system, _ in item.codes())
    return listed or bool(item.codes() & _LEGAL_CATEGORIES) or bool(item.profiles() & _LEGAL_PROFILES)


def _letters(item: Item) -> set[tuple[str, str]]:
    """(chapter of mental disorders, chapter of this code) in each classification that has chapters."""
    return {(CHAPTERS[system], code[:1].upper()) for system, code in item.codes() if system in CHAPTERS}


def _sort(item: Item) -> str:
    """What a Condition is, by its codes. Without chapter (SNOMED CT, DSM, text) it counts as a diagnosis: the
    stricter field."""
    if _is_legal(item):
        return "legal"
    if item.codes() & ACQUIRED_BRAIN_INJURY:
        return "brain"
    letters = _letters(item)
    if not letters or any(mental == letter for mental, letter in letters):
        return "diagnosis"
    return "circumstance" if all(letter == NO_DISORDER for _, letter in letters) else "body"


def _sorted_as(sort: str) -> Matches:
    return lambda item: _sort(item) == sort


def _legal_code(system: str, codes: frozenset[str]) -> Matches:
    wanted = frozenset((system, code) for code in codes)
    return lambda item: bool(item.codes() & wanted)


def _problem(item: Item) -> Any:
    told = item.resource
    return compact(
        probleem=coded(told.get("code")),
        soort=coded(first(told.get("category"))),
        status=code_of(told.get("clinicalStatus")),
        zekerheid=code_of(told.get("verificationStatus")),
        ernst=coded(told.get("severity")),
        plaats=all_coded(told.get("bodySite")),
        periode=onset_to_abatement(told),
        toelichting=notes(told),
    )


def _brain(item: Item) -> Any:
    return {"aanwezig": True, **_problem(item)}


def _criterion(_: Item) -> Any:
    """Only whether, not what."""
    return {"aanwezig": True}


def _legal(item: Item) -> Any:
    told = item.resource
    return compact(
        soort=coded(told.get("code")),
        status=code_of(told.get("clinicalStatus")),
        periode=onset_to_abatement(told),
        toelichting=notes(told),
    )


RULES = (
    Rule(
        "Condition",
        "code, category, clinicalStatus, onset, abatement, note",
        "diagnose_dsm",
        _problem,
        _sorted_as("diagnosis"),
        "ICD-10 chapter F, ICPC chapter P, or a code without chapter (SNOMED CT, DSM)",
    ),
    Rule(
        "Condition",
        "code, category, clinicalStatus, onset, abatement, note",
        "somatiek_relevant",
        _problem,
        _sorted_as("body"),
        "another chapter of ICD-10 or ICPC",
    ),
    Rule("Condition", "code", "nah", _brain, _sorted_as("brain"), "SNOMED CT 127294003, 127295002"),
    Rule("Condition", "(that it is there)", "stoornis_criterium", _criterion, many=False),
    *(
        Rule(
            "Condition",
            "code, clinicalStatus, onset, abatement, note",
            field,
            _legal,
            _legal_code(LEGAL_STATUS, codes),
            f"JuridischeStatus {', '.join(sorted(codes))}",
        )
        for field, codes in LEGAL_STATUS_FIELDS.items()
    ),
    *(
        Rule(
            "Condition",
            "code, clinicalStatus, onset, abatement, note",
            field,
            _legal,
            _legal_code(REPRESENTATION, codes),
            f"JuridischeVertegenwoordiging {', '.join(sorted(codes, key=int))}",
        )
        for field, codes in REPRESENTATION_FIELDS.items()
    ),
)
GATES = {"Condition": (by_verification,)}
