"""Real servers for the tests: PostgreSQL and OPA, started on this machine and gone afterwards."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.repository import ROOT

START_SECONDS = 30


class MissingProgram(Exception):
    """A program that the tests need is not on this machine; the text says how to get it."""


def free_port() -> int:
    """A loopback port that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


# --- PostgreSQL ------------------------------------------------------------------------------------------------


def postgres_programs() -> Path:
    """The folder of initdb, pg_ctl and postgres. Debian keeps them off the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    if debian:
        return debian[-1].parent
    if found := shutil.which("pg_config"):
        told = subprocess.run([found, "--bindir"], check=True, capture_output=True, text=True).stdout.strip()
        if (Path(told) / "postgres").exists():
            return Path(told)
    raise MissingProgram("PostgreSQL is not here: make servers")


@dataclass(frozen=True)
class Postgres:
    """A server on a cluster. It listens on a socket in a folder of its own and on no network."""

    folder: Path
    numbers: "count[int]" = field(default_factory=count)

    def url(self, name: str) -> str:
        """The address of one database, as the store reads it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def run(self, statement: str) -> None:
        """One statement outside any transaction."""
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, like: str = "template0") -> str:
        """A fresh database, empty or a copy of one that nobody is connected to; its name."""
        name = f"test_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {like} ENCODING 'UTF8'")
        return name

    def drop(self, name: str) -> None:
        """Away with it, whoever is still connected."""
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def start(self) -> None:
        """Until it takes connections, also after it was stopped."""
        options = f"{POSTGRES_OPTIONS} -c unix_socket_directories='{self.folder}'"
        self._control("-l", self.folder / "log", "-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        """`fast` ends every connection and closes in order; `immediate` is as the power that fails."""
        self._control("-m", how, "stop")

    def promote(self) -> None:
        """From a replica to a server that writes."""
        self._control("promote")

    def _control(self, *words: str | Path) -> None:
        program = postgres_programs() / "pg_ctl"
        as_postgres([program, "-D", self.folder / "cluster", "-t", str(START_SECONDS), "-w", *words], self.folder)


def as_postgres(command: Sequence[str | Path], folder: Path) -> None:
    """Runs a program of PostgreSQL; as the user postgres where we are root, for it refuses root."""
    user = "postgres" if os.geteuid() == 0 else None
    groups: list[str] | None = [] if user else None
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        user=user,
        group=user,
        extra_groups=groups,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr}{server_log(folder)}")


def server_log(folder: Path) -> str:
    """What the server wrote while it did not come up."""
    log = folder / "log"
    return log.read_text(errors="replace") if log.exists() else ""


# The settings of a deployment; only the network is off.
POSTGRES_OPTIONS = (
    "-c listen_addresses='' -c max_connections=100 -c unix_socket_permissions=0700 -c shared_buffers=64MB"
)


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """A new cluster in a temporary folder, running."""
    with _cluster() as found:
        as_postgres(
            [postgres_programs() / "initdb", "-D", found.folder / "cluster", "-U", "postgres", "-A", "trust",
             "-E", "UTF8", "--no-instructions"],
            found.folder,
        )  # fmt: skip
        with (found.folder / "cluster" / "postgresql.conf").open("a") as configuration:
            configuration.write((ROOT / "deploy/postgresql/hub.conf").read_text())
        found.start()
        yield found


@contextlib.contextmanager
def replica(of: Postgres) -> Iterator[Postgres]:
    """A streaming replica of a running server, made from a base backup of it, running."""
    with _cluster() as found:
        as_postgres(
            [postgres_programs() / "pg_basebackup", "-h", of.folder, "-U", "postgres", "-D", found.folder / "cluster",
             "--write-recovery-conf", "--checkpoint=fast"],
            found.folder,
        )  # fmt: skip
        found.start()
        yield found


@contextlib.contextmanager
def _cluster() -> Iterator[Postgres]:
    """A folder for a server, which is stopped in the end where it runs."""
    with tempfile.TemporaryDirectory(prefix="hub-pg-") as made:
        folder = Path(made)
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        found = Postgres(folder)
        try:
            yield found
        finally:
            if (folder / "cluster" / "postmaster.pid").exists():
                found.stop()


# --- OPA -------------------------------------------------------------------------------------------------------


def opa_program() -> Path:
    """The OPA program of the version that the policy was compiled with."""
    built = ROOT / "var/tools/bin/opa"
    if built.exists():
        return built
    if found := shutil.which("opa"):
        return Path(found)
    raise MissingProgram("OPA is not here: make opa")


@dataclass(frozen=True)
class OpaServer:
    """A running OPA server: https on loopback, and who asks it must know the token."""

    url: str
    token: str
    ca_file: Path


def loopback_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    # A name of its own: among authorities of one name only the first is looked at.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"loopback {secrets.token_hex(4)}")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


def await_answer(server: "subprocess.Popen[bytes]", url: str, context: ssl.SSLContext, log: Path) -> None:
    """Asks until the server answers, or until it stopped or took too long."""
    pause = threading.Event()
    for _ in range(START_SECONDS * 20):
        try:
            with urllib.request.urlopen(url, context=context, timeout=START_SECONDS):
                return
        except (urllib.error.URLError, ConnectionError):
            if server.poll() is not None:
                break
            pause.wait(0.05)
    raise RuntimeError(f"the OPA server did not come up: {log.read_text(errors='replace')}")


AUTHZ = ROOT / "deploy/opa/authz.rego"
"""Who may ask a server, and what, as in a deployment."""


@contextlib.contextmanager
def opa(bundle: bytes, authz: Path = AUTHZ) -> Iterator[OpaServer]:
    """An OPA server with this policy bundle (gzipped tar), which it reads from a file."""
    with tempfile.TemporaryDirectory(prefix="hub-opa-") as made:
        folder = Path(made)
        (folder / "bundle.tar.gz").write_bytes(bundle)
        with RunnableOpa(folder, [f"--set=bundles.hub.resource=file://{folder}/bundle.tar.gz"], {}, authz) as process:
            process.start()
            yield process.server


class RunnableOpa:
    """An OPA server in `folder`, always on the same port, that can be killed and started again."""

    def __init__(
        self, folder: Path, options: Sequence[str | Path], environment: Mapping[str, str], authz: Path = AUTHZ
    ) -> None:
        certificate, key = loopback_certificate(folder)
        self.server = OpaServer(f"https://127.0.0.1:{free_port()}", secrets.token_urlsafe(32), certificate)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._command: list[str | Path] = [
            opa_program(),
            "run",
            "--server",
            "--log-level=error",
            "--skip-version-check",
        ]
        self._command += ["--authentication=token", "--authorization=basic"]
        self._command += [f"--addr={self.server.url.removeprefix('https://')}"]
        self._command += [f"--tls-cert-file={certificate}", f"--tls-private-key-file={key}", *options]
        self._command += [authz]
        self._environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "HUB_OPA_TOKEN": self.server.token}
        self._environment.update(environment)

    def __enter__(self) -> "RunnableOpa":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self, path: str = "/health?bundles") -> None:
        """Until it answers well at `path`."""
        log = self._folder / "log"
        with log.open("ab") as written:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment, stdout=written, stderr=written
            )
        trusted = ssl.create_default_context(cafile=str(self.server.ca_file))
        await_answer(self._process, f"{self.server.url}{path}", trusted, log)

    def pause(self) -> None:
        """It stays, and does nothing more."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """At once, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
