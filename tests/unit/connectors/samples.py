"""Documents of our own for the format tests: synthetic persons, BSNs of the 9999 range, no copied content."""

import json
from datetime import UTC, datetime
from typing import Any

from connectors import table
from connectors.context import ParseContext
from connectors.fhir import codes
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind

AT = datetime(2027, 1, 10, 11, tzinfo=UTC)
BSN, OTHER_BSN = "999900006", "999900018"
JSON, XML = "application/fhir+json", "application/fhir+xml"
OWN, SUPPLY = "application/vnd.hub.levering+json", "application/vnd.hub.politie-justitie+json"
ME = {"reference": "Patient/p1", "type": "Patient"}

Resource = dict[str, Any]


def context(kind: PartnerKind = PartnerKind.GGZ) -> ParseContext:
    """A delivery on 10 January 2027."""
    return ParseContext(kind, "bron-1", AT)


def text(value: Any) -> bytes:
    """As JSON bytes."""
    return json.dumps(value).encode()


def read(resource: Resource, kind: PartnerKind = PartnerKind.GGZ) -> Parsed:
    """A FHIR resource, parsed from JSON."""
    return table.parse(JSON, text(resource), context(kind))


def xml(resource: Resource) -> bytes:
    """The same resource in FHIR XML, written by the library."""
    from fhir.resources.R4B import get_fhir_model_class

    written = get_fhir_model_class(resource["resourceType"]).model_validate(resource).model_dump_xml()
    return written if isinstance(written, bytes) else written.encode()


def concept(system: str, code: str, display: str = "", **more: Any) -> Resource:
    """A CodeableConcept with one coding."""
    return {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}], **more}


def snomed(code: str, display: str = "") -> Resource:
    """A SNOMED CT concept."""
    return concept(codes.SNOMED, code, display)


def tagged(resource: Resource, *fields: str) -> Resource:
    """`resource`, with the source's word on which field it feeds."""
    return {**resource, "meta": {"tag": [{"system": codes.OWN_FIELD, "code": field} for field in fields]}}


def summarised(resource: Resource, summary: str) -> Resource:
    """`resource`, with a text for readers."""
    return {**resource, "extension": [{"url": codes.OWN_SUMMARY, "valueString": summary}]}


def bundle(*resources: Resource, kind: str = "collection") -> Resource:
    """A Bundle of `resources`."""
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": resource} for resource in resources]}


PATIENT: Resource = {
    "resourceType": "Patient",
    "id": "p1",
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">VERHAAL</div>'},
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/patient-nationality",
            "extension": [{"url": "code", "valueCodeableConcept": {"text": "NATIONALITEIT"}}],
        }
    ],
    "identifier": [
        {"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": BSN},
        {"system": codes.OWN_REFERENCE, "value": "D-77"},
    ],
    "name": [
        {"use": "usual", "given": ["Ro"]},
        {
            "use": "official",
            "family": "van Voorbeeld-Proef",
            "_family": {
                "extension": [
                    {"url": "http://hl7.org/fhir/StructureDefinition/humanname-own-prefix", "valueString": "van"},
                    {"url": "http://hl7.org/fhir/StructureDefinition/humanname-own-name", "valueString": "Voorbeeld"},
                ]
            },
            "given": ["Robin", "R."],
            "_given": [
                None,
                {
                    "extension": [
                        {"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier", "valueCode": "IN"}
                    ]
                },
            ],
        },
    ],
    "telecom": [{"system": "phone", "value": "+31600000000", "use": "mobile"}],
    "gender": "female",
    "birthDate": "1990-05-17",
    "address": [{"use": "home", "line": ["Proefstraat 1"], "city": "Testdorp", "postalCode": "9999 ZZ"}],
    "maritalStatus": {"text": "BURGERLIJKE STAAT"},
    "contact": [
        {
            "relationship": [concept(codes.ROLE, "01", "Eerste contactpersoon")],
            "name": {"family": "Buurman"},
            "telecom": [{"system": "phone", "value": "+31600000001"}],
        }
    ],
    "communication": [{"language": concept("urn:ietf:bcp:47", "nl", "Nederlands"), "preferred": True}],
}

CONDITION: Resource = {
    "resourceType": "Condition",
    "id": "c1",
    "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
    "code": concept("http://hl7.org/fhir/sid/icd-10", "F20.0", "Paranoide schizofrenie"),
    "subject": ME,
    "onsetDateTime": "2019-03",
    "note": [{"text": "Sinds de studie."}],
}

FLAG: Resource = {
    "resourceType": "Flag",
    "status": "active",
    "category": [concept(codes.FLAG_CATEGORY, "behavioral")],
    "code": {**snomed("1", "EEN DIAGNOSE"), "text": "Praat rustig en kondig aan wat je doet."},
    "subject": ME,
}

GOAL: Resource = {
    "resourceType": "Goal",
    "lifecycleStatus": "active",
    "description": {"text": "Weer zelf boodschappen doen"},
    "subject": ME,
    "target": [{"measure": snomed("129006008", "lopen"), "dueDate": "2027-06-01"}],
}

OBSERVATION: Resource = {
    "resourceType": "Observation",
    "status": "final",
    "code": snomed("228366006", "drugsgebruik"),
    "subject": ME,
    "effectivePeriod": {"start": "2020-01-01"},
    "valueCodeableConcept": snomed("417284009", "Huidige gebruiker"),
    "component": [{"code": {"text": "hoe vaak"}, "valueQuantity": {"value": 2, "unit": "per week"}}],
}

