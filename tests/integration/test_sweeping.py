"""What nobody can ask for any more does not stay: answers under an Idempotency-Key."""

import pytest
from sqlalchemy import func, select

from hub.casework import writing
from hub.store.tables import idempotency
from tests.region import World

BODY = {"regime": "wgs_zvh"}


@pytest.fixture(autouse=True)
def _at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_SWEEPS_ONE_IN", 1)


def test_an_answer_is_given_again_for_as_long_as_the_api_says(region: World) -> None:
    first = region.on("gemeente-noord", "regimes", BODY, key="de-eerste-keer")
    region.clock.move(days=29)
    region.on("gemeente-noord", "regimes", BODY)
    again = region.on("gemeente-noord", "regimes", BODY, key="de-eerste-keer")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    region.clock.move(days=2)
    region.on("gemeente-noord", "regimes", BODY)
    anew = region.on("gemeente-noord", "regimes", BODY, key="de-eerste-keer")
    assert anew.json() != first.json()
    with region.hub.store.snapshot() as moment:
        oldest = moment.execute(select(func.min(idempotency.c.at))).scalar()
    assert oldest is not None
    assert oldest > "2027-02-0"
