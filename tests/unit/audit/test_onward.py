"""Time goes on from the latest entry, whichever process made it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.audit.log import Log
from hub.audit.onward import Onward
from hub.crypto.signing import Signer
from hub.errors import StoreUnavailable
from tests.unit.audit.world import ORIGIN, PROCESSING, SEED, START, entry, execute, world_at


def test_an_instant_that_is_none_is_a_damaged_log(sqlite_url: str, tmp_path: Path) -> None:
    with world_at(sqlite_url, tmp_path) as world:
        world.fill(3)
        execute(world, "UPDATE log_checkpoints SET at = 'gisteren'")
        timed = Log(Signer(SEED), ORIGIN, world.keyring, PROCESSING, Onward(lambda: datetime.max.replace(tzinfo=UTC)))
        with world.store.snapshot() as conn, pytest.raises(StoreUnavailable):
            timed.must_be_in_time(conn)


def test_now_is_never_before_the_latest_entry_whoever_made_it(url: str, tmp_path: Path) -> None:
    """Entries are decided at once and entered one after another: the last is not always the latest."""
    behind = Onward(lambda: START + timedelta(seconds=3))
    with world_at(url, tmp_path) as world, world_at(url, tmp_path) as other:
        timed = Log(Signer(SEED), ORIGIN, world.keyring, PROCESSING, behind)
        found = []
        for log, numbers in (
            (world, (1,)),
            (world, (20, 5)),
            (other, (7,)),
            (world, (6,)),
            (other, (30,)),
            (world, (8,)),
        ):
            log.add(*map(entry, numbers))
            with world.store.snapshot() as conn:
                found.append((timed.now(conn) - START).total_seconds())
        assert found == [3, 20, 20, 20, 30, 30]
