"""A load of ready requests over a few connections: what it costs itself is small, measured and printed."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CONNECTIONS = 8

Told = Callable[[int, float, int, bytes], None]
"""What hears of each answer: number of the request, `time.monotonic()` before it was sent, status, body."""


@dataclass(frozen=True)
class Outcome:
    """What a round gave: answers with 200, others, seconds, seconds of processor of this load itself, one body."""

    good: int
    bad: int
    seconds: float
    own_seconds: float
    sample: bytes

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return self.good / self.seconds


def request(path: str, body: bytes, headers: dict[str, str], port: int) -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: application/json", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def _connection(port: int, requests: Sequence[tuple[int, bytes]], told: Told | None) -> tuple[int, int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    good, bad, body = 0, 0, b""
    for number, each in requests:
        sent = time.monotonic()
        writer.write(each)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        body = await reader.readexactly(length)
        if b" 200 " in head[:16]:
            good += 1
        else:
            bad += 1
            sys.stderr.write(body[:300].decode(errors="replace") + "\n") if bad < 3 else None
        if told is not None:
            told(number, sent, int(head[9:12]), body)
    writer.close()
    return good, bad, body


async def _all(ports: Sequence[int], requests: Sequence[bytes], connections: int, told: Told | None) -> Outcome:
    numbered = list(enumerate(requests))
    begin, own = time.perf_counter(), time.thread_time()
    results = await asyncio.gather(
        *(_connection(ports[number % len(ports)], numbered[number::connections], told) for number in range(connections))
    )
    seconds, own = time.perf_counter() - begin, time.thread_time() - own
    return Outcome(sum(r[0] for r in results), sum(r[1] for r in results), seconds, own, results[0][2])


def run(
    ports: Sequence[int], requests: Sequence[bytes], connections: int = CONNECTIONS, told: Told | None = None
) -> Outcome:
    """Send `requests` over `connections` at once, spread over `ports`, each connection one after the other."""
    return asyncio.run(_all(ports, requests, connections, told))
