"""Consent as a consent or refusal to share: FHIR `Consent` with scope patient-privacy to claims for the registry.

A consent is read narrowly: it names partners, purposes and groups in the hub's own systems, and every condition that
the
hub cannot keep makes it unreadable. A refusal is read widely: what it leaves open counts for all. Who may record it is
for the registry to judge.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.fhir import moments
from connectors.fhir.codes import (
    ACT_CODE,
    CONSENT_ACTION,
    CONSENT_SCOPE,
    OWN_FIELD,
    OWN_GROUP,
    OWN_PARTNER,
    OWN_PURPOSE,
    PARTICIPATION,
)
from connectors.fhir.item import Item
from connectors.fhir.reading import codings, pairs
from connectors.reasons import Reason
from hub.model.delivery import ConsentClaim, NotTaken
from hub.model.instant import to_text
from hub.model.purpose import PURPOSES

CONSENT, REFUSAL = "toestemming", "weigering"
GROUPS = frozenset(f"G{number:02d}" for number in range(1, 22)) | {"*"}

_RECEIVERS = frozenset({(PARTICIPATION, "IRCP"), (PARTICIPATION, "PRCP")})
"""Information recipient, and primary information recipient."""
_HARMLESS_ROLES = frozenset({(PARTICIPATION, "CST")})
"""The custodian: it is the source itself."""
_SHARING = frozenset({(CONSENT_ACTION, "access"), (CONSENT_ACTION, "disclose")})
_CONDITIONS = ("dataPeriod", "data", "securityLabel")

Outcome = ConsentClaim | NotTaken


@dataclass(frozen=True)
class Frame:
    """What the parts of one Consent share."""

    item: Item
    given_by: str | None
    withdrawn: bool


def is_privacy(item: Item) -> bool:
    """Scope (or category) patient-privacy."""
    told = item.resource
    return (CONSENT_SCOPE, "patient-privacy") in pairs(told.get("scope"), *told.get("category", ()))


def claims(item: Item) -> list[Outcome]:
    """What one Consent says, provision by provision: a claim, or why it is not taken."""
    told = item.resource
    if not is_privacy(item):
        return [NotTaken(item.place, Reason.CONSENT_OTHER_SCOPE)]
    if told.get("status") not in {"active", "inactive"}:
        return [NotTaken(item.place, Reason.CONSENT_STATUS)]
    provision = told.get("provision") or {}
    if any(inner.get("provision") for inner in provision.get("provision", ())):
        return [NotTaken(item.place, Reason.CONSENT_DEPTH)]
    frame = Frame(item, _given_by(told), withdrawn=told["status"] == "inactive")
    return list(_provisions(frame, provision))


def _provisions(frame: Frame, root: Mapping[str, Any]) -> Iterator[Outcome]:
    """The root, and its exceptions. A root that only says "else no" is the frame of the consents in it."""
    place = f"{frame.item.place}.provision"
    inner = root.get("provision", ())
    kind = _kind(frame.item.resource, root)
    frames = bool(inner) and not any(root.get(name) for name in ("actor", "purpose", "class", "code", *_CONDITIONS))
    if not frames:
        yield _claim(frame, root, kind, place)
    for index, part in enumerate(inner):
        exception = f"{place}.provision[{index}]"
        said = {"permit": CONSENT, "deny": REFUSAL}.get(str(part.get("type")))
        if said == CONSENT and kind == REFUSAL and not frames:
            yield NotTaken(exception, Reason.CONSENT_CONDITION)
        else:
            yield _claim(frame, _within(root, part), said, exception)


def _within(root: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """An exception, with the period of the whole beside its own: a consent keeps to both."""
    whole = root.get("period") or {}
    return {**part, "period": part.get("period") or whole, "whole": whole}


def _kind(consent: Mapping[str, Any], root: Mapping[str, Any]) -> str | None:
    """Permit or deny; where FHIR R4 leaves the root without a type, only an opt-out speaks for itself."""
    said = {"permit": CONSENT, "deny": REFUSAL}.get(str(root.get("type")))
    if said is None and (ACT_CODE, "OPTOUT") in pairs(consent.get("policyRule")):
        return REFUSAL
    return said


def _given_by(consent: Mapping[str, Any]) -> str | None:
    """Who agrees: `performer`. `ander` for someone who can agree for nobody."""
    listed = consent.get("performer", ())
    kinds = {each.get("type") or str(each.get("reference", "")).split("/", maxsplit=1)[0] for each in listed}
    if not kinds:
        return None
    if kinds == {"Patient"}:
        return "betrokkene"
    return "vertegenwoordiger" if kinds <= {"Patient", "RelatedPerson"} else "ander"


def _claim(frame: Frame, provision: Mapping[str, Any], kind: str | None, place: str) -> Outcome:
    if kind is None:
        return NotTaken(place, Reason.CONSENT_TYPE)
    return _refusal(frame, provision, place) if kind == REFUSAL else _consent(frame, provision, place)


def _refusal(frame: Frame, provision: Mapping[str, Any], place: str) -> Outcome:
    """Wide: what is not said, or not in the hub's words, counts for all. Only an unknown receiver cannot be written
    down."""
    named, unknown = _receivers(provision)
    if unknown:
        return NotTaken(place, Reason.CONSENT_RECEIVER)
    purposes, other = _purposes(provision)
    groups, foreign = _groups(provision)
    now = to_text(frame.item.context.at)
    return ConsentClaim(
        kind=REFUSAL,
        receivers=named or ("*",),
        purposes=purposes if purposes and not other else ("*",),
        groups=groups if groups and not foreign else ("*",),
        given_at=moments.start(frame.item.resource.get("dateTime"), wide=True) or now,
        valid_until=moments.end((provision.get("period") or {}).get("end"), wide=True),
        withdrawn_at=now if frame.withdrawn else None,
        place=place,
        given_by=frame.given_by,
    )


def _consent(frame: Frame, provision: Mapping[str, Any], place: str) -> Outcome:
    """Narrow: everything must be said in the hub's own words."""
    given_at = moments.start(frame.item.resource.get("dateTime"), wide=False)
    written = [each["end"] for each in _periods(provision) if each.get("end")]
    ends = [instant for instant in (moments.end(each, wide=False) for each in written) if instant]
    reason = _unreadable(frame, provision)
    if reason is None and len(ends) < len(written):
        reason = Reason.CONSENT_DATE
    if reason is not None or given_at is None:
        return NotTaken(place, reason or Reason.CONSENT_DATE)
    return ConsentClaim(
        kind=CONSENT,
        receivers=_receivers(provision)[0],
        purposes=_purposes(provision)[0],
        groups=_groups(provision)[0],
        given_at=given_at,
        valid_until=min(ends, default=None),
        withdrawn_at=to_text(frame.item.context.at) if frame.withdrawn else None,
        place=place,
        given_by=frame.given_by,
    )


