"""The other side: what a partner's system makes to get a token and to use it. Pure functions over a private JWK.

Used by the command line, the demonstration, the tests and the bench. Time comes in as `at`, as everywhere.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.crypto.signing import Signer
from hub.identity import jose
from hub.identity.token_endpoint import ASSERTION_TYPE, GRANT_TYPE

ASSERTION_LIFE = 60
"""Seconds that an assertion made here lives."""


@dataclass(frozen=True)
class PrivateKey:
    """A private key that signs by one algorithm. `jwk` is the private JWK, `public` what may be shown of it."""

    algorithm: str
    jwk: Mapping[str, Any] = field(repr=False)
    public: Mapping[str, str]
    thumbprint: str
    private: Any = field(repr=False)

    def jws(self, head: str, payload: bytes) -> str:
        """A compact JWS over `payload` with the header segment `head`."""
        return jose.signed(self.algorithm, self.private, head, payload)


_PUBLIC = ("kty", "crv", "x", "y", "n", "e")


def new_key() -> PrivateKey:
    """A fresh Ed25519 key."""
    seed = secrets.token_bytes(32)
    members = {"kty": "OKP", "crv": "Ed25519", "x": jose.to_base64url(Signer(seed).public)}
    return private_key({**members, "d": jose.to_base64url(seed)})


def private_key(jwk: Mapping[str, Any], algorithm: str | None = None) -> PrivateKey:
    """The key of a private JWK. `algorithm`: else its `alg`, else the first to fit. Raises `jose.Malformed`."""
    public = jose.public_key({name: jwk[name] for name in (*_PUBLIC, "alg") if name in jwk})
    chosen = algorithm or str(jwk.get("alg") or min(public.algorithms))
    if chosen not in public.algorithms:
        raise jose.Malformed("alg")
    return PrivateKey(chosen, dict(jwk), public.jwk, public.thumbprint, jose.private_object(jwk, chosen))


def public_jwks(key: PrivateKey, kid: str | None = None) -> dict[str, list[dict[str, str]]]:
    """The JWKS to register: the public half of `key`, by default named after its thumbprint."""
    return {"keys": [{**key.public, "kid": kid or key.thumbprint, "alg": key.algorithm, "use": "sig"}]}


def assertion(key: PrivateKey, client: str, user: str, audience: str, at: datetime) -> str:
    """A client assertion (RFC 7523) for one request of a token, on behalf of `user`."""
    now = int(jose.seconds(at))
    claims = {
        "iss": client,
        "sub": client,
        "aud": audience,
        "gebruiker": user,
        "iat": now,
        "exp": now + ASSERTION_LIFE,
        "jti": secrets.token_urlsafe(16),
    }
    return key.jws(jose.segment({"alg": key.algorithm, "kid": key.thumbprint}), json.dumps(claims).encode())


def token_form(assertion_text: str) -> dict[str, str]:
    """The form to post to the token endpoint."""
    return {
        "grant_type": GRANT_TYPE,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion_text,
    }


def dpop_proof(key: PrivateKey, method: str, url: str, at: datetime, *, token: str | None = None) -> str:
    """A DPoP proof (RFC 9449) for one request; `token`: the access token, at a resource."""
    return next(dpop_proofs(key, method, url, at, token=token))


def dpop_proofs(key: PrivateKey, method: str, url: str, at: datetime, *, token: str | None = None) -> Iterator[str]:
    """Proofs without end for the same request, each with a `jti` of its own: for who makes many ahead."""
    header = {"typ": "dpop+jwt", "alg": key.algorithm, "jwk": dict(key.public)}
    claims = {"htm": method, "htu": url, "iat": int(jose.seconds(at))}
    if token is not None:
        claims["ath"] = jose.digest(token)
    head = jose.segment(header)
    while True:
        yield key.jws(head, json.dumps({"jti": secrets.token_urlsafe(16), **claims}).encode())
