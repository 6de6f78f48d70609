"""Documents of our own in ZGW and CORV: synthetic persons, BSNs of the 9999 range, written after the schemas."""

import copy
from typing import Any

from tests.unit.connectors import samples
from tests.unit.connectors.samples import BSN, OTHER_BSN, Resource

ZGW, CORV, CORV_SUPPLY = (
    "application/vnd.hub.zgw-zaak+json",
    "application/vnd.hub.corv+xml",
    "application/vnd.hub.corv+json",
)
BG_SPACE, STUF_SPACE = "http://www.egem.nl/StUF/sector/bg/0310", "http://www.egem.nl/StUF/StUF0301"
ZAKEN, CATALOGUE = "https://zaken.example.nl/api/v1", "https://catalogi.example.nl/api/v1"


def person_role(bsn: str = BSN, generic: str = "belanghebbende", **more: Any) -> Resource:
    """A role of a natural person."""
    return {
        "url": f"{ZAKEN}/rollen/1",
        "betrokkeneType": "natuurlijk_persoon",
        "roltype": f"{CATALOGUE}/roltypen/1",
        "omschrijving": "Belanghebbende",
        "omschrijvingGeneriek": generic,
        "roltoelichting": "TOELICHTING-ROL",
        "indicatieMachtiging": "",
        "contactpersoonRol": {
            "naam": "CONTACTPERSOON",
            "telefoonnummer": "0600000000",
            "emailadres": "",
            "functie": "",
        },
        "betrokkeneIdentificatie": {
            "inpBsn": bsn,
            "anpIdentificatie": "",
            "inpA_nummer": "A-NUMMER",
            "geslachtsnaam": "Voorbeeld",
            "voorvoegselGeslachtsnaam": "van",
            "voorletters": "J.",
            "voornamen": "Jan",
            "geslachtsaanduiding": "m",
            "geboortedatum": "1990-05-17",
            "verblijfsadres": {
                "aoaIdentificatie": "",
                "wplWoonplaatsNaam": "Ons Dorp",
                "gorOpenbareRuimteNaam": "Dorpsstraat",
                "aoaPostcode": "1234AB",
                "aoaHuisnummer": 12,
                "aoaHuisletter": "A",
                "aoaHuisnummertoevoeging": "2",
                "inpLocatiebeschrijving": "",
            },
            "subVerblijfBuitenland": None,
        },
        **more,
    }


def office_role(name: str, called: str, **more: Any) -> Resource:
    """A role of an office."""
    return {
        "betrokkeneType": "organisatorische_eenheid",
        "omschrijving": called,
        "omschrijvingGeneriek": "zaakcoordinator",
        "betrokkeneIdentificatie": {"identificatie": "OE-1", "naam": name, "isGehuisvestIn": ""},
        **more,
    }


WORKER: Resource = {
    "betrokkeneType": "medewerker",
    "omschrijvingGeneriek": "behandelaar",
    "betrokkeneIdentificatie": {"identificatie": "m-1", "achternaam": "MEDEWERKER", "voorletters": "X."},
}

