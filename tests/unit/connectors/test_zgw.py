"""A zaak of ZGW: which element feeds which field, what is never read, and where a fault is."""

import copy
from typing import Any

import pytest

from connectors import table, zgw
from connectors.reasons import Reason
from hub.errors import ManyShapeErrors, ShapeError
from hub.model.delivery import Parsed, PersonClaim
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples
from tests.unit.connectors import samples_corv_zgw as own

VALUE = {
    "soort": "Schuldhulpverlening",
    "van": "2026-11-02",
    "geplandTot": "2027-05-01",
    "status": {"omschrijving": "Traject gestart", "datum": "2026-12-01"},
    "uitkomst": "Toegekend",
}
FED = {"vol": [VALUE], "sam": "Zit in een traject."}
ADDRESS = {"regels": ["Dorpsstraat 12 A-2"], "postcode": "1234AB", "plaats": "Ons Dorp"}


def read(document: Any, kind: PartnerKind = PartnerKind.COLLEGE) -> Parsed:
    return table.parse(own.ZGW, samples.text(document), samples.context(kind))


def values(parsed: Parsed) -> dict[str, Any]:
    return {field.field: field.levels for field in parsed.fields}


def reasons(parsed: Parsed) -> dict[str, str]:
    return {item.place: item.reason for item in parsed.not_taken}


def test_each_element_feeds_its_field() -> None:
    parsed = read(own.ZAAK)
    assert values(parsed) == {
        "bsn": {"vol": samples.BSN},
        "naam": {"vol": {"geslachtsnaam": "van Voorbeeld", "voornamen": "Jan"}},
        "geboortedatum": {"vol": "1990-05-17"},
        "geslacht": {"vol": "man"},
        "brp_adres": {"vol": ADDRESS},
        "schuldhulp_status": FED,
        "casusregisseur": {"vol": {"organisatie": "Team Schulden"}},
    }
    assert parsed.persons == (PersonClaim(samples.BSN, "van Voorbeeld", "Jan", "1990-05-17"),)
    assert parsed.reference == "ZAAK-2026-0001"
    assert {field.place for field in parsed.fields} == {
        "$",
        "_expand.rollen[0].betrokkeneIdentificatie",
        "_expand.rollen[3]",
    }


def test_an_address_that_no_college_gives_is_where_he_stays() -> None:
    told = values(read(own.ZAAK, PartnerKind.ZVH_PROCESREGISSEUR))
    assert told["feitelijk_verblijf"] == {"vol": ADDRESS}
    assert "brp_adres" not in told


@pytest.mark.parametrize("field", zgw.ZAAK_FIELDS)
def test_the_source_names_the_field_that_a_zaak_feeds(field: str) -> None:
    kenmerken = [{"kenmerk": field, "bron": "hub-veld"}]
    assert values(read(own.zaak(kenmerken=kenmerken)))[field] == FED


@pytest.mark.parametrize(
    ("kenmerken", "reason"),
    [
        ([], Reason.NO_FIELD),
        ([{"kenmerk": "schuldhulp_status", "bron": "elders"}], Reason.NO_FIELD),
        ([{"kenmerk": "casus_fase", "bron": "hub-veld"}], Reason.FIELD_MISMATCH),
        ([{"kenmerk": "casus_bestaat", "bron": "hub-veld"}], Reason.FIELD_MISMATCH),
        ([{"kenmerk": "diagnose_dsm", "bron": "hub-veld"}], Reason.FIELD_MISMATCH),
    ],
)
def test_a_zaak_that_names_no_field_of_a_zaak_feeds_none(kenmerken: Any, reason: Reason) -> None:
    parsed = read(own.zaak(kenmerken=kenmerken))
    assert reasons(parsed)["$"] == reason
    assert not {"schuldhulp_status", "casus_fase", "casus_bestaat", "diagnose_dsm"} & values(parsed).keys()


def test_a_zaak_without_kind_and_status_is_empty() -> None:
    assert reasons(read(own.expanded(zaaktype={}, status={}) | {"omschrijving": ""}))["$"] == Reason.EMPTY


@pytest.mark.parametrize(
    "kenmerken",
    [[], [{"kenmerk": field, "bron": "hub-veld"} for field in ("indicatie", "wmo_voorziening")]],
)
def test_a_summary_is_for_the_one_field_that_the_zaak_feeds(kenmerken: Any) -> None:
    parsed = read(own.zaak(kenmerken=kenmerken))
    assert reasons(parsed)["_expand.eigenschappen[0]"] == Reason.SUMMARY_WITHOUT_FIELD
    assert not [levels for levels in values(parsed).values() if "sam" in levels]


def test_summaries_of_a_page_stand_below_each_other() -> None:
    other = own.expanded(eigenschappen=[{"naam": "hub-samenvatting", "waarde": "Ander traject."}])
    told = values(read({"count": 3, "results": [own.ZAAK, other, own.ZAAK]}))["schuldhulp_status"]
    assert told["sam"] == "Zit in een traject.\nAnder traject."


