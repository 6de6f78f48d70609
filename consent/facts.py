"""What the records of a casus say to the policy: the parts of the facts document that come from the registry.

Shapes are those of the decision contract (docs/decision-contract.md). Only what can matter to the asking partner is
handed over: his own bases, and what names him (or everyone) as receiver.
"""

from collections.abc import Mapping
from typing import Any

from consent import dossier as kinds
from consent.dossier import Dossier
from hub.model.instant import day_later
from hub.model.registry import Standing

EVERYONE = "*"


def legal_bases(dossier: Dossier, partner: str) -> list[dict[str, Any]]:
    """Lock 1: the legal bases of `partner` (AVG 6, 9, 10 and the special laws)."""
    return [
        {
            "id": standing.record.id,
            "kind": standing.body["basis"],
            "partner": partner,
            "purposes": standing.body["purposes"],
            "groups": standing.body["groups"],
            "valid_from": standing.body["valid_from"],
            "valid_until": standing.until(),
            "reason": _filled(standing, "reason"),
            "rac_ref": standing.body.get("rac_ref"),
        }
        for standing in dossier.of(kinds.BASIS)
        if standing.body["partner"] == partner
    ]


def secrecy_exceptions(dossier: Dossier, partner: str) -> list[dict[str, Any]]:
    """Lock 2: the recorded exceptions to professional secrecy that name `partner` as receiver."""
    return [
        {
            "id": standing.record.id,
            "kind": standing.body["exception"],
            "article": standing.body.get("article"),
            "source": standing.body["source"],
            "receivers": standing.body["receivers"],
            "purposes": standing.body["purposes"],
            "fields": standing.body["fields"],
            "valid_from": standing.body["valid_from"],
            "valid_until": standing.until(),
            "reason": _filled(standing, "reason"),
            "second_professional": standing.body.get("second_professional"),
            "consent_attempted": bool(standing.body.get("consent_attempted")),
        }
        for standing in dossier.of(kinds.EXCEPTION)
        if partner in standing.body["receivers"]
    ]


def consents(dossier: Dossier, partner: str) -> list[dict[str, Any]]:
    """Consents and refusals that name `partner`, or everyone (AVG 7, 7:450 BW, Wabvpz 15a)."""
    return [
        {
            "id": standing.record.id,
            "kind": kind,
            "source": standing.body["source"],
            "receivers": standing.body["receivers"],
            "purposes": standing.body["purposes"],
            "groups": standing.body["groups"],
            "given_at": standing.body["given_at"],
            "valid_until": standing.body.get("valid_until"),
            "withdrawn_at": standing.until("withdrawn_at"),
            "capable": standing.body["capable"],
            "voluntary": standing.body["voluntary"],
            "recorded_by_treating": standing.body["recorded_by_treating"],
            "given_by": dict(standing.body["given_by"]),
        }
        for kind in kinds.CONSENT_KINDS
        for standing in dossier.of(kind)
        if partner in standing.body["receivers"] or EVERYONE in standing.body["receivers"]
    ]


def emergency(dossier: Dossier, standing: Standing | None) -> dict[str, Any] | None:
    """An emergency, with the second professional who confirmed it himself; null until then."""
    if standing is None:
        return None
    confirmed = (s.body for s in dossier.of(kinds.SECOND_PROFESSIONAL) if s.body["record"] == standing.record.id)
    body = standing.body
    return {
        "kind": body["emergency"],
        "source": body["source"],
        "source_kind": body["source_kind"],
        "receivers": body["receivers"],
        "purposes": body["purposes"],
        "fields": body["fields"],
        "reason": _filled(standing, "reason"),
        "second_professional": next((one["second_professional"] for one in confirmed), None),
        "started_at": body["started_at"],
        "unable_to_consent": body["unable_to_consent"],
    }


def emergencies(dossier: Dossier, partner: str, purpose: str, at: str) -> tuple[Standing, ...]:
    """The emergencies that run at `at` for `partner` and `purpose`, the last recorded first (R21).

    Where none runs, the last one of `partner` that was not ended: the log tells why it does not count.
    """
    of_partner = [
        standing
        for standing in reversed(dossier.of(kinds.EMERGENCY))
        if partner in standing.body["receivers"] and (standing.ended_at is None or at < standing.ended_at)
    ]
    running = tuple(
        standing
        for standing in of_partner
        if purpose in standing.body["purposes"] and standing.body["started_at"] <= at < emergency_ends_at(standing)
    )
    return running or tuple(of_partner[:1])


def emergency_ends_at(standing: Standing) -> str:
    """24 hours after an emergency began (R21)."""
    return day_later(standing.body["started_at"])


def authority(dossier: Dossier, partner: str, at: str) -> tuple[str | None, str | None]:
    """From when until when `partner` may act for the betrokkene (7:450, 7:465 BW); (None, None) when not on file.

    Of several the last recorded that counts at `at`: one that is recorded ahead does not end the one that runs. Where none
    counts, the last recorded.
    """
    found = [
        (standing.body["authority_from"], standing.until("authority_until"))
        for standing in dossier.of(kinds.REPRESENTATION)
        if standing.body["partner"] == partner
    ]
    counting = [(start, end) for start, end in found if start <= at and (end is None or at < end)]
    return (counting or found or [(None, None)])[-1]


def statement_until(dossier: Dossier, partner: str) -> str | None:
    """Until when the signed secrecy statement of a derde holds (Bgs 2.21(2)); None when there is none.

    Of several the one that holds longest: another one does not end it, its own ending does.
    """
    found = (s.until() for s in dossier.of(kinds.STATEMENT) if s.body["partner"] == partner)
    return max((end for end in found if end is not None), default=None)


_SHOWN = {
    "ontvangers": "receivers",
    "doelen": "purposes",
    "groepen": "groups",
    "gegevenOp": "given_at",
    "geldigTot": "valid_until",
}
"""What a reader of G21 sees of a consent or refusal, in the words in which it is put on file."""


def given_records(dossier: Dossier) -> Mapping[tuple[str, str], list[dict[str, Any]]]:
    """The consents and refusals as fields of G21: (field, source) -> what stands on file."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for kind in kinds.CONSENT_KINDS:
        field = kinds.REFUSAL if kind == kinds.REFUSAL else kinds.CONSENT
        for standing in dossier.of(kind):
            shown = {word: standing.body.get(key) for word, key in _SHOWN.items()}
            shown |= {"soort": kind, "ingetrokkenOp": standing.ended_at}
            found.setdefault((field, standing.body["source"]), []).append(shown)
    return found


def _filled(standing: Standing, name: str) -> bool:
    return name in standing.record.texts
