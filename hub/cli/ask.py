"""`hub ask`: ask fields of a casus from a running hub, and read in the terminal what leaves, what does not, and why."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hub.cli.ending import NO
from hub.cli.http import casus_name, demo_connection, demo_settings
from hub.cli.parser import add_port
from hub.cli.shown import lines


def add_parser(commands: Any) -> None:
    """The options of `hub ask`."""
    parser = commands.add_parser("ask", help="vraag gegevens uit een casus")
    parser.add_argument("--als", metavar="PARTNER", required=True, help="vraag als deze partner (alleen demoprofiel)")
    parser.add_argument("--casus", required=True, help="uw pseudoniem van de casus")
    parser.add_argument("--doel", required=True, help="waarvoor: D01 tot en met D12")
    parser.add_argument(
        "--velden", nargs="+", default=["*"], metavar="VELD", help="de velden die u vraagt (anders alle)"
    )
    parser.add_argument("--actie", choices=("lezen", "export"), default="lezen", help="lezen, of meenemen als bestand")
    add_port(parser)
    parser.add_argument("--json", action="store_true", help="toon het antwoord als JSON")


def run(options: argparse.Namespace) -> int:
    """0: something was released. 1: nothing was."""
    connection = demo_connection(options.als, options.poort)
    body = {"doel": options.doel, "velden": options.velden, "actie": options.actie}
    answer = connection.post(f"/casussen/{casus_name(options.casus)}/raadplegingen", json=body)
    return show(answer, demo_settings(options.poort).home, as_json=options.json)


def show(answer: Mapping[str, Any], home: Path, *, as_json: bool) -> int:
    """Print an answer with fields and keep its receipt below `home`. 0: something was released. 1: nothing was."""
    receipt = _kept(answer["ontvangstbewijs"], home)
    if as_json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        print(*lines(answer), sep="\n")
        counts = f"{len(answer['gegevens'])} velden vrijgegeven, {len(answer['geweigerd'])} niet"
        print(f"\n{counts}. Ontvangstbewijs {answer['ontvangstbewijs']['volgnummer']} staat in {receipt}")
        print(f"Controleer het zelf: .venv/bin/hub log verify {receipt}")
    return 0 if answer["gegevens"] else NO


def _kept(receipt: Mapping[str, Any], home: Path) -> Path:
    folder = home / "ontvangstbewijzen"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{receipt['volgnummer']}.json"
    path.write_text(json.dumps(receipt, ensure_ascii=False))
    return path
