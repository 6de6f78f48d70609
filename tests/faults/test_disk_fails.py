"""The disk full, or read-only: no field leaves, whoever asks hears so, and the hub goes on by itself when it is well."""

import contextlib
import pwd
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from hub.store.units import Tx
from tests import extent, servers
from tests.faults import disks
from tests.region import AT, OWN_FORM, Clock, World, make, opened, settings_of, template

ASKER, CARE, FILER = "politie-noord", "ggz-noord", "gemeente-noord"
TURNS = extent.times(2, 10)
ASKED = 400
"""Asks after which a disk that is full must have been met; each writes a page or more."""


def _delivered(region: World, text: str) -> httpx.Response:
    document = {"velden": [{"veld": "bejegeningsadvies", "niveaus": {"sam": text}}]}
    return region.on(CARE, "leveringen", document, media=OWN_FORM)


def _until_refused(ask: Callable[[], httpx.Response]) -> int:
    """Ask until the disk has no place any more. What was answered before is entered; gives how many that were."""
    for number in range(ASKED):
        answer = ask()
        if answer.status_code >= 300:
            _refused(answer)
            return number
    raise AssertionError("the disk was never full")


def _refused(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["code"] in {"opslag-niet-beschikbaar", "sleutels-niet-beschikbaar"}
    assert set(answer.json()) == {"type", "title", "status", "detail", "code"}


def _goes_on(region: World, first: int, count: int, text: str) -> None:
    assert region.size() == first + count, "an entry for each answer, and none else"
    assert _delivered(region, text).status_code == 201
    assert region.ask(ASKER, "bejegeningsadvies").json()["gegevens"][0]["waarde"] == text
    assert region.faults() == []


def _copied(home: Path) -> None:
    shutil.copytree(template().home, home, dirs_exist_ok=True)
    home.chmod(0o700)


def _fails_and_comes_back(region: World, fault: Any) -> None:
    # Whoever calls has a token before.
    region.ask(ASKER, "naam")
    for turn in range(TURNS):
        assert _delivered(region, f"voor {turn}").status_code == 201
        first = region.size()
        with fault():
            count = _until_refused(lambda: region.ask(ASKER, "naam"))
            # Some of the tables may have place left: what is taken then is entered as well.
            count += _until_refused(lambda: _delivered(region, "onderweg"))
        _goes_on(region, first, count, f"na {turn}")


def test_a_disk_that_is_full_refuses_and_comes_back(tmp_path: Path) -> None:
    """Data, keys and both their logs of writes lie on it."""
    home = tmp_path / "home"
    with disks.small_disk(home, 8) as small:
        _copied(home)
        with opened(settings_of(home), template().names, Clock(AT)) as region:
            _fails_and_comes_back(region, lambda: disks.full(home) if small else disks.no_file_grows())
    extent.told("disk full under SQLite", turns=TURNS, small=small)


def test_a_disk_that_is_read_only_refuses_and_comes_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _copied(home)
    with opened(settings_of(home), template().names, Clock(AT)) as region:

        @contextlib.contextmanager
        def fault() -> Iterator[None]:
            files = [home / "hub.db", home / "hub.db-wal"]
            with disks.immutable(files) as done, contextlib.nullcontext() if done else _query_only(region):
                yield

        _fails_and_comes_back(region, fault)
    extent.told("read-only disk under SQLite", turns=TURNS)


@contextlib.contextmanager
def _query_only(region: World) -> Iterator[None]:
    """SQLite itself takes no write: where files cannot be made immutable."""
    writer = region.hub.store._writer

    def refuse(raw: Any, *_: Any) -> None:
        raw.execute("PRAGMA query_only=ON")

    writer.dispose()
    event.listen(writer, "connect", refuse)
    try:
        yield
    finally:
        event.remove(writer, "connect", refuse)
        writer.dispose()


@pytest.mark.postgres
def test_a_disk_that_is_full_under_postgresql_refuses_and_comes_back(
    postgres_server: servers.Postgres, tmp_path: Path
) -> None:
    """The table space of the data is full; where no small disk can be made, the log table refuses."""
    disk = tmp_path / "space"
    with disks.small_disk(disk, 128, pwd.getpwnam("postgres").pw_name) as small, servers.postgres() as server:
        data, keys = server.create(), server.create()
        if small:
            for above in (tmp_path, *tmp_path.parents[:3]):
                above.chmod(above.stat().st_mode | 0o011)
            server.run(f"CREATE TABLESPACE small LOCATION '{disk}'")
            server.run(f"ALTER DATABASE {data} SET TABLESPACE small")
        settings = settings_of(tmp_path / "home", store_url=server.url(data), keys_url=server.url(keys))
        with opened(settings, make(settings, AT), Clock(AT)) as region:
            _fails_and_comes_back(region, lambda: disks.full(disk) if small else log_refuses(region))
    extent.told("disk full under PostgreSQL", turns=TURNS, small=small)


@pytest.mark.postgres
def test_a_log_table_that_refuses_under_postgresql_is_no_reply(
    postgres_server: servers.Postgres, tmp_path: Path
) -> None:
    data, keys = postgres_server.create(), postgres_server.create()
    settings = settings_of(tmp_path, store_url=postgres_server.url(data), keys_url=postgres_server.url(keys))
    with opened(settings, make(settings, AT), Clock(AT)) as region:
        _fails_and_comes_back(region, lambda: log_refuses(region))
    postgres_server.drop(data)
    postgres_server.drop(keys)


@contextlib.contextmanager
def log_refuses(region: World) -> Iterator[None]:
    """PostgreSQL takes no row of the log."""

    def execute(*statements: str) -> None:
        def unit(tx: Tx) -> None:
            for statement in statements:
                tx.connection.exec_driver_sql(statement)

        region.hub.store.commit(unit)

    execute(
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON log_entries FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    try:
        yield
    finally:
        execute("DROP TRIGGER refuse ON log_entries")
