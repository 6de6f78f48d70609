"""Lanes: requests that run on the event loop itself, and leave to threads what does not need the interpreter.

There is one interpreter, and a request needs it for most of its time. Threads that fight for it lose a tenth of it in
handing it over. So a request can run as a *lane*: plain code on the event loop. Where it comes to the policy engine or
to the durable write it waits, and the loop goes on with another. Outside a lane the same code does the same in its own
thread.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from greenlet import getcurrent, greenlet

T = TypeVar("T")

THREADS = 16
"""Pieces of work that are done aside at once, at most."""

_aside = ThreadPoolExecutor(THREADS, thread_name_prefix="aside")


class _Lane(greenlet):
    """The stack of one request."""


async def carried(work: Callable[[], T]) -> T:
    """What `work` gives, done here on the loop as a lane of its own."""
    lane = _Lane(work)
    lane.gr_context = contextvars.copy_context()
    found: Any = lane.switch()
    while not lane.dead:
        try:
            value = await found
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the lane's
            found = lane.throw(error)
        else:
            found = lane.switch(value)
    return cast(T, found)


def in_lane() -> bool:
    """Whether this code runs as a lane."""
    return isinstance(getcurrent(), _Lane)


def wait_for(awaitable: Awaitable[T]) -> T:
    """What `awaitable` gives; meanwhile other lanes go on. Called in a lane only."""
    parent = getcurrent().parent
    assert parent is not None  # noqa: S101 - a lane was started by the loop
    return cast(T, parent.switch(awaitable))


def aside(work: Callable[[], T]) -> T:
    """What `work` gives, which does not need the interpreter: from a lane it is done in a thread."""
    if not in_lane():
        return work()
    return wait_for(asyncio.get_running_loop().run_in_executor(_aside, work))
