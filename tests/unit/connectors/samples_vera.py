"""A VERA document of our own, for the format tests: a tenant with all that a corporation may send along."""

import copy
from typing import Any

from connectors import table
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples

VERA = "application/vnd.hub.vera+json"
ME: dict[str, Any] = {"id": "rel-5", "soort": {"code": "NAT", "naam": "EIGEN NAAM"}}
NEIGHBOUR: dict[str, Any] = {"id": "rel-9", "achternaam": "MELDERSNAAM", "voornaam": "MELDERVOORNAAM"}


def code(short: str) -> dict[str, str]:
    """Referentiedata, with a name of the sender's own."""
    return {"code": short, "naam": f"VRIJE TEKST {short}"}


PERSON: dict[str, Any] = {
    **ME,
    "achternaam": "Voorbeeld",
    "tussenvoegsels": "van",
    "voornaam": "Robin",
    "geboortedatum": "1990-05-17",
    "geslacht": code("V"),
    "nationaliteit": code("NL"),
    "burgerlijkeStaat": code("GEH"),
    "opleidingen": [{"id": "o-1"}],
    "adressen": [
        {"soort": code("WOO"), "einddatum": "2020-01-01", "adres": {"straatnaam": "OUDE STRAAT"}},
        {
            "soort": code("WOO"),
            "begindatum": "2021-03-01",
            "adres": {
                "straatnaam": "Proefstraat",
                "huisnummer": "12",
                "huisletter": "a",
                "huisnummerToevoeging": "bis",
                "postcode": "9999 ZZ",
                "woonplaats": {"code": "9999", "naam": "Testdorp"},
            },
        },
        {"soort": code("FAC"), "adres": {"straatnaam": "FACTUURSTRAAT"}},
    ],
    "contactgegevens": [
        {"soort": code("MOB"), "waarde": "+31600000000", "detailSoort": code("PRI"), "omschrijving": "OMSCHRIJVING"},
        {"soort": code("TEL"), "waarde": "+31600000099", "detailSoort": code("ICE")},
        {"soort": code("EMA"), "waarde": "oud@example.nl", "status": code("ONG")},
    ],
    "groepen": [{"detailSoort": code("HUI"), "naam": "GROEPSNAAM", "relaties": [{"id": "rel-5"}, {"id": "rel-6"}]}],
}
OTHERS: list[dict[str, Any]] = [
    {"id": "rel-6", "achternaam": "HUISGENOOT", "rollen": [{"soort": code("MBW")}]},
    {
        "id": "rel-7",
        "soort": code("REC"),
        "naam": "Bewind Proef",
        "rollen": [
            {
                "soort": code("BWI"),
                "rolRelatie": ME,
                "contactgegevens": [{"soort": code("TEL"), "waarde": "+31600000003"}],
            }
        ],
    },
    {
        "id": "rel-8",
        "voorletters": "W.",
        "achternaam": "Consulent",
        "rollen": [{"soort": code("WOO")}],
        "contactgegevens": [
            {"soort": code("TEL"), "waarde": "+31600000004", "detailSoort": code("ZAK")},
            {"soort": code("MOB"), "waarde": "PRIVENUMMER", "detailSoort": code("PRI")},
        ],
    },
    {"id": "org-1", "soort": code("REC"), "naam": "Wonen Proef", "rollen": [{"soort": code("EIG")}]},
    {**NEIGHBOUR, "rollen": [{"soort": code("MEL")}]},
]


def signal(**more: Any) -> dict[str, Any]:
    """A signalering about the person that holds now."""
    return {
        "id": "sig-1",
        "status": code("ACT"),
        "begindatum": "2026-10-01T00:00:00Z",
        "relatie": ME,
        "detailStatus": code("X"),
        **more,
    }


def case(soort: str, detail: str | None = None, *, extra: Any = None, **more: Any) -> dict[str, Any]:
    """A zaak in which the person is complained of, and a neighbour complains."""
    kind = {"soort": code(soort), **({"detailSoort": code(detail)} if detail else {})}
    return {
        "id": "zaak-1",
        "omschrijving": "OMSCHRIJVING VAN DE ZAAK",
        "toelichting": "TOELICHTING MET NAMEN",
        "zaaktype": {**kind, "omschrijving": "ZAAKTYPETEKST"},
        "begindatum": "2026-12-30T10:00:00Z",
        "rollen": [
            {"soort": code("BEK"), "relatie": ME, "toelichtingRol": "ROLTEKST"},
            {"soort": code("MEL"), "relatie": NEIGHBOUR},
        ],
        **({"extra-attributen": extra} if extra else {}),
        **more,
    }


LEASE: dict[str, Any] = {
    "id": "ovk-1",
    "soort": code("HUU"),
    "status": code("LOP"),
    "begindatum": "2021-03-01",
    "bepaaldeTijd": False,
    "brutohuur": 701.13,
    "startBrutoJaarinkomen": 21013.5,
    "startLeeftijd": 30,
    "waarborgsom": 500,
    "relaties": [{**ME, "rollen": [{"soort": code("HUU")}]}, "https://relaties.vera.example/v4/relaties/rel-6"],
}
NOTICE: dict[str, Any] = {
    "id": "opz-1",
    "status": code("INB"),
    "begindatum": "2026-12-01",
    "opzegdatum": "2027-02-01",
    "eindeReden": code("ONT"),
    "eindeDetailReden": code("ONT"),
    "huurovereenkomst": {"id": "ovk-1", "soort": code("HUU")},
}
HOME: dict[str, Any] = {"id": "een-1", "bouwjaar": 1990, "aanvullendeDoelgroep": code("SKA"), "woonvorm": code("BEG")}

DOCUMENT: dict[str, Any] = {
    "vera": "4.3.0",
    "relatie": PERSON,
    "relaties": OTHERS,
    "huurovereenkomsten": [LEASE],
    "huuropzeggingen": [NOTICE],
    "signaleringen": [
        signal(soort=code("OVE"), detailSoort=code("GEL")),
        signal(soort=code("SCH"), detailSoort=code("BET")),
        signal(detailSoort=code("BRA")),
        signal(
            detailSoort=code("VER"),
            **{
                "extra-attributen": [
                    {"naam": "hub-samenvatting", "waarde": "De woning is vervuild."},
                    {"naam": "eigen-kenmerk", "waarde": "EIGENKENMERK"},
                ]
            },
        ),
        signal(detailSoort=code("BEZ")),
    ],
    "zaken": [
        case(
            "SOC",
            "STA",
            begindatum="2026-11-02T08:00:00Z",
            extra=[{"naam": "hub-samenvatting", "waarde": "Meldingen van stank."}],
        ),
        case("OMG"),
        case(
            "LEE",
            begindatum="2026-06-01T00:00:00Z",
            zaakstatussen=[
                {"soort": code("AFG"), "begindatum": "2026-09-01T00:00:00Z"},
                {"soort": code("INB"), "begindatum": "2026-06-02T00:00:00Z"},
            ],
            extra=[{"naam": "hub-veld", "waarde": "gedragsaanwijzing_woning"}],
        ),
    ],
    "eenheden": [HOME],
}


def changed(**changes: Any) -> dict[str, Any]:
    """A document about the person alone, with other lists."""
    return {"vera": "4.3", "relatie": copy.deepcopy(PERSON), **changes}


def read(document: Any = DOCUMENT, kind: PartnerKind = PartnerKind.WONINGCORPORATIE) -> Parsed:
    """A document, parsed."""
    return table.parse(VERA, samples.text(document), samples.context(kind))
