"""The sentences that people read: one a reason code, one a ground that could open a field. Plain Dutch (B1)."""

SENTENCES: dict[str, str] = {
    "E_FASE": "In deze fase van de casus mag dit nog niet, of niet meer.",
    "E_DOEL": "Uw organisatie mag voor dit doel geen gegevens vragen.",
    "E_REGIME": "De reden die is vastgelegd geldt niet in het regime van deze casus.",
    "E_NIET_BETROKKEN": "Uw organisatie is niet betrokken bij deze casus.",
    "E_DERDE_GEEN_TOEGANG": "Een derde kijkt niet zelf in de casus. Een deelnemer kan u iets toesturen.",
    "E_GEEN_VERKLARING": "Er is geen geldige geheimhoudingsverklaring van uw organisatie.",
    "E_BEROEPSGEHEIM": "Op dit gegeven rust een beroepsgeheim.",
    "E_WEIGERING": "De betrokkene heeft dit geweigerd.",
    "E_NOOIT": "Dit gegeven is nooit voor uw organisatie.",
    "E_WPG": "Bij dit politiegegeven hoort een besluit tot verstrekking. Dat ontbreekt of past niet.",
    "E_WJSG": "Bij dit justitiegegeven hoort een besluit tot verstrekking. Dat ontbreekt of past niet.",
    "E_BSN": "Uw organisatie mag het burgerservicenummer niet krijgen.",
    "E_HIT": "Deze vraag mag alleen een publieke deelnemer stellen.",
    "E_829": "De uitwisseling onder de Wet verplichte ggz past hier niet.",
    "E_18C": "De uitwisseling onder de Wet zorg en dwang past hier niet.",
    "E_VITAAL": "Vitaal belang geldt alleen als de persoon niet zelf kan toestemmen.",
    "E_NOOD": "De noodsituatie is niet geldig vastgelegd, of is voorbij.",
    "E_TOESTEMMING": "Er is geen geldige toestemming voor uw organisatie en dit doel.",
    "E_GRONDSLAG": "Er is geen geldige wettelijke reden vastgelegd voor uw organisatie en dit doel.",
    "E_15A": "Voor inzage tussen zorgaanbieders is aparte toestemming nodig.",
    "E_BRON": "De bron heeft hier een voorwaarde aan gesteld.",
    "E_BEPERKT": "Dit gegeven is tijdelijk afgeschermd of betwist.",
    "E_TERMIJN": "De bewaartermijn is voorbij, of de casus is gesloten.",
    "E_GEBRUIKER": "U bent niet (meer) bevoegd verklaard om gegevens te zien.",
    "E_EXPORT": "Uw organisatie mag dit niet als bestand krijgen.",
    "E_MELDER": "Wie gemeld heeft, blijft geheim.",
    "E_KRING": "Dit gaat over iemand anders dan de betrokkene of zijn naaste kring.",
    "E_LEEFTIJD": "De betrokkene moet 18 jaar of ouder zijn.",
    "E_BELEID": "Het beleid is niet goedgekeurd.",
    "E_VELD": "Dit veld bestaat niet.",
    "E_GEEN_GEGEVEN": "Er is geen gegeven.",
    "E_NIET_NODIG": "Voor dit doel is dit gegeven niet nodig.",
    "E_PLAFOND": "Dit soort gegeven is niet voor uw soort organisatie.",
    "E_GEEN_SAMENVATTING": "U mag alleen een samenvatting zien, en die is er niet.",
    "E_AANTAL": "De groep is te klein om cijfers te geven.",
    "E_VERPLICHTING": "Uw systeem kan een plicht die hierbij hoort niet uitvoeren.",
    "E_INVOER": "Er ontbreekt iets dat nodig is om te beslissen.",
    "E_AFZENDER": "Uw organisatie mag dit niet naar deze ontvanger sturen.",
    "E_NIET_BESCHIKBAAR": "Dit gegeven is voor u niet beschikbaar.",
}

