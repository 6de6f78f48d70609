"""FHIR Consent: read narrowly as consent, widely as refusal, and never out of a care directive."""

import copy
from typing import Any

import pytest

from connectors.fhir import codes, moments
from connectors.reasons import Reason
from hub.model.delivery import ConsentClaim, Parsed
from tests.unit.connectors.samples import CONSENT, ME, Resource, concept, read, snomed, tagged

NOW = "2027-01-10T11:00:00.000000Z"
IRCP = concept(codes.PARTICIPATION, "IRCP")


def consent(provision: dict[str, Any] | None = None, **changes: Any) -> Resource:
    """The sample, with changes at the root and in its provision."""
    changed = {**copy.deepcopy(CONSENT), **changes}
    changed["provision"] = {key: v for key, v in {**changed["provision"], **(provision or {})}.items() if v is not None}
    return {key: value for key, value in changed.items() if value is not None}


def partner(name: str, system: str = codes.OWN_PARTNER) -> Resource:
    return {"role": IRCP, "reference": {"identifier": {"system": system, "value": name}}}


def only(parsed: Parsed) -> ConsentClaim:
    (claim,) = parsed.consents
    return claim


def reason(parsed: Parsed) -> str:
    assert not parsed.consents
    assert not parsed.fields
    return parsed.not_taken[0].reason


def test_a_consent_in_the_hubs_own_words_is_a_claim() -> None:
    assert read(CONSENT).consents == (
        ConsentClaim(
            kind="toestemming",
            receivers=("ggz-1",),
            purposes=("D02",),
            groups=("G05",),
            given_at="2026-12-01T09:00:00.000000Z",
            valid_until="2027-05-20T22:00:00.000000Z",
            withdrawn_at=None,
            place="Consent.provision",
            given_by="betrokkene",
        ),
    )


def test_an_inactive_consent_is_withdrawn_from_now_on() -> None:
    assert only(read(consent(status="inactive"))).withdrawn_at == NOW


@pytest.mark.parametrize("status", ["draft", "proposed", "rejected", "entered-in-error"])
def test_a_consent_that_is_not_settled_is_not_taken(status: str) -> None:
    assert reason(read(consent(status=status))) == Reason.CONSENT_STATUS


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (consent({"type": None}), Reason.CONSENT_TYPE),
        (consent({"actor": None}), Reason.CONSENT_RECEIVER),
        (consent({"actor": [partner("x", "http://fhir.nl/fhir/NamingSystem/ura")]}), Reason.CONSENT_RECEIVER),
        (consent({"actor": [partner("ggz-1"), {"role": IRCP, "reference": ME}]}), Reason.CONSENT_RECEIVER),
        (consent({"purpose": None}), Reason.CONSENT_PURPOSE),
        (consent({"purpose": [{"system": codes.OWN_PURPOSE, "code": "D13"}]}), Reason.CONSENT_PURPOSE),
        (consent({"class": None}), Reason.CONSENT_GROUP),
        (
            consent({"class": [{"system": "http://hl7.org/fhir/resource-types", "code": "CarePlan"}]}),
            Reason.CONSENT_GROUP,
        ),
        (consent({"action": [concept(codes.CONSENT_ACTION, "correct")]}), Reason.CONSENT_CONDITION),
        (consent({"dataPeriod": {"start": "2026-01-01"}}), Reason.CONSENT_CONDITION),
        (consent({"data": [{"meaning": "instance", "reference": ME}]}), Reason.CONSENT_CONDITION),
        (consent({"period": {"start": "2027-02-01"}}), Reason.CONSENT_CONDITION),
        (consent(dateTime="2026"), Reason.CONSENT_DATE),
        (consent({"period": None}, dateTime=None), Reason.CONSENT_DATE),
        (consent(performer=[{"reference": "Practitioner/1"}]), Reason.CONSENT_GIVER),
        (consent(scope=concept(codes.CONSENT_SCOPE, "research")), Reason.CONSENT_OTHER_SCOPE),
    ],
)
def test_a_consent_that_cannot_be_written_down_exactly_is_not_taken(changed: Resource, told: Reason) -> None:
    assert reason(read(changed)) == told


def test_a_refusal_counts_for_all_that_it_leaves_open() -> None:
    refusal = only(read(consent({"type": "deny", "actor": None, "purpose": None, "class": None}, dateTime="2026-12")))
    assert (refusal.kind, refusal.receivers, refusal.purposes, refusal.groups) == ("weigering", ("*",), ("*",), ("*",))
    assert refusal.given_at == "2026-11-30T22:00:00.000000Z"
    assert refusal.valid_until == "2027-05-20T23:00:00.000000Z"


def test_a_refusal_with_conditions_or_foreign_words_is_wider_not_lost() -> None:
    foreign = [{"system": codes.OWN_PURPOSE, "code": "D02"}, {"system": "urn:x", "code": "TREAT"}]
    refusal = only(read(consent({"type": "deny", "purpose": foreign, "dataPeriod": {"start": "2020"}})))
    assert (refusal.receivers, refusal.purposes, refusal.groups) == (("ggz-1",), ("*",), ("G05",))


