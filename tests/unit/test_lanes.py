"""Lanes: plain code on the event loop, which goes on with another while one waits."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hub import lanes
from hub.settings import from_environment
from hub.store.turns import Join, Pending, Run, Turns


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
    """Writes batches when it may."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.threads: list[int] = []
        self.began, self.go_on = threading.Event(), threading.Event()

    def _units(self, batch: list[Pending]) -> None:
        self.batches.append([one.unit(None) for one in batch])
        self.threads.append(threading.get_ident())

    def write(self, batch: list[Pending], run: Run, _join: Join) -> None:
        self.began.set()
        assert self.go_on.wait(10)
        run(lambda: self._units(batch))
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


def test_a_loop_that_ends_with_a_write_under_way_holds_nobody_up() -> None:
    """Its units are done by the thread that writes, who waits is told, and the store can be closed."""
    writer = _Writer()
    turns = Turns(writer.write, 64)
    other = threading.Thread(target=_through, args=(turns, 1))

    async def left() -> None:
        task = asyncio.create_task(lanes.carried(_written(turns, 0)))
        await asyncio.get_running_loop().run_in_executor(None, writer.began.wait, 10)
        task.cancel()

    asyncio.run(left())
    other.start()
    writer.go_on.set()
    other.join(10)
    turns.close()
    assert writer.batches == [[0], [1]]
    assert threading.get_ident() not in writer.threads


def test_an_error_of_the_loop_is_of_who_waits_for_the_work() -> None:
    def fails() -> None:
        raise KeyboardInterrupt

    async def both() -> None:
        loop = asyncio.get_running_loop()
        with pytest.raises(KeyboardInterrupt):
            await loop.run_in_executor(None, lanes.on_loop, loop, fails)
        assert await loop.run_in_executor(None, lanes.on_loop, loop, threading.get_ident) == threading.get_ident()

    asyncio.run(both())


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


@pytest.mark.parametrize(
    ("changed", "near"),
    [
        ({}, True),
        ({"HUB_STORE_URL": "postgresql+psycopg://h/data"}, False),
        ({"HUB_KEYS_URL": "postgresql+psycopg://h/keys"}, False),
        ({"HUB_KEK": "pkcs11:/usr/lib/module.so?token=hub&pin_file=/run/pin"}, False),
    ],
    ids=str,
)
def test_a_look_is_a_lane_only_where_nothing_that_it_reads_is_far_away(changed: dict[str, str], near: bool) -> None:
    assert from_environment(changed, Path()).is_near is near
