"""Units of work in two parts, on a file and on a real PostgreSQL: what several ask goes in one journey, and each stands or
falls alone all the same."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from hub.errors import NotAuthenticated, NotPermitted, StoreUnavailable
from hub.store import obligations, proofs
from hub.store.connecting import create_tables
from hub.store.engine import Store
from hub.store.journeys import LaneConnection
from hub.store.prepared import Sent
from hub.store.tables import data, key_meta, keys
from hub.store.tables import obligations as obligations_table
from hub.store.units import Asking, Tx
from tests.no_log import no_log

UNTIL = "9999-12-31T00:00:00.000000Z"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'x.db'}"
        create_tables(url, data)
        create_tables(url, keys)
    else:
        url = request.getfixturevalue("postgres_url")
    with closing(Store(url, no_log)) as made:
        yield made


def _looks(name: str, rest: Callable[[Tx], None] = lambda _: None) -> Asking[str]:
    """Asks by putting something, and does `rest` when that was answered."""

    def ask(tx: Tx) -> Callable[[], str]:
        with tx.together() as conn:
            sent = Sent(conn, f"INSERT INTO key_meta (name, value) VALUES ('{name}', '1')", ())  # noqa: S608 - a test's

        def then() -> str:
            assert sent.changed() == 1
            rest(tx)
            return name

        return then

    return Asking(ask)


def _refuses(_: Tx) -> None:
    raise NotPermitted


def _names(store: Store) -> list[str]:
    with store.snapshot() as moment:
        return sorted(moment.execute(select(key_meta.c.name)).scalars())


def test_the_refusal_of_one_in_its_rest_undoes_that_one_alone(store: Store) -> None:
    done = store.commit_all([_looks("a"), _looks("b", _refuses), _looks("c")])
    assert [getattr(one, "value", type(one)) for one in done] == ["a", NotPermitted, "c"]
    assert _names(store) == ["a", "c"]


def test_the_refusal_of_one_while_it_asks_undoes_that_one_alone(store: Store) -> None:
    def ask(tx: Tx) -> Callable[[], str]:
        _looks("b").ask(tx)
        raise NotPermitted

    done = store.commit_all([_looks("a"), Asking(ask), _looks("c")])
    assert [getattr(one, "value", type(one)) for one in done] == ["a", NotPermitted, "c"]
    assert _names(store) == ["a", "c"]


def test_one_among_others_that_ask_nothing_is_done_in_its_place(store: Store) -> None:
    def plain(tx: Tx) -> str:
        tx.connection.execute(insert(key_meta).values(name="b", value=b"1"))
        return "b"

    units: list[Callable[[Tx], str]] = [_looks("a"), plain, _looks("c"), _looks("d", _refuses)]
    done = store.commit_all(units)
    assert [getattr(one, "value", type(one)) for one in done] == ["a", "b", "c", NotPermitted]
    assert _names(store) == ["a", "b", "c"]


def test_a_question_that_breaks_is_believed_by_nobody(store: Store) -> None:
    done = store.commit_all([_looks("a"), _looks("a"), _looks("c")])
    assert [type(one) for one in done] == [StoreUnavailable] * 3
    assert _names(store) == []
    assert store.commit(_looks("d")).value == "d"


def test_of_two_with_the_same_proof_the_first_stands(store: Store) -> None:
    def with_proof(name: str) -> Asking[str]:
        def ask(tx: Tx) -> Callable[[], str]:
            looks = _looks(name).ask(tx)
            with tx.together():
                new = proofs.offer(tx, [("dpop:" + "ab" * 32, UNTIL)])

            def then() -> str:
                new()
                return looks()

            return then

        return Asking(ask)

    done = store.commit_all([with_proof("a"), with_proof("b"), _looks("c")])
    assert [getattr(one, "value", type(one)) for one in done] == ["a", NotAuthenticated, "c"]
    assert _names(store) == ["a", "c"]


def test_what_two_find_is_not_on_file_yet_is_put_there_once(store: Store) -> None:
    def due(id_: str) -> Asking[None]:
        row = {"id": id_, "addressee": "x", "type": "t", "casus": b"c", "whose": None, "once": b"once", "sealed": b"s",
               "created_at": UNTIL, "due_at": UNTIL}  # fmt: skip

        def ask(tx: Tx) -> Callable[[], None]:
            with tx.together() as conn:
                return obligations.ask_to_put(conn, b"once", lambda: row)

        return Asking(ask)

    assert [type(one).__name__ for one in store.commit_all([due("first"), due("second")])] == ["Committed"] * 2
    with store.snapshot() as moment:
        assert list(moment.execute(select(obligations_table.c.id)).scalars()) == ["first"]


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[Store]:
    with closing(Store(postgres_url, no_log)) as made:
        yield made


@pytest.mark.postgres
def test_many_are_written_in_three_journeys(on_postgres: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One to begin and to be the only one who writes, one to ask, one to add and to commit."""
    opened: list[object] = []
    plain = LaneConnection.pipeline

    def counted(connection: LaneConnection) -> object:
        opened.append(connection)
        return plain(connection)

    with monkeypatch.context() as out:
        out.setattr(LaneConnection, "pipeline", counted)
        on_postgres.commit_all([_looks(str(number)) for number in range(8)])
    assert len(opened) == 3


@pytest.mark.postgres
def test_what_reads_cannot_write(on_postgres: Store) -> None:
    with pytest.raises(StoreUnavailable), on_postgres.snapshot() as moment:
        moment.execute(insert(key_meta).values(name="a", value=b"1"))
    assert _names(on_postgres) == []


@pytest.mark.postgres
def test_what_is_asked_often_stays_prepared(on_postgres: Store) -> None:
    """The driver forgets what it prepared where a transaction is undone: a snapshot ends otherwise."""
    query = "SELECT count(*) FROM pg_prepared_statements"
    for _ in range(10):
        with on_postgres.snapshot() as moment:
            held = moment.exec_driver_sql(query).scalar_one()
    assert held > 0
