"""Whom the resources of a document are about: one person, and who he says he is."""

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.fhir.item import Item, short
from connectors.fhir.patient import bsn_of, claim
from connectors.person import is_bsn
from connectors.reasons import Reason
from hub.errors import ShapeError
from hub.model.delivery import PersonClaim

_ELEMENTS = ("subject", "patient", "beneficiary")
_TWO_PERSONS = "Dit document gaat over meer dan één persoon."


def reference(item: Item) -> tuple[str, dict[str, Any]] | None:
    """The element that says whom a resource is about, and its Reference."""
    for name in _ELEMENTS:
        told = item.resource.get(name)
        if isinstance(told, dict):
            return name, told
    return None


def not_a_person(item: Item) -> Reason | None:
    """A resource about a group, a device or a place."""
    told = reference(item)
    if told is None:
        return None
    written = str(told[1].get("reference") or "")
    kind = told[1].get("type") or (short(written).split("/", maxsplit=1)[0] if "/" in written else "Patient")
    found = item.find(told[1])
    return Reason.NOT_A_PERSON if (found or {"resourceType": kind})["resourceType"] != "Patient" else None


def claims(items: Sequence[Item]) -> tuple[PersonClaim, ...]:
    """Every person that the document names: each Patient, and each subject that is named by BSN.

    Raises `ShapeError` where resources are about different persons, or a BSN cannot be one.
    """
    found: dict[PersonClaim, None] = {}
    keys: dict[str, str] = {}
    for item in items:
        for key, person, place in _named(item):
            if person is not None:
                _check_bsn(person, place)
                found[person] = None
            keys.setdefault(key, place)
    if len(keys) > 1:
        raise ShapeError(_TWO_PERSONS, place=list(keys.values())[1])
    return tuple(found)


def _named(item: Item) -> Iterator[tuple[str, PersonClaim | None, str]]:
    """(who, by BSN where it is known, else by reference; what is claimed of him; where)."""
    if item.kind == "Patient":
        yield _key_of(item.resource), claim(item.resource), item.place
    told = reference(item)
    if told is None or not_a_person(item):
        return
    name, written = told
    place = f"{item.place}.{name}"
    patient = item.find(written)
    bsn = bsn_of([written.get("identifier") or {}])
    if patient is not None:
        yield _key_of(patient), claim(patient), place
    elif bsn:
        yield f"bsn {bsn}", PersonClaim(bsn=bsn), place
    elif written.get("reference"):
        yield short(str(written["reference"])), None, place


def _key_of(patient: dict[str, Any]) -> str:
    bsn = bsn_of(patient.get("identifier"))
    return f"bsn {bsn}" if bsn else f"Patient/{patient.get('id')}"


def _check_bsn(person: PersonClaim, place: str) -> None:
    if person.bsn is not None and not is_bsn(person.bsn):
        raise ShapeError("Dit is geen geldig burgerservicenummer.", place=f"{place}.identifier")
