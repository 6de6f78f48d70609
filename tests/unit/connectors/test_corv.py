"""CORV messages: which element feeds which field, what is never read, where a fault is, and the supply record."""

from typing import Any

import pytest

from connectors import table
from connectors.reasons import Reason
from hub.errors import ManyShapeErrors, ShapeError
from hub.model.delivery import Parsed, PersonClaim, WjsgRecord, WpgRecord
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples
from tests.unit.connectors import samples_corv_zgw as own

ADDRESS = {"regels": ["Dorpsstraat 12 A-2"], "postcode": "1234AB", "plaats": "Ons Dorp"}
CONTACTS = [{"soort": "phone", "waarde": "0612345678"}, {"soort": "email", "waarde": "jan@example.nl"}]
WHO = "object.ZKN:heeftBetrekkingOp.ZKN:gerelateerde.ZKN:natuurlijkPersoon"
JAN = PersonClaim(samples.BSN, "van Voorbeeld", "Jan", "1990-05-17")
WPG = WpgRecord("20(3)", "8", "PV-2026-14", ("ggz-1",), authority_agreed=True)
WJSG = {"wjsg": {"artikel": "39fa", "ontvangers": ["*"], "datum": "2026-12-31"}}


def read(message: str, kind: PartnerKind = PartnerKind.GGD) -> Parsed:
    return table.parse(own.CORV, message.encode(), samples.context(kind))


def supplied(message: str, kind: PartnerKind = PartnerKind.POLITIE, **changes: Any) -> Parsed:
    return table.parse(own.CORV_SUPPLY, samples.text(own.supplied(message, **changes)), samples.context(kind))


def values(parsed: Parsed) -> dict[str, Any]:
    return {field.field: field.levels["vol"] for field in parsed.fields}


def reasons(parsed: Parsed) -> dict[str, str]:
    return {item.place: item.reason for item in parsed.not_taken}


def test_each_element_of_a_melding_feeds_its_field() -> None:
    parsed = read(own.MELDING)
    assert values(parsed) == {
        "bsn": samples.BSN,
        "feitelijk_verblijf": ADDRESS,
        "telefoon_email": CONTACTS,
        "signaal_terugval": {
            "soort": "melding aan het Zorg- en Veiligheidshuis",
            "datum": "2027-01-08",
            "door": "Reclassering Oost",
            "reden": "Loopt opnieuw vast",
        },
        "leefgebied_score": [{"leefgebied": "huisvesting", "toelichting": "Dreigt zijn woning kwijt te raken"}],
        "melder_gegevens": {"organisatie": "Reclassering Oost"},
    }
    assert parsed.persons == (JAN,)
    assert {field.field: field.melding_receiver for field in parsed.fields}["melder_gegevens"] == "bron-1"
    assert reasons(parsed) == {
        f"{WHO}.BG:inp.heeftAlsNationaliteit": Reason.NOT_IN_HUB,
        "object.ZKN:heeftAlsOverigBetrokkene[0]": Reason.OTHER_PERSON,
        "object.ZKN:betreft.ZKN:gerelateerde.vraagAntwoord[0]": Reason.NO_FIELD,
    }


def test_the_melder_is_kept_by_who_receives_meldingen_alone() -> None:
    assert "melder_gegevens" not in values(read(own.MELDING, PartnerKind.RECLASSERING))


def test_a_melding_of_the_police_brings_the_incident_too() -> None:
    parsed = supplied(own.MELDING)
    assert values(parsed)["politie_incident_laatste"] == {"datum": "2026-12-31", "omschrijving": "Ruzie op straat"}
    assert values(parsed)["wpg_verstrekking"]["besluit"] == "PV-2026-14"
    assert {field.wpg for field in parsed.fields} == {WPG}
    assert "politie_incident_laatste" not in values(read(own.MELDING))


@pytest.mark.parametrize("capacity", ["002", "003", "004", "005"])
def test_the_incident_of_a_victim_or_a_witness_is_not_his(capacity: str) -> None:
    parsed = supplied(own.melding(capacity=capacity))
    assert not {"politie_incident_laatste", "signaal_terugval"} & values(parsed).keys()
    assert reasons(parsed)["bericht.object.ZKN:heeftBetrekkingOp.ZKN:hoedanigheid"] == Reason.OTHER_CAPACITY


