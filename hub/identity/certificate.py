"""Client certificates, as far as the hub looks at them: their SHA-256 (RFC 8705 section 3.1). TLS does the rest."""

import hashlib
import ssl

from hub.errors import ShapeError
from hub.identity.jose import to_base64url


def certificate_print(der: bytes) -> str:
    """`x5t#S256` of a certificate in DER, as the TLS layer gives it."""
    return to_base64url(hashlib.sha256(der).digest())


def certificate_print_of_pem(pem: str) -> str:
    """`x5t#S256` of the certificate in `pem`. Raises `ShapeError`."""
    try:
        return certificate_print(ssl.PEM_cert_to_DER_cert(pem.strip()))
    except ValueError:
        raise ShapeError("Dit is geen certificaat (PEM).") from None
