"""The answer of the BRP: what feeds which field, what goes with its mark, and what is never kept."""

import json
from typing import Any

import pytest

from connectors import brp_personen, table
from connectors.reasons import Reason
from hub.errors import ManyShapeErrors, ShapeError
from hub.model.delivery import DeliveredField, Parsed, PersonClaim
from hub.model.partner import SUPPLY_KINDS, PartnerKind
from tests.repository import ROOT
from tests.unit.connectors import samples, samples_brp
from tests.unit.connectors.samples_brp import DAY, OTHER, changed, read

ADDRESS = samples_brp.PERSON["verblijfplaats"]


def value(parsed: Parsed, field: str) -> Any:
    return one(parsed, field).levels["vol"]


def one(parsed: Parsed, field: str) -> DeliveredField:
    return next(each for each in parsed.fields if each.field == field)


def reasons(parsed: Parsed) -> dict[str, str]:
    return {each.place: each.reason for each in parsed.not_taken}


def fields(parsed: Parsed) -> set[str]:
    return {each.field for each in parsed.fields}


def place_of(document: Any) -> str | None:
    with pytest.raises(ShapeError) as fault:
        read(document)
    return fault.value.place


def test_each_element_feeds_its_field() -> None:
    parsed = read()
    assert {each.field: each.levels["vol"] for each in parsed.fields} == {
        "bsn": samples.BSN,
        "naam": {
            "geslachtsnaam": "van Voorbeeld",
            "voornamen": "Robin Sam",
            "volledig": "Robin Sam van Voorbeeld",
        },
        "geboortedatum": "1990-05-17",
        "geslacht": "vrouw",
        "brp_adres": {
            "regels": ["Proefstraat tegenover 12 a-bis"],
            "postcode": "9999ZZ",
            "plaats": "Testdorp",
            "gemeente": "Testgemeente",
            "gebruik": "woonadres",
            "periode": {"van": "2021-03"},
        },
        "briefadres": {"briefadres": False, "gemeente": "Testgemeente"},
    }
    assert parsed.persons == (PersonClaim(samples.BSN, "van Voorbeeld", "Robin Sam", "1990-05-17"),)
    assert {each.person for each in parsed.fields} == {"betrokkene"}


def test_what_is_of_others_or_tells_of_descent_is_nowhere_and_told_as_not_taken() -> None:
    parsed = read()
    written = json.dumps([[each.field, each.levels] for each in parsed.fields])
    for never in ("ANDERMAN", samples.OTHER_BSN, "GEBOORTE", "NATIONALITEIT", "VERBLIJFSTITEL", "VORIGLAND", "1234567"):
        assert never not in written
    told = reasons(parsed)
    for element in ("partners", "kinderen", "ouders", "gezag"):
        assert told[f"personen[0].{element}"] == Reason.OTHER_PERSON
    for element in ("nationaliteiten", "verblijfstitel", "immigratie", "geboorte.land", "geboorte.plaats", "aNummer"):
        assert told[f"personen[0].{element}"] == Reason.NOT_IN_HUB
    assert told["personen[0].indicatieCurateleRegister"] == Reason.NO_FIELD


def test_what_nobody_asked_for_is_not_kept_and_still_compared() -> None:
    parsed = read(changed(["naam.geslachtsnaam", "verblijfplaats.verblijfadres.postcode", "geboorte.datum.jaar"]))
    assert {each.field: each.levels["vol"] for each in parsed.fields} == {
        "naam": {"geslachtsnaam": "Voorbeeld"},
        "geboortedatum": "1990-05-17",
        "brp_adres": {"postcode": "9999ZZ"},
    }
    assert parsed.persons[0].bsn == samples.BSN
    told = reasons(parsed)
    assert told["personen[0].burgerservicenummer"] == Reason.NOT_ASKED
    assert told["personen[0].partners"] == Reason.NOT_ASKED
    assert "personen[0].naam" not in told


def test_a_name_that_begins_alike_is_not_asked() -> None:
    assert fields(read(changed(["naam.geslachtsnaamgebruik", "burgerservicenummer"]))) == {"bsn"}


def test_what_the_brp_sends_along_by_itself_counts_unasked() -> None:
    asked = changed(["verblijfplaats"], geheimhoudingPersoonsgegevens=True, rni=[{"categorie": "X"}])
    parsed = read(asked)
    assert value(parsed, "brp_adres")["geheimhouding"] is True
    assert reasons(parsed)["personen[0].rni"] == Reason.NO_FIELD


def test_a_secret_address_is_closed_to_all_but_public_bodies_and_the_person_himself() -> None:
    parsed = read(changed(geheimhoudingPersoonsgegevens=True))
    for field in ("brp_adres", "briefadres"):
        assert set(one(parsed, field).denied_to) == set(PartnerKind) - {
            "college", "burgemeester", "ggd", "politie", "om", "dji", "zvh_procesregisseur", "betrokkene", "toezicht",
        }  # fmt: skip
    assert one(parsed, "naam").denied_to == ()
    assert one(read(changed(geheimhoudingPersoonsgegevens=False)), "brp_adres").denied_to == ()


