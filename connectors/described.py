# ruff: noqa: E501 (a row of a Markdown table is one line)
"""What the documentation says of VERA, the BRP, ZGW, CORV, iWmo and iWlz; the tables are made of the rules themselves."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from connectors import brp_personen, zgw
from connectors.corv import melding, message, persons, uitkomst, vtmelding
from connectors.reasons import Reason
from connectors.rule import OWN_FIELD, OWN_SUMMARY, Rule
from connectors.vera import delivery as vera
from connectors.vera import housing, relations, signals
from connectors.vera.codes import name_of

VERA = f"""
## VERA: which list and element feeds which field

VERA 4 (Aedes) says what a thing is in the path of its API and not in the thing itself. So a document names its lists as VERA does:
`{{"vera": "4.3.0", "relatie": {{…}}, "relaties": […], "huurovereenkomsten": […], "huuropzeggingen": […], "signaleringen": […], "zaken": […],
"eenheden": […]}}`. `relatie` is the person that it is about, with `id`, `achternaam` or `geslachtsnaam`, and `geboortedatum`: they are compared
with the casus and not kept. A BSN anywhere refuses the document (UAVG 46). A part that names others and not him refuses it too; one that
does not say whose it is, is not taken. Names VERA knows may all stand there, another is refused; the shape is `connectors/schemas/vera.schema.json`.

The codes of the table are in `connectors/vera/referentiedata.json`, the published reference data; an unknown code refuses the document.
Delivered is the published name of a code, never text of the sender: no descriptions, no amounts, no income, nobody who reported.
A signalering holds when its status is ACT and its dates do not end it; a zaak counts where the person has the role BEK. Each lists all that
one document says: what it leaves out is replaced with the rest.

Of most of these fields others get the summary alone, and the hub makes none: the source writes it, in `extra-attributen` of the part, as
`{{"naam": "{OWN_SUMMARY}", "waarde": "…"}}`; where a part feeds more fields, as `{OWN_SUMMARY}.bezoekregels` and so on. `{OWN_FIELD}` there names
the one field that a part feeds, within what its codes bear.
"""

BRP = """
## BRP: which element feeds which field

The answer of Haal Centraal BRP Personen 2, as the BRP gave it, about one person. `fields` of the query stands beside it:
`{"type": "RaadpleegMetBurgerservicenummer", "fields": ["naam", "verblijfplaats"], "personen": [{…}]}`. What the supplier gave beyond `fields`
is not kept, and without `fields` the document is refused. It names the person by BSN, or by family name and date of birth, asked or not.
The shape is `connectors/schemas/brp-personen.schema.json`.

With `geheimhoudingPersoonsgegevens` the address goes to public bodies and the person himself alone (Wet BRP 2.59), until the source opens it,
and says so; an address of before or after too, where the answer brings none.
What is investigated (`inOnderzoek`) says so too: a single value becomes `{"waarde": …, "inOnderzoek": true}`. A date is
`1990-05-17`, `1990-05` or `1990`, as it is known. `onbekend` in an address is: gone to an unknown place; `verblijftNietOpAdres`: established
that the person does not live there. Of a record that is a mistake (opschorting F, W) nothing is taken.
"""

ZGW = f"""
## ZGW: which element of a zaak feeds which field

A zaak as the Zaken API (1.5 to 1.7) answers it with
`expand=zaaktype,rollen,status.statustype,resultaat.resultaattype,eigenschappen`, or a page of at most {zgw.MAX_ZAKEN} zaken of one person. A role, a
status or a result alone is refused: it does not say what it belongs to. The source says which field a zaak feeds by a kenmerk:
`{{"bron": "{OWN_FIELD}", "kenmerk": "schuldhulp_status"}}`. Zaken of one document that feed one field become one list. The eigenschap
`{OWN_SUMMARY}` of a zaak that feeds one field is its form `sam`: text that the source wrote for readers. `identificatie` is the source's own
reference. The shape is `connectors/schemas/zgw-zaak.schema.json`; a member that it does not know is refused with its place.

Whom a zaak is about: its natural persons with role belanghebbende, and where there are none those who asked. Never a gemachtigde, nor who
works on it. All of them must be the casus's person. Of all others at most the office is read, where its role is called casusregisseur or
procesregisseur. Never read: contact persons, toelichting of anything, vertrouwelijkheidaanduiding, documents, other eigenschappen, objects, other zaken.
`casus_fase`, `casus_bestaat` and their kin are no field of a zaak: the hub makes them.
"""

CORV = """
## CORV: which element of a message feeds which field

