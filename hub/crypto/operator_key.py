"""The private key of an operator: an Ed25519 key in a file, sealed under a passphrase (scrypt, RFC 7914).

file = salt (16 bytes) | envelope of the 32 private bytes (hub.crypto.aead)
"""

import secrets
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hub.crypto.aead import OVERHEAD, Box, new_key
from hub.crypto.private_file import read_private, write_private
from hub.crypto.signing import Signer
from hub.errors import Conflict, NotAuthenticated, Sealed, ShapeError, WeakConfiguration

MIN_PASSPHRASE, MIN_DISTINCT = 12, 6
RULE: Final = f"minstens {MIN_PASSPHRASE} tekens, waarvan {MIN_DISTINCT} verschillende"
_SALT = 16
_PLACE = ("operator-key",)


def create(path: Path, passphrase: str) -> Signer:
    """A new operator key at `path`. Raises `ShapeError` for a weak passphrase, `Conflict` over a file."""
    if len(passphrase) < MIN_PASSPHRASE or len(set(passphrase)) < MIN_DISTINCT:
        raise ShapeError(f"De wachtzin is te zwak: neem {RULE}.")
    private, salt = new_key(), secrets.token_bytes(_SALT)
    try:
        write_private(path, salt + _box(passphrase, salt).seal(private, _PLACE))
    except FileExistsError as error:
        raise Conflict("Er staat al een sleutel in dit bestand.") from error
    return Signer(private)


def load(path: Path, passphrase: str) -> Signer:
    """The operator key in `path`. Raises `NotAuthenticated` for a wrong passphrase, `WeakConfiguration` for a file that
    is missing, open to others or no operator key."""
    content = read_private(path, 1024)
    if len(content) != _SALT + OVERHEAD + 32:
        raise WeakConfiguration([f"Het bestand {path.name} is geen sleutel van een beheerder."])
    salt, sealed = content[:_SALT], content[_SALT:]
    try:
        return Signer(_box(passphrase, salt).open(sealed, _PLACE))
    except Sealed:
        raise NotAuthenticated("De wachtzin klopt niet bij deze sleutel.") from None


def _box(passphrase: str, salt: bytes) -> Box:
    # 32 MiB and about 0.1 s a guess (RFC 7914 section 2: N = 2**15, r = 8).
    return Box(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))
