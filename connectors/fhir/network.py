"""RelatedPerson: people around the person of the casus (nl-core-ContactPerson)."""

from collections.abc import Mapping
from typing import Any

from connectors.fhir.codes import RELATION, ROLE
from connectors.fhir.item import Item
from connectors.fhir.reading import all_coded, compact, contacts, human_name, pairs, span
from connectors.fhir.rule import Matches, Rule
from connectors.reasons import Reason
from hub.model.partner import CARE_KINDS

FIRST_CONTACT = frozenset({"01"})
LEGAL_ROLES = frozenset({"03", "11", "15", "24"})
"""Curator, voogd, mentor, wettelijke vertegenwoordiger (COD472-VEKT)."""
FINANCIAL_ROLES = frozenset({"14"})
PROFESSIONAL_ROLES = frozenset({"04", "05", "07", "21"})
"""Financial, care professional, client support: no family and no direct social contact (Bgs 2.19)."""
NOT_FAMILY = frozenset({"FRND", "NBOR", "ROOM", "EXT", "_PersonalRelationshipRoleType"})


def contact_value(person: Mapping[str, Any]) -> dict[str, Any] | None:
    """Name, relation and contact data: what is needed to reach someone. No address, no birth date, no numbers."""
    return compact(
        naam=human_name(person.get("name")),
        relatie=all_coded(person.get("relationship")),
        contact=contacts(person.get("telecom")),
        periode=span(person.get("period")),
    )


def circle(person: Mapping[str, Any]) -> str:
    """`gezinslid`, `sociaal_contact` or `ander` (Bgs 2.19, R31)."""
    said = pairs(*person.get("relationship", ()))
    relations = {code for system, code in said if system == RELATION}
    if relations - NOT_FAMILY:
        return "gezinslid"
    roles = {code for system, code in said if system == ROLE}
    return "ander" if roles and roles <= PROFESSIONAL_ROLES else "sociaal_contact"


def _roles(*wanted: frozenset[str]) -> Matches:
    codes = frozenset().union(*wanted)
    return lambda item: any(
        system == ROLE and code in codes for system, code in pairs(*item.resource.get("relationship", ()))
    )


def _value(item: Item) -> Any:
    return contact_value(item.resource)


def _near(item: Item) -> bool:
    """A care source delivers those who matter for continuity of care (Wvggz); a representative has a field of his
    own."""
    return item.context.source_kind in CARE_KINDS and not _roles(LEGAL_ROLES, FINANCIAL_ROLES)(item)


def _circle(item: Item) -> str:
    return circle(item.resource)


def gate(item: Item) -> Reason | None:
    """Someone outside family and direct contacts is not taken in, unless he represents the person."""
    if item.resource.get("active") is False:
        return Reason.NOT_CURRENT
    outside = circle(item.resource) == "ander" and not _roles(LEGAL_ROLES, FINANCIAL_ROLES)(item)
    return Reason.CIRCLE if outside else None


RULES = (
    Rule(
        "RelatedPerson",
        "name, relationship, telecom",
        "contactpersoon_1",
        _value,
        _roles(FIRST_CONTACT),
        "role 01 (COD472)",
        person=_circle,
    ),
    Rule(
        "RelatedPerson",
        "name, relationship, telecom",
        "naasten_relevant_zorg",
        _value,
        _near,
        "the source is a care provider, and the role is not that of a representative",
        person=_circle,
    ),
    Rule(
        "RelatedPerson",
        "name, relationship, telecom",
        "vertegenwoordiger",
        _value,
        _roles(LEGAL_ROLES),
        "role 03, 11, 15 or 24 (COD472)",
    ),
    Rule(
        "RelatedPerson",
        "name, relationship, telecom",
        "bewindvoerder",
        _value,
        _roles(FINANCIAL_ROLES),
        "role 14 (COD472)",
    ),
)
GATES = {"RelatedPerson": (gate,)}
