"""Any bytes end in a parsed document or a `ShapeError`, and no error repeats what stood in the document."""

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import table
from hub.errors import ManyShapeErrors, ShapeError
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples

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

DOCUMENTS = [
    *((samples.JSON, PartnerKind.GGZ, each) for each in samples.ALL),
    (samples.OWN, PartnerKind.COLLEGE, samples.LEVERING),
    (samples.SUPPLY, PartnerKind.POLITIE, samples.VERSTREKKING),
]
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
def mutations(draw: st.DrawFn) -> tuple[str, PartnerKind, Any]:
    media_type, kind, document = draw(st.sampled_from(DOCUMENTS))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(document)))
        how = draw(st.sampled_from(("replace", "drop", "double", "rename", "add")))
        document = changed(document, path, how, draw(st.sampled_from(ODD)))
    return media_type, kind, document


@FEW
@given(mutations())
def test_a_changed_document_is_parsed_or_refused(mutation: tuple[str, PartnerKind, Any]) -> None:
    media_type, kind, document = mutation
    outcome(media_type, json.dumps(document).encode(), kind)


XML_DOCUMENTS = [samples.xml(each) for each in samples.ALL]


@FEW
@given(
    st.sampled_from(XML_DOCUMENTS),
    st.integers(0),
    st.integers(0, 40),
    st.sampled_from((b"", b"<", b">", b'"', b"&x;", b"\x00", CANARY.encode(), b"<Patient/>", b"<!DOCTYPE a>", b"\xff")),
)
def test_changed_xml_is_parsed_or_refused(document: bytes, start: int, length: int, odd: bytes) -> None:
    start %= len(document)
    outcome(samples.XML, document[:start] + odd + document[start + length :], PartnerKind.GGZ)


ATTRIBUTE = re.compile(rb'value="[^"]*"')


@FEW
@given(st.sampled_from(XML_DOCUMENTS), st.integers(0), st.sampled_from(ODD))
def test_a_changed_value_in_xml_is_parsed_or_refused(document: bytes, which: int, odd: Any) -> None:
    found = list(ATTRIBUTE.finditer(document))
    chosen = found[which % len(found)]
    text = json.dumps(odd).replace('"', "").replace("{", "").encode()
    outcome(
        samples.XML, document[: chosen.start()] + b'value="' + text + b'"' + document[chosen.end() :], PartnerKind.GGZ
    )


@FEW
@given(st.binary(max_size=200), st.sampled_from([name for each in table.FORMATS for name in each.media_types]))
def test_any_bytes_are_refused_or_parsed(document: bytes, media_type: str) -> None:
    for kind in (*KINDS, PartnerKind.POLITIE):
        outcome(media_type, document, kind)


@pytest.mark.parametrize(("media_type", "kind", "document"), DOCUMENTS)
def test_the_samples_themselves_are_parsed(media_type: str, kind: PartnerKind, document: Any) -> None:
    parsed = outcome(media_type, json.dumps(document).encode(), kind)
    assert parsed is not None
    assert parsed.fields or parsed.consents
