"""`hub doctor`: is everything there that the hub needs, and what to do where it is not. Changes nothing."""

import argparse
import os
from collections.abc import Iterator
from typing import Any

from hub.cli.ending import NO
from hub.cli.examining import PARTS
from hub.cli.finding import Finding, Grade, Patient, refusal_of, unknown
from hub.cli.shown import printable
from hub.errors import WeakConfiguration
from hub.events.kinds import Fault
from hub.policy_wiring import bundle_of
from hub.settings import from_environment, unknown_names
from hub.starting import refusals
from hub.wiring import ROOT, utc_now


def add_parser(commands: Any) -> None:
    """`hub doctor`, without options: it looks at what the environment names."""
    commands.add_parser("doctor", help="kijk na of alles in orde is, en zeg wat er moet gebeuren")


def run(_options: argparse.Namespace) -> int:
    """0: nothing is wrong. 1: something is."""
    found = list(_findings())
    for one in found:
        remedy = f" -> {one.remedy}" if one.remedy and one.grade is not Grade.WELL else ""
        print(printable(f"{one.grade:<7} {one.part}: {one.what}{remedy}"))
    return NO if any(one.grade is Grade.WRONG for one in found) else 0


def _findings() -> Iterator[Finding]:
    try:
        settings = from_environment(os.environ, ROOT)
    except WeakConfiguration:
        # With a default in the place of what was asked for, the rest would be another hub.
        _, reasons = refusals(os.environ, ROOT)
        yield from map(refusal_of, reasons)
        yield from map(unknown, unknown_names(os.environ))
        return
    patient = Patient(settings, os.environ, bundle_of(settings), utc_now())
    for part in PARTS:
        try:
            yield from part(patient)
        except Exception as fault:  # noqa: BLE001 - what nobody foresaw in one part must not hide the others
            what = f"{part.__name__}: een fout die niemand voorzag ({Fault().shown(fault)})"
            yield Finding("doctor", Grade.WRONG, what, "meld het aan de makers; kijk wat de andere regels zeggen")