PLAN: Resource = {
    "resourceType": "CarePlan",
    "status": "active",
    "intent": "plan",
    "category": [snomed("243114000", "ondersteuning")],
    "subject": ME,
    "contained": [
        {"resourceType": "Organization", "id": "o1", "name": "Thuiszorg Proef"},
        {
            "resourceType": "RelatedPerson",
            "id": "r1",
            "patient": ME,
            "name": [{"text": "NAAM VAN EEN BUUR"}],
            "relationship": [concept(codes.ROLE, "19", "Buur")],
        },
    ],
    "activity": [
        {
            "detail": {
                "status": "in-progress",
                "description": "Helpen met wassen",
                "performer": [{"reference": "#o1", "type": "Organization"}],
            }
        },
        {
            "detail": {
                "status": "in-progress",
                "description": "Boodschappen",
                "performer": [{"reference": "#r1", "type": "RelatedPerson"}],
            }
        },
    ],
}

TEAM: Resource = {
    "resourceType": "CareTeam",
    "name": "FACT-team Proef",
    "subject": ME,
    "telecom": [{"system": "phone", "value": "+31600000002"}],
    "participant": [
        {
            "member": {"reference": "PractitionerRole/pr1", "type": "PractitionerRole"},
            "role": [{"text": "behandelaar"}],
        },
        {"member": ME},
    ],
}
ROLE_OF: Resource = {
    "resourceType": "PractitionerRole",
    "id": "pr1",
    "practitioner": {"reference": "Practitioner/pra1"},
    "specialty": [{"text": "psychiatrie"}],
}
PRACTITIONER: Resource = {
    "resourceType": "Practitioner",
    "id": "pra1",
    "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/big", "value": "BIGNUMMER"}],
    "name": [{"family": "Behandelaar", "given": ["B."]}],
}

MEDICATION: Resource = {
    "resourceType": "MedicationStatement",
    "status": "active",
    "subject": ME,
    "medicationReference": {"reference": "Medication/m1"},
    "effectivePeriod": {"start": "2026-11-01"},
    "dosage": [
        {
            "timing": {"repeat": {"frequency": 1, "period": 4, "periodUnit": "wk"}},
            "doseAndRate": [{"doseQuantity": {"value": 100, "unit": "mg"}}],
        }
    ],
}
PRODUCT: Resource = {"resourceType": "Medication", "id": "m1", "code": {"text": "Proefmiddel depot"}}

CONSENT: Resource = {
    "resourceType": "Consent",
    "status": "active",
    "scope": concept(codes.CONSENT_SCOPE, "patient-privacy"),
    "category": [concept(codes.LOINC, "59284-0")],
    "patient": ME,
    "dateTime": "2026-12-01T10:00:00+01:00",
    "performer": [ME],
    "provision": {
        "type": "permit",
        "period": {"end": "2027-05-20"},
        "actor": [
            {
                "role": concept(codes.PARTICIPATION, "IRCP"),
                "reference": {"identifier": {"system": codes.OWN_PARTNER, "value": "ggz-1"}},
            }
        ],
        "action": [concept(codes.CONSENT_ACTION, "disclose")],
        "purpose": [{"system": codes.OWN_PURPOSE, "code": "D02"}],
        "class": [{"system": codes.OWN_GROUP, "code": "G05"}],
    },
}

ALL = (
    PATIENT,
    CONDITION,
    FLAG,
    GOAL,
    OBSERVATION,
    PLAN,
    TEAM,
    bundle(MEDICATION, PRODUCT),
    CONSENT,
    bundle(PATIENT, CONDITION, summarised(GOAL, "Werkt aan boodschappen."), TEAM, ROLE_OF, PRACTITIONER, CONSENT),
)

LEVERING: Resource = {
    "soort": "levering",
    "kenmerk": "H-2027/4",
    "betrokkene": {"bsn": BSN, "geslachtsnaam": "Voorbeeld", "geboortedatum": "1990-05-17"},
    "velden": [
        {
            "veld": "overlast_meldingen",
            "niveaus": {"vol": {"aantal": 3, "laatste": "2026-12-30"}, "sam": "Drie meldingen van lawaai."},
            "nietVoor": ["politie"],
            "akkoordDerden": True,
        },
        {"veld": "huurschuld_indicator", "niveaus": {"vol": False}, "vernietigenOp": "2028-01-01"},
        {
            "veld": "contactpersoon_1",
            "niveaus": {"vol": {"naam": "Buurman"}},
            "persoon": "sociaal_contact",
            "uavg41": True,
            "medebehandelaars": ["ggz-2"],
            "gefinancierdDoor": ["zv-1"],
            "ontvangerMelding": "gem-1",
        },
    ],
}

VERSTREKKING: Resource = {
    "soort": "politie-justitie",
    "betrokkene": {"bsn": BSN},
    "verstrekking": {
        "wpg": {
            "artikel": "20(3)",
            "categorie": "8",
            "besluit": "PV-2026-14",
            "gezagAkkoord": True,
            "ontvangers": ["ggz-1"],
            "datum": "2026-12-31",
        }
    },
    "velden": [{"veld": "politie_incident_laatste", "niveaus": {"vol": {"soort": "overlast"}}}],
}
