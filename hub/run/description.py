"""`hub openapi`: the description of the API, without a store or a server."""

import argparse
import json
import sys
from typing import Any

from hub.api.app import api_app, authzen_app, described
from hub.settings import PLACEHOLDER

_PARTS = {"v1": api_app, "authzen": authzen_app}


def add_parser(commands: Any) -> None:
    """The options of `hub openapi`."""
    parser = commands.add_parser("openapi", help="toon de beschrijving van de API")
    parser.add_argument(
        "--deel", choices=sorted(_PARTS), default="v1", help="de API zelf, of de beoordelingen (AuthZEN)"
    )
    parser.add_argument("--adres", default="https://hub.example.nl", help="openbaar adres van de hub")
    parser.add_argument(
        "--contact", default=PLACEHOLDER, metavar="MAIL", help="e-mailadres van de beheerder (HUB_CONTACT)"
    )


def run(options: argparse.Namespace) -> int:
    """Print the OpenAPI document."""
    json.dump(described(_PARTS[options.deel](options.adres, options.contact)), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    return 0
