"""The headers that every answer carries, and answers as ready bytes."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import orjson
from fastapi.exceptions import HTTPException
from fastapi.responses import Response

from hub.api.problems import of_error, of_status, unforeseen
from hub.errors import TooLarge, Unavailable
from hub.events.catalogue import REQUEST_FAILED
from hub.events.emit import emit
from hub.model.trace import current

API_VERSION = "1.0.0"

MAX_BODY = 10 * 1024 * 1024
"""Bytes of one document at most."""

CROWDED = "hub.crowded"
"""Where the server says, with a question, that there are too many to answer one more."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS = [
    (b"api-version", API_VERSION.encode()),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
]


def answer(body: Any, status: int = 200) -> Response:
    """`body` as JSON bytes."""
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")


class Guarded:
    """Around the application: headers on every answer, no more than MAX_BODY bytes of any question, and a problem for
    what nobody foresaw, wherever inside it happens. `limits`: where a question may have fewer bytes, by its path."""

    def __init__(self, app: App, limits: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._limits = limits or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in HEADERS if header[0] not in present),
                ]
            await send(message)

        most = self._limits.get(scope["path"], MAX_BODY)
        refused = _refused(scope, most)
        if refused is not None:
            # What it brings is not read.
            refused.headers["connection"] = "close"
            await refused(scope, receive, with_headers)
            return
        try:
            await self._app(scope, _counted(receive, most), with_headers)
        except Exception as error:  # noqa: BLE001 - the answer is a problem; nobody above may print the fault
            emit(REQUEST_FAILED, fault=error, trace=current().id)
            if not begun:
                await unforeseen()(scope, receive, with_headers)


def _refused(scope: Scope, most: int) -> Response | None:
    """The answer to what no application is asked. `most`: bytes that it may bring."""
    if scope.get(CROWDED):
        return of_error(Unavailable())
    if _declared_length(scope) > most:
        return of_error(TooLarge())
    # The framework looks for the end of a path before a last line end too: such an address would be another one.
    return of_status(404, headers={}) if scope["path"].endswith("\n") else None


def _declared_length(scope: Scope) -> int:
    found = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(found) if found.isdigit() and len(found) < 19 else MAX_BODY + 1


def _counted(receive: Receive, most: int) -> Receive:
    """`receive` that is a problem when more than `most` bytes come in, or when the caller leaves before all of it has."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413)
        if message["type"] == "http.disconnect":
            # Nobody hears this answer; but half a question is no fault of the hub, and none to tell of.
            raise HTTPException(400)
        return message

    return counted
