"""`hub beleid toets`: the law tables checked as data. It needs no OPA."""

import argparse
from pathlib import Path
from typing import Any

import hub
from hub.cli.ending import NO
from hub.cli.policy import add_policies, chosen_policies
from hub.errors import ShapeError
from hub.policy.checks import check_policy


def add_parser(acts: Any) -> None:
    """The options of `hub beleid toets`."""
    parser = acts.add_parser(
        "toets", help="toets de tabellen van het beleid: woorden, cellen, teksten, wet en geldigheid"
    )
    parser.add_argument("dir", metavar="DIR", type=Path, nargs="?", help="map met het beleid")
    add_policies(parser)


def run(options: argparse.Namespace) -> int:
    """0: all is well. 1: it is not, and each fault stands on a line. Raises ShapeError where there is no such folder."""
    directory: Path = options.dir or chosen_policies(options)
    if not directory.is_dir():
        raise ShapeError("Deze map is er niet.", place=directory.name)
    faults = check_policy(directory, Path(hub.__file__).with_name("texts"))
    lines = [str(fault) for fault in faults] or ["De tabellen zijn in orde."]
    print(*lines, sep="\n")
    return NO if faults else 0
