"""One writes for all that wait: in their order, some at a time, and the turn never gets lost."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from hub.errors import StoreUnavailable
from hub.model.trace import Trace, current, within
from hub.store.turns import PIECE, Join, Pending, Turns

Batches = list[list[Any]]


class _Slow:
    """A writer whose first batch ends when it is told to; the others at once."""

    def __init__(self) -> None:
        self.batches: Batches = []
        self.threads: list[int] = []
        self.began, self.go_on = threading.Event(), threading.Event()

    def write(self, batch: list[Pending], _join: Join) -> None:
        self.batches.append([one.unit(None) for one in batch])
        self.threads.append(threading.get_ident())
        self.began.set()
        assert self.go_on.wait(10)
        for one in batch:
            one.durable = True


def _pending(number: int) -> Pending:
    return Pending(lambda _: number, scrub=False)


def _through(turns: Turns, pending: list[Pending]) -> int:
    turns.through(pending)
    assert all(one.failure is None for one in pending)
    return threading.get_ident()


def _wait(until: Callable[[], bool]) -> None:
    while not until():
        pass


def test_who_comes_alone_writes_at_once_in_its_own_thread() -> None:
    slow = _Slow()
    slow.go_on.set()
    assert _through(Turns(slow.write, 4), [_pending(1)]) == slow.threads[0]


def test_those_who_wait_are_written_together_in_their_order_by_the_first_of_them() -> None:
    slow = _Slow()
    turns = Turns(slow.write, 4)
    with ThreadPoolExecutor(8) as others:
        done: list[Future[int]] = [others.submit(_through, turns, [_pending(0)])]
        assert slow.began.wait(10)
        for number in range(1, 7):
            done.append(others.submit(_through, turns, [_pending(number)]))
            _wait(lambda number=number: len(turns._waiting) == number)  # type: ignore[misc]
        slow.go_on.set()
        threads = [one.result(10) for one in done]
    assert slow.batches == [[0], [1, 2, 3, 4], [5, 6]]
    assert slow.threads == [threads[0], threads[1], threads[5]]


def test_who_comes_while_the_writer_waits_itself_is_written_with_the_others() -> None:
    batches: Batches = []
    waits, go_on = threading.Event(), threading.Event()

    def write(batch: list[Pending], join: Join) -> None:
        waits.set()
        assert go_on.wait(10)
        join()
        batches.append([one.unit(None) for one in batch])
        for one in batch:
            one.durable = True

    turns = Turns(write, 4)
    with ThreadPoolExecutor(8) as others:
        done = [others.submit(_through, turns, [_pending(0)])]
        assert waits.wait(10)
        for number in range(1, 6):
            done.append(others.submit(_through, turns, [_pending(number)]))
            _wait(lambda number=number: len(turns._waiting) == number)  # type: ignore[misc]
        go_on.set()
        for one in done:
            one.result(10)
    assert batches == [[0, 1, 2, 3], [4, 5]]


def test_one_thread_with_many_has_them_all_written() -> None:
    slow = _Slow()
    slow.go_on.set()
    _through(Turns(slow.write, 4), [_pending(number) for number in range(10)])
    assert slow.batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_a_writer_that_is_interrupted_fails_its_batch_and_passes_the_turn_on() -> None:
    def write(batch: list[Pending], _join: Join) -> None:
        if batch[0].unit(None) == 0:
            began.set()
            assert go_on.wait(10)
            raise KeyboardInterrupt
        for one in batch:
            one.durable = True

    began, go_on = threading.Event(), threading.Event()
    turns, first = Turns(write, 4), _pending(0)
    with ThreadPoolExecutor(2) as others:
        interrupted = others.submit(turns.through, [first])
        assert began.wait(10)
        following = others.submit(_through, turns, [_pending(1)])
        _wait(lambda: len(turns._waiting) == 1)
        go_on.set()
        assert following.result(10)
        with pytest.raises(KeyboardInterrupt):
            interrupted.result(10)
    assert isinstance(first.failure, StoreUnavailable)


class _Interrupted(Pending):
    """One whose thread is interrupted from the keyboard, while it waits or when it is woken to write."""

    def __init__(self, until: Callable[[], object]) -> None:
        super().__init__(lambda _: "never", scrub=False)
        self._until = until

    def wait(self) -> bool:
        self._until()
        raise KeyboardInterrupt


def _interrupted_behind_the_first(
    others: ThreadPoolExecutor, slow: _Slow, turns: Turns, pending: list[Pending]
) -> Future[int]:
    """One writes, slowly, and who comes behind it with `pending` is interrupted. Gives the one who writes."""
    first = others.submit(_through, turns, [_pending(0)])
    assert slow.began.wait(10)
    with pytest.raises(KeyboardInterrupt):
        turns.through(pending)
    return first


def test_who_is_interrupted_while_it_waits_keeps_no_turn() -> None:
    slow = _Slow()
    turns = Turns(slow.write, 4)
    with ThreadPoolExecutor(3) as others:
        first = _interrupted_behind_the_first(others, slow, turns, [_Interrupted(lambda: None)])
        woken = _Interrupted(lambda: _wait(lambda: woken.turn))
        late = others.submit(turns.through, [woken])
        _wait(lambda: len(turns._waiting) == 1)
        last = others.submit(_through, turns, [_pending(2)])
        _wait(lambda: len(turns._waiting) == 2)
        slow.go_on.set()
        assert first.result(10)
        with pytest.raises(KeyboardInterrupt):
            late.result(10)
        assert last.result(10)
    assert slow.batches == [[0], [2]]


def test_who_is_interrupted_with_many_leaves_none_behind_that_nobody_waits_for() -> None:
    def write(batch: list[Pending], _join: Join) -> None:
        if batch[0].unit(None) == 0:
            raise SystemExit
        for one in batch:
            one.durable = True

    turns = Turns(write, 4)
    with pytest.raises(SystemExit):
        turns.through([_pending(number) for number in range(10)])
    with ThreadPoolExecutor(1) as other:
        assert other.submit(_through, turns, [_pending(1)]).result(10)
    turns.close()


def test_who_is_interrupted_with_many_while_another_writes_leaves_none_behind() -> None:
    slow = _Slow()
    turns = Turns(slow.write, 4)
    with ThreadPoolExecutor(2) as others:
        many = [_Interrupted(lambda: None), _pending(1), _pending(2)]
        first = _interrupted_behind_the_first(others, slow, turns, many)
        slow.go_on.set()
        assert first.result(10)
        assert others.submit(_through, turns, [_pending(3)]).result(10)
    assert slow.batches == [[0], [3]]


def test_closing_waits_for_who_writes_and_refuses_who_comes_later() -> None:
    slow = _Slow()
    turns = Turns(slow.write, 4)
    with ThreadPoolExecutor(2) as others:
        first = others.submit(_through, turns, [_pending(0)])
        assert slow.began.wait(10)
        closing = others.submit(turns.close)
        _wait(lambda: turns._closed)
        with pytest.raises(StoreUnavailable):
            turns.through([_pending(1)])
        assert not closing.done()
        slow.go_on.set()
        assert first.result(10)
        closing.result(10)
    assert slow.batches == [[0]]


def test_a_unit_is_of_the_call_it_came_with_whoever_writes_it() -> None:
    """The second and third call wait behind the first; one of them then writes for both."""
    seen: dict[str, str] = {}
    first_writes, go_on = threading.Event(), threading.Event()

    def write(batch: list[Pending], _join: Join) -> None:
        for pending in batch:
            pending.unit(None)
            pending.durable = True

    turns = Turns(write, 64)

    def call(number: int) -> None:
        id_ = f"{number:032x}"

        def unit(_: object) -> None:
            seen[id_] = current().id
            if number == 1:
                first_writes.set()
                assert go_on.wait(10)

        with within(Trace(id_)):
            turns.through([Pending(unit, scrub=False)])

    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(call, 1)]
        assert first_writes.wait(10)
        calls += [pool.submit(call, number) for number in (2, 3)]
        while len(turns._waiting) < 2:
            threading.Event().wait(0.001)
        go_on.set()
        for one in calls:
            one.result(10)
    assert seen == {f"{number:032x}": f"{number:032x}" for number in (1, 2, 3)}


# --- a series ---


def _series(turns: Turns, pending: list[Pending]) -> None:
    turns.series(pending)
    assert all(one.failure is None for one in pending)


def _many(first: int, pieces: int) -> list[Pending]:
    return [_pending(first + number) for number in range(pieces * PIECE)]


def test_who_comes_while_a_series_is_written_waits_for_the_piece_that_runs_and_not_for_the_series() -> None:
    slow = _Slow()
    turns = Turns(slow.write, 4 * PIECE)
    with ThreadPoolExecutor(2) as others:
        series = others.submit(_series, turns, _many(0, 5))
        assert slow.began.wait(10)
        look = others.submit(_through, turns, [_pending(-1)])
        _wait(lambda: len(turns._waiting) == 1)
        slow.go_on.set()
        series.result(10)
        assert look.result(10)
    written = [number for batch in slow.batches for number in batch]
    assert written[:PIECE] == list(range(PIECE))
    assert written.index(-1) <= 2 * PIECE, "at most the piece that came next stands in the same batch"
    assert [number for number in written if number >= 0] == list(range(5 * PIECE)), "a series stays in its order"


def test_of_many_series_one_piece_waits_and_each_has_its_piece_in_turn() -> None:
    slow = _Slow()
    turns = Turns(slow.write, 4 * PIECE)
    with ThreadPoolExecutor(4) as others:
        done = []
        for number in range(3):
            done.append(others.submit(_series, turns, _many(number * 1000, 3)))
            _wait(lambda number=number: len(turns._series._waiting) == number + 1)  # type: ignore[misc]
            assert slow.began.wait(10)
        look = others.submit(_through, turns, [_pending(-1)])
        _wait(lambda: len(turns._waiting) == 1)
        slow.go_on.set()
        for one in done:
            one.result(10)
        assert look.result(10)
    assert [number for batch in slow.batches for number in batch].index(-1) <= 2 * PIECE
    assert max(map(len, slow.batches)) <= PIECE + 1, "no batch holds the pieces of two"
    of_whom = [batch[-1] // 1000 for batch in slow.batches if batch[-1] >= 0]
    assert of_whom == [0, 1, 2] * 3


def test_a_series_that_is_interrupted_leaves_the_next_its_place() -> None:
    slow = _Slow()
    turns = Turns(slow.write, 4 * PIECE)
    with ThreadPoolExecutor(3) as others:
        first = others.submit(_through, turns, [_pending(-1)])
        assert slow.began.wait(10)
        with pytest.raises(KeyboardInterrupt):
            turns.series([_Interrupted(lambda: None), *_many(0, 2)])
        following = others.submit(_series, turns, _many(1000, 2))
        _wait(lambda: len(turns._waiting) == PIECE)
        slow.go_on.set()
        assert first.result(10)
        following.result(10)
    assert [number for batch in slow.batches for number in batch] == [-1, *range(1000, 1000 + 2 * PIECE)]


def test_what_is_left_of_a_series_when_the_store_closes_is_told_so_one_by_one() -> None:
    slow = _Slow()
    turns, pending = Turns(slow.write, 4 * PIECE), _many(0, 3)
    with ThreadPoolExecutor(2) as others:
        series = others.submit(turns.series, pending)
        assert slow.began.wait(10)
        closing = others.submit(turns.close)
        _wait(lambda: turns._closed)
        slow.go_on.set()
        series.result(10)
        closing.result(10)
    assert [one.failure is None for one in pending] == [True] * PIECE + [False] * 2 * PIECE
    with pytest.raises(StoreUnavailable):
        turns.series([_pending(0)])
