"""The postvak: who fetches, once and in time, page by page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.broker.broker import Broker
from hub.broker.entering import Beside
from hub.casework import writing
from hub.errors import IdempotencyConflict
from hub.identity import register
from hub.identity.register import UserChange
from hub.model.release import Release, ReleaseRequest
from tests.pushing import (
    DERDE,
    HOUSING,
    PROMISED,
    SENDER,
    codes,
    fetch,
    pushed,
    stored,
    verified,
    waiting,
)
from tests.region import BY, Clock, World, opened

# --- once, and in time -------------------------------------------------------------------------------------------


def test_it_is_fetched_once_and_again_under_its_own_key_for_a_while(ready: World) -> None:
    sent = pushed(ready)
    first = fetch(ready, sent["zending"], key="ophalen-0001")
    assert fetch(ready, sent["zending"], key="ophalen-0002").status_code == 404
    ready.clock.move(minutes=9)
    again = fetch(ready, sent["zending"], key="ophalen-0001")
    assert again.json()["gegevens"] == first.json()["gegevens"]
    assert again.json()["ontvangstbewijs"]["volgnummer"] > first.json()["ontvangstbewijs"]["volgnummer"]
    ready.clock.move(minutes=2)
    assert fetch(ready, sent["zending"], key="ophalen-0001").status_code == 404
    other = pushed(ready)
    assert fetch(ready, other["zending"], key="ophalen-0001").status_code == 409


def test_a_second_fetch_is_not_even_decided(ready: World) -> None:
    sent = pushed(ready)
    assert fetch(ready, sent["zending"]).status_code == 201
    asked = ready.hub.decider.hits.asked
    assert fetch(ready, sent["zending"]).status_code == 404
    assert ready.hub.decider.hits.asked == asked


def test_of_two_fetches_at_once_one_gets_it(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = pushed(ready)
    release = Broker.release
    between: list[int] = []

    def overtaken(broker: Broker, request: ReleaseRequest, beside: Beside | None = None) -> Release:
        """Another system of the receiver fetches it while this one is on its way."""
        if not between:
            between.append(0)
            call = replace(_call(ready, DERDE), proof_ids=())
            between[0] = len(ready.hub.pushing.fetch(call, _once("de-andere-1", b"1"), sent["zending"]).fields)
        return release(broker, request, beside)

    monkeypatch.setattr(Broker, "release", overtaken)
    size = ready.size()
    assert fetch(ready, sent["zending"]).status_code == 404
    assert between == [len(PROMISED)]
    assert [told["soort"] for told, _ in ready.entries(size)] == ["ontvangst", "onbekend"]


@pytest.mark.parametrize("other", [False, True], ids=["the same call", "a call about another sending"])
def test_a_key_that_is_used_while_a_fetch_under_it_runs(
    ready: World, monkeypatch: pytest.MonkeyPatch, other: bool
) -> None:
    """Who does not wait for his own answer is told what he would be a moment later, and nobody else's write fails by it."""
    sendings = [pushed(ready)["zending"] for _ in range(2)]
    call, release, between = _call(ready, DERDE), Broker.release, [sendings[other]]

    def fetched(id_: str) -> Release:
        return ready.hub.pushing.fetch(call, _once("ophalen-0001", id_.encode()), id_)

    def overtaken(broker: Broker, request: ReleaseRequest, beside: Beside | None = None) -> Release:
        if between:
            assert len(fetched(between.pop()).fields) == len(PROMISED)
        return release(broker, request, beside)

    monkeypatch.setattr(Broker, "release", overtaken)
    size = ready.size()
    if other:
        with pytest.raises(IdempotencyConflict):
            fetched(sendings[0])
    else:
        assert len(fetched(sendings[0]).fields) == len(PROMISED)
    told = [(told["soort"], told["fout"]) for told, _ in ready.entries(size)]
    assert told == [("ontvangst", None), ("geweigerd", "sleutel-hergebruikt") if other else ("ontvangst", None)]


