"""How long a hub waits for whom, to the second, on a clock that the test moves."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from hub.api.answers import CROWDED, Guarded
from hub.run import patience
from hub.run.patience import BODY_SECONDS, HEAD_SECONDS, LINGER_SECONDS, MAX_HEAD, READ_SECONDS, PatientProtocol

HEAD = b"POST /v1/zoekingen HTTP/1.1\r\nContent-Length: 9\r\n\r\n"


@dataclass
class Timer:
    at: float
    call: Any
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Clockwork:
    """A loop whose time moves when the test says so. Questions are given on, and answered by nobody but the test."""

    now: float = 0.0
    timers: list[Timer] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, call: Any) -> Timer:
        self.timers.append(Timer(self.now + delay, call))
        return self.timers[-1]

    def create_task(self, work: Coroutine[Any, Any, None]) -> "asyncio.Future[None]":
        work.close()
        return asyncio.Future(loop=_LOOP)

    def move(self, seconds: float) -> None:
        self.now += seconds
        for timer in [one for one in self.timers if one.at <= self.now and not one.cancelled]:
            timer.cancelled = True
            timer.call()


_LOOP = asyncio.new_event_loop()
_LOOP.close()


class Wire(asyncio.Transport):
    """What the hub wrote, and whether it ended the connection."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.ended = b"", False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.ended = True

    abort = close

    def is_closing(self) -> bool:
        return self.ended

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


@dataclass
class Caller:
    """One connection."""

    loop: Clockwork
    state: ServerState
    wire: Wire = field(default_factory=Wire)

    def __post_init__(self) -> None:
        config = uvicorn.Config(_nobody, log_config=None, timeout_keep_alive=30)
        loop: Any = self.loop
        self.protocol = PatientProtocol(config, self.state, {}, loop)
        self.protocol.connection_made(self.wire)

    def sends(self, data: bytes) -> None:
        self.protocol.data_received(data)

    def is_answered(self) -> None:
        self.protocol.cycle.response_started = self.protocol.cycle.response_complete = True
        self.protocol.on_response_complete()

    def status(self) -> int:
        return int(self.wire.written.split()[1]) if self.wire.written else 0


async def _nobody(scope: Any, receive: Any, send: Any) -> None: ...


@pytest.fixture
def loop() -> Clockwork:
    return Clockwork()


@pytest.fixture
def caller(loop: Clockwork) -> Caller:
    return Caller(loop, ServerState())


def test_who_says_nothing_is_not_waited_for(loop: Clockwork, caller: Caller) -> None:
    loop.move(HEAD_SECONDS - 1)
    assert not caller.wire.ended
    loop.move(1)
    assert (caller.wire.ended, caller.status()) == (True, 0)


@pytest.mark.parametrize("byte", [b"P", b"\r\n"])
def test_a_byte_now_and_then_lengthens_no_wait(loop: Clockwork, caller: Caller, byte: bytes) -> None:
    caller.sends(byte)
    for letter in "OST /v1/zoekingen" if byte == b"P" else "\n" * 17:
        loop.move(0.5)
        assert not caller.wire.ended
        caller.sends(letter.encode())
    loop.move(HEAD_SECONDS)
    assert caller.wire.ended


def test_a_body_has_its_time_and_then_an_end(loop: Clockwork, caller: Caller) -> None:
    caller.sends(HEAD)
    for _ in range(5):
        loop.move(HEAD_SECONDS)
        caller.sends(b"x")
        assert not caller.wire.ended
    loop.move(BODY_SECONDS - 5 * HEAD_SECONDS)
    assert (caller.wire.ended, caller.status()) == (True, 408)


def test_a_whole_question_is_answered_however_long_it_takes(loop: Clockwork, caller: Caller) -> None:
    caller.sends(HEAD + b"123456789")
    loop.move(1000)
    assert not caller.wire.ended


def test_after_an_answer_the_next_question_is_waited_for_and_no_trickle(loop: Clockwork, caller: Caller) -> None:
    caller.sends(HEAD + b"123456789")
    caller.is_answered()
    loop.move(20)
    assert not caller.wire.ended, "uvicorn's own wait for the next question"
    caller.sends(b"\r\n")
    loop.move(HEAD_SECONDS)
    assert caller.wire.ended


