"""OPA servers as the engine: the same facts in and the same document out as the embedded engine.

Time-outs, TLS and a bearer token; no redirect, no proxy or password file of the environment, no answer beyond its
bounds.
"""

import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import orjson
import requests
from opa_client.opa import OpaClient  # type: ignore[import-untyped]
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from hub.errors import EngineUnavailable
from hub.pdp.bundle import SERVER_ENTRYPOINT

UNREACHABLE, NO_ANSWER, NO_POLICY = "server-onbereikbaar", "server-antwoord-onjuist", "bundel-ontbreekt"
"""What can be wrong with a server: it does not answer in time, what it says is no decision, it has no policy yet."""
_LARGEST: Final = 8 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_KEPT: Final = 32


class ServerFault(EngineUnavailable):
    """A server did not decide. `reason`: UNREACHABLE, NO_ANSWER or NO_POLICY."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(place="engine")


@dataclass(frozen=True)
class OpaServer:
    """Where the server is and how to reach it. `ca`: a file with the authority to trust, else those of the system."""

    url: str
    token: str | None = None
    ca: str | None = None
    seconds: float = 1.0


class OpaServerEngine:
    """Answers facts by asking an OPA server that runs `revision`. Safe to share between threads."""

    def __init__(self, server: OpaServer, revision: str) -> None:
        self.revision = revision
        self._server = server
        self._idle: list[_Client] = []

    def answer(self, facts: bytes) -> object:
        """The decision document on the canonical `facts`, as it came. Raises EngineUnavailable."""
        return self.answer_within(facts, self._server.seconds)

    def answer_within(self, facts: bytes, seconds: float) -> object:
        """The same, within `seconds`. Raises ServerFault."""
        client = self._take()
        try:
            text = client.ask(SERVER_ENTRYPOINT, facts, seconds)
            document: object = orjson.loads(text)["result"]
        except (requests.RequestException, HTTPError, OSError, ValueError, KeyError, TypeError) as error:
            client.close_connection()
            raise ServerFault(_reason(error)) from error
        if len(self._idle) < _KEPT:
            self._idle.append(client)
        return document

    def _take(self) -> "_Client":
        try:
            return self._idle.pop()
        except IndexError:
            return _client_for(self._server)


class _Client(OpaClient):  # type: ignore[misc]
    """The client library, asked with bytes: what the engine reads is to the byte what the log has the digest of."""

    def ask(self, entrypoint: str, facts: bytes, seconds: float) -> bytes:
        """The body of the answer; `seconds` holds for the whole of it, not for each part."""
        until = time.monotonic() + seconds
        with self._session.post(
            f"{self.root_url}/data/{entrypoint}",
            data=b'{"input":' + facts + b"}",
            headers={"Content-Type": "application/json", "Accept-Encoding": "identity"},
            timeout=Timeout(total=seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != requests.codes.ok:
                raise requests.HTTPError(f"status {response.status_code}")
            return _bounded(response, until)


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        # A question about what is not there has no `result`: the server runs, without our policy.
        return NO_POLICY
    # What requests tells of JSON and of a status is an OSError too.
    odd = isinstance(error, requests.HTTPError) or not isinstance(error, HTTPError | OSError)
    return NO_ANSWER if odd else UNREACHABLE


def _bounded(response: requests.Response, until: float) -> bytes:
    """The whole body. `read1` gives what is there: a server that drips does not keep us past `until`."""
    parts: list[bytes] = []
    while part := response.raw.read1(_CHUNK):
        parts.append(part)
        if time.monotonic() > until or sum(map(len, parts)) > _LARGEST:
            raise requests.Timeout("answer too long")
    return b"".join(parts)


def _client_for(server: OpaServer) -> _Client:
    address = urlsplit(server.url)
    tls = address.scheme == "https"
    client = _Client(
        host=address.hostname or "",
        port=address.port or (443 if tls else 8181),
        # The library hands `ssl` to requests as `verify`: a file name is an authority to trust.
        ssl=(server.ca or True) if tls else False,
        token=server.token,
        retries=0,
        timeout=server.seconds,
    )
    # Else requests would take a proxy, or a password for this host, from the environment of the process.
    client._session.trust_env = False
    return client
