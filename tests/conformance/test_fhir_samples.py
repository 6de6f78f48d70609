"""Every published FHIR sample is taken in, or refused with a reason. Prints which, file by file."""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors import table
from connectors.context import ParseContext
from connectors.reasons import Reason
from hub.errors import ShapeError
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind

FOLDERS = ("fhir-nl-core", "fhir-hl7", "fhir-mp9")
AT = datetime(2027, 1, 10, 11, tzinfo=UTC)
KINDS = (PartnerKind.GGZ, PartnerKind.COLLEGE, PartnerKind.CASUSREGISSEUR, PartnerKind.VERSLAVINGSZORG)
WIDTH = 60


def files(samples: Path) -> list[Path]:
    """Every sample in FHIR; a missing or empty folder fails."""
    found = []
    for name in FOLDERS:
        inside = sorted(path for path in (samples / name).rglob("*") if path.suffix in {".xml", ".json"})
        if not inside:
            pytest.fail(f"no samples in {name}", pytrace=False)
        found.extend(inside)
    return found


def parse(path: Path, kind: PartnerKind) -> Parsed:
    media_type = f"application/fhir+{path.suffix[1:]}"
    return table.parse(media_type, path.read_bytes(), ParseContext(kind, "bron-1", AT))


def told(path: Path, kind: PartnerKind) -> tuple[set[str], set[str]]:
    """(what one sample feeds, why the rest is not taken)."""
    try:
        parsed = parse(path, kind)
    except ShapeError as fault:
        return set(), {f"{fault.code} ({fault.place})"}
    return (
        {field.field for field in parsed.fields} | {f"{claim.kind} (register)" for claim in parsed.consents},
        {f"{item.place}: {Reason(item.reason)}" for item in parsed.not_taken},
    )


def rows(samples: Path) -> Iterator[tuple[Path, set[str], set[str]]]:
    for path in files(samples):
        outcomes = [told(path, kind) for kind in KINDS]
        yield path, set().union(*(fed for fed, _ in outcomes)), set().union(*(why for _, why in outcomes))


def test_every_sample_is_taken_in_or_refused_with_a_reason(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dropped = []
    with capsys.disabled():
        sys.stdout.write("\n")
        for path, fed, why in rows(samples):
            line = f"{path.stem[:WIDTH]:{WIDTH}}  {', '.join(sorted(fed)) or '-'}  {'; '.join(sorted(why))}"
            sys.stdout.write(f"{line.rstrip()}\n")
            if not fed and not why:
                dropped.append(path.name)
    assert not dropped


EXPECTED = {
    "nl-core-Patient-01": {
        "bsn",
        "naam",
        "geboortedatum",
        "geslacht",
        "brp_adres",
        "feitelijk_verblijf",
        "telefoon_email",
        "voorkeur_contact",
        "contactpersoon_1",
    },
    "nl-core-EpisodeOfCare-01": {"in_zorg_bij", "verslavingsbehandeling"},
    "nl-core-CareTeam-01": {"behandelteam"},
    "nl-core-Encounter-01": {"zorgcontact_status", "opname_historie", "zorgvorm_intensiteit"},
    "nl-core-Problem-01": {"diagnose_dsm"},
    "nl-core-TreatmentObjective-01": {"behandeldoelen", "levensloopplan_doelen"},
    "nl-core-Alert-02": {"somatiek_relevant"},
    "nl-core-LegalSituation-LegalStatus-01": set(),
    "nl-core-LegalSituation-Representation-02": {"vertegenwoordiger", "bewindvoerder"},
    "nl-core-FreedomRestrictingIntervention-01": {"verplichte_zorg_vormen"},
    "nl-core-AdvanceDirective-01": {"wilsverklaring"},
    "nl-core-TreatmentDirective2-01": set(),
    "nl-core-TreatmentDirective2-02": {"wilsverklaring"},
    "nl-core-DrugUse-01": {"middelengebruik"},
    "nl-core-AlcoholUse-02": {"middelengebruik"},
    "nl-core-ContactPerson-01": {"contactpersoon_1", "naasten_relevant_zorg"},
    "nl-core-LivingSituation-01": {"woonvorm"},
    "nl-core-HealthcareProvider-01": {"in_zorg_bij"},
    "nl-core-HealthProfessional-PractitionerRole-01": {"regiebehandelaar"},
    "nl-core-HelpFromOthers-01": {"informele_hulp"},
    "nl-core-HelpFromOthers-02": {"interventies"},
    "nl-core-ParticipationInSociety-01": {"dagbesteding_werk"},
    "nl-core-ParticipationInSociety.SocialNetwork-01": {"netwerk_beeld"},
    "nl-core-IllnessPerception.PatientIllnessInsight-01": {"ziekte_inzicht"},
    "nl-core-Payer.InsuranceCompany-02": {"zorgverzekering_actief", "financier"},
    "nl-core-AllergyIntolerance-01": set(),
    "nl-core-LifeStance-01": set(),
    "mp-MedUse2-mp9-MBH920mgexample-1-MGB1": {"medicatie_actueel"},
    "mp-MedAgr-mp9-MBH920mgexample-1-MA1": {"medicatie_actueel"},
    "mp-AdmAgr-mp9-MBH920mgexample-1-TA1": {"medicatie_actueel"},
    "mp-MedAdm2-mp9-MBH920mgexample-1-MTD1": {"depot_status"},
    "CarePlan-example": {"interventies"},
    "CarePlan-f201": set(),
    "Goal-stop-smoking": {"behandeldoelen", "levensloopplan_doelen"},
    "Consent-consent-example-Out": {"weigering (register)"},
    "Consent-consent-example-basic": set(),
    "AuditEvent-example-rest": set(),
}


def test_the_samples_feed_the_fields_that_they_are_for(samples: Path) -> None:
    read = {path.stem: fed for path, fed, _ in rows(samples)}
    assert {name: read.get(name) for name in EXPECTED} == EXPECTED


def test_no_care_directive_becomes_a_consent(samples: Path) -> None:
    for path in files(samples):
        if "Directive" in path.stem:
            assert not parse(path, PartnerKind.GGZ).consents


NEVER = re.compile(r"protestant|geloof|Divorced|Nederlandse|NL85INGB|12345678|volmacht aan|blob")


def test_what_never_comes_along_is_nowhere(samples: Path) -> None:
    """Religion, marital status, nationality, bank account, insured number, attachments."""
    allowed = {"nl-core-TreatmentDirective2-01-Consent-01"}  # its comment says "volmacht aan", and a comment is read
    for path in files(samples):
        for kind in KINDS:
            levels = repr([field.levels for field in parse(path, kind).fields])
            assert path.stem in allowed or not NEVER.search(levels), path.name
