"""The calls to an OPA server, by the client library: time-outs, TLS and a bearer token; no redirect, no proxy or password
file of the environment, no answer beyond its bounds.
"""

import time
from typing import Final
from urllib.parse import urlsplit

import requests
from opa_client.opa import OpaClient  # type: ignore[import-untyped]
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from hub.pdp.opa_server import NO_ANSWER, UNREACHABLE, OpaServer, ServerFault

_LARGEST: Final = 8 * 1024 * 1024
_CHUNK: Final = 64 * 1024


class Client(OpaClient):  # type: ignore[misc]
    """The client library, asked with bytes: what the engine reads is to the byte what the log has the digest of."""

    def ask(self, entrypoint: str, facts: bytes, seconds: float) -> bytes:
        """The body of the answer; `seconds` holds for the whole of it, not for each part. Raises ServerFault."""
        try:
            return self._asked(entrypoint, facts, seconds)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise ServerFault(_reason(error)) from error

    def _asked(self, entrypoint: str, facts: bytes, seconds: float) -> bytes:
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


def client_for(server: OpaServer) -> Client:
    """A client of that server."""
    address = urlsplit(server.url)
    tls = address.scheme == "https"
    client = Client(
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
