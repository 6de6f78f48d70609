"""The stored form of the BRP mock's test persons, as the answer that its interface gives of them."""

from typing import Any

Stored = dict[str, Any]
_KEPT = (
    "aNummer", "burgerservicenummer", "geslacht", "nationaliteiten", "gemeenteVanInschrijving", "overlijden", "partners",
    "kinderen", "ouders", "gezag", "verblijfstitel", "immigratie", "rni", "verificatie", "indicatieCurateleRegister",
)  # fmt: skip
_LINES = ("regel1", "regel2", "regel3", "locatiebeschrijving")
_PARTS = ("huisletter", "huisnummertoevoeging", "aanduidingBijHuisnummer", "postcode", "woonplaats", *_LINES, "land")


def answer(stored: Stored) -> Stored:
    """What the interface answers of one stored person."""
    person = {key: stored[key] for key in _KEPT if key in stored}
    person["naam"] = {**stored["naam"]}
    person["geboorte"] = {**stored["geboorte"], "datum": date(stored["geboorte"]["datum"])}
    if stored.get("geheimhoudingPersoonsgegevens", "0") != "0":
        person["geheimhoudingPersoonsgegevens"] = True
    if "opschortingBijhouding" in stored:
        person["opschortingBijhouding"] = {"reden": stored["opschortingBijhouding"]["reden"]}
    if "persoonInOnderzoek" in stored:
        person["inOnderzoek"] = {"burgerservicenummer": True}
    person["verblijfplaats"] = _home(stored["verblijfplaats"])
    return {"type": "RaadpleegMetBurgerservicenummer", "fields": sorted(person), "personen": [person]}


def date(text: str) -> Stored:
    """`YYYYMMDD`, of which the last parts may be zeros."""
    year, month, day = text[:4], text[4:6], text[6:]
    if day != "00":
        return {"type": "Datum", "datum": f"{year}-{month}-{day}"}
    if month != "00":
        return {"type": "JaarMaandDatum", "jaar": int(year), "maand": int(month)}
    known: Stored = {"type": "JaarDatum", "jaar": int(year)}
    return known if year != "0000" else {"type": "DatumOnbekend", "onbekend": True}


def _home(stored: Stored) -> Stored:
    parts = {name: stored[name] for name in _PARTS if name in stored}
    if "straat" in stored:
        parts["korteStraatnaam"] = stored["straat"]
    if "huisnummer" in stored:
        parts["huisnummer"] = int(stored["huisnummer"])
    home: Stored = {"type": _kind(stored), **({"verblijfadres": parts} if parts else {})}
    home.update({name: stored[name] for name in ("functieAdres", "nummeraanduidingIdentificatie") if name in stored})
    since = stored.get("datumAanvangAdreshouding") or stored.get("datumAanvangAdresBuitenland")
    if since:
        home["datumVan"] = date(since)
    if "inOnderzoek" in stored:
        home["inOnderzoek"] = {"functieAdres": True, "datumVan": True}
    return home


def _kind(stored: Stored) -> str:
    if "land" in stored:
        return "VerblijfplaatsBuitenland" if stored["land"]["code"] != "0000" else "VerblijfplaatsOnbekend"
    return "Locatie" if "locatiebeschrijving" in stored else "Adres"
