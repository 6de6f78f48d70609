"""CarePlan, Goal and Flag (nl-core-HelpFromOthers, TreatmentObjective, Alert, MedicationContraIndication)."""

from collections.abc import Mapping
from typing import Any

from connectors.fhir.codes import FLAG_CATEGORY, LOINC, SUICIDE_RISK
from connectors.fhir.item import Item, professional
from connectors.fhir.reading import all_coded, choice, coded, codings, compact, extension, notes, span, words
from connectors.fhir.rule import Matches, Rule, any_of, has_code, profiled, snomed
from connectors.reasons import Reason
from hub.model.partner import CARE_KINDS

_HELP = any_of(snomed("243114000"), profiled("HelpFromOthers"))
_INFORMAL = "RelatedPerson"


def _called(*names: str) -> Matches:
    """The plan's category carries one of these words, as text or display."""

    def said(item: Item) -> bool:
        listed = item.resource.get("category", ())
        told = [each.get("text") for each in listed] + [each.get("display") for each in codings(*listed)]
        return any(str(name).strip().lower() in names for name in told if name)

    return said


_EARLY_SIGNS = _called("signaleringsplan")
_CRISIS = _called("crisisplan", "crisiskaart")


def _kind_of(reference: Mapping[str, Any]) -> str:
    return str(reference.get("type") or str(reference.get("reference", "")).split("/", maxsplit=1)[0])


