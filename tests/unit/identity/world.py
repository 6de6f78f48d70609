"""A register with one partner, a client and a user, on a real store, log and keyring; and tokens made by hand."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from sqlalchemy import insert

from hub.crypto.keyring import Keyring
from hub.identity import client, jose, register
from hub.identity.check import TokenCheck
from hub.identity.client import PrivateKey
from hub.identity.endpoints import Endpoints
from hub.identity.token_endpoint import TokenEndpoint, TokenReply
from hub.identity.token_keys import TokenKeys, ensure_token_key
from hub.model.partner import PartnerKind
from hub.store.engine import Store
from hub.store.tables import operators
from hub.store.units import Tx
from tests.unit.audit.world import world_at

START = datetime(2027, 1, 10, 11, tzinfo=UTC)
ENDPOINTS = Endpoints.below("https://hub.example.nl/")
OPERATOR = register.operator("beheer-1")
URL = f"{ENDPOINTS.resource}/casussen/abc/raadplegingen"


@dataclass(frozen=True)
class Region:
    """The parts of one process, and the key of the one client."""

    store: Store
    keyring: Keyring
    keys: TokenKeys
    endpoint: TokenEndpoint
    check: TokenCheck
    key: PrivateKey

    def assertion(self, at: datetime = START, **claims: Any) -> str:
        """A good assertion of the client, with these claims in the place of its own (None: left out)."""
        return crafted(
            self.key, {"alg": self.key.algorithm, "kid": self.key.thumbprint}, assertion_claims(at, **claims)
        )

    def ask(self, assertion: str, dpop: str | None, at: datetime = START, certificate: str | None = None) -> TokenReply:
        """Ask for a token with this assertion."""
        return self.endpoint.token(list(client.token_form(assertion).items()), dpop, certificate, at)

    def token(self, holder: PrivateKey, at: datetime = START) -> str:
        """A token for `u1`, bound to `holder`."""
        proof = client.dpop_proof(holder, "POST", ENDPOINTS.token, at)
        return self.ask(self.assertion(at), proof, at).access_token


@contextmanager
def region_at(url: str, folder: Path, at: datetime = START) -> Iterator[Region]:
    """A region at `url` with its keys in `folder`: partner `ggz-noord`, client `ggz-noord-epd`, user `u1`."""
    with world_at(url, folder) as world:
        ensure_token_key(world.keyring, at)
        key = client.new_key()

        def fill(tx: Tx) -> None:
            tx.connection.execute(insert(operators), {"name": "beheer-1", "public_key": b"", "created_at": ""})
            register.add_partner(tx, new_partner(), OPERATOR, at)
            register.add_client(tx, "ggz-noord", "ggz-noord-epd", client.public_jwks(key), by=OPERATOR, at=at)
            register.record_user(tx, "ggz-noord", "u1", full_user(), by=OPERATOR, at=at)

        world.store.commit(fill)
        yield region_on(world.store, world.keyring, key)


def region_on(store: Store, keyring: Keyring, key: PrivateKey) -> Region:
    """The identity parts of a process on this store and keyring."""
    keys = TokenKeys(keyring)
    endpoint = TokenEndpoint(store, keys, ENDPOINTS)
    return Region(store, keyring, keys, endpoint, TokenCheck(keys, ENDPOINTS), key)


def new_partner(partner: str = "ggz-noord", **other: Any) -> register.NewPartner:
    """A partner to register."""
    values: dict[str, Any] = {"kind": PartnerKind.GGZ, "fulfils": ("*",), "name": "GGZ Noord"}
    return register.NewPartner(id=partner, **{**values, **other})


def full_user(**values: str | None) -> register.UserChange:
    """Everything that a user needs to have on record."""
    flags = dict.fromkeys(("designated", "screened", "trained", "bound_to_secrecy"), "true")
    return register.UserChange({"role": "regiebehandelaar", **flags, **values})


def assertion_claims(at: datetime, **claims: Any) -> dict[str, Any]:
    """The claims of a good assertion, with others in their place (None: left out)."""
    now = int(at.timestamp())
    good = {
        "iss": "ggz-noord-epd",
        "sub": "ggz-noord-epd",
        "aud": ENDPOINTS.token,
        "gebruiker": "u1",
        "iat": now,
        "exp": now + 60,
        "jti": jose.to_base64url(jose.digest(repr((at, claims))).encode()),
    }
    return {name: value for name, value in {**good, **claims}.items() if value is not None}


def crafted(key: PrivateKey, header: Mapping[str, Any], claims: Mapping[str, Any] | bytes) -> str:
    """A JWS with any header at all, really signed by `key` with the algorithm of `key`."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return key.jws(jose.segment(header), payload)


def rsa_key(algorithm: str = "PS256", bits: int = 2048) -> PrivateKey:
    """A fresh RSA key; of fewer bits than the hub takes where asked."""
    made = rsa.generate_private_key(public_exponent=65_537, key_size=bits)
    return client.private_key(RSAAlgorithm.to_jwk(made, as_dict=True), algorithm)


def ec_key() -> PrivateKey:
    """A fresh P-256 key."""
    return client.private_key(ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True))
