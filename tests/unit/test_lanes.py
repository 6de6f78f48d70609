"""Lanes: plain code on the event loop, which goes on with another while one waits."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import Any

import pytest

from hub import lanes
from hub.errors import StoreUnavailable
from hub.store import turns as turns_
from hub.store.turns import GATHERED, Join, Pending, Turns


class _NoError(Exception):
    pass


def test_a_lane_gives_what_its_work_gives_and_raises_what_it_raises() -> None:
    def fails() -> None:
        lanes.aside(lambda: None)
        raise _NoError

    assert asyncio.run(lanes.carried(lambda: 7)) == 7
    with pytest.raises(_NoError):
        asyncio.run(lanes.carried(fails))


def test_what_is_done_aside_is_done_by_another_thread_and_its_error_comes_back() -> None:
    def fails() -> None:
        raise _NoError

    def work() -> tuple[int, bool]:
        with pytest.raises(_NoError):
            lanes.aside(fails)
        return lanes.aside(threading.get_ident), lanes.in_lane()

    by, in_lane = asyncio.run(lanes.carried(work))
    assert by != threading.get_ident()
    assert in_lane
    assert not lanes.in_lane()
    assert lanes.aside(threading.get_ident) == threading.get_ident()


def test_while_one_lane_waits_others_go_on_and_the_loop_too() -> None:
    go_on = threading.Event()

    async def all_of_them() -> list[str]:
        waiting = asyncio.create_task(lanes.carried(lambda: lanes.aside(lambda: str(go_on.wait(10)))))
        await asyncio.sleep(0)
        other = await lanes.carried(lambda: lanes.aside(lambda: "other"))
        go_on.set()
        return [other, await waiting]

    assert asyncio.run(all_of_them()) == ["other", "True"]


def test_a_lane_knows_what_its_request_knows() -> None:
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name")

    async def request() -> str:
        name.set("mine")
        return await lanes.carried(name.get)

    assert asyncio.run(request()) == "mine"


class _Writer:
    """Does the units of batches, and makes them durable when it may."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.threads: list[int] = []
        self.began, self.go_on = threading.Event(), threading.Event()

    def write(self, batch: list[Pending], _join: Join) -> None:
        self.batches.append([one.unit(None) for one in batch])
        self.threads.append(threading.get_ident())
        self.began.set()
        assert lanes.aside(lambda: self.go_on.wait(10))
        for one in batch:
            one.durable = True


def _written(turns: Turns, number: int) -> Callable[[], bool]:
    def work() -> bool:
        pending, written = turns.through_in_lane(lambda _: number, scrub=False)
        lanes.wait_for(written)
        return pending.failure is None

    return work


def test_lanes_that_wait_are_written_together() -> None:
    writer = _Writer()
    turns = Turns(writer.write, 64)

    async def all_of_them() -> list[bool]:
        first = asyncio.create_task(lanes.carried(_written(turns, 0)))
        await asyncio.get_running_loop().run_in_executor(None, writer.began.wait, 10)
        rest = [asyncio.create_task(lanes.carried(_written(turns, number))) for number in range(1, 5)]
        await asyncio.sleep(0)
        writer.go_on.set()
        return await asyncio.gather(first, *rest)

    assert asyncio.run(all_of_them()) == [True] * 5
    assert writer.batches == [[0], [1, 2, 3, 4]]
    turns.close()


def test_a_lane_that_is_broken_off_loses_nobody_the_turn() -> None:
    writer = _Writer()
    turns = Turns(writer.write, 1)

    async def all_of_them() -> bool:
        tasks = [asyncio.create_task(lanes.carried(_written(turns, number))) for number in range(3)]
        await asyncio.get_running_loop().run_in_executor(None, writer.began.wait, 10)
        tasks[1].cancel()
        await asyncio.sleep(0)
        writer.go_on.set()
        return await tasks[2]

    assert asyncio.run(all_of_them())
    turns.close()
    # What waited is written all the same: the log may hold what nobody heard.
    assert writer.batches == [[0], [1], [2]]


