"""`hub vloot`: the key that signs policy, and what an OPA server has to know of it."""

import argparse
import os
from typing import Any

from hub.crypto import policy_key
from hub.errors import WeakConfiguration
from hub.settings import from_environment


def add_parser(commands: Any) -> None:
    """The options of `hub vloot`."""
    parser = commands.add_parser("vloot", help="maak of toon de sleutel waarmee beleid wordt ondertekend")
    acts = parser.add_subparsers(dest="act", required=True, metavar="WAT")
    shown = acts.add_parser("sleutel", help="wat een OPA-server van de sleutel moet weten, voor zijn omgeving")
    shown.add_argument("--nieuw", action="store_true", help="maak de sleutel eerst, in HUB_POLICY_KEY_FILE")


def run(options: argparse.Namespace) -> int:
    """0: shown. Raises WeakConfiguration where there is no sound key, Conflict where a new one would replace another."""
    from hub.wiring import ROOT

    path = from_environment(os.environ, ROOT).policy_key_file
    if path is None:
        raise WeakConfiguration(["HUB_POLICY_KEY_FILE: noem het bestand van de sleutel"])
    public = (policy_key.create(path) if options.nieuw else policy_key.load(path)).public
    # On one line: so an environment takes it, and the text between quotes in deploy/opa.yaml makes lines of it again.
    print(f"HUB_POLICY_KID={public.kid}", "HUB_POLICY_PUBLIC_KEY=" + public.pem.replace("\n", "\\n"), sep="\n")
    return 0