def test_what_is_answered_is_not_listened_to_for_long(loop: Clockwork, caller: Caller) -> None:
    caller.sends(HEAD + b"1")
    caller.is_answered()
    for _ in range(LINGER_SECONDS):
        assert not caller.wire.ended
        loop.move(1)
        caller.sends(b"")
    assert caller.wire.ended


def test_an_answer_that_nobody_reads_is_let_go(loop: Clockwork, caller: Caller) -> None:
    caller.sends(HEAD + b"123456789")
    caller.protocol.pause_writing()
    loop.move(READ_SECONDS - 1)
    caller.protocol.resume_writing()
    loop.move(READ_SECONDS)
    assert not caller.wire.ended
    caller.protocol.pause_writing()
    loop.move(READ_SECONDS)
    assert caller.wire.ended


def test_nothing_is_said_before_an_answer_that_is_under_way(loop: Clockwork, caller: Caller) -> None:
    caller.sends(HEAD + b"123456789" + b"GET ")
    loop.move(HEAD_SECONDS)
    assert (caller.wire.ended, caller.status()) == (True, 0)


def test_bodies_do_not_count_as_head(caller: Caller) -> None:
    size = 3 * MAX_HEAD
    for _ in range(3):
        caller.sends(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)
        caller.is_answered()
    assert (caller.wire.ended, caller.status()) == (False, 0)
    for _ in range(3):
        caller.sends(b"GET / HTTP/1.1\r\nX-Kop: " + b"x" * (MAX_HEAD // 2))
        caller.sends(b"x" * (MAX_HEAD // 3) + b"\r\n\r\n")
        caller.is_answered()
    assert (caller.wire.ended, caller.status()) == (False, 0)
    caller.sends(b"GET / HTTP/1.1\r\nX-Kop: " + b"x" * 2 * MAX_HEAD)
    assert (caller.wire.ended, caller.status()) == (True, 431)


@pytest.mark.parametrize("piece", [1_000, MAX_HEAD // 2, MAX_HEAD, 4 * MAX_HEAD])
@pytest.mark.parametrize("before", [b"", HEAD + b"x" * 9])
def test_a_head_within_the_limit_is_taken_and_one_of_twice_as_much_never(
    loop: Clockwork, piece: int, before: bytes
) -> None:
    for size, refused in ((MAX_HEAD, False), (2 * MAX_HEAD, True)):
        caller = Caller(loop, ServerState())
        head = b"GET / HTTP/1.1\r\nX-Kop: "
        sent = before + head + b"x" * (size - len(head) - 4) + b"\r\n\r\n"
        for start in range(0, len(sent), piece):
            caller.sends(sent[start : start + piece])
            if before and start == 0:
                caller.is_answered()
        assert caller.wire.ended is refused


def test_who_waits_longest_without_a_question_makes_room(loop: Clockwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "MOST_CONNECTIONS", 3)
    state = ServerState()
    busy, body, silent = (Caller(loop, state) for _ in range(3))
    busy.sends(HEAD + b"123456789")
    body.sends(HEAD)
    loop.move(1)
    late = Caller(loop, state)
    assert [one.wire.ended for one in (busy, body, silent, late)] == [False, False, True, False]
    late.sends(HEAD + b"123456789")
    last = Caller(loop, state)
    assert [one.wire.ended for one in (busy, body, late, last)] == [False, True, False, False]
    last.sends(HEAD + b"123456789")
    assert Caller(loop, state).wire.ended, "the hub is busy for all of them"
    assert len(state.connections) == 3


def test_a_crowded_hub_says_so(loop: Clockwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "MOST_TASKS", 2)
    state = ServerState()
    callers = [Caller(loop, state) for _ in range(3)]
    for caller in callers:
        caller.sends(HEAD + b"123456789")
    scopes: list[Any] = [caller.protocol.scope for caller in callers]
    assert [scope[CROWDED] for scope in scopes] == [False, False, True]
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Guarded(_nobody)(scopes[2], _never, send))
    assert (sent[0]["status"], json.loads(sent[1]["body"])["code"]) == (503, "niet-beschikbaar")


async def _never() -> Any:
    raise AssertionError("no word of the question is read")
