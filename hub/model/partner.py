"""Partners: who takes part, in which standing (docs/decision-contract.md; Wgs 2.27, Bgs 2.21)."""

from enum import StrEnum


class PartnerKind(StrEnum):
    """The kinds of partner that the policy knows. Other deelnemers of Wgs 2.27 take part outside the hub."""

    GGZ = "ggz"
    GENEESHEER_DIRECTEUR = "geneesheer_directeur"
    VERSLAVINGSZORG = "verslavingszorg"
    VG_LVB = "vg_lvb"
    POLITIE = "politie"
    OM = "om"
    RECLASSERING = "reclassering"
    DJI = "dji"
    COLLEGE = "college"
    BURGEMEESTER = "burgemeester"
    GGD = "ggd"
    ZVH_PROCESREGISSEUR = "zvh_procesregisseur"
    CASUSREGISSEUR = "casusregisseur"
    WMO_AANBIEDER = "wmo_aanbieder"
    WONINGCORPORATIE = "woningcorporatie"
    ZORGVERZEKERAAR = "zorgverzekeraar"
    ZORGKANTOOR = "zorgkantoor"
    NAASTE = "naaste"
    BETROKKENE = "betrokkene"
    BELEIDSANALIST = "beleidsanalist"
    TOEZICHT = "toezicht"
    ANDER_SAMENWERKINGSVERBAND = "ander_samenwerkingsverband"


CARE_KINDS = frozenset(
    {PartnerKind.GGZ, PartnerKind.GENEESHEER_DIRECTEUR, PartnerKind.VERSLAVINGSZORG, PartnerKind.VG_LVB}
)
"""Kinds whose people are bound by 7:457 BW and 88 Wet BIG."""

SUPPLY_KINDS = frozenset({PartnerKind.POLITIE, PartnerKind.OM, PartnerKind.DJI})
"""Kinds that deliver with a supply record alone (Wpg 20(3), 32; Wjsg 39j; R12, R13)."""

PUBLIC_KINDS = frozenset(
    {
        PartnerKind.DJI,
        PartnerKind.POLITIE,
        PartnerKind.OM,
        PartnerKind.BURGEMEESTER,
        PartnerKind.COLLEGE,
        PartnerKind.GGD,
    }
)
"""The public deelnemers of Wgs 2.27(1), joint controllers of a Zorg- en Veiligheidshuis."""

ALWAYS_DERDE = frozenset(
    {
        PartnerKind.WONINGCORPORATIE,
        PartnerKind.ZORGVERZEKERAAR,
        PartnerKind.ZORGKANTOOR,
        PartnerKind.NAASTE,
        PartnerKind.ANDER_SAMENWERKINGSVERBAND,
    }
)
"""Kinds that are no deelnemer: only a derde (Wgs 2.31(9), Bgs 2.21)."""


class Standing(StrEnum):
    """How a partner stands in a casus."""

    DEELNEMER = "deelnemer"
    DERDE = "derde"
    BETROKKENE = "betrokkene"
    TOEZICHT = "toezicht"


def standing_of(kind: PartnerKind) -> Standing:
    """The one standing that goes with a kind of partner."""
    if kind in ALWAYS_DERDE:
        return Standing.DERDE
    if kind is PartnerKind.BETROKKENE:
        return Standing.BETROKKENE
    if kind is PartnerKind.TOEZICHT:
        return Standing.TOEZICHT
    return Standing.DEELNEMER


class Relation(StrEnum):
    """What a partner is to the person of a casus."""

    BEHANDELT = "behandelt"
    ZORGVERANTWOORDELIJKE = "zorgverantwoordelijke"
    VERHUURT = "verhuurt"
    VERZEKERT = "verzekert"
    HOUDT_TOEZICHT = "houdt_toezicht"
    DETENTIE = "detentie"
    WMO_OPDRACHT = "wmo_opdracht"
    NAASTE = "naaste"
    VERTEGENWOORDIGT = "vertegenwoordigt"
