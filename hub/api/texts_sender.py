"""The same sentences towards who sends: they speak of the receiver, in place of "uw organisatie". Plain Dutch (B1)."""

from hub.api import texts

_SENTENCES: dict[str, str] = {
    "E_DOEL": "De ontvanger mag voor dit doel geen gegevens krijgen.",
    "E_NIET_BETROKKEN": "De ontvanger is niet betrokken bij deze casus.",
    "E_GEEN_VERKLARING": "Er is geen geldige geheimhoudingsverklaring van de ontvanger.",
    "E_NOOIT": "Dit gegeven is nooit voor de ontvanger.",
    "E_BSN": "De ontvanger mag het burgerservicenummer niet krijgen.",
    "E_TOESTEMMING": "Er is geen geldige toestemming voor de ontvanger en dit doel.",
    "E_GRONDSLAG": "Er is geen geldige wettelijke reden vastgelegd voor de ontvanger en dit doel.",
    "E_GEBRUIKER": "U bent niet (meer) bevoegd verklaard om gegevens te sturen.",
    "E_PLAFOND": "Dit soort gegeven is niet voor zo'n ontvanger.",
    "E_GEEN_SAMENVATTING": "De ontvanger mag alleen een samenvatting zien, en die is er niet.",
    "E_VERPLICHTING": "Het systeem van de ontvanger kan een plicht die hierbij hoort niet uitvoeren.",
    "E_NIET_BESCHIKBAAR": "Dit gegeven is voor de ontvanger niet beschikbaar.",
}
_OPENS: dict[str, str] = {
    "eigen": "de ontvanger levert het zelf aan",
    "wgs": "de publieke deelnemers betrekken de ontvanger bij de casus (Wgs)",
    "457.2": "de ontvanger is rechtstreeks betrokken bij dezelfde behandeling (7:457 lid 2 BW)",
    "toest": "de betrokkene geeft toestemming voor de ontvanger en dit doel",
    "wvggz": "een artikel van de Wet verplichte ggz draagt de bron op het de ontvanger te geven",
    "wzd": "een artikel van de Wet zorg en dwang draagt de bron op het de ontvanger te geven",
    "derde": "een publieke deelnemer of de procesregisseur verstrekt het als er een grondslag is (Bgs 2.21)",
    "huur": "de huurovereenkomst van de ontvanger met de betrokkene is vastgelegd",
    "wmo": "de gemeente legt de opdracht van de ontvanger onder de Wmo vast",
    "zv01": "het is nodig voor de betaling van zorg aan de verzekerde van de ontvanger",
    "basis": "er wordt een wettelijke reden vastgelegd voor de ontvanger en dit doel",
}
_DUTIES: dict[str, str] = {
    "inform_betrokkene": "De betrokkene wordt binnen een maand verteld dat de ontvanger dit heeft gekregen (AVG 14).",
    "note_in_dossier": "De ontvanger legt dit binnen een dag vast in het dossier.",
    "no_export": "De ontvanger mag dit niet als bestand bewaren.",
    "watermark": "De ontvanger toont dit alleen met een watermerk.",
    "feedback_due": "De ontvanger meldt binnen een jaar wat hij ermee heeft gedaan (Wgs 1.7 lid 4).",
    "via_provider": "De ontvanger bespreekt dit met de zorgverlener.",
    "expires_at": "De ontvanger verwijdert deze velden uiterlijk op dit tijdstip.",
}


def sentence(code: str) -> str:
    """The sentence of a reason code."""
    return _SENTENCES.get(code) or texts.sentence(code)


def duty(type_: str) -> str:
    """What a duty asks."""
    return _DUTIES.get(type_) or texts.DUTIES[type_]


def opening(word: str) -> str:
    """In words what would open a field for the receiver; `+` joins what must both hold."""
    return " en ".join(_one(part) for part in word.split("+"))


def _one(word: str) -> str:
    family = next((name for name in ("wv", "wz") if word.startswith(name)), None)
    if word not in _OPENS and family is not None:
        return _OPENS["wvggz" if family == "wv" else "wzd"]
    return _OPENS.get(word) or texts.opening(word)