ZAAK: Resource = {
    "url": f"{ZAKEN}/zaken/1",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "identificatie": "ZAAK-2026-0001",
    "bronorganisatie": "000000000",
    "omschrijving": "OMSCHRIJVING VAN DE ZAAK",
    "toelichting": "TOELICHTING-ZAAK",
    "zaaktype": f"{CATALOGUE}/zaaktypen/1",
    "registratiedatum": "2026-11-01",
    "startdatum": "2026-11-02",
    "einddatum": None,
    "einddatumGepland": "2027-05-01",
    "vertrouwelijkheidaanduiding": "zeer_geheim",
    "rollen": [f"{ZAKEN}/rollen/1"],
    "status": f"{ZAKEN}/statussen/1",
    "zaakinformatieobjecten": [f"{ZAKEN}/zaakinformatieobjecten/1"],
    "kenmerken": [{"kenmerk": "schuldhulp_status", "bron": "hub-veld"}, {"kenmerk": "K-1", "bron": "elders"}],
    "_expand": {
        "zaaktype": {"omschrijving": "Schuldhulpverlening", "doel": "DOEL"},
        "status": {
            "datumStatusGezet": "2026-12-01T09:00:00.000000Z",
            "statustoelichting": "TOELICHTING-STATUS",
            "indicatieLaatstGezetteStatus": True,
            "_expand": {"statustype": {"omschrijving": "Traject gestart"}},
        },
        "resultaat": {
            "toelichting": "TOELICHTING-RESULTAAT",
            "_expand": {"resultaattype": {"omschrijving": "Toegekend"}},
        },
        "eigenschappen": [
            {"eigenschap": f"{CATALOGUE}/eigenschappen/1", "naam": "hub-samenvatting", "waarde": "Zit in een traject."}
        ],
        "rollen": [
            person_role(),
            person_role(OTHER_BSN, "initiator"),
            WORKER,
            office_role("Team Schulden", "Casusregisseur"),
        ],
    },
}
PAGE: Resource = {"count": 1, "next": None, "previous": None, "results": [ZAAK]}


def zaak(**changes: Any) -> Resource:
    """The zaak, with some of its members replaced."""
    return {**copy.deepcopy(ZAAK), **changes}


def expanded(**changes: Any) -> Resource:
    """The zaak, with some of what `expand` adds replaced."""
    found = copy.deepcopy(ZAAK)
    found["_expand"].update(changes)
    return found


_SPACES = (
    'xmlns="http://www.stufstandaarden.nl/koppelvlak/jz0100" xmlns:StUF="http://www.egem.nl/StUF/StUF0301" '
    'xmlns:BG="http://www.egem.nl/StUF/sector/bg/0310" xmlns:ZKN="http://www.egem.nl/StUF/sector/zkn/0310" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def message(name: str, content: str, sender: str = "Organisatie A", cross: str = "") -> str:
    """A CORV message around its content."""
    system = "<StUF:organisatie>{}</StUF:organisatie><StUF:applicatie>APP</StUF:applicatie>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} {_SPACES}><stuurgegevens>'
        f"<StUF:berichtcode>Di01</StUF:berichtcode><StUF:zender>{system.format(sender)}</StUF:zender>"
        f"<StUF:ontvanger>{system.format('Ontvanger B')}</StUF:ontvanger>"
        f"<StUF:referentienummer>REF-1</StUF:referentienummer><StUF:tijdstipBericht>20270109120000</StUF:tijdstipBericht>"
        f"{cross}<StUF:functie>{name}</StUF:functie></stuurgegevens>{content}</{name}>"
    )


def office(name: str, element: str, kind: str, prefix: str = "ZKN:") -> str:
    """An organisation in a message."""
    return (
        f'<{prefix}{element} StUF:entiteittype="{kind}"><ZKN:gerelateerde StUF:entiteittype="BTR">'
        f'<ZKN:organisatorischeEenheid StUF:entiteittype="OEH"><ZKN:identificatie>OE-1</ZKN:identificatie>'
        f'<ZKN:naam>{name}</ZKN:naam><ZKN:heeftAlsContactpersoon StUF:entiteittype="OEHMDWCPR">'
        f'<ZKN:gerelateerde StUF:entiteittype="MDW"><ZKN:telefoonnummer>0611111111</ZKN:telefoonnummer>'
        f"<ZKN:naam>CONTACTPERSOON</ZKN:naam></ZKN:gerelateerde></ZKN:heeftAlsContactpersoon>"
        f"</ZKN:organisatorischeEenheid></ZKN:gerelateerde></{prefix}{element}>"
    )


