"""What is asked of who carries out an obligation. Plain Dutch (B1)."""

_TASKS: dict[str, str] = {
    "notify_zv": "U bent de zorgverantwoordelijke. Over uw cliënt is iets gedeeld zonder toestemming (Wvggz 8:29 lid 2).",
    "notify_bron": "Gegevens van u zijn vrijgegeven.",
    "inform_betrokkene": "Vertel de betrokkene dat deze partner gegevens over hem kreeg (AVG 14).",
    "review_fg": "Toets of deze noodsituatie terecht was.",
    "note_in_dossier": "Leg in uw dossier vast dat deze gegevens in een noodsituatie zijn vrijgegeven.",
    "second_approval": "Een tweede professional bevestigt de noodsituatie zelf (tweede-professionals).",
    "feedback_due": "Meld wat u met de gegevens hebt gedaan en of het hielp (Wgs 1.7 lid 4).",
    "via_provider": "Bespreek deze gegevens met de betrokkene.",
    "expires_at": "Verwijder deze velden.",
    "noodverzoek": "Deze partner vraagt u om een noodsituatie vast te leggen. Beslis meteen en bel terug.",
    "terugmelding": "Lees wat de ontvanger met de gegevens heeft gedaan.",
}


def task(type_: str) -> str:
    """What is asked."""
    return _TASKS[type_]
