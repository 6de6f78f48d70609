"""The key that signs policy: ECDSA on P-256 (FIPS 186-5), private in a file of its owner alone, public as PEM.

A key is named by its thumbprint (RFC 7638), so that nobody hands out names and one name is one key.
"""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from hub.crypto.private_file import read_private, write_private
from hub.errors import Conflict, WeakConfiguration
from hub.model.canonical import canonical_json

_LARGEST = 4096


@dataclass(frozen=True)
class PublicKey:
    """What checks a signature. `kid`: its thumbprint (RFC 7638, SHA-256, base64url)."""

    kid: str
    key: ec.EllipticCurvePublicKey

    @property
    def pem(self) -> str:
        """The key as SubjectPublicKeyInfo in PEM."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


@dataclass(frozen=True)
class SigningKey:
    """What signs, and the public half of it."""

    private: ec.EllipticCurvePrivateKey
    public: PublicKey


def create(path: Path) -> SigningKey:
    """A new key at `path`, mode 0600. Raises `Conflict` over a file."""
    private = ec.generate_private_key(ec.SECP256R1())
    try:
        write_private(path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    except FileExistsError as error:
        raise Conflict("Er staat al een sleutel in dit bestand.") from error
    return _pair(private)


def load(path: Path) -> SigningKey:
    """The key in `path`. Raises `WeakConfiguration` for a file that is missing, open to others or no key on P-256."""
    try:
        private = load_pem_private_key(read_private(path, _LARGEST), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise WeakConfiguration([f"Het bestand {path.name} is geen sleutel voor beleid."]) from None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise WeakConfiguration([f"Het bestand {path.name} is geen sleutel voor beleid."])
    return _pair(private)


def public_key(path: Path) -> PublicKey:
    """The public key in the PEM file `path`. Raises `WeakConfiguration` for a file that is missing or another key."""
    try:
        public = load_pem_public_key(path.read_bytes()[:_LARGEST])
    except (OSError, ValueError, UnsupportedAlgorithm):
        raise WeakConfiguration([f"Het bestand {path.name} is geen publieke sleutel voor beleid."]) from None
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise WeakConfiguration([f"Het bestand {path.name} is geen publieke sleutel voor beleid."])
    return _named(public)


def _pair(private: ec.EllipticCurvePrivateKey) -> SigningKey:
    return SigningKey(private, _named(private.public_key()))


def _named(public: ec.EllipticCurvePublicKey) -> PublicKey:
    point = public.public_numbers()
    members = {"crv": "P-256", "kty": "EC", "x": _text(point.x.to_bytes(32)), "y": _text(point.y.to_bytes(32))}
    return PublicKey(_text(hashlib.sha256(canonical_json(members)).digest()), public)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
