"""`hub beleid`: which policy stands here, and what it says. Larger acts live in modules of their own."""

import argparse
import importlib
import os
from pathlib import Path
from typing import Any

from hub.errors import ShapeError
from hub.pdp.bundle import Bundle, read_bundle, server_bundle
from hub.policy.compiling import built_bundle
from hub.settings import from_environment

ELSEWHERE: dict[str, str] = {
    "uitleg": "hub.cli.policy_explain",
    "matrix": "hub.cli.policy_matrix",
    "toets": "hub.cli.policy_check",
    "verschil": "hub.cli.policy_compare",
    "bouw": "hub.cli.building",
    "zet-klaar": "hub.cli.revisions",
    "activeer": "hub.cli.revisions",
    "neem-terug": "hub.cli.revisions",
    "revisies": "hub.cli.revisions",
    "effect": "hub.cli.policy_effect",
}
"""Act -> module with `add_parser` (the same shape as a command) and `run`. One line an act."""


def add_parser(commands: Any) -> None:
    """The options of `hub beleid`."""
    parser = commands.add_parser("beleid", help="toon het beleid, leg het uit en maak er een bundel van")
    acts = parser.add_subparsers(dest="act", required=True, metavar="WAT")
    shown = acts.add_parser("revision", help="de revisie van het beleid, zoals zij in elke beslissing staat")
    made = acts.add_parser("bundle", help="maak een bundel voor een OPA-server")
    made.add_argument("file", metavar="FILE", type=Path, help="waar de bundel komt, bijvoorbeeld bundle.tar.gz")
    for act in (shown, made):
        add_policies(act)
    for module in dict.fromkeys(ELSEWHERE.values()):
        importlib.import_module(module).add_parser(acts)


def add_policies(parser: argparse.ArgumentParser) -> None:
    """The option that names the policy an act is about."""
    parser.add_argument("--policies", type=Path, help="map met het beleid (anders HUB_POLICIES, anders dat van de hub)")


def chosen_policies(options: argparse.Namespace) -> Path:
    """The directory that `--policies` names, else the setting, else the hub's own."""
    return options.policies or _policies()


def chosen_bundle(options: argparse.Namespace) -> Bundle:
    """The policy to decide by: with `--policies` by what its rules say, else as the deployment decides by it."""
    return read_bundle(_policies()) if options.policies is None else built_bundle(options.policies)


def run(options: argparse.Namespace) -> int:
    """0: shown or written. Raises EngineUnavailable when there is no sound policy."""
    if options.act in ELSEWHERE:
        status: int = importlib.import_module(ELSEWHERE[options.act]).run(options)
        return status
    bundle = read_bundle(chosen_policies(options))
    if options.act == "bundle":
        write_whole(options.file, server_bundle(bundle))
    print(*_lines(bundle), sep="\n")
    return 0


def _policies() -> Path:
    from hub.wiring import ROOT

    return from_environment(os.environ, ROOT).policies


def _lines(bundle: Bundle) -> list[str]:
    return [bundle.revision, f"goedkeuring: {', '.join(sorted(bundle.approvals)) or 'geen'}"]


def write_whole(path: Path, content: bytes) -> None:
    """Whole or not at all: an OPA server that reads meanwhile gets the old one or the new one."""
    beside = path.with_name(f".{path.name}.nieuw")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ShapeError("Dit bestand kan niet worden geschreven.", place=path.name) from error
