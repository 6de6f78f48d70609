"""The same hub on a real PostgreSQL: asks, deliveries, two processes with one log and one writer at a time."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from hub.errors import NotFound, StoreUnavailable, WeakConfiguration
from hub.model.release import Entry
from hub.store import casus as rows
from hub.store.connecting import create_tables, open_engine
from hub.store.engine import Store
from hub.store.inspection import inspected
from hub.store.prepared import Prepared, Sent, together
from hub.store.tables import data
from hub.store.units import Tx
from hub.store.wrapped_keys import KeyStore
from hub.wiring import open_hub
from tests import servers
from tests.no_log import no_log
from tests.region import AT, OPEN, OWN_FORM, Clock, World, make, opened, settings_of

pytestmark = pytest.mark.postgres
ADVICE = "bejegeningsadvies"


@pytest.fixture(scope="module")
def two(postgres_server: servers.Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    """Two hubs on one PostgreSQL, data and keys each in a database of its own."""
    data, keys = postgres_server.create(), postgres_server.create()
    home: Path = tmp_path_factory.mktemp("postgres") / "home"
    settings = settings_of(home, store_url=postgres_server.url(data), keys_url=postgres_server.url(keys))
    names = make(settings, AT)
    with opened(settings, names, Clock(AT)) as one, opened(settings, names, Clock(AT)) as other:
        yield one, other
    postgres_server.drop(data)
    postgres_server.drop(keys)


def test_two_processes_share_one_log(two: tuple[World, World]) -> None:
    first = two[0].size()

    def ask(number: int) -> int:
        receipt = two[number % 2].release("politie-noord", "naam").receipt
        assert receipt is not None
        return receipt.index

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(ask, range(64))) == list(range(first, first + 64))
    assert two[0].faults() == two[1].faults() == []


def test_a_delivery_and_a_withdrawal_count_at_the_next_request_of_the_other(two: tuple[World, World]) -> None:
    one, other = two
    assert other.released("politie-noord", ADVICE)
    document = {"velden": [{"veld": ADVICE, "niveaus": {"sam": "nieuw"}}]}
    one.recorded("ggz-noord", "leveringen", document, media=OWN_FORM, key="pg-00000001")
    assert other.ask("politie-noord", ADVICE).json()["gegevens"][0]["waarde"] == "nieuw"
    again = other.on("ggz-noord", "leveringen", document, media=OWN_FORM, key="pg-00000001")
    assert again.status_code == 201
    one.recorded("ggz-noord", "bronvoorwaarden", {"velden": [ADVICE], "veto": True})
    assert not other.released("politie-noord", ADVICE)
    one.recorded("ggz-noord", "bronvoorwaarden", {"velden": [ADVICE], "veto": False})
    assert other.released("politie-noord", ADVICE)


def test_unknown_casussen_and_used_proofs_are_alike_in_both(two: tuple[World, World]) -> None:
    one, other = two
    answer = one.ask("politie-noord", "naam")
    sent = {name: answer.request.headers[name] for name in ("DPoP", "Authorization")}
    assert other.ask("politie-noord", "naam", headers=sent).status_code == 401
    assert one.ask("politie-noord", "naam").status_code == 200


def test_what_a_unit_checked_still_stands_when_it_commits(two: tuple[World, World]) -> None:
    """A change that another process makes meanwhile waits: it is before the entry or after it, never in between."""
    one, other = two
    casus = one.casus_id(OPEN)
    checked, go_on, order = threading.Event(), threading.Event(), list[str]()

    def slow(tx: Tx) -> None:
        rows.casus_row(tx.connection, casus)
        checked.set()
        go_on.wait(10)
        order.append("checked unit")

    def change(tx: Tx) -> None:
        order.append("change")
        rows.touch(tx.connection, casus)

    stores: tuple[Store, Store] = (one.hub.store, other.hub.store)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(stores[0].commit, slow)
        assert checked.wait(10)
        second = pool.submit(stores[1].commit, change)
        assert not _soon(order, "change")
        go_on.set()
        first.result(10)
        second.result(10)
    assert order == ["checked unit", "change"]


def _soon(order: list[str], what: str) -> bool:
    """Whether `what` happens within a moment that is ample for it."""
    pause = threading.Event()
    for _ in range(20):
        if what in order:
            return True
        pause.wait(0.02)
    return False


def test_what_durability_rests_on_is_seen_on_a_server_too(
    two: tuple[World, World], postgres_server: servers.Postgres
) -> None:
    settings = two[0].settings
    assert inspected(settings.store_url).sound
    assert inspected(settings.keys_url, keys=True).sound
    assert inspected(settings.keys_url).missing, "the key store is no data store"
    base = make_url(settings.store_url).database

    def let(word: str) -> None:
        postgres_server.run(f'ALTER DATABASE "{base}" {word}')

    let("SET synchronous_commit = off")
    assert inspected(settings.store_url).settings == {"synchronous_commit": "off"}
    let("SET default_transaction_read_only = on")
    found = inspected(settings.store_url)
    assert (found.unwritable, found.settings["default_transaction_read_only"]) == (True, "on")
    let("RESET ALL")
    assert inspected(settings.store_url).sound


@pytest.mark.parametrize("setting", ["off", "local"])
def test_no_hub_starts_on_a_server_that_may_lose_what_it_said_is_durable(
    two: tuple[World, World], postgres_server: servers.Postgres, setting: str
) -> None:
    settings = two[0].settings
    for url in (settings.store_url, settings.keys_url):
        base = make_url(url).database
        postgres_server.run(f'ALTER DATABASE "{base}" SET synchronous_commit = {setting}')
        with pytest.raises(WeakConfiguration) as refused:
            open_hub(settings, clock=two[0].clock)
        assert f"synchronous_commit = {setting}" in refused.value.reasons[0]
        # A replica that confirms more than this server's disk is as good.
        postgres_server.run(f'ALTER DATABASE "{base}" SET synchronous_commit = remote_apply')
        assert inspected(url, keys=url == settings.keys_url).sound
    open_hub(settings, clock=two[0].clock).close()
    for url in (settings.store_url, settings.keys_url):
        postgres_server.run(f'ALTER DATABASE "{make_url(url).database}" RESET ALL')


@pytest.mark.parametrize(("keep", "stands"), [(KeyStore.begin, b"theirs"), (KeyStore.set, b"mine")])
def test_of_two_that_make_the_same_setting_of_the_keys_at_once_neither_fails(
    postgres_url: str, keep: Callable[[KeyStore, str, bytes], None], stands: bytes
) -> None:
    """As of two hubs that start at once on stores that are empty."""
    KeyStore.create(postgres_url)
    engine = open_engine(postgres_url, writer=True)
    with closing(KeyStore(postgres_url, lambda: AT)) as store, ThreadPoolExecutor(1) as pool:
        with engine.begin() as theirs:
            theirs.execute(text("INSERT INTO key_meta (name, value) VALUES ('kek', 'theirs')"))
            mine = pool.submit(keep, store, "kek", b"mine")
            waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not mine.done() and not theirs.execute(waits).scalar():
                pass
        mine.result(10)
        assert store.setting("kek") == stands
    engine.dispose()


def test_old_answers_are_swept_on_a_server_too(two: tuple[World, World]) -> None:
    one = two[0]
    one.on("gemeente-noord", "regimes", {"regime": "wgs_zvh"})
    sweep = partial(rows.sweep_answers, before="9999-12-31T00:00:00.000000Z")
    swept = one.hub.store.commit(lambda tx: sweep(tx.connection)).value
    assert swept > 0
    assert one.hub.store.commit(lambda tx: sweep(tx.connection)).value == 0


def test_what_was_told_to_stand_stands(postgres_url: str) -> None:
    """PostgreSQL answers the commit of a transaction in which something failed with a rollback, and no error."""
    create_tables(postgres_url, data)
    store = Store(postgres_url, no_log)
    with closing(store), pytest.raises(StoreUnavailable):
        store.commit(_twice)


def _twice(tx: Tx) -> None:
    put = text("INSERT INTO casussen (id, version, created_at) VALUES ('c', 1, '')")
    tx.connection.execute(put)
    with suppress(DBAPIError):
        tx.connection.execute(put)


def _put(tx: Tx, casus: str) -> None:
    tx.connection.execute(text("INSERT INTO casussen (id, version, created_at) VALUES (:id, 1, '')"), {"id": casus})


def test_what_was_entered_after_a_failure_that_was_passed_over_does_not_stand(two: tuple[World, World]) -> None:
    """The log is what is asked last then: it hears of it."""
    world, _ = two
    size = world.size()

    def unit(tx: Tx) -> None:
        _twice(tx)
        tx.enter(Entry("raadpleging", AT, "partner/politie-noord", {}, {}))

    with pytest.raises(StoreUnavailable):
        world.hub.store.commit(unit)
    assert world.size() == size
    assert world.faults() == []


def _refused(tx: Tx) -> None:
    _put(tx, "refused")
    raise NotFound


def _refused_at_once(_: Tx) -> None:
    raise NotFound


def _refused_for_what_was_asked(tx: Tx) -> None:
    """What it asks together with others stands in its own part, and its answer is never looked at."""
    with tx.together() as conn:
        Sent(conn, "INSERT INTO casussen (id, version, created_at) VALUES ('sent', 1, '')", ())
        Sent(conn, "SELECT id FROM casussen", ())
    raise NotFound


def _there(store: Store) -> set[str]:
    with store.snapshot() as moment:
        return set(moment.execute(text("SELECT id FROM casussen")).scalars())


def test_who_is_refused_in_a_batch_is_undone_alone(postgres_url: str) -> None:
    create_tables(postgres_url, data)
    units: list[Callable[[Tx], None]] = [
        _refused_at_once,
        _refused,
        partial(_put, casus="a"),
        _refused_at_once,
        _refused,
        _refused_for_what_was_asked,
        partial(_put, casus="b"),
        _refused,
        _refused_at_once,
    ]
    with closing(Store(postgres_url, no_log)) as store:
        done = store.commit_all(units)
        assert [isinstance(one, NotFound) for one in done] == [unit.__class__ is not partial for unit in units]
        assert _there(store) == {"a", "b"}


@pytest.mark.parametrize("place", range(3))
def test_a_failure_that_a_unit_passes_over_ends_its_batch(postgres_url: str, place: int) -> None:
    create_tables(postgres_url, data)
    units: list[Callable[[Tx], None]] = [partial(_put, casus="a"), partial(_put, casus="b")]
    units.insert(place, _twice)
    with closing(Store(postgres_url, no_log)) as store:
        assert all(isinstance(one, StoreUnavailable) for one in store.commit_all(units))
        assert _there(store) == set()


def test_what_goes_to_the_server_together_stands_together_or_not_at_all(postgres_url: str) -> None:
    create_tables(postgres_url, data)
    put = Prepared(text("INSERT INTO casussen (id, version, created_at) VALUES (:id, 1, :at)"))

    def all_of(casussen: Sequence[str]) -> Callable[[Tx], None]:
        def unit(tx: Tx) -> None:
            with together(tx.connection):
                for each in casussen:
                    put.run(tx.connection, {"id": each, "at": "zwaluw"})

        return unit

    with closing(Store(postgres_url, no_log)) as store:
        with pytest.raises(StoreUnavailable) as failed:
            store.commit(all_of(["a", "b", "a", "c"]))
        cause = failed.value.__cause__
        assert isinstance(cause, IntegrityError)
        assert "zwaluw" not in str(cause)
        assert _there(store) == set()
        store.commit(all_of(["a", "b", "c"]))
        assert _there(store) == {"a", "b", "c"}


def test_two_processes_that_delete_keys_at_once_each_move_the_epoch(postgres_url: str) -> None:
    """Else a key that the second deleted is believed by who read it between the two."""
    KeyStore.create(postgres_url)
    other = open_engine(postgres_url, writer=True)
    with closing(KeyStore(postgres_url, Clock(AT))) as mine, ThreadPoolExecutor(1) as pool:
        mine.set("kek", b"a")
        mine.set("epoch", b"5")
        with other.begin() as deleting:
            deleting.execute(text("SELECT value FROM key_meta WHERE name = 'kek' FOR UPDATE"))
            deleting.execute(text("UPDATE key_meta SET value = :value WHERE name = 'epoch'"), {"value": b"6"})
            second = pool.submit(mine.delete, ["casus/x/1"])
            _until_somebody_waits(other)
        second.result(10)
        assert mine.epoch() == b"7"
    other.dispose()


def _until_somebody_waits(engine: Engine) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    pause = threading.Event()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(500):
            if connection.execute(waiting).scalar_one():
                return
            pause.wait(0.02)
    raise AssertionError("nobody waits for a lock")
