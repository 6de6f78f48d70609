"""Proof of possession by DPoP (RFC 9449 section 4.3): the caller holds the private key to which his token is bound."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from hub.identity import jose
from hub.identity.proof_id import DPOP, ProofId, proof_id
from hub.identity.refusal import INVALID_PROOF, Refused

WINDOW = 60
"""Seconds that `iat` of a proof may lie before or after the hub's clock."""

_HEADER = frozenset({"typ", "alg", "jwk"})
_MAX_HEADER = 2_048
"""Characters of a header segment: an RSA key of 4096 bits needs half of it."""

_MAX_ADDRESS = 2_048
"""Characters of an address in a proof."""

_NO_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]|^[^/]*//[^/?#]*:0\d*(?:[/?#]|$)")
"""What no URI holds, and the library drops without a word; and a port in a second spelling (RFC 3986 section 6.2.3)."""

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class _Holder:
    """What the header of a proof says, checked: the key, and with which algorithm it signs."""

    algorithm: str
    key: jose.PublicKey


@dataclass(frozen=True)
class Proof:
    """A proof that holds: of which key (RFC 7638 thumbprint), and under which name it is used up."""

    thumbprint: str
    proof_id: ProofId


def checked_proof(
    proof: str, method: str, url: str, at: datetime, *, token: str | None = None, thumbprint: str | None = None
) -> Proof:
    """Check a DPoP proof for one request. Raises `Refused` with `invalid_dpop_proof`.

    `url`: the address that the caller called, as the deployment names it. `token` is the digest (`jose.digest`) of the
    access token and `thumbprint` the key it is bound to; both are None at the token endpoint.
    """
    try:
        return _checked(proof, method, url, jose.seconds(at), token=token, thumbprint=thumbprint)
    except jose.Malformed as fault:
        raise Refused(INVALID_PROOF, f"dpop {fault}") from None


def _checked(proof: str, method: str, url: str, now: float, *, token: str | None, thumbprint: str | None) -> Proof:
    head, middle, tail = jose.segments(proof)
    holder = _holder(head)
    # Whose key it is comes before the costly part: a stranger's proof costs the hub no signature.
    if thumbprint is not None and holder.key.thumbprint != thumbprint:
        raise jose.Malformed("key")
    if not holder.key.verifies(holder.algorithm, f"{head}.{middle}".encode(), jose.from_base64url(tail)):
        raise jose.Malformed("signature")
    claims = jose.json_object(jose.from_base64url(middle))
    issued = _check_claims(claims, method, url, now, token)
    jti = jose.text(claims, "jti")
    return Proof(holder.key.thumbprint, proof_id(DPOP, holder.key.thumbprint, jti, issued + WINDOW))


@lru_cache(maxsize=4_096)
def _holder(head: str) -> _Holder:
    """The key out of the header segment of a proof. Raises `Malformed`, which is not remembered.

    The segment says all that the answer depends on, so a caller's next proof costs no parsing.
    """
    if len(head) > _MAX_HEADER:
        raise jose.Malformed("header")
    header = jose.json_object(jose.from_base64url(head))
    if header.keys() != _HEADER or header["typ"] != "dpop+jwt":
        raise jose.Malformed("header")
    key = jose.public_key(header["jwk"])
    algorithm = header["alg"]
    if not isinstance(algorithm, str) or algorithm not in key.algorithms:
        raise jose.Malformed("alg")
    return _Holder(algorithm, key)


def _check_claims(claims: Mapping[str, Any], method: str, url: str, now: float, token: str | None) -> float:
    """Check the claims; gives the instant of issue."""
    # These are compared and go nowhere, so they need not be printable: what a path holds is the API's to judge.
    if claims.get("htm") != method:
        raise jose.Malformed("htm")
    called = claims.get("htu")
    if not isinstance(called, str) or len(called) > _MAX_ADDRESS or _NO_ADDRESS.search(called):
        raise jose.Malformed("htu")
    if called != url and _plain(called) != _plain(url):
        raise jose.Malformed("htu")
    issued = jose.number(claims, "iat")
    if abs(now - issued) > WINDOW:
        raise jose.Malformed("iat")
    if claims.get("ath") != token:
        raise jose.Malformed("ath")
    return issued


def _plain(url: str) -> tuple[str, str, int | None, str]:
    """An address without query, normal in scheme, host, port and path (RFC 9449 section 4.3, RFC 3986 section 6.2)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise jose.Malformed("htu") from None
    if parts.username is not None or parts.password is not None:
        raise jose.Malformed("htu")
    return parts.scheme, parts.hostname or "", port or _PORTS.get(parts.scheme), unquote(parts.path) or "/"
