"""Callers who are slow, endless or many, against a real server: each gets an end, and meanwhile the others an answer."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from hub.api.answers import MAX_BODY
from hub.run.patience import HEAD_SECONDS, MAX_HEAD, MOST_CONNECTIONS
from tests.region import OPEN, OWN_FORM, Line, Server, server, template_of_today

CARE = "ggz-noord"
QUESTION = {"doel": "D02", "velden": ["bejegeningsadvies"]}
SLOW_HEAD = b"POST /v1/zoekingen HTTP/1.1\r\nHost: hub\r\nX-Lang: "


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One hub for all these callers: what one does to it, the next would find."""
    with server(tmp_path_factory.mktemp("slow")) as found:
        yield found


@contextmanager
def line_to(running: Server, partner: str = CARE) -> Iterator[Line]:
    line = Line(running.base, running.home, partner)
    try:
        yield line
    finally:
        line.http.close()


def answered(running: Server) -> bool:
    """Whether a partner who comes now, over a connection of his own, gets what he asks."""
    with line_to(running) as line:
        path = f"/casussen/{template_of_today().names[OPEN][CARE]}/raadplegingen"
        return line.post(path, QUESTION).status_code == 200


def connected(running: Server, first: bytes = b"") -> socket.socket:
    """A raw connection on which `first` was sent."""
    made = socket.create_connection(("127.0.0.1", running.port), timeout=2 * HEAD_SECONDS)
    with suppress(ConnectionError):
        made.sendall(first)
    return made


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    found = b""
    with suppress(ConnectionError):
        while part := connection.recv(65536):
            found += part
    return found


