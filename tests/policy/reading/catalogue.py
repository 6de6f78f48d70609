"""The catalogue of a casus: 128 fields in 21 groups (law reference section 3).

Each row: key, category words, secrecy word, source. Category: G gewoon, Z health (AVG 9), S criminal (AVG 10), B BSN
(UAVG 46); a star means: reveals by inference. Secrecy: BG, WV, WZ, PG, JG, WM, PW, AW, HU, WG, `-` for none,
`per source`, or words with `/` between.
"""

from dataclasses import dataclass

from tests.policy.reading import words

GROUPS: dict[str, str] = {
    "G01": """
        casus_id | Z* S* | WG | hub
        casus_bestaat | Z* S* | WG | hub
        pseudoniem_id | G | - | hub
        bsn | B | per source | deelnemers with legal basis
        naam | G | AW | college (BRP)
        aliassen | S | PG | politie, om
        geboortedatum | G | AW | college (BRP)
        geslacht | G | AW | college (BRP)
        identiteit_geverifieerd | G | AW | aanmelder
    """,
    "G02": """
        brp_adres | G | AW | college
        feitelijk_verblijf | G Z* | per source | all
        briefadres | G | AW | college
        telefoon_email | G | - | all
        voorkeur_contact | G | - | casusregisseur
        huishouden_samenstelling | G | AW/HU | college, corporatie
        woonvorm | G Z* | WM | college, wmo_aanbieder
        regiobinding_woonplaats | G | AW | college
    """,
    "G03": """
        verhuurder | G | HU | corporatie
        huurovereenkomst_status | G | HU | corporatie
        overlast_meldingen | G S | HU/PG | corporatie, politie
        huurschuld_indicator | G | HU | corporatie
        ontruiming_dreiging | G | HU | corporatie
        gedragsaanwijzing_woning | G S* | HU/AW | corporatie, burgemeester
        woning_veiligheid | S* | HU/PG | corporatie, politie
        woonwens_passend | G | WM | casusregisseur
        medewerkersveiligheid_wonen | S* | HU | corporatie
    """,
    "G04": """
        in_zorg_bij | Z | BG | ggz
        regiebehandelaar | Z* | BG | ggz
        behandelteam | Z* | BG | ggz
        zorgvorm_intensiteit | Z | BG | ggz
        zorgcontact_status | Z | BG | ggz
        behandeldoelen | Z | BG | ggz
        opname_historie | Z | BG | ggz
        bejegeningsadvies | Z* | BG | ggz with betrokkene
        crisiscontact_24_7 | G Z* | BG | ggz
    """,
    "G05": """
        diagnose_dsm | Z | BG | ggz
        stoornis_criterium | Z | BG | ggz
        somatiek_relevant | Z | BG | ggz
        ziekte_inzicht | Z | BG | ggz
    """,
    "G06": """
        medicatie_actueel | Z | BG | ggz, apotheek
        depot_status | Z | BG | ggz
        medicatie_contraindicatie | Z | BG | ggz
    """,
    "G07": """
        risico_instrument | Z S | BG | ggz, reclassering, vg
        risico_uitkomstklasse | Z S | BG | idem
        risico_rapport | Z S | BG | idem
        gevaarlijk_gedrag_feiten | S Z | PG/BG | politie, ggz
        beschermende_factoren | Z | BG | casusregisseur
        suiciderisico | Z | BG | ggz
    """,
    "G08": """
        middelengebruik | Z | BG | verslavingszorg
        verslavingsbehandeling | Z | BG | verslavingszorg
        gedrag_onder_invloed | Z S | BG/PG | verslavingszorg, politie
    """,
    "G09": """
        iq_of_niveau | Z | BG | vg_lvb
        lvb_indicator | Z | BG | vg_lvb, politie (own screening)
        communicatie_aanpassing | Z* | BG | vg_lvb
        nah | Z | BG | ggz, vg
    """,
    "G10": """
        politie_mutaties_samenvatting | S | PG | politie
        politie_incident_laatste | S | PG | politie
        politie_gevaarsindicatie | S Z | PG | politie
        wijkagent | G | - | politie
        bestuurlijke_maatregel | S* | AW | burgemeester
        wpg_verstrekking | G | PG | politie
    """,
    "G11": """
        strafrechtelijke_titel | S | JG | om, dji
        openstaande_zaak | S | JG | om
        bijzondere_voorwaarden | S | JG | om, reclassering
        detentie_einddatum | S | JG | dji
        justitiele_documentatie | S | JG | om (Wjsg 8b)
        slachtoffer_contactverbod | S | JG | om
    """,
    "G12": """
        toezicht_status | S | WG | reclassering
        toezicht_verloop | S | WG | reclassering
        eerdere_trajecten | S | WG | reclassering
    """,
    "G13": """
        wvggz_titel | Z | WV | GD, OvJ
        wzd_titel | Z | WZ | CIZ, zorgaanbieder
        wvggz_procedure_status | Z | WV | college / OvJ / GD each own step
        verplichte_zorg_vormen | Z | WV/BG | ZV
        zelfbindingsverklaring | Z | WV | ZV
        essentiele_voorwaarden | Z* | WV | ZV
        vertegenwoordiger | G Z* | per source | college, ggz
    """,
    "G14": """
        wmo_voorziening | G Z* | WM | college
        inkomen_bron | G | PW | college
        schuldhulp_status | G | AW | college
        bewindvoerder | G | - | bewindvoerder, corporatie
        zorgverzekering_actief | G | AW | college
        id_bewijs_aanwezig | G | AW | college
        dagbesteding_werk | G | WM | college, wmo_aanbieder
    """,
    "G15": """
        contactpersoon_1 | G | - | betrokkene
        naasten_relevant_zorg | G Z* | WV | ZV
        minderjarige_kinderen | G | AW | college
        netwerk_beeld | G | WG | casusregisseur
        informele_hulp | G | - | betrokkene
        melder_gegevens | G | AW | college, ggd
        slachtoffer_of_dreiging_derde | S | PG | politie
    """,
    "G16": """
        veiligheidsafspraak | S* Z* | WG | casusoverleg
        bezoekregels | S* | WG | all
        no_go | S | PG/JG | politie, om
        escalatieladder | Z* | WG | casusoverleg
        afspraak_eigenaar_termijn | G | WG | casusoverleg
    """,
    "G17": """
        levensloopplan_doelen | G Z* | WG/WM | casusregisseur + betrokkene
        interventies | G Z* | per source | partners
        leefgebied_score | Z* | WM | college, wmo_aanbieder
        eigen_plan_betrokkene | Z* | - | betrokkene
        evaluatie_datum | G | WG | casusregisseur
        schaal_niveau | Z* | WG | overleg
    """,
    "G18": """
        signaleringsplan | Z | BG | ggz + betrokkene
        crisisplan_kort | Z* | BG | ggz + betrokkene
        signaal_terugval | Z* | per source | all
        wilsverklaring | Z | BG/WV | betrokkene
    """,
    "G19": """
        financier | Z* | WG | casusregisseur
        indicatie | Z* | WM | CIZ, college
        machtiging_aanvraag | Z | BG | zorgaanbieder
        plek_gereserveerd | Z* | BG | zorgaanbieder
    """,
    "G20": """
        juridisch_regime | G | WG | procesregisseur
        casus_fase | Z* S* | WG | hub
        criteria_toets | Z* S* | WG | triage group
        casusregisseur | G | - | hub
        procesregisseur | G | - | hub
        betrokken_deelnemers | Z* S* | WG | public deelnemers
        derden_incidenteel | Z* S* | WG | procesregisseur
        overleg_datum_deelnemers | G | WG | procesregisseur
        overleg_besluiten | Z* S* | WG | procesregisseur
        dataclock_eerste_verwerking | G | - | hub
    """,
    "G21": """
        toestemming | Z* | BG | source professional
        weigering | Z* | BG | source professional
        wilsbekwaamheid_oordeel | Z | BG | ggz
        informatie_gegeven | G | WG | contactpunt / source
        rechtenverzoek | G | WG | contactpunt
        bezwaar_of_beperking | G | - | controller
        verstrekking_zonder_toestemming | Z* | BG/WV | source
        log_inzage_overzicht | G | - | hub
    """,
}

