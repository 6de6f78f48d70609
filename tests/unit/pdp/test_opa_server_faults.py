"""An OPA server that is away, slow, foreign or talks nonsense: each way ends in a refusal, within the time-out."""

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hub.errors import EngineUnavailable
from hub.pdp.opa_server import OpaServer, OpaServerEngine

Answering = Callable[[BaseHTTPRequestHandler, threading.Event], None]
SECONDS = 0.3


@contextlib.contextmanager
def server(answering: Answering) -> Iterator[str]:
    """A loopback server that answers each question in its own way."""
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with contextlib.suppress(OSError):
                answering(self, closing)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the library
            """Quiet."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.server_port}"
    finally:
        closing.set()
        listener.shutdown()
        thread.join()
        listener.server_close()


def says(body: bytes, status: int = 200, **headers: str) -> Answering:
    """An answer of `body`."""

    def answering(request: BaseHTTPRequestHandler, _closing: threading.Event) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return answering


def waits(_request: BaseHTTPRequestHandler, closing: threading.Event) -> None:
    """No answer at all."""
    closing.wait(10)


def drips(request: BaseHTTPRequestHandler, closing: threading.Event) -> None:
    """An answer without an end, a sign at a time: no single wait is long."""
    request.send_response(200)
    request.end_headers()
    while not closing.wait(0.05):
        request.wfile.write(b" ")
        request.wfile.flush()


def ask(url: str, token: str | None = None) -> object:
    return OpaServerEngine(OpaServer(url, token, seconds=SECONDS), "sha256:0").answer(b'{"at":1}')


def test_a_sound_answer_is_taken_and_the_question_is_the_facts_to_the_byte() -> None:
    seen: list[object] = []

    def answering(request: BaseHTTPRequestHandler, closing: threading.Event) -> None:
        length = int(request.headers["Content-Length"])
        seen.extend([request.path, request.headers["Authorization"], request.rfile.read(length)])
        says(b'{"result": {"allow": false}}')(request, closing)

    with server(answering) as url:
        assert ask(url, "geheim") == {"allow": False}
    assert seen == ["/v1/data/hub/dated/gathered", "Bearer geheim", b'{"input":{"at":1}}']


FAULTS: dict[str, Answering] = {
    "nonsense": says(b"nonsense"),
    "no result": says(b"{}"),
    "a list": says(b"[]"),
    "undefined": says(b""),
    "error": says(b'{"result": {}}', 500),
    "not allowed": says(b'{"result": {}}', 401),
    "too long": says(b" " * (9 * 1024 * 1024)),
    "waits": waits,
    "drips": drips,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_refuses_within_the_time_out(fault: str) -> None:
    with server(FAULTS[fault]) as url:
        started = time.monotonic()
        with pytest.raises(EngineUnavailable):
            ask(url)
        assert time.monotonic() - started < 3


def test_a_redirect_is_not_followed() -> None:
    with server(says(b'{"result": 1}')) as elsewhere, server(says(b"", 307, Location=elsewhere)) as url:
        with pytest.raises(EngineUnavailable):
            ask(url)
        assert ask(elsewhere) == 1


def test_a_server_that_is_away_refuses() -> None:
    with server(waits) as url:
        pass
    with pytest.raises(EngineUnavailable):
        ask(url)


def test_nothing_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setitem(os.environ, "http_proxy", "http://127.0.0.1:9")
    with server(says(json.dumps({"result": 1}).encode())) as url:
        assert ask(url) == 1