@pytest.mark.parametrize(
    ("of_threads", "batches", "on_loop"),
    [
        ({1, 3}, [[0], [1, 2, 3, 4]], [True, False]),
        ({3}, [[0], [1, 2], [3, 4]], [True, True, False]),
        ({2, 3, 4}, [[0], [1], [2, 3, 4]], [True, True, False]),
    ],
    ids=str,
)
def test_lanes_write_on_their_loop_and_leave_to_threads_what_threads_bring(
    of_threads: set[int], batches: list[list[int]], on_loop: list[bool]
) -> None:
    writer = _Writer()
    turns = Turns(writer.write, 64)
    others = {number: threading.Thread(target=_through, args=(turns, number)) for number in of_threads}

    async def all_of_them() -> None:
        tasks = [asyncio.create_task(lanes.carried(_written(turns, 0)))]
        await asyncio.get_running_loop().run_in_executor(None, writer.began.wait, 10)
        for number in (1, 2, 3, 4):
            if number in others:
                others[number].start()
            else:
                tasks.append(asyncio.create_task(lanes.carried(_written(turns, number))))
            while len(turns._waiting) < number:
                await asyncio.sleep(0)
        writer.go_on.set()
        await asyncio.gather(*tasks)

    asyncio.run(all_of_them())
    for other in others.values():
        other.join(10)
    turns.close()
    assert writer.batches == batches
    assert [by == threading.get_ident() for by in writer.threads] == on_loop


def _through(turns: Turns, number: int) -> None:
    turns.through([Pending(lambda _: number, scrub=False)])


def test_who_ends_a_loop_waits_for_the_write_that_is_under_way() -> None:
    """All its tasks are cancelled, and what was begun is made durable all the same."""
    writer = _Writer()
    turns = Turns(writer.write, 64)
    ended = threading.Event()

    async def left() -> list[Pending]:
        found: list[Pending] = []
        task = asyncio.create_task(
            lanes.carried(lambda: found.append(turns.through_in_lane(lambda _: 0, scrub=False)[0]))
        )
        await task
        await asyncio.get_running_loop().run_in_executor(None, writer.began.wait, 10)
        return found

    def end() -> None:
        written.extend(asyncio.run(left()))
        ended.set()

    written: list[Pending] = []
    other = threading.Thread(target=end)
    other.start()
    assert not ended.wait(0.1)
    writer.go_on.set()
    other.join(10)
    assert [one.durable for one in written] == [True]
    _through(turns, 1)
    turns.close()
    assert writer.batches == [[0], [1]]


def test_a_loop_that_is_closed_with_a_write_under_way_is_waited_for_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """That takes more than to end it. What was begun is believed by nobody, and who comes is told so."""
    monkeypatch.setattr(turns_, "_LOOK_SECONDS", 0.01)
    writer = _Writer()
    turns = Turns(writer.write, 64)
    closed = asyncio.new_event_loop()

    async def begun() -> "asyncio.Task[bool]":
        task = asyncio.create_task(lanes.carried(_written(turns, 0)))
        while not writer.began.is_set():
            await asyncio.sleep(0)
        return task

    closed.run_until_complete(begun())
    closed.close()
    with pytest.raises(StoreUnavailable):
        _through(turns, 1)
    turns.close()
    writer.go_on.set()


def test_a_turn_on_a_loop_that_finds_no_thread_fails_its_batch_and_passes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is out of threads: nobody is left waiting, and the next write is one as any other."""
    turns = Turns(_Failing().write, 64)

    async def both() -> list[bool]:
        with monkeypatch.context() as out:
            out.setattr(lanes, "start", _no_thread)
            first = await lanes.carried(_written(turns, 0))
        return [first, await lanes.carried(_written(turns, 1))]

    assert asyncio.run(both()) == [False, True]
    turns.close()


def _no_thread(_work: object) -> None:
    raise RuntimeError


class _Failing(_Writer):
    """Tells its batch what failed, as the store does."""

    def write(self, batch: list[Pending], join: Join) -> None:
        self.go_on.set()
        try:
            super().write(batch, join)
        except RuntimeError as error:
            for one in batch:
                one.error = error


def _one_by_one(turns: Turns, asked: int, looking: int) -> tuple[int, bool]:
    """So many lanes come one after another, while more are `looking` that never come; how many came, and whether all were
    written before those that look were let go."""

    async def all_of_them() -> tuple[int, bool]:
        let_go = asyncio.Event()
        others = [asyncio.create_task(lanes.carried(lambda: lanes.wait_for(let_go.wait()))) for _ in range(looking)]
        tasks = []
        for number in range(asked):
            tasks.append(asyncio.create_task(lanes.carried(_written(turns, number))))
            await asyncio.sleep(0)
        done, _ = await asyncio.wait(tasks, timeout=0.2 if looking and asked < GATHERED else 10)
        written = len(done) == asked
        let_go.set()
        await asyncio.gather(*tasks, *others)
        return len(tasks), written

    return asyncio.run(all_of_them())


@pytest.mark.parametrize(
    ("asked", "looking", "at_once"),
    [(1, 0, True), (2, 0, True), (GATHERED, 5, True), (1, 1, False), (GATHERED - 1, 5, False)],
    ids=str,
)
def test_a_turn_waits_for_lanes_that_are_on_their_way_and_for_no_others(
    asked: int, looking: int, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`GATHERING` long enough to be seen: a test on the other side says that it ends."""
    monkeypatch.setattr(turns_, "GATHERING", 1.0)
    writer = _Writer()
    writer.go_on.set()
    turns = Turns(writer.write, 64)
    assert _one_by_one(turns, asked, looking) == (asked, at_once)
    turns.close()
    assert sorted(number for batch in writer.batches for number in batch) == list(range(asked))
    assert at_once or len(writer.batches) == 1, "who came meanwhile is in the same turn"


