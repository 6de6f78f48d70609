"""Why an item of a document is not taken in: stable codes, and the Dutch sentence that a door shows with each."""

from enum import StrEnum


class Reason(StrEnum):
    """The code in `NotTaken.reason`."""

    NOT_USED = "soort-niet-in-gebruik"
    NO_FIELD = "geen-veld"
    FIELD_MISMATCH = "veld-past-niet"
    EMPTY = "leeg"
    MISTAKEN = "foutief-ingevoerd"
    REFUTED = "weerlegd"
    NOT_CURRENT = "niet-actueel"
    NOT_SETTLED = "niet-vastgesteld"
    NOT_IN_HUB = "hoort-niet-in-de-hub"
    ATTACHMENT = "bijlage"
    REFERRED_TO = "hoort-bij-ander-onderdeel"
    CIRCLE = "buiten-directe-kring"
    OTHER_PERSON = "gaat-over-een-ander"
    OTHER_CAPACITY = "andere-hoedanigheid"
    NO_TEXT = "geen-tekst-van-de-bron"
    CONTRADICTION = "meer-dan-een-waarde"
    SUMMARY_WITHOUT_FIELD = "samenvatting-zonder-veld"
    UNKNOWN_MODIFIER = "onbekende-wijziging-van-betekenis"
    NOT_A_PERSON = "onderwerp-geen-persoon"
    WHOSE = "onbekend-van-wie"
    NOT_ASKED = "niet-gevraagd"
    IN_DOUBT = "in-onderzoek"
    REMOVAL = "verwijderopdracht"
    BUNDLE_KIND = "soort-bundel"
    CONSENT_OTHER_SCOPE = "geen-toestemming-voor-delen"
    CONSENT_STATUS = "toestemming-niet-vastgesteld"
    CONSENT_TYPE = "ja-of-nee-onbekend"
    CONSENT_RECEIVER = "ontvanger-onbekend"
    CONSENT_PURPOSE = "doel-onbekend"
    CONSENT_GROUP = "gegevens-onbekend"
    CONSENT_CONDITION = "voorwaarde-niet-uit-te-drukken"
    CONSENT_DATE = "datum-onnauwkeurig"
    CONSENT_GIVER = "niet-door-de-persoon-gegeven"
    CONSENT_DEPTH = "te-diep-genest"
    # What the casework finds, once a document was read.
    NOT_OF_SOURCE = "niet-van-deze-bron"
    OWN = "maakt-de-hub-zelf"
    NOT_BY_TREATING = "toestemming-niet-door-behandelaar"


SENTENCES: dict[Reason, str] = {
    Reason.NOT_USED: "De hub neemt dit soort gegevens niet op.",
    Reason.NO_FIELD: "De hub heeft hiervoor geen veld, of de code zegt niet welk veld het is.",
    Reason.FIELD_MISMATCH: "Dit soort gegevens kan het genoemde veld niet vullen.",
    Reason.EMPTY: "Hier staat geen waarde in.",
    Reason.MISTAKEN: "De bron heeft dit zelf als fout of geannuleerd gemerkt.",
    Reason.REFUTED: "De bron zegt dat dit niet zo is.",
    Reason.NOT_CURRENT: "Dit geldt niet meer.",
    Reason.NOT_SETTLED: "Dit is een voorstel of concept, nog niet vastgesteld.",
    Reason.NOT_IN_HUB: "Dit soort gegevens mag niet in de hub.",
    Reason.ATTACHMENT: "De hub bewaart geen bijlagen.",
    Reason.REFERRED_TO: "Dit vult een ander onderdeel aan en is geen gegeven op zichzelf.",
    Reason.CIRCLE: "Dit gaat over iemand buiten het gezin en de directe kring.",
    Reason.OTHER_PERSON: "Dit gaat over iemand anders dan de betrokkene.",
    Reason.OTHER_CAPACITY: "De betrokkene is hierin slachtoffer, getuige of melder. Het voorval zelf neemt de hub dan niet op.",
    Reason.NO_TEXT: "Dit veld vraagt tekst die de bron voor lezers schreef, en die ontbreekt.",
    Reason.CONTRADICTION: "Voor dit veld staan er verschillende waarden in het document.",
    Reason.SUMMARY_WITHOUT_FIELD: "De samenvatting zegt niet bij welk veld zij hoort.",
    Reason.UNKNOWN_MODIFIER: "Een onbekende toevoeging kan de betekenis veranderen.",
    Reason.NOT_A_PERSON: "Dit gaat niet over een persoon.",
    Reason.WHOSE: "Er staat niet dat dit over de persoon van de casus gaat.",
    Reason.NOT_ASKED: "Hier is niet om gevraagd. De hub bewaart het niet.",
    Reason.IN_DOUBT: "De bron onderzoekt nog of dit klopt.",
    Reason.REMOVAL: "Met een levering haalt u niets weg. Daarvoor is een eigen opdracht.",
    Reason.BUNDLE_KIND: "Dit soort bundel is geen levering.",
    Reason.CONSENT_OTHER_SCOPE: "Dit is geen toestemming of weigering voor het delen van gegevens.",
    Reason.CONSENT_STATUS: "Deze toestemming is niet vastgesteld.",
    Reason.CONSENT_TYPE: "Er staat niet of het ja of nee is.",
    Reason.CONSENT_RECEIVER: "De ontvanger is geen partner die de hub kent.",
    Reason.CONSENT_PURPOSE: "Het doel is geen doel van de hub.",
    Reason.CONSENT_GROUP: "Er staat niet om welke gegevens van de hub het gaat.",
    Reason.CONSENT_CONDITION: "Er hoort een voorwaarde bij die de hub niet kan vastleggen.",
    Reason.CONSENT_DATE: "De datum ontbreekt of is niet precies genoeg.",
    Reason.CONSENT_GIVER: "Deze toestemming is niet door de persoon of zijn vertegenwoordiger gegeven.",
    Reason.CONSENT_DEPTH: "De bepalingen zijn te diep genest.",
    Reason.NOT_OF_SOURCE: "Dit veld levert uw organisatie niet aan.",
    Reason.OWN: "Dit veld maakt de hub zelf, uit wat er is vastgelegd. Niemand levert het aan.",
    Reason.NOT_BY_TREATING: "Alleen een behandelaar legt een toestemming of weigering vast.",
}


def sentence_of(code: str) -> str:
    """The sentence of a code, also of one that is kept from an earlier release."""
    try:
        return SENTENCES[Reason(code)]
    except ValueError:
        return "Dit is niet opgenomen."
