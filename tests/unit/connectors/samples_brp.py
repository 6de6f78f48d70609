"""Answers of the BRP of our own, for the format tests: one person with all that may come along."""

import copy
from typing import Any

from connectors import table
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples

BRP = "application/vnd.hub.brp-personen+json"
DAY: dict[str, Any] = {"type": "Datum", "datum": "1990-05-17", "langFormaat": "17 mei 1990"}
OTHER: dict[str, Any] = {
    "burgerservicenummer": samples.OTHER_BSN,
    "naam": {"voornamen": "ANDERS", "geslachtsnaam": "ANDERMAN"},
    "geboorte": {"datum": {**DAY, "datum": "2015-01-01"}},
}

PERSON: dict[str, Any] = {
    "aNummer": "1234567890",
    "burgerservicenummer": samples.BSN,
    "geslacht": {"code": "V", "omschrijving": "vrouw"},
    "leeftijd": 36,
    "naam": {
        "voornamen": "Robin Sam",
        "voorvoegsel": "van",
        "geslachtsnaam": "Voorbeeld",
        "voorletters": "R.S.",
        "volledigeNaam": "Robin Sam van Voorbeeld",
        "aanduidingNaamgebruik": {"code": "E", "omschrijving": "eigen"},
    },
    "geboorte": {
        "datum": DAY,
        "land": {"code": "9999", "omschrijving": "GEBOORTELAND"},
        "plaats": {"omschrijving": "GEBOORTEPLAATS"},
    },
    "nationaliteiten": [{"type": "Nationaliteit", "nationaliteit": {"omschrijving": "NATIONALITEIT"}}],
    "verblijfstitel": {"aanduiding": {"omschrijving": "VERBLIJFSTITEL"}},
    "immigratie": {"landVanwaarIngeschreven": {"omschrijving": "VORIGLAND"}},
    "europeesKiesrecht": {"aanduiding": {"code": "2"}},
    "uitsluitingKiesrecht": {"uitgeslotenVanKiesrecht": True},
    "indicatieCurateleRegister": True,
    "gemeenteVanInschrijving": {"code": "9999", "omschrijving": "Testgemeente"},
    "datumInschrijvingInGemeente": DAY,
    "verblijfplaats": {
        "type": "Adres",
        "functieAdres": {"code": "W", "omschrijving": "woonadres"},
        "datumVan": {"type": "JaarMaandDatum", "jaar": 2021, "maand": 3},
        "adresseerbaarObjectIdentificatie": "9999010000000001",
        "verblijfadres": {
            "officieleStraatnaam": "Proefstraat",
            "korteStraatnaam": "Proefstr",
            "huisnummer": 12,
            "huisletter": "a",
            "huisnummertoevoeging": "bis",
            "aanduidingBijHuisnummer": {"code": "to", "omschrijving": "tegenover"},
            "postcode": "9999ZZ",
            "woonplaats": "Testdorp",
        },
    },
    "adressering": {"aanhef": "Geachte", "adresregel1": "Proefstraat 12", "adresregel2": "9999 ZZ TESTDORP"},
    "partners": [{**OTHER, "soortVerbintenis": {"code": "H"}}],
    "kinderen": [OTHER],
    "ouders": [OTHER],
    "gezag": [{"type": "EenhoofdigOuderlijkGezag", "ouder": OTHER}],
}

ASKED = sorted(PERSON)
ANSWER: dict[str, Any] = {"type": "RaadpleegMetBurgerservicenummer", "fields": ASKED, "personen": [PERSON]}


def changed(fields: list[str] | None = None, without: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    """The answer with other or fewer elements of the person; `fields`: what was asked (else all)."""
    person = {**{k: v for k, v in copy.deepcopy(PERSON).items() if k not in without}, **changes}
    return {"type": "RaadpleegMetBurgerservicenummer", "fields": fields or ASKED, "personen": [person]}


def read(document: Any = ANSWER, kind: PartnerKind = PartnerKind.COLLEGE) -> Parsed:
    """An answer, parsed."""
    return table.parse(BRP, samples.text(document), samples.context(kind))


ALL = (
    ANSWER,
    changed(["naam", "verblijfplaats.verblijfadres.postcode", "gemeenteVanInschrijving"]),
    changed(
        geheimhoudingPersoonsgegevens=True,
        inOnderzoek={"burgerservicenummer": True, "geslacht": True},
        verblijfplaats={"type": "VerblijfplaatsOnbekend", "datumVan": {"type": "DatumOnbekend", "onbekend": True}},
    ),
    changed(
        geboorte={"datum": {"type": "JaarDatum", "jaar": 1990}},
        opschortingBijhouding={"reden": {"code": "E"}},
        verblijfplaats={
            "type": "VerblijfplaatsBuitenland",
            "verblijfadres": {"regel1": "Rue 1", "land": {"omschrijving": "Frankrijk"}},
        },
    ),
)
