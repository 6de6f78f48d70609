"""Rules compiled to a module, as `policies/build.sh` does it: by the OPA of who runs this."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from hub.errors import EngineUnavailable
from hub.pdp.bundle import default_directory

_SECONDS: Final = 120


def opa_at_hand() -> str | None:
    """The OPA program that `policies/build.sh` would take, if there is one."""
    return os.environ.get("OPA") or shutil.which("opa")


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
