"""A casus that moves each time somebody asks: who asks is answered all the same, on what stands at that moment."""

import pytest

from hub.broker import broker
from hub.broker.facts import Facts, Gathered
from hub.errors import EngineUnavailable
from hub.store.casus import touch
from tests.region import World


@pytest.fixture
def busy(region: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each time that facts are read in a snapshot, the casus has moved before they can be used."""
    moved: list[int] = []
    gather, casus = Facts.gather, region.casus_id()

    def moving(self: Facts, *arguments: object) -> Gathered:
        found = gather(self, *arguments)  # type: ignore[arg-type]
        if self is region.hub.broker.judging.facts:
            moved.append(len(moved))
            region.hub.store.commit(lambda tx: touch(tx.connection, casus))
        return found

    monkeypatch.setattr(Facts, "gather", moving)
    return moved


def test_who_asks_in_a_busy_casus_is_answered_and_entered(region: World, busy: list[int]) -> None:
    first = region.size()
    answer = region.ask("ggz-noord", "naam")
    assert (answer.status_code, len(busy)) == (200, broker.ATTEMPTS)
    assert [item["veld"] for item in answer.json()["gegevens"]] == ["naam"]
    ((told, _),) = region.entries(first)
    assert [item["veld"] for item in told["gegevens"]] == ["naam"]
    assert answer.json()["ontvangstbewijs"]["volgnummer"] == first


def test_an_engine_that_fails_then_is_entered_and_holds_up_nobody(
    region: World, busy: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise EngineUnavailable

    monkeypatch.setattr(region.hub.broker.alone.decider, "decide", fails)
    first = region.size()
    answer = region.ask("ggz-noord", "naam")
    assert (answer.status_code, answer.json()["code"]) == (503, "beleid-niet-beschikbaar")
    assert region.entries(first)[-1][0]["fout"] == "beleid-niet-beschikbaar"
    assert busy
    region.hub.store.commit(lambda tx: touch(tx.connection, region.casus_id()))


def test_a_push_in_a_busy_casus_is_promised_once(region: World, busy: list[int]) -> None:
    body = {"ontvanger": "ggz-noord", "doel": "D02", "velden": ["wijkagent"]}
    first = region.size()
    sent = region.on("politie-noord", "verstrekkingen", body)
    assert (sent.status_code, len(busy)) == (201, broker.ATTEMPTS)
    assert [told["soort"] for told, _ in region.entries(first)] == ["verstrekking"]
