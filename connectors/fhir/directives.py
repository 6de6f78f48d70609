"""Consent as a care directive: AdvanceDirective and TreatmentDirective2. They say what someone wants done or left;
they never are a consent to share, and never open a field.
"""

from typing import Any

from connectors.fhir.codes import CONSENT_CATEGORY, CONSENT_SCOPE, DIRECTIVE, SNOMED
from connectors.fhir.item import Item
from connectors.fhir.reading import all_coded, choice, compact, extension_value, pairs, span
from connectors.fhir.rule import Rule
from connectors.reasons import Reason

_SCOPES = frozenset({(CONSENT_SCOPE, "adr"), (CONSENT_SCOPE, "treatment")})
_CATEGORIES = frozenset(
    {(CONSENT_CATEGORY, code) for code in ("acd", "dnr", "emrgonly", "hcd", "polst")} | {(SNOMED, "129125009")}
)
_PROFILES = frozenset({"AdvanceDirective", "TreatmentDirective2", "TreatmentDirective"})
_SELF_BINDING = (DIRECTIVE, "ZB")


def is_directive(item: Item) -> bool:
    """Any sign of a care directive is enough: what may be one is never read as a consent to share."""
    told = item.resource
    said = pairs(told.get("scope")) & _SCOPES or pairs(*told.get("category", ())) & _CATEGORIES
    return bool(said) or bool(item.profiles() & _PROFILES) or any(system == DIRECTIVE for system, _ in _codes(item))


def _codes(item: Item) -> frozenset[tuple[str, str]]:
    provision = item.resource.get("provision") or {}
    return pairs(*provision.get("code", ()), *item.resource.get("category", ()))


def _binds(item: Item) -> bool:
    return is_directive(item) and _SELF_BINDING in _codes(item)


def _value(item: Item) -> Any:
    told = item.resource
    provision = told.get("provision") or {}
    other = [choice(each) for each in told.get("modifierExtension", ())]
    return compact(
        soort=all_coded(provision.get("code")) or all_coded(told.get("category")),
        datum=told.get("dateTime"),
        status=told.get("status"),
        uitvoeren={"permit": "ja", "deny": "nee"}.get(str(provision.get("type"))),
        anders=[each for each in other if each],
        periode=span(provision.get("period")),
        toelichting=extension_value(told, "ext-Comment"),
    )


def _exists(item: Item) -> Any:
    """Only that there is one, and its date (law: exists, date)."""
    return compact(aanwezig=True, datum=item.resource.get("dateTime"), status=item.resource.get("status"))


def gate(item: Item) -> Reason | None:
    """A directive that was withdrawn or never signed is none."""
    refused = {
        "entered-in-error": Reason.MISTAKEN,
        "draft": Reason.NOT_SETTLED,
        "proposed": Reason.NOT_SETTLED,
        "rejected": Reason.NOT_SETTLED,
        "inactive": Reason.NOT_CURRENT,
    }
    return refused.get(str(item.resource.get("status")))


RULES = (
    Rule(
        "Consent",
        "dateTime, status",
        "zelfbindingsverklaring",
        _exists,
        _binds,
        "a care directive with WilsverklaringType ZB",
    ),
    Rule(
        "Consent",
        "provision.code, type, period; dateTime, status, comment (extension)",
        "wilsverklaring",
        _value,
        lambda i: is_directive(i) and not _binds(i),
        "any other care directive (AdvanceDirective, TreatmentDirective2)",
    ),
)
GATES = {"Consent": (gate,)}