def test_a_refusal_without_a_date_counts_from_now() -> None:
    assert only(read(consent({"type": "deny"}, dateTime=None))).given_at == NOW


def test_a_refusal_to_an_unknown_receiver_is_told() -> None:
    assert reason(read(consent({"type": "deny", "actor": [partner("x", "urn:x")]}))) == Reason.CONSENT_RECEIVER


def test_an_opt_out_without_type_is_a_refusal_and_an_opt_in_is_nothing() -> None:
    out = consent({"type": None}, policyRule=concept(codes.ACT_CODE, "OPTOUT"))
    assert only(read(out)).kind == "weigering"
    into = consent({"type": None}, policyRule=concept(codes.ACT_CODE, "OPTIN"))
    assert reason(read(into)) == Reason.CONSENT_TYPE


def test_a_root_that_only_says_no_is_the_frame_of_the_consents_in_it() -> None:
    inner = CONSENT["provision"]
    framed = {**CONSENT, "provision": {"type": "deny", "period": {"end": "2027-03-01"}, "provision": [inner]}}
    claim = only(read(framed))
    assert (claim.kind, claim.place, claim.valid_until) == (
        "toestemming",
        "Consent.provision.provision[0]",
        "2027-03-01T22:00:00.000000Z",
    )


def test_a_refusal_inside_a_consent_is_a_refusal() -> None:
    except_for = {"type": "deny", "actor": [partner("pol-1")]}
    claims = read(consent({"provision": [except_for]})).consents
    assert [(claim.kind, claim.receivers) for claim in claims] == [
        ("toestemming", ("ggz-1",)),
        ("weigering", ("pol-1",)),
    ]


def test_a_consent_inside_a_refusal_is_not_taken() -> None:
    parsed = read(consent({"type": "deny", "provision": [CONSENT["provision"]]}))
    assert only(parsed).kind == "weigering"
    assert [item.reason for item in parsed.not_taken] == [Reason.CONSENT_CONDITION]


def test_deeper_exceptions_are_not_taken() -> None:
    deep = {"type": "permit", "provision": [{"type": "deny", "provision": [{"type": "permit"}]}]}
    assert reason(read(consent(deep))) == Reason.CONSENT_DEPTH


def test_a_representative_gives_consent_as_such() -> None:
    assert only(read(consent(performer=[{"reference": "RelatedPerson/r1"}]))).given_by == "vertegenwoordiger"
    assert only(read(consent(performer=None))).given_by is None


@pytest.mark.parametrize(
    "sign",
    [
        {"scope": concept(codes.CONSENT_SCOPE, "treatment")},
        {"scope": concept(codes.CONSENT_SCOPE, "adr")},
        {"category": [snomed("129125009")]},
        {"category": [concept(codes.CONSENT_CATEGORY, "acd")]},
        {"meta": {"profile": ["http://nictiz.nl/fhir/StructureDefinition/nl-core-TreatmentDirective2"]}},
        {"meta": {"profile": ["http://nictiz.nl/fhir/StructureDefinition/nl-core-AdvanceDirective"]}},
    ],
)
def test_a_care_directive_never_is_a_consent(sign: Resource) -> None:
    parsed = read({**CONSENT, **sign})
    assert not parsed.consents
    assert [field.field for field in parsed.fields] == ["wilsverklaring"]
    tag = tagged({}, "toestemming")["meta"]
    assert not read({**CONSENT, **sign, "meta": {**sign.get("meta", {}), **tag}}).consents


def test_a_self_binding_declaration_says_that_it_exists() -> None:
    directive = consent({"code": [concept(codes.DIRECTIVE, "ZB")]}, scope=concept(codes.CONSENT_SCOPE, "adr"))
    (field,) = read(directive).fields
    assert (field.field, field.levels["vol"]) == (
        "zelfbindingsverklaring",
        [{"aanwezig": True, "datum": "2026-12-01T10:00:00+01:00", "status": "active"}],
    )


@pytest.mark.parametrize(
    ("written", "narrow", "wide"),
    [
        ("2027-05-20", "2027-05-20T22:00:00.000000Z", "2027-05-20T23:00:00.000000Z"),
        ("2027-12", "2027-11-30T22:00:00.000000Z", "2027-12-31T23:00:00.000000Z"),
        ("2027", "2026-12-31T22:00:00.000000Z", "2027-12-31T23:00:00.000000Z"),
        ("2027-05-20T12:00:00+02:00", "2027-05-20T10:00:00.000000Z", "2027-05-20T10:00:00.000000Z"),
        ("9999-12-31", None, None),
        ("0001", None, "0001-12-31T23:00:00.000000Z"),
    ],
)
def test_an_end_is_rounded_by_what_it_is_for(written: str, narrow: str | None, wide: str | None) -> None:
    assert (moments.end(written, wide=False), moments.end(written, wide=True)) == (narrow, wide)
