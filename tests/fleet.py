"""OPA servers that get their policy from a hub: started from `deploy/opa.yaml`, as a deployment does."""

import contextlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.crypto import policy_key
from hub.crypto.policy_key import PublicKey, SigningKey
from tests import servers
from tests.conftest import absent
from tests.repository import ROOT
from tests.servers import RunnableOpa

NAMES = ("een", "twee")


@dataclass(frozen=True)
class Fleet:
    """Two OPA servers, not yet started, and the files that hub and servers share."""

    folder: Path
    key: SigningKey
    processes: Sequence[RunnableOpa]

    @property
    def environment(self) -> dict[str, str]:
        """What the hub is told of them."""
        pairs = zip(NAMES, self.processes, strict=True)
        return {
            "HUB_POLICY_ENGINE": "opa",
            "HUB_OPA_SERVERS": ", ".join(f"{name}={one.server.url}" for name, one in pairs),
            "HUB_OPA_TOKEN_FILE": str(self.folder / "opa.token"),
            "HUB_OPA_CA_FILE": str(self.folder / "ca.pem"),
            "HUB_POLICY_KEY_FILE": str(self.folder / "keys" / "policy.pem"),
            "HUB_FLEET_TOKEN_FILE": str(self.folder / "fleet.token"),
        }

    def start(self) -> None:
        """Until both have their policy from the hub."""
        for one in self.processes:
            one.start()

    @property
    def token(self) -> str:
        """What the servers show to the hub."""
        return (self.folder / "fleet.token").read_text()


@contextlib.contextmanager
def fleet(folder: Path, hub: str, trusted: PublicKey | None = None) -> Iterator[Fleet]:
    """Two servers that fetch from `hub` and trust its key, or `trusted` alone."""
    try:
        servers.opa_program()
    except servers.MissingProgram as missing:
        absent(missing)
    key = policy_key.create(folder / "keys" / "policy.pem")
    (folder / "fleet.token").write_text(secrets.token_urlsafe(32))
    (folder / "opa.token").write_text(secrets.token_urlsafe(32))
    processes = [_process(folder, name, hub, trusted or key.public) for name in NAMES]
    (folder / "ca.pem").write_bytes(b"".join(one.server.ca_file.read_bytes() for one in processes))
    with contextlib.ExitStack() as running:
        for one in processes:
            running.enter_context(one)
        yield Fleet(folder, key, processes)


def _process(folder: Path, name: str, hub: str, trusted: PublicKey) -> RunnableOpa:
    own = folder / name
    own.mkdir()
    environment = {
        "HUB_URL": hub,
        "HUB_CA_FILE": str(own / "certificate.pem"),
        "HUB_FLEET_TOKEN_FILE": str(folder / "fleet.token"),
        "HUB_OPA_NAME": name,
        "HUB_POLICY_KID": trusted.kid,
        "HUB_POLICY_PUBLIC_KEY": trusted.pem.replace("\n", "\\n"),
        "HUB_OPA_TOKEN": (folder / "opa.token").read_text(),
    }
    return RunnableOpa(own, [f"--config-file={ROOT / 'deploy/opa.yaml'}"], environment)
