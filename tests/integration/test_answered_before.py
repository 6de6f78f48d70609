"""An answer of before, given again under its Idempotency-Key: to the same user alone, while the casus is no secret to him."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hub.broker.broker import Broker
from hub.broker.entering import Beside
from hub.casework.kinds import BY_KIND
from hub.casework.moment import Call
from hub.casework.pushing import Push
from hub.casework.writing import Once
from hub.errors import NotFound, Unreadable
from hub.model.instant import to_text
from hub.model.release import Release, ReleaseRequest, Subject
from hub.store import casus as rows
from tests.doors import BODIES
from tests.following import listed, settled
from tests.functional.test_ids_of_others import heard
from tests.integration.test_emergencies import joins
from tests.pushing import HOUSING, SENDER, fetch, pushed
from tests.pushing import ready as ready  # noqa: PLC0414 - for the tests
from tests.region import OPEN, World

KEY = "sleutel-van-eerder"
CONDITION = {"velden": ["wijkagent"], "veto": False}


def _records(world: World, kind: str, partner: str) -> list[str]:
    with world.hub.store.snapshot() as moment:
        dossier = world.hub.broker.judging.facts._states.of(moment, world.casus_id(), "test").dossier
    return [one.record.id for one in dossier.of(kind) if one.body["partner"] == partner]


def _put_out(world: World, partner: str, by: str) -> None:
    """No seat of a partner is left."""
    world.clock.move(seconds=1)
    for kind, path in (("betrokken", "betrokkenen"), ("triage", "triagegroepleden")):
        for id_ in _records(world, kind, partner):
            world.recorded(by, f"{path}/{id_}/beeindigingen", {})


def _told_to_operator(world: World) -> int:
    """How many notices there are of what does not open."""
    with world.hub.store.snapshot() as moment:
        found: int = moment.exec_driver_sql("SELECT count(*) FROM outbox WHERE type = 'onleesbaar'").scalar_one()
        return found


# --- who was put out of the casus --------------------------------------------------------------------------------


def test_who_was_put_out_hears_not_again_that_there_is_a_casus(region: World) -> None:
    """Else he could tell, by what he was answered once, a casus that goes on from one that was destroyed."""

    def again() -> httpx.Response:
        return region.on("politie-noord", "bronvoorwaarden", CONDITION, key=KEY)

    assert again().status_code == 201
    _put_out(region, "politie-noord", "zvh-noord")
    unknown = region.post("politie-noord", f"/casussen/{'a' * 52}/bronvoorwaarden", CONDITION)
    size = region.size()
    standing = again()
    assert [told["fout"] for told, _ in region.entries(size)] == ["onbekend"]
    casus, at = region.casus_id(), to_text(region.clock())
    region.hub.store.commit(lambda tx: rows.mark_destroyed(tx.connection, casus, at))
    assert heard(standing) == heard(again()) == heard(unknown)
    assert standing.status_code == 404


def test_so_too_of_a_push_of_which_nothing_went(ready: World) -> None:
    nothing = {**HOUSING, "velden": ["diagnose_dsm"]}
    assert ready.recorded(SENDER, "verstrekkingen", nothing, key=KEY)["zending"] is None
    assert ready.recorded(SENDER, "verstrekkingen", nothing, key=KEY)["zending"] is None
    _put_out(ready, SENDER, "gemeente-noord")
    size = ready.size()
    unknown = ready.post(SENDER, f"/casussen/{'a' * 52}/verstrekkingen", nothing)
    assert heard(ready.on(SENDER, "verstrekkingen", nothing, key=KEY)) == heard(unknown)
    assert [told["fout"] for told, _ in ready.entries(size)] == ["onbekend"] * 2


def test_who_is_put_out_before_he_hears_what_the_same_call_sent_is_decided_anew(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same push comes in twice at once; when the second is about to hear of the first, its sender has no seat."""
    release, once, push = Broker.release, Once(KEY, b"1" * 32), Push("wonen-noord", "D07", ("*",))
    between = [True]

    def called(partner: str) -> Call:
        return Call(Subject(partner, f"{partner}-1", partner), ready.names[OPEN][partner], ready.clock())

    def overtaken(broker: Broker, request: ReleaseRequest, beside: Beside | None = None) -> Release:
        if not between:
            return release(broker, request, beside)
        between.clear()
        assert ready.hub.pushing.push(called(SENDER), once, push).release.fields
        try:
            return release(broker, request, beside)
        finally:
            for kind in ("betrokken", "triage"):
                for number, id_ in enumerate(_records(ready, kind, SENDER)):
                    key = Once(f"eruit-{kind}-{number}", b"2" * 32)
                    ready.hub.recording.end(called("gemeente-noord"), key, BY_KIND[kind], id_)

    monkeypatch.setattr(Broker, "release", overtaken)
    with pytest.raises(NotFound):
        ready.hub.pushing.push(called(SENDER), once, push)
    told, _ = ready.entries()[-1]
    assert (told["soort"], told["fout"], told["gegevens"]) == ("verstrekking", "onbekend", [])


