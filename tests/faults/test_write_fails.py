"""No durable entry, no reply: the log refuses, the disk is full, the engine is away. Nothing leaves, and it goes on after."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub.errors import EngineUnavailable, KeysUnavailable, StoreUnavailable, WeakConfiguration
from hub.model.release import Decision, Obligation
from hub.store import connecting
from hub.store.connecting import open_engine
from hub.store.engine import Store
from hub.store.units import Tx
from tests.faults import disks
from tests.no_log import no_log
from tests.region import AT, Clock, World, opened, world

REFUSE = "CREATE TRIGGER refuse BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'no'); END"


@contextmanager
def _log_refuses(region: World) -> Iterator[None]:
    def execute(statement: str) -> None:
        region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(statement))

    execute(REFUSE)
    try:
        yield
    finally:
        execute("DROP TRIGGER refuse")


def _disk_full(_region: World) -> AbstractContextManager[None]:
    return disks.no_file_grows()


@pytest.mark.parametrize("fault", [_log_refuses, _disk_full])
def test_when_the_entry_cannot_be_written_no_field_leaves(region: World, fault: Any) -> None:
    assert region.released("politie-noord", "naam")
    first = region.size()
    region.recorded("ggz-noord", "bezwaren", {"velden": ["naam"], "aan": False})
    before = region.size()
    with fault(region):
        answer = region.ask("politie-noord", "naam")
        assert answer.status_code == 503
        assert answer.json()["code"] == "opslag-niet-beschikbaar"
        assert "gegevens" not in answer.json()
        refused = region.on("ggz-noord", "terugnames", {"velden": ["*"]})
        assert refused.status_code == 503
    assert region.size() == before > first
    assert region.released("politie-noord", "naam", "bejegeningsadvies")
    assert region.faults() == []


def test_the_refusal_of_a_casus_that_is_hidden_is_not_answered_either(region: World) -> None:
    body = {"doel": "D02", "velden": ["naam"]}
    with _log_refuses(region):
        assert region.post("politie-noord", f"/casussen/{'a' * 52}/raadplegingen", body).status_code == 503


@pytest.mark.parametrize("caches", [True, False])
def test_an_engine_that_cannot_answer_has_refused_and_that_is_entered(
    tmp_path: Path, caches: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(tmp_path, caches=caches) as region:

        def answer(*_: Any) -> Any:
            raise EngineUnavailable

        monkeypatch.setattr(type(region.hub.policy._engine), "answer", answer)  # type: ignore[union-attr]
        first = region.size()
        for _ in range(2):
            refused = region.ask("politie-noord")
            assert (refused.status_code, refused.json()["code"]) == (503, "beleid-niet-beschikbaar")
        told, _ = region.entries(first)[-1]
        assert region.size() == first + 2
        assert (told["fout"], told["gegevens"]) == ("beleid-niet-beschikbaar", [])
        assert region.get("/gereed").status_code == 503
        assert region.get("/gezond").status_code == 200
        monkeypatch.undo()
        assert region.released("politie-noord", "naam")
        assert region.get("/gereed").status_code == 200


@pytest.mark.parametrize("shape", [{}, [], None, {"allow": True}, "x"])
def test_an_answer_out_of_shape_releases_nothing(region: World, monkeypatch: pytest.MonkeyPatch, shape: Any) -> None:
    monkeypatch.setattr(type(region.hub.policy._engine), "answer", lambda *_: shape)  # type: ignore[union-attr]
    assert region.ask("politie-noord").status_code == 503


def test_a_duty_that_no_door_knows_refuses_everything(region: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = region.hub.in_force.of(None).asked
    inner = asked.decide

    def decide(_self: Any, document: Any) -> tuple[Decision, bytes]:
        decision, facts = inner(document)
        return replace(decision, obligations=(*decision.obligations, Obligation("tell_the_press"))), facts

    monkeypatch.setattr(type(asked), "decide", decide)
    first = region.size()
    answer = region.ask("politie-noord")
    assert answer.status_code == 503
    assert region.entries(first)[-1][0]["gegevens"] == []


def test_without_a_policy_the_hub_lives_but_is_not_ready(tmp_path: Path) -> None:
    with world(tmp_path) as region:
        settings, names = region.settings, region.names
    empty = tmp_path / "policies"
    empty.mkdir()
    with opened(replace(settings, policies=empty), names, Clock(AT)) as region:
        assert region.get("/gereed").status_code == 503
        first = region.size()
        assert region.ask("politie-noord").status_code == 503
        assert region.size() == first + 1


def test_keys_away_releases_nothing(region: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> Any:
        raise KeysUnavailable

    region.ask("politie-noord", "naam")
    region.recorded("gemeente-noord", "bezwaren", {"velden": ["naam"], "aan": False})
    monkeypatch.setattr(type(region.hub.key_store), "get", away)
    monkeypatch.setattr(type(region.hub.key_store), "epoch", away)
    assert region.ask("politie-noord", "naam").status_code == 503
    assert region.get("/gereed").status_code == 503


def test_entries_are_releases_exactly_under_thirty_two_connections(region: World) -> None:
    asked = 256
    first = region.size()

    def ask(number: int) -> tuple[int, int]:
        partner = ("politie-noord", "ggz-noord", "gemeente-noord", "forfact-noord")[number % 4]
        release = region.release(partner, "naam", "bejegeningsadvies")
        assert release.receipt is not None
        return release.receipt.index, len(release.fields)

    with ThreadPoolExecutor(32) as pool:
        found = list(pool.map(ask, range(asked)))
    assert sorted(index for index, _ in found) == list(range(first, first + asked))
    entries = region.entries(first)
    assert {index: len(entries[index - first][0]["gegevens"]) for index, _ in found} == dict(found)
    assert region.faults() == []


@pytest.mark.parametrize(
    ("pragma", "weak"), [("journal_mode", "DELETE"), ("synchronous", "OFF"), ("secure_delete", "OFF")]
)
def test_what_sqlite_says_of_itself_is_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pragma: str, weak: str
) -> None:
    inner = connecting._sqlite_connect

    def connect(raw: Any, record: Any) -> None:
        inner(raw, record)
        raw.execute(f"PRAGMA {pragma}={weak}")

    monkeypatch.setattr(connecting, "_sqlite_connect", connect)
    store = Store(f"sqlite:///{tmp_path / 'x.db'}", no_log)
    try:
        with pytest.raises(WeakConfiguration):
            store.check_durable()
    finally:
        store.close()


def test_errors_of_the_database_show_no_parameters(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect() as connection, pytest.raises(Exception, match="no such table") as failed:
        connection.exec_driver_sql("INSERT INTO absent VALUES (?)", ("geheim-7f3a",))
    engine.dispose()
    assert "geheim-7f3a" not in str(failed.value)


def test_a_commit_that_comes_while_the_store_closes_is_refused(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}", no_log)
    running, go_on = threading.Event(), threading.Event()

    def unit(_tx: Tx) -> str:
        running.set()
        go_on.wait(10)
        return "done"

    with ThreadPoolExecutor(2) as others:
        first = others.submit(store.commit, unit)
        assert running.wait(10)
        closing = others.submit(store.close)
        while not store._turns._closed:
            pass
        with pytest.raises(StoreUnavailable):
            store.commit(lambda _tx: None)
        go_on.set()
        assert first.result(10).value == "done"
        closing.result(10)


def test_no_connection_left_is_told_as_unavailable(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(postgres_url, no_log)
    monkeypatch.setattr(store._readers.pool, "_timeout", 0.01)
    try:
        with pytest.raises(StoreUnavailable):
            _hold(store, 64)
    finally:
        store.close()


def test_nobody_waits_for_a_connection_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that waited on the loop would hold up all."""
    store = Store(f"sqlite:///{tmp_path / 'x.db'}", no_log)
    monkeypatch.setattr(store._readers.pool, "_timeout", 0.01)
    _hold(store, 64)
    store.close()


def _hold(store: Store, count: int) -> None:
    with ExitStack() as held:
        for _ in range(count):
            held.enter_context(store.snapshot())
