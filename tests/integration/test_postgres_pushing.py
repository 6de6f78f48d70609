"""Pushing on a real PostgreSQL with two hubs on it: sent through the one, listed and fetched through the other, once."""

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.broker.broker import Broker
from hub.broker.entering import Beside
from hub.model.release import Release, ReleaseRequest
from tests.integration.test_postgres import two
from tests.pushing import (
    DERDE,
    HOUSING,
    PROMISED,
    SENDER,
    YEAR,
    base,
    codes,
    fetch,
    levels,
    pushed,
    stored,
    verified,
    waiting,
)
from tests.region import World

__all__ = ["two"]

pytestmark = pytest.mark.postgres


Hubs = tuple[World, World]


@pytest.fixture(scope="module")
def hubs(two: Hubs) -> Iterator[Hubs]:
    """Two hubs on one database, where a derde is ready to receive."""
    one, other = two
    # The callers of the two never use the same Idempotency-Key by chance.
    other._keys = itertools.count(10**6)
    one.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["*"], "akkoordDoorgeven": True})
    other.recorded(SENDER, "geheimhoudingsverklaringen", {"partner": DERDE, "tot": YEAR})
    base(one)
    yield one, other
    assert one.faults() == other.faults() == []


def test_what_is_sent_through_one_is_listed_and_fetched_through_the_other(hubs: Hubs) -> None:
    one, other = hubs
    first = one.size()
    sent = pushed(one)
    assert levels(sent) == PROMISED
    assert [line["id"] for line in waiting(other)["zendingen"]] == [sent["zending"]]
    got = fetch(other, sent["zending"])
    assert (got.status_code, levels(got.json())) == (201, PROMISED)
    assert all(item["waarde"] for item in got.json()["gegevens"])
    assert fetch(one, sent["zending"]).status_code == fetch(other, sent["zending"]).status_code == 404
    assert waiting(one)["zendingen"] == waiting(other)["zendingen"] == []
    kinds = [told["soort"] for told, _ in other.entries(first)]
    assert kinds == ["verstrekking", "postvak", "ontvangst", "onbekend", "onbekend", "postvak", "postvak"]
    assert verified(one, got.json())["soort"] == "ontvangst", "either hub vouches for it"


def test_what_changes_through_one_counts_when_the_other_is_asked(hubs: Hubs) -> None:
    one, other = hubs
    sent = pushed(one)
    other.recorded("gemeente-noord", "beperkingen", {"velden": ["naam"], "aan": True})
    body = fetch(one, sent["zending"]).json()
    assert levels(body) == PROMISED - {("naam", "sam")}
    assert codes(body, "naam") == {"E_NIET_BESCHIKBAAR"}
    one.recorded("gemeente-noord", "beperkingen", {"velden": ["naam"], "aan": False})
    assert levels(fetch(other, pushed(other)["zending"]).json()) == PROMISED


def test_a_call_is_made_once_whichever_hub_it_reaches(hubs: Hubs) -> None:
    one, other = hubs
    first = one.recorded(SENDER, "verstrekkingen", HOUSING, key="sturen-beide-1")
    before, rows = one.size(), len(stored(one))
    again = other.recorded(SENDER, "verstrekkingen", HOUSING, key="sturen-beide-1")
    assert {**again, "ontvangstbewijs": None} == {**first, "ontvangstbewijs": None}
    assert (other.size(), len(stored(other))) == (before, rows)
    got = fetch(one, first["zending"], key="ophalen-beide-1")
    assert fetch(other, first["zending"], key="ophalen-beide-2").status_code == 404
    assert fetch(other, first["zending"], key="ophalen-beide-1").json()["gegevens"] == got.json()["gegevens"]


def test_of_two_fetches_through_two_hubs_at_once_one_gets_it(hubs: Hubs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read that it waits before either writes that it was fetched."""
    sent = pushed(hubs[0])["zending"]
    together, release = threading.Barrier(2, timeout=20), Broker.release

    def at_once(broker: Broker, request: ReleaseRequest, beside: Beside | None = None) -> Release:
        together.wait()
        return release(broker, request, beside)

    monkeypatch.setattr(Broker, "release", at_once)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda hub: fetch(hub, sent), hubs))
    assert sorted(answer.status_code for answer in answers) == [201, 404]
    assert sum(len(answer.json().get("gegevens", [])) for answer in answers) == len(PROMISED)


def test_pushes_through_both_at_once_all_arrive_once(hubs: Hubs) -> None:
    def push(number: int) -> str:
        id_: str = pushed(hubs[number % 2])["zending"]
        return id_

    def drained(hub: World) -> list[str]:
        return [line["id"] for line in waiting(hub)["zendingen"] if fetch(hub, line["id"]).status_code == 201]

    sent = [push(number) for number in range(4)]
    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(drained, hubs))
    assert sorted([*got[0], *got[1]]) == sorted(sent)
    assert waiting(hubs[0])["zendingen"] == []


def test_keys_rotate_through_one_while_the_other_is_asked(hubs: Hubs) -> None:
    one, other = hubs
    sent = pushed(other)["zending"]
    answered = [other.ask("politie-noord", "naam").status_code for _ in one.hub.keyring.rewrap_steps("2")]
    assert len(answered) > 10
    assert set(answered) == {200}
    assert one.hub.key_store.refs() == other.hub.key_store.refs() == ["2"]
    assert levels(fetch(other, sent).json()) == PROMISED
