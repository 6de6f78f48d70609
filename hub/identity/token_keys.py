"""The keys with which the hub signs access tokens: which signs, which still verify, and how one follows the other.

A key is named after the second from which it signs (`hub/token-signing/<seconds since 1970>`), so that every process
reads the same dates out of the keyring alone. The key before it verifies until the last token it signed has ended.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from hub.crypto.signing import Signer
from hub.errors import KeysUnavailable, Sealed
from hub.identity.jose import PublicKey, private_object, public_key, seconds, to_base64url

PREFIX = "hub/token-signing/"

LIFETIME = 300
"""Seconds that an access token lives."""

RELOAD = 5.0
"""Seconds after which a process looks again which keys there are."""

LEAD = 30
"""Seconds between making a key and signing with it: by then every process knows it."""

GRACE = 30
"""Seconds that a key still verifies after its last token has ended: clocks of two machines differ."""


class Keys(Protocol):
    """What is asked of the keyring (`hub.crypto.keyring`)."""

    def names(self, prefix: str = "") -> list[str]:
        """The names of the keys that start with `prefix`."""

    def get(self, name: str) -> bytes:
        """The 32 bytes of one key. Raises `Sealed` when it is gone."""

    def create(self, name: str) -> bytes:
        """Make a key under a new name."""

    def destroy(self, *names: str) -> None:
        """End keys for good."""


@dataclass(frozen=True)
class TokenKey:
    """One signing key: signs from `start`, verifies until `end` (seconds since 1970; None: no successor yet)."""

    kid: str
    start: int
    end: int | None
    public: PublicKey
    private: Any


@dataclass(frozen=True)
class KeySet:
    """The token keys as they are in the keyring now. `version` moves when one comes or goes."""

    version: str
    keys: tuple[TokenKey, ...]

    def signing(self, now: float) -> TokenKey:
        """The newest key whose time has come. Raises `KeysUnavailable` when there is none."""
        started = [key for key in self.keys if key.start <= now]
        if not started:
            raise KeysUnavailable
        return max(started, key=lambda key: key.start)

    def verifying(self, kid: object, now: float) -> TokenKey | None:
        """The key under `kid`, when a token of it can still be good."""
        for key in self.keys:
            if key.kid == kid and (key.end is None or now < key.end):
                return key
        return None

    def jwks(self, now: float) -> dict[str, list[dict[str, str]]]:
        """The public keys for `jwks_uri`: what verifies now, and the next key ahead of its time."""
        return {
            "keys": [
                {**key.public.jwk, "kid": key.kid, "alg": "EdDSA", "use": "sig"}
                for key in self.keys
                if key.end is None or now < key.end
            ]
        }


class TokenKeys:
    """The token keys out of the keyring, looked up again every few seconds."""

    def __init__(self, keyring: Keys) -> None:
        self._keyring = keyring
        self._known: tuple[float, KeySet] | None = None

    def current(self, now: float) -> KeySet:
        """The keys as they are at `now` (seconds since 1970)."""
        known = self._known
        if known is not None and abs(now - known[0]) < RELOAD:
            return known[1]
        starts = token_key_starts(self._keyring)
        if known is None or known[1].version != _version(starts):
            known = (now, _key_set(self._keyring, starts))
        self._known = (now, known[1])
        return known[1]


def token_key_starts(keyring: Keys) -> tuple[int, ...]:
    """The instants (seconds since 1970) after which the token keys are named, in order."""
    names = (name.removeprefix(PREFIX) for name in keyring.names(PREFIX))
    return tuple(sorted(int(name) for name in names if name.isascii() and name.isdigit()))


def ensure_token_key(keyring: Keys, at: datetime) -> None:
    """Make the first token key where there is none."""
    if not token_key_starts(keyring):
        keyring.create(f"{PREFIX}{int(seconds(at))}")


def rotate_token_key(keyring: Keys, at: datetime, *, stolen: bool = False) -> str:
    """Make a new signing key and end those whose tokens have all ended; gives the name of the new key.

    `stolen`: every older key ends at once, and with it every token (each process follows within `RELOAD` seconds).
    """
    now = int(seconds(at))
    starts = token_key_starts(keyring)
    start = now if stolen else max(now + LEAD, *starts)
    while start in starts:
        start += 1
    keyring.create(f"{PREFIX}{start}")
    for old, following in zip(starts, (*starts[1:], start), strict=True):
        if stolen or _end(following) <= now:
            keyring.destroy(f"{PREFIX}{old}")
    return f"{PREFIX}{start}"


def _end(following: int) -> int:
    return following + LIFETIME + GRACE


def _version(starts: tuple[int, ...]) -> str:
    return hashlib.sha256(repr(starts).encode()).hexdigest()


def _key_set(keyring: Keys, starts: tuple[int, ...]) -> KeySet:
    following = (*starts[1:], None)
    keys = (_token_key(keyring, start, after) for start, after in zip(starts, following, strict=False))
    return KeySet(_version(starts), tuple(keys))


def _token_key(keyring: Keys, start: int, following: int | None) -> TokenKey:
    try:
        seed = keyring.get(f"{PREFIX}{start}")
    except Sealed as error:
        # Ended by another process since its name was read; the next look knows better.
        raise KeysUnavailable from error
    members = {"crv": "Ed25519", "kty": "OKP", "x": to_base64url(Signer(seed).public)}
    public = public_key(members)
    private = private_object({**members, "d": to_base64url(seed)}, "EdDSA")
    return TokenKey(public.thumbprint, start, None if following is None else _end(following), public, private)
