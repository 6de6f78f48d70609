"""Access tokens of the hub: JWTs by RFC 9068, bound to the holder's key (RFC 9449) or certificate (RFC 8705)."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.identity import jose
from hub.identity.endpoints import Endpoints
from hub.identity.token_keys import LIFETIME, KeySet, TokenKey
from hub.model.release import Subject

TYPE = "at+jwt"
SKEW = 10
"""Seconds that the clocks of two processes of the hub may differ."""

DPOP_BOUND, CERTIFICATE_BOUND = "jkt", "x5t#S256"
_HEADER = frozenset({"typ", "alg", "kid"})


@dataclass(frozen=True)
class Binding:
    """To what a token is bound: a DPoP key (`jkt`) or a client certificate (`x5t#S256`), and its SHA-256, base64url."""

    method: str
    print: str


@dataclass(frozen=True)
class AccessToken:
    """What a verified access token says. Who the subject may be is for the register; what he may see for the policy."""

    subject: Subject
    binding: Binding
    expires: float
    """Seconds since 1970."""


def issued(keys: KeySet, endpoints: Endpoints, subject: Subject, binding: Binding, at: datetime) -> str:
    """A new access token for `subject`, alive for `LIFETIME` seconds."""
    now = int(jose.seconds(at))
    key = keys.signing(now)
    claims = {
        "iss": endpoints.issuer,
        "aud": endpoints.resource,
        "sub": subject.user,
        "client_id": subject.client,
        "partner": subject.partner,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": secrets.token_urlsafe(16),
        "cnf": {binding.method: binding.print},
    }
    head = jose.segment({"typ": TYPE, "alg": "EdDSA", "kid": key.kid})
    return jose.signed("EdDSA", key.private, head, json.dumps(claims).encode())


def verified(token: str, keys: KeySet, endpoints: Endpoints, now: float) -> AccessToken:
    """Check signature and claims of an access token at `now` (seconds since 1970). Raises `jose.Malformed`."""
    parts = jose.compact(token)
    key = _key(parts.header, keys, now)
    if not key.public.verifies("EdDSA", parts.signing_input, parts.signature):
        raise jose.Malformed("signature")
    claims = jose.json_object(parts.payload)
    if claims.get("iss") != endpoints.issuer or claims.get("aud") != endpoints.resource:
        raise jose.Malformed("aud")
    expires = _check_times(claims, now)
    jose.text(claims, "jti")
    subject = Subject(jose.text(claims, "partner"), jose.text(claims, "sub"), jose.text(claims, "client_id"))
    return AccessToken(subject, _binding(claims), expires if key.end is None else min(expires, key.end))


def _key(header: Mapping[str, Any], keys: KeySet, now: float) -> TokenKey:
    if header.keys() != _HEADER or header["typ"] != TYPE or header["alg"] != "EdDSA":
        raise jose.Malformed("header")
    key = keys.verifying(header["kid"], now)
    if key is None:
        raise jose.Malformed("kid")
    return key


def _check_times(claims: Mapping[str, Any], now: float) -> float:
    begun, expires = jose.number(claims, "iat"), jose.number(claims, "exp")
    if begun > now + SKEW or expires <= now or expires - begun > LIFETIME:
        raise jose.Malformed("exp")
    return expires


def _binding(claims: Mapping[str, Any]) -> Binding:
    """The one binding of the token. A token that is bound to nothing is not the hub's."""
    bound = claims.get("cnf")
    if not isinstance(bound, dict) or len(bound) != 1:
        raise jose.Malformed("cnf")
    ((method, value),) = bound.items()
    if method not in {DPOP_BOUND, CERTIFICATE_BOUND} or not isinstance(value, str) or len(value) != 43:
        raise jose.Malformed("cnf")
    return Binding(method, value)