def test_without_a_described_zaaktype_the_zaak_describes_itself() -> None:
    assert values(read(own.expanded(zaaktype={})))["schuldhulp_status"]["vol"][0]["soort"] == "OMSCHRIJVING VAN DE ZAAK"


def test_what_is_never_kept_is_nowhere() -> None:
    parsed = read(own.ZAAK)
    told = repr((parsed.fields, parsed.persons, parsed.not_taken, parsed.reference))
    never = ("TOELICHTING", "CONTACTPERSOON", "MEDEWERKER", "NUMMER", "zeer_geheim", "DOEL", samples.OTHER_BSN, "http")
    assert not [word for word in never if word in told]
    assert reasons(parsed) == {
        "_expand.rollen[1]": Reason.OTHER_PERSON,
        "_expand.rollen[2]": Reason.OTHER_PERSON,
        "zaakinformatieobjecten": Reason.ATTACHMENT,
    }


def test_what_expand_adds_besides_is_left_where_it_is() -> None:
    more = {
        "zaakinformatieobjecten": [{"inhoud": "BIJLAGE"}],
        "eigenschappen": [{"naam": "x", "waarde": "BIJZONDERHEID"}],
        "zaakobjecten": [{}],
        "hoofdzaak": {"omschrijving": "ANDERE ZAAK"},
        "deelzaken": [{"omschrijving": "ANDERE ZAAK"}],
        "relevanteAndereZaken": [{}],
    }
    parsed = read(own.expanded(**more))
    left = {
        place: reason for place, reason in reasons(parsed).items() if place.rpartition(".")[2].split("[")[0] in more
    }
    assert left == {
        "_expand.zaakinformatieobjecten": Reason.ATTACHMENT,
        "_expand.eigenschappen[0]": Reason.NO_FIELD,
        "_expand.zaakobjecten": Reason.NO_FIELD,
        "_expand.hoofdzaak": Reason.REFERRED_TO,
        "_expand.deelzaken": Reason.REFERRED_TO,
        "_expand.relevanteAndereZaken": Reason.REFERRED_TO,
    }
    assert "BIJLAGE" not in repr(parsed)
    assert "BIJZONDERHEID" not in repr(parsed)
    assert "ANDERE ZAAK" not in repr(parsed)


def test_the_belanghebbende_comes_before_who_asked() -> None:
    only = read(own.expanded(rollen=[own.person_role(samples.OTHER_BSN, "initiator")]))
    assert [person.bsn for person in only.persons] == [samples.OTHER_BSN]
    assert read(own.ZAAK).persons[0].bsn == samples.BSN


@pytest.mark.parametrize(
    "role",
    [
        own.person_role(samples.OTHER_BSN, "adviseur"),
        own.person_role(samples.OTHER_BSN, "klantcontacter"),
        own.person_role(samples.OTHER_BSN, "belanghebbende", indicatieMachtiging="gemachtigde"),
    ],
)
def test_who_works_on_a_zaak_or_stands_in_for_another_is_not_whom_it_is_about(role: Any) -> None:
    parsed = read(own.expanded(rollen=[own.person_role(), role]))
    assert [person.bsn for person in parsed.persons] == [samples.BSN]
    assert reasons(parsed)["_expand.rollen[1]"] == Reason.OTHER_PERSON


def test_without_belanghebbende_it_is_who_asked_and_not_who_advises() -> None:
    roles = [own.person_role(generic="initiator"), own.person_role(samples.OTHER_BSN, "adviseur")]
    assert [person.bsn for person in read(own.expanded(rollen=roles)).persons] == [samples.BSN]


@pytest.mark.parametrize("kind", [PartnerKind.POLITIE, PartnerKind.OM, PartnerKind.DJI])
def test_police_and_justice_deliver_no_zaak(kind: PartnerKind) -> None:
    with pytest.raises(ShapeError) as fault:
        read(own.ZAAK, kind)
    assert fault.value.place == "Content-Type"


def test_two_belanghebbenden_are_both_held_against_the_casus() -> None:
    parsed = read(own.expanded(rollen=[own.person_role(), own.person_role(samples.OTHER_BSN)]))
    assert {person.bsn for person in parsed.persons} == {samples.BSN, samples.OTHER_BSN}
    assert "bsn" not in values(parsed)
    assert reasons(parsed)["_expand.rollen[1].betrokkeneIdentificatie"] == Reason.CONTRADICTION


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        (own.office_role("Team", "Behandelaar"), Reason.NO_FIELD),
        (own.office_role("", "procesregisseur"), Reason.EMPTY),
        (own.office_role("Team", "casusregisseur", eindeGeldigheid="2026-12-31"), Reason.NOT_CURRENT),
        ({"betrokkeneType": "vestiging", "betrokkeneIdentificatie": {"handelsnaam": ["WINKEL"]}}, Reason.NO_FIELD),
    ],
)
def test_a_role_that_says_no_office_of_the_casus(role: Any, reason: Reason) -> None:
    parsed = read(own.expanded(rollen=[role]))
    assert reasons(parsed)["_expand.rollen[0]"] == reason
    assert not {"casusregisseur", "procesregisseur"} & values(parsed).keys()


