"""`hub beheerder`: the operators of the hub and their keys; and how other commands know which operator speaks."""

import argparse
import getpass
import os
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from hub.crypto import operator_key
from hub.crypto.signing import Signer
from hub.errors import NotPermitted
from hub.model.instant import to_text
from hub.model.release import Entry
from hub.settings import from_environment
from hub.store.engine import Tx
from hub.store.operators import add_operator, operator_keys


def add_operator_options(parser: argparse.ArgumentParser) -> None:
    """Who speaks, and with which key."""
    parser.add_argument(
        "--operator", required=True, metavar="NAAM", help="het ambt van de beheerder, geen persoonsnaam"
    )
    parser.add_argument(
        "--sleutel", required=True, type=Path, metavar="BESTAND", help="sleutelbestand van de beheerder"
    )


def signer_of(options: argparse.Namespace) -> Signer:
    """The operator's key, opened with the passphrase that is asked for (or lies in $HUB_OPERATOR_PASSPHRASE_FILE)."""
    return operator_key.load(options.sleutel, passphrase("Wachtwoord van de sleutel: "))


def passphrase(question: str) -> str:
    """A passphrase from a file named in the environment, or typed unseen."""
    file = os.environ.get("HUB_OPERATOR_PASSPHRASE_FILE")
    return Path(file).read_text().rstrip("\n") if file else getpass.getpass(question)


def add_parser(commands: Any) -> None:
    """`hub beheerder toevoegen NAAM --nieuwe-sleutel BESTAND [--operator … --sleutel …]`."""
    parser = commands.add_parser("beheerder", help="zet een beheerder in het register")
    parser.add_argument("naam", help="het ambt van de nieuwe beheerder, geen persoonsnaam")
    parser.add_argument("--nieuwe-sleutel", required=True, type=Path, metavar="BESTAND")
    parser.add_argument(
        "--operator", metavar="NAAM", help="een beheerder die er al is (niet nodig voor de eerste twee)"
    )
    parser.add_argument("--sleutel", type=Path, metavar="BESTAND")


def _vouched(options: argparse.Namespace, known: Mapping[str, bytes]) -> bool:
    """Whether an operator who is there already stands behind this, with his own key."""
    if not options.operator or not options.sleutel or options.operator not in known:
        return False
    return known[options.operator] == signer_of(options).public


def run(options: argparse.Namespace) -> int:
    """Make a key for a new operator and put it on record. The first two vouch for the installation itself."""
    from hub.wiring import ROOT, open_hub

    with closing(open_hub(from_environment(os.environ, ROOT))) as hub:
        with hub.store.snapshot() as moment:
            known = {name: key for name, key in operator_keys(moment).items() if name != "demonstratie"}
        if len(known) >= 2 and not _vouched(options, known):
            raise NotPermitted("Er zijn al twee beheerders: een van hen moet dit doen (--operator en --sleutel).")
        secret = passphrase("Wachtwoord voor de nieuwe sleutel (minstens 12 tekens): ")
        signer = operator_key.create(options.nieuwe_sleutel, secret)
        at = hub.clock()

        def unit(tx: Tx) -> None:
            add_operator(tx.connection, options.naam, signer.public, to_text(at))
            told = {
                "soort": "beheer", "wat": "beheerder", "tijdstip": to_text(at), "partner": "hub",
                "gebruiker": options.operator or options.naam, "nieuw": options.naam,
            }  # fmt: skip
            tx.enter(Entry("beheer", at, "hub", told, {}))

        hub.store.commit(unit)
    print(f"Beheerder {options.naam} staat in het register.", file=sys.stdout)
    return 0
