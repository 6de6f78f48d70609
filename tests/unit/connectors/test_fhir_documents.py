"""Documents as a whole: whom they are about, kinds of bundle, what is left aside."""

import pytest

from connectors import table
from connectors.context import MAX_FHIR_VALUES
from connectors.fhir import codes, library
from connectors.reasons import Reason
from hub.errors import ManyShapeErrors, ShapeError, TooLarge
from hub.model.delivery import NotTaken, PersonClaim
from tests.unit.connectors import samples
from tests.unit.connectors.samples import BSN, CONDITION, GOAL, OTHER_BSN, PATIENT, Resource, bundle, read

BY_BSN: Resource = {"type": "Patient", "identifier": {"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": BSN}}


def patient(bsn: str, name: str) -> Resource:
    return {
        "resourceType": "Patient",
        "id": name,
        "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": bsn}],
    }


def test_a_subject_named_by_bsn_is_a_claim() -> None:
    assert read({**CONDITION, "subject": BY_BSN}).persons == (PersonClaim(bsn=BSN),)


def test_a_subject_that_is_only_referred_to_claims_nothing() -> None:
    assert read(CONDITION).persons == ()


def test_a_patient_and_what_refers_to_him_are_one_person() -> None:
    again = {**GOAL, "subject": BY_BSN}
    by_url = {**CONDITION, "subject": {"reference": "https://epd.example.nl/fhir/Patient/p1/_history/3"}}
    parsed = read(bundle(PATIENT, CONDITION, again, by_url))
    assert {claim.bsn for claim in parsed.persons} == {BSN}
    assert len(parsed.fields) >= 9


@pytest.mark.parametrize(
    "document",
    [
        bundle(patient(BSN, "p1"), patient(OTHER_BSN, "p2")),
        bundle(patient(BSN, "p1"), {**CONDITION, "subject": {"reference": "Patient/p2"}}),
        bundle(CONDITION, {**GOAL, "subject": {"reference": "Patient/p2"}}),
        bundle(
            PATIENT, {**CONDITION, "subject": {**BY_BSN, "identifier": {**BY_BSN["identifier"], "value": OTHER_BSN}}}
        ),
    ],
)
def test_a_document_about_two_persons_is_refused_whole(document: Resource) -> None:
    with pytest.raises(ShapeError) as fault:
        read(document)
    assert str(fault.value.place).startswith("Bundle.entry[1].resource")
    assert BSN not in str(fault.value)


def test_a_number_that_is_no_bsn_is_refused() -> None:
    with pytest.raises(ShapeError) as fault:
        read(patient("999900007", "p1"))
    assert fault.value.place == "Patient.identifier"
    assert "999900007" not in str(fault.value)


@pytest.mark.parametrize("written", [BSN, f" {BSN}\t"])
def test_a_bsn_is_no_reference_of_the_source(written: str) -> None:
    """Also behind another one, that would do."""
    own = [{"system": codes.OWN_REFERENCE, "value": text} for text in ("D-77", written)]
    with pytest.raises(ShapeError) as fault:
        read({"resourceType": "Patient", "id": "p1", "identifier": own})
    assert fault.value.place == "Patient.identifier"
    assert "kenmerk" in fault.value.sentence


def test_a_resource_about_a_group_is_not_taken() -> None:
    parsed = read({**CONDITION, "subject": {"reference": "Group/g1"}})
    assert parsed.not_taken == (NotTaken("Condition", Reason.NOT_A_PERSON),)


def test_resources_that_the_hub_does_not_use_are_told() -> None:
    report: Resource = {"resourceType": "AuditEvent", "recorded": "2027-01-01T00:00:00Z"}
    report |= {"type": {"code": "rest"}, "agent": [{"requestor": True}], "source": {"observer": {"display": "x"}}}
    assert read(report).not_taken == (NotTaken("AuditEvent", Reason.NOT_USED),)


@pytest.mark.parametrize("name", sorted(library.R4_ONLY)[:3])
def test_what_r4_has_and_the_library_has_not_is_set_aside(name: str) -> None:
    parsed = read(bundle({"resourceType": name}, GOAL))
    assert parsed.not_taken == (NotTaken("Bundle.entry[0].resource", Reason.NOT_USED),)
    assert len(parsed.fields) == 1


