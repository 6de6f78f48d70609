"""`hub log ldv|nen7513|adl`: the records of processing and of decisions, one JSON object a line, for the controller."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from hub.audit.decision_log import faults_of_decision
from hub.audit.ldv_shape import faults_of_record
from hub.audit.processing import ADL
from hub.casework.accounting import Span, read_records
from hub.casework.operators import Who
from hub.cli.ending import NO
from hub.cli.opening import opened_hub
from hub.cli.operator import add_operator_options, signer_of
from hub.errors import ShapeError
from hub.model.instant import LAST, to_text

FIRST = "0001-01-01T00:00:00.000000Z"


def add_parsers(words: Any, run: Any, forms: Sequence[str]) -> None:
    """`hub log ldv|nen7513|adl --operator OFFICE --sleutel FILE [--vanaf INSTANT] [--tot INSTANT]`."""
    for form in forms:
        parser = words.add_parser(form, help=f"geef de verwerkingen in de vorm van {form}, één per regel")
        add_operator_options(parser)
        parser.add_argument("--vanaf", metavar="TIJDSTIP", help="vanaf dit tijdstip (RFC 3339), anders alles")
        parser.add_argument("--tot", metavar="TIJDSTIP", help="tot dit tijdstip, dat zelf niet meer")
        parser.set_defaults(run=run)


def run_accounts(options: argparse.Namespace) -> int:
    """0: told. 1: told, and some could not be read or are out of shape (standard error says how many)."""
    span = Span(options.log_word, instant_of(options.vanaf, FIRST, "--vanaf"), instant_of(options.tot, LAST, "--tot"))
    signer = signer_of(options)
    faults_of = faults_of_decision if options.log_word == ADL else faults_of_record
    lost = odd = told = 0
    with opened_hub() as hub:
        for record in read_records(hub.store, hub.log, span, Who(options.operator, signer, hub.clock())):
            if record is None:
                lost += 1
                continue
            odd += bool(faults_of(record))
            told += 1
            sys.stdout.write(orjson.dumps(record).decode() + "\n")
    print(f"{told} regels; {lost} gaan niet (meer) open, {odd} wijken af van de norm.", file=sys.stderr)
    return NO if lost or odd else 0


def instant_of(text: str | None, otherwise: str, place: str) -> str:
    """UTC text of what was typed at `place`; `otherwise` where nothing was. Raises ShapeError."""
    if text is None:
        return otherwise
    try:
        found = datetime.fromisoformat(text)
        return to_text(found.replace(tzinfo=found.tzinfo or UTC))
    except (ValueError, OverflowError):
        raise ShapeError("Geef een tijdstip als 2027-01-10T11:00:00+01:00.", place=place) from None
