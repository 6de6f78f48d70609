"""A load of ready requests over a few connections: what it costs itself is small, measured and printed.

It runs on the machine that it measures. So it does no more than it must: one thread, sockets without streams around them,
and of an answer only the status and the length are read.
"""

import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

CONNECTIONS = 8
_ROOM = 1 << 20
"""Bytes of the largest answer, with its head."""
_END_OF_HEAD, _LENGTH = b"\r\n\r\n", b"\r\ncontent-length:"

Told = Callable[[int, float, int, bytes], None]
"""What hears of each answer: number of the request, `time.monotonic()` before it was sent, status, body."""


@dataclass(frozen=True)
class Outcome:
    """What a round gave: answers with 200, others, seconds, seconds of processor of this load itself, and of each
    connection the last body."""

    good: int
    bad: int
    seconds: float
    own_seconds: float
    samples: tuple[bytes, ...]

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return self.good / self.seconds


def request(path: str, body: bytes, headers: dict[str, str], port: int) -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: application/json", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class _Connection:
    """One after the other of `requests`, each sent when the one before is answered."""

    def __init__(self, port: int, requests: Iterator[tuple[int, bytes]], told: Told | None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.good = self.bad = 0
        self._requests, self._told = requests, told
        self._room = memoryview(bytearray(_ROOM))
        self._here, self._body, self._whole = 0, 0, 0

    def send(self) -> bool:
        """The next request is sent; False when there is none."""
        following = next(self._requests, None)
        if following is None:
            return False
        self._number, each = following
        self._here = self._whole = 0
        self._sent = time.monotonic()
        self.socket.sendall(each)
        return True

    def received(self) -> bool:
        """Takes what came in; whether the answer is whole now. Raises ConnectionError when there is no more."""
        size = self.socket.recv_into(self._room[self._here :])
        if not size:
            raise ConnectionError
        self._here += size
        if not self._whole:
            self._measure()
        if not self._whole or self._here < self._whole:
            return False
        self._count()
        return True

    @property
    def body(self) -> bytes:
        """Of the last answer."""
        return bytes(self._room[self._body : self._whole])

    def _measure(self) -> None:
        head, found, _ = bytes(self._room[: min(self._here, 4096)]).partition(_END_OF_HEAD)
        if found:
            length = head.lower().partition(_LENGTH)[2].partition(b"\r\n")[0]
            self._body = len(head) + len(found)
            self._whole = self._body + int(length)

    def _count(self) -> None:
        status = int(bytes(self._room[9:12]))
        self.good += status == 200
        self.bad += status != 200
        if status != 200 and self.bad < 3:
            sys.stderr.write(self.body[:300].decode(errors="replace") + "\n")
        if self._told is not None:
            self._told(self._number, self._sent, status, self.body)


def run(
    ports: Sequence[int], requests: Sequence[bytes], connections: int = CONNECTIONS, told: Told | None = None
) -> Outcome:
    """Send `requests` over `connections` at once, spread over `ports`. Whichever connection has its answer takes the next one:
    had each its own, who is slower for a moment would end alone, and two processes would end as late as the slower one.
    """
    left = iter(enumerate(requests))
    made = [_Connection(ports[number % len(ports)], left, told) for number in range(connections)]
    begin, own = time.perf_counter(), time.thread_time()
    with selectors.DefaultSelector() as ready:
        for one in made:
            if one.send():
                ready.register(one.socket, selectors.EVENT_READ, one)
        while ready.get_map():
            for key, _ in ready.select():
                if key.data.received() and not key.data.send():
                    ready.unregister(key.fileobj)
    seconds, own = time.perf_counter() - begin, time.thread_time() - own
    for one in made:
        one.socket.close()
    return Outcome(
        sum(one.good for one in made), sum(one.bad for one in made), seconds, own, tuple(one.body for one in made)
    )