StUF-Jeugdzorg 1.0.9. Names stand as in the schemas, with the usual prefixes BG, ZKN and StUF; elements of CORV itself have none. The shapes
are `connectors/schemas/corv-*.schema.json`; an element, an attribute or a code that they do not know is refused with its place. The order of
elements is not judged. What says that it has no value (`xsi:nil`, `noValue`) counts as absent; what takes away (`verwerkingssoort`) is refused.
"""

CORV_RECORD = """
A message has no place for a supply record. Police, OM and DJI therefore send it inside a form that has (`application/vnd.hub.corv+json`):
`verstrekking` as in the form of police and justice, `betrokkene`, and in `bericht` the whole XML as text. Every field of the message carries
that record, and it becomes `wpg_verstrekking` as well. Bare, they deliver no message. What the police write for readers goes
in `samenvattingen`, pieces of `veld` and `tekst`, and becomes the form `sam`: most partners get no other form of a police field. A message whose sender or organisation is police or
justice does not come in bare from another partner either: who received it is bound as the police are (Wpg 7(2)).
Their names are known by words and abbreviations (politie, parket, OM, DJI, PI, KMar, FIOD, …); a name in letters that are not Latin is refused.

A vtMelding names all who were there. Where it names more than one, `betrokkene.bsn` says who is meant, and the supply answers for it that the
incident and the registrations are his; the others are left out. Never read: nationality, numbers of aliens, places of incidents, contact
persons, other persons, free text about the situation, arrests, help, violence in the name of honour, documents, and questions whose codes have no
settled meaning. Where the person is victim, witness or melder, the incident is not taken.
"""

IWMO_IWLZ = """
## iWmo and iWlz: by the own form

iWmo and iWlz are messages of allocation and payment between municipality or zorgkantoor and provider; the hub does not read them. What a casus
needs of them a partner delivers in the own form:

| fact | where it stands there | field | delivered by |
|---|---|---|---|
| support: kind, provider, period | WMO301 (allocation) | `wmo_voorziening` | college |
| that it began or ended | WMO305, WMO307 | `wmo_voorziening`, in the same value | college |
| the municipality that is responsible | woonplaats | `regiobinding_woonplaats` | college |
| Wmo decision; Wlz profile and period | WMO301 (decision); iWlz indication, profile of COD163 | `indicatie` | college; CIZ takes no part in the hub itself |
| who pays: Zvw, Wlz, Wmo, Wfz | either | `financier` | casusregisseur |"""

EXAMPLE: dict[str, Any] = {
    "soort": "levering",
    "kenmerk": "WMO-2026-0815",
    "betrokkene": {"bsn": "999900006", "geboortedatum": "1990-05-17"},
    "velden": [
        {
            "veld": "wmo_voorziening",
            "niveaus": {
                "vol": {
                    "soort": "individuele begeleiding",
                    "aanbieder": "Voorbeeldzorg",
                    "van": "2026-11-01",
                    "tot": "2027-10-31",
                    "gestartOp": "2026-11-03",
                },
                "sam": "Krijgt begeleiding van Voorbeeldzorg, tot november 2027.",
            },
        },
        {"veld": "regiobinding_woonplaats", "niveaus": {"vol": "Gemeente Voorbeeld"}},
        {
            "veld": "indicatie",
            "niveaus": {
                "vol": {"wet": "Wlz", "zorgprofiel": "GGZ wonen met intensieve begeleiding", "van": "2026-09-01"},
                "sam": "Heeft een indicatie voor de Wlz.",
            },
        },
    ],
}
"""A delivery of a college, as it stands in the documentation."""

Row = tuple[str, ...]


def vera_rows() -> Iterator[Row]:
    """(list, element, field, when) of VERA."""
    yield from sorted((rule.resource, rule.element, f"`{rule.field}`", rule.told()) for rule in vera.RULES)


def vera_never() -> Iterator[tuple[str, Reason]]:
    """(code or element, why) of what VERA brings and the hub never takes."""
    for code, reason in {**relations.NEVER, **signals.NEVER, **housing.NEVER}.items():
        yield f"{code} ({name_of(code)})", reason
    for element, reason in relations.UNREAD.items():
        yield f"relatie.{element}", reason


def brp_rows() -> Iterator[Row]:
    """(resource, element, field, when) of the BRP."""
    yield from _rows(brp_personen.RULES)


def zgw_rows() -> Iterator[Row]:
    """(resource, element, field, when) of ZGW."""
    yield from _rows(zgw.PERSON_RULES, zgw.ZAAK_RULES, zgw.OFFICE_RULES)


def corv_rows() -> Iterator[Row]:
    """(message, element, field, when) of CORV."""
    yield from _rows(persons.RULES, melding.RULES, vtmelding.RULES)
    yield uitkomst.CONTENT, uitkomst.QUESTION, "(the key that is the code)", "always"


def corv_messages() -> Iterator[Row]:
    """(message, what becomes of it) of CORV."""
    yield from ((f"`{name}`", f"read: {kind.told}") for name, kind in message.KINDS.items())
    yield from ((f"`{name}`", f"refused: {sentence}") for name, sentence in message.REFUSED.items())
    yield "any other", "refused"


def example() -> str:
    """The example as a block of JSON."""
    return f"\n```json\n{json.dumps(EXAMPLE, indent=2, ensure_ascii=False)}\n```"


def _rows(*lists: Iterable[Rule[Any]]) -> Iterator[Row]:
    for rules in lists:
        for rule in rules:
            yield rule.resource, rule.element, f"`{rule.field}`", rule.when
