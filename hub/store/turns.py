"""Who writes: of the threads that come with units of work, the first writes for all that wait with it.

Who comes alone writes at once, and nobody has to be woken for it; who comes while another writes waits, and the first
of those who wait writes for all of them next. One writes at a time. A series of many waits piece by piece.

A lane (`hub.lanes`) does not write itself: its turn is a lane of its own on their loop, for all lanes that wait, where
nobody contends for the interpreter, and others go on where it has to wait. A turn costs the same for one as for some, so
it waits a moment for lanes that are on their way. What threads bring may take long: they do it themselves.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import partial
from typing import Any

from hub.errors import StoreUnavailable
from hub.lanes import here, on_a_loop, set_off, start, tell, under_way
from hub.model.release import Entry, Receipt

PIECE = 16
"""Units of a series that wait at once, at most: a delivery takes some milliseconds, and everybody waits for a piece."""

GATHERED = 3
"""Lanes for which a turn is taken at once."""
GATHERING = 0.003
"""Seconds that the turn of fewer waits at most, while there are others under way."""

_LOOK_SECONDS = 0.5
"""How often who waits looks whether the loop of those before it has ended."""

Join = Callable[[], None]
"""Who came since the batch was made joins it. For a writer that had to wait itself, before it does the first unit."""


class Pending:
    """One unit of work that waits to be written, and what became of it. Until it is `durable` nobody may believe it."""

    __slots__ = ("_context", "_woken", "durable", "entries", "error", "outcome", "receipts", "scrub", "turn", "work")

    def __init__(self, unit: Callable[[Any], Any], *, scrub: bool) -> None:
        self.work = unit
        # Whoever writes it, it is of the call it came with: its entries stand in the trace of that call.
        self._context = copy_context()
        self.scrub = scrub
        self.entries: list[Entry] = []
        self.outcome: Any = None
        self.receipts: tuple[Receipt, ...] = ()
        self.error: Exception | None = None
        self.durable = False
        self.turn = False
        """It is woken to write, and not because it was written."""
        self._woken = threading.Lock()
        self._woken.acquire()

    def unit(self, tx: Any) -> Any:
        """Does all of it."""
        return self.part(self.work, tx)

    def part(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Does a part of it."""
        return self._context.run(work, *arguments)

    @property
    def failure(self) -> Exception | None:
        """Why it does not stand, or None."""
        return self.error or (None if self.durable else StoreUnavailable())

    def wake(self) -> None:
        """It is its turn, or it was written."""
        self._woken.release()

    def wait(self) -> bool:
        """Whether it was woken, within a while."""
        return self._woken.acquire(timeout=_LOOK_SECONDS)


class _PendingInLane(Pending):
    """One that a lane waits for."""

    __slots__ = ("_take", "loop", "written")

    def __init__(self, unit: Callable[[Any], Any], *, scrub: bool, take: Callable[["_PendingInLane"], None]) -> None:
        super().__init__(unit, scrub=scrub)
        self._take = take
        self.loop = asyncio.get_running_loop()
        self.written: asyncio.Future[None] = self.loop.create_future()

    def wake(self) -> None:
        if self.turn:
            self._take(self)
        else:
            # Nobody may wait any more, when the request was broken off; what it wrote stands all the same.
            tell(self.loop, self.written, self.written.set_result, None)