def test_an_incident_over_a_period_and_an_address_nowhere() -> None:
    period = "<periodeVanTot><datumtijdBegin>20261201</datumtijdBegin><datumtijdEinde>20261224</datumtijdEinde></periodeVanTot>"
    nowhere = "<BG:adres><BG:soortadres>05</BG:soortadres></BG:adres>"
    text = own.MELDING.replace("<datumTijd>20261231213000</datumTijd>", period).replace(own.ADDRESSES, nowhere)
    told = values(supplied(text))
    assert told["politie_incident_laatste"] == {
        "datum": "2026-12-01",
        "tot": "2026-12-24",
        "omschrijving": "Ruzie op straat",
    }
    assert told["feitelijk_verblijf"] == {"regels": ["zonder vaste woon- of verblijfplaats"]}


def test_a_stay_abroad() -> None:
    abroad = (
        "<BG:buitenlandsAdres><BG:lnd.landnaam>België</BG:lnd.landnaam><BG:sub.adresBuitenland1>Straat 1"
        "</BG:sub.adresBuitenland1></BG:buitenlandsAdres>"
    )
    text = own.MELDING.replace(f"<BG:nederlandsadres>{own.INLAND}</BG:nederlandsadres>", abroad)
    assert values(read(text))["feitelijk_verblijf"] == {"regels": ["Straat 1", "België"]}


def test_registered_and_detention_addresses_are_not_where_he_stays() -> None:
    text = own.MELDING.replace("<BG:soortadres>02</BG:soortadres>", "<BG:soortadres>08</BG:soortadres>")
    assert "feitelijk_verblijf" not in values(read(text))


def test_each_element_of_a_vt_melding_feeds_its_field() -> None:
    parsed = supplied(own.VT_MELDING)
    assert values(parsed) == {
        "bsn": samples.BSN,
        "feitelijk_verblijf": ADDRESS,
        "telefoon_email": CONTACTS[:1],
        "politie_incident_laatste": {"datum": "2027-01-07", "omschrijving": "Ruzie thuis"},
        "politie_mutaties_samenvatting": ["Twee eerdere ruzies", "Een vernieling"],
        "bestuurlijke_maatregel": {"soort": "tijdelijk huisverbod", "omschrijving": "Tien dagen"},
        "wpg_verstrekking": own.SUPPLIED["verstrekking"]["wpg"],
    }
    assert parsed.persons == (PersonClaim(bsn=samples.BSN), JAN)
    there = "bericht.object.betreft.gerelateerde.heeftBetrokken"
    assert reasons(parsed) == {
        f"{there}[1].gerelateerde.BG:nationaliteit": Reason.NOT_IN_HUB,
        f"{there}[0]": Reason.OTHER_PERSON,
    }


def test_what_the_police_wrote_for_readers_stands_with_its_field() -> None:
    incident = next(field for field in supplied(own.VT_MELDING).fields if field.field == "politie_incident_laatste")
    assert incident.levels["sam"] == "Ruzie, begin januari."
    parsed = supplied(own.UCI)
    assert reasons(parsed)["samenvattingen[0]"] == Reason.SUMMARY_WITHOUT_FIELD
    assert not [field for field in parsed.fields if "sam" in field.levels]


def test_the_incident_is_not_that_of_who_helps_or_tells() -> None:
    parsed = supplied(own.vt_melding((samples.BSN, "melder")))
    assert values(parsed).keys() == {"bsn", "feitelijk_verblijf", "telefoon_email", "wpg_verstrekking"}
    assert Reason.OTHER_CAPACITY in reasons(parsed).values()


@pytest.mark.parametrize(
    ("message", "betrokkene"),
    [
        (own.VT_MELDING, None),
        (own.VT_MELDING, {"geslachtsnaam": "Voorbeeld"}),
        (own.VT_MELDING.replace(f"<BG:inp.bsn>{samples.BSN}</BG:inp.bsn>", ""), None),
        (own.VT_MELDING, {"bsn": "999900031"}),
        (own.vt_melding((samples.BSN, "kind"), (samples.BSN, "voogd")), {"bsn": samples.BSN}),
    ],
)
def test_who_is_meant_of_those_in_a_vt_melding_must_be_said(message: str, betrokkene: Any) -> None:
    form = {key: value for key, value in own.supplied(message).items() if key != "betrokkene"}
    form |= {"betrokkene": betrokkene} if betrokkene else {}
    with pytest.raises(ShapeError) as fault:
        table.parse(own.CORV_SUPPLY, samples.text(form), samples.context(PartnerKind.POLITIE))
    assert fault.value.place == "bericht.object.betreft.gerelateerde.heeftBetrokken"


