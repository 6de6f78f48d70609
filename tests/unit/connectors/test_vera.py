"""VERA: which element feeds which field, by which code, of whom; and what a corporation never brings."""

import json
from typing import Any

import pytest

from connectors.reasons import Reason
from connectors.vera import codes, delivery
from hub.errors import ShapeError
from hub.model.delivery import Parsed, PersonClaim
from hub.model.partner import PartnerKind
from tests.repository import ROOT
from tests.unit.connectors import samples, samples_vera
from tests.unit.connectors.samples_vera import (
    HOME,
    LEASE,
    ME,
    NEIGHBOUR,
    NOTICE,
    PERSON,
    case,
    changed,
    code,
    read,
    signal,
)

EXTRA = "extra-attributen"


def values(parsed: Parsed) -> dict[str, Any]:
    return {each.field: each.levels["vol"] for each in parsed.fields}


def reasons(parsed: Parsed) -> dict[str, str]:
    return {each.place: each.reason for each in parsed.not_taken}


def outcome(document: dict[str, Any], place: str) -> tuple[set[str], str | None]:
    """(fields fed from `place`, why it is not taken)."""
    parsed = read(document)
    return {each.field for each in parsed.fields if place in each.place.split(", ")}, reasons(parsed).get(place)


def place_of(document: Any) -> str | None:
    with pytest.raises(ShapeError) as fault:
        read(document)
    return fault.value.place


def test_each_element_feeds_its_field() -> None:
    parsed = read()
    measure = [{"maatregel": "Bezoek met twee", "sinds": "2026-10-01"}]
    assert values(parsed) == {
        "telefoon_email": [{"soort": "Mobiele telefoon", "waarde": "+31600000000", "gebruik": "Privé"}],
        "feitelijk_verblijf": {
            "regels": ["Proefstraat 12 a-bis"],
            "postcode": "9999 ZZ",
            "plaats": "Testdorp",
            "periode": {"van": "2021-03-01"},
        },
        "huishouden_samenstelling": {"aantal": 2, "rollen": ["Medebewoner"]},
        "bewindvoerder": [
            {"naam": "Bewind Proef", "contact": [{"soort": "Telefoon", "waarde": "+31600000003"}]},
        ],
        "verhuurder": [
            {
                "rol": "Woonconsulent",
                "naam": "W. Consulent",
                "contact": [{"soort": "Telefoon", "waarde": "+31600000004", "gebruik": "Zakelijk"}],
            },
            {"rol": "Eigenaar", "naam": "Wonen Proef"},
        ],
        "huurovereenkomst_status": [
            {"soort": "huurovereenkomst", "status": "Lopend", "van": "2021-03-01", "tijdelijk": False},
            {
                "soort": "huuropzegging",
                "status": "In behandeling",
                "gedaan": "2026-12-01",
                "per": "2027-02-01",
                "reden": "Ontruiming",
            },
        ],
        "ontruiming_dreiging": [{"stadium": "In behandeling", "datum": "2027-02-01"}],
        "overlast_meldingen": {
            "aantal": 2,
            "soorten": ["Geluidsoverlast", "Omgevingsoverlast", "Stankoverlast"],
            "laatste": "2026-12-30",
        },
        "huurschuld_indicator": {"huurschuld": True, "klassen": ["Betalingsachterstand"], "sinds": "2026-10-01"},
        "woning_veiligheid": [
            {"feit": "brand", "sinds": "2026-10-01"},
            {"feit": "vervuiling", "sinds": "2026-10-01"},
        ],
        "medewerkersveiligheid_wonen": measure,
        "bezoekregels": measure,
        "gedragsaanwijzing_woning": [{"status": "Afgerond", "van": "2026-06-01"}],
    }
    assert parsed.persons == (PersonClaim(None, "van Voorbeeld", "Robin", "1990-05-17"),)
    assert parsed.reference == "rel-5"


