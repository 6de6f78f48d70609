"""A strict reading of compact JWS and of public JWKs (RFC 7515, RFC 7517, RFC 7518, RFC 8037, RFC 7638).

The signatures are PyJWT's. What a signature is over, and with which key and algorithm it may be checked, is settled
here: four algorithms, each with its own type of key; no header ever says where a key is to be found.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from jwt.algorithms import Algorithm

from hub.identity.refusal import ALGORITHMS
from hub.model.strict_json import one_value

MAX_CHARACTERS = 8_192
"""Length of a token, proof or assertion at most: none that is meant needs more."""

MAX_TEXT = 256
"""Length of text in a claim or header at most."""

MIN_RSA_BITS, MAX_RSA_BITS = 2_048, 4_096
"""Below: too weak (NCSC guidelines for TLS, "sufficient" and up). Above: a lever to make the hub work."""

_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_SIGNATURES: Mapping[str, Algorithm] = {name: jwt.get_algorithm_by_name(name) for name in ALGORITHMS}
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_POINTERS = frozenset({"jku", "x5u"})
# A header that names or brings a key, or that changes what is signed: refused, never followed (RFC 8725 section 3.10).
FORBIDDEN_HEADERS = frozenset({"jku", "x5u", "jwk", "crit", "b64"})


class Malformed(ValueError):
    """Not of the shape of a JWS or a public JWK. The message names the fault, never what came in."""


@dataclass(frozen=True)
class Compact:
    """The parts of a compact JWS, decoded but not yet believed."""

    header: Mapping[str, Any]
    payload: bytes
    signing_input: bytes
    signature: bytes


@dataclass(frozen=True)
class PublicKey:
    """A public key that checks signatures. `thumbprint`: RFC 7638, SHA-256, base64url. `jwk`: the required members."""

    thumbprint: str
    algorithms: frozenset[str]
    jwk: Mapping[str, str]
    key: Any

    def verifies(self, algorithm: str, signing_input: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's, made by `algorithm`. An algorithm that is not the key's: no."""
        if algorithm not in self.algorithms:
            return False
        return bool(_SIGNATURES[algorithm].verify(signing_input, self.key, signature))


def compact(token: str) -> Compact:
    """Take a compact JWS apart. Raises `Malformed`."""
    head, middle, tail = segments(token)
    return Compact(
        json_object(from_base64url(head)), from_base64url(middle), f"{head}.{middle}".encode(), from_base64url(tail)
    )


def segment(value: Mapping[str, Any]) -> str:
    """A JSON object as a segment of a compact JWS."""
    return to_base64url(json.dumps(value).encode())


def signed(algorithm: str, private: Any, head: str, payload: bytes) -> str:
    """A compact JWS over `payload`. `head`: the header segment; `private`: a key object of the library."""
    message = f"{head}.{to_base64url(payload)}"
    return f"{message}.{to_base64url(_SIGNATURES[algorithm].sign(message.encode(), private))}"


def private_object(jwk: Mapping[str, Any], algorithm: str) -> Any:
    """The library's key object of a private JWK. Raises `Malformed`."""
    if "d" not in jwk:
        raise Malformed("d")
    return _key_object(jwk, algorithm)


def segments(token: str) -> tuple[str, str, str]:
    """The three segments of a compact JWS, as text of base64url. Raises `Malformed`."""
    if len(token) > MAX_CHARACTERS or not _SHAPE.fullmatch(token):
        raise Malformed("jws")
    head, middle, tail = token.split(".")
    return head, middle, tail


def json_object(raw: bytes) -> dict[str, Any]:
    """A JSON object from `raw`, that no reader could read otherwise: no doubled claim (RFC 7519 section 4), UTF-8 alone.

    Raises `Malformed`.
    """
    try:
        value = one_value(raw)
    except ValueError:
        raise Malformed("json") from None
    if not isinstance(value, dict):
        raise Malformed("json")
    return value


def from_base64url(text: str) -> bytes:
    """Bytes of unpadded base64url. Raises `Malformed`, also for a second spelling of the same bytes."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise Malformed("base64url") from None
    # The last character may carry unused bits: one value, one spelling.
    if len(text) % 4 and text[-1] != to_base64url(raw)[-1]:
        raise Malformed("base64url")
    return raw


def to_base64url(raw: bytes) -> str:
    """Unpadded base64url of `raw`."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def digest(text: str) -> str:
    """SHA-256 of ASCII `text`, base64url: `ath` of RFC 9449, and the name of a token in a cache."""
    return to_base64url(hashlib.sha256(text.encode()).digest())