def problem(answer: bytes) -> tuple[int, str]:
    """(status, code) of a raw answer that must be a problem with the headers of every answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head, answer[:200]
    assert b"api-version: 1.0.0" in head
    assert b"x-content-type-options: nosniff" in head
    document = json.loads(body)
    assert head.split()[1] == str(document["status"]).encode()
    return document["status"], document["code"]


def test_many_slow_heads_keep_nobody_out_and_each_has_an_end(running: Server) -> None:
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(connected(running, SLOW_HEAD)) for _ in range(MOST_CONNECTIONS + 100)]
        assert answered(running)
        for connection in slow:
            with suppress(ConnectionError):
                connection.sendall(b"x")
        assert answered(running)
        ends = [rest(connection) for connection in slow]
        late = [problem(end) for end in ends if end]
        assert set(late) == {(408, "te-traag")}
        assert ends.count(b"") >= 100, "who came first made room"
        assert len(late) > MOST_CONNECTIONS / 2
    assert answered(running)


def test_many_who_say_nothing_keep_nobody_out(running: Server) -> None:
    with ExitStack() as open_ones:
        silent = [open_ones.enter_context(connected(running)) for _ in range(2 * MOST_CONNECTIONS)]
        assert answered(running)
        assert rest(silent[0]) == b""


def test_slow_bodies_of_who_is_nobody_keep_nobody_out(running: Server) -> None:
    head = b"POST /oauth/token HTTP/1.1\r\nHost: hub\r\nContent-Length: 9000\r\n\r\na"
    with ExitStack() as open_ones:
        for _ in range(MOST_CONNECTIONS + 100):
            open_ones.enter_context(connected(running, head))
        assert answered(running)


HEADS = {
    "one endless header": b"GET /v1/sleutel HTTP/1.1\r\nX-Lang: " + b"x" * 4 * MAX_HEAD,
    "endless headers": b"GET /v1/sleutel HTTP/1.1\r\n" + b"X-Kop: x\r\n" * MAX_HEAD,
    "an endless address": b"GET /v1/" + b"x" * 4 * MAX_HEAD,
    "an endless name": b"GET /v1/sleutel HTTP/1.1\r\n" + b"X" * 4 * MAX_HEAD,
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_a_head_without_end_is_refused(running: Server, head: bytes) -> None:
    with connected(running, head) as connection:
        # What was still on its way when the connection ended takes the answer with it.
        end = rest(connection)
        assert end == b"" or problem(end) == (431, "koppen-te-groot")
    assert answered(running)


def test_a_head_within_the_limit_is_taken_and_one_of_twice_as_much_told(running: Server) -> None:
    for size, status in ((MAX_HEAD - 200, b"200"), (2 * MAX_HEAD, b"431")):
        with connected(
            running, b"GET /v1/sleutel HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nX-Lang: "
        ) as connection:
            connection.sendall(b"x" * size)
            if status == b"200":
                connection.sendall(b"\r\n\r\n")
            assert rest(connection).split()[1] == status


@pytest.mark.parametrize(
    "junk",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\r\n\r\nQUATSCH\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n", b"POST /v1/zoekingen HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /v1/zoekingen HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v1/zoekingen HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET /v1/sleutel HTTP/1.1\r\nX-Kop : x\r\n\r\n", b"GET /v1/sleutel HTTP/1.1\r\nX-Kop: a\x00b\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_http_is_a_problem(running: Server, junk: bytes) -> None:
    with connected(running, junk) as connection:
        assert problem(rest(connection)) == (400, "verkeerde-vorm")


def chunked(line: Line, path: str, media: str, chunks: int, *, whole: bool = True) -> bytes:
    """The answer to a proven call whose body of `chunks` times 64 KiB never said how long it would be."""
    headers = {
        "Host": "hub", "Content-Type": media, "Idempotency-Key": "toets-in-delen", "Transfer-Encoding": "chunked",
        **line.proven("POST", f"{line.base}/v1{path}"),
    }  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    port = int(line.base.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(f"POST /v1{path} HTTP/1.1\r\n{lines}\r\n".encode())
        for _ in range(chunks):
            connection.sendall(b"%x\r\n" % 65536 + b" " * 65536 + b"\r\n")
        if not whole:
            return b""
        connection.sendall(b"0\r\n\r\n")
        answer = connection.recv(65536)
        return answer if b"\r\n\r\n{" in answer else answer + connection.recv(65536)


DOORS = {
    "raadplegingen": "application/json", "leveringen": OWN_FORM, "fasen": "application/json",
    "leveringsreeksen": "application/x-ndjson",
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_a_body_without_end_is_too_large_and_half_a_one_is_nothing(running: Server, door: str) -> None:
    casus = template_of_today().names[OPEN][CARE]
    path = f"/{door}" if door == "leveringsreeksen" else f"/casussen/{casus}/{door}"
    before = running.printed()
    with line_to(running) as line:
        assert problem(chunked(line, path, DOORS[door], MAX_BODY // 65536 + 4)) == (413, "te-groot")
        chunked(line, path, DOORS[door], 2, whole=False)
    assert answered(running)
    assert running.printed() == before, "who leaves halfway is no fault of the hub"


def test_headers_behind_a_body_are_no_part_of_the_question(running: Server) -> None:
    question = (
        b"POST /v1/zoekingen HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n"
    )
    behind = b"2\r\n{}\r\n0\r\nAuthorization: DPoP a.b.c\r\nDPoP: a.b.c\r\n\r\n"
    with connected(running, question + behind) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert b" 401 " in connection.recv(65536)


def test_the_server_printed_no_word_of_them(running: Server) -> None:
    printed = running.printed()
    assert "Traceback" not in printed
    assert "unforeseen" not in printed
    assert "X-Lang" not in printed


def test_the_file_of_a_home_is_never_opened_by_an_address(running: Server, tmp_path: Path) -> None:
    """Addresses lead to doors and to nothing else, however they are written."""
    (tmp_path / "x").write_text("x")
    for way in ("/../", "//", "/%2e%2e/", "/./", "/%2f%2f/", "/v1/../", "/v1/%2e%2e/"):
        for file in ("keys/keys.db", "hub.db", "regio.json", f"{tmp_path}/x"):
            with connected(
                running, f"GET {way}{file} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n".encode()
            ) as one:
                assert rest(one).split()[1] in (b"404", b"400"), way
