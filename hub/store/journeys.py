"""Connections to a server of PostgreSQL, for whose answers a lane waits on its loop while others go on.

The driver says what it waits for, and leaves the waiting to the connection: what blocks in a thread lets other lanes go on
in a lane (`hub.lanes`). So statements, transactions and what goes in one journey are written the same for both.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from select import POLLOUT, poll
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.waiting import Ready

from hub.lanes import aside, in_lane, wait_for

RV = TypeVar("RV")


class LaneConnection(psycopg.Connection[Any]):
    """A connection of the driver, used by one lane or thread at a time."""

    in_journey = False
    """Several statements are sent together."""
    _look: Any = None

    @property
    def stands(self) -> bool:
        """A transaction is open in which nothing failed."""
        return self.info.transaction_status is TransactionStatus.INTRANS

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """What `gen` of the driver gives, when the server has answered it. Raises the errors of the driver."""
        if not in_lane() or timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return self._waited(gen)
        except psycopg.Error:
            raise
        except BaseException as error:
            # Broken off: nobody reads this answer, and it must not be taken for the next one.
            self.pgconn.finish()
            with suppress(psycopg.Error):
                gen.close()
            if isinstance(error, Exception):
                raise psycopg.OperationalError("nobody waited for the server") from error
            raise

    def _waited(self, gen: PQGen[RV]) -> RV:
        socket = self.pgconn.socket
        try:
            state = next(gen)
            while True:
                # There is room, nearly always; each statement of those that go in one journey waits for that.
                at_once = state & Ready.W and self._has_room(socket)
                state = gen.send(Ready.W if at_once else _ready(socket, state))
        except StopIteration as end:
            found: RV = end.value
            return found

    def _has_room(self, socket: int) -> bool:
        """Whether something can be sent without waiting."""
        if self._look is None:
            self._look = poll()
            self._look.register(socket, POLLOUT)
        found: list[tuple[int, int]] = self._look.poll(0)
        return found == [(socket, POLLOUT)]


def connect(words: Sequence[Any], named: Mapping[str, Any]) -> LaneConnection:
    """A new connection, as the driver makes it: names are looked up and servers are tried, in a thread."""
    return aside(lambda: LaneConnection.connect(*words, **named))


def _ready(socket: int, state: int) -> Ready:
    """For what of `state` the socket is ready; until it is, other lanes go on."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Ready] = loop.create_future()
    if state & Ready.R:
        loop.add_reader(socket, _told, found, Ready.R)
    if state & Ready.W:
        loop.add_writer(socket, _told, found, Ready.W)
    try:
        return wait_for(found)
    finally:
        if state & Ready.R:
            loop.remove_reader(socket)
        if state & Ready.W:
            loop.remove_writer(socket)


def _told(found: "asyncio.Future[Ready]", ready: Ready) -> None:
    if not found.done():
        found.set_result(ready)