def _activity(item: Item, detail: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is done, when, by which organisation or professional, or by whom in relation to the person (no name)."""
    performers = detail.get("performer", ())
    by = [professional(item, each) for each in performers if _kind_of(each) not in {_INFORMAL, "Patient"}]
    near = [(item.find(each) or {}).get("relationship") for each in performers if _kind_of(each) == _INFORMAL]
    return compact(
        wat=coded(detail.get("code")),
        omschrijving=detail.get("description"),
        status=detail.get("status"),
        wanneer=detail.get("scheduledString") or span(detail.get("scheduledPeriod")),
        door=[each for each in by if each],
        naaste=[name for relation in near for name in map(words, relation or ()) if name],
        nietDoen=detail.get("doNotPerform") or None,
    )


def _activities(item: Item, *, informal: bool | None = None) -> list[dict[str, Any]]:
    """The activities; `informal` keeps those that a relative, neighbour or volunteer does, or all others."""
    read = []
    for each in item.resource.get("activity", ()):
        detail = each.get("detail") or {}
        near = any(_kind_of(reference) == _INFORMAL for reference in detail.get("performer", ()))
        if detail.get("status") != "entered-in-error" and informal in {None, near}:
            read.append(_activity(item, detail))
    return [each for each in read if each]


def _plan(item: Item) -> dict[str, Any]:
    plan = item.resource
    told = compact(
        titel=plan.get("title"),
        omschrijving=plan.get("description"),
        status=plan.get("status"),
        periode=span(plan.get("period")),
        toelichting=notes(plan),
    )
    return told or {}


def _whole_plan(item: Item) -> Any:
    return compact(**_plan(item), activiteiten=_activities(item))


def _interventions(item: Item) -> Any:
    """Without activities there is nothing to carry out."""
    activities = _activities(item, informal=False if _HELP(item) else None)
    return compact(**_plan(item), activiteiten=activities) if activities else None


def _help(item: Item) -> Any:
    activities = _activities(item, informal=True)
    return compact(**_plan(item), activiteiten=activities) if activities else None


def _ordinary(item: Item) -> bool:
    return not (_EARLY_SIGNS(item) or _CRISIS(item))


def _short_plan(item: Item) -> Any:
    """One page for readers outside care: the source's own words, no codes."""
    return item.resource.get("description")


def _goal(item: Item) -> Any:
    told = item.resource
    return compact(
        doel=coded(told.get("description")),
        status=told.get("lifecycleStatus"),
        bereikt=coded(told.get("achievementStatus")),
        start=told.get("startDate"),
        streven=[each for each in map(_target, told.get("target", ())) if each],
        uitkomst=all_coded(told.get("outcomeCode")),
        toelichting=notes(told),
    )


def _target(target: Mapping[str, Any]) -> dict[str, Any] | None:
    return compact(wat=coded(target.get("measure")), waarde=choice(target, "detail"), uiterlijk=target.get("dueDate"))


def _treated(item: Item) -> bool:
    return item.context.source_kind in CARE_KINDS


def _signal(item: Item) -> Any:
    """The flag's code, and the problem that it points at where the document holds it."""
    flag = item.resource
    detail = extension(flag, "flag-detail") or {}
    problem = item.find(detail.get("valueReference")) or {}
    return compact(
        signaal=coded(flag.get("code")) or coded(problem.get("code")),
        soort=all_coded(flag.get("category")),
        periode=span(flag.get("period")),
    )


def _words_only(item: Item) -> Any:
    """Plain words of the source for readers outside care; a code or its display is no such text (and may be a
    diagnosis)."""
    return (item.resource.get("code") or {}).get("text")


def _text_rule(field: str, matches: Matches | None = None, when: str = "") -> Rule:
    if matches is None:
        return Rule("Flag", "code.text", field, _words_only, absent=Reason.NO_TEXT)
    return Rule("Flag", "code.text", field, _words_only, matches, when, absent=Reason.NO_TEXT)


def plan_gate(item: Item) -> Reason | None:
    """Only plans that hold: no draft, no proposal, nothing revoked."""
    plan = item.resource
    if plan.get("status") == "draft" or plan.get("intent") in {"proposal", "option"}:
        return Reason.NOT_SETTLED
    return {"entered-in-error": Reason.MISTAKEN, "revoked": Reason.NOT_CURRENT}.get(str(plan.get("status")))


def goal_gate(item: Item) -> Reason | None:
    """Only goals that were agreed."""
    refused = {
        "proposed": Reason.NOT_SETTLED,
        "rejected": Reason.NOT_SETTLED,
        "cancelled": Reason.NOT_CURRENT,
        "entered-in-error": Reason.MISTAKEN,
    }
    return refused.get(str(item.resource.get("lifecycleStatus")))


def flag_gate(item: Item) -> Reason | None:
    """A warning that ended is no warning: it is not taken in."""
    flag = item.resource
    if flag.get("status") == "entered-in-error":
        return Reason.MISTAKEN
    end = str((flag.get("period") or {}).get("end") or "")[:10]
    past = bool(end) and end < item.context.at.date().isoformat()[: len(end)]
    return Reason.NOT_CURRENT if flag.get("status") != "active" or past else None


_PLAN_ELEMENTS = "title, description, status, period, activity, note"

RULES = (
    Rule(
        "CarePlan",
        _PLAN_ELEMENTS,
        "interventies",
        _interventions,
        _ordinary,
        "always, but for a signaleringsplan or crisisplan; of help from others what no relative does",
    ),
    Rule(
        "CarePlan",
        "activity.detail with a RelatedPerson as performer",
        "informele_hulp",
        _help,
        _HELP,
        "SNOMED CT 243114000 or profile HelpFromOthers",
    ),
    Rule(
        "CarePlan", _PLAN_ELEMENTS, "signaleringsplan", _whole_plan, _EARLY_SIGNS, "category in words: signaleringsplan"
    ),
    Rule(
        "CarePlan",
        "description",
        "crisisplan_kort",
        _short_plan,
        _CRISIS,
        "category in words: crisisplan or crisiskaart",
        absent=Reason.NO_TEXT,
    ),
    Rule(
        "Goal",
        "description, lifecycleStatus, target, outcomeCode, note",
        "behandeldoelen",
        _goal,
        _treated,
        "the source is a care provider",
    ),
    Rule(
        "Goal",
        "description, lifecycleStatus, target, outcomeCode, note",
        "levensloopplan_doelen",
        _goal,
        lambda i: not _treated(i),
        "the source is no care provider",
    ),
    Rule(
        "Flag",
        "code, category, period",
        "medicatie_contraindicatie",
        _signal,
        any_of(snomed("140401000146105"), has_code({(FLAG_CATEGORY, "drug")})),
        "category SNOMED CT 140401000146105, or drug",
    ),
    Rule("Flag", "code, category, period", "suiciderisico", _signal, has_code(SUICIDE_RISK), "SNOMED CT 225444004"),
    Rule(
        "Flag",
        "code, category, period",
        "somatiek_relevant",
        _signal,
        lambda i: (
            has_code({(LOINC, "75323-6"), (LOINC, "74018-3"), (FLAG_CATEGORY, "clinical")})(i)
            and not i.codes() & SUICIDE_RISK
        ),
        "category LOINC 75323-6 or 74018-3 (zib Alert), or clinical",
    ),
    Rule("Flag", "code, category, period", "gedrag_onder_invloed", _signal),
    Rule("Flag", "code, category, period", "signaal_terugval", _signal),
    _text_rule("bejegeningsadvies", has_code({(FLAG_CATEGORY, "behavioral")}), "category behavioral"),
    _text_rule("bezoekregels", has_code({(FLAG_CATEGORY, "safety")}), "category safety"),
    _text_rule("communicatie_aanpassing"),
    _text_rule("crisisplan_kort"),
)
GATES = {"CarePlan": (plan_gate,), "Goal": (goal_gate,), "Flag": (flag_gate,)}