EXTENDED = words("""aliassen briefadres huishouden_samenstelling regiobinding_woonplaats woning_veiligheid
    medewerkersveiligheid_wonen behandeldoelen opname_historie somatiek_relevant ziekte_inzicht
    medicatie_contraindicatie risico_rapport beschermende_factoren suiciderisico iq_of_niveau nah
    politie_gevaarsindicatie bestuurlijke_maatregel openstaande_zaak justitiele_documentatie slachtoffer_contactverbod
    toezicht_verloop eerdere_trajecten verplichte_zorg_vormen essentiele_voorwaarden bewindvoerder
    zorgverzekering_actief id_bewijs_aanwezig minderjarige_kinderen netwerk_beeld informele_hulp
    slachtoffer_of_dreiging_derde no_go leefgebied_score wilsverklaring machtiging_aanvraag plek_gereserveerd
    overleg_datum_deelnemers geslacht gedragsaanwijzing_woning""")
"""Fields outside the core set of 88."""


GROUP_NAMES: dict[str, str] = dict(
    zip(
        sorted(GROUPS),
        """identificatie contact_woonsituatie huisvesting_overlast ggz_zorg diagnose medicatie risicotaxatie verslaving lvb
        politie justitie reclassering verplichte_zorg wmo_inkomen_schulden sociaal_netwerk veiligheidsafspraken
        trajectplan crisis_signaleringsplan financiering casusregie_overleg toestemming_rechten""".split(),  # noqa: SIM905
        strict=True,
    )
)
LIFTED_ITEMS = words("bejegeningsadvies crisiscontact_24_7 stoornis_criterium communicatie_aanpassing crisisplan_kort")
"""Marked "(lifted item)" in the column of secrecy: made to be shown more widely, and under BG all the same."""


@dataclass(frozen=True)
class Field:
    """One row of the catalogue."""

    key: str
    group: str
    categories: frozenset[str]
    secrecy: str
    source: str


def _rows() -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for group, table in GROUPS.items():
        for row in table.strip().splitlines():
            key, categories, secrecy, source = (cell.strip() for cell in row.split("|"))
            fields[key] = Field(key, group, frozenset(categories.split()), secrecy, source)
    return fields


FIELDS: dict[str, Field] = _rows()
CARE_KINDS = frozenset({"ggz", "geneesheer_directeur", "verslavingszorg", "vg_lvb"})
INSURERS = frozenset({"zorgverzekeraar", "zorgkantoor"})
