"""`hub sleutels`: the first key-encryption key, and every key under a new one while requests run."""

import argparse
import os
from contextlib import closing
from typing import Any

from hub.crypto.keyring import Keyring
from hub.model.instant import to_text
from hub.model.release import Entry
from hub.settings import from_environment
from hub.store.engine import Tx
from hub.store.wrapped_keys import KeyStore


def add_parser(commands: Any) -> None:
    """The options of `hub sleutels`."""
    parser = commands.add_parser("sleutels", help="beheer de sleutels")
    acts = parser.add_subparsers(dest="act", required=True, metavar="WAT")
    first = acts.add_parser("begin", help="maak de eerste hoofdsleutel, vóór de eerste start buiten het demoprofiel")
    first.add_argument("--naar", metavar="NAAM", default="1", help="naam van de hoofdsleutel (anders 1)")
    act = acts.add_parser("rotate", help="breng alle sleutels onder een nieuwe hoofdsleutel, terwijl de hub doorwerkt")
    act.add_argument("--operator", required=True, metavar="NAAM", help="het ambt van de beheerder, geen persoonsnaam")
    act.add_argument("--naar", metavar="NAAM", help="naam van de nieuwe hoofdsleutel (anders het volgende nummer)")


def run(options: argparse.Namespace) -> int:
    """0: done."""
    return _begin(options) if options.act == "begin" else _rotate(options)


def _begin(options: argparse.Namespace) -> int:
    """Make the key where the settings say that it lives; where one is current already, nothing changes."""
    from hub.wiring import ROOT, keks_of, utc_now

    settings = from_environment(os.environ, ROOT)
    KeyStore.create(settings.keys_url)
    with closing(KeyStore(settings.keys_url, utc_now)) as store:
        keyring = Keyring(store, keks_of(settings))
        keyring.establish(options.naar)
        keyring.check()
        print(f"Hoofdsleutel {keyring.current} is in gebruik.")
    return 0


def _rotate(options: argparse.Namespace) -> int:
    """Re-wrap everything; killed halfway, the same call goes on."""
    from hub.wiring import ROOT, open_hub

    with closing(open_hub(from_environment(os.environ, ROOT))) as hub:
        ref = options.naar or _next(hub.keyring.current)
        moved = hub.keyring.rewrap_all(ref)
        at = hub.now()
        told = {"soort": "beheer", "wat": "sleutels", "tijdstip": to_text(at), "partner": "hub", "gebruiker": options.operator,
                "naar": ref, "aantal": moved}  # fmt: skip

        def unit(tx: Tx) -> None:
            tx.enter(Entry("beheer", at, "hub", told, {}))

        hub.store.commit(unit)
    print(f"{moved} sleutels staan nu onder hoofdsleutel {ref}.")
    return 0


def _next(current: str) -> str:
    return str(int(current) + 1) if current.isdigit() else f"{current}-2"
