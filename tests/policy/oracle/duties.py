"""Obligations: what a release of one record asks of its receiver, and the list that the decision carries."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field

from tests.policy.oracle import consents
from tests.policy.oracle.bases import JUSTICE
from tests.policy.oracle.case import Case, Row
from tests.policy.oracle.cells import Alternative
from tests.policy.oracle.secrecy import Exemption, word_of
from tests.policy.reading.articles import OBLIGATIONS
from tests.policy.reading.catalogue import Field
from tests.policy.reading.ceilings_local import VIA_PROVIDER
from tests.policy.reading.regimes import NO_EXPORT_KINDS


@dataclass(frozen=True)
class Use:
    """What the release of one record would use."""

    field: Field
    record: Row
    alternative: Alternative
    exemption: Exemption | None = None
    words: frozenset[str] = dataclass_field(default_factory=frozenset)


def use_of(field: Field, record: Row, alternative: Alternative, exemption: Exemption | None = None) -> Use:
    lifted = {exemption.word} if exemption else set()
    return Use(field, record, alternative, exemption, frozenset(lifted | set(alternative.words)))


def emergency_used(case: Case, use: Use) -> bool:
    by_eligibility = case.eligible == "consent" and not consents.naming_consents(case)
    return by_eligibility or bool(use.words & {"emergency", "cvp", "vitaal"})


def _own_consent(case: Case, use: Use) -> Row | None:
    """The consent that is ground or exception, or that the regime asks."""
    by_regime = case.regime == "toestemming" and not case.free and not case.is_own(use.record)
    if "toest" not in use.words and not by_regime:
        return None
    return min(consents.consented(case, use.field, use.record["source"]), key=lambda row: str(row["id"]))


def _consent_of_eligibility(case: Case) -> Row | None:
    """The consent by which the asker may act for the purpose: it is then used."""
    naming = consents.naming_consents(case) if case.eligible == "consent" else []
    return min(naming, key=lambda row: str(row["id"]), default=None)


def _ends(consent: Row) -> list[str]:
    return [consent[key] for key in ("valid_until", "withdrawn_at", "expires_at") if consent[key] is not None]


def expires_at(case: Case, use: Use) -> str | None:
    """The instant at which the receiver drops the field."""
    consent, emergency = _own_consent(case, use), emergency_used(case, use)
    naming = _consent_of_eligibility(case)
    if consent is None and naming is None and not emergency:
        return None
    ends = [case["emergency"]["ends_at"]] if emergency else []
    for used in (consent, naming):
        ends += _ends(used) if used else []
    return str(min(ends))


def types_of(case: Case, use: Use) -> set[str]:
    """The types of obligation that this release brings."""
    if case.purpose == "D10":
        return {"log_dataverwerking"}
    consent = bool(consents.consented(case, use.field, use.record["source"]))
    emergency = emergency_used(case, use)
    to_derde = case.derde and use.record["source_kind"] in ("politie", *JUSTICE)
    due = {
        "log_dataverwerking": True,
        "log_nen7513": word_of(use.field, use.record["source_kind"]) in ("BG", "WV", "WZ"),
        "notify_zv": bool(use.words & {"wvggz", "wzd", "article"}) and not consent,
        "notify_bron": emergency or to_derde,
        "inform_betrokkene": _must_inform(case, use, consent),
        "review_fg": emergency,
        "note_in_dossier": emergency,
        "second_approval": emergency and case["emergency"]["second_professional"] is None,
        "no_export": case.kind in NO_EXPORT_KINDS or case.derde,
        "watermark": case.kind in NO_EXPORT_KINDS or case.derde,
        "feedback_due": case.derde and case.regime == "wgs_zvh",
        "via_provider": case.betrokkene and use.field.group in VIA_PROVIDER and not case.is_own(use.record),
        "expires_at": expires_at(case, use) is not None,
    }
    return {name for name, is_due in due.items() if is_due}


def _must_inform(case: Case, use: Use, consent: bool) -> bool:
    put_off = case.casus["uavg41_until"]
    return not (
        case.betrokkene
        or case.is_own(use.record)
        or case.me in case.casus["informed_of"]
        or consent
        or (put_off is not None and put_off > case.at)
    )


def can_carry_out(case: Case, use: Use) -> bool:
    fulfils = case.partner["fulfils"]
    return "*" in fulfils or types_of(case, use) <= set(fulfils)


def obligations(case: Case, uses: list[Use]) -> list[Row]:
    """The list of the decision."""
    types = set().union(*(types_of(case, use) for use in uses)) - {"expires_at"}
    listed: list[Row] = []
    for name in sorted(types):
        within = OBLIGATIONS[name]
        listed.append({"type": name, "within": within} if within else {"type": name})
    fields_by_instant: dict[str, set[str]] = {}
    for use in uses:
        instant = expires_at(case, use) if case.purpose != "D10" else None
        if instant:
            fields_by_instant.setdefault(instant, set()).add(use.field.key)
    for instant, fields in sorted(fields_by_instant.items()):
        listed.append({"type": "expires_at", "at": instant, "fields": sorted(fields)})
    return listed
