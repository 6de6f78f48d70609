"""`hub`: one word a command. Each command lives in its own module and is loaded only when it is asked for."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from hub.cli.told import told
from hub.errors import HubError, WeakConfiguration

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


_INTERRUPTED, _NOT_READ = 130, 141
"""As a shell tells of SIGINT and SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status 0 when it went well, 1 when the answer is no, 2 for a fault; 141 where nobody reads on."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="hub", description="Informatiehub zorg en veiligheid")
    commands = parser.add_subparsers(dest="command", metavar="OPDRACHT", required=True)
    chosen = words[0] if words and words[0] in COMMANDS else None
    for name, (module, what) in COMMANDS.items():
        if name == chosen:
            importlib.import_module(module).add_parser(commands)
        else:
            commands.add_parser(name, help=what)
    options = parser.parse_args(words)
    try:
        status: int = importlib.import_module(COMMANDS[options.command][0]).run(options)
        # Here, so that a pipe that is closed shows now and not when the process ends.
        sys.stdout.flush()
    except WeakConfiguration as refusal:
        print("De hub start niet:", *(f"- {reason}" for reason in refusal.reasons), sep="\n", file=sys.stderr)
        return 2
    except HubError as error:
        print(told(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        return _nobody_reads()
    return status


def _nobody_reads() -> int:
    """Who read what we print (`| head`) has enough: what is left goes nowhere, also at the end of the process."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    print("Niet alles is getoond: de uitvoer werd niet verder gelezen.", file=sys.stderr)
    return _NOT_READ
