"""Which resource feeds which field, with what value; and what never comes along."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.fhir import codes, mapping
from connectors.reasons import Reason
from hub.model.delivery import Parsed, PersonClaim
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples
from tests.unit.connectors.samples import (
    CONDITION,
    FLAG,
    GOAL,
    MEDICATION,
    OBSERVATION,
    PATIENT,
    PLAN,
    PRACTITIONER,
    PRODUCT,
    ROLE_OF,
    TEAM,
    Resource,
    bundle,
    concept,
    read,
    snomed,
    summarised,
    tagged,
)

CATALOG = Path(__file__).parents[3] / "policies" / "hub" / "catalog" / "data.json"


def fields(parsed: Parsed) -> dict[str, Any]:
    """`vol` by field."""
    return {field.field: field.levels["vol"] for field in parsed.fields}


def reasons(parsed: Parsed) -> dict[str, str]:
    return {item.place: item.reason for item in parsed.not_taken}


def legal(code: str, system: str = codes.LEGAL_STATUS) -> Resource:
    return {**CONDITION, "code": concept(system, code, "titel"), "category": [snomed("303186005")]}


def test_a_patient_feeds_identification_and_says_who_he_is() -> None:
    parsed = read(PATIENT, PartnerKind.COLLEGE)
    assert parsed.persons == (PersonClaim(samples.BSN, "van Voorbeeld", "Robin", "1990-05-17"),)
    assert parsed.reference == "D-77"
    assert fields(parsed) == {
        "bsn": samples.BSN,
        "naam": {"geslachtsnaam": "van Voorbeeld", "voornamen": "Robin", "volledig": "Robin R. van Voorbeeld-Proef"},
        "geboortedatum": "1990-05-17",
        "geslacht": "female",
        "brp_adres": {"regels": ["Proefstraat 1"], "postcode": "9999 ZZ", "plaats": "Testdorp", "gebruik": "home"},
        "telefoon_email": [{"soort": "phone", "waarde": "+31600000000", "gebruik": "mobile"}],
        "voorkeur_contact": [
            {"taal": {"codes": [{"stelsel": "urn:ietf:bcp:47", "code": "nl", "naam": "Nederlands"}]}, "voorkeur": True}
        ],
        "contactpersoon_1": [
            {
                "naam": "Buurman",
                "relatie": [{"codes": [{"stelsel": codes.ROLE, "code": "01", "naam": "Eerste contactpersoon"}]}],
                "contact": [{"soort": "phone", "waarde": "+31600000001"}],
            }
        ],
    }
    assert reasons(parsed) == {
        "Patient.maritalStatus": Reason.NOT_IN_HUB,
        "Patient.extension[0]": Reason.NOT_IN_HUB,
    }


def test_an_address_of_another_source_is_where_someone_stays() -> None:
    assert "feitelijk_verblijf" in fields(read(PATIENT, PartnerKind.GGZ))
    assert "brp_adres" not in fields(read(PATIENT, PartnerKind.GGZ))


@pytest.mark.parametrize(
    ("system", "code", "field"),
    [
        ("http://hl7.org/fhir/sid/icd-10", "F20.0", "diagnose_dsm"),
        ("http://hl7.org/fhir/sid/icpc-1-nl", "P72", "diagnose_dsm"),
        (codes.SNOMED, "58214004", "diagnose_dsm"),
        ("http://hl7.org/fhir/sid/icd-10", "G40", "somatiek_relevant"),
        ("http://hl7.org/fhir/sid/icpc-1-nl", "T90.02", "somatiek_relevant"),
        (codes.SNOMED, "127294003", "nah"),
        (codes.LEGAL_STATUS, "ZM", "wvggz_titel"),
        (codes.LEGAL_STATUS, "VCM", "wvggz_titel"),
        (codes.LEGAL_STATUS, "RM", "wzd_titel"),
        (codes.LEGAL_STATUS, "TBS", "strafrechtelijke_titel"),
        (codes.REPRESENTATION, "8", "vertegenwoordiger"),
    ],
)
def test_a_condition_feeds_the_field_of_its_code(system: str, code: str, field: str) -> None:
    assert list(fields(read({**CONDITION, "code": concept(system, code)}))) == [field]


@pytest.mark.parametrize(
    "resource", [legal("OTS"), legal("VM"), {**CONDITION, "code": concept("http://hl7.org/fhir/sid/icpc-1", "Z03")}]
)
def test_a_condition_without_a_field_is_told(resource: Resource) -> None:
    assert reasons(read(resource)) == {"Condition": Reason.NO_FIELD}


def test_a_problem_keeps_code_status_dates_and_note() -> None:
    assert fields(read(CONDITION))["diagnose_dsm"] == [
        {
            "probleem": {
                "codes": [
                    {"stelsel": "http://hl7.org/fhir/sid/icd-10", "code": "F20.0", "naam": "Paranoide schizofrenie"}
                ]
            },
            "status": "active",
            "periode": {"van": "2019-03"},
            "toelichting": ["Sinds de studie."],
        }
    ]


def test_the_criterion_says_that_there_is_a_disorder_and_not_which() -> None:
    assert fields(read(tagged(CONDITION, "stoornis_criterium"))) == {"stoornis_criterium": {"aanwezig": True}}


@pytest.mark.parametrize(("status", "reason"), [("entered-in-error", Reason.MISTAKEN), ("refuted", Reason.REFUTED)])
def test_what_the_source_took_back_is_not_taken(status: str, reason: Reason) -> None:
    taken_back = {**CONDITION, "verificationStatus": concept("urn:x", status)}
    assert reasons(read(taken_back)) == {"Condition": reason}


def test_a_flag_for_readers_outside_care_holds_words_and_no_diagnosis() -> None:
    assert fields(read(FLAG)) == {"bejegeningsadvies": ["Praat rustig en kondig aan wat je doet."]}
    wordless = {**FLAG, "code": snomed("1", "EEN DIAGNOSE")}
    assert reasons(read(wordless)) == {"Flag": Reason.NO_TEXT}


@pytest.mark.parametrize("field", ["communicatie_aanpassing", "bezoekregels", "crisisplan_kort", "suiciderisico"])
def test_the_source_says_which_field_a_flag_feeds(field: str) -> None:
    assert list(fields(read(tagged(FLAG, field)))) == [field]


def test_a_field_that_this_type_cannot_feed_is_told() -> None:
    assert reasons(read(tagged(FLAG, "justitiele_documentatie"))) == {"Flag": Reason.FIELD_MISMATCH}
    both = read(tagged(FLAG, "bezoekregels", "toestemming"))
    assert list(fields(both)) == ["bezoekregels"]
    assert reasons(both) == {"Flag": Reason.FIELD_MISMATCH}


@pytest.mark.parametrize(
    "ended", [{"status": "inactive"}, {"period": {"end": "2027-01-09"}}, {"period": {"end": "2026"}}]
)
def test_a_warning_that_ended_is_not_taken(ended: Resource) -> None:
    assert reasons(read({**FLAG, **ended})) == {"Flag": Reason.NOT_CURRENT}


def test_a_summary_is_what_the_source_wrote_for_readers() -> None:
    (field,) = read(summarised(GOAL, "Werkt aan zelfstandig boodschappen doen.")).fields
    assert field.levels["sam"] == "Werkt aan zelfstandig boodschappen doen."
    assert all("sam" not in each.levels for each in read(GOAL).fields)


def test_a_summary_of_a_resource_with_more_fields_names_its_field() -> None:
    encounter = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": codes.ACT_CODE, "code": "IMP"},
        "subject": samples.ME,
    }
    told = {"url": "veld", "valueCode": "opname_historie"}, {"url": "tekst", "valueString": "Een opname."}
    named = read({**encounter, "extension": [{"url": codes.OWN_SUMMARY, "extension": list(told)}]})
    assert {f.field: f.levels.get("sam") for f in named.fields} == {
        "opname_historie": "Een opname.",
        "zorgcontact_status": None,
        "zorgvorm_intensiteit": None,
    }
    unnamed = read(summarised(encounter, "Een opname."))
    assert reasons(unnamed) == {"Encounter.extension[0]": Reason.SUMMARY_WITHOUT_FIELD}


@pytest.mark.parametrize(
    ("kind", "field"), [(PartnerKind.GGZ, "behandeldoelen"), (PartnerKind.CASUSREGISSEUR, "levensloopplan_doelen")]
)
def test_a_goal_is_of_treatment_or_of_the_life_plan(kind: PartnerKind, field: str) -> None:
    assert fields(read(GOAL, kind)) == {
        field: [
            {
                "doel": {"tekst": "Weer zelf boodschappen doen"},
                "status": "active",
                "streven": [
                    {
                        "wat": {"codes": [{"stelsel": codes.SNOMED, "code": "129006008", "naam": "lopen"}]},
                        "uiterlijk": "2027-06-01",
                    }
                ],
            }
        ]
    }


def test_help_is_split_by_who_gives_it_and_keeps_no_name_of_a_neighbour() -> None:
    parsed = read(PLAN)
    told = fields(parsed)
    assert told["interventies"][0]["activiteiten"] == [
        {"omschrijving": "Helpen met wassen", "status": "in-progress", "door": [{"naam": "Thuiszorg Proef"}]}
    ]
    assert told["informele_hulp"][0]["activiteiten"] == [
        {"omschrijving": "Boodschappen", "status": "in-progress", "naaste": ["Buur"]}
    ]
    assert "NAAM VAN EEN BUUR" not in json.dumps(told)
    assert not parsed.not_taken


def test_a_plan_called_signaleringsplan_is_one() -> None:
    plan = {**PLAN, "category": [{"text": "Signaleringsplan"}]}
    assert list(fields(read(plan))) == ["signaleringsplan"]


@pytest.mark.parametrize("status", [{"status": "draft"}, {"intent": "proposal"}])
def test_a_plan_that_is_not_settled_is_not_taken(status: Resource) -> None:
    assert reasons(read({**PLAN, **status}))["CarePlan"] == Reason.NOT_SETTLED


def test_a_team_names_its_professionals_from_the_same_document() -> None:
    parsed = read(bundle(ROLE_OF, PRACTITIONER, TEAM))
    assert fields(parsed) == {
        "behandelteam": [
            {
                "naam": "FACT-team Proef",
                "leden": [{"naam": "B. Behandelaar", "functie": ["psychiatrie"], "rol": ["behandelaar"]}],
            }
        ]
    }
    assert set(reasons(parsed).values()) == {Reason.REFERRED_TO}
    assert "BIGNUMMER" not in repr(parsed)


def test_a_number_to_call_day_and_night_is_only_what_the_source_calls_so() -> None:
    assert fields(read(tagged(TEAM, "crisiscontact_24_7"))) == {
        "crisiscontact_24_7": [{"naam": "FACT-team Proef", "contact": [{"soort": "phone", "waarde": "+31600000002"}]}]
    }


def test_a_professional_alone_is_the_regiebehandelaar() -> None:
    assert fields(read(PRACTITIONER)) == {"regiebehandelaar": [{"naam": "B. Behandelaar"}]}


def test_medication_takes_its_product_from_the_document() -> None:
    parsed = read(bundle(MEDICATION, PRODUCT))
    (medicine,) = fields(parsed)["medicatie_actueel"]
    assert medicine["middel"] == {"tekst": "Proefmiddel depot"}
    assert medicine["dosering"] == [
        {"keer": 1, "per": {"aantal": 4, "eenheid": "wk"}, "hoeveelheid": [{"waarde": 100, "eenheid": "mg"}]}
    ]
    assert reasons(read(PRODUCT)) == {"Medication": Reason.REFERRED_TO}


def test_an_administration_is_the_state_of_a_depot() -> None:
    given = {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "subject": samples.ME,
        "medicationCodeableConcept": {"text": "Proefmiddel depot"},
        "effectiveDateTime": "2027-01-04T09:00:00+01:00",
    }
    assert fields(read(given)) == {
        "depot_status": [
            {
                "middel": {"tekst": "Proefmiddel depot"},
                "status": "completed",
                "toegediend": "2027-01-04T09:00:00+01:00",
            }
        ]
    }


def test_drug_use_keeps_its_parts() -> None:
    (use,) = fields(read(OBSERVATION))["middelengebruik"]
    assert use["onderdelen"] == [{"naam": "hoe vaak", "waarde": {"waarde": 2, "eenheid": "per week"}}]


def test_a_household_is_told_in_roles() -> None:
    family = {
        **OBSERVATION,
        "code": snomed("365470003"),
        "component": [
            {"code": snomed("224130005", "gezinssamenstelling"), "valueCodeableConcept": {"text": "alleenstaand"}},
            {"code": snomed("67822003", "kind"), "valueDateTime": "2015-01-01"},
        ],
    }
    assert fields(read(family)) == {
        "huishouden_samenstelling": [
            {"onderdelen": [{"naam": "gezinssamenstelling", "waarde": {"tekst": "alleenstaand"}}]}
        ]
    }


@pytest.mark.parametrize(
    "never",
    [
        {"code": snomed("160538000"), "valueCodeableConcept": {"text": "GELOOF"}},
        {
            "code": {"text": "x"},
            "valueCodeableConcept": {"text": "GELOOF"},
            "meta": {"profile": ["http://x/nl-core-LifeStance|0.12"]},
        },
        {"code": concept(codes.LOINC, "76690-7"), "valueCodeableConcept": {"text": "GELOOF"}},
    ],
)
def test_what_may_not_be_in_the_hub_is_refused_whatever_the_source_says(never: Resource) -> None:
    parsed = read({**OBSERVATION, **never})
    assert reasons(parsed) == {"Observation": Reason.NOT_IN_HUB}
    tag = {"system": codes.OWN_FIELD, "code": "netwerk_beeld"}
    parsed = read({**OBSERVATION, **never, "meta": {**never.get("meta", {}), "tag": [tag]}})
    assert not parsed.fields


def test_contact_persons_stand_in_a_circle() -> None:
    def related(**more: Any) -> Resource:
        return {"resourceType": "RelatedPerson", "patient": samples.ME, "name": [{"text": "N"}], **more}

    sister = related(relationship=[concept(codes.RELATION, "SIS"), concept(codes.ROLE, "01")])
    friend = related(relationship=[concept(codes.ROLE, "20")])
    helper = related(relationship=[concept(codes.ROLE, "07")])
    mentor = related(relationship=[concept(codes.ROLE, "15")])
    assert {f.field: f.person for f in read(sister).fields} == {
        "contactpersoon_1": "gezinslid",
        "naasten_relevant_zorg": "gezinslid",
    }
    assert {f.field: f.person for f in read(bundle(sister, friend)).fields}[
        "naasten_relevant_zorg"
    ] == "sociaal_contact"
    assert reasons(read(helper)) == {"RelatedPerson": Reason.CIRCLE}
    assert list(fields(read(mentor))) == ["vertegenwoordiger"]


def test_insurance_says_yes_or_no_on_the_day_and_no_number() -> None:
    cover = {
        "resourceType": "Coverage",
        "status": "active",
        "subscriberId": "POLISNUMMER",
        "beneficiary": samples.ME,
        "payor": [{"display": "Zorgverzekeraar Proef"}],
    }
    assert fields(read(cover))["zorgverzekering_actief"] == {"verzekerd": True}
    ended = read({**cover, "period": {"end": "2026-12-31"}})
    assert fields(ended)["zorgverzekering_actief"] == {"verzekerd": False, "periode": {"tot": "2026-12-31"}}
    assert "POLISNUMMER" not in repr(ended)


def test_an_unknown_modifier_makes_a_resource_unreadable() -> None:
    modified = {**CONDITION, "modifierExtension": [{"url": "urn:x", "valueBoolean": True}]}
    assert reasons(read(modified)) == {"Condition": Reason.UNKNOWN_MODIFIER}
    assert reasons(read({**CONDITION, "implicitRules": "urn:x"})) == {"Condition": Reason.UNKNOWN_MODIFIER}


def test_resources_of_one_field_become_one_list() -> None:
    second = {**CONDITION, "id": "c2", "code": concept("http://hl7.org/fhir/sid/icd-10", "F10.2")}
    (field,) = read(bundle(CONDITION, second)).fields
    assert len(field.levels["vol"]) == 2
    assert field.place == "Bundle.entry[0].resource, Bundle.entry[1].resource"


def test_single_values_that_differ_are_not_taken() -> None:
    second = {**PATIENT, "gender": "male"}
    parsed = read(bundle(PATIENT, second))
    assert "geslacht" not in fields(parsed)
    assert Reason.CONTRADICTION in reasons(parsed).values()
    assert fields(parsed)["geboortedatum"] == "1990-05-17"


def test_every_field_of_a_rule_is_in_the_catalogue() -> None:
    catalog = json.loads(CATALOG.read_text("utf-8"))
    known = catalog.get("fields", catalog)
    assert {rule.field for rule in mapping.RULES} <= set(known)
