"""An OPA server failing as the asker meets it: 503 at every door, nothing leaves, it is entered, and it passes."""

import contextlib
import json
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import create_default_context
from typing import Any

import pytest

from hub import wiring
from hub.pdp.opa_fleet import OpaFleetEngine
from hub.settings import OPA, Settings
from tests import servers
from tests.pushing import PROMISED, fetch, levels, pushed, ready
from tests.refusing import ASKER, entered, every_door_refuses, refused, unready, well
from tests.region import World, opened, region

__all__ = ["ready", "region"]


class Front:
    """Stands before a real OPA server: hands on what it says, or is itself what is wrong."""

    def __init__(self, behind: servers.OpaServer) -> None:
        self.behind, self.wrong, self.ended = behind, "", threading.Event()
        self.port = servers.free_port()
        self.start()

    def start(self) -> None:
        """Listen, again on the same port."""
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                asked = self.rfile.read(int(self.headers["Content-Length"]))
                with contextlib.suppress(OSError):
                    front.answer(self, asked)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the library
                """Quiet."""

        self.listener = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.listener.daemon_threads = True
        self.thread = threading.Thread(target=self.listener.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def stop(self) -> None:
        """No longer listen."""
        self.listener.shutdown()
        self.thread.join()
        self.listener.server_close()

    def answer(self, request: BaseHTTPRequestHandler, asked: bytes) -> None:
        """One answer."""
        if self.wrong == "slow":
            # What it says in the end is sound, and too late.
            self.ended.wait(10)
        status, body = TALK[self.wrong] if self.wrong in TALK else (200, self.opinion(request.path, asked))
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        # A connection that is kept would answer while nobody listens.
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(body)
        request.close_connection = True

    def opinion(self, path: str, asked: bytes) -> bytes:
        """What the server behind says."""
        headers = {"Authorization": f"Bearer {self.behind.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.behind.url + path, asked, headers)
        context = create_default_context(cafile=str(self.behind.ca_file))
        with urllib.request.urlopen(request, context=context, timeout=20) as answer:
            return _retold(json.loads(answer.read()), self.wrong)


def _retold(answer: Any, how: str) -> bytes:
    text = json.dumps(answer)
    return text.replace(*RETOLD[how]).encode() if how in RETOLD else text.encode()


TALK = {
    "error": (500, b'{"code": "internal_error"}'),
    "no JSON": (200, b"<html>"),
    "undefined": (200, b"{}"),
    "out of shape": (200, b'{"result": {"allow": true, "released": ["*"]}}'),
}
RETOLD = {
    "another revision": ("sha256:", "sha256:0"),
    "a field that is not there": ("naam", "diagnose_dsm"),
    "another level": ("hit", "agg"),
}
"""What is put in the place of what in an answer that was sound."""
OF_ONE_QUESTION = {"a field that is not there", "another level"}
"""These spoil no plain question, so that whoever watches the hub does not see them."""


@pytest.fixture
def front(opa_server: servers.OpaServer) -> Iterator[Front]:
    made = Front(opa_server)
    yield made
    made.ended.set()
    made.stop()


def asking(world: World, port: int) -> Settings:
    """Its settings, with the policy asked of the one server at `port`."""
    return replace(world.settings, engine=OPA, opa_servers=(("een", f"http://127.0.0.1:{port}"),))


@pytest.fixture
def served(ready: World, front: Front, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The region, with the policy asked of an OPA server."""
    # A busy machine is not what is tested here.
    monkeypatch.setattr(wiring, "OpaFleetEngine", partial(OpaFleetEngine, seconds=20))
    with opened(asking(ready, front.port), ready.names, ready.clock) as found:
        yield found


@pytest.mark.opa
def test_an_opa_server_that_fails_refuses_at_every_door_and_comes_back(served: World, front: Front) -> None:
    sent = pushed(served)["zending"]
    well(served)
    front.stop()
    try:
        every_door_refuses(served, sent)
    finally:
        front.start()
    well(served)
    assert levels(fetch(served, sent).json()) == PROMISED


@pytest.mark.opa
@pytest.mark.parametrize("wrong", ["slow", *TALK, *RETOLD])
def test_an_opa_server_that_is_slow_or_talks_nonsense_refuses_and_comes_back(
    served: World, front: Front, wrong: str
) -> None:
    well(served)
    first = served.size()
    with hurried(served):
        front.wrong = wrong
        refused(served.ask(ASKER))
        entered(served, first, ["raadpleging"])
        if wrong not in OF_ONE_QUESTION:
            unready(served)
        front.wrong = ""
        front.ended.set()
    well(served)


@contextlib.contextmanager
def hurried(world: World) -> Iterator[None]:
    """The time-out of the server is short."""
    engine = world.hub.policy._engine  # type: ignore[union-attr]
    assert isinstance(engine, OpaFleetEngine)
    patient, engine.seconds = engine.seconds, 0.2
    yield
    engine.seconds = patient


@pytest.mark.opa
def test_a_decision_of_before_does_not_stand_in_for_a_server_that_is_away(served: World, front: Front) -> None:
    assert ("naam", "vol") in served.released(ASKER)
    front.stop()
    try:
        refused(served.ask(ASKER))
    finally:
        front.start()
    well(served)


def test_a_server_that_was_never_there_is_no_policy(ready: World) -> None:
    sent = pushed(ready)["zending"]
    with opened(asking(ready, servers.free_port()), ready.names, ready.clock) as other:
        every_door_refuses(other, sent)
