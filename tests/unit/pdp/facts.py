"""A contract document to vary: a police item that a care provider may see, and a field that is not held."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hub.pdp.contract import Facts as CanonicalFacts
from hub.pdp.packing import unpacked

Facts = dict[str, Any]
Path = tuple[str | int, ...]
"""Of a value in a document: keys and places."""

_FACTS: Facts = {
    "at": "2026-11-22T10:00:00+01:00",
    "action": "lezen",
    "started_by": None,
    "purpose": "D02",
    "requested": ["politie_mutaties_samenvatting", "diagnose_dsm"],
    "user": {
        "id": "u-17",
        "role": "regiebehandelaar",
        "designated": True,
        "screened": True,
        "trained": True,
        "bound_to_secrecy": True,
    },
    "partner": {
        "id": "ggz-1",
        "kind": "ggz",
        "standing": "deelnemer",
        "relations": ["zorgverantwoordelijke", "behandelt", "behandelt"],
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
        "aanmelder": "pol-1",
        "involved": ["pol-1", "ggz-1", "gem-1"],
        "triage_group": ["gem-1", "zvh-1"],
        "first_processed_at": "2025-03-01T09:00:00+01:00",
        "term_ends_at": "2030-03-01T09:00:00+01:00",
        "closed_at": None,
        "wvggz_status": "geen",
        "wzd_status": "geen",
        "subject_age": 34,
        "unauthorised_absence": False,
        "group_size": None,
        "informed_of": ["ggz-1"],
        "uavg41_until": None,
    },
    "records": [
        {
            "field": "politie_mutaties_samenvatting",
            "source": "pol-1",
            "source_kind": "politie",
            "regime": "wgs_zvh",
            "levels": ["vol", "sam"],
            "person": "betrokkene",
            "restricted": False,
            "disputed": False,
            "objected": False,
            "destroy_on": "2031-01-01T00:00:00Z",
            "denied_to": [],
            "vetoed": False,
            "uavg41": False,
            "treating_with": [],
            "supplier_agreed": False,
            "financed_by": [],
            "melding_receiver": None,
            "wpg": {
                "article": "20(3)",
                "category": "8",
                "decision": "PV-2026-14",
                "receivers": ["ggz-1"],
                "authority_agreed": True,
            },
            "wjsg": None,
        }
    ],
    "legal_bases": [
        {
            "id": "lb-1",
            "kind": "wgs",
            "partner": "ggz-1",
            "purposes": ["D02"],
            "groups": ["*"],
            "valid_from": "2025-03-01T00:00:00+01:00",
            "valid_until": None,
            "reason": "toelating",
            "rac_ref": None,
        }
    ],
    "secrecy_exceptions": [
        {
            "id": "se-1",
            "kind": "gh_goed_hulpverlenerschap",
            "article": None,
            "source": "ggz-9",
            "receivers": ["pol-1"],
            "purposes": ["D04"],
            "fields": ["bejegeningsadvies"],
            "valid_from": "2026-01-01T00:00:00+01:00",
            "valid_until": None,
            "reason": " \t",
            "second_professional": None,
            "consent_attempted": True,
        }
    ],
    "consents": [
        {
            "id": "co-1",
            "kind": "toestemming",
            "source": "ggz-9",
            "receivers": ["ggz-1"],
            "purposes": ["D02"],
            "groups": ["G05"],
            "given_at": "2026-01-10T12:00:00+01:00",
            "valid_until": None,
            "withdrawn_at": None,
            "capable": True,
            "voluntary": True,
            "recorded_by_treating": True,
            "given_by": {"role": "betrokkene", "authority_from": None, "authority_until": None},
        }
    ],
    "emergency": None,
}

EMERGENCY: Facts = {
    "kind": "vitaal_belang",
    "source": "ggz-9",
    "source_kind": "ggz",
    "receivers": ["ggz-1"],
    "purposes": ["D04"],
    "fields": ["diagnose_dsm"],
    "reason": "reden",
    "second_professional": None,
    "started_at": "2026-11-21T23:30:00+01:00",
    "unable_to_consent": True,
}


def example() -> Facts:
    """A fresh copy, to change at will."""
    return copy.deepcopy(_FACTS)


def wide(records: int = 100, asked: int = 72) -> Facts:
    """`asked` fields of `records` records, from two sources."""
    facts = example()
    fields = [f"veld_{number:03d}" for number in range(records)]
    facts["requested"] = fields[:asked]
    (record,) = facts["records"]
    facts["records"] = [{**copy.deepcopy(record), "field": field} for field in fields]
    return facts


def plain(facts: CanonicalFacts) -> Facts:
    """Canonical facts as the JSON that engines get."""
    read: Facts = json.loads(facts.text)
    return read


def records_of(facts: Facts) -> list[Facts]:
    """The records of plain canonical facts, one by one again, by field and source."""
    return sorted(unpacked(facts["rows"]), key=lambda record: (record["field"], record["source"] or ""))


def full() -> Facts:
    facts = example()
    facts["emergency"] = copy.deepcopy(EMERGENCY)
    facts["records"][0]["wjsg"] = {"article": "8b", "receivers": ["ggz-1"]}
    return facts


def objects(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict):
        yield path
        for key, member in value.items():
            yield from objects(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from objects(member, (*path, index))


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value
