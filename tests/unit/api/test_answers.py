"""The limits around the application: no byte is taken in that no question of that door can have."""

import asyncio
from typing import Any

import pytest

from hub.api.answers import MAX_BODY, Guarded
from hub.api.app import create_app
from hub.api.oauth import MAX_FORM
from hub.api.problems import of_error
from hub.errors import NotAuthenticated
from hub.identity.refusal import INVALID_TOKEN, Refused
from tests.region import World

PIECE = b"a" * 4096


class Asker:
    """Sends pieces without end, as long as he is asked for more, and hears the answer."""

    def __init__(self) -> None:
        self.taken, self.status = 0, 0

    async def receive(self) -> Any:
        self.taken += len(PIECE)
        return {"type": "http.request", "body": PIECE, "more_body": True}

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)


def _sent(app: Any, path: str, *headers: tuple[bytes, bytes]) -> Asker:
    asker = Asker()
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded"), *headers], "http_version": "1.1",
        "scheme": "http", "server": ("hub", 80), "client": ("caller", 1),
    }  # fmt: skip
    asyncio.run(app(scope, asker.receive, asker.send))
    return asker


@pytest.mark.parametrize("path", ["/oauth/token", "/vloot/status", "/v1/zoekingen", "/gezond", "/access/v1/evaluation"])
def test_who_proves_nothing_has_next_to_nothing_taken_in(region: World, path: str) -> None:
    asker = _sent(create_app(region.hub), path)
    assert asker.status in (401, 404, 405, 413)
    assert asker.taken <= MAX_FORM + len(PIECE)


def test_what_is_said_to_be_too_long_is_not_begun_with(region: World) -> None:
    asker = _sent(create_app(region.hub), "/oauth/token", (b"content-length", b"%d" % (MAX_FORM + 1)))
    assert (asker.status, asker.taken) == (413, 0)


def test_each_401_names_the_algorithms() -> None:
    known = Refused(INVALID_TOKEN, "token")
    assert of_error(NotAuthenticated()).headers["www-authenticate"] == known.challenge
    assert "algs=" in known.challenge


@pytest.mark.parametrize(("path", "most"), [("/a", 8192), ("/b", MAX_BODY)])
def test_each_door_has_its_own_limit_while_it_listens(path: str, most: int) -> None:
    async def reader(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass

    asker = _sent(Guarded(reader, {"/a": 8192}), path)
    assert asker.taken == most + len(PIECE)


@pytest.mark.parametrize(
    ("content", "status"), [(b"\n".join([b"[" + b"[]," * 2_000 + b"0]"] * 300), 413), (b"{}" + b"\n" * 20_000, 400)]
)
def test_a_series_is_counted_before_it_is_read(region: World, content: bytes, status: int) -> None:
    answer = region.post("ggz-noord", "/leveringsreeksen", content=content, media="application/x-ndjson")
    assert answer.status_code == status
