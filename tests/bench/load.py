"""A load of ready requests over a few connections, from a process of its own: what it costs itself is small and known."""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What a round gave: answers with 200, seconds, and the bytes of one body."""

    good: int
    bad: int
    seconds: float
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


async def _connection(port: int, requests: Sequence[bytes]) -> tuple[int, int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    good, bad, body = 0, 0, b""
    for each in requests:
        writer.write(each)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        body = await reader.readexactly(length)
        if b" 200 " in head[:16]:
            good += 1
        else:
            bad += 1
            sys.stderr.write(body[:300].decode(errors="replace") + "\n") if bad < 3 else None
    writer.close()
    return good, bad, body


async def _all(port: int, shares: Sequence[Sequence[bytes]]) -> Outcome:
    begin = time.perf_counter()
    results = await asyncio.gather(*(_connection(port, share) for share in shares))
    seconds = time.perf_counter() - begin
    return Outcome(sum(r[0] for r in results), sum(r[1] for r in results), seconds, results[0][2])


def run(port: int, requests: Sequence[bytes], connections: int = 8) -> Outcome:
    """Send `requests` over `connections` at once, each connection one after the other."""
    return asyncio.run(_all(port, [requests[number::connections] for number in range(connections)]))
