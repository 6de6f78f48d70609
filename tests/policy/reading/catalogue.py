"""The catalogue of a casus: 128 fields in 21 groups (law reference section 3).

Each row: key, category words, secrecy word. Category: G gewoon, Z health (AVG 9), S criminal (AVG 10), B BSN
(UAVG 46); a star means: reveals by inference. Secrecy: BG, WV, WZ, PG, JG, WM, PW, AW, HU, WG, `-` for none,
`per source`, or words with `/` between.
"""

from dataclasses import dataclass

from tests.policy.reading import words

GROUPS: dict[str, str] = {
    "G01": """
        casus_id | Z* S* | WG
        casus_bestaat | Z* S* | WG
        pseudoniem_id | G | -
        bsn | B | per source
        naam | G | AW
        aliassen | S | PG
        geboortedatum | G | AW
        geslacht | G | AW
        identiteit_geverifieerd | G | AW
    """,
    "G02": """
        brp_adres | G | AW
        feitelijk_verblijf | G Z* | per source
        briefadres | G | AW
        telefoon_email | G | -
        voorkeur_contact | G | -
        huishouden_samenstelling | G | AW/HU
        woonvorm | G Z* | WM
        regiobinding_woonplaats | G | AW
    """,
    "G03": """
        verhuurder | G | HU
        huurovereenkomst_status | G | HU
        overlast_meldingen | G S | HU/PG
        huurschuld_indicator | G | HU
        ontruiming_dreiging | G | HU
        gedragsaanwijzing_woning | G S* | HU/AW
        woning_veiligheid | S* | HU/PG
        woonwens_passend | G | WM
        medewerkersveiligheid_wonen | S* | HU
    """,
    "G04": """
        in_zorg_bij | Z | BG
        regiebehandelaar | Z* | BG
        behandelteam | Z* | BG
        zorgvorm_intensiteit | Z | BG
        zorgcontact_status | Z | BG
        behandeldoelen | Z | BG
        opname_historie | Z | BG
        bejegeningsadvies | Z* | BG
        crisiscontact_24_7 | G Z* | BG
    """,
    "G05": """
        diagnose_dsm | Z | BG
        stoornis_criterium | Z | BG
        somatiek_relevant | Z | BG
        ziekte_inzicht | Z | BG
    """,
    "G06": """
        medicatie_actueel | Z | BG
        depot_status | Z | BG
        medicatie_contraindicatie | Z | BG
    """,
    "G07": """
        risico_instrument | Z S | BG
        risico_uitkomstklasse | Z S | BG
        risico_rapport | Z S | BG
        gevaarlijk_gedrag_feiten | S Z | PG/BG
        beschermende_factoren | Z | BG
        suiciderisico | Z | BG
    """,
    "G08": """
        middelengebruik | Z | BG
        verslavingsbehandeling | Z | BG
        gedrag_onder_invloed | Z S | BG/PG
    """,
    "G09": """
        iq_of_niveau | Z | BG
        lvb_indicator | Z | BG
        communicatie_aanpassing | Z* | BG
        nah | Z | BG
    """,
    "G10": """
        politie_mutaties_samenvatting | S | PG
        politie_incident_laatste | S | PG
        politie_gevaarsindicatie | S Z | PG
        wijkagent | G | -
        bestuurlijke_maatregel | S* | AW
        wpg_verstrekking | G | PG
    """,
    "G11": """
        strafrechtelijke_titel | S | JG
        openstaande_zaak | S | JG
        bijzondere_voorwaarden | S | JG
        detentie_einddatum | S | JG
        justitiele_documentatie | S | JG
        slachtoffer_contactverbod | S | JG
    """,
    "G12": """
        toezicht_status | S | WG
        toezicht_verloop | S | WG
        eerdere_trajecten | S | WG
    """,
    "G13": """
        wvggz_titel | Z | WV
        wzd_titel | Z | WZ
        wvggz_procedure_status | Z | WV
        verplichte_zorg_vormen | Z | WV/BG
        zelfbindingsverklaring | Z | WV
        essentiele_voorwaarden | Z* | WV
        vertegenwoordiger | G Z* | per source
    """,
    "G14": """
        wmo_voorziening | G Z* | WM
        inkomen_bron | G | PW
        schuldhulp_status | G | AW
        bewindvoerder | G | -
        zorgverzekering_actief | G | AW
        id_bewijs_aanwezig | G | AW
        dagbesteding_werk | G | WM
    """,
    "G15": """
        contactpersoon_1 | G | -
        naasten_relevant_zorg | G Z* | WV
        minderjarige_kinderen | G | AW
        netwerk_beeld | G | WG
        informele_hulp | G | -
        melder_gegevens | G | AW
        slachtoffer_of_dreiging_derde | S | PG
    """,
    "G16": """
        veiligheidsafspraak | S* Z* | WG
        bezoekregels | S* | WG
        no_go | S | PG/JG
        escalatieladder | Z* | WG
        afspraak_eigenaar_termijn | G | WG
    """,
    "G17": """
        levensloopplan_doelen | G Z* | WG/WM
        interventies | G Z* | per source
        leefgebied_score | Z* | WM
        eigen_plan_betrokkene | Z* | -
        evaluatie_datum | G | WG
        schaal_niveau | Z* | WG
    """,
    "G18": """
        signaleringsplan | Z | BG
        crisisplan_kort | Z* | BG
        signaal_terugval | Z* | per source
        wilsverklaring | Z | BG/WV
    """,
    "G19": """
        financier | Z* | WG
        indicatie | Z* | WM
        machtiging_aanvraag | Z | BG
        plek_gereserveerd | Z* | BG
    """,
    "G20": """
        juridisch_regime | G | WG
        casus_fase | Z* S* | WG
        criteria_toets | Z* S* | WG
        casusregisseur | G | -
        procesregisseur | G | -
        betrokken_deelnemers | Z* S* | WG
        derden_incidenteel | Z* S* | WG
        overleg_datum_deelnemers | G | WG
        overleg_besluiten | Z* S* | WG
        dataclock_eerste_verwerking | G | -
    """,
    "G21": """
        toestemming | Z* | BG
        weigering | Z* | BG
        wilsbekwaamheid_oordeel | Z | BG
        informatie_gegeven | G | WG
        rechtenverzoek | G | WG
        bezwaar_of_beperking | G | -
        verstrekking_zonder_toestemming | Z* | BG/WV
        log_inzage_overzicht | G | -
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


@dataclass(frozen=True)
class Field:
    """One row of the catalogue."""

    key: str
    group: str
    categories: frozenset[str]
    secrecy: str


def _rows() -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for group, table in GROUPS.items():
        for row in table.strip().splitlines():
            key, categories, secrecy = (cell.strip() for cell in row.split("|"))
            fields[key] = Field(key, group, frozenset(categories.split()), secrecy)
    return fields


FIELDS: dict[str, Field] = _rows()
CARE_KINDS = frozenset({"ggz", "geneesheer_directeur", "verslavingszorg", "vg_lvb"})
INSURERS = frozenset({"zorgverzekeraar", "zorgkantoor"})
