"""Which format, and who may use it."""

import json

import pytest

from connectors import table
from hub.errors import ShapeError
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples, samples_brp, samples_vera
from tests.unit.connectors import samples_corv_zgw as own


@pytest.mark.parametrize("name", ["application/json", "application/JSON; charset=UTF-8"])
def test_a_general_name_is_looked_into(name: str) -> None:
    assert table.parse(name, samples.text(samples.GOAL), samples.context()).fields[0].field == "behandeldoelen"
    assert len(table.parse(name, samples.text(samples.LEVERING), samples.context()).fields) == 3
    police = samples.context(PartnerKind.POLITIE)
    assert len(table.parse(name, samples.text(samples.VERSTREKKING), police).fields) == 2


@pytest.mark.parametrize(
    "name",
    [
        "application/fhir+json",
        "Application/FHIR+JSON ; Charset=UTF-8",
        'application/fhir+json;charset="utf-8";fhirVersion=4.0',
        'application/fhir+json; fhirversion="4.0.1"; boundary="a;\\"b"; q=1;',
    ],
)
def test_the_parameters_of_a_media_type_are_read_as_http_writes_them(name: str) -> None:
    assert table.parse(name, samples.text(samples.GOAL), samples.context()).fields


def test_xml_under_a_general_name_is_fhir() -> None:
    assert table.parse("text/xml", samples.xml(samples.GOAL), samples.context()).fields


@pytest.mark.parametrize(
    "name",
    [
        "",
        "text/csv",
        "application/fhir+json; fhirVersion=5.0",
        "application/fhir+json; charset=utf-16",
        "x\r\ny: z",
        "é;=",
        "application/fhir+json; charset*=a; charset*0=b",
        "application/fhir+json; fhirVersion*=a; fhirVersion*1=b",
        "application/json; x*=a; x*1=b",
        "application/fhir+json; charset*" + "1" * 5_000 + "=a",
        "application/fhir+json; charset*=utf-8''utf-8",
        "application/fhir+json; charset*0=utf-8",
        "application/fhir+json; charset=utf-8; charset=utf-8",
        "application/fhir+json; charset=utf-8; CHARSET=utf-16",
        "application/fhir+json; charset",
        "application/fhir+json; charset=",
        'application/fhir+json; charset="utf-8',
        "application/fhir+json charset=utf-8",
        "application/fhir+json\n",
        "application/fhir+json, application/fhir+json",
    ],
)
def test_another_format_is_refused(name: str) -> None:
    with pytest.raises(ShapeError) as fault:
        table.parse(name, samples.text({"resourceType": "Patient"}), samples.context())
    assert fault.value.place == "Content-Type"


@pytest.mark.parametrize("kind", [PartnerKind.POLITIE, PartnerKind.OM, PartnerKind.DJI])
@pytest.mark.parametrize(
    ("name", "document"),
    [(samples.OWN, samples.LEVERING), (samples.JSON, samples.GOAL), ("application/json", samples.LEVERING)],
)
def test_police_and_justice_have_no_way_around_the_supply_record(
    kind: PartnerKind, name: str, document: samples.Resource
) -> None:
    with pytest.raises(ShapeError) as fault:
        table.parse(name, samples.text(document), samples.context(kind))
    assert fault.value.place == "Content-Type"


def test_the_form_of_police_and_justice_is_theirs_alone() -> None:
    with pytest.raises(ShapeError):
        table.parse(samples.SUPPLY, samples.text(samples.VERSTREKKING), samples.context(PartnerKind.GGZ))


@pytest.mark.parametrize(
    ("document", "media_type"),
    [
        (own.MELDING, own.CORV),
        (own.VCOB, own.CORV),
        ("<c:vcobDi01 xmlns:c='x'/>", own.CORV),
        ("\ufeff <!-- <Patient> --><vcobDi01/>", samples.XML),
        ("<Patient/>", samples.XML),
        ("<", samples.XML),
        (json.dumps(own.ZAAK), own.ZGW),
        (json.dumps(own.PAGE), own.ZGW),
        (json.dumps(own.SUPPLIED), own.CORV_SUPPLY),
        (json.dumps(samples.VERSTREKKING), samples.SUPPLY),
        (json.dumps(samples_vera.DOCUMENT), samples_vera.VERA),
        (json.dumps(samples_brp.ANSWER), samples_brp.BRP),
        (json.dumps(samples.LEVERING), samples.OWN),
        (json.dumps({"resourceType": "Goal", "zaaktype": 1}), samples.JSON),
        (json.dumps({"bericht": own.MELDING}), samples.OWN),
        (json.dumps({"results": []}), samples.OWN),
        ("[1]", samples.OWN),
        ("{", samples.OWN),
        ("", samples.OWN),
        (b"\xff not json", samples.OWN),
    ],
)
def test_a_file_is_taken_for(document: str | bytes, media_type: str) -> None:
    assert table.media_type_of(document.encode() if isinstance(document, str) else document) == media_type


def test_each_format_is_known_by_something_of_its_own() -> None:
    marks = [mark for each in table.FORMATS for mark in (*each.keys, *([] if each.root is None else [each.root]))]
    assert len(marks) == len(set(marks))
    assert all(each.keys or each.root is not None for each in table.FORMATS)


def test_a_wrong_guess_is_refused_with_a_place() -> None:
    with pytest.raises(ShapeError) as fault:
        table.parse("application/xml", b"<!-- <Patient> --><vcobDi01/>", samples.context())
    assert fault.value.place


def test_media_type_names_are_given_once() -> None:
    names = [name for each in table.FORMATS for name in each.media_types]
    assert len(names) == len(set(names))
