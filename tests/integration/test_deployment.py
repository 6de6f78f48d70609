"""The settings in `deploy/` on real servers: who may ask OPA, what it keeps to itself, and how PostgreSQL is kept."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.servers import OpaServer, Postgres

ALLOWED = "/v1/data/hub/dated/gathered"


def status(server: OpaServer, method: str, path: str, token: str | None, body: bytes | None = None) -> int:
    """The status of one call."""
    asked = urllib.request.Request(server.url + path, data=body, method=method)
    if token is not None:
        asked.add_header("Authorization", f"Bearer {token}")
    context = ssl.create_default_context(cafile=str(server.ca_file))
    try:
        with urllib.request.urlopen(asked, context=context, timeout=10) as answer:
            json.loads(answer.read() or b"{}")
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


@pytest.mark.opa
def test_the_token_opens_the_decision(opa_server: OpaServer) -> None:
    assert status(opa_server, "POST", ALLOWED, opa_server.token, b'{"input": {}}') == 200


@pytest.mark.opa
@pytest.mark.parametrize("token", [None, "", "x" * 43])
def test_without_the_token_nothing_is_answered(opa_server: OpaServer, token: str | None) -> None:
    assert status(opa_server, "POST", ALLOWED, token, b'{"input": {}}') == 401


@pytest.mark.opa
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/data"),
        ("POST", "/v1/data/hub"),
        ("GET", "/v1/data/hub/dated/gathered"),
        ("PUT", "/v1/data/hub/revision"),
        ("PATCH", "/v1/data/hub"),
        ("DELETE", "/v1/data/hub"),
        ("GET", "/v1/policies"),
        ("PUT", "/v1/policies/mine"),
        ("POST", "/v1/query"),
        ("POST", "/v1/compile"),
        ("GET", "/v1/config"),
        ("GET", "/v1/status"),
        ("GET", "/metrics"),
        ("POST", "/"),
    ],
)
def test_the_token_opens_nothing_else(opa_server: OpaServer, method: str, path: str) -> None:
    assert status(opa_server, method, path, opa_server.token, b"{}" if method != "GET" else None) == 401


@pytest.mark.opa
def test_anyone_may_ask_whether_it_is_up(opa_server: OpaServer) -> None:
    assert status(opa_server, "GET", "/health", None) == 200


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection[tuple[str]]]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        yield connection


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("log_statement", "none"),
        ("log_min_messages", "log"),
        ("log_min_duration_statement", "-1"),
        ("log_parameter_max_length_on_error", "0"),
        ("listen_addresses", ""),
    ],
)
def test_the_database_is_durable_and_silent(postgres_url: str, setting: str, value: str) -> None:
    with connected(postgres_url) as connection:
        assert connection.execute("SELECT current_setting(%s)", (setting,)).fetchone() == (value,)


@pytest.mark.postgres
def test_a_statement_that_fails_leaves_nothing_in_the_servers_log(postgres_url: str, postgres_server: Postgres) -> None:
    canary = "canary-9f2c71"
    with connected(postgres_url) as connection, pytest.raises(psycopg.DataError):
        connection.execute("SELECT CAST(%s || 'x' AS integer)", (canary,))
    with connected(postgres_url) as connection, pytest.raises(psycopg.errors.SyntaxError):
        connection.execute(f"SELEKT '{canary}'".encode())
    written = (postgres_server.folder / "log").read_text()
    assert "connection" in written
    assert canary not in written
