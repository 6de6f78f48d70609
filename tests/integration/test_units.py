"""Units of work in two parts, on a file and on a real PostgreSQL: what several ask goes in one journey, and each stands or
falls alone all the same."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError, ProgrammingError

from hub.errors import NotAuthenticated, NotPermitted, StoreUnavailable
from hub.lanes import carried
from hub.model.release import Entry, Receipt
from hub.store import journeys, obligations, proofs, units
from hub.store.connecting import create_tables
from hub.store.engine import Added, Committed, Store
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


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[Store]:
    with closing(Store(postgres_url, no_log)) as made:
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


_FAILS_LATE = "SELECT 1 / (count(*) - 300000) FROM generate_series(1, 300000)"
"""When all that goes with it was sent."""


class _Parting:
    """Unsent, or refused by the server, of what parts the next unit from the one before it."""

    def __init__(self, text: str, *, is_sent: bool) -> None:
        self.text, self.is_sent, self.due = text, is_sent, False

    def sent(self, conn: Connection, text: str, parameters: tuple[object, ...]) -> Sent:
        if text == self.text and self.due:
            self.due = False
            if not self.is_sent:
                raise MemoryError
            Sent(conn, _FAILS_LATE, ())
        return Sent(conn, text, parameters)

    def unit(self, name: str, *, asks: bool) -> Callable[[Tx], str]:
        """Is refused, where it gets so far: of that and what the server said the driver tells one alone."""

        def ask(tx: Tx) -> Callable[[], str]:
            self.due = True
            with tx.together():
                self.due = False
                _looks(name).ask(tx)
                raise NotPermitted

        return Asking(ask) if asks else lambda tx: ask(tx)()


@pytest.mark.parametrize("text", ["RELEASE SAVEPOINT unit", "SAVEPOINT unit", "SAVEPOINT turn"])
@pytest.mark.parametrize("is_sent", [True, False])
@pytest.mark.parametrize("asks", [True, False])
def test_what_parts_two_units_and_fails_undoes_no_other_unit(
    store: Store, monkeypatch: pytest.MonkeyPatch, text: str, *, is_sent: bool, asks: bool
) -> None:
    """Who was told that it stands is not undone up to where an earlier one began; or else nobody is told so."""
    parting = _Parting(text, is_sent=is_sent)
    monkeypatch.setattr(units, "Sent", parting.sent)
    every: list[Callable[[Tx], str]] = [
        _looks("a"), _looks("b", _refuses), _looks("c", _refuses), _looks("d"), parting.unit("e", asks=asks), _looks("f"),
    ]  # fmt: skip
    stand = [one.value for one in store.commit_all(every) if isinstance(one, Committed)]
    assert _names(store) == stand
    assert set(stand) <= {"a", "d", "f"}
    assert store.commit(_looks("later")).value == "later"


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("after", [_refuses, lambda _: None])
def test_who_passes_over_a_failure_of_what_parts_it_takes_nobody_along_unseen(
    store: Store, monkeypatch: pytest.MonkeyPatch, after: Callable[[Tx], None], *, asks: bool
) -> None:
    parting = _Parting("RELEASE SAVEPOINT unit", is_sent=True)
    monkeypatch.setattr(units, "Sent", parting.sent)

    def plain(tx: Tx) -> str:
        return _looks("a")(tx)

    def ask(tx: Tx) -> Callable[[], str]:
        parting.due = True
        with suppress(DBAPIError), tx.together():
            pass
        parting.due = False
        after(tx)
        return lambda: "b"

    breaks: Callable[[Tx], str] = Asking(ask) if asks else lambda tx: ask(tx)()
    every: list[Callable[[Tx], str]] = [plain, breaks, _looks("c")]
    stand = [one.value for one in store.commit_all(every) if isinstance(one, Committed)]
    assert [name for name in stand if name != "b"] == _names(store)


def test_a_transaction_that_a_statement_ended_is_believed_by_nobody(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    create_tables(url, keys)

    def ends(tx: Tx) -> str:
        with suppress(DBAPIError):
            tx.connection.exec_driver_sql("INSERT OR ROLLBACK INTO key_meta (name, value) VALUES ('a', '1')")
        return "b"

    with closing(Store(url, no_log)) as made:
        every: list[Callable[[Tx], str]] = [_looks("a"), ends, _looks("c")]
        done = made.commit_all(every)
        assert [type(one) for one in done] == [StoreUnavailable] * 3
        assert _names(made) == []
        made.commit(_looks("later"))
        assert _names(made) == ["later"]


@pytest.mark.postgres
def test_who_is_refused_while_it_asks_because_of_one_who_is_refused_too_is_not(on_postgres: Store) -> None:
    def ask(tx: Tx) -> Callable[[], str]:
        if Sent(tx.connection, "SELECT name FROM key_meta WHERE name = 'a'", ()).row():
            raise NotAuthenticated
        return lambda: "b"

    done = on_postgres.commit_all([_looks("a", _refuses), Asking(ask), _looks("c")])
    assert [getattr(one, "value", type(one)) for one in done] == [NotPermitted, "b", "c"]


@pytest.mark.postgres
def test_a_refusal_costs_no_prepared_statements(on_postgres: Store) -> None:
    held: list[list[str]] = []
    query = "SELECT name FROM pg_prepared_statements ORDER BY name"

    def looks_at(tx: Tx) -> None:
        held.append(list(tx.connection.exec_driver_sql(query).scalars()))

    for number in range(8):
        on_postgres.commit(_looks(f"a{number}"))
    on_postgres.commit(looks_at)
    on_postgres.commit_all([_looks("b", _refuses), _looks("c")])
    on_postgres.commit(looks_at)
    assert set(held[0]) <= set(held[1])
    assert held[0]


def _entered(tx: Tx) -> None:
    tx.enter(Entry("raadpleging", datetime(2026, 3, 1, tzinfo=UTC), "partner/x", {}, {}))


def test_an_entry_that_the_database_passes_over_is_believed_by_nobody(store: Store) -> None:
    def drops(conn: Connection, entries: Sequence[Entry]) -> Added:
        statement = "INSERT INTO key_meta (name, value) SELECT name, value FROM key_meta WHERE name = 'absent'"
        return Added([Receipt(0, "", "", "", "")] * len(entries), lambda: [Sent(conn, statement, ())])

    store._seal = drops
    with pytest.raises(StoreUnavailable):
        store.commit(_entered)


def test_a_log_that_takes_too_few_entries_is_believed_by_nobody(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    create_tables(url, keys)

    def unit(tx: Tx) -> None:
        _looks("a")(tx)
        _entered(tx)

    with closing(Store(url, no_log)) as made:
        with pytest.raises(StoreUnavailable):
            made.commit(unit)
        assert _names(made) == []


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
@pytest.mark.parametrize("asks_at_once", [True, False])
def test_what_the_server_said_is_what_is_told(on_postgres: Store, *, asks_at_once: bool) -> None:
    def unit(tx: Tx) -> None:
        with tx.together() as conn:
            Sent(conn, "SELECT n FROM absent", ())
            later = Sent(conn, "SELECT 1", ())
            if asks_at_once:
                later.rows()

    with pytest.raises(StoreUnavailable) as failed:
        on_postgres.commit(unit)
    assert isinstance(failed.value.__cause__, ProgrammingError)


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


@pytest.mark.postgres
def test_what_was_not_answered_yet_is_not_taken_for_an_answer(on_postgres: Store) -> None:
    """So that a proof that was used passes for new."""

    def unit(tx: Tx) -> None:
        with tx.together():
            proofs.use_up(tx, [("dpop:" + "ab" * 32, UNTIL)])

    with pytest.raises(RuntimeError, match="answered"):
        on_postgres.commit(unit)


@pytest.mark.postgres
def test_a_loop_that_cannot_wait_leaves_no_connection_half_read(
    on_postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as out:
        out.setattr(journeys, "_ready", fails)
        with pytest.raises(StoreUnavailable):
            asyncio.run(carried(lambda: _names(on_postgres)))
    assert asyncio.run(carried(lambda: _names(on_postgres))) == []
