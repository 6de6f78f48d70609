"""Any bytes end in a parsed document or a `ShapeError`, and no error repeats what stood in the document."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from connectors import table
from hub.errors import ManyShapeErrors, ShapeError
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples, samples_brp, samples_vera
from tests.unit.connectors import samples_corv_zgw as own

CANARY = "KANARIE-7713"
KINDS = (PartnerKind.GGZ, PartnerKind.COLLEGE, PartnerKind.VERSLAVINGSZORG)
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1.5,
    "",
    CANARY,
    [],
    {},
    [None],
    [CANARY],
    {CANARY: CANARY},
    "2027-13-99",
    "#",
    2**60,
)


@dataclass(frozen=True)
class Fuzzed:
    """A format of the table, who delivers in it, and the documents that are changed: JSON values, or bytes of XML.

    `sent`: what becomes of XML before it is delivered.
    """

    name: str
    media_type: str
    kind: PartnerKind
    documents: tuple[Any, ...]
    sent: Callable[[bytes], bytes] = bytes

    def written(self, document: Any) -> bytes:
        """A document as it is delivered."""
        return self.sent(document) if isinstance(document, bytes) else json.dumps(document).encode()


def with_record(message: bytes) -> bytes:
    """A message in the form that carries its supply record."""
    return json.dumps(own.supplied(message.decode("utf-8", "replace"))).encode()


MESSAGES = (own.MELDING.encode(), own.UCI.encode())
OF_CORPORATION = {
    **samples.LEVERING,
    "betrokkene": {"geslachtsnaam": "van Voorbeeld", "geboortedatum": "1990-05-17"},
}
FORMATS = (
    Fuzzed("fhir-json", samples.JSON, PartnerKind.GGZ, samples.ALL),
    Fuzzed("fhir-xml", samples.XML, PartnerKind.GGZ, tuple(samples.xml(each) for each in samples.ALL)),
    Fuzzed("politie-justitie", samples.SUPPLY, PartnerKind.POLITIE, (samples.VERSTREKKING,)),
    Fuzzed("zgw-zaak", own.ZGW, PartnerKind.COLLEGE, (own.ZAAK, own.PAGE)),
    Fuzzed("corv", own.CORV, PartnerKind.ZVH_PROCESREGISSEUR, MESSAGES),
    Fuzzed(
        "corv-verstrekking",
        own.CORV_SUPPLY,
        PartnerKind.POLITIE,
        (own.SUPPLIED, own.VT_MELDING.encode(), *MESSAGES),
        with_record,
    ),
    Fuzzed("vera", samples_vera.VERA, PartnerKind.WONINGCORPORATIE, (samples_vera.DOCUMENT,)),
    Fuzzed("brp-personen", samples_brp.BRP, PartnerKind.COLLEGE, samples_brp.ALL),
    Fuzzed("eigen", samples.OWN, PartnerKind.WONINGCORPORATIE, (OF_CORPORATION,)),
)
"""A line a format. What is tried with each: changed documents here and at the door, its media type with any bytes."""

FEW = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

Step = str | int


def places(value: Any, at: tuple[Step, ...] = ()) -> list[tuple[Step, ...]]:
    """The path of every part of a document."""
    inner: list[tuple[Step, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [at, *(path for step, each in inner for path in places(each, (*at, step)))]


def changed(document: Any, path: tuple[Step, ...], how: str, odd: Any) -> Any:
    """`document` with the part at `path` replaced, dropped, doubled, renamed or joined by something odd."""
    if not path:
        return odd if how == "replace" else document
    whole = copy.deepcopy(document)
    around: Any = whole
    for step in path[:-1]:
        around = around[step]
    last: Any = path[-1]
    if how == "replace":
        around[last] = odd
    elif how == "drop":
        del around[last]
    elif isinstance(around, list):
        around.append(odd if how == "add" else around[last])
    else:
        around[CANARY if how == "rename" else "extension"] = odd if how == "add" else around[last]
    return whole


def outcome(media_type: str, document: bytes, kind: PartnerKind) -> Parsed | None:
    """What comes out; null for a `ShapeError` that tells a place and repeats nothing. Anything else fails the test."""
    fault: ShapeError | None = None
    try:
        return table.parse(media_type, document, samples.context(kind))
    except ShapeError as raised:
        fault = raised
    told = f"{fault} {fault.sentence} {fault.place} {fault.faults if isinstance(fault, ManyShapeErrors) else ''}"
    assert fault.place
    assert CANARY not in told
    assert samples.BSN not in told
    assert fault.__suppress_context__ or fault.__context__ is None
    return None


@st.composite
def mutations(draw: st.DrawFn, fuzzed: Fuzzed) -> bytes:
    """One of the documents of a format, changed in one to three places or in its bytes."""
    document = draw(st.sampled_from(fuzzed.documents))
    if isinstance(document, bytes):
        return fuzzed.sent(draw(st.one_of(cut(document), elements(document))))
    return draw(st.one_of(cut(fuzzed.written(document)), parts(document)))


@st.composite
def parts(draw: st.DrawFn, document: Any) -> bytes:
    """JSON, changed in one to three places."""
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(document)))
        how = draw(st.sampled_from(("replace", "drop", "double", "rename", "add")))
        document = changed(document, path, how, draw(st.sampled_from(ODD)))
    return json.dumps(document).encode()


SIGNS = (b"", b"<", b">", b'"', b"&x;", b"\x00", CANARY.encode(), b"<Patient/>", b"<!DOCTYPE a>", b"\xff", b"{", b"]")


@st.composite
def cut(draw: st.DrawFn, document: bytes) -> bytes:
    """`document` with something else in the place of up to 40 bytes."""
    start = draw(st.integers(0)) % len(document)
    return document[:start] + draw(st.sampled_from(SIGNS)) + document[start + draw(st.integers(0, 40)) :]


TEXTS = (
    "", CANARY, "null", "true", "0", "-1.5", "J", "20271399", "2027-13-99", str(2**60), "9" * 40, "<", "&amp;", " \n",
    "é\u0301", "1" * 20_000,
)  # fmt: skip
NAMES = (CANARY, "naam", f"{{{own.BG_SPACE}}}inp.bsn", "{urn:x}object", "{http://www.w3.org/1999/xhtml}div")
MARKS = (f"{{{own.STUF_SPACE}}}noValue", "{http://www.w3.org/2001/XMLSchema-instance}nil", "verwerkingssoort", CANARY)
HOW = ("text", "value", "mark", "name", "empty", "drop", "double", "move")


@st.composite
def elements(draw: st.DrawFn, document: bytes) -> bytes:
    """XML, with one to three of its elements altered."""
    root = etree.fromstring(document)
    for _ in range(draw(st.integers(1, 3))):
        altered(root, draw(st.integers(0, 500)), draw(st.sampled_from(HOW)), draw(st.integers(0, 50)))
    return etree.tostring(root)


def altered(root: etree._Element, which: int, how: str, odd: int) -> None:
    """One element dropped, doubled, emptied, renamed, moved, filled or marked, or an attribute of it changed."""
    listed = list(root.iter())
    chosen, other = listed[which % len(listed)], listed[(which * 7 + 3) % len(listed)]
    parent = chosen.getparent()
    if how == "text":
        chosen.text = TEXTS[odd % len(TEXTS)]
    elif how == "value":
        for name in chosen.attrib:
            chosen.set(name, TEXTS[odd % len(TEXTS)])
    elif how == "mark":
        chosen.set(MARKS[odd % len(MARKS)], ("true", "geenWaarde", "V", CANARY)[odd % 4])
    elif how == "name":
        chosen.tag = NAMES[odd % len(NAMES)]
    elif how == "empty":
        chosen.clear()
    elif parent is not None:
        again = etree.fromstring(etree.tostring(chosen, with_tail=False))
        if how == "drop":
            parent.remove(chosen)
        else:
            (parent if how == "double" else other).append(again)


@pytest.mark.parametrize("fuzzed", FORMATS, ids=lambda each: each.name)
def test_a_changed_document_is_parsed_or_refused(fuzzed: Fuzzed) -> None:
    @FEW
    @given(mutations(fuzzed))
    def each(document: bytes) -> None:
        outcome(fuzzed.media_type, document, fuzzed.kind)

    each()


def test_every_format_of_the_table_has_its_line() -> None:
    assert {each.name for each in FORMATS} == {each.name for each in table.FORMATS}
    assert all(each.media_type in _named(each.name).media_types for each in FORMATS)


def _named(name: str) -> table.Format:
    return next(each for each in table.FORMATS if each.name == name)


ALL_NAMES = [*table.GENERAL, *(name for each in table.FORMATS for name in each.media_types)]


@FEW
@given(st.binary(max_size=200), st.sampled_from(ALL_NAMES))
def test_any_bytes_are_refused_or_parsed(document: bytes, media_type: str) -> None:
    for kind in (*KINDS, PartnerKind.POLITIE, PartnerKind.WONINGCORPORATIE):
        outcome(media_type, document, kind)


PARAMETERS = st.lists(
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(("charset", "fhirVersion", "x", "", "%")),
        st.sampled_from(("", "*", "*0", "*1", "*1*", "*" + "1" * 5_000)),
        st.sampled_from(("=", "", "==")),
        st.sampled_from(("utf-8", "4.0", "", "utf-8''utf-8", "''%ff", '"', '"a;"', "\\", CANARY)),
    ),
    max_size=3,
).map(";".join)


@FEW
@given(st.sampled_from([*ALL_NAMES, "", "x/y", CANARY]), st.one_of(PARAMETERS, st.text()))
def test_any_media_type_is_refused_or_read(name: str, parameters: str) -> None:
    """Also parameters in parts and in other character sets (RFC 2231)."""
    for media_type in (f"{name};{parameters}", parameters):
        outcome(media_type, json.dumps(OF_CORPORATION).encode(), PartnerKind.WONINGCORPORATIE)


@pytest.mark.parametrize("fuzzed", FORMATS, ids=lambda each: each.name)
def test_the_samples_themselves_are_parsed(fuzzed: Fuzzed) -> None:
    for document in fuzzed.documents:
        parsed = outcome(fuzzed.media_type, fuzzed.written(document), fuzzed.kind)
        assert parsed is not None
        assert parsed.fields or parsed.consents