def test_the_answer_to_a_fetch_is_not_kept(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = pushed(ready)
    fetch(ready, sent["zending"], key="ophalen-0001")
    call = _call(ready, DERDE)
    monkeypatch.setattr(writing, "_digest", lambda _, once: once.digest)
    with ready.hub.store.snapshot() as moment:
        found = moment.exec_driver_sql("SELECT digest FROM idempotency ORDER BY at DESC LIMIT 1").scalar_one()
        kept = ready.hub.pushing._writing.answered(moment, call, _once("ophalen-0001", bytes(found)))
    assert kept == {"zending": sent["zending"]}


def _call(world: World, partner: str) -> Any:
    from hub.casework.moment import Call
    from hub.model.release import Subject

    return Call(Subject(partner, f"{partner}-1", partner), "", world.clock())


def _once(key: str, digest: bytes) -> Any:
    from hub.casework.writing import Once

    return Once(key, digest)


def test_it_expires(ready: World) -> None:
    sent = pushed(ready)
    ready.clock.move(days=14)
    assert waiting(ready)["zendingen"] == []
    assert fetch(ready, sent["zending"]).status_code == 404
    assert len(stored(ready)) == 1
    pushed(ready)
    assert [row[1] for row in stored(ready)] == [waiting(ready)["zendingen"][0]["id"]]


def test_a_push_is_made_once_under_its_key(ready: World) -> None:
    first = ready.recorded(SENDER, "verstrekkingen", HOUSING, key="sturen-0001")
    size = ready.size()
    again = ready.recorded(SENDER, "verstrekkingen", HOUSING, key="sturen-0001")
    assert {**again, "ontvangstbewijs": None} == {**first, "ontvangstbewijs": None}
    assert again["ontvangstbewijs"]["volgnummer"] == first["ontvangstbewijs"]["volgnummer"]
    assert verified(ready, again) == verified(ready, first)
    assert (ready.size(), len(stored(ready))) == (size, 1)
    other = ready.on(SENDER, "verstrekkingen", {**HOUSING, "velden": ["naam"]}, key="sturen-0001")
    assert (other.status_code, other.json()["code"]) == (409, "sleutel-hergebruikt")


# --- who fetches -------------------------------------------------------------------------------------------------


def test_an_id_of_another_is_unknown(ready: World) -> None:
    sent = pushed(ready)
    answers = []
    for id_ in (sent["zending"], "f" * 32, "geen-nummer"):
        size = ready.size()
        answer = fetch(ready, id_, "politie-noord")
        answers.append((answer.status_code, answer.json(), [told["soort"] for told, _ in ready.entries(size)]))
    assert answers == [answers[0]] * 3
    assert answers[0][0] == 404
    assert fetch(ready, sent["zending"], SENDER).status_code == 404
    assert fetch(ready, sent["zending"]).status_code == 201


@pytest.mark.parametrize("attribute", ["designated", "screened", "trained", "bound_to_secrecy"])
def test_who_fetches_must_count_as_a_reader(ready: World, attribute: str) -> None:
    sent = pushed(ready)
    ready.change_user(DERDE, **{attribute: "false"})
    assert fetch(ready, sent["zending"]).status_code == 404
    _, internal = ready.entries(ready.size() - 1)[0]
    assert "E_GEBRUIKER" in {code for _, _, code, _ in internal["refusals"]}
    ready.change_user(DERDE, **{attribute: "true"})
    assert fetch(ready, sent["zending"]).status_code == 201


def test_a_deelnemer_hears_why_his_user_gets_nothing(ready: World) -> None:
    sent = pushed(ready, ontvanger="politie-noord", doel="D02", velden=["wmo_voorziening", "brp_adres"])
    ready.change_user("politie-noord", trained="false")
    answer = fetch(ready, sent["zending"], "politie-noord")
    assert (answer.status_code, answer.json()["gegevens"]) == (201, [])
    assert "E_GEBRUIKER" in codes(answer.json())


def test_an_ended_user_or_partner_is_refused(ready: World) -> None:
    sent = pushed(ready)
    # Tokens that were handed out before.
    waiting(ready)
    ready.hub.store.commit(
        lambda tx: register.record_user(
            tx, DERDE, "ander", UserChange({"role": "woonconsulent", "designated": "true"}), by=BY, at=ready.clock()
        )
    )
    ready.send(DERDE, "GET", "/postvak", user="ander", media=None)
    ready.change_user(DERDE, ended="true")
    assert fetch(ready, sent["zending"]).status_code == 401
    assert ready.send(DERDE, "GET", "/postvak", media=None).status_code == 401
    ready.hub.store.commit(lambda tx: register.suspend_partner(tx, DERDE, by=BY, at=ready.clock()))
    assert fetch(ready, sent["zending"], user="ander").status_code == 401
    assert ready.on(SENDER, "verstrekkingen", HOUSING).status_code == 403


# --- pages -------------------------------------------------------------------------------------------------------


def test_the_postvak_is_read_page_by_page(ready: World) -> None:
    sent = [pushed(ready)["zending"] for _ in range(5)]
    seen: list[str] = []
    query = "?aantal=2"
    sizes = []
    while True:
        page = waiting(ready, query=query)
        seen += [line["id"] for line in page["zendingen"]]
        sizes.append(len(page["zendingen"]))
        if page["volgende"] is None:
            break
        # What comes in meanwhile does not move the pages.
        pushed(ready)
        query = f"?aantal=2&cursor={page['volgende']}"
    assert seen == sent[::-1]
    assert sizes == [2, 2, 1]


SPOILT: dict[str, Callable[[str], str]] = {
    "short": lambda text: text[:4],
    "changed": lambda text: text[:-8] + "AAAAAAA=",
    "cut": lambda text: text[1:],
    "padding": lambda text: "=" * len(text),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_cursor_of_another_list_is_refused(ready: World, how: str) -> None:
    for _ in range(2):
        pushed(ready)
    cursor = waiting(ready, query="?aantal=1")["volgende"]
    for partner, text in ((DERDE, SPOILT[how](cursor)), ("politie-noord", cursor)):
        answer = ready.send(partner, "GET", f"/postvak?cursor={text}", media=None)
        assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "cursor")


@pytest.mark.parametrize("query", ["?aantal=0", "?aantal=101", "?aantal=veel", "?cursor=%20"])
def test_a_page_has_bounds(ready: World, query: str) -> None:
    assert ready.send(DERDE, "GET", f"/postvak{query}", media=None).status_code == 400


def test_what_has_expired_by_another_process_is_not_fetched_by_one_whose_clock_is_behind(ready: World) -> None:
    sent = pushed(ready)["zending"]
    ready.clock.move(days=14, seconds=-38)
    with opened(ready.settings, ready.names, Clock(ready.clock() + timedelta(seconds=58))) as ahead:
        assert fetch(ahead, sent, key="opgehaald-te-laat-1").status_code == 404
        assert fetch(ready, sent).status_code == 404
        assert waiting(ready)["zendingen"] == []


def test_what_expires_while_it_is_fetched_stays_in(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent, release = pushed(ready)["zending"], Broker.release
    ready.clock.move(days=14, seconds=-1)

    def late(broker: Broker, request: ReleaseRequest, beside: Beside | None = None) -> Release:
        ready.clock.move(seconds=1)
        return release(broker, request, beside)

    monkeypatch.setattr(Broker, "release", late)
    size = ready.size()
    assert fetch(ready, sent).status_code == 404
    assert [told["soort"] for told, _ in ready.entries(size)] == ["onbekend"]
