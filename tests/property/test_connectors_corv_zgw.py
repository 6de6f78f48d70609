"""ZGW and CORV: a fault at each place, and the largest documents, are parsed or refused fast and in little memory."""

import json
import string
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from hub.model.partner import PartnerKind
from tests.property.test_connectors import altered, changed, outcome, places, with_record
from tests.repository import ROOT
from tests.unit.connectors import samples_corv_zgw as own

pytestmark = pytest.mark.usefixtures("little_garbage")

ZAKEN = (own.ZAAK, own.PAGE)
MESSAGES = (own.MELDING, own.UCI, own.UCOB, own.VCOB, own.VCI, own.VT_MELDING)
SUPPLIED = (own.VT_MELDING, own.MELDING, own.UCI)
ALL_MESSAGES = (
    *((own.CORV, PartnerKind.GGD, text) for text in MESSAGES),
    *((own.CORV_SUPPLY, PartnerKind.POLITIE, text) for text in SUPPLIED),
)
ALL_JSON = (
    *((own.ZGW, PartnerKind.COLLEGE, document) for document in ZAKEN),
    *((own.CORV_SUPPLY, PartnerKind.POLITIE, own.supplied(text)) for text in SUPPLIED),
)
SECONDS = 1.0
MEGABYTES = 200


def timed(media_type: str, document: bytes, kind: PartnerKind) -> None:
    started = time.thread_time()
    outcome(media_type, document, kind)
    assert time.thread_time() - started < SECONDS


@pytest.mark.parametrize("how", ["text", "value", "mark", "name", "empty", "drop", "double"])
def test_a_fault_at_each_element_is_parsed_or_refused(how: str) -> None:
    for media_type, kind, text in ALL_MESSAGES:
        for which in range(text.count("</") + text.count("/>")):
            root = etree.fromstring(text.encode())
            altered(root, which, how, which)
            message = etree.tostring(root)
            timed(media_type, with_record(message) if media_type == own.CORV_SUPPLY else message, kind)


@pytest.mark.parametrize("how", ["drop", "double", "rename"])
def test_a_fault_at_each_part_is_parsed_or_refused(how: str) -> None:
    for media_type, kind, document in ALL_JSON:
        for path in places(document):
            timed(media_type, json.dumps(changed(document, path, how, None)).encode(), kind)


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
