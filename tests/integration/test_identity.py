"""Who calls, over two processes on one store: a proof is good once anywhere, and who has ended has ended everywhere."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from hub.errors import NotAuthenticated
from hub.identity import client, register
from hub.identity.check import Caller
from hub.identity.refusal import Refused
from hub.model.instant import to_text
from hub.model.release import Entry
from hub.store.engine import Store
from hub.store.partners import Admissions, Admitted
from hub.store.proofs import SWEPT_AFTER, sweep, use_up
from hub.store.tables import log_entries, used_proofs
from hub.store.units import Tx
from tests.unit.audit.world import ORIGIN, PROCESSING, SEED
from tests.unit.identity.world import OPERATOR, START, URL, Region, region_at, region_on

HOLDER = client.new_key()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Region, Region]]:
    """Two processes on the same store and key store."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'hub.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    with region_at(url, tmp_path) as first:
        store = second_store(url, first)
        try:
            yield first, region_on(store, first.keyring, first.key)
        finally:
            store.close()


def second_store(url: str, first: Region) -> Store:
    """A store of its own, with its own writer and its own memory of the log."""
    from hub.audit.log import Log
    from hub.crypto.signing import Signer

    return Store(url, Log(Signer(SEED), ORIGIN, first.keyring, PROCESSING).seal)


def call(region: Region, token: str, proof: str) -> Caller:
    """One request, as far as its entry: checked, admitted, its proof used up with the entry."""
    caller = region.check.check(f"DPoP {token}", proof, "POST", URL, at=START)
    admit(region, Admissions())

    def unit(tx: Tx) -> None:
        use_up(tx, caller.proof_ids)
        tx.enter(Entry("raadpleging", START, "hub", {"partner": caller.subject.partner}, {}))

    region.store.commit(unit)
    return caller


def admit(region: Region, memory: Admissions) -> Admitted:
    """The caller of the region, in a snapshot of this process."""
    with region.store.snapshot() as conn:
        return memory.admitted(conn, "ggz-noord", "ggz-noord-epd", "u1", to_text(START))


def entries(region: Region) -> int:
    """How many requests were entered."""
    with region.store.snapshot() as conn:
        found = conn.execute(select(func.count()).select_from(log_entries).where(log_entries.c.kind == "raadpleging"))
        return int(found.scalar_one())


def test_a_token_of_one_process_is_good_at_the_other(two: tuple[Region, Region]) -> None:
    first, second = two
    token = first.token(HOLDER)
    caller = call(second, token, client.dpop_proof(HOLDER, "POST", URL, START, token=token))
    assert caller.subject.user == "u1"


def test_an_assertion_used_at_one_process_is_used_at_the_other(two: tuple[Region, Region]) -> None:
    first, second = two
    assertion = first.assertion()
    from tests.unit.identity.test_token_endpoint import proof

    assert first.ask(assertion, proof())
    with pytest.raises(Refused) as caught:
        second.ask(assertion, proof())
    assert caught.value.reason == "used before"


def test_a_proof_used_at_one_process_is_used_at_the_other_and_leaves_no_entry(two: tuple[Region, Region]) -> None:
    first, second = two
    token = first.token(HOLDER)
    proof = client.dpop_proof(HOLDER, "POST", URL, START, token=token)
    call(first, token, proof)
    for process in (first, second):
        with pytest.raises(NotAuthenticated):
            call(process, token, proof)
    assert entries(first) == 1


def test_of_many_at_once_with_one_proof_one_gets_through(two: tuple[Region, Region]) -> None:
    token = two[0].token(HOLDER)
    proof = client.dpop_proof(HOLDER, "POST", URL, START, token=token)
    together = Barrier(8)

    def tried(number: int) -> bool:
        together.wait()
        try:
            call(two[number % 2], token, proof)
        except NotAuthenticated:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(tried, range(8))) == [False] * 7 + [True]
    assert entries(two[0]) == 1


def test_a_refused_unit_uses_nothing_up_and_undoes_no_other(two: tuple[Region, Region]) -> None:
    first, second = two
    ids = [("dpop:" + f"{number:064x}", to_text(START)) for number in range(2)]
    first.store.commit(lambda tx: use_up(tx, ids[:1]))
    with pytest.raises(NotAuthenticated):
        second.store.commit(lambda tx: use_up(tx, reversed(ids)))
    second.store.commit(lambda tx: use_up(tx, ids[1:]))


def test_who_is_suspended_in_one_process_is_refused_at_the_next_call_in_the_other(two: tuple[Region, Region]) -> None:
    first, second = two
    memory = Admissions()
    assert admit(second, memory)
    first.store.commit(lambda tx: register.suspend_client(tx, "ggz-noord-epd", OPERATOR, START))
    with pytest.raises(NotAuthenticated):
        admit(second, memory)
    first.store.commit(lambda tx: register.resume_client(tx, "ggz-noord-epd", OPERATOR, START))
    assert admit(second, memory)
    ended = register.UserChange({"ended": "true"})
    first.store.commit(lambda tx: register.record_user(tx, "ggz-noord", "u1", ended, by=OPERATOR, at=START))
    with pytest.raises(NotAuthenticated):
        admit(second, memory)


def test_expired_proofs_are_swept_and_the_others_stay(two: tuple[Region, Region]) -> None:
    first, _ = two
    kept = ("dpop:" + "f" * 64, to_text(START))
    old = [("dpop:" + f"{number:064x}", to_text(START - timedelta(hours=1))) for number in range(1, 40)]
    with first.store.snapshot() as conn:
        before = int(conn.execute(select(func.count()).select_from(used_proofs)).scalar_one())
    first.store.commit(lambda tx: use_up(tx, [kept]))
    first.store.commit(lambda tx: use_up(tx, old))
    # This name begins with a byte that pays for the others.
    first.store.commit(lambda tx: use_up(tx, [("dpop:00" + "e" * 62, to_text(START))]))
    with first.store.snapshot() as conn:
        assert int(conn.execute(select(func.count()).select_from(used_proofs)).scalar_one()) == before + 2
    with pytest.raises(NotAuthenticated):
        first.store.commit(lambda tx: use_up(tx, [kept]))


def test_a_sweep_takes_no_proof_that_could_be_offered_again(two: tuple[Region, Region]) -> None:
    first, _ = two
    ids = [("dpop:" + f"{number:064x}", to_text(START + timedelta(seconds=number))) for number in range(1, 4)]
    first.store.commit(lambda tx: use_up(tx, ids))
    assert first.store.commit(lambda tx: sweep(tx, before=to_text(START + timedelta(seconds=2)))).value == 1
    assert timedelta(minutes=6) < SWEPT_AFTER
    with pytest.raises(NotAuthenticated):
        first.store.commit(lambda tx: use_up(tx, ids[1:2]))
