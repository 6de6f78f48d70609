"""`hub beleid verschil OLD NEW`: two revisions of the policy compared, in words."""

import argparse
import json
from pathlib import Path
from typing import Any

from hub.cli.ending import NO
from hub.cli.progress import Progress
from hub.errors import ShapeError
from hub.model.partner import PartnerKind
from hub.model.purpose import PURPOSES

_bar = Progress("situaties")


def add_parser(acts: Any) -> None:
    """The options of `hub beleid verschil`."""
    parser = acts.add_parser("verschil", help="vergelijk twee revisies van het beleid, in woorden")
    parser.add_argument("old", metavar="OUD", type=Path, help="map met het oude beleid, of een bundel daarvan")
    parser.add_argument("new", metavar="NIEUW", type=Path, help="map met het nieuwe beleid, of een bundel daarvan")
    kinds = sorted(map(str, PartnerKind))
    parser.add_argument(
        "--partner", action="append", default=[], metavar="SOORT", choices=kinds, help="alleen dit soort partner"
    )
    parser.add_argument(
        "--doel", action="append", default=[], metavar="DOEL", choices=PURPOSES, help="alleen dit doel (D01 tot D12)"
    )
    parser.add_argument("--alles", action="store_true", help="toon ook wat van dezelfde velden nog eens blijkt")
    parser.add_argument("--vorm", choices=("tekst", "json"), default="tekst", help="hoe het wordt getoond")


def must_be_there(path: Path) -> None:
    """Raise ShapeError for a policy that was named and is not there: that is no fault of the policy."""
    if not path.exists():
        raise ShapeError("Dit bestand of deze map is er niet.", place=path.name)


def run(options: argparse.Namespace) -> int:
    """0: no situation is decided otherwise, 1: some are (as `diff` has it). Raises EngineUnavailable for no sound policy."""
    # Here, so that the other acts of `hub beleid` do not wait for the engine.
    from hub.policy.compare.comparing import report
    from hub.policy.compare.telling import document, told

    for path in (options.old, options.new):
        must_be_there(path)
    found = report(options.old, options.new, frozenset(options.partner), frozenset(options.doel), _bar)
    if options.vorm == "json":
        print(json.dumps(document(found), ensure_ascii=False, indent=1))
    else:
        print(*told(found, every=options.alles), sep="\n")
    return 0 if found.equal else NO
