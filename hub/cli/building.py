"""`hub beleid bouw`: a folder of policy, checked, tested, compiled where its rules changed, and signed as one file.

The module that lies in the folder is not believed, and does not stand for the tests: what is signed was compiled here.
"""

import argparse
import os
import subprocess
from pathlib import Path
from typing import Any

from hub.cli import policy, policy_check
from hub.cli.ending import NO
from hub.crypto import policy_key
from hub.errors import EngineUnavailable, ShapeError
from hub.governance.acts import must_be_fit
from hub.pdp.bundle import read_bundle
from hub.pdp.signing import signed_bundle
from hub.policy.compiling import are_own, compile_rules, needed, opa_at_hand
from hub.settings import from_environment


def add_parser(acts: Any) -> None:
    """`hub beleid bouw MAP [--uit BESTAND]`."""
    parser = acts.add_parser("bouw", help="toets een map met beleid en maak er een ondertekende revisie van")
    parser.add_argument("policies", metavar="MAP", type=Path, help="map met het gewijzigde beleid")
    parser.add_argument("--uit", metavar="BESTAND", type=Path, help="waar de bundel komt (anders naast u)")


def run(options: argparse.Namespace) -> int:
    """0: built and signed. 1: the check or a test says no. Raises EngineUnavailable for what is no policy."""
    from hub.policy_wiring import policy_key_file
    from hub.wiring import ROOT

    settings = from_environment(os.environ, ROOT)
    if not _passes_check(options.policies):
        return NO
    bundle = read_bundle(options.policies)
    if not are_own(bundle.rules):
        if not _compiled(options.policies):
            return NO
        bundle = read_bundle(options.policies)
    must_be_fit(bundle, demo=settings.demo)
    file = policy_key_file(settings)
    # The demonstration makes a key of its own; anywhere else the key is there, or nothing is signed.
    key = policy_key.create(file) if settings.demo and not file.exists() else policy_key.load(file)
    out = options.uit or Path(f"beleid-{bundle.revision[7:19]}.bundel.tar.gz")
    policy.write_whole(out, signed_bundle(bundle, key))
    print(f"Revisie {bundle.revision}", f"Ondertekende bundel: {out}", sep="\n")
    print(f"Zet haar klaar: hub beleid zet-klaar {out} --operator NAAM --sleutel BESTAND")
    return 0


def _passes_check(folder: Path) -> bool:
    """Whether the check of the tables has nothing against it."""
    return policy_check.run(argparse.Namespace(dir=folder)) == 0


def _compiled(folder: Path) -> bool:
    """Test the rules of `folder` and compile them, by OPA. False where a test fails."""
    opa = needed(opa_at_hand())
    command = [opa, "test", "--timeout", "240s", "."]
    try:
        # What it says of a file that is no text holds what stands there.
        tested = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 - the program that the operator has
    except OSError as error:
        raise EngineUnavailable("OPA kan niet worden gestart.", place="opa") from error
    if tested.returncode:
        print(tested.stdout + tested.stderr)
        print("De eigen toetsen van de regels slagen niet. Er is niets gemaakt.")
        return False
    try:
        compile_rules(folder, opa)
    except EngineUnavailable as error:
        raise ShapeError("De regels kunnen niet worden vertaald.", place="policies") from error
    return True
