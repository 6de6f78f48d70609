"""`decision`: one decision in process against a round trip to an OPA server, for the same facts and the same policy.

72 asked fields, 100 records of 6 sources, no cache. Both sides take the contract document and give the checked
decision. They take turns of 20 decisions in one run, so that whatever else the machine does falls on both, and the
server's clearing up after its own answers does not fall on us.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hub.pdp.bundle import default_directory, read_bundle, server_bundle
from hub.pdp.embedded import EmbeddedEngine
from hub.pdp.opa_server import OpaServer, OpaServerEngine
from hub.pdp.pdp import Pdp, PolicyDecisionPoint
from tests import servers
from tests.bench.paired import compared
from tests.policy.reading.catalogue import CARE_KINDS, FIELDS

Row = dict[str, Any]
ME = "ggz-1"
LARGE, SMALL = (72, 100), (12, 30)
"""Fields that are asked, and records."""
ROUNDS, TURN = 20, 20
LINES = 3000
AT, START, END = "2026-11-22T10:00:00+01:00", "2026-01-10T12:00:00+01:00", "2031-01-01T00:00:00+01:00"
GROUPS_OF = {
    "politie": ("G10", "G16"),
    "om": ("G11",),
    "reclassering": ("G12",),
    "college": ("G01", "G02", "G14", "G15"),
    "casusregisseur": ("G03", "G17", "G19", "G20"),
    "ggz": ("G04", "G05", "G06", "G07", "G08", "G09", "G13", "G18"),
}


def facts(asked: int = LARGE[0], records_: int = LARGE[1]) -> Row:
    """A care provider that prepares the plan of a casus: the contract document."""
    records = [_record(key, kind, number) for number, (key, kind) in enumerate(_places(asked, records_))]
    return {
        "at": AT,
        "action": "lezen",
        "started_by": None,
        "purpose": "D03",
        "requested": sorted({record["field"] for record in records})[:asked],
        "user": dict.fromkeys(("designated", "screened", "trained", "bound_to_secrecy"), True)
        | {"id": "u-1", "role": "regiebehandelaar"},
        "partner": _partner(),
        "casus": _casus(),
        "records": records,
        "legal_bases": [_basis(number) for number in range(4)],
        "secrecy_exceptions": [],
        "consents": [_consent(kind, number) for number in range(3) for kind in ("toestemming", "toestemming_15a")],
        "emergency": None,
    }


def run(asked: int, records: int) -> dict[str, float]:
    """Medians in milliseconds: `ours` in process, `other` through the server, and their ratio. Prints them too."""
    bundle = read_bundle(default_directory())
    question = facts(asked, records)
    with servers.opa(server_bundle(bundle)) as server:
        there = OpaServer(server.url, server.token, str(server.ca_file), seconds=10)
        ours = PolicyDecisionPoint(EmbeddedEngine(bundle))
        other = PolicyDecisionPoint(OpaServerEngine(there, bundle.revision))
        took = _in_turns(ours, other, question)
    result = compared([took])
    released = len(ours.decide(question).released)
    print(f"decision: {asked} asked fields, {records} records, {released} released; {json.dumps(result)}")
    return result


def _in_turns(ours: Pdp, other: Pdp, question: Row) -> tuple[float, float]:
    times: dict[int, list[float]] = {0: [], 1: []}
    for number in range(ROUNDS + 1):
        for side, pdp in enumerate((ours, other)):
            took = [_timed(pdp, question) for _ in range(TURN)]
            if number:  # the first round warms up
                times[side] += took
    return statistics.median(times[0]), statistics.median(times[1])


def _timed(pdp: Pdp, question: Row) -> float:
    started = time.perf_counter()
    decision = pdp.decide(question)
    took = (time.perf_counter() - started) * 1000
    assert decision.allow
    return took


def lines(asked: int, records: int) -> dict[str, float]:
    """`hub decide --lines` on one core: documents a second, the start left out (`ours` of this size)."""
    text = json.dumps(facts(asked, records))
    took = []
    with TemporaryDirectory() as folder:
        for count in (1, LINES):
            file = Path(folder) / f"{count}.jsonl"
            file.write_text(f"{text}\n" * count)
            began = time.perf_counter()
            command = [sys.executable, "-c", "from hub.cli.main import main; raise SystemExit(main())"]
            subprocess.run([*command, "decide", "--lines", str(file)], check=True, stdout=subprocess.DEVNULL)
            took.append(time.perf_counter() - began)
    rate = (LINES - 1) / (took[1] - took[0])
    print(f"decide --lines: {asked} asked fields, {records} records: {rate:.0f} a second")
    return {"ours": rate}


def _places(asked: int, records: int) -> list[tuple[str, str]]:
    """(field, kind of its source): first one source a field, then a second and a third, up to the number of records."""
    group_of = {group: kind for kind, groups in GROUPS_OF.items() for group in groups}
    first = [(key, group_of[field.group]) for key, field in FIELDS.items() if field.group in group_of][:asked]
    second = [(key, "casusregisseur" if kind != "casusregisseur" else "college") for key, kind in first]
    third = [(key, "ggd") for key, _ in first]
    return (first + second + third)[:records]


def _record(key: str, kind: str, number: int) -> Row:
    return {
        "field": key,
        "source": f"{kind}-{2 if kind == 'ggz' else 1}",
        "source_kind": kind,
        "regime": "wgs_zvh",
        "levels": ["sam", "vol"] if number % 5 else ["vol"],
        "person": "betrokkene",
        "restricted": number % 17 == 0,
        "disputed": False,
        "objected": False,
        "destroy_on": END,
        "denied_to": [],
        "vetoed": False,
        "uavg41": False,
        "treating_with": [ME] if kind in CARE_KINDS else [],
        "supplier_agreed": False,
        "financed_by": [],
        "melding_receiver": None,
        "wpg": {
            "article": "20(3)",
            "category": "8",
            "decision": "PV-2026-14",
            "receivers": [ME],
            "authority_agreed": True,
        }
        if kind == "politie"
        else None,
        "wjsg": {"article": "39fa", "receivers": [ME]} if kind == "om" else None,
    }


def _partner() -> Row:
    return {
        "id": ME,
        "kind": "ggz",
        "standing": "deelnemer",
        "relations": ["behandelt", "zorgverantwoordelijke"],
        "secrecy_statement_until": None,
        "employer_kind": None,
        "authority_from": None,
        "authority_until": None,
        "fulfils": ["*"],
    }


def _casus() -> Row:
    return {
        "id": "c-1",
        "regime": "wgs_zvh",
        "phase": "traject",
        "aanmelder": "politie-1",
        "involved": [ME, *(f"{kind}-1" for kind in GROUPS_OF)],
        "triage_group": ["college-1"],
        "first_processed_at": START,
        "term_ends_at": END,
        "closed_at": None,
        "wvggz_status": "geen",
        "wzd_status": "geen",
        "subject_age": 34,
        "unauthorised_absence": False,
        "group_size": None,
        "informed_of": [ME],
        "uavg41_until": None,
    }


def _basis(number: int) -> Row:
    return {
        "id": f"lb-{number}",
        "kind": "wgs",
        "partner": ME,
        "purposes": ["D02", "D03"],
        "groups": ["*"],
        "valid_from": START,
        "valid_until": END,
        "reason": "toelating",
        "rac_ref": None,
    }


def _consent(kind: str, number: int) -> Row:
    return {
        "id": f"co-{kind}-{number}",
        "kind": kind,
        "source": "ggz-2",
        "receivers": [ME],
        "purposes": ["D03"],
        "groups": ["*"],
        "given_at": START,
        "valid_until": None,
        "withdrawn_at": None,
        "capable": True,
        "voluntary": True,
        "recorded_by_treating": True,
        "given_by": {"role": "betrokkene", "authority_from": None, "authority_until": None},
    }
