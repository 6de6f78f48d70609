"""Lanes: requests that run on the event loop itself, and leave to threads what does not need the interpreter.

There is one interpreter, and a request needs it for most of its time. Threads that fight for it lose a tenth of it in
handing it over. So a request can run as a *lane*: plain code on the event loop. Where it comes to the policy engine, the
disk or a server it waits, and the loop goes on with another. Outside a lane the same code does the same in its own thread.
"""

import asyncio
import contextvars
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from greenlet import getcurrent, greenlet

T = TypeVar("T")

THREADS = 16
"""Pieces of work that are done aside at once, at most."""


class _Lane(greenlet):
    """The stack of one request."""


_under_way: Counter[asyncio.AbstractEventLoop] = Counter()
"""Of each loop, how many of its requests have begun as lanes and not ended."""
_held: "set[asyncio.Task[None]]" = set()
"""What a loop alone would let go of, while it waits."""


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


def set_off(work: Callable[[], object]) -> None:
    """Begin `work` on this loop as a lane that nobody waits for. It goes on when it has to wait itself, and is not broken
    off: who ends the loop waits for it. What is of one request here is no affair of this work."""
    lane = _Lane(work)
    lane.gr_context = contextvars.Context()
    found: asyncio.Future[Any] = lane.switch()
    if lane.dead:
        return
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    # Whoever ends a loop cancels all its tasks, and waits for those that do not end by that.
    held = loop.create_task(_until(ended))
    _held.add(held)
    held.add_done_callback(_held.discard)
    found.add_done_callback(partial(_go_on, lane, ended))


def _go_on(lane: _Lane, ended: "asyncio.Future[None]", found: "asyncio.Future[Any]") -> None:
    """Goes on with a lane that waited for `found`, as soon as that is there."""
    try:
        try:
            value = found.result()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the lane's
            following = lane.throw(error)
        else:
            following = lane.switch(value)
    finally:
        if lane.dead:
            ended.set_result(None)
    if not lane.dead:
        following.add_done_callback(partial(_go_on, lane, ended))


async def _until(ended: "asyncio.Future[None]") -> None:
    while not ended.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(ended)


def under_way(loop: asyncio.AbstractEventLoop) -> int:
    """How many requests of `loop` have begun as lanes and not ended."""
    return _under_way[loop]


def on_a_loop() -> bool:
    """Whether this thread runs a loop now, as a lane or not: what blocks here blocks all."""
    return asyncio._get_running_loop() is not None


def in_lane() -> bool:
    """Whether this code runs as a lane."""
    return isinstance(getcurrent(), _Lane)


def here() -> object:
    """What runs this code: a lane, or else a thread. The same each time."""
    return getcurrent()


def wait_for(awaitable: Awaitable[T]) -> T:
    """What `awaitable` gives; meanwhile other lanes go on. Called in a lane only; in one that was set off, for a future."""
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
    """From any thread: `settle` what a lane waits for with `what`, if it waits still."""
    if asyncio._get_running_loop() is loop:
        _unless_done(settle, found, what)
        return
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
