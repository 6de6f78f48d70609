"""Connections to a real PostgreSQL: one that broke is made anew, and what is asked ahead is what would have been asked."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, event, insert, select
from sqlalchemy.exc import DBAPIError

from hub.store import connecting
from hub.store.connecting import open_engine
from hub.store.engine import Store
from hub.store.log import ASKS_LAST_AT, last_at
from hub.store.prepared import Prepared, ask_ahead
from hub.store.tables import key_meta
from tests import servers
from tests.no_log import no_log

pytestmark = pytest.mark.postgres
VALUE = Prepared(select(key_meta.c.value).where(key_meta.c.name == bindparam("name")))


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    """One connection to it, kept."""
    made = open_engine(postgres_url, pool_size=1)
    yield made
    made.dispose()


def backend(engine: Engine) -> int:
    """Which process of the server serves the next connection."""
    with engine.connect() as connection:
        number: int = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        return number


@pytest.mark.parametrize("just_now", [60.0, 0.0], ids=["used just now", "idle for long"])
def test_a_connection_that_the_server_ended_is_made_anew(
    engine: Engine, postgres_server: servers.Postgres, monkeypatch: pytest.MonkeyPatch, just_now: float
) -> None:
    monkeypatch.setattr(connecting, "_JUST_NOW", just_now)
    first = backend(engine)
    assert backend(engine) == first
    postgres_server.run(f"SELECT pg_terminate_backend({first}, 10000)")
    assert backend(engine) != first


@pytest.mark.parametrize("just_now", [60.0, 0.0], ids=["used just now", "idle for long"])
def test_a_server_that_ends_every_connection_is_one_that_is_away(
    engine: Engine, postgres_server: servers.Postgres, monkeypatch: pytest.MonkeyPatch, just_now: float
) -> None:
    """Also the one that is made in the place of another: that is told as its own failure, never as one of the hub's."""
    monkeypatch.setattr(connecting, "_JUST_NOW", just_now)

    def ended(raw: Any, _record: Any) -> None:
        postgres_server.run(f"SELECT pg_terminate_backend({raw.info.backend_pid}, 10000)")

    ended_at_once = backend(engine)
    event.listen(engine, "connect", ended)
    postgres_server.run(f"SELECT pg_terminate_backend({ended_at_once}, 10000)")
    with pytest.raises(DBAPIError):
        backend(engine)
    event.remove(engine, "connect", ended)
    assert backend(engine)


def test_a_connection_that_was_used_just_now_is_not_asked_whether_it_stands(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    ping = engine.dialect.do_ping

    def counted(raw: Any) -> bool:
        asked.append(raw)
        return ping(raw)

    monkeypatch.setattr(engine.dialect, "do_ping", counted)
    monkeypatch.setattr(connecting, "_JUST_NOW", 60.0)
    first = backend(engine)
    before = len(asked)
    assert backend(engine) == first
    assert len(asked) == before
    monkeypatch.setattr(connecting, "_JUST_NOW", 0.0)
    assert backend(engine) == first
    assert len(asked) == before + 1


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    """A store with one value, `a` = 1."""
    with closing(Store(postgres_url, no_log)) as made:
        made.commit(lambda tx: tx.connection.execute(insert(key_meta).values(name="a", value=b"1")))
        yield made


def test_what_is_asked_ahead_is_what_would_have_been_asked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.snapshot() as moment:
        ask_ahead(moment, [(VALUE, {"name": "a"}), (VALUE, {"name": "b"}), ASKS_LAST_AT])
        with monkeypatch.context() as patched:
            patched.setattr("hub.store.prepared.Sent", None)
            # Nothing is sent any more: these answers came with the beginning.
            assert VALUE.row(moment, {"name": "a"}) == (b"1",)
            assert VALUE.row(moment, {"name": "b"}) is None
            assert last_at(moment) is None
        # Other parameters are another question, and what was asked is given once.
        assert VALUE.row(moment, {"name": "c"}) is None
        assert VALUE.row(moment, {"name": "a"}) == (b"1",)


def test_what_was_asked_ahead_holds_for_no_other_snapshot(store: Store) -> None:
    with store.snapshot() as moment:
        ask_ahead(moment, [(VALUE, {"name": "a"})])
    store.commit(lambda tx: tx.connection.execute(key_meta.update().values(value=b"2")))
    with store.snapshot() as moment:
        assert VALUE.row(moment, {"name": "a"}) == (b"2",)


def test_what_is_asked_ahead_is_of_the_same_moment_as_the_rest(store: Store) -> None:
    with store.snapshot() as moment:
        ask_ahead(moment, [(VALUE, {"name": "a"})])
        store.commit(lambda tx: tx.connection.execute(key_meta.update().values(value=b"2")))
        VALUE.row(moment, {"name": "a"})
        assert VALUE.row(moment, {"name": "a"}) == (b"1",)


def test_what_a_snapshot_that_broke_off_had_asked_is_forgotten(store: Store) -> None:
    def broken_off() -> None:
        with store.snapshot() as moment:
            ask_ahead(moment, [(VALUE, {"name": "a"})])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    store.commit(lambda tx: tx.connection.execute(key_meta.update().values(value=b"2")))
    with store.snapshot() as moment:
        assert VALUE.row(moment, {"name": "a"}) == (b"2",)
