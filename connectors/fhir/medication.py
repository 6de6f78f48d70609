"""Medication: use, agreements and administration of MP9, allergies (mp-MedicationUse2, -Agreement,
-Administration2)."""

from collections.abc import Mapping
from typing import Any

from connectors.fhir.item import Item
from connectors.fhir.reading import (
    all_coded,
    choice,
    code_of,
    coded,
    compact,
    extension_value,
    moment,
    notes,
    quantity,
    words,
)
from connectors.fhir.rule import Rule, always, by_status, by_verification
from connectors.reasons import Reason


def _product(item: Item) -> Any:
    """The product by its code, from the resource itself or the Medication of the document, else as the source names
    it."""
    told = item.resource
    own = coded(told.get("medicationCodeableConcept"))
    if own:
        return own
    reference = told.get("medicationReference")
    found = item.find(reference) or {}
    return coded(found.get("code")) or compact(tekst=(reference or {}).get("display"))


def _period(item: Item) -> Any:
    """MP9 keeps the period of an agreement in an extension."""
    told = item.resource
    return extension_value(told, "ext-TimeInterval.Period") or moment(told, "effective")


def _stopped(item: Item) -> Any:
    listed = item.resource.get("modifierExtension", ())
    return next((choice(each) for each in listed if str(each.get("url", "")).endswith("ext-StopType")), None)


def _dosages(item: Item) -> list[dict[str, Any]]:
    told = item.resource
    read = [_dosage(each) for each in told.get("dosageInstruction") or told.get("dosage") or ()]
    return [each for each in read if each]


def _dosage(dosage: Mapping[str, Any]) -> dict[str, Any] | None:
    repeat = (dosage.get("timing") or {}).get("repeat") or {}
    rates = [quantity(each.get("doseQuantity")) for each in dosage.get("doseAndRate", ())]
    return compact(
        tekst=dosage.get("text"),
        keer=repeat.get("frequency"),
        per=compact(aantal=repeat.get("period"), eenheid=repeat.get("periodUnit")),
        hoeveelheid=[each for each in rates if each],
        weg=words(dosage.get("route")),
    )


def _medicine(item: Item) -> Any:
    told = item.resource
    product = _product(item)
    return product and compact(
        soort=item.kind,
        middel=product,
        status=told.get("status"),
        gestopt=_stopped(item),
        periode=_period(item),
        gebruik=extension_value(told, "ext-RenderedDosageInstruction"),
        dosering=_dosages(item),
        reden=all_coded(told.get("reasonCode")),
        toelichting=notes(told),
    )


def _administration(item: Item) -> Any:
    told = item.resource
    dose = told.get("dosage") or {}
    return compact(
        middel=_product(item),
        status=told.get("status"),
        afgesproken=extension_value(told, "ext-MedicationAdministration2.AgreedDateTime"),
        toegediend=moment(told, "effective"),
        volgensAfspraak=extension_value(told, "ext-AsAgreedIndicator"),
        hoeveelheid=quantity(dose.get("dose")),
        weg=words(dose.get("route")),
        toelichting=notes(told),
    )


def _allergy(item: Item) -> Any:
    told = item.resource
    return compact(
        stof=coded(told.get("code")),
        status=code_of(told.get("clinicalStatus")),
        zekerheid=code_of(told.get("verificationStatus")),
        ernst=told.get("criticality"),
        sinds=moment(told, "onset"),
        reacties=[each for each in map(_reaction, told.get("reaction", ())) if each],
        toelichting=notes(told),
    )


def _reaction(reaction: Mapping[str, Any]) -> dict[str, Any] | None:
    return compact(
        verschijnselen=all_coded(reaction.get("manifestation")),
        omschrijving=reaction.get("description"),
        ernst=reaction.get("severity"),
    )


def request_gate(item: Item) -> Reason | None:
    """Only medication that a prescriber agreed on and that is to be taken."""
    told = item.resource
    if told.get("doNotPerform"):
        return Reason.REFUTED
    if told.get("status") == "draft" or told.get("intent") in {"proposal", "option"}:
        return Reason.NOT_SETTLED
    return _ENDED.get(str(told.get("status")))


_ENDED = {
    "entered-in-error": Reason.MISTAKEN,
    "cancelled": Reason.MISTAKEN,
    "declined": Reason.NOT_CURRENT,
    "stopped": Reason.NOT_CURRENT,
    "intended": Reason.NOT_SETTLED,
    "preparation": Reason.NOT_SETTLED,
}
_USE = "medication, status, period, dosage, reasonCode, note"

RULES = (
    Rule("MedicationStatement", _USE, "medicatie_actueel", _medicine, always, "always"),
    Rule("MedicationRequest", _USE, "medicatie_actueel", _medicine, always, "always"),
    Rule("MedicationDispense", _USE, "medicatie_actueel", _medicine, always, "always"),
    Rule(
        "MedicationAdministration",
        "medication, status, agreed time, effective, as agreed, dose, route, note",
        "depot_status",
        _administration,
        always,
        "always",
    ),
    Rule(
        "AllergyIntolerance",
        "code, clinicalStatus, criticality, onset, reaction, note",
        "medicatie_contraindicatie",
        _allergy,
        always,
        "always",
    ),
)
GATES = {
    "MedicationStatement": (by_status({**_ENDED, "completed": Reason.NOT_CURRENT}),),
    "MedicationRequest": (request_gate,),
    "MedicationDispense": (by_status(_ENDED),),
    "MedicationAdministration": (by_status({"entered-in-error": Reason.MISTAKEN}),),
    "AllergyIntolerance": (by_verification,),
}
