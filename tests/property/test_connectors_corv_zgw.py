"""ZGW and CORV: any changed document is parsed or refused with a place, fast, in little memory, and nothing is repeated."""

import json
import os
import string
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from connectors import table
from hub.model.partner import PartnerKind
from tests.property.test_connectors import CANARY, ODD, changed, outcome, places
from tests.repository import ROOT
from tests.unit.connectors import samples
from tests.unit.connectors import samples_corv_zgw as own

COUNT = 10_000 if os.environ.get("HUB_FAULTS") == "full" else 1_000
"""Documents a format."""
MANY = settings(max_examples=COUNT, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

# A format is one line in one of these: its name, who delivers it, its documents.
JSON_FORMATS = {
    "zgw-zaak": (own.ZGW, PartnerKind.COLLEGE, (own.ZAAK, own.PAGE)),
    "corv-verstrekking": (
        own.CORV_SUPPLY,
        PartnerKind.POLITIE,
        (own.SUPPLIED, own.supplied(own.MELDING), own.supplied(own.UCI)),
    ),
}
XML_FORMATS = {
    "corv": (own.CORV, PartnerKind.GGD, (own.MELDING, own.UCI, own.UCOB, own.VCOB, own.VCI, own.VT_MELDING)),
    "corv-verstrekking": (own.CORV_SUPPLY, PartnerKind.POLITIE, (own.VT_MELDING, own.MELDING, own.UCI)),
}
SECONDS = 1.0
MEGABYTES = 200


def timed(media_type: str, document: bytes, kind: PartnerKind) -> None:
    started = time.thread_time()
    outcome(media_type, document, kind)
    assert time.thread_time() - started < SECONDS


@pytest.mark.parametrize("name", JSON_FORMATS)
def test_changed_json_is_parsed_or_refused(name: str) -> None:
    media_type, kind, documents = JSON_FORMATS[name]

    @MANY
    @given(st.data())
    def changes(data: st.DataObject) -> None:
        document: Any = data.draw(st.sampled_from(documents))
        for _ in range(data.draw(st.integers(1, 3))):
            path = data.draw(st.sampled_from(places(document)))
            how = data.draw(st.sampled_from(("replace", "drop", "double", "rename", "add")))
            document = changed(document, path, how, data.draw(st.sampled_from(ODD)))
        timed(media_type, json.dumps(document).encode(), kind)

    changes()


TEXTS = ("", CANARY, "20271399", "0", "-1", "J", "9" * 40, "<", "&amp;", " \n", "é\u0301", "1" * 20_000)
NAMES = (CANARY, "naam", f"{{{own.BG_SPACE}}}inp.bsn", "{urn:x}object", "{http://www.w3.org/1999/xhtml}div")
MARKS = (f"{{{own.STUF_SPACE}}}noValue", "{http://www.w3.org/2001/XMLSchema-instance}nil", "verwerkingssoort", CANARY)


def altered(root: etree._Element, which: int, how: str, odd: Any) -> None:
    """One element of a message dropped, doubled, emptied, renamed, moved, filled or marked."""
    elements = list(root.iter())
    chosen, other = elements[which % len(elements)], elements[(which * 7 + 3) % len(elements)]
    parent = chosen.getparent()
    if how == "text":
        chosen.text = TEXTS[odd % len(TEXTS)]
    elif how == "mark":
        chosen.set(MARKS[odd % len(MARKS)], ("true", "geenWaarde", "V", CANARY)[odd % 4])
    elif how == "name":
        chosen.tag = NAMES[odd % len(NAMES)]
    elif how == "empty":
        chosen.clear()
    elif parent is not None:
        copy = etree.fromstring(etree.tostring(chosen, with_tail=False))
        if how == "drop":
            parent.remove(chosen)
        else:
            (parent if how == "double" else other).append(copy)


@pytest.mark.parametrize("name", XML_FORMATS)
def test_a_changed_message_is_parsed_or_refused(name: str) -> None:
    media_type, kind, documents = XML_FORMATS[name]

    @MANY
    @given(st.data())
    def changes(data: st.DataObject) -> None:
        root = etree.fromstring(data.draw(st.sampled_from(documents)).encode())
        for _ in range(data.draw(st.integers(1, 3))):
            how = data.draw(st.sampled_from(("text", "mark", "name", "empty", "drop", "double", "move")))
            altered(root, data.draw(st.integers(0, 500)), how, data.draw(st.integers(0, 50)))
        timed(media_type, as_sent(media_type, root), kind)

    changes()


ALL_MESSAGES = [(media, kind, text) for media, kind, listed in XML_FORMATS.values() for text in listed]


@pytest.mark.parametrize("how", ["text", "mark", "name", "empty", "drop", "double"])
def test_a_fault_at_each_element_is_parsed_or_refused(how: str) -> None:
    for media_type, kind, text in ALL_MESSAGES:
        for which in range(text.count("</") + text.count("/>")):
            root = etree.fromstring(text.encode())
            altered(root, which, how, which)
            timed(media_type, as_sent(media_type, root), kind)


@pytest.mark.parametrize("how", ["drop", "double", "rename"])
def test_a_fault_at_each_part_is_parsed_or_refused(how: str) -> None:
    for media_type, kind, listed in JSON_FORMATS.values():
        for document in listed:
            for path in places(document):
                timed(media_type, json.dumps(changed(document, path, how, None)).encode(), kind)


def as_sent(media_type: str, root: etree._Element) -> bytes:
    """A message alone, or in the form that carries its supply record."""
    message = etree.tostring(root)
    return json.dumps(own.supplied(message.decode())).encode() if media_type == own.CORV_SUPPLY else message


@MANY
@given(
    st.sampled_from(
        [own.MELDING.encode(), own.UCI.encode(), json.dumps(own.SUPPLIED).encode(), json.dumps(own.PAGE).encode()]
    ),
    st.integers(0),
    st.integers(0, 40),
    st.sampled_from(
        (b"", b"<", b">", b'"', b"&x;", b"\x00", CANARY.encode(), b"<BG:x/>", b"<!DOCTYPE a>", b"\xff", b"{", b"]")
    ),
)
def test_changed_bytes_are_parsed_or_refused(document: bytes, start: int, length: int, odd: bytes) -> None:
    start %= len(document)
    mangled = document[:start] + odd + document[start + length :]
    for kind in (PartnerKind.GGD, PartnerKind.POLITIE):
        timed("application/json" if document[:1] == b"{" else "text/xml", mangled, kind)


def crowded(count: int) -> str:
    """A melding with many others involved."""
    others = '<ZKN:heeftAlsOverigBetrokkene StUF:entiteittype="ZAKBTROVR"/>' * count
    return own.MELDING.replace("<ZKN:betreft ", f"{others}<ZKN:betreft ")


def faulty(count: int) -> str:
    """A melding with many faults."""
    return own.MELDING.replace("<leefgebied>", f"{'<leefgebied/>' * count}<leefgebied>", 1)


def marked(each: int) -> str:
    """A melding with many elements that have attributes, `each` of them."""
    marks = " ".join(f'{sign}=""' for sign in string.ascii_letters[:each])
    return own.MELDING.replace("<verzoekOmschrijving>", f"{f'<a {marks}/>' * 49_000}<verzoekOmschrijving>")


LARGE: dict[str, tuple[str, PartnerKind, Callable[[], str]]] = {
    "others": (own.CORV, PartnerKind.GGD, lambda: crowded(49_000)),
    "faults": (own.CORV, PartnerKind.GGD, lambda: faulty(49_000)),
    "text": (own.CORV, PartnerKind.GGD, lambda: own.MELDING.replace("SITUATIE", "x" * 10_000_000)),
    "attributes": (own.CORV, PartnerKind.GGD, lambda: marked(4)),
    "too many attributes": (own.CORV, PartnerKind.GGD, lambda: marked(40)),
    "supplied": (own.CORV_SUPPLY, PartnerKind.POLITIE, lambda: json.dumps(own.supplied(crowded(49_000)))),
    "page": (
        own.ZGW,
        PartnerKind.COLLEGE,
        lambda: json.dumps({"results": [own.expanded(rollen=[own.person_role()] * 15)] * 70}),
    ),
    "zaak": (own.ZGW, PartnerKind.COLLEGE, lambda: json.dumps(own.zaak(zaakinformatieobjecten=[1] * 49_000))),
    "free text": (own.ZGW, PartnerKind.COLLEGE, lambda: json.dumps(own.zaak(toelichting="x" * 10_000_000))),
}
MEASURED = """
import re, sys, time
from pathlib import Path
from connectors import table
from hub.errors import ShapeError
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples
media, kind, path = sys.argv[1:]
document = Path(path).read_bytes()
def once(content):
    try:
        table.parse(media, content, samples.context(PartnerKind(kind)))
    except ShapeError:
        pass
def highest():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024
once(b"{}")
before, started = highest(), time.thread_time()
once(document)
print(time.thread_time() - started, highest() - before)
"""


@pytest.mark.parametrize("name", LARGE)
def test_the_largest_documents_take_little_time_and_room(name: str, tmp_path: Path) -> None:
    media_type, kind, document = LARGE[name]
    path = tmp_path / "document"
    path.write_text(document())
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, media_type, kind.value, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


@pytest.mark.parametrize("name", {*JSON_FORMATS, *XML_FORMATS})
def test_the_documents_themselves_are_parsed_or_refused_for_their_kind(name: str) -> None:
    assert name in {each.name for each in table.FORMATS}
    for media_type, kind, documents in (JSON_FORMATS[name],) if name in JSON_FORMATS else ():
        for document in documents:
            parsed = outcome(media_type, samples.text(document), kind)
            assert parsed is not None
            assert parsed.fields
