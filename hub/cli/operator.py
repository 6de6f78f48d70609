"""`hub beheerder`: the operators of the hub and their keys; and how other commands know which operator speaks."""

import argparse
import getpass
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hub.casework.operators import Who, must_be_operator
from hub.casework.vouching import end, founded, vouch
from hub.cli.ending import NOT_NOW
from hub.cli.opening import must_be_there
from hub.crypto import operator_key
from hub.crypto.operator_key import RULE
from hub.crypto.signing import Signer
from hub.errors import NotAuthenticated, NotPermitted, ShapeError
from hub.settings import from_environment
from hub.store.engine import Store
from hub.store.inspection import was_made
from hub.store.units import Tx

_FILE: Final = "HUB_OPERATOR_PASSPHRASE_FILE"
_NOBODY_TYPES = "Er is geen wachtzin getypt. Noem een bestand in HUB_OPERATOR_PASSPHRASE_FILE."


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
    return operator_key.load(options.sleutel, passphrase("Wachtzin van de sleutel: "))


def passphrase(question: str) -> str:
    """A passphrase from a file named in the environment, or typed unseen. Raises NotAuthenticated where nobody types,
    ShapeError for a file that cannot be read."""
    file = os.environ.get(_FILE)
    return _read(Path(file)) if file else _typed(question)


def new_passphrase() -> str:
    """A passphrase for a key that is made now. Raises as `passphrase`, and ShapeError where it is typed in two ways.

    Who types it unseen types it twice, for a slip makes a key that never opens again. What lies in a file or comes in by a
    pipe can be looked at, and is taken once.
    """
    file = os.environ.get(_FILE)
    return _read(Path(file)) if file else _typed(f"Wachtzin voor de nieuwe sleutel ({RULE}): ", "Nog een keer: ")


def _read(path: Path) -> str:
    try:
        return path.read_text().rstrip("\n")
    except (OSError, ValueError) as error:
        raise ShapeError("Het bestand met de wachtzin kan niet worden gelezen.", place=_FILE) from error


def _typed(question: str, again: str | None = None) -> str:
    """What is typed unseen, twice where it is asked `again`; without a terminal that can hide it, the next line of
    standard input."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            secret = getpass.getpass(question)
            if again is not None and getpass.getpass(again) != secret:
                raise ShapeError("De twee wachtzinnen zijn niet gelijk. Er is geen sleutel gemaakt.")
            return secret
    except getpass.GetPassWarning:
        line = sys.stdin.readline()
    except EOFError:
        line = ""
    if not line:
        raise NotAuthenticated(_NOBODY_TYPES)
    return line.rstrip("\n")


def add_parser(commands: Any) -> None:
    """`hub beheerder NAAM --nieuwe-sleutel BESTAND`, or `… --publieke-sleutel HEX|--beeindig --operator … --sleutel …`."""
    parser = commands.add_parser("beheerder", help="zet een beheerder in het register, of beëindig er een")
    parser.add_argument("naam", help="het ambt van de beheerder om wie het gaat, geen persoonsnaam")
    act = parser.add_mutually_exclusive_group(required=True)
    act.add_argument("--nieuwe-sleutel", type=Path, metavar="BESTAND", help="maak uw eigen sleutel")
    act.add_argument("--publieke-sleutel", metavar="HEX", help="sta in voor wie deze sleutel heeft")
    act.add_argument("--beeindig", action="store_true", help="laat deze beheerder niets meer doen, vanaf nu")
    parser.add_argument("--operator", metavar="NAAM", help="wie dit zegt: een andere beheerder die er al is")
    parser.add_argument("--sleutel", type=Path, metavar="BESTAND", help="sleutelbestand van wie dit zegt")


def run(options: argparse.Namespace) -> int:
    """0: the newcomer is an operator, or who was to end has ended. 3: another operator has to say so too."""
    from hub.wiring import ROOT, open_hub

    settings = from_environment(os.environ, ROOT)
    begins = options.nieuwe_sleutel is not None and not was_made(settings.store_url)
    if not begins:
        must_be_there(settings)
    with closing(open_hub(settings)) as hub:
        at = hub.now()
        if options.beeindig:
            return _ended(options, hub.store, at)
        public, unit = _own_key(options, at) if options.nieuwe_sleutel else _word(options, hub.store, at)
        on_record = hub.store.commit(unit).value
    if begins:
        print(f"Er is een nieuwe hub gemaakt, in de map {settings.home.resolve()} (HUB_HOME).")
    if on_record:
        print(f"Beheerder {options.naam} staat in het register.")
        return 0
    print(f"{options.naam} is nog geen beheerder. Twee beheerders moeten voor deze sleutel instaan, elk met:")
    print(f"  hub beheerder {options.naam} --publieke-sleutel {public.hex()} --operator NAAM --sleutel BESTAND")
    return NOT_NOW


def _ended(options: argparse.Namespace, store: Store, at: datetime) -> int:
    name, who = options.naam, _speaker(options, at)
    if store.commit(lambda tx: end(tx, name, who)).value:
        print(
            f"Beheerder {name} is beëindigd. Met deze sleutel gebeurt niets meer; wat ermee is gedaan, blijft gelden."
        )
        return 0
    print(f"{name} is nog beheerder. Een andere beheerder moet dit ook zeggen:")
    print(f"  hub beheerder {name} --beeindig --operator NAAM --sleutel BESTAND")
    return NOT_NOW


def _speaker(options: argparse.Namespace, at: datetime) -> Who:
    """Who says it, with the key by which he proves himself."""
    if not options.operator or not options.sleutel:
        raise NotPermitted("Zeg welke beheerder dit zegt, met --operator en --sleutel.")
    return Who(options.operator, signer_of(options), at)


def _own_key(options: argparse.Namespace, at: datetime) -> tuple[bytes, Callable[[Tx], bool]]:
    """A key for the newcomer, made by himself. The first two need nobody's word."""
    if options.operator or options.sleutel:
        raise NotPermitted("Wie voor een ander instaat, doet dat met --publieke-sleutel.")
    public = operator_key.create(options.nieuwe_sleutel, new_passphrase()).public
    return public, lambda tx: founded(tx, options.naam, public, at)


def _word(options: argparse.Namespace, store: Store, at: datetime) -> tuple[bytes, Callable[[Tx], bool]]:
    """The word of an operator who is there already, proved with his own key."""
    public = _public_key(options.publieke_sleutel)
    who = _speaker(options, at)
    with store.snapshot() as moment:
        must_be_operator(moment, who)
    return public, lambda tx: vouch(tx, options.naam, public, who.operator, at)


def _public_key(text: str) -> bytes:
    try:
        public = bytes.fromhex(text)
    except ValueError:
        public = b""
    if len(public) != 32:
        raise ShapeError("Dit is geen publieke sleutel: geef 64 hexadecimale tekens.", place="--publieke-sleutel")
    return public
