"""What the sources of the demonstration region write: made up by a seed, about nobody."""

import random
from typing import Any

from hub.model.bsn import elfproef

_FAMILY = ("Aardema", "Boskamp", "Dijkhuis", "Elzinga", "Feringa", "Groothuis", "Hazenberg", "Ijsbrandy", "Jonkvorst",
           "Kuiperij", "Lindeboom", "Meerstra", "Noordhof", "Oosterveen")  # fmt: skip
_SAM: dict[str, str] = {
    "bejegeningsadvies": "Spreek rustig, noem uw naam, kom niet te dichtbij. Eén persoon voert het woord.",
    "crisiscontact_24_7": "Crisisdienst GGZ, dag en nacht bereikbaar: 088 000 00 00.",
    "crisisplan_kort": "Helpt: rust en een bekende stem. Maakt erger: meer dan twee mensen tegelijk. Bel de crisisdienst.",
    "zorgcontact_status": "In contact, iedere week.",
    "politie_mutaties_samenvatting": "Zes meldingen in twaalf maanden: vier overlast, twee bedreiging.",
    "politie_gevaarsindicatie": "Verzet bij aanhouding, geen wapens.",
    "veiligheidsafspraak": "Huisbezoek met twee mensen. De wijkagent weet ervan.",
    "overlast_meldingen": "Vijf meldingen dit jaar, vooral geluid in de nacht.",
    "stoornis_criterium": "Aanwezig.",
    "risico_uitkomstklasse": "Geweld naar anderen: matig. Zelfbeschadiging: laag.",
    "wvggz_titel": "Zorgmachtiging loopt.",
    "middelengebruik": "Gebruik van alcohol en speed, wisselend.",
    "depot_status": "Volgende depot op tijd gepland.",
}


def family_name(chance: random.Random) -> str:
    """A family name out of a list."""
    return chance.choice(_FAMILY)


def bsn(chance: random.Random) -> str:
    """A number of the test range 9999… that passes the elfproef."""
    while True:
        number = f"9999{chance.randrange(100_000):05d}"
        if elfproef(number):
            return number


def birth_date(chance: random.Random) -> str:
    """A date of birth of someone between 22 and 61 in 2026."""
    return f"{chance.randrange(1966, 2004)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"


def forms(field: str, chance: random.Random) -> dict[str, Any]:
    """Both forms of a field: the whole value, and what the source wrote for readers."""
    sam = _SAM.get(field, f"Kort: {field.replace('_', ' ')} is bekend en actueel.")
    return {"vol": {"tekst": f"{sam} (dossier {chance.randrange(1000, 9999)})", "actueel": True}, "sam": sam}