INITIATOR = office("Reclassering Oost", "heeftAlsInitiator", "ZAKBTRINI")
EXECUTOR = office("Zorg- en Veiligheidshuis", "heeftAlsUitvoerende", "ZAKBTRUTV")
NAME = (
    "<BG:geslachtsnaam>Voorbeeld</BG:geslachtsnaam><BG:voorvoegselGeslachtsnaam>van</BG:voorvoegselGeslachtsnaam>"
    "<BG:voornamen>Jan</BG:voornamen>"
)
BORN = "<BG:geboortedatum>19900517</BG:geboortedatum>"
INLAND = (
    "<BG:wpl.woonplaatsNaam>Ons Dorp</BG:wpl.woonplaatsNaam><BG:gor.openbareRuimteNaam>Dorpsstraat"
    "</BG:gor.openbareRuimteNaam><BG:aoa.postcode>1234AB</BG:aoa.postcode><BG:aoa.huisnummer>12</BG:aoa.huisnummer>"
    "<BG:aoa.huisletter>A</BG:aoa.huisletter><BG:aoa.huisnummertoevoeging>2</BG:aoa.huisnummertoevoeging>"
)
ADDRESSES = (
    "<BG:adres><BG:soortadres>03</BG:soortadres><BG:nederlandsadres><BG:wpl.woonplaatsNaam>GBA-PLAATS"
    "</BG:wpl.woonplaatsNaam><BG:aoa.postcode>1234AB</BG:aoa.postcode></BG:nederlandsadres></BG:adres>"
    f"<BG:adres><BG:soortadres>02</BG:soortadres><BG:nederlandsadres>{INLAND}</BG:nederlandsadres></BG:adres>"
)
NATIONALITY = (
    '<BG:inp.heeftAlsNationaliteit StUF:entiteittype="NPSNAT"><BG:gerelateerde StUF:entiteittype="NAT"><BG:code>1</BG:code>'
    "<BG:omschrijving>NATIONALITEIT</BG:omschrijving></BG:gerelateerde></BG:inp.heeftAlsNationaliteit>"
)
INCIDENT = (
    '<kent StUF:entiteittype="ZOSINC"><gerelateerde StUF:entiteittype="INC"><datumTijd>20261231213000</datumTijd>'
    "<omschrijving>Ruzie op straat</omschrijving><locatieAanduiding>LOCATIE</locatieAanduiding></gerelateerde></kent>"
)


def melding(bsn: str = BSN, capacity: str = "001", kind: str = "ZVH", initiator: str = INITIATOR) -> str:
    """A Generieke Melding."""
    return message(
        "meldingGeneriekDi01",
        '<object StUF:entiteittype="ZAK"><ZKN:identificatie>PL-2026-1</ZKN:identificatie>'
        '<ZKN:heeftBetrekkingOp StUF:entiteittype="ZAKOBJ"><ZKN:gerelateerde StUF:entiteittype="OBJ">'
        f'<ZKN:natuurlijkPersoon StUF:entiteittype="NPS"><BG:inp.bsn>{bsn}</BG:inp.bsn>{NAME}'
        f"<BG:geslachtsaanduiding>M</BG:geslachtsaanduiding>{BORN}<BG:inp.geboorteLand>6030</BG:inp.geboorteLand>"
        "<BG:sub.telefoonnummer>0612345678</BG:sub.telefoonnummer><BG:sub.emailadres>jan@example.nl</BG:sub.emailadres>"
        f"{NATIONALITY}<BG:vreemdelingennummer>V-NUMMER</BG:vreemdelingennummer>{ADDRESSES}</ZKN:natuurlijkPersoon>"
        f"</ZKN:gerelateerde><ZKN:hoedanigheid>{capacity}</ZKN:hoedanigheid></ZKN:heeftBetrekkingOp>{initiator}{EXECUTOR}"
        '<ZKN:heeftAlsOverigBetrokkene StUF:entiteittype="ZAKBTROVR"><ZKN:gerelateerde StUF:entiteittype="BTR">'
        f'<ZKN:natuurlijkPersoon StUF:entiteittype="NPS"><BG:inp.bsn>{OTHER_BSN}</BG:inp.bsn>'
        "<BG:geslachtsaanduiding>V</BG:geslachtsaanduiding><BG:naam>MOEDER</BG:naam></ZKN:natuurlijkPersoon>"
        "</ZKN:gerelateerde><ZKN:betrokkenheidRelatie>027</ZKN:betrokkenheidRelatie></ZKN:heeftAlsOverigBetrokkene>"
        '<ZKN:betreft StUF:entiteittype="ZAKZOS"><ZKN:gerelateerde StUF:entiteittype="ZOS">'
        "<omschrijvingZorgelijkeSituatie>SITUATIE</omschrijvingZorgelijkeSituatie><vraagAntwoord>"
        "<vraagCode>ZVH-001</vraagCode><antwoord>ANTWOORD</antwoord></vraagAntwoord><leefgebied>"
        "<leefgebiedCode>06</leefgebiedCode><toelichting>Dreigt zijn woning kwijt te raken</toelichting></leefgebied>"
        f"<leefgebied><leefgebiedCode>01</leefgebiedCode></leefgebied>{INCIDENT}</ZKN:gerelateerde></ZKN:betreft>"
        f"<datumTijdMelding>20270108101500</datumTijdMelding><soortmeldingCode>{kind}</soortmeldingCode><redenMelding>"
        "<omschrijving>Loopt opnieuw vast</omschrijving></redenMelding><verzoekOmschrijving>VERZOEK</verzoekOmschrijving>"
        "<overigeInformatie><omschrijving>OVERIG</omschrijving></overigeInformatie></object>",
    )


