"""Who writes: of the threads that come with units of work, the first writes for all that wait with it.

Who comes alone writes at once, and nobody has to be woken for it; who comes while another writes waits, and the first
of those who wait writes for all of them next. One writes at a time. A series of many waits piece by piece. A lane
(`hub.lanes`) does not write itself: when its turn comes, a thread takes it, for all lanes that wait. That thread begins
and commits, and has their units done on the loop, where nobody contends for the interpreter. What threads bring may
take long: they do it themselves.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context, copy_context
from functools import partial
from typing import Any

from hub.errors import StoreUnavailable
from hub.lanes import on_a_loop, on_loop, start, tell
from hub.model.release import Entry, Receipt

PIECE = 16
"""Units of a series that wait at once, at most: a delivery takes some milliseconds, and everybody waits for a piece."""

Run = Callable[[Callable[[], None]], None]
"""How the units of a batch are done: by who writes it, or on the loop of the lanes that brought them."""
Join = Callable[[], None]
"""Who came since the batch was made joins it. For a writer that had to wait itself, before it does the first unit."""


class Pending:
    """One unit of work that waits to be written, and what became of it. Until it is `durable` nobody may believe it."""

    __slots__ = ("_woken", "durable", "entries", "error", "outcome", "receipts", "scrub", "turn", "unit")

    def __init__(self, unit: Callable[[Any], Any], *, scrub: bool) -> None:
        # Whoever writes it, it is of the call it came with: its entries stand in the trace of that call.
        self.unit = _within(copy_context(), unit)
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

    @property
    def failure(self) -> Exception | None:
        """Why it does not stand, or None."""
        return self.error or (None if self.durable else StoreUnavailable())

    def wake(self) -> None:
        """It is its turn, or it was written."""
        self._woken.release()

    def wait(self) -> None:
        self._woken.acquire()


class _PendingInLane(Pending):
    """One that a lane waits for."""

    __slots__ = ("_take", "loop", "written")

    def __init__(self, unit: Callable[[Any], Any], *, scrub: bool, take: Callable[[], object]) -> None:
        super().__init__(unit, scrub=scrub)
        self._take = take
        self.loop = asyncio.get_running_loop()
        self.written: asyncio.Future[None] = self.loop.create_future()

    def wake(self) -> None:
        if self.turn:
            start(self._take)
        else:
            # Nobody may wait any more, when the request was broken off; what it wrote stands all the same.
            tell(self.loop, self.written, self.written.set_result, None)


def _within(context: Context, unit: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda tx: context.run(unit, tx)


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


class Turns:
    """Lets one thread at a time `write`, for `most` units of those that wait."""

    def __init__(self, write: Callable[[list[Pending], Run, Join], None], most: int) -> None:
        self._write = write
        self._most = most
        self._waiting: deque[Pending] = deque()
        self._series = _Line()
        self._busy = False
        self._writer: int | None = None
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
                one.wait()
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
        pending = _PendingInLane(unit, scrub=scrub, take=self._take)
        self._queue([pending])
        return pending, pending.written

    def close(self) -> None:
        """Let those who wait be written, and nobody after them."""
        with self._gate:
            self._closed = True
            self._gate.wait_for(lambda: not self._busy)

    def _queue(self, pending: Sequence[Pending]) -> None:
        with self._gate:
            if self._closed:
                raise StoreUnavailable
            self._must_not_write()
            self._waiting.extend(pending)
            if not self._busy:
                self._give()

    def _must_not_write(self) -> None:
        if self._writer == threading.get_ident():
            raise RuntimeError("a unit of work that commits would wait for itself")

    def _leave(self, pending: Sequence[Pending]) -> None:
        with self._gate:
            mine = [one for one in pending if one in self._waiting]
            for one in mine:
                self._waiting.remove(one)
            if any(one.turn for one in mine):
                self._give()

    def _take(self) -> None:
        batch: list[Pending] = []
        try:
            with self._gate:
                self._take_into(batch)
                for one in batch:
                    one.turn = False
            self._write(batch, self._run_of(batch), partial(self._join, batch))
        finally:
            with self._gate:
                self._give()
            for one in batch:
                one.wake()

    def _join(self, batch: list[Pending]) -> None:
        with self._gate:
            self._take_into(batch)

    def _take_into(self, batch: list[Pending]) -> None:
        """Those who are written now. Lanes are written apart: what threads bring may take long, and would hold up the loop."""
        while self._waiting and len(batch) < self._most:
            if batch and isinstance(batch[0], _PendingInLane) and not isinstance(self._waiting[0], _PendingInLane):
                return
            batch.append(self._waiting.popleft())

    def _run_of(self, batch: Sequence[Pending]) -> Run:
        first = next(iter(batch), None)
        if isinstance(first, _PendingInLane):
            return lambda units: on_loop(first.loop, partial(self._writing, units))
        return self._writing

    def _writing(self, units: Callable[[], None]) -> None:
        self._writer = threading.get_ident()
        try:
            units()
        finally:
            self._writer = None

    def _give(self) -> None:
        """The turn to who waits longest, or to whoever comes next."""
        self._busy = bool(self._waiting)
        if self._busy:
            self._waiting[0].turn = True
            self._waiting[0].wake()
        else:
            self._gate.notify_all()
