"""Plain contract documents to start from: everything in order, for tests that change one thing."""

from typing import Any

Row = dict[str, Any]
AT = "2027-01-10T12:00:00+01:00"
BEFORE = "2026-06-01T00:00:00+02:00"
AFTER = "2029-01-01T00:00:00+01:00"


def record(field: str, source: str, kind: str, **changes: Any) -> Row:
    """A record in regime `wgs_zvh`, summary and whole, about the betrokkene, with no limits."""
    row: Row = {
        "field": field,
        "source": source,
        "source_kind": kind,
        "regime": "wgs_zvh",
        "levels": ["vol", "sam"],
        "person": "betrokkene",
        "restricted": False,
        "disputed": False,
        "objected": False,
        "destroy_on": None,
        "denied_to": [],
        "vetoed": False,
        "uavg41": False,
        "treating_with": [],
        "supplier_agreed": False,
        "financed_by": [],
        "melding_receiver": None,
        "wpg": None,
        "wjsg": None,
    }
    return row | changes


def basis(kind: str, partner: str, purpose: str, **changes: Any) -> Row:
    row: Row = {
        "id": f"lb-{kind}",
        "kind": kind,
        "partner": partner,
        "purposes": [purpose],
        "groups": ["*"],
        "valid_from": BEFORE,
        "valid_until": None,
        "reason": "noodzakelijk",
        "rac_ref": None,
    }
    return row | changes


def consent(source: str, receiver: str, purpose: str, **changes: Any) -> Row:
    row: Row = {
        "id": "co-1",
        "kind": "toestemming",
        "source": source,
        "receivers": [receiver],
        "purposes": [purpose],
        "groups": ["*"],
        "given_at": BEFORE,
        "valid_until": None,
        "withdrawn_at": None,
        "capable": True,
        "voluntary": True,
        "recorded_by_treating": True,
        "given_by": {"role": "betrokkene", "authority_from": None, "authority_until": None},
    }
    return row | changes


def request(kind: str, purpose: str, requested: list[str], **changes: Any) -> Row:
    """A request by `<kind>-1`, a deelnemer that is involved, in an open casus of a ZVH."""
    me = f"{kind}-1"
    row: Row = {
        "at": AT,
        "action": "lezen",
        "started_by": None,
        "purpose": purpose,
        "requested": requested,
        "user": {
            "id": "u-1",
            "role": "medewerker",
            "designated": True,
            "screened": True,
            "trained": True,
            "bound_to_secrecy": True,
        },
        "partner": {
            "id": me,
            "kind": kind,
            "standing": "deelnemer",
            "relations": [],
            "secrecy_statement_until": None,
            "employer_kind": None,
            "authority_from": None,
            "authority_until": None,
            "fulfils": ["*"],
        },
        "casus": {
            "id": "c-1",
            "regime": "wgs_zvh",
            "phase": "traject",
            "aanmelder": "politie-1",
            "involved": [me, "ggz-2", "politie-1", "college-1"],
            "triage_group": [me],
            "first_processed_at": BEFORE,
            "term_ends_at": AFTER,
            "closed_at": None,
            "wvggz_status": "geen",
            "wzd_status": "geen",
            "subject_age": 34,
            "unauthorised_absence": False,
            "group_size": None,
            "informed_of": [me],
            "uavg41_until": None,
        },
        "records": [],
        "legal_bases": [],
        "secrecy_exceptions": [],
        "consents": [],
        "emergency": None,
    }
    return row | changes


def police_supply(receiver: str, article: str = "20(3)") -> Row:
    return {
        "article": article,
        "category": "8",
        "decision": "PV-2026-14",
        "receivers": [receiver],
        "authority_agreed": True,
    }