def _there(bsn: str, role: str) -> str:
    return (
        f'<heeftBetrokken StUF:entiteittype="ZOSNPS"><gerelateerde StUF:entiteittype="NPS"><BG:inp.bsn>{bsn}</BG:inp.bsn>{NAME}'
        f"<BG:geslachtsaanduiding>M</BG:geslachtsaanduiding>{BORN}<BG:telefoonnummer>0612345678</BG:telefoonnummer>"
        "<BG:nationaliteit>NATIONALITEIT</BG:nationaliteit><BG:feitelijkVerblijfsadresBinnenland>"
        f"{INLAND}</BG:feitelijkVerblijfsadresBinnenland></gerelateerde><jeugzorgrol>{role}</jeugzorgrol></heeftBetrokken>"
    )


def vt_melding(*persons: tuple[str, str]) -> str:
    """A melding of the police to Veilig Thuis about `persons` (BSN, role)."""
    there = "".join(_there(*each) for each in persons or [(OTHER_BSN, "kind"), (BSN, "ouder met gezag")])
    return message(
        "vtMeldingDi01",
        '<object StUF:entiteittype="VTM"><identificatieVtMelding>PL-2026-2</identificatieVtMelding>'
        "<datumMelding>20270108</datumMelding><datumIncident>20270107</datumIncident>"
        "<locatieIncident>LOCATIE</locatieIncident><omschrijvingIncident>Ruzie thuis</omschrijvingIncident>"
        "<indicatieAgenderingAfstemmingsoverlegGewenst>Nee</indicatieAgenderingAfstemmingsoverlegGewenst>"
        "<contactgegevensVerdiepingOpInfo><naamContactpersoon>CONTACTPERSOON</naamContactpersoon>"
        "</contactgegevensVerdiepingOpInfo><indicatieSASHIngevuld>Nee</indicatieSASHIngevuld>"
        '<betreft StUF:entiteittype="VTMZOS"><gerelateerde StUF:entiteittype="ZOS">'
        "<omschrijvingZorgelijkeSituatie>SITUATIE</omschrijvingZorgelijkeSituatie>"
        "<relevanteRegistratie>Twee eerdere ruzies</relevanteRegistratie>"
        "<relevanteRegistratie>Een vernieling</relevanteRegistratie><bestaandeHulpverlening>HULP</bestaandeHulpverlening>"
        "<tijdelijkHuisverbod>Tien dagen</tijdelijkHuisverbod><aanhouding>AANHOUDING</aanhouding>"
        f"<eergerelateerdGeweld>EER</eergerelateerdGeweld>{there}</gerelateerde></betreft>"
        '<isIngediendDoor StUF:entiteittype="VTMBTR"><gerelateerde StUF:entiteittype="BTR"><ZKN:naam>Politie</ZKN:naam>'
        "</gerelateerde></isIngediendDoor></object>",
        sender="Politie Oost",
    )


