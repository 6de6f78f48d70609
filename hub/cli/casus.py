"""`hub casus vernietig`: two operators shred a casus."""

import argparse
from pathlib import Path
from typing import Any

from hub.casework.operators import Who
from hub.cli.ending import NOT_NOW
from hub.cli.opening import opened_hub
from hub.cli.operator import add_operator_options, signer_of
from hub.errors import NotFound


def add_parser(commands: Any) -> None:
    """The options of `hub casus`."""
    parser = commands.add_parser("casus", help="vernietig een casus")
    acts = parser.add_subparsers(dest="act", required=True, metavar="WAT")
    act = acts.add_parser("vernietig", help="eerst de ene beheerder, dan de andere: daarna is de casus onleesbaar")
    act.add_argument("casus", help="het pseudoniem van de casus")
    act.add_argument("--partner", required=True, help="de partner van wie dit pseudoniem is")
    add_operator_options(act)


def run(options: argparse.Namespace) -> int:
    """0: destroyed. 3: ordered, a second operator must approve."""
    signer = signer_of(options)
    with opened_hub() as hub:
        casus = hub.names.casus_of(options.partner, options.casus)
        if casus is None:
            raise NotFound
        record = hub.destroying.order_or_approve(casus, Who(options.operator, signer, hub.now()))
    if record is None:
        print("De opdracht staat vast. Een andere beheerder moet hem goedkeuren met dezelfde opdracht.")
        return NOT_NOW
    path = _keep(hub.settings.home, casus, record)
    print(f"De casus is vernietigd. Het ondertekende verslag staat in {path}. Bewaar het ook buiten deze machine.")
    return 0


def _keep(home: Path, casus: str, record: str) -> Path:
    folder = home / "vernietigingen"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{casus}.json"
    path.write_text(record)
    return path
