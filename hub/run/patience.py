"""An end to every wait for a caller: for his question, for its body, and until he reads the answer.

uvicorn bounds the idle time between two questions alone, and no head. Without what stands here a few hundred connections
that send a byte now and then would keep all others out, and one endless header would fill the memory.
"""

import asyncio
from enum import Enum
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from hub.api.answers import CROWDED, HEADERS
from hub.api.problems import of_status

HEAD_SECONDS, BODY_SECONDS = 10, 60
"""From the first byte of a head to its last; from the head to the last byte of the body."""
LINGER_SECONDS, READ_SECONDS = 5, 60
"""How long what is answered may still be sent; how long an answer waits to be read."""
MAX_HEAD = 32 * 1024
"""Bytes of a head that are always taken; twice as many never are."""
_PIECE = MAX_HEAD // 2
"""Read at once: a head is refused once it has MAX_HEAD bytes beside its first piece and its last."""
MOST_CONNECTIONS, MOST_TASKS = 512, 1024
"""Open connections; and questions at work, those whose asker has left included: one a connection never fills them."""


class Stage(Enum):
    """What comes in now."""

    BETWEEN = "between two questions, or before the first"
    HEAD = "head"
    BODY = "body"


_SECONDS = {Stage.BETWEEN: HEAD_SECONDS, Stage.HEAD: HEAD_SECONDS, Stage.BODY: BODY_SECONDS}


class PatientProtocol(HttpToolsProtocol):
    """The server's protocol, patient but not for ever. When it is full, who has kept it waiting longest makes room."""

    stage = Stage.BETWEEN
    since = 0.0
    """When the present wait began, by the clock of the loop."""
    _timed: Stage | None = None
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _head = 0
    """Bytes of the head that comes in, without the pieces in which it begins and ends: these may hold other things."""
    _begun = False
    """Whether a head began in this piece."""

    @property
    def answered(self) -> bool:
        """Whether no question is being answered here."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def waiting(self) -> bool:
        """Whether the caller has the move: the hub is not busy for him."""
        return self.answered or self.cycle.more_body

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Make room, and wait for a question."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._make_room()
        self._keep_time()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        _stop(self._deadline)
        _stop(self._unread)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, in pieces: no head gets past its limit in one go."""
        for start in range(0, len(data), _PIECE):
            self._begun = False
            piece = data[start : start + _PIECE]
            super().data_received(piece)
            if self.stage is Stage.HEAD and not self._begun:
                self._head += len(piece)
            if self._head >= MAX_HEAD:
                self._refuse(431)
            if self.transport.is_closing():
                return
        if self.stage is not Stage.BETWEEN or self.answered:
            self._keep_time()

    def on_message_begin(self) -> None:
        """The first byte of a head."""
        super().on_message_begin()
        self.stage, self._head, self._begun = Stage.HEAD, 0, True

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of the head. What comes behind a body is no part of the question (RFC 9110 section 6.5.1)."""
        if self.stage is Stage.HEAD:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole: the question is given on, with whether there is anyone to answer it."""
        self.stage, self._head = Stage.BODY, 0
        scope: Any = self.scope
        scope[CROWDED] = len(self.tasks) >= MOST_TASKS
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The question is whole."""
        _stop(self._deadline)
        self.stage, self._timed = Stage.BETWEEN, None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer has gone out; what still comes in of its question is not waited for long."""
        super().on_response_complete()
        self.since = self.loop.time()
        if self.stage is Stage.BODY:
            _stop(self._deadline)
            self._timed, self._deadline = Stage.BODY, self.loop.call_later(LINGER_SECONDS, self._expired)

    def pause_writing(self) -> None:
        """The caller does not read."""
        super().pause_writing()
        self._unread = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """He does."""
        _stop(self._unread)
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own words for it
        """What is no HTTP."""
        self._refuse(400)

    # --- inside ---

    def _keep_time(self) -> None:
        """One wait a stage: what trickles in does not lengthen it."""
        if self._timed is not self.stage:
            _stop(self._deadline)
            self.since, self._timed = self.loop.time(), self.stage
            self._deadline = self.loop.call_later(_SECONDS[self.stage], self._expired)

    def _expired(self) -> None:
        if self.stage is Stage.BETWEEN or (self.stage is Stage.BODY and self.answered):
            self.transport.abort()
        else:
            self._refuse(408)

    def _refuse(self, status: int) -> None:
        """The answer of the server itself, and an end. Nothing is said before an answer that is under way."""
        if not self.transport.is_closing():
            if self.answered or (self.cycle.more_body and not self.cycle.response_started):
                self.transport.write(refusal(status))
            self.transport.close()

    def _make_room(self) -> None:
        """End the oldest wait for a question, else for a body. Where the hub is busy for all, the newcomer goes."""
        others: list[PatientProtocol] = [
            one for one in self.connections if isinstance(one, PatientProtocol) and one is not self and one.waiting
        ]
        ended = min(others, key=lambda one: (not one.answered, one.since), default=self)
        self.connections.discard(ended)
        ended.transport.abort()


def refusal(status: int) -> bytes:
    """A whole HTTP answer: the problem of `status`, with the headers of every other answer."""
    response = of_status(status, headers={"Connection": "close"})
    lines = [b"%s: %s\r\n" % header for header in (*response.raw_headers, *HEADERS)]
    return b"".join([STATUS_LINE[status], *lines, b"\r\n", bytes(response.body)])


def _stop(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
