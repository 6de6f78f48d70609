"""A policy bundle that says who made it: OPA's own format, so that an OPA server checks it as the hub does.

`.signatures.json` holds one JWT (ES256) whose claims name every other file of the bundle with its SHA-256. JSON that
OPA reads as data is hashed by what it says, any other file by its bytes. Whatever does not fit is refused whole.
"""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

import jwt

from hub.crypto.policy_key import PublicKey, SigningKey
from hub.errors import EngineUnavailable, HubError
from hub.model.canonical import canonical_json
from hub.pdp.bundle import MANIFEST, MODULE_NAME, PERIODS, REVISION, Bundle, bundle_of_files, packed, server_files
from hub.pdp.strict_json import loads_strict

SIGNATURES: Final = ".signatures.json"
SCOPE: Final = "hub"
"""What these signatures are for: one that was given for something else does not count here."""
LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a packed bundle, and a quarter of what it may unpack to."""
_MOST_FILES: Final = 4096
_ALGORITHM: Final = "ES256"
_HASH: Final = "SHA-256"

UNREADABLE, UNSIGNED, UNKNOWN_KEY = "bundel-onleesbaar", "bundel-niet-ondertekend", "bundel-sleutel-onbekend"
BAD_SIGNATURE, OTHER_SCOPE = "bundel-handtekening-onjuist", "bundel-ander-bereik"
CHANGED, ADDED, MISSING = "bundel-bestand-gewijzigd", "bundel-bestand-erbij", "bundel-bestand-ontbreekt"
OTHER_REVISION = "bundel-revisie-onjuist"
SENTENCES: Final = {
    UNREADABLE: "De bundel met het beleid kan niet worden gelezen.",
    UNSIGNED: "De bundel met het beleid is niet ondertekend.",
    UNKNOWN_KEY: "De bundel met het beleid is ondertekend met een onbekende sleutel.",
    BAD_SIGNATURE: "De handtekening onder de bundel met het beleid klopt niet.",
    OTHER_SCOPE: "De handtekening onder de bundel is voor iets anders gegeven.",
    CHANGED: "Een bestand in de bundel met het beleid is gewijzigd.",
    ADDED: "In de bundel met het beleid staat een bestand te veel.",
    MISSING: "In de bundel met het beleid ontbreekt een bestand.",
    OTHER_REVISION: "De bundel met het beleid noemt een andere revisie dan erin zit.",
}


class BundleRefused(EngineUnavailable):
    """A bundle that is not what its signer made. `code` is one of SENTENCES."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(SENTENCES[code], place="bundle")


def signed_bundle(bundle: Bundle, key: SigningKey) -> bytes:
    """`bundle` for an OPA server (hub.pdp.bundle.server_bundle), signed with `key`."""
    return signed(server_files(bundle), key, SCOPE)


def signed(files: Mapping[str, bytes], key: SigningKey, scope: str) -> bytes:
    """`files` (path -> content) as a bundle signed with `key`, for `scope` and nothing else."""
    named = [{"name": path, "hash": _digest(path, files[path]), "algorithm": _HASH} for path in sorted(files)]
    claims = {"files": named, "scope": scope}
    token = jwt.encode(claims, key.private, algorithm=_ALGORITHM, headers={"kid": key.public.kid})
    return packed({**files, SIGNATURES: canonical_json({"signatures": [token]})})


def verified_bundle(packed_bundle: bytes, keys: Mapping[str, PublicKey]) -> Bundle:
    """The policy in a signed bundle, its module included. `keys`: kid -> a key whose signature counts.

    Raises BundleRefused where it is not signed by one of `keys` as it stands, and EngineUnavailable, naming the file,
    where what was signed is no policy.
    """
    files = _unpacked(packed_bundle)
    _refuse_other_files(_claims(files.pop(SIGNATURES, None), keys), files)
    own = {MANIFEST, REVISION, PERIODS, MODULE_NAME}
    rules = {path: content for path, content in files.items() if path.endswith(".rego")}
    tables = {path: files[path] for path in files.keys() - rules.keys() - own}
    bundle = bundle_of_files(rules, tables, files.get(MODULE_NAME))
    # What an OPA server would answer with has to be what the files are: else one revision has two contents.
    if files != server_files(bundle):
        raise BundleRefused(OTHER_REVISION)
    return bundle


def _claims(signatures: bytes | None, keys: Mapping[str, PublicKey]) -> Mapping[str, Any]:
    """What a known key signed: the first step, before anything in the bundle is believed."""
    if signatures is None:
        raise BundleRefused(UNSIGNED)
    token = _only_token(signatures)
    try:
        known = keys.get(str(jwt.get_unverified_header(token).get("kid")))
        if known is None:
            raise BundleRefused(UNKNOWN_KEY)
        claims: Mapping[str, Any] = jwt.decode(token, known.key, algorithms=[_ALGORITHM])
    except jwt.PyJWTError:
        raise BundleRefused(BAD_SIGNATURE) from None
    if claims.get("scope") != SCOPE:
        raise BundleRefused(OTHER_SCOPE)
    return claims


def _only_token(signatures: bytes) -> str:
    try:
        (token,) = loads_strict(signatures)["signatures"]
    except (HubError, ValueError, KeyError, TypeError):
        raise BundleRefused(UNSIGNED) from None
    if not isinstance(token, str):
        raise BundleRefused(UNSIGNED)
    return token


def _refuse_other_files(claims: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Every file as it was signed, none more and none less."""
    try:
        signed = {one["name"]: one["hash"] for one in claims["files"] if one["algorithm"] == _HASH}
    except (KeyError, TypeError):
        raise BundleRefused(BAD_SIGNATURE) from None
    if files.keys() - signed.keys():
        raise BundleRefused(ADDED)
    if signed.keys() - files.keys():
        raise BundleRefused(MISSING)
    if any(_digest(path, content) != signed[path] for path, content in files.items()):
        raise BundleRefused(CHANGED)


def _digest(path: str, content: bytes) -> str:
    """SHA-256 as OPA takes it: JSON data by their canonical form, so that white space says nothing."""
    if PurePosixPath(path).name in (MANIFEST, "data.json"):
        try:
            said = canonical_json(loads_strict(content))
        except HubError:
            raise BundleRefused(UNREADABLE) from None
        # Go writes these two line separators escaped, also where nothing else is.
        content = said.replace("\u2028".encode(), rb"\u2028").replace("\u2029".encode(), rb"\u2029")
    return hashlib.sha256(content).hexdigest()


def _unpacked(packed_bundle: bytes) -> dict[str, bytes]:
    """path -> content of a gzipped tar of plain files, each once."""
    if len(packed_bundle) > LARGEST:
        raise BundleRefused(UNREADABLE)
    files: dict[str, bytes] = {}
    try:
        with gzip.open(io.BytesIO(packed_bundle)) as whole:
            text = whole.read(4 * LARGEST + 1)
        if len(text) > 4 * LARGEST:
            raise BundleRefused(UNREADABLE)
        with tarfile.open(fileobj=io.BytesIO(text), mode="r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or member.name in files or len(files) == _MOST_FILES:
                    raise BundleRefused(UNREADABLE)
                files[member.name] = content.read()
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError):
        raise BundleRefused(UNREADABLE) from None
    return files
