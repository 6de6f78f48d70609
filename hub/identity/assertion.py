"""Client authentication by private_key_jwt (RFC 7523; OAuth NL GOV assurance profile 1.1 section 2)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.identity import ids, jose
from hub.identity.client_keys import ClientKeys
from hub.identity.proof_id import ASSERTION, ProofId, proof_id
from hub.identity.refusal import ALGORITHMS, INVALID_CLIENT, Refused
from hub.model.instant import to_text

MAX_AHEAD = 300
"""Seconds that an assertion may live."""

SKEW = 10
"""Seconds that a partner's clock may run ahead of the hub's."""

_TYPES = frozenset({"jwt", "client-authentication+jwt"})

FindKeys = Callable[[str], ClientKeys | None]
"""Client id -> its keys from the hub's own register, or None."""


@dataclass(frozen=True)
class Assertion:
    """What a client proved: who it is, and for which user it asks."""

    client: str
    user: str
    proof_id: ProofId


def checked_assertion(assertion: str, audiences: frozenset[str], find: FindKeys, at: datetime) -> Assertion:
    """Check a client assertion. Raises `Refused` with `invalid_client`. The caller uses up its `proof_id`."""
    try:
        parts = jose.compact(assertion)
        claims = jose.json_object(parts.payload)
        client = _id(claims, "iss", ids.ID)
        _check_signature(parts, find(client), at)
        expires = _check_claims(claims, audiences, jose.seconds(at))
        jti, user = jose.text(claims, "jti"), _id(claims, "gebruiker", ids.USER)
    except jose.Malformed as fault:
        raise Refused(INVALID_CLIENT, f"assertion {fault}") from None
    return Assertion(client, user, proof_id(ASSERTION, client, jti, expires))


def _id(claims: Mapping[str, Any], name: str, shape: re.Pattern[str]) -> str:
    """An id as the register takes it, for it is looked up, and stands in tables, in the facts and in the log."""
    told = jose.text(claims, name)
    if not ids.fits(told, shape):
        raise jose.Malformed(name)
    return told


def _check_signature(parts: jose.Compact, keys: ClientKeys | None, at: datetime) -> None:
    header = parts.header
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise jose.Malformed("alg")
    if jose.FORBIDDEN_HEADERS & header.keys() or str(header.get("typ", "JWT")).lower() not in _TYPES:
        raise jose.Malformed("header")
    if keys is None:
        raise jose.Malformed("client")
    key = keys.find(jose.text(header, "kid"), to_text(at))
    if key is None:
        raise jose.Malformed("kid")
    if algorithm not in key.algorithms:
        raise jose.Malformed("alg")
    if not key.verifies(algorithm, parts.signing_input, parts.signature):
        raise jose.Malformed("signature")


def _check_claims(claims: Mapping[str, Any], audiences: frozenset[str], now: float) -> float:
    """Check the claims; gives the expiry."""
    if jose.text(claims, "sub") != claims["iss"]:
        raise jose.Malformed("sub")
    if _audience(claims) not in audiences:
        raise jose.Malformed("aud")
    issued, expires = jose.number(claims, "iat"), jose.number(claims, "exp")
    if issued > now + SKEW or (claims.get("nbf") is not None and jose.number(claims, "nbf") > now + SKEW):
        raise jose.Malformed("not yet valid")
    if expires <= now:
        raise jose.Malformed("expired")
    if issued > expires:
        raise jose.Malformed("iat")
    if expires - now > MAX_AHEAD or expires - issued > MAX_AHEAD + SKEW:
        raise jose.Malformed("exp")
    return expires


def _audience(claims: Mapping[str, Any]) -> str:
    """The one audience. An assertion for several could be passed on by any of them."""
    audience = claims.get("aud")
    if isinstance(audience, list) and len(audience) == 1:
        audience = audience[0]
    if not isinstance(audience, str):
        raise jose.Malformed("aud")
    return audience
