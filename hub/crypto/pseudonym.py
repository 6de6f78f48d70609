"""Pseudonyms and search tokens: what stands in URLs, tables and logs in place of a casus id, a BSN or a name.

A plain hash of a BSN falls in minutes (some 90 million numbers), so each function here is keyed. A pseudonym of a casus
differs per partner and can be turned back by the hub alone, without a table: AES-SIV (RFC 5297) under a key derived per
partner (HKDF, RFC 5869).
"""

import base64
import hmac
import re
import unicodedata
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.errors import ShapeError
from hub.model.bsn import canonical_bsn
from hub.model.reference import compared

ID_BYTES = 16
PSEUDONYM_LENGTH = 52
"""Characters of a pseudonym: 32 bytes in base32 without padding."""
_PSEUDONYM = re.compile(rf"[a-z2-7]{{{PSEUDONYM_LENGTH}}}", re.ASCII)
_DIGITS = str.maketrans("abcdefghijklmnopqrstuvwxyz234567", "0123456789abcdefghijklmnopqrstuv")
"""The alphabet of base32 (RFC 4648) to the digits in which Python reads numbers."""
_SPARE = 0b1111

BSN, NAME_AND_BIRTH_DATE = "bsn", "name+birthdate"


def reference_kind(partner: str) -> str:
    """The kind of search token for the reference that `partner` itself delivered."""
    return f"reference/{partner}"


class Pseudonyms:
    """Pseudonyms of casussen and tokens of the search index. `pseudonym_key`, `index_key`: 32 bytes of the keyring."""

    def __init__(self, pseudonym_key: bytes, index_key: bytes) -> None:
        self._pseudonym_key = pseudonym_key
        self._siv = lru_cache(maxsize=4096)(self._siv_of)
        self._index = lru_cache(maxsize=4096)(lambda kind: derived(index_key, "hub/index/v1", kind))

    def casus_pseudonym(self, partner: str, casus: str) -> str:
        """The name of `casus` (32 hexadecimal characters) towards `partner`: 52 characters a-z2-7, always the same."""
        sealed = self._siv(partner).encrypt(bytes.fromhex(casus), None)
        return base64.b32encode(sealed).decode().rstrip("=").lower()

    def casus_of(self, partner: str, pseudonym: str) -> str | None:
        """The casus id behind `pseudonym`, or `None` for any text that is no pseudonym of a casus for `partner`."""
        if not _PSEUDONYM.fullmatch(pseudonym):
            return None
        # The library's own reading of base32 goes letter by letter, and this is asked at each request.
        number = int(pseudonym.translate(_DIGITS), 32)
        if number & _SPARE:
            # One casus has one pseudonym: the four spare bits of the last character must be zero.
            return None
        try:
            return self._siv(partner).decrypt((number >> 4).to_bytes(32, "big"), None).hex()
        except InvalidTag:
            return None

    def phantom(self, partner: str, text: str) -> str:
        """An id of no casus, in the form of one, always the same for `text`: the unknown take the same path (R15)."""
        key = derived(self._pseudonym_key, "hub/phantom/v1", partner)
        return hmac.digest(key, text.encode(errors="surrogatepass"), "sha256")[:ID_BYTES].hex()

    def index_token(self, kind: str, text: str, partner: str | None = None) -> bytes:
        """The search token (32 bytes) of `text`, normalised by its kind, for everyone or for one partner alone.

        Raises `ShapeError` for a BSN that is none.
        """
        label = kind if partner is None else f"{kind}/{partner}"
        return hmac.digest(self._index(label), _normalised(kind, text).encode(), "sha256")

    def _siv_of(self, partner: str) -> AESSIV:
        return AESSIV(derived(self._pseudonym_key, "hub/casus/v1", partner, length=64))


def name_and_birth_date(name: str, birth_date: str) -> str:
    """The text of a search token by exact name and date of birth (`YYYY-MM-DD`)."""
    return f"{folded(name)}\n{birth_date.strip()}"


def derived(master: bytes, *labels: str, length: int = 32) -> bytes:
    """A key of `length` bytes for one use: HKDF-SHA-256 of `master`, no salt, the labels joined by `|`.

    A label but the last holds no `|`, so that two lists of labels never meet.
    """
    if any("|" in label for label in labels[:-1]):
        raise ValueError("a label holds no |")
    info = "|".join(labels).encode()
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(master)


def _normalised(kind: str, text: str) -> str:
    if kind == BSN:
        return _bsn_digits(text)
    if kind == NAME_AND_BIRTH_DATE:
        name, _, birth_date = text.rpartition("\n")
        return name_and_birth_date(name, birth_date)
    return compared(text)


def folded(name: str) -> str:
    """`name` as it is compared."""
    # Case, width and white space differ between registers; letters and marks do not: an exact name stays exact.
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _bsn_digits(text: str) -> str:
    digits = canonical_bsn(text.strip())
    if digits is None:
        raise ShapeError("Dit is geen geldig burgerservicenummer.")
    return digits
