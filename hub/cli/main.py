"""`hub`: one word a command. Each command lives in its own module and is loaded only when it is asked for."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from hub.cli.ending import ended
from hub.cli.parser import Parser

COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("hub.run.serving", "zet de hub aan"),
    "ask": ("hub.cli.ask", "vraag gegevens uit een casus"),
    "postvak": ("hub.cli.postvak", "toon en haal op wat naar u is gestuurd"),
    "verplichtingen": ("hub.cli.obligations", "toon wat nog gedaan moet worden"),
    "meldingen": ("hub.cli.notices", "toon wat de hub zelf heeft gemeld"),
    "leveren": ("hub.cli.leveren", "lever gegevens aan"),
    "decide": ("hub.cli.decide", "laat het beleid beslissen over een feitendocument"),
    "beleid": ("hub.cli.policy", "toon het beleid, leg het uit en maak er een bundel van"),
    "vloot": ("hub.cli.fleet", "toon de sleutel van het beleid aan OPA-servers"),
    "log": ("hub.cli.log", "controleer bewijzen en het logboek"),
    "partner": ("hub.cli.partner", "beheer partners, systemen en gebruikers"),
    "sleutels": ("hub.cli.keys", "beheer de sleutels"),
    "casus": ("hub.cli.casus", "vernietig een casus"),
    "beheerder": ("hub.cli.operator", "zet een beheerder in het register"),
    "doctor": ("hub.cli.doctor", "kijk na of alles in orde is"),
    "openapi": ("hub.run.description", "toon de beschrijving van de API"),
}
"""Command -> (module with `add_parser` and `run`, what it does)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is by the rule of `hub.cli.ending`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["serve"]:
        return ended(lambda: _run(words), "De hub start niet:")
    return ended(lambda: _run(words))


class _Version(argparse.Action):
    """Tells the version, and that is all."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        # Loaded when it is asked for: it takes longer than all the rest of a command's start.
        print("hub", importlib.import_module("importlib.metadata").version("hub"))
        parser.exit()


def _run(words: list[str]) -> int:
    parser = Parser(prog="hub", description="Informatiehub zorg en veiligheid")
    parser.add_argument("--version", action=_Version, nargs=0, help="toon de versie van deze hub")
    commands = parser.add_subparsers(dest="command", metavar="OPDRACHT", required=True)
    chosen = words[0] if words and words[0] in COMMANDS else None
    for name, (module, what) in COMMANDS.items():
        if name == chosen:
            importlib.import_module(module).add_parser(commands)
        else:
            commands.add_parser(name, help=what)
    options = parser.parse_args(words)
    status: int = importlib.import_module(COMMANDS[options.command][0]).run(options)
    return status
