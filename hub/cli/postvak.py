"""`hub postvak`: what other partners sent to this one, and fetching it."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hub.cli.ask import show
from hub.cli.dates import day, minute
from hub.cli.ending import NO
from hub.cli.http import demo_connection, demo_settings
from hub.cli.parser import add_port
from hub.cli.shown import printable


def add_parser(commands: Any) -> None:
    """The options of `hub postvak`."""
    parser = commands.add_parser("postvak", help="toon en haal op wat naar u is gestuurd")
    parser.add_argument("--als", metavar="PARTNER", required=True, help="het postvak van deze partner (demoprofiel)")
    parser.add_argument("--ophalen", metavar="ZENDING", help="haal deze zending op; dat kan één keer")
    add_port(parser)
    parser.add_argument("--json", action="store_true", help="toon het antwoord als JSON")


def run(options: argparse.Namespace) -> int:
    """0: there is something. 1: there is nothing."""
    connection = demo_connection(options.als, options.poort)
    if options.ophalen is not None:
        answer = connection.post(f"/postvak/{options.ophalen}/ontvangsten")
        return show(answer, demo_settings(options.poort).home, as_json=options.json)
    waiting = list(connection.all_of("/postvak", "zendingen"))
    if options.json:
        print(json.dumps(waiting, ensure_ascii=False, indent=2))
    else:
        print("\n".join(printable(line) for line in _lines(waiting, options)))
    return 0 if waiting else NO


def _lines(waiting: Sequence[Mapping[str, Any]], options: argparse.Namespace) -> Iterator[str]:
    yield f"In het postvak: {len(waiting)}"
    for sending in waiting:
        yield f"  {sending['id']}"
        yield f"      van {sending['afzender']}, voor doel {sending['doel']}, gestuurd op {day(sending['sinds'])}"
        yield f"      op te halen tot {minute(sending['verlooptOp'])}"
    if waiting:
        port = f" --poort {options.poort}" if options.poort else ""
        yield f"Ophalen: .venv/bin/hub postvak --als {options.als} --ophalen {waiting[0]['id']}{port}"
