"""CORV after its published schemas: our own messages are of them, and what they allow is taken in or refused with a reason.

No message exists in public: those here are made from the schemas, and judged by them before the hub sees them.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from connectors import table
from connectors.context import ParseContext
from connectors.corv import message
from hub.errors import ManyShapeErrors, ShapeError
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind
from tests.conformance.corv_schemas import BSN, Maker, validator
from tests.conformance.test_fhir_samples import AT
from tests.unit.connectors import samples_corv_zgw as own

FOLDERS = ("gmberichten", "vvberichten", "vtberichten")
ROUNDS = 60
OURS = {
    "gmberichten": (own.MELDING, own.UITKOMST),
    "vvberichten": (own.VCOB, own.VCI, own.UCOB, own.UCI),
    "vtberichten": (own.VT_MELDING,),
}
# What the hub asks beyond the schemas: why a message that is of them may still be refused.
MAY_BE_ABSENT = "Hier ontbreekt iets dat verplicht is."
REASONS = {
    *message.REFUSED.values(),
    "Dit is geen CORV-bericht dat de hub opneemt.",
    "Alleen een melding aan een Zorg- en Veiligheidshuis (ZVH) hoort hier.",
    "De betrokkene staat niet in de melding.",
    MAY_BE_ABSENT,
}


def made(samples: Path, folder: str) -> Iterator[tuple[str, bytes]]:
    """(name, message) of every message that a folder of schemas knows, many of each."""
    for number in range(ROUNDS):
        maker = Maker(samples / "stuf-corv" / folder, random.Random(number))
        for name in maker.roots():
            if name in message.KINDS or name in message.REFUSED or number == 0:
                yield name, etree.tostring(maker.message(name), encoding="utf-8", xml_declaration=True)


def parse(name: str, text: bytes) -> Parsed:
    """As the partner that delivers such a message: the police with their record, reclassering without."""
    if name != "vtMeldingDi01":
        return table.parse(own.CORV, text, ParseContext(PartnerKind.RECLASSERING, "bron-1", AT))
    form = own.supplied(text.decode(), betrokkene={"bsn": BSN})
    return table.parse(own.CORV_SUPPLY, json.dumps(form).encode(), ParseContext(PartnerKind.POLITIE, "bron-1", AT))


def reasons(fault: ShapeError) -> set[str]:
    if isinstance(fault, ManyShapeErrors):
        return {sentence for _, sentence in fault.faults}
    return {fault.sentence}


def outcome(name: str, text: bytes) -> set[str]:
    """What becomes of one message: which fields it feeds, or why it is refused; another reason fails."""
    fault = None
    try:
        parsed = parse(name, text)
    except ShapeError as raised:
        fault = raised
    if fault is None:
        assert parsed.persons or parsed.fields or parsed.not_taken
        return {f"taken in: {', '.join(sorted(each.field for each in parsed.fields)) or '-'}"}
    assert fault.place
    assert reasons(fault) <= REASONS, (name, fault.place)
    return reasons(fault)


@pytest.mark.parametrize("folder", FOLDERS)
def test_our_own_messages_are_of_the_published_schemas(samples: Path, folder: str) -> None:
    judge = validator(samples / "stuf-corv" / folder)
    for text in OURS[folder]:
        judge.assertValid(etree.fromstring(text.encode()))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_message_of_the_schemas_is_taken_in_or_refused_with_a_reason(
    samples: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    judge = validator(samples / "stuf-corv" / folder)
    told: dict[str, Counter[str]] = {}
    for name, text in made(samples, folder):
        counted = told.setdefault(name, Counter())
        if name in message.KINDS:
            judge.assertValid(etree.fromstring(text))
        counted.update(outcome(name, text))
    assert told
    assert all(any(what.startswith("taken in") for what in told[name]) for name in told if name in message.KINDS)
    with capsys.disabled():
        sys.stdout.write("\n")
        for name, counted in told.items():
            for what, count in counted.most_common():
                sys.stdout.write(f"{name:32} {count:3} x {what}\n")


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_never_kept_is_in_no_field_of_a_message_of_the_schemas(samples: Path, folder: str) -> None:
    for name, text in made(samples, folder):
        if name not in message.KINDS:
            continue
        marked = mark(text)
        try:
            parsed = parse(name, marked)
        except ShapeError:
            continue
        kept = repr((parsed.fields, parsed.persons))
        assert not [word for word in NEVER if f"{word}-GEHEIM" in kept], name


NEVER = (
    "omschrijvingZorgelijkeSituatie", "nadereOmschrijving", "locatieAanduiding", "locatieIncident",
    "verzoekOmschrijving", "vreemdelingennummer", "rni", "nationaliteit", "bestaandeHulpverlening", "aanhouding",
    "aangifte", "eergerelateerdGeweld", "strekkingReactie", "reactie", "redenNietGeinformeerd", "informering",
    "aanvullendeInformatie", "aanvullendeInformatieBetrokkenPersoon", "overigeZorgMinderjarige", "naamContactpersoon",
    "afdeling", "extraElement", "omschrijvingSocialeRelatie", "volledigeNaam",
)  # fmt: skip


def mark(text: bytes) -> bytes:
    """The message with each text that may never be kept replaced by the name of its element."""
    root = etree.fromstring(text)
    for element in root.iter():
        name = etree.QName(element).localname
        if name in NEVER and not len(element):
            element.text = f"{name}-GEHEIM"
    return etree.tostring(root)