def test_no_free_text_no_amount_and_no_other_person_is_kept() -> None:
    parsed = read()
    written = json.dumps([[each.field, dict(each.levels)] for each in parsed.fields])
    for never in (
        "VRIJE TEKST", "EIGEN NAAM", "MELDER", "HUISGENOOT", "GROEPSNAAM", "OMSCHRIJVING", "TOELICHTING", "ROLTEKST",
        "ZAAKTYPETEKST", "EIGENKENMERK", "701", "21013", "rel-", "ovk-1", "OUDE STRAAT", "FACTUURSTRAAT", "000099",
        "oud@example.nl", "PRIVENUMMER", "1990-05-17", "Voorbeeld",
    ):  # fmt: skip
        assert never not in written
    assert reasons(parsed) == {
        "relatie.nationaliteit": Reason.NOT_IN_HUB,
        "relatie.burgerlijkeStaat": Reason.NOT_IN_HUB,
        "relatie.opleidingen": Reason.NO_FIELD,
        "relaties[0]": Reason.REFERRED_TO,
        "relaties[4]": Reason.OTHER_PERSON,
        "eenheden[0]": Reason.NOT_OF_SOURCE,
        "signaleringen[3].extra-attributen[1]": Reason.NO_FIELD,
    }


def told(parsed: Parsed) -> dict[str, str | None]:
    return {each.field: each.levels.get("sam") for each in parsed.fields}


def test_a_summary_of_the_source_is_the_form_for_readers() -> None:
    summaries = {field: text for field, text in told(read()).items() if text}
    assert summaries == {
        "woning_veiligheid": "De woning is vervuild.",
        "overlast_meldingen": "Meldingen van stank.",
    }


@pytest.mark.parametrize(
    ("extra", "summaries", "unplaced"),
    [
        (["hub-samenvatting"], (None, None), {0: Reason.SUMMARY_WITHOUT_FIELD}),
        (["hub-samenvatting.bezoekregels"], ("Kom met twee.", None), {}),
        (["hub-samenvatting.bezoekregels", "hub-samenvatting.medewerkersveiligheid_wonen"], ("Kom met twee.",) * 2, {}),
        (["hub-samenvatting.naam"], (None, None), {0: Reason.SUMMARY_WITHOUT_FIELD}),
        (["hub-samenvatting.bezoekregels", "eigen"], ("Kom met twee.", None), {1: Reason.NO_FIELD}),
    ],
)
def test_a_part_that_feeds_two_fields_says_which_a_summary_is_for(
    extra: list[str], summaries: tuple[str | None, ...], unplaced: dict[int, Reason]
) -> None:
    added = {EXTRA: [{"naam": name, "waarde": "Kom met twee."} for name in extra]}
    parsed = read(changed(signaleringen=[signal(detailSoort=code("BEZ"), **added)]))
    found = told(parsed)
    assert (found["bezoekregels"], found["medewerkersveiligheid_wonen"]) == summaries
    places = {f"signaleringen[0].{EXTRA}[{index}]": reason for index, reason in unplaced.items()}
    assert {at: why for at, why in reasons(parsed).items() if EXTRA in at} == places


def test_the_source_can_narrow_to_one_field_and_then_needs_no_more_words() -> None:
    named = [{"naam": "hub-samenvatting", "waarde": "Twee."}, {"naam": "hub-veld", "waarde": "bezoekregels"}]
    parsed = read(changed(signaleringen=[signal(detailSoort=code("BEZ"), **{EXTRA: named})]))
    fed = {each.field: each.levels.get("sam") for each in parsed.fields if each.place == "signaleringen[0]"}
    assert fed == {"bezoekregels": "Twee."}


def test_the_relatie_himself_has_summaries_by_field() -> None:
    added = [{"naam": "hub-samenvatting.telefoon_email", "waarde": "Mobiel bereikbaar."}]
    parsed = read(changed(relatie={**PERSON, EXTRA: added}))
    assert told(parsed)["telefoon_email"] == "Mobiel bereikbaar."


