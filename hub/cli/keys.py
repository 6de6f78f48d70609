"""`hub sleutels`: the first key-encryption key of a new hub, and every key under a new one while requests run."""

import argparse
import os
from contextlib import closing
from typing import Any

from hub.model.instant import to_text
from hub.model.release import Entry
from hub.settings import from_environment
from hub.store.engine import Tx


def add_parser(commands: Any) -> None:
    """The options of `hub sleutels`."""
    parser = commands.add_parser("sleutels", help="beheer de sleutels")
    acts = parser.add_subparsers(dest="act", required=True, metavar="WAT")
    first = acts.add_parser("begin", help="maak de eerste hoofdsleutel van een nieuwe hub (eenmalig)")
    first.add_argument("--naar", metavar="NAAM", default="1", help="naam van de hoofdsleutel (anders 1)")
    act = acts.add_parser("rotate", help="breng alle sleutels onder een nieuwe hoofdsleutel, terwijl de hub doorwerkt")
    act.add_argument("--operator", required=True, metavar="NAAM", help="het ambt van de beheerder, geen persoonsnaam")
    act.add_argument("--naar", metavar="NAAM", help="naam van de nieuwe hoofdsleutel (anders het volgende nummer)")


def run(options: argparse.Namespace) -> int:
    """0: done. For `rotate`, killed halfway, the same call goes on."""
    return _begin(options.naar) if options.act == "begin" else _rotate(options)


def _begin(ref: str) -> int:
    from hub.wiring import ROOT, establish_keys

    current = establish_keys(from_environment(os.environ, ROOT), ref)
    print(f"De hoofdsleutel is {current}.")
    return 0


def _rotate(options: argparse.Namespace) -> int:
    from hub.wiring import ROOT, open_hub

    with closing(open_hub(from_environment(os.environ, ROOT))) as hub:
        ref = options.naar or _next(hub.keyring.current)
        moved = hub.keyring.rewrap_all(ref)
        at = hub.clock()
        told = {"soort": "beheer", "wat": "sleutels", "tijdstip": to_text(at), "partner": "hub", "gebruiker": options.operator,
                "naar": ref, "aantal": moved}  # fmt: skip

        def unit(tx: Tx) -> None:
            tx.enter(Entry("beheer", at, "hub", told, {}))

        hub.store.commit(unit)
    print(f"{moved} sleutels staan nu onder hoofdsleutel {ref}.")
    return 0


def _next(current: str) -> str:
    return str(int(current) + 1) if current.isdigit() else f"{current}-2"
