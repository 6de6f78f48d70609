"""`hub sleutels rotate`: every key under a new key-encryption key, while requests run."""

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
    act = acts.add_parser("rotate", help="breng alle sleutels onder een nieuwe hoofdsleutel, terwijl de hub doorwerkt")
    act.add_argument("--operator", required=True, metavar="NAAM", help="het ambt van de beheerder, geen persoonsnaam")
    act.add_argument("--naar", metavar="NAAM", help="naam van de nieuwe hoofdsleutel (anders het volgende nummer)")


def run(options: argparse.Namespace) -> int:
    """Re-wrap everything; killed halfway, the same call goes on."""
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
