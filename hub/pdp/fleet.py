"""What OPA servers fetch from the hub, and what they tell it: signed policy out, status in. Nothing of a casus passes.

The discovery document is signed as the policy is: whoever could change it could tell a server to check no signature.
"""

import hashlib
import hmac
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson

from hub.crypto.policy_key import SigningKey
from hub.errors import EngineUnavailable, ShapeError, WeakConfiguration
from hub.events.catalogue import FLEET_STATUS
from hub.events.emit import emit
from hub.model.canonical import JSON, canonical_json
from hub.pdp.bundle import MANIFEST, Bundle
from hub.pdp.signing import BAD_SIGNATURE, SCOPE, signed, signed_bundle

NOT_FETCHED, UNREADABLE, ACTIVE = "bundel-niet-opgehaald", "bundel-onleesbaar", "bundel-actief"
DISCOVERY_SCOPE: Final = "hub-vloot"
LEAST_TOKEN: Final = 32
_NAME: Final = "hub"
"""Of the bundle, and of the service that it is fetched from (deploy/opa.yaml)."""
_POLL_SECONDS: Final = 30
_SIGNATURE_WORDS: Final = ("signature", "scope", "verif", "digest")
"""What OPA says, in free text, when a bundle is not signed as it should be. The text itself is kept nowhere."""


@dataclass(frozen=True)
class Revision:
    """Policy as OPA servers fetch it. `name`: its revision. `bundle`: packed and signed. `tag`: another for another."""

    name: str
    bundle: bytes
    tag: str


class Revisions(Protocol):
    """Which policy counts."""

    def current(self) -> Revision:
        """The one that counts now. Asked again and again while servers wait for another. Raises EngineUnavailable."""

    def known(self, name: str) -> bool:
        """Whether the revision `name` counted at any time."""


class OneRevision:
    """The policy that stood in the directory at the start: it counts until the next start."""

    def __init__(self, bundle: Bundle, key: SigningKey) -> None:
        self._revision = Revision(bundle.revision, signed_bundle(bundle, key), f"{bundle.revision}.{key.public.kid}")

    def current(self) -> Revision:
        """See `Revisions.current`."""
        return self._revision

    def known(self, name: str) -> bool:
        """See `Revisions.known`."""
        return name == self._revision.name


class NoRevision:
    """There is no policy that can be read: nothing is served."""

    def current(self) -> Revision:
        """Raises EngineUnavailable."""
        raise EngineUnavailable(place="policies")

    def known(self, name: str) -> bool:  # noqa: ARG002 - whatever the name
        """None is."""
        return False


class Fleet:
    """What the hub serves to OPA servers and has heard of them.

    `names`: those of which a status is kept. `token`: what they show, 32 characters at least.
    """

    def __init__(self, revisions: Revisions, key: SigningKey, names: Sequence[str], token: str) -> None:
        if len(token) < LEAST_TOKEN:
            raise WeakConfiguration([f"HUB_FLEET_TOKEN_FILE: neem minstens {LEAST_TOKEN} tekens"])
        self.revisions = revisions
        self.discovery = Revision("vloot", signed(_discovery_files(), key, DISCOVERY_SCOPE), f"vloot.{key.public.kid}")
        self._names = tuple(names)
        self._token = _digest(token)
        self._told: dict[str, str] = {}
        self._lock = threading.Lock()

    def knows(self, token: str) -> bool:
        """Whether `token` is that of the fleet."""
        # Digests are compared, so that neither the time it takes nor the length tells anything of the token.
        return hmac.compare_digest(_digest(token), self._token)

    def hear(self, status: bytes) -> None:
        """Keep what a server told of itself. Raises ShapeError where it is no status of OPA, or of none of `names`."""
        name, code = _status(status)
        if name not in self._names:
            raise ShapeError("Deze OPA-server staat niet in HUB_OPA_SERVERS.", place="labels.server")
        with self._lock:
            new = self._told.get(name) != code
            self._told[name] = code
        if new:
            emit(FLEET_STATUS, server=self._names.index(name) + 1, code=code)

    def told(self, name: str) -> str | None:
        """The code of the last status of the server `name`: ACTIVE, or what is wrong with its bundle; None: no status."""
        return self._told.get(name)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _discovery_files() -> Mapping[str, bytes]:
    """What a server does once it is up: fetch the signed bundle and wait for the next, tell its status, log nothing."""
    config: JSON = {
        "bundles": {
            _NAME: {
                "service": _NAME,
                "resource": "bundel",
                "persist": False,
                "polling": {"long_polling_timeout_seconds": _POLL_SECONDS},
                "signing": {"scope": SCOPE},
            }
        },
        "status": {"service": _NAME},
        "decision_logs": {"console": False},
    }
    manifest = {"revision": "vloot", "roots": ["vloot"]}
    return {MANIFEST: canonical_json(manifest), "vloot/data.json": canonical_json(config)}


def _status(status: bytes) -> tuple[str, str]:
    """(name of the server, how its bundle is), read as what another program says: whatever it does not say is fine."""
    try:
        document = orjson.loads(status)
        name = document["labels"]["server"]
        bundles, discovery = document.get("bundles") or {}, document.get("discovery") or {}
        fault = _fault(bundles.get(_NAME) or {}) or _fault(discovery)
        active = bool((bundles.get(_NAME) or {}).get("active_revision"))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ShapeError(place="status") from None
    if not isinstance(name, str):
        raise ShapeError(place="labels.server")
    return name, fault or (ACTIVE if active else NOT_FETCHED)


def _fault(part: Mapping[str, Any]) -> str | None:
    """What is wrong with a bundle, of all that OPA says of it."""
    if not part.get("code"):
        return None
    said = str(part.get("message", "")).lower()
    if "http_code" in part or said.startswith("request failed"):
        return NOT_FETCHED
    return BAD_SIGNATURE if any(word in said for word in _SIGNATURE_WORDS) else UNREADABLE
