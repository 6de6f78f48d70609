"""Rules compiled to a module, as `policies/build.sh` does it: by the OPA of who runs this.

A module says nothing of the rules that it was compiled from. So of a folder or a file that somebody hands in it is not
believed: rules that are the hub's own have the hub's own module, and all others are compiled here.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hub.errors import EngineUnavailable
from hub.pdp.bundle import (
    MODULE_NAME,
    RULES_OF_MODULE,
    Bundle,
    bundle_of_files,
    default_directory,
    digest_of,
    read_bundle,
)

_SECONDS: Final = 120
_NO_OPA: Final = "De regels zijn gewijzigd. Daarvoor is het programma opa nodig."


def opa_at_hand() -> str | None:
    """The OPA program that `policies/build.sh` would take, if there is one."""
    return os.environ.get("OPA") or shutil.which("opa")


def needed(program: str | None) -> str:
    """The OPA program. Raises EngineUnavailable where there is none: other rules need one."""
    if program is None:
        raise EngineUnavailable(_NO_OPA, place="opa")
    return program


def are_own(rules: Mapping[str, bytes]) -> bool:
    """Whether they are, to the byte, the rules that stand beside the code."""
    return digest_of(rules) == digest_of(read_bundle(default_directory()).rules)


def built_bundle(directory: Path) -> Bundle:
    """The policy of a folder that somebody hands in, with the module of its rules. Raises EngineUnavailable."""
    found = read_bundle(directory)
    if are_own(found.rules):
        return found
    return bundle_of_files(found.rules, found.tables, compiled(found.rules, needed(opa_at_hand())))


def compiled(rules: Mapping[str, bytes], program: str) -> bytes:
    """The module of `rules`. Raises EngineUnavailable when OPA refuses them, or one lies where none is compiled."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, content in rules.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        compile_rules(folder, program)
        if (folder / RULES_OF_MODULE).read_text().strip() != digest_of(rules):
            raise EngineUnavailable("Een regel staat op een plek waar geen regels horen.", place="policies")
        return (folder / MODULE_NAME).read_bytes()


def compile_rules(folder: Path, program: str) -> None:
    """Put the module of the rules in `folder` there, and the digest of these rules beside it.

    Raises EngineUnavailable, with the last that OPA said, when it refuses them.
    """
    words = {"OPA": program, "POLICIES": str(folder.resolve()), "PATH": os.environ.get("PATH", os.defpath)}
    try:
        subprocess.run([default_directory() / "build.sh"], env=words, check=True, capture_output=True, timeout=_SECONDS)  # noqa: S603 - stands beside the hub
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineUnavailable("OPA kan de regels niet bouwen.", place=_complaint(error)) from error


def _complaint(error: Exception) -> str:
    text = error.stderr.decode(errors="replace") if isinstance(error, subprocess.CalledProcessError) else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "opa"
