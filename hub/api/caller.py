"""Who calls, for every route: the token and its proof, checked before anything else is looked at."""

import asyncio
import hashlib
from functools import partial
from typing import Annotated

from fastapi import Depends, Header, Request

from hub.api.answers import App, Receive, Scope, Send
from hub.api.problems import of_error
from hub.casework.moment import Call
from hub.casework.writing import Once
from hub.errors import HubError, ShapeError
from hub.identity.check import Caller
from hub.identity.refusal import INVALID_PROOF, Refused
from hub.lanes import carried
from hub.wiring import Hub


def hub_of(request: Request) -> Hub:
    """The hub that serves this request."""
    hub: Hub = request.app.state.hub
    return hub


_CALLER = "hub.caller"
OPEN_TO_PARTNERS = ("/casussen", "/zoekingen", "/leveringsreeksen", "/postvak", "/verplichtingen")
"""How the paths of the API begin to which partners send something."""


class CallersFirst:
    """Around the API: who does not prove who he is, is answered before anything that he sent is read."""

    def __init__(self, app: App, hub: Hub, lanes: asyncio.Semaphore, paths: tuple[str, ...] = OPEN_TO_PARTNERS) -> None:
        self._app = app
        self._hub = hub
        self._lanes = lanes
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._brings_a_body(scope):
            try:
                async with self._lanes:
                    scope[_CALLER] = await carried(partial(_checked, Request(scope), self._hub))
            except HubError as refusal:
                # Not known who calls; or the keys to tell it are away.
                await of_error(refusal)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _brings_a_body(self, scope: Scope) -> bool:
        path = _path_of(scope)
        return scope["method"] == "POST" and path.startswith(self._paths) and not path.endswith("/")


def caller_of(request: Request) -> Caller:
    """The proven caller of this request. Raises Refused."""
    known: Caller | None = request.scope.get(_CALLER)
    return known or _checked(request, hub_of(request))


def _path_of(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _checked(request: Request, hub: Hub) -> Caller:
    proofs = request.headers.getlist("dpop")
    if len(proofs) > 1 or len(request.headers.getlist("authorization")) > 1:
        raise Refused(INVALID_PROOF, "headers")
    return hub.token_check.check(
        request.headers.get("authorization"),
        proofs[0] if proofs else None,
        request.method,
        # As it was called: with what is encoded in it, of which `?` and `#` could end it.
        hub.settings.public_url + request.scope["raw_path"].decode("latin-1"),
        at=hub.now(),
        certificate=certificate_of(request),
    )


def certificate_of(request: Request) -> str | None:
    """The print of the caller's certificate, known only where TLS ends at the hub (its own server puts it there)."""
    found: str | None = request.scope.get("hub.certificate")
    return found


def call_of(request: Request, casus: str) -> Call:
    """A call that writes."""
    caller = caller_of(request)
    return Call(caller.subject, casus, hub_of(request).now(), caller.proof_ids)


IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=128,
        pattern=r"^[A-Za-z0-9._:-]+$",
        description=(
            "Een sleutel die u zelf kiest. Herhaalt dezelfde gebruiker de aanroep ermee, dan is het antwoord 30 dagen lang"
            " hetzelfde, zolang u een plek in de casus heeft. Van een ander is het 409, zonder plek 404."
        ),
    ),
]


async def raw_body(request: Request) -> bytes:
    """The bytes of the body; the limit on their number is kept while they come in (hub.api.answers)."""
    return await request.body()


Body = Annotated[bytes, Depends(raw_body)]


def writing_of(request: Request, casus: str, key: str, body: bytes) -> tuple[Hub, Call, Once]:
    """What every call that writes is answered with: the hub, the call, and the key under which it is answered once."""
    return hub_of(request), call_of(request, casus), _once_of(request, key, body)


def _once_of(request: Request, key: str, body: bytes) -> Once:
    """The key of this call with the digest of all that it says."""
    if not key:
        raise ShapeError(place="Idempotency-Key")
    path = request.scope["path"].encode()
    media = request.headers.get("content-type", "").encode()
    return Once(key, hashlib.sha256(b"\n".join((request.method.encode(), path, media, body))).digest())