def test_a_secret_address_is_closed_where_it_is_not_told_too() -> None:
    (closing,) = read(changed(["naam"], geheimhoudingPersoonsgegevens=True)).closings
    assert closing.fields == ("briefadres", "brp_adres")
    assert closing.denied_to == one(read(changed(geheimhoudingPersoonsgegevens=True)), "brp_adres").denied_to
    assert read(changed(["naam"], geheimhoudingPersoonsgegevens=False)).closings == ()


def test_what_is_investigated_goes_with_its_mark_and_a_doubted_bsn_stays_out() -> None:
    mark = {"datumIngangOnderzoek": DAY}
    parsed = read(
        changed(
            inOnderzoek={"burgerservicenummer": True, "geslacht": True, "gemeenteVanInschrijving": True},
            naam={**samples_brp.PERSON["naam"], "inOnderzoek": {**mark, "geslachtsnaam": True, "voornamen": False}},
            geboorte={"datum": DAY, "inOnderzoek": {**mark, "datum": True}},
            verblijfplaats={
                **ADDRESS,
                "inOnderzoek": {"functieAdres": True, **mark},
                "verblijfadres": {**ADDRESS["verblijfadres"], "inOnderzoek": {"huisnummer": True}},
            },
        )
    )
    assert "bsn" not in fields(parsed)
    assert reasons(parsed)["personen[0].burgerservicenummer"] == Reason.IN_DOUBT
    assert value(parsed, "naam")["inOnderzoek"] == ["geslachtsnaam"]
    assert value(parsed, "geslacht") == {"waarde": "vrouw", "inOnderzoek": True}
    assert value(parsed, "geboortedatum") == {"waarde": "1990-05-17", "inOnderzoek": True}
    doubts = ["functieAdres", "huisnummer", "gemeenteVanInschrijving"]
    assert value(parsed, "brp_adres")["inOnderzoek"] == doubts
    assert value(parsed, "briefadres")["inOnderzoek"] == ["functieAdres", "gemeenteVanInschrijving"]


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({"type": "JaarMaandDatum", "jaar": 1990, "maand": 5, "langFormaat": "mei 1990"}, "1990-05"),
        ({"type": "JaarDatum", "jaar": 990}, "0990"),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(told: dict[str, Any], known: str) -> None:
    parsed = read(changed(geboorte={"datum": told}))
    assert (value(parsed, "geboortedatum"), parsed.persons[0].birth_date) == (known, known)


def test_an_unknown_date_is_no_value() -> None:
    parsed = read(changed(geboorte={"datum": {"type": "DatumOnbekend", "onbekend": True}}))
    assert "geboortedatum" not in fields(parsed)
    assert reasons(parsed)["personen[0].geboorte.datum"] == Reason.EMPTY
    assert parsed.persons[0].birth_date is None


@pytest.mark.parametrize("dead", [{"opschortingBijhouding": {"reden": {"code": "O"}}}, {"overlijden": {"datum": DAY}}])
def test_who_died_lives_at_no_address(dead: dict[str, Any]) -> None:
    parsed = read(changed(**dead))
    assert fields(parsed) == {"bsn", "naam", "geboortedatum", "geslacht"}
    told = reasons(parsed)
    assert told["personen[0].verblijfplaats"] == told["personen[0].verblijfplaats.functieAdres"] == Reason.NOT_CURRENT


@pytest.mark.parametrize("reason", ["F", "W"])
def test_of_a_record_that_is_a_mistake_nothing_is_taken(reason: str) -> None:
    parsed = read(changed(opschortingBijhouding={"reden": {"code": reason}}))
    assert (parsed.fields, reasons(parsed)) == ((), {"personen[0]": Reason.MISTAKEN})
    assert parsed.persons


def test_who_moved_abroad_has_an_address_there() -> None:
    abroad = {
        "type": "VerblijfplaatsBuitenland",
        "verblijfadres": {"regel1": "Rue 1", "regel2": "Ville", "land": {"code": "5002", "omschrijving": "Frankrijk"}},
    }
    parsed = read(changed(verblijfplaats=abroad, opschortingBijhouding={"reden": {"code": "E"}}))
    assert value(parsed, "brp_adres") == {
        "regels": ["Rue 1", "Ville"],
        "land": "Frankrijk",
        "gemeente": "Testgemeente",
    }


def test_a_letter_address_is_told_apart_from_a_home() -> None:
    letters = {**ADDRESS, "functieAdres": {"code": "B", "omschrijving": "briefadres"}}
    parsed = read(changed(verblijfplaats=letters))
    assert value(parsed, "briefadres") == {"briefadres": True, "gemeente": "Testgemeente"}
    assert value(parsed, "brp_adres")["gebruik"] == "briefadres"