def test_the_one_person_of_a_vt_melding_is_held_against_the_casus() -> None:
    parsed = supplied(own.vt_melding((samples.OTHER_BSN, "voogd")))
    assert [person.bsn for person in parsed.persons] == [samples.BSN, samples.OTHER_BSN]


def test_an_answer_feeds_the_field_that_was_asked_and_never_that_he_is_known() -> None:
    parsed = read(own.UCI, PartnerKind.RECLASSERING)
    assert values(parsed) == {"toezicht_status": "Loopt tot mei"}
    assert parsed.persons == (JAN,)
    about = "object[0].heeftBetrekkingOp"
    assert reasons(parsed) == {
        f"{about}.ZKN:indicatieBekend": Reason.OWN,
        f"{about}.ZKN:specifiekeVraag[1]": Reason.NO_FIELD,
        "object[0].heeftRelevant[0]": Reason.ATTACHMENT,
    }


def test_that_a_person_is_known_elsewhere_feeds_nothing() -> None:
    parsed = read(own.UCOB, PartnerKind.ZVH_PROCESREGISSEUR)
    assert not parsed.fields
    assert parsed.persons == (JAN,)
    assert reasons(parsed) == {"object[0].heeftBetrekkingOp.ZKN:indicatieBekend": Reason.OWN}


def test_answers_that_differ_are_not_taken() -> None:
    told = own.asked("toezicht_status", "ja") + own.asked("toezicht_status", "nee") + own.asked("no_go", "")
    parsed = read(own.answer("uciDi01", told), PartnerKind.RECLASSERING)
    assert not parsed.fields
    assert list(reasons(parsed).values()).count(Reason.CONTRADICTION) == 2
    assert Reason.EMPTY in reasons(parsed).values()


@pytest.mark.parametrize("kind", [PartnerKind.GGD, PartnerKind.ZVH_PROCESREGISSEUR])
@pytest.mark.parametrize(
    ("message", "place", "word"),
    [
        (own.VCOB, "vcobDi01", "POST /v1/zoekingen"),
        (own.VCI, "vciDi01", "raadplegingen"),
        (own.UITKOMST, "uitkomstMeldingGeneriekDi01", "maakt de hub zelf"),
        (own.message("vtTerugkoppelingDi01", "<object/>"), "vtTerugkoppelingDi01", "geen veld"),
        (own.message("zorgmeldingDi01", "<object/>"), "$", "geen CORV-bericht dat"),
        (own.VT_MELDING, "vtMeldingDi01", "politie"),
        (own.melding(kind="NAZ"), "object.soortmeldingCode", "ZVH"),
        (own.melding(kind="VT"), "object.soortmeldingCode", "ZVH"),
    ],
)
def test_what_is_no_delivery_is_refused_with_its_reason(message: str, place: str, word: str, kind: PartnerKind) -> None:
    with pytest.raises(ShapeError) as fault:
        read(message, kind)
    assert fault.value.place == place
    assert word in fault.value.sentence


@pytest.mark.parametrize("kind", [PartnerKind.POLITIE, PartnerKind.OM, PartnerKind.DJI])
@pytest.mark.parametrize("message", [own.MELDING, own.VT_MELDING, own.UCI])
@pytest.mark.parametrize("name", [own.CORV, "text/xml"])
def test_police_and_justice_deliver_no_message_without_a_record(name: str, message: str, kind: PartnerKind) -> None:
    with pytest.raises(ShapeError) as fault:
        table.parse(name, message.encode(), samples.context(kind))
    assert fault.value.place == "Content-Type"
    assert "verstrekkingsbesluit" in fault.value.sentence


@pytest.mark.parametrize(
    "message",
    [
        own.melding(initiator=own.office("Politie Oost", "heeftAlsInitiator", "ZAKBTRINI")),
        own.melding(initiator=own.office("Arrondissementsparket Oost", "heeftAlsInitiator", "ZAKBTRINI")),
        own.MELDING.replace("Organisatie A", "Nationale politie"),
        own.answer("uciDi01", answerer=own.office("POLITIE", "heeftAlsUitvoerende", "ZAKBTRUTV", "")),
    ],
)
def test_what_another_received_of_the_police_needs_the_record_as_well(message: str) -> None:
    with pytest.raises(ShapeError) as fault:
        read(message)
    assert "verstrekkingsbesluit" in fault.value.sentence


