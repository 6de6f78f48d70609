"""Lanes: requests that run on the event loop itself, and leave to threads what does not need the interpreter.

There is one interpreter, and a request needs it for most of its time. Threads that fight for it lose a tenth of it in
handing it over. So a request can run as a *lane*: plain code on the event loop. Where it comes to the policy engine or
to the durable write it waits, and the loop goes on with another. Outside a lane the same code does the same in its own
thread.
"""

import asyncio
import contextvars
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from greenlet import getcurrent, greenlet

T = TypeVar("T")

THREADS = 16
"""Pieces of work that are done aside at once, at most."""


class _Lane(greenlet):
    """The stack of one request."""


_under_way: Counter[asyncio.AbstractEventLoop] = Counter()
"""Of each loop, how many of its lanes have begun and not ended."""


async def carried(work: Callable[[], T]) -> T:
    """What `work` gives, done here on the loop as a lane of its own."""
    lane, loop = _Lane(work), asyncio.get_running_loop()
    lane.gr_context = contextvars.copy_context()
    _under_way[loop] += 1
    try:
        found: Any = lane.switch()
        while not lane.dead:
            try:
                value = await found
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is the lane's
                found = lane.throw(error)
            else:
                found = lane.switch(value)
    finally:
        _under_way[loop] -= 1
        if not _under_way[loop]:
            del _under_way[loop]
    return cast(T, found)


def under_way(loop: asyncio.AbstractEventLoop) -> int:
    """How many lanes of `loop` have begun and not ended."""
    return _under_way[loop]


def on_a_loop() -> bool:
    """Whether this thread runs a loop now, as a lane or not: what blocks here blocks all."""
    return asyncio._get_running_loop() is not None


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
    loop = asyncio.get_running_loop()
    found: asyncio.Future[T] = loop.create_future()

    def told() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised in the lane
            tell(loop, found, found.set_exception, error)
        else:
            tell(loop, found, found.set_result, result)

    start(told)
    return wait_for(found)


def start(work: Callable[[], object]) -> None:
    """Have `work`, which raises nothing, done by one of a few threads; nobody waits for it."""
    _threads.start()
    _threads.waiting.put(work)


def tell(
    loop: asyncio.AbstractEventLoop, found: "asyncio.Future[Any]", settle: Callable[[Any], None], what: Any
) -> None:
    """From another thread: `settle` what a lane waits for with `what`, if it waits still."""
    # A loop that was closed has nobody who waits.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(_unless_done, settle, found, what)


def _unless_done(settle: Callable[[Any], None], found: "asyncio.Future[Any]", what: Any) -> None:
    # Nobody waits any more when the request was broken off.
    if not found.done():
        settle(what)


class _Threads:
    """The threads, started at the first work. Plainer than a pool of the library, which costs the interpreter more than
    what is done aside may spare."""

    def __init__(self) -> None:
        self.waiting: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._lock = threading.Lock()
        self._started = False

    def start(self) -> None:
        if self._started:
            return
        with self._lock:
            if not self._started:
                for number in range(THREADS):
                    threading.Thread(target=self._work, name=f"aside-{number}", daemon=True).start()
                self._started = True

    def _work(self) -> None:
        while True:
            # Who waits for it was told; the thread is there for the next.
            with suppress(BaseException):
                self.waiting.get()()


_threads = _Threads()
