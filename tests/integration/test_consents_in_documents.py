"""A consent that a document brings is on file, and opens nothing until who treats says that it was able and free (C7)."""

from typing import Any

import pytest

from connectors.fhir import codes
from hub.identity import register
from hub.identity.register import UserChange
from tests.region import BY, OPEN, OWN_FORM, World
from tests.unit.connectors.samples import concept

FIELD = "zorgcontact_status"
FHIR = "application/fhir+json"


def consent(kind: str, receiver: str, purpose: str, group: str) -> dict[str, Any]:
    """A FHIR Consent of the betrokkene himself."""
    named = {"identifier": {"system": codes.OWN_PARTNER, "value": receiver}}
    return {
        "resourceType": "Consent",
        "status": "active",
        "dateTime": "2027-01-09T10:00:00+01:00",
        "scope": concept(codes.CONSENT_SCOPE, "patient-privacy"),
        "category": [concept(codes.LOINC, "59284-0")],
        "policyRule": concept(codes.ACT_CODE, "OPTIN"),
        "performer": [{"type": "Patient"}],
        "provision": {
            "type": kind,
            "actor": [{"role": concept(codes.PARTICIPATION, "IRCP"), "reference": named}],
            "action": [concept(codes.CONSENT_ACTION, "disclose")],
            "purpose": [{"system": codes.OWN_PURPOSE, "code": purpose}],
            "class": [{"system": codes.OWN_GROUP, "code": group}],
        },
    }


def delivered(region: World, document: dict[str, Any], by: str = "ggz-noord", **more: Any) -> dict[str, Any]:
    """What became of it."""
    return region.recorded(by, "leveringen", document, media=FHIR, **more)


def seen(region: World) -> set[tuple[str, str]]:
    """What the municipality gets."""
    return region.released("gemeente-noord", FIELD, purpose="D03")


@pytest.fixture
def told(region: World) -> World:
    """The region, in which the ggz says whether the person is in care."""
    region.recorded(
        "ggz-noord", "leveringen", {"velden": [{"veld": FIELD, "niveaus": {"sam": "in zorg", "vol": "in zorg"}}]},
        media=OWN_FORM,
    )  # fmt: skip
    return region


def test_it_counts_once_who_treats_says_that_it_was_able_and_free(told: World) -> None:
    answer = delivered(told, consent("permit", "gemeente-noord", "D03", "G04"))
    assert [(one["veld"], one["wijziging"]) for one in answer["opgenomen"]] == [("toestemming", "nog-te-bevestigen")]
    assert seen(told) == set()
    own = told.send("ggz-noord", "GET", f"/casussen/{told.names[OPEN]['ggz-noord']}/vastleggingen", media=None).json()
    newest = next(one for one in own["vastleggingen"] if one["soort"] == "toestemming")
    for able, free in ((True, False), (False, True), (True, True)):
        body = {
            "ontvangers": ["gemeente-noord"], "doelen": ["D03"], "groepen": ["G04"], "gegevenOp": "2027-01-09T09:00:00Z",
            "wilsbekwaam": able, "vrijwillig": free, "gegevenDoor": {"rol": "betrokkene"},
        }  # fmt: skip
        newest = told.recorded("ggz-noord", f"toestemmingen/{newest['id']}/correcties", body)
        assert seen(told) == ({(FIELD, "sam")} if able and free else set())


def test_a_refusal_in_a_document_counts_at_once(region: World) -> None:
    assert region.released("politie-noord", "bejegeningsadvies", purpose="D04")
    answer = delivered(region, consent("deny", "politie-noord", "D04", "G04"))
    assert [(one["veld"], one["wijziging"]) for one in answer["opgenomen"]] == [("weigering", "vastgelegd")]
    assert region.released("politie-noord", "bejegeningsadvies", purpose="D04") == set()


def test_a_system_brings_no_consent(region: World) -> None:
    known, at = UserChange({"role": "systeem", "designated": "true"}), region.clock()
    region.hub.store.commit(lambda tx: register.record_user(tx, "gemeente-noord", "kop", known, by=BY, at=at))
    document = consent("permit", "politie-noord", "D03", "G14")
    answer = delivered(region, document, by="gemeente-noord", user="kop")
    assert [one["reden"] for one in answer["nietOpgenomen"]] == ["toestemming-niet-door-behandelaar"]
    assert delivered(region, document, by="gemeente-noord")["opgenomen"]
