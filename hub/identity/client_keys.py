"""The public keys of a partner's client, each with its dates (RFC 7517, RFC 7523): kept on record, never fetched."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hub.errors import Conflict, ShapeError
from hub.identity.jose import Malformed, PublicKey, public_key

MAX_LIVE = 5
"""Keys that a client may have in use at once: enough to rotate, few enough to know."""

_MAX_KID = 128


@dataclass(frozen=True)
class DatedKey:
    """One key of a client: in use from `valid_from` until just before `valid_until`, UTC text of fixed width."""

    kid: str
    jwk: Mapping[str, str]
    valid_from: str
    valid_until: str | None

    def live(self, at: str) -> bool:
        """Whether the key is in use at `at`."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)

    def document(self) -> dict[str, Any]:
        """The key as it is stored."""
        return {"kid": self.kid, "jwk": dict(self.jwk), "valid_from": self.valid_from, "valid_until": self.valid_until}


@dataclass(frozen=True)
class ClientKeys:
    """All keys that a client has or had."""

    keys: tuple[DatedKey, ...]

    @classmethod
    def stored(cls, text: str) -> "ClientKeys":
        """The keys out of the column `clients.jwks`."""
        return cls(tuple(DatedKey(**key) for key in json.loads(text)))

    def text(self) -> str:
        """The keys for the column `clients.jwks`."""
        return json.dumps([key.document() for key in self.keys], sort_keys=True)

    def find(self, kid: str, at: str) -> PublicKey | None:
        """The key in use at `at` under `kid`, or None."""
        for key in self.keys:
            if key.kid == kid and key.live(at):
                return public_key(key.jwk)
        return None

    def rotated(self, jwks: object, at: str, old_until: str) -> "ClientKeys":
        """With the keys of `jwks` from `at` on, and those in use until now ending at `old_until` at the latest.

        Raises `ShapeError` for a faulty set, `Conflict` for a `kid` or key that was used before: what ended stays so.
        """
        new = _dated(jwks, at)
        if {key.kid for key in new} & {key.kid for key in self.keys}:
            raise Conflict("Een sleutel met deze naam (kid) is er al geweest. Kies een nieuwe.")
        if {_print(key) for key in new} & {_print(key) for key in self.keys}:
            raise Conflict("Deze sleutel is al eerder gebruikt. Maak een nieuwe.")
        ended = tuple(_ended(key, old_until) for key in self.keys)
        return _counted(ClientKeys(ended + new), at)


def first_keys(jwks: object, at: str) -> ClientKeys:
    """The keys of a new client. Raises `ShapeError`."""
    return _counted(ClientKeys(_dated(jwks, at)), at)


def _ended(key: DatedKey, until: str) -> DatedKey:
    if key.valid_until is not None and key.valid_until <= until:
        return key
    return replace(key, valid_until=until)


def _counted(keys: ClientKeys, at: str) -> ClientKeys:
    if sum(key.live(at) for key in keys.keys) > MAX_LIVE:
        raise ShapeError(f"Een systeem heeft ten hoogste {MAX_LIVE} sleutels tegelijk.")
    return keys


def _dated(jwks: object, at: str) -> tuple[DatedKey, ...]:
    found = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(found, Sequence) or isinstance(found, str) or not found:
        raise ShapeError("Dit is geen JWKS met sleutels.", place="keys")
    keys = tuple(_key(jwk, f"keys[{place}]", at) for place, jwk in enumerate(found))
    if len({key.kid for key in keys}) != len(keys) or len({_print(key) for key in keys}) != len(keys):
        raise ShapeError("In deze JWKS staat een sleutel twee keer.", place="keys")
    return keys


def _key(jwk: object, place: str, at: str) -> DatedKey:
    try:
        parsed = public_key(jwk)
    except Malformed as fault:
        raise ShapeError("Deze publieke sleutel kan de hub niet gebruiken.", place=f"{place}.{fault}") from None
    kid = jwk.get("kid") if isinstance(jwk, Mapping) else None
    if not isinstance(kid, str) or not 0 < len(kid) <= _MAX_KID or not kid.isprintable():
        raise ShapeError("Deze sleutel heeft geen naam (kid).", place=f"{place}.kid")
    # Of an RSA key the register keeps which of the two algorithms it is for, where its owner says so.
    narrowed = {"alg": next(iter(parsed.algorithms))} if len(parsed.algorithms) == 1 else {}
    return DatedKey(kid, {**parsed.jwk, **narrowed}, at, None)


def _print(key: DatedKey) -> str:
    return public_key(key.jwk).thumbprint
