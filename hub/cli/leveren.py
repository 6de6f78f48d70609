"""`hub leveren FILE`: deliver a document into a casus, or with `--lines` many, one a line."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from connectors.table import media_type_of
from hub.cli.ending import NO
from hub.cli.http import casus_name, demo_connection
from hub.cli.parser import add_port
from hub.errors import ShapeError

AT_ONCE = 200
"""Lines that go in one call."""


def add_parser(commands: Any) -> None:
    """The options of `hub leveren`."""
    parser = commands.add_parser("leveren", help="lever gegevens aan")
    parser.add_argument("file", metavar="FILE", help="het document, of - voor standaardinvoer")
    parser.add_argument("--als", metavar="PARTNER", required=True, help="lever als deze partner (alleen demoprofiel)")
    parser.add_argument("--casus", help="uw pseudoniem van de casus (niet bij --lines: daar staat het in elke regel)")
    parser.add_argument("--soort", help="media type van het document (anders kijkt de hub zelf)")
    parser.add_argument("--lines", action="store_true", help='een levering per regel: {"casus": …, "document": …}')
    add_port(parser)


def run(options: argparse.Namespace) -> int:
    """0: all was taken in. 1: something was not. Raises ShapeError where no casus is named, or no file can be read."""
    connection = demo_connection(options.als, options.poort)
    document = _read(options.file)
    if options.lines:
        return _many(connection, document.splitlines())
    if not options.casus:
        raise ShapeError("Noem ook de casus.", place="--casus")
    media = options.soort or media_type_of(document)
    answer = connection.post(f"/casussen/{casus_name(options.casus)}/leveringen", content=document, media=media)
    for item in answer["opgenomen"]:
        print(f"opgenomen: {item['plaats']} als {item['veld']} ({', '.join(item['niveaus'])}; {item['wijziging']})")
    for item in answer["nietOpgenomen"]:
        print(f"niet opgenomen: {item['plaats']}: {item['zin']} ({item['reden']})")
    return NO if answer["nietOpgenomen"] else 0


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError:
        raise ShapeError("Dit bestand kan niet worden gelezen.") from None


def _many(connection: Any, lines: list[bytes]) -> int:
    failed = 0
    for start in range(0, len(lines), AT_ONCE):
        content = b"\n".join(lines[start : start + AT_ONCE])
        answer = connection.post("/leveringsreeksen", content=content, media="application/x-ndjson")
        for offset, result in enumerate(answer["regels"], start + 1):
            failed += "code" in result
            print(json.dumps({"regel": offset, **result}, ensure_ascii=False))
    return NO if failed else 0