def number(claims: Mapping[str, Any], name: str) -> float:
    """A NumericDate of RFC 7519: seconds since 1970. Raises `Malformed` for all else, also for true and infinity."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**40:
        raise Malformed(name)
    return float(value)


def seconds(at: datetime) -> float:
    """`at` as seconds since 1970."""
    if at.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return at.timestamp()


def text(claims: Mapping[str, Any], name: str) -> str:
    """A claim or member of a header that is filled, printable text. Raises `Malformed`.

    The one place where text of a token is judged that is kept or looked up: a NUL or half a surrogate pair can be written
    neither to the store nor as UTF-8.
    """
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT or not value.isprintable():
        raise Malformed(name)
    return value


def public_key(jwk: object) -> PublicKey:
    """The key of a public JWK, with the algorithms it may check. Raises `Malformed`.

    Refused: a private member (what is private is not sent), a pointer to elsewhere, another curve, RSA below 2048 bits,
    a use other than signing, an algorithm that is not the key's.
    """
    if not isinstance(jwk, Mapping) or _PRIVATE_MEMBERS & jwk.keys() or _POINTERS & jwk.keys():
        raise Malformed("jwk")
    kinds = {"OKP": _ed25519, "EC": _p256, "RSA": _rsa}
    kind = jwk.get("kty")
    if not isinstance(kind, str) or kind not in kinds:
        raise Malformed("kty")
    members, algorithms = kinds[kind](jwk)
    return PublicKey(thumbprint(members), _narrowed(jwk, algorithms), members, _key_object(members, min(algorithms)))


def thumbprint(members: Mapping[str, str]) -> str:
    """RFC 7638 thumbprint of the required `members` of a JWK."""
    return digest(json.dumps(members, sort_keys=True, separators=(",", ":")))


def _ed25519(jwk: Mapping[str, Any]) -> tuple[dict[str, str], frozenset[str]]:
    if jwk.get("crv") != "Ed25519":
        raise Malformed("crv")
    return {"crv": "Ed25519", "kty": "OKP", "x": _octets(jwk, "x", 32)}, frozenset({"EdDSA"})


def _p256(jwk: Mapping[str, Any]) -> tuple[dict[str, str], frozenset[str]]:
    if jwk.get("crv") != "P-256":
        raise Malformed("crv")
    members = {"crv": "P-256", "kty": "EC", "x": _octets(jwk, "x", 32), "y": _octets(jwk, "y", 32)}
    return members, frozenset({"ES256"})


def _rsa(jwk: Mapping[str, Any]) -> tuple[dict[str, str], frozenset[str]]:
    modulus, exponent = _whole(jwk, "n"), _whole(jwk, "e")
    if not MIN_RSA_BITS <= modulus.bit_length() <= MAX_RSA_BITS:
        raise Malformed("n")
    if not (65_537 <= exponent < 2**32 and exponent % 2):
        raise Malformed("e")
    return {"e": jwk["e"], "kty": "RSA", "n": jwk["n"]}, frozenset({"PS256", "RS256"})


def _octets(jwk: Mapping[str, Any], name: str, length: int) -> str:
    value = jwk.get(name)
    if not isinstance(value, str) or not _BASE64URL.fullmatch(value) or len(from_base64url(value)) != length:
        raise Malformed(name)
    return value


def _whole(jwk: Mapping[str, Any], name: str) -> int:
    value = jwk.get(name)
    if not isinstance(value, str) or len(value) > 1_024 or not _BASE64URL.fullmatch(value):
        raise Malformed(name)
    raw = from_base64url(value)
    if raw[0] == 0:
        # RFC 7518 section 6.3.1.1: the shortest form, so that one key has one thumbprint.
        raise Malformed(name)
    return int.from_bytes(raw, "big")


def _narrowed(jwk: Mapping[str, Any], algorithms: frozenset[str]) -> frozenset[str]:
    """The algorithms of the key's type, less what the JWK itself rules out."""
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise Malformed("use")
    own = jwk.get("alg")
    if own is None:
        return algorithms
    if not isinstance(own, str) or own not in algorithms:
        raise Malformed("alg")
    return frozenset({own})


def _key_object(members: Mapping[str, Any], algorithm: str) -> Any:
    try:
        return jwt.PyJWK(dict(members), algorithm).key
    except (jwt.PyJWTError, ValueError):
        # A point that is not on the curve, and the like.
        raise Malformed("jwk") from None