def test_lanes_that_are_under_way_are_counted_until_they_end() -> None:
    def fails() -> None:
        raise _NoError

    async def counted() -> list[int]:
        loop = asyncio.get_running_loop()
        found = [lanes.under_way(loop), await lanes.carried(lambda: lanes.under_way(loop))]
        with pytest.raises(_NoError):
            await lanes.carried(fails)
        left = asyncio.create_task(lanes.carried(lambda: lanes.wait_for(asyncio.Event().wait())))
        await asyncio.sleep(0)
        found.append(lanes.under_way(loop))
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        return [*found, lanes.under_way(loop)]

    assert asyncio.run(counted()) == [0, 1, 1, 0]


@pytest.mark.parametrize("ends", ["a thread that waits", "who closes", "a lane of another loop"])
def test_a_turn_that_came_to_a_loop_that_ended_is_taken_all_the_same(
    ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns_, "GATHERING", 100.0)
    monkeypatch.setattr(turns_, "_LOOK_SECONDS", 0.01)
    writer = _Writer()
    writer.go_on.set()
    turns = Turns(writer.write, 64)

    async def come() -> list["asyncio.Task[Any]"]:
        looking = asyncio.create_task(lanes.carried(lambda: lanes.wait_for(asyncio.Event().wait())))
        tasks = [looking, asyncio.create_task(lanes.carried(_written(turns, 0)))]
        for _ in range(5):
            await asyncio.sleep(0)
        return tasks

    async def let_go(tasks: list["asyncio.Task[Any]"]) -> None:
        tasks[0].cancel()
        await asyncio.wait(tasks)

    ended = asyncio.new_event_loop()
    tasks = ended.run_until_complete(come())
    assert not writer.batches
    if ends == "a thread that waits":
        _through(turns, 1)
    elif ends == "a lane of another loop":
        assert asyncio.run(lanes.carried(_written(turns, 1)))
    turns.close()
    ended.run_until_complete(let_go(tasks))
    ended.close()
    assert [number for batch in writer.batches for number in batch] == ([0] if ends == "who closes" else [0, 1])


def test_an_interrupted_turn_on_a_loop_fails_its_batch_and_passes_on() -> None:
    class Interrupted(_Writer):
        def write(self, batch: list[Pending], _join: Join) -> None:
            if not self.batches:
                self.batches.append([])
                raise KeyboardInterrupt
            super().write(batch, _join)

    writer = Interrupted()
    writer.go_on.set()
    turns = Turns(writer.write, 64)
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(lanes.carried(_written(turns, 0)))
    assert asyncio.run(lanes.carried(_written(turns, 1)))
    turns.close()
    assert writer.batches == [[], [1]]


def test_who_blocks_a_loop_is_refused() -> None:
    turns = Turns(_Writer().write, 64)

    async def blocks() -> None:
        with pytest.raises(RuntimeError):
            _through(turns, 0)

    asyncio.run(blocks())
    turns.close()


def test_who_is_woken_on_a_loop_that_was_closed_holds_nobody_up() -> None:
    writer = _Writer()
    turns = Turns(writer.write, 64)
    others = [threading.Thread(target=_through, args=(turns, number)) for number in (0, 2)]

    async def left() -> None:
        task = asyncio.create_task(lanes.carried(_written(turns, 1)))
        await asyncio.sleep(0)
        task.cancel()

    others[0].start()
    assert writer.began.wait(10)
    asyncio.run(left())
    others[1].start()
    while len(turns._waiting) < 2:
        pass
    # The second batch is of the lane whose loop is gone, the third of a thread that waits.
    writer.go_on.set()
    for other in others:
        other.join(10)
    assert not any(other.is_alive() for other in others)
    assert writer.batches == [[0], [1], [2]]
    turns.close()
