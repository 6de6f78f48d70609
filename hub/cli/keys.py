"""`hub sleutels`: the first key-encryption key; every key under a new one, new casus keys, a new key of tokens, at work."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from hub.casework.operators import entry_of
from hub.casework.renewing import Round
from hub.cli.dates import minute
from hub.cli.ending import NO
from hub.cli.opening import opened_hub
from hub.cli.progress import Progress
from hub.crypto.keyring import Keyring
from hub.errors import NotFound, ShapeError
from hub.identity.token_keys import rotate_token_key
from hub.settings import from_environment
from hub.store.partners import must_be_on_record
from hub.store.units import Tx
from hub.store.wrapped_keys import KeyStore

if TYPE_CHECKING:
    from hub.wiring import Hub


_FOLLOWS = "Zij tekent binnen een minuut. Tokens van de vorige gelden tot zij verlopen."
_STOLEN = "De oude sleutels en hun tokens gelden binnen enkele seconden niet meer."


def add_parser(commands: Any) -> None:
    """The options of `hub sleutels`."""
    parser = commands.add_parser("sleutels", help="beheer de sleutels")
    acts = parser.add_subparsers(dest="act", required=True, metavar="WAT")
    first = acts.add_parser("begin", help="maak de eerste hoofdsleutel, vóór de eerste start buiten het demoprofiel")
    first.add_argument("--naar", metavar="NAAM", default="1", help="naam van de hoofdsleutel (anders 1)")
    act = _act(acts, "rotate", "breng alle sleutels onder een nieuwe hoofdsleutel, terwijl de hub doorwerkt")
    act.add_argument("--naar", metavar="NAAM", help="naam van de nieuwe hoofdsleutel (anders het volgende nummer)")
    act = _act(acts, "casussen", "geef elke casus een nieuwe sleutel, terwijl de hub doorwerkt")
    act.add_argument("--casus", metavar="KENMERK", help="alleen deze casus, zoals de hub hem aan de beheerder noemt")
    act.add_argument("--partner", help="de casus is genoemd met het pseudoniem van deze partner")
    act = _act(acts, "toegang", "maak een nieuwe sleutel voor toegangstokens, terwijl de hub doorwerkt")
    act.add_argument("--gestolen", action="store_true", help="de oude sleutels en hun tokens gelden niet meer")


def _act(acts: Any, name: str, what: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=what)
    parser.add_argument("--operator", required=True, metavar="NAAM", help="wie dit doet: een bekende beheerder")
    return parser


def run(options: argparse.Namespace) -> int:
    """0: done. 1: casussen were left as they were, for their keys do not open.

    Raises NotPermitted, before anything is done, for who is no operator on record or has ended.
    """
    if options.act == "begin":
        return _begin(options)
    with opened_hub() as hub:
        with hub.store.snapshot() as moment:
            must_be_on_record(moment, options.operator)
        return _AT_WORK[options.act](hub, options)


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


def _rotate(hub: "Hub", options: argparse.Namespace) -> int:
    """Re-wrap everything; killed halfway, the same call goes on."""
    ref = options.naar or _next(hub.keyring.current)
    moved = hub.keyring.rewrap_all(ref)
    _enter(hub, options.operator, {"wat": "sleutels", "naar": ref, "aantal": moved})
    print(f"{moved} sleutels staan nu onder hoofdsleutel {ref}.")
    return 0


def _renew(hub: "Hub", options: argparse.Namespace) -> int:
    """A new casus key for each casus, or for one; killed halfway, the same call goes on."""
    if options.partner is not None and options.casus is None:
        raise ShapeError("Noem ook de casus, met --casus.", place="--partner")
    casus = None if options.casus is None else _named(hub, options)
    done = _all(hub) if casus is None else hub.renewing.one(casus)
    what = {"wat": "casussleutels", "aantal": done.renewed, "mislukt": len(done.failed)}
    _enter(hub, options.operator, what, {} if casus is None else {"casus": casus})
    if done.goes_on:
        print(f"De ronde van {minute(done.begun)}, die was afgebroken, is afgemaakt.")
    print(f"{done.renewed} casussen hebben een nieuwe sleutel.")
    for casus in done.failed:
        print(f"De sleutel van casus {casus} gaat niet open. Er is niets aan veranderd.", file=sys.stderr)
    return NO if done.failed else 0


def _all(hub: "Hub") -> Round:
    progress = Progress("casussen")
    try:
        return hub.renewing.all(progress)
    except BaseException:
        progress.leave()
        raise


def _named(hub: "Hub", options: argparse.Namespace) -> str:
    """The casus by its id, as the operator is told it, or by the pseudonym of a partner."""
    casus: str | None = options.casus if options.partner is None else hub.names.casus_of(options.partner, options.casus)
    if casus is None:
        raise NotFound
    return casus


def _renew_access(hub: "Hub", options: argparse.Namespace) -> int:
    """A new key signs tokens; the one before it verifies until its tokens have ended (`hub.identity.token_keys`)."""
    rotate_token_key(hub.keyring, hub.clock(), stolen=options.gestolen)
    _enter(hub, options.operator, {"wat": "toegangssleutel", "gestolen": options.gestolen})
    print("Er is een nieuwe sleutel voor toegangstokens.")
    print(_STOLEN if options.gestolen else _FOLLOWS)
    return 0


_AT_WORK: Mapping[str, Callable[["Hub", argparse.Namespace], int]] = {
    "rotate": _rotate,
    "casussen": _renew,
    "toegang": _renew_access,
}
"""What is done beside a hub that serves."""


def _enter(hub: "Hub", by: str, what: Mapping[str, Any], internal: Mapping[str, Any] | None = None) -> None:
    entry = entry_of(by, hub.now(), what, internal)

    def unit(tx: Tx) -> None:
        tx.enter(entry)

    hub.store.commit(unit)


def _next(current: str) -> str:
    return str(int(current) + 1) if current.isdigit() else f"{current}-2"