def test_a_field_that_the_codes_do_not_bear_is_not_fed() -> None:
    named = {EXTRA: [{"naam": "hub-veld", "waarde": "woning_veiligheid"}]}
    document = changed(signaleringen=[signal(detailSoort=code("GEL"), **named)])
    assert outcome(document, "signaleringen[0]") == (set(), Reason.FIELD_MISMATCH)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (signal(detailSoort=code("SEU")), Reason.NOT_IN_HUB),
        (signal(detailSoort=code("PRO")), Reason.NOT_IN_HUB),
        (signal(detailSoort=code("RAC")), Reason.NOT_IN_HUB),
        (signal(detailSoort=code("CUR")), Reason.NOT_OF_SOURCE),
        (signal(detailSoort=code("HEN")), Reason.NOT_OF_SOURCE),
        (signal(soort=code("ONB")), Reason.NOT_OF_SOURCE),
        (signal(soort=code("AGR"), detailSoort=code("VEB")), Reason.NO_FIELD),
        (signal(detailSoort=code("BEW")), Reason.NO_FIELD),
        (signal(), Reason.NO_FIELD),
        (signal(soort=code("OVE"), status=code("VER")), Reason.NOT_CURRENT),
        (signal(soort=code("OVE"), status=code("PAS")), Reason.NOT_CURRENT),
        (signal(soort=code("OVE"), einddatum="2027-01-09T00:00:00Z"), Reason.NOT_CURRENT),
        (signal(soort=code("OVE"), begindatum="2027-01-11T00:00:00Z"), Reason.NOT_SETTLED),
        ({"status": code("ACT"), "soort": code("OVE")}, Reason.WHOSE),
    ],
)
def test_a_signalering_that_is_not_taken_says_why(part: dict[str, Any], reason: Reason) -> None:
    assert outcome(changed(signaleringen=[part]), "signaleringen[0]") == (set(), reason)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (case("SOC", "PSY"), Reason.NOT_OF_SOURCE),
        (case("SOC", "VER"), Reason.NOT_OF_SOURCE),
        (case("SOC", "DRU"), Reason.NOT_OF_SOURCE),
        (case("SOC", "AGR"), Reason.NOT_OF_SOURCE),
        (case("FIN", "HUA"), Reason.NO_FIELD),
        (case("WOO"), Reason.NO_FIELD),
        (case("OMG", zaaktype={"soort": code("OMG"), "vertrouwelijkheid": code("GEH")}), Reason.NOT_IN_HUB),
        (case("OMG", zaakstatussen=[{"soort": code("GEA")}]), Reason.MISTAKEN),
        (case("OMG", rollen=[]), Reason.WHOSE),
        (case("OMG", rollen=[], relaties=[ME]), Reason.WHOSE),
        (case("OMG", rollen=[{"soort": code("MEL"), "relatie": ME}]), Reason.WHOSE),
        (case("OMG", rollen=[{"soort": code("KLG"), "relatie": ME}, {"soort": code("BEK"), "relatie": NEIGHBOUR}]),
         Reason.WHOSE),
    ],
)  # fmt: skip
def test_a_zaak_that_is_not_taken_says_why(part: dict[str, Any], reason: Reason) -> None:
    assert outcome(changed(zaken=[part]), "zaken[0]") == (set(), reason)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({**LEASE, "status": code("VOO")}, Reason.NOT_SETTLED),
        ({**LEASE, "status": code("GOE")}, Reason.NOT_SETTLED),
        ({**LEASE, "status": code("GEA")}, Reason.MISTAKEN),
        ({**LEASE, "soort": code("KOO")}, Reason.NO_FIELD),
        ({**LEASE, "relaties": []}, Reason.WHOSE),
        ({**LEASE, "relaties": [{**ME, "rollen": [{"soort": code("BET")}]}]}, Reason.WHOSE),
    ],
)
def test_a_lease_that_is_not_taken_says_why(part: dict[str, Any], reason: Reason) -> None:
    assert outcome(changed(huurovereenkomsten=[part]), "huurovereenkomsten[0]") == (set(), reason)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({**NOTICE, "status": code("AFG")}, Reason.REFUTED),
        ({**NOTICE, "status": code("GEA")}, Reason.MISTAKEN),
        ({**NOTICE, "huurovereenkomst": {"id": "ovk-2"}}, Reason.WHOSE),
    ],
)
def test_a_notice_that_is_not_taken_says_why(part: dict[str, Any], reason: Reason) -> None:
    document = changed(huurovereenkomsten=[LEASE], huuropzeggingen=[part])
    assert outcome(document, "huuropzeggingen[0]") == (set(), reason)