CROSS = "<StUF:crossRefnummer>REF-0</StUF:crossRefnummer>"
SEARCHED = (
    '<ZKN:gerelateerde StUF:entiteittype="OBJ"><ZKN:natuurlijkPersoon StUF:entiteittype="NPS">'
    f"<BG:inp.bsn>{BSN}</BG:inp.bsn>{NAME}{BORN}</ZKN:natuurlijkPersoon></ZKN:gerelateerde>"
)
ASKER = office("Zorg- en Veiligheidshuis", "heeftAlsInitiator", "ZAKBTRINI", "")
ANSWERER = office("Reclassering Oost", "heeftAlsUitvoerende", "ZAKBTRUTV", "")
ATTACHMENT = (
    '<heeftRelevant StUF:entiteittype="ZAKEDC"><ZKN:gerelateerde StUF:entiteittype="EDC">'
    '<ZKN:inhoud StUF:bestandsnaam="a.pdf">QklKTEFHRQ==</ZKN:inhoud><ZKN:naam>BIJLAGE</ZKN:naam></ZKN:gerelateerde>'
    "</heeftRelevant>"
)


def question(name: str, asked: str = "") -> str:
    """A Check op Bekendheid (vcobDi01) or a Verzoek Casus Informatie (vciDi01)."""
    return message(
        name,
        '<object StUF:entiteittype="VVZ"><identificatie>VR-00001</identificatie><soortVerzoeker>04</soortVerzoeker>'
        f"<redenVerzoek><code>03</code></redenVerzoek>{asked}"
        f'<heeftBetrekkingOp StUF:entiteittype="ZAKOBJ">{SEARCHED}</heeftBetrekkingOp>{ASKER}</object>',
    )


def answer(name: str, told: str = "", more: str = "", answerer: str = ANSWERER) -> str:
    """The answer to a Check op Bekendheid (ucobDi01) or to a Verzoek Casus Informatie (uciDi01)."""
    return message(
        name,
        '<object StUF:entiteittype="VVZ"><identificatie>UK-00001</identificatie><verzoekidentificatie>VR-00001'
        f'</verzoekidentificatie><heeftBetrekkingOp StUF:entiteittype="ZAKOBJ">{SEARCHED}'
        f"<ZKN:indicatieBekend>J</ZKN:indicatieBekend>{told}</heeftBetrekkingOp>{ASKER}{answerer}{more}</object>",
        cross=CROSS,
    )


def asked(code: str, text: str) -> str:
    """A question with its answer."""
    return f"<ZKN:specifiekeVraag><BG:code>{code}</BG:code><BG:antwoord>{text}</BG:antwoord></ZKN:specifiekeVraag>"


VCOB = question("vcobDi01")
VCI = question("vciDi01", "<specifiekeVraag><code>toezicht_status</code></specifiekeVraag>")
UCOB = answer("ucobDi01")
UCI = answer("uciDi01", asked("toezicht_status", "Loopt tot mei") + asked("ZVH-001", "ANTWOORD"), ATTACHMENT)
MELDING, VT_MELDING = melding(), vt_melding()
UITKOMST = message(
    "uitkomstMeldingGeneriekDi01",
    f'<object StUF:entiteittype="ZAK"><ZKN:identificatie>UK-00002</ZKN:identificatie>{INITIATOR}{EXECUTOR}'
    "<uwIdentificatie>PL-2026-1</uwIdentificatie><soortmeldingCode>ZVH</soortmeldingCode><statuscode>ZVH-01</statuscode></object>",
)

SUPPLIED: Resource = {
    "soort": "corv-verstrekking",
    "betrokkene": {"bsn": BSN},
    "verstrekking": samples.VERSTREKKING["verstrekking"],
    "samenvattingen": [{"veld": "politie_incident_laatste", "tekst": "Ruzie, begin januari."}],
    "bericht": VT_MELDING,
}


def supplied(text: str, **changes: Any) -> Resource:
    """A CORV message with the supply record of the police."""
    return {**SUPPLIED, "bericht": text, **changes}
