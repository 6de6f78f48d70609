"""What each shape of the API description is, in Dutch for who reads it: a line a shape, in place of the code's English."""

from collections.abc import Mapping
from typing import Any, Final

SCHEMAS: Final[Mapping[str, str]] = {
    "AanmeldingIn": "Een nieuwe casus, eventueel met een eerste levering in de eigen vorm van de hub.",
    "AanmeldingUit": "De nieuwe casus, met uw eigen pseudoniem ervan.",
    "Act": "Een handeling.",
    "ActionResults": "Alle handelingen die gevonden zijn.",
    "ActionSearchIn": "Welke handelingen mogen.",
    "Afhandeling": "Wat er van een verplichting kwam: een van haar `keuzes`.",
    "AfhandelingUit": "Wat ervan kwam, zoals het nu vaststaat.",
    "Bronvoorwaarde": "Voorwaarden van een bron aan haar eigen velden (Wgs 2.29 lid 3, 1.7).",
    "Criteria": "De vier criteria van Bgs 2.20 lid 1, elk met uitleg in woorden.",
    "Decision": "Het antwoord op een vraag: wat vrij zou komen, zonder waarde.",
    "Decisions": "De antwoorden op meer vragen, op volgorde.",
    "EigenVastlegging": "Een vastlegging van uzelf.",
    "EvaluationIn": "Een vraag.",
    "EvaluationsIn": "Meer vragen, met wat zij delen; zonder `evaluations` is het er een.",
    "Found": "Wat gevonden is.",
    "FoundAction": "Een handeling die gevonden is.",
    "Fout": "Een fout, en de plaats ervan.",
    "Gegeven": "Een veld dat vrijkomt.",
    "Geweigerd": "Een veld dat niet vrijkomt (`*`: de hele vraag).",
    "Gever": "Wie toestemming gaf: de betrokkene, of wie bevoegd voor hem handelt (7:450, 7:465 BW).",
    "Inhoud": "Bindt de regel in het logboek aan wat u ophaalde. Het zout hebt alleen u.",
    "Leeg": "Niets: om te beëindigen is de aanroep genoeg.",
    "LeveringUit": "Wat er van een levering is geworden, per onderdeel.",
    "NaamGeboortedatum": "De precieze naam en geboortedatum van een persoon.",
    "Named": "Een subject of een resource.",
    "NietOpgenomen": "Een onderdeel dat niet is opgenomen, en waarom.",
    "NietsErbij": "Niets: om op te halen is de aanroep genoeg.",
    "Noodverzoek": "Een bron vragen om een noodsituatie vast te leggen: welke, en voor welk doel en welke velden.",
    "OntvangstUit": "Wat u ophaalde.",
    "Ontvangstbewijs": "Het bewijs van de regel in het logboek, voor `hub log verify` of een ander programma (tlog-proof).",
    "OpenVerplichting": "Iets dat u nog moet doen.",
    "Opgenomen": "Een onderdeel dat is opgenomen.",
    "Options": "Hoe meer vragen worden beantwoord.",
    "Persoon": "De persoon van een aanmelding.",
    "PostvakUit": "Een bladzijde van wat op u wacht.",
    "Probleem": "Een fout in de vorm van RFC 9457.",
    "Raadpleging": "Een vraag over een casus: voor welk doel, welke velden (`[\"*\"]` is alle), om te lezen of als bestand.",
    "RaadplegingUit": "Het antwoord op een vraag.",
    "Reden": "Een reden.",
    "ReeksUit": "Wat er van elke regel van een reeks is geworden.",
    "Regime": "Het juridische regime van een casus.",
    "ResourceSearchIn": "Wat hiermee mag.",
    "Results": "Alles wat gevonden is.",
    "SubjectSearchIn": "Wie dit mag.",
    "Terugname": "Velden die een bron terugneemt; `[\"*\"]` is alles van haarzelf.",
    "TerugnameUit": "Wat is teruggenomen.",
    "VastleggingUit": "Een vastlegging.",
    "VastleggingenUit": "Een bladzijde van uw eigen vastleggingen.",
    "Verplichting": "Een verplichting bij wat vrijkwam.",
    "VerplichtingenUit": "Een bladzijde van wat u nog moet doen.",
    "Verstrekking": "Gegevens sturen: aan wie, voor welk doel en welke velden (`[\"*\"]` is alles wat hij mag hebben).",
    "VerstrekkingUit": "Wat de afzender hoort: velden en niveaus, nooit een waarde.",
    "Verstrekt": "Een veld dat de ontvanger kan ophalen. Wat erin staat hoort de afzender niet.",
    "Vlag": "Een beperking, betwisting of bezwaar op velden van een bron (AVG 16, 18, 21); met `aan: false` eindigt het.",
    "VoorwaardeUit": "Op welke velden nu een voorwaarde staat.",
    "Wanted": "Van welke soort het subject of de resource is die u zoekt.",
    "Watermerk": "Om te tonen over wat u toont: wie het kreeg, wanneer, met welke regel van het logboek.",
    "Zending": "Een regel van het postvak. Van de casus staat er niets in.",
    "Zoeking": "Een zoekvraag: op precies een van bsn, naam met geboortedatum, of uw eigen kenmerk.",
    "ZoekingUit": "De ene casus die past, als uw eigen pseudoniem ervan.",
}  # fmt: skip
"""Name of a shape -> what it is. The bodies of records say it themselves (`hub.casework.kinds`)."""

SIGNING_IN: Final = (
    "Toegangsbewijs van `POST /oauth/token`, op het adres van de hub zelf (dus niet onder `/v1`), gebonden aan uw sleutel "
    "met DPoP (RFC 9449). U stuurt een formulier (`application/x-www-form-urlencoded`) met `grant_type`: `client_credentials`; "
    "`client_assertion_type`: `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`; en `client_assertion`: een JWT, "
    "ondertekend met de sleutel van uw systeem, met in de kop `kid`. Daarin staan `iss` en `sub` (uw systeem), `aud` (dat "
    "adres), `gebruiker` (voor wie u vraagt), `iat`, `exp` (hooguit een minuut later) en `jti` (elke keer een andere). "
    "In de kop `DPoP` staat een bewijs van uw sleutel (`htm`: POST, `htu`: dat adres). Het antwoord is 200 met `access_token`, "
    "`token_type` en `expires_in`, of 400 of 401 met `error` (een code van RFC 6749 of RFC 9449) en `error_description`. Welke "
    "controle niet slaagde, staat er met opzet niet bij. Daarna stuurt u bij elke aanroep `Authorization: DPoP` met het "
    "toegangsbewijs, en een nieuw bewijs in `DPoP` met ook `ath`."
)
"""How a partner gets a token. It is no path of the description: its refusals are RFC 6749's, and each there is RFC 9457's."""

_DONE: Final = {"200": "Gelukt.", "201": "Gelukt, en vastgelegd."}


def put_in_dutch(document: dict[str, Any]) -> None:
    """Give each shape, and each answer that went well, its Dutch line."""
    for name, schema in document["components"]["schemas"].items():
        if name in SCHEMAS:
            schema["description"] = SCHEMAS[name]
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, line in _DONE.items():
                if status in operation["responses"]:
                    operation["responses"][status]["description"] = line