OPENS: dict[str, str] = {
    "eigen": "uw organisatie levert het zelf aan",
    "wgs": "de publieke deelnemers betrekken uw organisatie bij de casus (Wgs)",
    "457.2": "uw organisatie is rechtstreeks betrokken bij dezelfde behandeling (7:457 lid 2 BW)",
    "toest": "de betrokkene geeft toestemming voor uw organisatie en dit doel",
    "wvggz": "een artikel van de Wet verplichte ggz draagt de bron op het u te geven",
    "wzd": "een artikel van de Wet zorg en dwang draagt de bron op het u te geven",
    "wpg": "de politie verstrekt het op grond van de Wet politiegegevens",
    "wjsg": "justitie verstrekt het op grond van de Wjsg",
    "derde": "een deelnemer verstrekt het aan u als derde (Bgs 2.21)",
    "huur": "uw huurovereenkomst met de betrokkene is vastgelegd",
    "wmo": "de gemeente legt uw opdracht onder de Wmo vast",
    "zv01": "het is nodig voor de betaling van zorg aan uw verzekerde",
    "cvp": "de bron legt een noodsituatie vast (conflict van plichten)",
    "vitaal": "een zorgaanbieder legt een noodsituatie vast (vitaal belang)",
    "basis": "er wordt een wettelijke reden vastgelegd voor uw organisatie en dit doel",
}

DUTIES: dict[str, str] = {
    "log_dataverwerking": "De hub legt deze verwerking vast.",
    "log_nen7513": "De hub legt deze inzage vast volgens NEN 7513.",
    "notify_zv": "De zorgverantwoordelijke krijgt bericht (Wvggz 8:29 lid 2).",
    "notify_bron": "De bron krijgt bericht.",
    "inform_betrokkene": "De betrokkene wordt binnen een maand verteld dat u dit hebt gekregen (AVG 14).",
    "review_fg": "De functionaris gegevensbescherming kijkt dit binnen een dag na.",
    "note_in_dossier": "Leg dit binnen een dag vast in het dossier.",
    "second_approval": "Een tweede professional moet dit binnen een dag bevestigen.",
    "no_export": "U mag dit niet als bestand bewaren.",
    "watermark": "Toon dit alleen met een watermerk.",
    "feedback_due": "Meld binnen een jaar wat u ermee hebt gedaan (Wgs 1.7 lid 4).",
    "via_provider": "Bespreek dit met de zorgverlener.",
    "expires_at": "Verwijder deze velden uiterlijk op dit tijdstip.",
}


def sentence(code: str) -> str:
    """The sentence of a reason code."""
    return SENTENCES.get(code, "Dit gegeven is voor u niet beschikbaar.")


def opening(word: str) -> str:
    """In words what would open a field: for one ground word, or several joined by `+` that must all hold."""
    return " en ".join(_one(part) for part in word.split("+"))


def _one(word: str) -> str:
    if word in OPENS:
        return OPENS[word]
    family = next((name for name in ("wpg", "wjsg") if word.startswith(name)), None)
    if family:
        return OPENS[family]
    if word.startswith("wv"):
        return OPENS["wvggz"]
    if word.startswith("wz"):
        return OPENS["wzd"]
    return OPENS["basis"]


BASES: dict[str, str] = {
    "wgs": "Wet gegevensverwerking door samenwerkingsverbanden",
    "derde": "verstrekking aan een derde (Wgs 2.31 lid 9 tot en met 11)",
    "huur": "huurovereenkomst (AVG 6 lid 1 onder b)",
    "wmo": "opdracht onder de Wmo 2015 (5.2.1)",
    "zv01": "Zorgverzekeringswet 87",
    "avg15": "recht op inzage (AVG 15)",
    "toezicht": "toezicht (AVG 38, 39, 58)",
    "wg27": "jaarverslag (Wgs 1.12)",
    "avg6a": "toestemming (AVG 6 lid 1 onder a)",
    "avg6b": "overeenkomst (AVG 6 lid 1 onder b)",
    "avg6c": "wettelijke plicht (AVG 6 lid 1 onder c)",
    "avg6e": "taak van algemeen belang (AVG 6 lid 1 onder e)",
    "avg6f": "gerechtvaardigd belang (AVG 6 lid 1 onder f)",
}
"""Legal bases in words; the others are named by their law."""


def basis(kind: str) -> str:
    """A legal basis in words."""
    if kind in BASES:
        return BASES[kind]
    families = (("wpg", "Wet politiegegevens"), ("wjsg", "Wet justitiële en strafvorderlijke gegevens"),
                ("wv", "Wet verplichte ggz"), ("wz", "Wet zorg en dwang"), ("uavg", "Uitvoeringswet AVG"))  # fmt: skip
    return next((f"{law} ({kind})" for start, law in families if kind.startswith(start)), kind)