# --- another user of the same partner ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("partner", "what", "body"),
    [
        (SENDER, "verstrekkingen", HOUSING),
        ("ggz-noord", "toestemmingen", BODIES["toestemmingen"]),
        ("ggz-noord", "noodsituaties", BODIES["noodsituaties"]),
    ],
)
def test_what_one_was_told_is_not_told_to_another_without_an_entry(
    ready: World, partner: str, what: str, body: dict[str, Any]
) -> None:
    """The log says who was told what: a colleague is not answered in its stead, whatever his role lets him do himself."""
    joins(ready, partner, "collega", role="receptie")
    first = ready.recorded(partner, what, body, key=KEY)
    size = ready.size()
    answer = ready.on(partner, what, body, key=KEY, user="collega")
    assert (answer.status_code, answer.json()["code"]) == (409, "sleutel-hergebruikt")
    ((told, _),) = ready.entries(size)
    assert (told["soort"], told["gebruiker"], told["fout"]) == ("geweigerd", "collega", "sleutel-hergebruikt")
    again = ready.recorded(partner, what, body, key=KEY)
    assert {**again, "ontvangstbewijs": None} == {**first, "ontvangstbewijs": None}


def test_what_one_fetched_another_does_not_fetch_again(ready: World) -> None:
    joins(ready, "wonen-noord", "collega", role="woonconsulent")
    sending = pushed(ready)["zending"]
    assert fetch(ready, sending, key=KEY).status_code == 201
    assert fetch(ready, sending, key=KEY, user="collega").status_code == 409
    assert fetch(ready, sending, key=KEY).status_code == 201


# --- what does not open ------------------------------------------------------------------------------------------


def _of_idempotency(world: World, what: str, partner: str, body: Any) -> Callable[[], httpx.Response]:
    world.recorded(partner, what, body, key=KEY)
    return lambda: world.on(partner, what, body, key=KEY)


def _of_postvak(world: World) -> Callable[[], httpx.Response]:
    sending = pushed(world)["zending"]
    return lambda: fetch(world, sending)


def _of_obligations(world: World) -> Callable[[], httpx.Response]:
    pushed(world)
    due = next(one for one in listed(world, "wonen-noord") if one["keuzes"])
    return lambda: settled(world, "wonen-noord", due["id"], due["keuzes"][0])


DAMAGED: dict[str, tuple[str, Callable[[World], Callable[[], httpx.Response]]]] = {
    "an answer": (
        "UPDATE idempotency SET answer = zeroblob(80)",
        lambda world: _of_idempotency(world, "bronvoorwaarden", "politie-noord", CONDITION),
    ),
    "an answer to a push": (
        "UPDATE idempotency SET answer = zeroblob(80)",
        lambda world: _of_idempotency(world, "verstrekkingen", SENDER, HOUSING),
    ),
    "a sending": ("UPDATE postvak SET sealed = zeroblob(80)", _of_postvak),
    "an obligation": ("UPDATE obligations SET sealed = zeroblob(80)", _of_obligations),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_what_does_not_open_is_said_entered_and_told(ready: World, what: str) -> None:
    damage, begun = DAMAGED[what]
    call = begun(ready)
    ready.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(damage))
    size = ready.size()
    answer = call()
    assert (answer.status_code, answer.json()["code"]) == (503, Unreadable.code)
    ((told, _),) = ready.entries(size)
    assert (told["soort"], told["fout"]) == ("geweigerd", Unreadable.code)
    assert _told_to_operator(ready) == 1


def test_so_too_of_the_lines_of_a_series(region: World) -> None:
    region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql("UPDATE dossiers SET sealed = zeroblob(80)"))
    document = {"velden": [{"veld": "bejegeningsadvies", "niveaus": {"sam": "rustig"}}]}
    line = json.dumps({"casus": region.names[OPEN]["ggz-noord"], "document": document}).encode()
    size = region.size()
    answer = region.post("ggz-noord", "/leveringsreeksen", content=line + b"\n" + line, media="application/x-ndjson")
    assert answer.text.count(Unreadable.code) == 2
    assert [told["fout"] for told, _ in region.entries(size)] == [Unreadable.code] * 2
    assert _told_to_operator(region) == 1