def test_a_bundle_inside_a_bundle_is_set_aside() -> None:
    assert not read(bundle(bundle(GOAL))).fields


@pytest.mark.parametrize("kind", ["history", "batch-response", "transaction-response"])
def test_bundles_that_deliver_nothing(kind: str) -> None:
    assert read(bundle(GOAL, kind=kind)).not_taken == (NotTaken("Bundle", Reason.BUNDLE_KIND),)


def test_too_many_resources_are_too_large() -> None:
    small = {"resourceType": "Medication"}
    assert len(read(bundle(*[small] * 1000)).not_taken) == 1000
    with pytest.raises(TooLarge):
        read(bundle(*[small] * 1001))
    with pytest.raises(TooLarge):
        read({**GOAL, "contained": [small] * 1000})


def test_too_many_values_are_too_large_before_the_library_sees_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "checked", lambda *_: pytest.fail("it was read"))
    many = [{"url": "http://x.example/y", "valueString": "a"}] * (MAX_FHIR_VALUES // 3)
    with pytest.raises(TooLarge) as refused:
        read({**CONDITION, "extension": many})
    assert refused.value.place == "extension"


def test_as_many_values_as_a_document_may_have_are_read() -> None:
    many = [{"url": "http://x.example/y", "valueString": "a"}] * (MAX_FHIR_VALUES // 3 - 100)
    assert read({**CONDITION, "extension": many}).fields


def test_a_request_to_remove_is_no_delivery() -> None:
    document = bundle(GOAL, kind="transaction")
    document["entry"][0]["request"] = {"method": "DELETE", "url": "Goal/1"}
    assert read(document).not_taken == (NotTaken("Bundle.entry[0]", Reason.REMOVAL),)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "$"),
        ({}, "$.resourceType"),
        ({"resourceType": "Geheim"}, "$.resourceType"),
        ({"resourceType": "Period"}, "$.resourceType"),
        ({"resourceType": "__class__"}, "$.resourceType"),
        ({**PATIENT, "GEHEIM": 1}, "Patient"),
        ({**PATIENT, "contained": ["{}"]}, "Patient.contained[0].resourceType"),
        ({**PATIENT, "contained": [{"resourceType": "Geheim"}]}, "Patient.contained[0].resourceType"),
        ({**PATIENT, "name": [{"family": ["x"]}]}, "Patient.name[0].family"),
        ({**GOAL, "description": None}, "description"),
        ({"resourceType": "Bundle", "type": "collection", "entry": ["x"]}, "Bundle.entry"),
        ({"resourceType": "Bundle", "type": {}, "entry": []}, "Bundle.type"),
        ({"resourceType": "Bundle", "type": []}, "Bundle.type"),
        (
            {"resourceType": "Bundle", "type": "batch", "entry": [{"request": {"method": {}}, "resource": GOAL}]},
            "Bundle.entry[0].request.method",
        ),
        (
            {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": 1}]},
            "Bundle.entry[0].resource.resourceType",
        ),
        ({"resourceType": "Bundle", "type": "collection", "entry": [], "soort": "GEHEIM"}, "Bundle"),
    ],
)
def test_what_is_no_fhir_is_refused_with_its_place(document: object, place: str) -> None:
    with pytest.raises(ShapeError) as fault:
        table.parse(samples.JSON, samples.text(document), samples.context())
    assert fault.value.place == place
    faults = fault.value.faults if isinstance(fault.value, ManyShapeErrors) else []
    assert "geheim" not in (str(fault.value) + repr(faults)).lower()


def test_a_doubled_key_is_told_by_known_names_only() -> None:
    document = b'{"resourceType": "Patient", "name": [{"GEHEIM": {"a": 1, "a": 2}}]}'
    with pytest.raises(ShapeError) as fault:
        table.parse(samples.JSON, document, samples.context())
    assert fault.value.place == "name[0].*"


def test_narrative_and_unread_elements_leave_no_trace() -> None:
    for word in ("VERHAAL", "NATIONALITEIT", "BURGERLIJKE STAAT"):
        assert word not in repr(read(PATIENT))


def test_narrative_is_gone_before_anything_is_read() -> None:
    inside = {**GOAL, "contained": [{**PATIENT, "id": "inside"}], "text": PATIENT["text"]}
    assert "VERHAAL" not in repr(library.checked(inside, "Goal"))