def test_justice_delivers_an_answer_under_the_wjsg() -> None:
    message = own.answer("uciDi01", own.asked("openstaande_zaak", "ja"))
    (field,) = supplied(message, PartnerKind.OM, verstrekking=WJSG).fields
    assert (field.field, field.wjsg, field.wpg) == ("openstaande_zaak", WjsgRecord("39fa", ("*",)), None)
    with pytest.raises(ShapeError) as fault:
        supplied(message, PartnerKind.POLITIE, verstrekking=WJSG)
    assert fault.value.place == "verstrekking"


def test_a_vt_melding_is_of_the_police_alone() -> None:
    with pytest.raises(ShapeError) as fault:
        supplied(own.VT_MELDING, PartnerKind.OM, verstrekking=WJSG)
    assert fault.value.place == "bericht.vtMeldingDi01"


def test_the_form_with_the_record_is_for_police_and_justice_alone() -> None:
    with pytest.raises(ShapeError) as fault:
        supplied(own.MELDING, PartnerKind.GGD)
    assert fault.value.place == "Content-Type"


def with_record(**changes: Any) -> dict[str, Any]:
    return {"verstrekking": {"wpg": {**own.SUPPLIED["verstrekking"]["wpg"], **changes}}}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"verstrekking": {}}, "verstrekking"),
        (with_record(categorie="9"), "verstrekking.wpg.categorie"),
        (with_record(gezagAkkoord=False), "verstrekking.wpg.gezagAkkoord"),
        (with_record(ontvangers=[]), "verstrekking.wpg.ontvangers"),
        ({"bericht": ""}, "bericht"),
        ({"bericht": 1}, "bericht"),
        ({"bericht": "<"}, "bericht.regel 1, kolom 2"),
        ({"bericht": own.VCOB}, "bericht.vcobDi01"),
        ({"velden": []}, "$"),
        ({"samenvattingen": [{"veld": "naam"}]}, "samenvattingen[0].tekst"),
        ({"samenvattingen": [{"veld": "naam", "tekst": " "}]}, "samenvattingen[0].tekst"),
        ({"samenvattingen": own.SUPPLIED["samenvattingen"] * 2}, "samenvattingen[1].veld"),
        ({"betrokkene": {"bsn": "999900007"}}, "betrokkene.bsn"),
        (
            {"bericht": own.answer("uciDi01", own.asked("wpg_verstrekking", "x"))},
            "bericht.object[0].heeftBetrekkingOp.ZKN:specifiekeVraag[0]",
        ),
    ],
)
def test_without_a_whole_record_and_a_whole_message_nothing_is_taken(changes: Any, place: str) -> None:
    with pytest.raises(ShapeError) as fault:
        supplied(own.MELDING, **changes)
    assert fault.value.place == place


@pytest.mark.parametrize("parsed", [read(own.MELDING), supplied(own.MELDING), supplied(own.VT_MELDING), read(own.UCI)])
def test_what_is_never_kept_is_nowhere(parsed: Parsed) -> None:
    never = (
        "CONTACTPERSOON", "NATIONALITEIT", "NUMMER", "GBA-PLAATS", "LOCATIE", "MOEDER", "SITUATIE", "ANTWOORD", "VERZOEK",
        "OVERIG", "HULP", "AANHOUDING", "EER<", "BIJLAGE", "QklKTEFHRQ", "PL-2026", "REF-", samples.OTHER_BSN, "6030",
    )  # fmt: skip
    told = repr((parsed.fields, parsed.persons, parsed.reference))
    assert not [word for word in never if word in told]


