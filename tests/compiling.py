"""Rules made a module by OPA, for tests that run others than the hub's own."""

import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from hub.pdp.bundle import ENTRYPOINT, Bundle
from hub.pdp.periods import Period
from tests import servers


def bundle_of(module: bytes | None) -> Bundle:
    """A policy that is that module, without tables."""
    return Bundle("sha256:0", {}, {}, module, frozenset(), {}, (Period("", (), {}),))


def module_of(rules: Path, *words: str, entrypoints: Iterable[str] = (ENTRYPOINT,)) -> bytes:
    """What OPA makes of the rules in the folder `rules`; `words`: more that it is told."""
    packed = rules.parent / "bundle.tar.gz"
    asked = [word for name in entrypoints for word in ("-e", name)]
    command: list[str | Path] = [servers.opa_program(), "build", "-t", "wasm", *words, *asked, "-o", packed, rules]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with tarfile.open(packed) as bundle:
        module = bundle.extractfile("/policy.wasm")
        assert module is not None
        return module.read()
