"""OPA servers as the engine: the same facts in and the same document out as the embedded engine.

Time-outs, TLS and a bearer token; no redirect, no proxy or password file of the environment, no answer beyond its
bounds.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from hub.errors import EngineUnavailable
from hub.pdp.bundle import SERVER_ENTRYPOINT

if TYPE_CHECKING:
    from hub.pdp.opa_calls import Client

UNREACHABLE, NO_ANSWER, NO_POLICY = "server-onbereikbaar", "server-antwoord-onjuist", "bundel-ontbreekt"
"""What can be wrong with a server: it does not answer in time, what it says is no decision, it has no policy yet."""
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
        # The library takes 15 MB, and a hub that decides in process has no use for it.
        from hub.pdp.opa_calls import client_for

        self._new_client = client_for
        self.revision = revision
        self._server = server
        self._idle: list[Client] = []

    def answer(self, facts: bytes) -> object:
        """The decision document on the canonical `facts`, as it came. Raises EngineUnavailable."""
        return self.answer_within(facts, self._server.seconds)

    def answer_within(self, facts: bytes, seconds: float) -> object:
        """The same, within `seconds`. Raises ServerFault."""
        client = self._take()
        try:
            text = client.ask(SERVER_ENTRYPOINT, facts, seconds)
            document: object = orjson.loads(text)["result"]
        except ServerFault:
            client.close_connection()
            raise
        except (ValueError, KeyError, TypeError) as error:
            client.close_connection()
            # A question about what is not there has no `result`: the server runs, without our policy.
            raise ServerFault(NO_POLICY if isinstance(error, KeyError) else NO_ANSWER) from error
        if len(self._idle) < _KEPT:
            self._idle.append(client)
        return document

    def _take(self) -> "Client":
        try:
            return self._idle.pop()
        except IndexError:
            return self._new_client(self._server)
