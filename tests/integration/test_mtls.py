"""TLS that ends at the hub: a token bound to a client certificate is good on a connection with that certificate alone."""

import datetime as dates
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.identity import register
from hub.identity.certificate import certificate_print_of_pem
from hub.identity.client import assertion, token_form
from hub.identity.demo import read_demo_client
from hub.wiring import ROOT, open_hub
from tests import region as regions
from tests import servers

PARTNER = "ggz-noord"


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, in PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Place:
    """A hub behind TLS of its own, and the certificates around it."""

    base: str
    home: Path
    casus: str
    own: Pair
    other: Pair

    def caller(self, pair: Pair | None) -> httpx.Client:
        """A caller who shows the certificate of `pair`."""
        context = ssl.create_default_context(cafile=str(self.own.certificate.parent / "ca.pem"))
        if pair is not None:
            context.load_cert_chain(pair.certificate, pair.key)
        return httpx.Client(base_url=self.base, verify=context, trust_env=False)

    def token(self, pair: Pair) -> httpx.Response:
        """The answer to a request for a token over a connection with the certificate of `pair`."""
        client = read_demo_client(self.home, PARTNER)
        now = dates.datetime.now(dates.UTC)
        text = assertion(client.key, client.client, f"{PARTNER}-1", f"{self.base}/oauth/token", now)
        with self.caller(pair) as caller:
            return caller.post("/oauth/token", data=token_form(text))

    def ask(self, pair: Pair | None, token: str) -> httpx.Response:
        """One look with `token`."""
        with self.caller(pair) as caller:
            return caller.post(
                f"/v1/casussen/{self.casus}/raadplegingen",
                json={"doel": "D02", "velden": ["brp_adres"]},
                headers={"Authorization": f"Bearer {token}"},
            )


def _issue(folder: Path, name: str, signer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dates.datetime.now(dates.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[0].subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dates.timedelta(days=1))
        .not_valid_after(now + dates.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    )
    certificate = builder.sign(signer[1] if signer else key, hashes.SHA256())
    pair = Pair(folder / f"{name}.pem", folder / f"{name}.key")
    pair.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pair.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pair


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    pair = _issue(folder, "ca", None)
    key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return x509.load_pem_x509_certificate(pair.certificate.read_bytes()), key


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A hub on a real socket with TLS, that knows the certificate of one client."""
    authority = _authority(tmp_path)
    own, other, served = (_issue(tmp_path, name, authority) for name in ("own", "other", "localhost"))
    template = regions.template_of_today()
    port = servers.free_port()
    with regions.world(tmp_path / "world", source=template) as world:
        home, casus = world.settings.home, world.names[regions.OPEN][PARTNER]
    hub = open_hub(regions.settings_of(home))
    pin = certificate_print_of_pem(own.certificate.read_text())
    hub.store.commit(lambda tx: register.pin_client(tx, PARTNER, pin, regions.BY, hub.clock()))
    hub.close()
    environment = {
        **os.environ, "HUB_HOME": str(home), "HUB_PORT": str(port), "PYTHONPATH": str(ROOT),
        "HUB_PUBLIC_URL": f"https://localhost:{port}", "HUB_TLS_CERTIFICATE": str(served.certificate),
        "HUB_TLS_KEY": str(served.key), "HUB_TLS_CLIENT_CA": str(tmp_path / "ca.pem"),
    }  # fmt: skip
    process = subprocess.Popen([*regions.hub_command(), "serve"], env=environment, stdout=subprocess.DEVNULL)
    found = Place(f"https://localhost:{port}", home, casus, own, other)
    try:
        _wait(found)
        yield found
    finally:
        process.terminate()
        process.wait(30)


def _wait(place: Place) -> None:
    pause = threading.Event()
    for _ in range(3_000):
        try:
            with place.caller(None) as caller:
                if caller.get("/gereed").status_code == 200:
                    return
        except httpx.HTTPError:
            pause.wait(0.02)
    raise RuntimeError("the hub did not come up")


def test_a_token_is_good_with_its_own_certificate_alone(place: Place) -> None:
    given = place.token(place.own)
    assert given.status_code == 200, given.text
    assert given.json()["token_type"] == "Bearer"
    token = given.json()["access_token"]
    answer = place.ask(place.own, token)
    assert answer.status_code == 200
    assert [item["veld"] for item in answer.json()["gegevens"]] == ["brp_adres"]
    assert place.ask(place.other, token).status_code == 401
    assert place.ask(None, token).status_code == 401


def test_another_certificate_gets_no_token(place: Place) -> None:
    assert place.token(place.other).status_code == 401
