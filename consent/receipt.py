"""The receipt of a consent or refusal for the person (fields of ISO/IEC TS 27560, consent record information structure)."""

from collections.abc import Mapping
from typing import Any

SCHEMA = "ISO/IEC TS 27560:2023"


def consent_receipt(id_: str, kind: str, body: Mapping[str, Any], controller: str, recorded_at: str) -> dict[str, Any]:
    """What the person gets: who may see what for which purpose, since and until when, and how to withdraw.

    `controller` is the name of the organisation that recorded it. No value of any field stands in it.
    """
    return {
        "schema_version": SCHEMA,
        "record_id": id_,
        "pii_controllers": [controller],
        "party_identification": "betrokkene",
        "processing": {
            "purposes": list(body["purposes"]),
            "pii_types": list(body["groups"]),
            "recipients": list(body["receivers"]),
            "lawful_basis": "weigering"
            if kind == "weigering"
            else "toestemming (AVG 7; opheffen beroepsgeheim 7:457 BW)",
            "retention_until": body.get("valid_until"),
        },
        "event": {
            "event_time": body["given_at"],
            "recorded_at": recorded_at,
            "event_type": "refused" if kind == "weigering" else "explicit",
            "event_state": "given",
            "entity": body["given_by"].get("role", "betrokkene"),
        },
        "withdrawal": "U kunt dit altijd intrekken bij wie het heeft vastgelegd. Dat geldt vanaf dat moment.",
    }