def _unreadable(frame: Frame, provision: Mapping[str, Any]) -> Reason | None:
    """The first thing that keeps a consent from being written down exactly."""
    receivers, unknown = _receivers(provision)
    purposes, other = _purposes(provision)
    groups, foreign = _groups(provision)
    checks = {
        Reason.CONSENT_GIVER: frame.given_by == "ander",
        Reason.CONSENT_RECEIVER: not receivers or unknown,
        Reason.CONSENT_PURPOSE: not purposes or other,
        Reason.CONSENT_GROUP: not groups or foreign,
        Reason.CONSENT_CONDITION: _conditioned(frame, provision),
    }
    return next((reason for reason, found in checks.items() if found), None)


def _conditioned(frame: Frame, provision: Mapping[str, Any]) -> bool:
    """Conditions that the hub has no place for, other actions than sharing, or a start after the day it was given."""
    actions = pairs(*provision.get("action", ()))
    roles = pairs(*(actor.get("role") for actor in provision.get("actor", ())))
    begins = max((str(each.get("start") or "")[:10] for each in _periods(provision)), default="")
    given = str(frame.item.resource.get("dateTime") or "")[:10]
    return (
        any(provision.get(name) for name in _CONDITIONS)
        or bool(actions - _SHARING)
        or bool(roles - _RECEIVERS - _HARMLESS_ROLES)
        or begins > given
    )


def _periods(provision: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The period of a provision, and that of the whole it stands in."""
    return [each for each in (provision.get("period"), provision.get("whole")) if each]


def _receivers(provision: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    """Partner ids of the receivers, and whether a receiver is named in another way."""
    found, unknown = set(), False
    for actor in provision.get("actor", ()):
        if not pairs(actor.get("role")) & _RECEIVERS:
            continue
        identifier = (actor.get("reference") or {}).get("identifier") or {}
        if identifier.get("system") == OWN_PARTNER and identifier.get("value"):
            found.add(str(identifier["value"]))
        else:
            unknown = True
    return tuple(sorted(found)), unknown


def _purposes(provision: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    """Purposes of the hub, and whether another purpose is named."""
    said = [(each.get("system"), str(each.get("code"))) for each in provision.get("purpose", ())]
    own = {code for system, code in said if system == OWN_PURPOSE and code in PURPOSES}
    return tuple(sorted(own)), len(own) < len(set(said))


def _groups(provision: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    """Groups and field keys, and whether something else is named."""
    said = {(each.get("system"), str(each.get("code"))) for each in provision.get("class", ())}
    said |= {(each.get("system"), str(each.get("code"))) for each in codings(*provision.get("code", ()))}
    own = {code for system, code in said if (system == OWN_GROUP and code in GROUPS) or system == OWN_FIELD}
    return tuple(sorted(own)), len(own) < len(said)