def test_offices_that_differ_are_not_taken() -> None:
    roles = [own.office_role("Team A", "Procesregisseur"), own.office_role("Team B", " procesregisseur")]
    parsed = read(own.expanded(rollen=roles))
    assert "procesregisseur" not in values(parsed)
    assert list(reasons(parsed).values()).count(Reason.CONTRADICTION) == 2


def test_a_page_grows_into_one_list_a_field() -> None:
    parsed = read({**own.PAGE, "count": 2, "results": [own.ZAAK, own.zaak(einddatum="2027-01-02")]})
    assert [each.get("tot") for each in values(parsed)["schuldhulp_status"]["vol"]] == [None, "2027-01-02"]
    assert values(parsed)["casusregisseur"] == {"vol": {"organisatie": "Team Schulden"}}
    assert parsed.reference is None
    assert "results[1]._expand.rollen[1]" in reasons(parsed)


def changed_role(**identified: Any) -> Any:
    role = own.person_role()
    role["betrokkeneIdentificatie"].update(identified)
    return own.expanded(rollen=[role])


_ROLE = "_expand.rollen[0].betrokkeneIdentificatie"


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "$"),
        ({}, "$"),
        (own.person_role(), "$"),
        ({"statustype": "https://example.nl/1"}, "$"),
        ({"results": []}, "results"),
        ({"results": [own.ZAAK], "GEHEIM": 1}, "results"),
        ({"results": [{**own.ZAAK, "startdatum": 1}]}, "results[0].startdatum"),
        ({"results": [own.ZAAK, 1]}, "results[1]"),
        (own.zaak(GEHEIM=1), "$"),
        (own.zaak(startdatum="2027-02-30"), "startdatum"),
        (own.zaak(kenmerken=[{"kenmerk": "x"}]), "kenmerken[0].bron"),
        (own.zaak(kenmerken=[{"kenmerk": "x" * 41, "bron": "y"}]), "kenmerken[0].kenmerk"),
        (own.zaak(identificatie=samples.BSN), "identificatie"),
        (own.zaak(identificatie=f" {samples.BSN} "), "identificatie"),
        (own.zaak(startdatum="2027-W01-1"), "startdatum"),
        (own.zaak(_expand={"GEHEIM": 1}), "_expand"),
        (own.expanded(status={"datumStatusGezet": "gisteren"}), "_expand.status.datumStatusGezet"),
        (own.expanded(rollen=[own.person_role(generic="buurman")]), "_expand.rollen[0].omschrijvingGeneriek"),
        (own.expanded(rollen=[{"betrokkeneType": "buurman"}]), "_expand.rollen[0].betrokkeneType"),
        (own.expanded(eigenschappen=[{"naam": "hub-samenvatting", "waarde": " "}]), "_expand.eigenschappen[0].waarde"),
        (own.expanded(eigenschappen=[{"naam": "x"}]), "_expand.eigenschappen[0].waarde"),
        (own.expanded(rollen=[{}]), "_expand.rollen[0].betrokkeneType"),
        (changed_role(inpBsn="999900007"), f"{_ROLE}.inpBsn"),
        (changed_role(inpBsn=999900006), f"{_ROLE}.inpBsn"),
        (changed_role(geboortedatum="1990-13-17"), f"{_ROLE}.geboortedatum"),
        (changed_role(geslachtsaanduiding="x"), f"{_ROLE}.geslachtsaanduiding"),
        (changed_role(verblijfsadres={"aoaHuisnummer": "12"}), f"{_ROLE}.verblijfsadres.aoaHuisnummer"),
        (changed_role(GEHEIM="x"), _ROLE),
    ],
)
def test_a_document_out_of_shape_is_refused_with_its_place(document: Any, place: str) -> None:
    with pytest.raises(ShapeError) as fault:
        read(document)
    assert fault.value.place == place
    told = f"{fault.value} {getattr(fault.value, 'faults', '')}"
    assert not [value for value in ("GEHEIM", "999900007", "1317", "gisteren") if value in told]


def test_all_faults_are_told_together() -> None:
    with pytest.raises(ManyShapeErrors) as fault:
        read({"results": [own.zaak(startdatum=1, einddatum=2)]})
    assert [place for place, _ in fault.value.faults] == ["results[0].einddatum", "results[0].startdatum"]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("1990", "1990"), ("1990-05", "1990-05"), ("19900517", "1990-05-17"), ("19900500", "1990-05"), ("", None)],
)
def test_a_date_of_birth_counts_as_far_as_it_is_known(written: str, read_as: str | None) -> None:
    assert read(changed_role(geboortedatum=written)).persons[0].birth_date == read_as


def test_a_zaak_of_version_1_5_and_one_without_expand_are_read() -> None:
    bare = {key: value for key, value in copy.deepcopy(own.ZAAK).items() if key != "_expand"}
    parsed = read(bare)
    assert values(parsed).keys() == {"schuldhulp_status"}
    assert not parsed.persons