def swapped(old: str, new: str) -> str:
    assert old in own.MELDING
    return own.MELDING.replace(old, new, 1)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        (swapped(f"<BG:inp.bsn>{samples.BSN}<", "<BG:inp.bsn>999900007<"), f"{WHO}.BG:inp.bsn"),
        (swapped(f"<BG:inp.bsn>{samples.BSN}<", "<BG:inp.bsn>GEHEIM<"), f"{WHO}.BG:inp.bsn"),
        (swapped(own.BORN, "<BG:geboortedatum>19901317</BG:geboortedatum>"), f"{WHO}.BG:geboortedatum"),
        (swapped(own.BORN, own.BORN * 2), f"{WHO}.BG:geboortedatum"),
        (swapped(own.BORN, own.BORN.replace(">", ' StUF:indOnvolledigeDatum="X">', 1)), f"{WHO}.BG:geboortedatum"),
        (swapped(own.BORN, "<BG:GEHEIM/>"), WHO),
        (swapped(own.BORN, '<x:geboortedatum xmlns:x="urn:x">1990</x:geboortedatum>'), WHO),
        (swapped(own.BORN, "<geboortedatum>1990</geboortedatum>"), WHO),
        (swapped(own.BORN, "GEHEIM"), WHO),
        (swapped(own.BORN, own.BORN.replace("1990", "<BG:naam/>1990")), f"{WHO}.BG:geboortedatum"),
        (swapped("<ZKN:hoedanigheid>001<", "<ZKN:hoedanigheid>009<"), "object.ZKN:heeftBetrekkingOp.ZKN:hoedanigheid"),
        (swapped("<soortmeldingCode>ZVH<", "<soortmeldingCode>XYZ<"), "object.soortmeldingCode"),
        (swapped("<datumTijdMelding>20270108101500<", "<datumTijdMelding>20271308101500<"), "object.datumTijdMelding"),
        (
            swapped("<leefgebiedCode>06<", "<leefgebiedCode>13<"),
            "object.ZKN:betreft.ZKN:gerelateerde.leefgebied[0].leefgebiedCode",
        ),
        (swapped("<StUF:berichtcode>Di01<", "<StUF:berichtcode>Lk01<"), "stuurgegevens.StUF:berichtcode"),
        (swapped("<StUF:functie>meldingGeneriekDi01<", "<StUF:functie>vcobDi01<"), "stuurgegevens.StUF:functie"),
        (swapped('<object StUF:entiteittype="ZAK">', '<object StUF:verwerkingssoort="V">'), "object"),
        (swapped('<object StUF:entiteittype="ZAK">', '<object GEHEIM="V">'), "object"),
        (swapped('<object StUF:entiteittype="ZAK">', '<object xsi:nil="true">'), "object"),
        (own.message("meldingGeneriekDi01", "GEHEIM"), "$"),
        (own.message("meldingGeneriekDi01", ""), "object"),
        ("<meldingGeneriekDi01/>", "$"),
        (own.MELDING.replace("?>\n", "?>\n<!DOCTYPE x>"), "teken 39"),
        (own.MELDING[:500], "regel 2, kolom 462"),
    ],
)
def test_a_message_out_of_shape_is_refused_with_its_place(message: str, place: str) -> None:
    with pytest.raises(ShapeError) as fault:
        read(message)
    assert fault.value.place == place
    told = f"{fault.value} {getattr(fault.value, 'faults', '')}"
    assert not [value for value in ("GEHEIM", "999900007", "1317", "gisteren") if value in told]


@pytest.mark.parametrize("category", ["9", "10"])
def test_what_the_police_keep_under_article_9_or_10_stays_out_of_messages_too(category: str) -> None:
    with pytest.raises(ShapeError) as fault:
        supplied(own.MELDING, **with_record(categorie=category))
    assert "9 of 10" in fault.value.sentence


def test_all_faults_of_a_message_are_told_together() -> None:
    with pytest.raises(ManyShapeErrors) as fault:
        supplied(own.melding(capacity="009", kind="XYZ"))
    assert [place for place, _ in fault.value.faults] == [
        "bericht.object.ZKN:heeftBetrekkingOp.ZKN:hoedanigheid",
        "bericht.object.soortmeldingCode",
    ]


@pytest.mark.parametrize(
    ("known", "text", "read_as"),
    [
        ("V", "19900517", "1990-05-17"),
        ("D", "19900517", "1990-05"),
        ("M", "19900517", "1990"),
        ("J", "19900517", None),
        ("V", "19900500", "1990-05"),
    ],
)
def test_a_date_counts_as_far_as_it_is_known(known: str, text: str, read_as: str | None) -> None:
    born = f'<BG:geboortedatum StUF:indOnvolledigeDatum="{known}">{text}</BG:geboortedatum>'
    assert read(swapped(own.BORN, born)).persons[0].birth_date == read_as


@pytest.mark.parametrize(
    "mark", ['xsi:nil="true"', 'StUF:noValue="geenWaarde"', 'xsi:nil="true" StUF:noValue="waardeOnbekend"']
)
def test_an_element_that_says_it_is_empty_counts_as_absent(mark: str) -> None:
    text = swapped(
        "<BG:sub.emailadres>jan@example.nl</BG:sub.emailadres>", f"<BG:sub.emailadres {mark}>x</BG:sub.emailadres>"
    )
    assert values(read(text))["telefoon_email"] == CONTACTS[:1]


def test_another_prefix_is_the_same_message() -> None:
    assert values(read(own.MELDING.replace("BG:", "b:").replace("xmlns:BG=", "xmlns:b="))) == values(read(own.MELDING))
