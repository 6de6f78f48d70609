"""Coverage: who pays (nl-core-Payer). No insured number, no bank data."""

from typing import Any

from connectors.fhir.item import Item, professional
from connectors.fhir.reading import coded, compact, span
from connectors.fhir.rule import Rule, always, by_status
from connectors.reasons import Reason

_SELF_PAY = "http://terminology.hl7.org/CodeSystem/coverage-selfpay"


def _insurance(item: Item) -> bool:
    return not any(system == _SELF_PAY for system, _ in item.codes())


def _insured(item: Item) -> Any:
    """Yes or no on the day of delivery, and the period."""
    cover = item.resource
    period = cover.get("period") or {}
    today = item.context.at.date().isoformat()
    begun = str(period.get("start") or "")[:10] <= today
    ended = bool(period.get("end")) and str(period["end"])[:10] < today[: len(str(period["end"])[:10])]
    return compact(verzekerd=cover.get("status") == "active" and begun and not ended, periode=span(period))


def _payers(item: Item) -> Any:
    cover = item.resource
    listed = [professional(item, each) for each in cover.get("payor", ())]
    names = [each["naam"] for each in listed if each and "naam" in each]
    return compact(
        soort=coded(cover.get("type")), betaler=names, status=cover.get("status"), periode=span(cover.get("period"))
    )


RULES = (
    Rule(
        "Coverage",
        "status, period",
        "zorgverzekering_actief",
        _insured,
        _insurance,
        "type is not coverage-selfpay",
        many=False,
    ),
    Rule("Coverage", "type, payor, status, period", "financier", _payers, always, "always"),
)
GATES = {
    "Coverage": (by_status({"entered-in-error": Reason.MISTAKEN, "draft": Reason.NOT_SETTLED}),),
}