def test_a_notice_of_the_person_himself_needs_no_lease() -> None:
    notice = {**NOTICE, "relaties": ["https://relaties.vera.example/v4/relaties/rel-5"]}
    fed, _ = outcome(changed(huuropzeggingen=[notice]), "huuropzeggingen[0]")
    assert fed == {"huurovereenkomst_status", "ontruiming_dreiging"}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"signaleringen": [signal(relatie=NEIGHBOUR)]}, "signaleringen[0].relatie"),
        ({"signaleringen": [signal(relatie="https://vera.example/relaties/rel-9")]}, "signaleringen[0].relatie"),
        ({"zaken": [case("OMG", rollen=[{"soort": code("BEK"), "relatie": NEIGHBOUR}])]}, "zaken[0]"),
        ({"huurovereenkomsten": [{**LEASE, "relaties": [NEIGHBOUR]}]}, "huurovereenkomsten[0].relaties"),
    ],
)
def test_a_document_that_is_also_about_another_is_refused_whole(changes: dict[str, Any], place: str) -> None:
    assert place_of(changed(**changes)) == place


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "$"),
        ({"vera": "4.3"}, "relatie"),
        ({"relatie": PERSON}, "vera"),
        (changed(vera="3.9"), "vera"),
        (changed(dossiers=[]), "$"),
        (changed(signaleringen={}), "signaleringen"),
        (changed(signaleringen=[{**signal(soort=code("OVE")), "ONBEKEND": 1}]), "signaleringen[0]"),
        (changed(signaleringen=[signal(soort=code("ZZZ"))]), "signaleringen[0].soort.code"),
        (changed(signaleringen=[signal(soort="OVE")]), "signaleringen[0].soort"),
        (changed(signaleringen=[signal(soort=code("AGR"), detailSoort=code("GEL"))]),
         "signaleringen[0].detailSoort.code"),
        (changed(signaleringen=[{"relatie": ME}]), "signaleringen[0].status"),
        (changed(signaleringen=[signal(status=code("X"))]), "signaleringen[0].status.code"),
        (changed(signaleringen=[signal(begindatum="2026-02-30T00:00:00Z")]), "signaleringen[0].begindatum"),
        (changed(signaleringen=[signal(begindatum="1-10-2026")]), "signaleringen[0].begindatum"),
        (changed(signaleringen=[signal(relatie={"achternaam": "X"})]), "signaleringen[0].relatie"),
        (changed(zaken=[case("OMG", rollen=[{"soort": code("XXX"), "relatie": ME}])]), "zaken[0].rollen[0].soort.code"),
        (changed(zaken=[case("OMG", "XXX")]), "zaken[0].zaaktype.detailSoort.code"),
        (changed(zaken=[case("OMG", zaakstatussen=[{"soort": code("XXX")}])]), "zaken[0].zaakstatussen[0].soort.code"),
        (changed(huurovereenkomsten=[{**LEASE, "status": code("XXX")}]), "huurovereenkomsten[0].status.code"),
        (changed(huuropzeggingen=[{**NOTICE, "eindeReden": code("OPZ")}]), "huuropzeggingen[0].eindeDetailReden.code"),
        (changed(eenheden=[{**HOME, "woonvorm": code("XXX")}]), "eenheden[0].woonvorm.code"),
        (changed(relatie={**PERSON, "id": 5}), "relatie.id"),
        (changed(relatie={**PERSON, "soort": code("REC")}), "relatie.soort"),
        (changed(relatie={"id": "rel-5", "achternaam": "Voorbeeld"}), "relatie.geboortedatum"),
        (changed(relatie={"id": "rel-5", "geboortedatum": "1990-05-17"}), "relatie.achternaam"),
        (changed(relatie={"achternaam": "Voorbeeld", "geboortedatum": "1990-05-17"}), "relatie.id"),
        (changed(relatie={**PERSON, "bsn": samples.BSN}), "relatie.bsn"),
        (changed(relaties=[{"id": "rel-6", "bsn": samples.OTHER_BSN}]), "relaties[0].bsn"),
        (changed(zaken=[case("OMG", relaties=[{**NEIGHBOUR, "bsn": samples.OTHER_BSN}])]), "zaken[0].relaties[0].bsn"),
        (changed(relaties=[{"id": "rel-6", "rollen": [{"soort": code("XXX")}]}]), "relaties[0].rollen[0].soort.code"),
    ],
)  # fmt: skip
def test_what_is_out_of_shape_is_refused_with_its_place(document: Any, place: str) -> None:
    assert place_of(document) == place


