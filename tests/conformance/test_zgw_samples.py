"""Every published ZGW body is taken in or refused with a reason; our shape knows every member of the published API."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors import shapes, table
from connectors.context import ParseContext
from connectors.reasons import Reason
from hub.errors import ShapeError
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind
from tests.conformance.test_fhir_samples import AT
from tests.unit.connectors import samples_corv_zgw as own

FILES = ("zgw/recorded/*.json", "zgw/ZGW_OAS_tests.requests.json", "zgw/notificeren.examples.json")
KINDS = (PartnerKind.COLLEGE, PartnerKind.ZVH_PROCESREGISSEUR, PartnerKind.BURGEMEESTER)


def bodies(samples: Path) -> Iterator[tuple[str, Any]]:
    """(which, body) of every request and answer in the samples; a missing file fails."""
    for pattern in FILES:
        found = sorted(samples.glob(pattern))
        assert found, pattern
        for path in found:
            for number, exchange in enumerate(json.loads(path.read_text("utf-8"))):
                for side in ("body", "request", "response"):
                    if exchange.get(side) is not None:
                        yield f"{path.stem}[{number}].{side}", exchange[side]


def parse(document: Any, kind: PartnerKind = PartnerKind.COLLEGE) -> Parsed:
    return table.parse(own.ZGW, json.dumps(document).encode(), ParseContext(kind, "bron-1", AT))


def told(document: Any, kind: PartnerKind) -> tuple[set[str], set[str]]:
    """(what one body feeds, why the rest is not taken)."""
    try:
        parsed = parse(document, kind)
    except ShapeError as fault:
        return set(), {f"{fault.code} ({fault.place}): {fault.sentence}"}
    return {field.field for field in parsed.fields}, {f"{n.place}: {Reason(n.reason)}" for n in parsed.not_taken}


def test_every_body_is_taken_in_or_refused_with_a_reason(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dropped = []
    with capsys.disabled():
        sys.stdout.write("\n")
        for which, body in bodies(samples):
            outcomes = [told(body, kind) for kind in KINDS]
            fed, why = set().union(*(fed for fed, _ in outcomes)), set().union(*(why for _, why in outcomes))
            sys.stdout.write(f"{which[:60]:60}  {', '.join(sorted(fed)) or '-'}  {'; '.join(sorted(why))}\n")
            if not fed and not why:
                dropped.append(which)
    assert not dropped


def expanded(path: Path) -> dict[str, Any]:
    """The zaak of one recording as the API answers it with expand: with its type, its roles and its status."""
    answers = [each for each in json.loads(path.read_text("utf-8")) if each["response"]]
    posted = {each["path"].rsplit("/", 1)[-1]: each["response"] for each in answers if each["method"] == "POST"}
    types = [each["response"] for each in answers if "/zaaktypen?" in each["path"]]
    statuses = [each["response"] for each in answers if "/statustypen?" in each["path"]]
    roles = [each["response"] for each in answers if each["method"] == "POST" and each["path"].endswith("/rollen")]
    zaak = dict(posted["zaken"])
    status = {**posted["statussen"], "_expand": {"statustype": statuses[0]["results"][0]}}
    expand = {"zaaktype": types[0]["results"][0], "rollen": roles, "status": status}
    return {**zaak, "_expand": expand, "kenmerken": [{"bron": "hub-veld", "kenmerk": "wmo_voorziening"}]}


PERSON = {"bsn", "naam", "brp_adres"}
EXPECTED = {
    "test_create_zaak_with_contactpersoon_rol_attrs": {*PERSON, "wmo_voorziening"},
    "test_create_zaak_with_registrator_role": {"bsn", "wmo_voorziening"},
    "test_natuurlijk_persoon_initiator": {*PERSON, "geboortedatum", "geslacht", "wmo_voorziening"},
    "test_submission_with_case_objects_creation": {"bsn", "wmo_voorziening"},
    "test_vestiging_initiator": {"wmo_voorziening"},
}


def test_the_recorded_zaken_feed_the_fields_that_they_are_for(samples: Path) -> None:
    read = {
        path.stem: {field.field for field in parse(expanded(path)).fields}
        for path in samples.glob("zgw/recorded/*.json")
    }
    assert read == EXPECTED


NEVER = re.compile(r"06\d{8}|@example|employee|inzender|ACME|12345678\b|http|openbaar|Parking|Building")


def test_contact_persons_employees_businesses_and_marks_are_nowhere(samples: Path) -> None:
    for path in samples.glob("zgw/recorded/*.json"):
        for kind in KINDS:
            parsed = parse(expanded(path), kind)
            assert not NEVER.search(repr([field.levels for field in parsed.fields])), path.name


EXPAND = ("properties", "_expand", "properties")
ROLE = (*EXPAND, "rollen", "items")
SHAPED = {
    "Zaak": (),
    "ZaakEmbedded": EXPAND[:2],
    "RolExpanded": ROLE,
    "Status": (*EXPAND, "status"),
    "Resultaat": (*EXPAND, "resultaat"),
    "ZaakEigenschap": (*EXPAND, "eigenschappen", "items"),
    "ZaakKenmerk": ("properties", "kenmerken", "items"),
    "RolNatuurlijkPersoon": (*ROLE, "allOf", 0, "then", "properties", "betrokkeneIdentificatie"),
    "RolOrganisatorischeEenheid": (*ROLE, "allOf", 1, "then", "properties", "betrokkeneIdentificatie"),
}


@pytest.mark.parametrize("name", SHAPED)
def test_our_shape_knows_every_member_of_the_published_api(samples: Path, name: str) -> None:
    text = (samples / "zgw/zaken-1.7.0.excerpt.yaml").read_text("utf-8")
    found = re.search(rf"\n    {name}:\n(.*?)(?=\n    \w+:\n)", text, re.DOTALL)
    assert found
    properties = re.search(r"^      properties:\n(.*?)(?=^      \w|\Z)", found[1] + "\n", re.DOTALL | re.MULTILINE)
    assert properties
    members = set(re.findall(r"^        (\w+):", properties[1], re.MULTILINE))
    part: Any = shapes.shape("zgw-zaak").document
    for step in SHAPED[name]:
        part = part[step]
    assert members
    assert members <= part["properties"].keys()
