"""Around everything: each request in its trace, and what is told of it (a route and a status, never an address)."""

import time
from collections.abc import Iterable

from hub.api.answers import App, Message, Receive, Scope, Send
from hub.events import watching
from hub.events.catalogue import REQUEST_TIME, REQUEST_UNAVAILABLE, REQUESTS
from hub.events.emit import emit
from hub.model.trace import Trace, of_headers, within

_BELOW = "/v1"


class Watched:
    """`words`: all that stands in the addresses of routes; any other part of an address is somebody's own."""

    def __init__(self, app: App, routes: Iterable[str]) -> None:
        self._app = app
        self._words = frozenset(word for path in routes for word in path.split("/") if word and word[0] != "{")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace = of_headers(_one(scope, b"traceparent"), _one(scope, b"fsc-transaction-id"))
        with within(trace):
            watcher = watching.watcher()
            if watcher is None:
                await self._answered(scope, receive, send, trace)
                return
            with watcher.request(trace.id, trace.parent) as known:
                began = time.perf_counter()
                status = await self._answered(scope, receive, send, trace)
                door = self.door(scope)
                known(door, status)
                watching.add(REQUESTS, door=door, status=status)
                watching.add(REQUEST_TIME, (time.perf_counter() - began) * 1000, door=door)

    async def _answered(self, scope: Scope, receive: Receive, send: Send, trace: Trace) -> int:
        began, status = time.perf_counter(), 0

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, seen)
        if status >= 500:
            duration = (time.perf_counter() - began) * 1000
            emit(REQUEST_UNAVAILABLE, door=self.door(scope), status=status, duration=duration, trace=trace.id)
        return status

    def door(self, scope: Scope) -> str:
        """The route of a request: the words of its address, all else as `{}`."""
        path: str = scope["path"].removeprefix(_BELOW)
        parts = [word if word in self._words else "{}" for word in path.strip("/").split("/")[:8]]
        return "/" + "/".join(parts)


def _one(scope: Scope, name: bytes) -> str | None:
    """The header `name` when it was sent once."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else None