class _Line:
    """One at a time, in the order of their coming."""

    def __init__(self) -> None:
        self._waiting: deque[object] = deque()
        self._gate = threading.Condition()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Goes in when nobody stands before it."""
        me = object()
        try:
            with self._gate:
                self._waiting.append(me)
                self._gate.wait_for(lambda: self._waiting[0] is me)
            yield
        finally:
            with self._gate:
                if me in self._waiting:
                    self._waiting.remove(me)
                self._gate.notify_all()


Write = Callable[[list[Pending], Join], None]
"""Writes a batch; who of it does not stand says so."""


class Turns:
    """Lets one at a time `write`, for `most` units of those that wait."""

    def __init__(self, write: Write, most: int) -> None:
        self._write = write
        self._most = most
        self._waiting: deque[Pending] = deque()
        self._series = _Line()
        self._busy = False
        self._writer: object = None
        self._loop: asyncio.AbstractEventLoop | None = None
        """On which somebody writes."""
        self._due: _PendingInLane | None = None
        """The lane to which the turn came, until it is taken."""
        self._closed = False
        self._gate = threading.Condition()

    def through(self, pending: Sequence[Pending]) -> None:
        """Have `pending` written, in this order, and wait for it. Raises `StoreUnavailable` when the store is closed.

        Not on a loop: lanes are written there, and who blocks it would wait for itself.
        """
        if on_a_loop():
            raise RuntimeError("who blocks a loop holds up all")
        self._queue(pending)
        try:
            for one in pending:
                while not one.wait():
                    self._must_be_taken()
                if one.turn:
                    self._take()
        except BaseException:
            # Interrupted: the turn must not end with who will not take it, nor come to what nobody waits for.
            self._leave(pending)
            raise

    def series(self, pending: Sequence[Pending]) -> None:
        """The same for many, which must not stop all others: a piece at a time waits, and of many series one piece.

        Whoever comes meanwhile is written after the piece that runs and the one that waits, however long the series is.
        """
        self._must_not_write()
        for position in range(0, len(pending), PIECE):
            try:
                with self._series.first():
                    self.through(pending[position : position + PIECE])
            except StoreUnavailable:
                if not position:
                    raise
                # Closed meanwhile. What was written stands; each of the others says that it does not.
                return

    def through_in_lane(self, unit: Callable[[Any], Any], *, scrub: bool) -> tuple[Pending, asyncio.Future[None]]:
        """The same for a lane: `unit` as it waits, and what to wait for."""
        pending = _PendingInLane(unit, scrub=scrub, take=self._comes)
        self._queue([pending])
        return pending, pending.written

    def close(self) -> None:
        """Let those who wait be written, and nobody after them."""
        with self._gate, suppress(StoreUnavailable):
            self._closed = True
            while not self._gate.wait_for(lambda: not self._busy, _LOOK_SECONDS):
                self._must_be_taken()

    def _queue(self, pending: Sequence[Pending]) -> None:
        with self._gate:
            if self._closed:
                raise StoreUnavailable
            self._must_not_write()
            self._waiting.extend(pending)
            if not self._busy:
                self._give()
            elif self._due is not None:
                self._hurry(self._due)

    def _must_not_write(self) -> None:
        if self._writer is here():
            raise RuntimeError("a unit of work that commits would wait for itself")

    def _leave(self, pending: Sequence[Pending]) -> None:
        with self._gate:
            mine = [one for one in pending if one in self._waiting]
            for one in mine:
                self._waiting.remove(one)
            if any(one.turn for one in mine):
                self._give()

    def _take(self) -> None:
        """Write for those who wait."""
        batch: list[Pending] = []
        try:
            with self._gate:
                self._take_into(batch)
                for one in batch:
                    one.turn = False
                self._writer, self._loop = here(), asyncio._get_running_loop()
            self._write(batch, partial(self._join, batch))
        finally:
            self._writer = self._loop = None
            for one in batch:
                one.wake()
            with self._gate:
                self._give()

    def _join(self, batch: list[Pending]) -> None:
        with self._gate:
            self._take_into(batch)

    def _take_into(self, batch: list[Pending]) -> None:
        """Those who are written now. Lanes are written apart: what threads bring may take long, and would hold up the loop."""
        while self._waiting and len(batch) < self._most:
            if batch and isinstance(batch[0], _PendingInLane) and not isinstance(self._waiting[0], _PendingInLane):
                return
            batch.append(self._waiting.popleft())

    # --- the turn of lanes ---

    def _comes(self, due: _PendingInLane) -> None:
        """The turn comes to lanes of the loop of `due`."""
        self._due = due
        try:
            # A step later lanes that were written have ended, and are under way no more.
            _soon(due.loop, due.loop.call_soon, self._gather, due)
        except RuntimeError:
            # It was closed.
            self._must_be_taken()

    def _gather(self, due: _PendingInLane) -> None:
        if self._are_enough(due):
            self._take_on_loop(due)
        else:
            due.loop.call_later(GATHERING, self._take_on_loop, due)

    def _are_enough(self, due: _PendingInLane) -> bool:
        return len(self._waiting) >= min(GATHERED, under_way(due.loop))

    def _hurry(self, due: _PendingInLane) -> None:
        """Somebody came while the turn is due."""
        if not due.loop.is_running():
            self._must_be_taken()
        elif self._are_enough(due):
            _soon(due.loop, self._take_on_loop, due)

    def _take_on_loop(self, due: _PendingInLane) -> None:
        """Write for those who wait, here."""
        with self._gate:
            if self._due is not due:
                return
            self._due = None
        set_off(self._take)

    def _must_be_taken(self) -> None:
        """Take the turn of lanes whose loop has ended before they came to it. Raises StoreUnavailable where a loop was
        closed while somebody wrote on it: what they hold, nobody gets any more."""
        with self._gate:
            if self._loop is not None and self._loop.is_closed():
                raise StoreUnavailable
            if self._due is not None and not self._due.loop.is_running():
                start(self._take)
                self._due = None

    def _give(self) -> None:
        """The turn to who waits longest, or to whoever comes next."""
        self._busy = bool(self._waiting)
        if self._busy:
            self._waiting[0].turn = True
            self._waiting[0].wake()
        else:
            self._gate.notify_all()


def _soon(loop: asyncio.AbstractEventLoop, work: Callable[..., object], *arguments: object) -> None:
    """Have `work` done on `loop`, from whichever thread. Raises RuntimeError where the loop was closed."""
    there = asyncio._get_running_loop() is loop
    (loop.call_soon if there else loop.call_soon_threadsafe)(work, *arguments)
