"""Strict XML: no DTD, no entities, bounded."""

import pytest

from connectors import table, xml_tree
from connectors.context import MAX_BYTES, MAX_DEPTH
from hub.errors import ManyShapeErrors, ShapeError, TooLarge
from tests.unit.connectors import samples

OPEN = b'<Patient xmlns="http://hl7.org/fhir">'


@pytest.mark.parametrize(
    "document",
    [
        b"<!DOCTYPE Patient>" + OPEN + b"</Patient>",
        b'<!DOCTYPE Patient [<!ENTITY a "b">]>' + OPEN + b'<id value="&a;"/></Patient>',
        b'<!doctype Patient SYSTEM "file:///etc/passwd">' + OPEN + b"</Patient>",
        OPEN + b'<id value="&unknown;"/></Patient>',
        b'<?xml version="1.0" encoding="UTF-16"?>' + OPEN + b"</Patient>",
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        OPEN + b"</Patien>",
        OPEN + b'<id value="a" value="b"/></Patient>',
        b"",
        b"\x00",
    ],
)
def test_what_is_no_plain_xml_is_refused_with_its_place(document: bytes) -> None:
    with pytest.raises(ShapeError) as fault:
        xml_tree.read(document)
    assert fault.value.place


def test_depth_number_and_size_are_bounded() -> None:
    with pytest.raises(TooLarge):
        xml_tree.read(b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1))
    with pytest.raises(TooLarge):
        xml_tree.read(b"<a>" + b"<b/>" * 50_001 + b"</a>")
    with pytest.raises(TooLarge):
        xml_tree.read(b"<a>" + b"<b></b>" * 50_001 + b"</a>")
    with pytest.raises(TooLarge):
        xml_tree.read(b"<a>" + b" " * MAX_BYTES + b"</a>")


def test_comments_and_instructions_are_passed_over() -> None:
    root = xml_tree.read(b"<?xml version='1.0'?><?go away?><a><!-- secret --><b/></a>")
    assert [child.tag for child in root] == ["b"]


@pytest.mark.parametrize(
    ("inner", "place"),
    [
        (b'<birthDate value="2014-13-01"/>', "Patient.birthDate"),
        (
            b'<contact><name><period><start value="x"/></period></name></contact>',
            "Patient.contact[0].name.period.start",
        ),
        (b'<unheard value="999900006"/>', "Patient"),
        (b'<name><family value="a"/><family value="b"/></name>', "Patient.name[0].family"),
        (b'<birthDate value="2014-01-01">stray</birthDate>', "Patient.birthDate"),
        (b"stray<active value='true'/>", "Patient"),
        (b"<active value='true'/>stray", "Patient"),
        (b'<birthDate size="1" value="2014-01-01"/>', "Patient.birthDate"),
        (b'<active value="yes"/>', "Patient.active"),
        (b'<name nick="999900006"><family value="a"/></name>', "Patient.name[0]"),
        (b'<name xmlns="urn:other"/>', "Patient"),
        (b"<contained><Patient/><Patient/></contained>", "Patient.contained[0]"),
        (b"<contained><Unheard/></contained>", "Patient.contained[0]"),
        (b'<extension url="a"><valueString value="a"/><valueCode value="b"/></extension>', "Patient.extension[0]"),
    ],
)
def test_xml_that_is_no_fhir_is_refused_with_its_place(inner: bytes, place: str) -> None:
    with pytest.raises(ShapeError) as fault:
        table.parse(samples.XML, OPEN + inner + b"</Patient>", samples.context())
    assert fault.value.place == place
    assert "999900006" not in str(fault.value)


def test_an_unknown_root_is_refused() -> None:
    with pytest.raises(ShapeError):
        table.parse(samples.XML, b'<Unheard xmlns="http://hl7.org/fhir"/>', samples.context())
    with pytest.raises(ShapeError):
        table.parse(samples.XML, b"<Patient/>", samples.context())


def test_a_prefix_for_the_namespace_reads_the_same() -> None:
    plain = b'<Patient xmlns="http://hl7.org/fhir"><gender value="male"/></Patient>'
    prefixed = b'<f:Patient xmlns:f="http://hl7.org/fhir"><f:gender value="male"/></f:Patient>'
    read = [table.parse(samples.XML, each, samples.context()) for each in (plain, prefixed)]
    assert read[0] == read[1]
    assert read[0].fields[0].levels == {"vol": "male"}


@pytest.mark.parametrize("resource", samples.ALL, ids=lambda each: str(each["resourceType"]))
def test_xml_and_json_of_one_resource_deliver_the_same(resource: samples.Resource) -> None:
    by_xml = table.parse(samples.XML, samples.xml(resource), samples.context())
    assert by_xml == samples.read(resource)


def test_all_faults_of_a_bundle_are_told_at_once() -> None:
    wrong = {**samples.PATIENT, "birthDate": "x"}
    other = {**samples.GOAL, "description": [], "startDate": "y"}
    with pytest.raises(ManyShapeErrors) as fault:
        samples.read(samples.bundle(wrong, samples.CONDITION, other))
    assert next(place for place, _ in fault.value.faults) == "Bundle.entry[0].resource.birthDate"
    assert any(place.startswith("Bundle.entry[2].resource") for place, _ in fault.value.faults)