def test_a_secret_number_is_not_handed_on() -> None:
    secret = {"soort": code("TEL"), "waarde": "+31600000000", "vertrouwelijkheid": code("GEH")}
    parsed = read(changed(relatie={**PERSON, "contactgegevens": [secret]}))
    assert reasons(parsed)["relatie.contactgegevens"] == Reason.EMPTY


def test_a_role_that_ended_or_is_towards_another_counts_no_more() -> None:
    ended = {"id": "r-1", "naam": "Oud Bewind", "rollen": [{"soort": code("BWI"), "einddatum": "2026-12-31"}]}
    of_another = {"id": "r-2", "naam": "Bewind", "rollen": [{"soort": code("BWI"), "rolRelatie": NEIGHBOUR}]}
    parsed = read(changed(relaties=[ended, of_another]))
    assert "bewindvoerder" not in values(parsed)
    assert reasons(parsed)["relaties[0]"] == reasons(parsed)["relaties[1]"] == Reason.OTHER_PERSON


def test_who_is_curator_or_cares_for_him_is_not_for_a_corporation_to_say() -> None:
    others = [{"id": f"r-{short}", "naam": "X", "rollen": [{"soort": code(short)}]} for short in ("CUR", "AMB")]
    assert {reasons(read(changed(relaties=others)))[f"relaties[{index}]"] for index in (0, 1)} == {Reason.NOT_OF_SOURCE}


def test_the_name_of_birth_is_compared_where_it_is_told_apart() -> None:
    married = {**PERSON, "geslachtsnaam": "Geboren", "achternaam": "Getrouwd"}
    assert read(changed(relatie=married)).persons[0].family_name == "Geboren"
    same = {**PERSON, "geslachtsnaam": "Voorbeeld"}
    assert read(changed(relatie=same)).persons[0].family_name == "van Voorbeeld"


def test_a_key_that_could_be_a_bsn_is_no_reference() -> None:
    for key in (samples.BSN, f" {samples.BSN}"):
        assert read(changed(relatie={**PERSON, "id": key})).reference is None


def test_the_casusregisseur_says_which_home_would_fit_and_no_more() -> None:
    parsed = read(kind=PartnerKind.CASUSREGISSEUR)
    assert values(parsed) == {"woonwens_passend": [{"soorten": ["Skaeve Huse", "Begeleid wonen"]}]}
    assert reasons(parsed)["signaleringen[0]"] == Reason.NOT_OF_SOURCE
    by_health = changed(eenheden=[{"aanvullendeDoelgroep": code("PSY"), "woonvorm": code("BEG")}])
    told = samples_vera.read(by_health, PartnerKind.CASUSREGISSEUR)
    assert (values(told), reasons(told)["eenheden[0]"]) == ({}, Reason.NOT_IN_HUB)


@pytest.mark.parametrize("kind", sorted(set(PartnerKind) - {"woningcorporatie", "casusregisseur"}))
def test_it_is_for_no_other_kind_of_partner(kind: PartnerKind) -> None:
    with pytest.raises(ShapeError) as fault:
        read(kind=PartnerKind(kind))
    assert fault.value.place == "Content-Type"


def test_each_rule_feeds_a_field_that_its_source_may_deliver() -> None:
    catalogue = json.loads((ROOT / "policies/hub/catalog/data.json").read_text("utf-8"))["fields"]
    assert not [rule.field for rule in delivery.RULES if rule.kind.value not in catalogue[rule.field]["sources"]]


def test_each_code_of_a_rule_is_reference_data() -> None:
    named = {each for rule in delivery.RULES if not rule.when for each in rule.codes}
    assert named
    assert all(codes.name_of(each) for each in named)


@pytest.mark.parametrize("towards", ["https://x.example/relaties/7", {"id": "7"}])
def test_his_external_key_is_not_the_id_of_another(towards: Any) -> None:
    document = changed(relatie={**PERSON, "idExtern": "7"}, signaleringen=[signal(soort=code("OVE"), relatie=towards)])
    assert place_of(document) == "signaleringen[0].relatie"
