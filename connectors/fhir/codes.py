"""Code systems and naming systems that the mapping reads (zib 2020, nl-core, HL7), and the hub's own.

The hub's own systems let a source say in so many words what FHIR has no word for: which field, partner, purpose or
group.
"""

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
BSN = frozenset({"http://fhir.nl/fhir/NamingSystem/bsn", "urn:oid:2.16.840.1.113883.2.4.6.3"})

OWN = "https://hub.example.nl/fhir"
OWN_FIELD = f"{OWN}/CodeSystem/veld"
"""Field keys of the catalogue: in `meta.tag`, or as a coding of `code` or `category`, it says which field a resource
feeds."""
OWN_GROUP = f"{OWN}/CodeSystem/veldgroep"
"""Groups `G01` to `G21`, and `*` for all: in `Consent.provision.class`."""
OWN_PURPOSE = f"{OWN}/CodeSystem/doel"
"""Purposes `D01` to `D12`: in `Consent.provision.purpose`."""
OWN_PARTNER = f"{OWN}/NamingSystem/partner"
"""Ids of partners: in `Consent.provision.actor.reference.identifier`."""
OWN_REFERENCE = f"{OWN}/NamingSystem/kenmerk"
"""The source's own reference of the person: in `Patient.identifier`."""
OWN_SUMMARY = f"{OWN}/StructureDefinition/samenvatting"
"""Extension on a resource: text that the source wrote for readers, the form `sam` of the field that the resource feeds.
Simple (`valueString`) where the resource feeds one field; with parts `veld` (`valueCode`) and `tekst` (`valueString`)
where more."""

ROLE = "urn:oid:2.16.840.1.113883.2.4.3.11.22.472"
"""COD472-VEKT: what a contact person is."""
RELATION = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
LEGAL_STATUS = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.23.2"
REPRESENTATION = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.23.3"
DIRECTIVE = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.14.1"
FLAG_CATEGORY = "http://terminology.hl7.org/CodeSystem/flag-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
CONSENT_CATEGORY = "http://terminology.hl7.org/CodeSystem/consentcategorycodes"
CONSENT_ACTION = "http://terminology.hl7.org/CodeSystem/consentaction"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"

LEGAL_STATUS_FIELDS = {
    "wvggz_titel": frozenset({"ZM", "CM", "VCM", "NOOD", "TEMP"}),
    "wzd_titel": frozenset({"OPM", "RM", "IBS", "VMM"}),
    "strafrechtelijke_titel": frozenset({"TBS", "PIJ"}),
}
"""Codes of zib JuridischeStatus by field. `OTS` and `VM` have no field: the first is of minors, the second is of the
past."""

REPRESENTATION_FIELDS = {
    "vertegenwoordiger": frozenset({"6", "7", "8", "9", "10"}),
    "bewindvoerder": frozenset({"7"}),
}
"""Codes of zib JuridischeVertegenwoordiging by field."""

CHAPTERS = {
    "http://hl7.org/fhir/sid/icd-10": "F",
    "http://hl7.org/fhir/sid/icd-10-nl": "F",
    "urn:oid:2.16.840.1.113883.6.3": "F",
    "http://hl7.org/fhir/sid/icpc-1-nl": "P",
    "http://hl7.org/fhir/sid/icpc-1": "P",
}
"""Classifications whose first letter is the chapter, and the chapter of mental disorders in each."""

NO_DISORDER = "Z"
"""The chapter of social problems and circumstances in ICD-10 and ICPC: no diagnosis."""

ACQUIRED_BRAIN_INJURY = frozenset({(SNOMED, "127294003"), (SNOMED, "127295002")})
SUICIDE_RISK = frozenset({(SNOMED, "225444004")})

NEVER = frozenset(
    {
        (SNOMED, "160538000"),  # religious affiliation, code of zib Levensovertuiging
        (SNOMED, "364699009"),  # ethnic group
        (LOINC, "81364-2"),  # religious or cultural beliefs
        (LOINC, "32624-9"),  # race
        (LOINC, "69490-1"),  # ethnicity
        (LOINC, "76690-7"),  # sexual orientation
    }
)
"""What may not be in the hub at all, whatever else the resource says (Wgs 2.29(1): of the special categories health
only)."""

NEVER_PROFILES = frozenset({"LifeStance"})
NEVER_EXTENSIONS = (
    "patient-nationality",
    "patient-religion",
    "patient-citizenship",
    "us-core-race",
    "us-core-ethnicity",
)

KNOWN_MODIFIERS = frozenset(
    {
        "http://nictiz.nl/fhir/StructureDefinition/ext-TreatmentDirective2.SpecificationOther",
        "http://nictiz.nl/fhir/StructureDefinition/ext-StopType",
    }
)
"""Modifier extensions that the mapping reads. Any other makes the resource unreadable (FHIR R4, 2.4.1)."""
