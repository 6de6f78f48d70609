"""A casus: regime, phase, statuses (Wgs 2.31; law of the regimes in policies/hub/regimes)."""

from enum import StrEnum


class Regime(StrEnum):
    """`juridisch_regime` of a casus."""

    WGS_ZVH = "wgs_zvh"
    WVGGZ = "wvggz"
    WZD = "wzd"
    ZORGTEAM = "zorgteam"
    WMO_LOKAAL = "wmo_lokaal"
    OOV = "oov"
    TOESTEMMING = "toestemming"


class Phase(StrEnum):
    """`casus_fase`."""

    AANGEMELD = "aangemeld"
    TRIAGE = "triage"
    TOEGELATEN = "toegelaten"
    TRAJECT = "traject"
    OPGESCHAALD = "opgeschaald"
    AFGESCHAALD = "afgeschaald"
    AFGESLOTEN = "afgesloten"
    AFGESCHERMD = "afgeschermd"
    AFGEWEZEN = "afgewezen"
    VERNIETIGD = "vernietigd"


BEFORE_ADMISSION = frozenset({Phase.AANGEMELD, Phase.TRIAGE, Phase.AFGEWEZEN})


class ProcedureStatus(StrEnum):
    """`wvggz_procedure_status`, and likewise for the Wzd."""

    GEEN = "geen"
    MELDING = "melding"
    VERKENNEND_ONDERZOEK = "verkennend_onderzoek"
    AANVRAAG = "aanvraag"
    VOORBEREIDING = "voorbereiding"
    CRISISMAATREGEL = "crisismaatregel"
    VERZOEK = "verzoek"
    TITEL_ACTIEF = "titel_actief"
    EVALUATIE_BEEINDIGING = "evaluatie_beeindiging"
