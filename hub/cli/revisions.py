"""`hub beleid zet-klaar|activeer|neem-terug|revisies`: which policy counts, for whom, by whose word."""

import argparse
from pathlib import Path
from typing import Any

from hub.casework.operators import Who
from hub.cli.dates import minute
from hub.cli.opening import opened_hub
from hub.cli.operator import add_operator_options, signer_of
from hub.errors import NotFound, ShapeError
from hub.pdp.signing import BundleRefused
from hub.store.engine import Connection
from hub.store.policy import ActRow, newest_act, revisions
from hub.wiring import Hub

_LEAST = 8
"""Characters of a revision that name it, where no other begins with the same."""
_LARGEST = 16 * 1024 * 1024


def add_parser(acts: Any) -> None:
    """The options of the four acts."""
    filed = acts.add_parser("zet-klaar", help="zet een ondertekende revisie in de opslag; zij geldt nog niet")
    filed.add_argument("file", metavar="BESTAND", type=Path, help="de bundel die `hub beleid bouw` maakte")
    activated = acts.add_parser("activeer", help="laat een revisie gelden: een ander dan de maker doet dit")
    activated.add_argument("revisie", help="de revisie, of de eerste tekens na sha256:")
    activated.add_argument("--partners", help="alleen voor deze partners, met komma's ertussen; daarna voor iedereen")
    back = acts.add_parser("neem-terug", help="laat wat het laatst is aangezet niet meer gelden, voor niemand")
    acts.add_parser("revisies", help="welke revisies er staan, en welke voor wie geldt")
    for act in (filed, activated, back):
        add_operator_options(act)


def run(options: argparse.Namespace) -> int:
    """0: done. The act is entered in the log; running hubs follow with the next request."""
    signer = None if options.act == "revisies" else signer_of(options)
    with opened_hub() as hub:
        if signer is None:
            with hub.store.snapshot() as moment:
                print(*_listed(moment), sep="\n")
            return 0
        who = Who(options.operator, signer, hub.now())
        if options.act == "zet-klaar":
            print(f"Revisie {_filed(hub, options.file, who)} staat klaar. Zij geldt nog niet.")
            return 0
        if options.act == "neem-terug":
            act = hub.governing.take_back(who)
            print(f"Revisie {act.revision} geldt niet meer.")
        else:
            with hub.store.snapshot() as moment:
                revision = _named(moment, options.revisie)
            partners = None if options.partners is None else [one.strip() for one in options.partners.split(",")]
            act = hub.governing.activate(revision, partners, who)
    print(*_counting(act), sep="\n")
    return 0


def _filed(hub: Hub, path: Path, who: Who) -> str:
    packed = _read(path)
    try:
        return hub.governing.file(packed, who)
    except BundleRefused as refusal:
        # The file will not do; the policy that decides here is as well as before.
        raise ShapeError(refusal.sentence, place=path.name) from refusal


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST + 1)
    except OSError as error:
        raise ShapeError("Dit bestand kan niet worden gelezen.", place=path.name) from error


def _named(moment: Connection, text: str) -> str:
    """The one revision on file that begins so."""
    start = text.removeprefix("sha256:")
    found = [name for name, _, _ in revisions(moment) if name.removeprefix("sha256:").startswith(start)]
    if len(start) < _LEAST or len(found) != 1:
        raise NotFound("Deze revisie is niet klaargezet, of er zijn er meer die zo beginnen.")
    return found[0]


def _listed(moment: Connection) -> list[str]:
    lines = [f"{name}  klaargezet {minute(at)} door {author}" for name, author, at in revisions(moment)]
    act = newest_act(moment)
    return [*(lines or ["Er staan geen revisies klaar."]), *_counting(act)]


def _counting(act: ActRow | None) -> list[str]:
    lines = [f"Voor iedereen geldt: {act.everyone if act and act.everyone else 'het beleid dat naast de hub staat'}"]
    if act is not None and act.staged is not None:
        lines.append(f"Behalve voor {', '.join(act.partners)}: {act.staged}")
    return lines