def test_gone_to_an_unknown_place_and_not_living_there_are_told() -> None:
    unknown = {"type": "VerblijfplaatsOnbekend", "datumVan": DAY}
    known = value(read(changed(verblijfplaats=unknown, without=("adressering",))), "brp_adres")
    assert known == {"gemeente": "Testgemeente", "onbekend": True, "periode": {"van": "1990-05-17"}}
    away = {**ADDRESS, "indicatieVastgesteldVerblijftNietOpAdres": True}
    assert value(read(changed(verblijfplaats=away)), "brp_adres")["verblijftNietOpAdres"] is True


def test_a_place_without_a_street_and_lines_alone_are_addresses() -> None:
    place = {"type": "Locatie", "verblijfadres": {"locatiebeschrijving": "Woonboot bij de brug"}}
    assert value(read(changed(verblijfplaats=place)), "brp_adres")["regels"] == ["Woonboot bij de brug"]
    lines = read(changed(without=("verblijfplaats", "gemeenteVanInschrijving")))
    assert value(lines, "brp_adres") == {"regels": ["Proefstraat 12", "9999 ZZ TESTDORP"]}


def test_a_place_of_which_nothing_is_said_is_told_as_empty() -> None:
    parsed = read(changed(verblijfplaats={"type": "Adres"}, without=("adressering",)))
    assert "brp_adres" not in fields(parsed)
    assert reasons(parsed)["personen[0].verblijfplaats"] == Reason.EMPTY


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "$"),
        ({"type": "RaadpleegMetBurgerservicenummer", "fields": ["naam"]}, "personen"),
        ({"fields": ["naam"], "personen": [samples_brp.PERSON]}, "type"),
        ({"type": "RaadpleegMetBurgerservicenummer", "personen": [samples_brp.PERSON]}, "fields"),
        ({**samples_brp.ANSWER, "type": "Zoek"}, "type"),
        ({**samples_brp.ANSWER, "personen": []}, "personen"),
        ({**samples_brp.ANSWER, "personen": [samples_brp.PERSON, OTHER]}, "personen"),
        ({**samples_brp.ANSWER, "fields": "naam"}, "fields"),
        ({**samples_brp.ANSWER, "fields": ["naam;geboorte"]}, "fields[0]"),
        ({**samples_brp.ANSWER, "burgerservicenummer": [samples.BSN]}, "$"),
        (changed(ONBEKEND=1), "personen[0]"),
        (changed(burgerservicenummer=999900006), "personen[0].burgerservicenummer"),
        (changed(burgerservicenummer="999900007"), "personen[0].burgerservicenummer"),
        (changed(geslacht={"code": "X"}), "personen[0].geslacht.code"),
        (changed(geheimhoudingPersoonsgegevens="ja"), "personen[0].geheimhoudingPersoonsgegevens"),
        (changed(inOnderzoek={"geslacht": 1}), "personen[0].inOnderzoek.geslacht"),
        (changed(geboorte={"datum": "19900517"}), "personen[0].geboorte.datum"),
        (changed(geboorte={"datum": {"type": "Datum"}}), "personen[0].geboorte.datum.datum"),
        (changed(geboorte={"datum": {**DAY, "datum": "1990-02-30"}}), "personen[0].geboorte.datum.datum"),
        (changed(geboorte={"datum": {"type": "JaarMaandDatum", "jaar": 1990, "maand": 13}}),
         "personen[0].geboorte.datum.maand"),
        (changed(verblijfplaats={**ADDRESS, "functieAdres": {"code": "Z"}}),
         "personen[0].verblijfplaats.functieAdres.code"),
        (changed(verblijfplaats={**ADDRESS, "verblijfadres": {"huisnummer": "12"}}),
         "personen[0].verblijfplaats.verblijfadres.huisnummer"),
        ({**samples_brp.ANSWER, "personen": [{"partners": []}]}, "personen[0]"),
        (changed(without=("burgerservicenummer", "geboorte")), "personen[0]"),
        (changed(without=("burgerservicenummer", "naam")), "personen[0]"),
    ],
)  # fmt: skip
def test_what_is_out_of_shape_is_refused_with_its_place(document: Any, place: str) -> None:
    assert place_of(document) == place


def test_a_stored_record_is_no_answer_and_its_faults_hold_no_value() -> None:
    stored = {**samples_brp.ANSWER, "personen": [{"burgerservicenummer": "GEHEIM", "GEHEIM": 1}]}
    with pytest.raises(ManyShapeErrors) as fault:
        read(stored)
    assert "GEHEIM" not in repr(fault.value.faults) + str(fault.value)


def test_it_is_for_those_who_deliver_one_of_its_fields_by_the_catalogue() -> None:
    catalogue = json.loads((ROOT / "policies/hub/catalog/data.json").read_text("utf-8"))["fields"]
    sources = {kind for rule in brp_personen.RULES for kind in catalogue[rule.field]["sources"]}
    assert sources - {kind.value for kind in SUPPLY_KINDS} == {kind.value for kind in table.BRP_KINDS}
    with pytest.raises(ShapeError) as fault:
        read(kind=PartnerKind.WONINGCORPORATIE)
    assert fault.value.place == "Content-Type"
