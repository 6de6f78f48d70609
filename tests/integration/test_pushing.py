"""A push: who may send, what the sender hears, and what changes between sending and fetching."""

from datetime import timedelta
from typing import Any

import pytest

from hub.broker.broker import Broker
from hub.broker.entering import Beside
from hub.errors import Conflict
from hub.model.instant import to_text
from hub.model.release import Release, ReleaseRequest
from hub.store import casus as casus_rows
from hub.store import postvak as rows
from tests.pushing import (
    DERDE,
    HOUSING,
    PROMISED,
    SENDER,
    YEAR,
    base,
    codes,
    counted,
    fetch,
    levels,
    pushed,
    stored,
    verified,
    waiting,
)
from tests.region import AT, CLOSED_TABLE, OPEN, OWN_FORM, World, foreign_name

# --- what is told, and what waits --------------------------------------------------------------------------------


def test_the_sender_hears_names_and_levels_and_no_value(ready: World) -> None:
    answer = pushed(ready)
    assert levels(answer) == PROMISED
    assert {"inform_betrokkene", "feedback_due", "no_export"} <= {duty["soort"] for duty in answer["verplichtingen"]}
    assert codes(answer, "bsn") == {"E_NOOIT", "E_BSN"}
    assert all(set(item) <= {"veld", "niveau", "bron", "grondslag", "grondslagSoort", "geheimUitzondering"}
               for item in answer["gegevens"])  # fmt: skip
    values = [str(item["waarde"]) for item in fetch(ready, answer["zending"]).json()["gegevens"]]
    assert len(values) == len(PROMISED)
    assert [value for value in values if value in str(answer)] == []
    assert "uw organisatie" not in str([item["redenen"] for item in answer["geweigerd"]]).lower()


def test_no_value_of_a_push_reaches_the_caller_of_the_broker(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Release] = []
    release = Broker.release

    def watched(broker: Broker, request: ReleaseRequest, beside: Beside | None = None) -> Release:
        seen.append(release(broker, request, beside))
        return seen[-1]

    monkeypatch.setattr(Broker, "release", watched)
    pushed(ready)
    assert [item.value for _, item in seen[0].fields] == [None] * len(PROMISED)


def test_the_postvak_shows_nothing_of_the_casus(ready: World) -> None:
    sent = pushed(ready)
    page = waiting(ready)
    assert page == {
        "zendingen": [
            {
                "id": sent["zending"],
                "sinds": to_text(AT),
                "afzender": SENDER,
                "doel": "D07",
                "verlooptOp": to_text(AT + timedelta(days=14)),
            }
        ],
        "volgende": None,
    }
    assert waiting(ready, "politie-noord")["zendingen"] == []


def test_the_row_holds_no_value_and_nothing_readable(ready: World) -> None:
    sent = pushed(ready)
    (row,) = stored(ready)
    assert row[1:3] == (sent["zending"], DERDE)
    sealed = b"".join(part for part in row if isinstance(part, bytes))
    readable = [SENDER, "D07", "naam", ready.casus_id(), ready.names[OPEN][SENDER]]
    assert [word for word in readable if word.encode() in sealed or word in row] == []


def test_the_receiver_fetches_the_fields_with_a_receipt(ready: World) -> None:
    answer = fetch(ready, pushed(ready)["zending"])
    assert answer.status_code == 201
    body = answer.json()
    assert levels(body) == PROMISED
    assert all(item["waarde"] for item in body["gegevens"])
    assert verified(ready, body)["soort"] == "ontvangst"
    assert waiting(ready)["zendingen"] == []


def test_both_entries_name_both(ready: World) -> None:
    before = ready.size()
    sent = pushed(ready)
    fetched = fetch(ready, sent["zending"]).json()
    (push, internal), (got, about_it) = ready.entries(before)
    assert (push["soort"], push["partner"], push["ontvanger"], push["zending"]) == (
        "verstrekking", SENDER, DERDE, sent["zending"],
    )  # fmt: skip
    assert (got["soort"], got["partner"], got["afzender"], got["zending"]) == (
        "ontvangst", DERDE, SENDER, sent["zending"],
    )  # fmt: skip
    assert got["casus"] is None
    assert internal["casus"] == about_it["casus"] == ready.casus_id()
    assert about_it["sent_by"][:2] == [SENDER, f"{SENDER}-1"]
    entered = str((push, internal, got, about_it))
    assert [item["veld"] for item in fetched["gegevens"] if str(item["waarde"]) in entered] == []
    assert ready.faults() == []


def test_promise_and_entry_are_one_unit_of_work(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    size = ready.size()
    with monkeypatch.context() as patch:
        patch.setattr(rows, "put", _refuse)
        assert ready.on(SENDER, "verstrekkingen", HOUSING).status_code == 409
    assert (ready.size(), stored(ready)) == (size, [])
    with monkeypatch.context() as patch:
        patch.setattr(ready.hub.store, "_seal", _broken)
        assert ready.on(SENDER, "verstrekkingen", HOUSING).status_code == 503
    assert (ready.size(), stored(ready)) == (size, [])


def _refuse(*_: object) -> None:
    raise Conflict


def _broken(*_: object) -> None:
    raise OSError


# --- what changes in between -------------------------------------------------------------------------------------


def test_a_basis_that_ended_in_between_counts(region: World) -> None:
    region.recorded(SENDER, "geheimhoudingsverklaringen", {"partner": DERDE, "tot": YEAR})
    region.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["*"], "akkoordDoorgeven": True})
    basis = base(region)
    sent = pushed(region)
    region.clock.move(minutes=1)
    region.recorded("gemeente-noord", f"grondslagen/{basis}/beeindigingen", None)
    region.clock.move(minutes=1)
    refused = fetch(region, sent["zending"])
    assert refused.status_code == 404
    assert refused.json() == fetch(region, "0" * 32).json()
    told, internal = region.entries(region.size() - 2)[0]
    assert (told["soort"], told["fout"], told["gegevens"]) == ("ontvangst", "onbekend", [])
    assert "E_GRONDSLAG" in {code for _, _, code, _ in internal["refusals"]}
    # Nothing was received: with a new basis it can still be fetched.
    base(region)
    region.clock.move(minutes=1)
    assert levels(fetch(region, sent["zending"]).json()) == PROMISED


def test_a_restricted_field_stays_in_and_the_rest_goes(ready: World) -> None:
    sent = pushed(ready)
    ready.recorded("gemeente-noord", "beperkingen", {"velden": ["naam"], "aan": True})
    body = fetch(ready, sent["zending"]).json()
    assert levels(body) == PROMISED - {("naam", "sam")}
    assert codes(body, "naam") == {"E_NIET_BESCHIKBAAR"}


def test_an_agreement_that_its_source_took_back_counts(ready: World) -> None:
    first, second = pushed(ready), pushed(ready)
    ready.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["naam"], "akkoordDoorgeven": False})
    body = fetch(ready, first["zending"]).json()
    assert levels(body) == PROMISED - {("naam", "sam")}
    assert codes(body, "naam") == {"E_NIET_BESCHIKBAAR"}
    ready.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["*"], "akkoordDoorgeven": False})
    assert fetch(ready, second["zending"]).status_code == 404


def test_nothing_leaves_that_was_not_promised(ready: World) -> None:
    sent = pushed(ready, velden=["naam", "wijkagent", "brp_adres"])
    more = {"velden": [{"veld": "woonvorm", "niveaus": {"vol": "later", "sam": "later"}}]}
    assert ready.on("gemeente-noord", "leveringen", more, media=OWN_FORM).status_code == 201
    assert levels(fetch(ready, sent["zending"]).json()) == {("naam", "sam"), ("brp_adres", "vol")}


def test_a_higher_level_than_promised_waits_for_another_push(ready: World) -> None:
    only_sam = {"velden": [{"veld": "briefadres", "niveaus": {"sam": "Postbus."}, "akkoordDerden": True}]}
    assert ready.on("gemeente-noord", "leveringen", only_sam, media=OWN_FORM).status_code == 201
    asked = ["briefadres", "naam"]
    first = pushed(ready, velden=asked)
    assert ("briefadres", "sam") in levels(first)
    both = {
        "velden": [
            {"veld": "briefadres", "niveaus": {"sam": "Postbus.", "vol": "Postbus 1, geheim."}, "akkoordDerden": True}
        ]
    }
    assert ready.on("gemeente-noord", "leveringen", both, media=OWN_FORM).status_code == 201
    body = fetch(ready, first["zending"]).json()
    assert levels(body) == {("naam", "sam")}
    assert codes(body, "briefadres") == {"E_NIET_BESCHIKBAAR"}
    assert ("briefadres", "vol") in levels(fetch(ready, pushed(ready, velden=asked)["zending"]).json())


def test_a_sender_who_no_longer_counts_has_sent_nothing(ready: World) -> None:
    sent = pushed(ready)
    ready.change_user(SENDER, ended="true")
    assert fetch(ready, sent["zending"]).status_code == 404
    told, internal = ready.entries(ready.size() - 1)[0]
    assert told["fout"] == "onbekend"
    assert ["*", None, "E_AFZENDER", "request"] in internal["refusals"]


@pytest.mark.parametrize("user", [None, "niet-op-de-lijst"])
def test_who_may_not_work_with_data_does_not_hear_again_what_was_sent(ready: World, user: str | None) -> None:
    """The policy judged who sent; under the same key another user of that partner asks, or he may work no more."""
    key = "verstrekking-1"
    assert ready.on(SENDER, "verstrekkingen", HOUSING, key=key).status_code == 201
    assert levels(ready.on(SENDER, "verstrekkingen", HOUSING, key=key).json()) == PROMISED
    if user is None:
        ready.change_user(SENDER, trained="false")
    size = ready.size()
    again = ready.on(SENDER, "verstrekkingen", HOUSING, key=key, **({"user": user} if user else {}))
    assert (again.status_code, again.json()["code"]) == (403, "niet-toegestaan")
    assert "gegevens" not in again.json()
    ((told, _),) = ready.entries(size)
    assert told["fout"] == "niet-toegestaan"


def test_a_sender_who_left_the_table_has_sent_nothing(region: World) -> None:
    region.recorded(SENDER, "geheimhoudingsverklaringen", {"partner": DERDE, "tot": YEAR})
    base(region)
    sent = pushed(region, "politie-noord")
    with region.hub.store.snapshot() as moment:
        state = region.hub.broker.judging.facts._states.of(moment, region.casus_id(), "x")
    involved = next(
        standing.record.id for standing in state.dossier.of("betrokken") if standing.body["partner"] == "politie-noord"
    )
    region.clock.move(minutes=1)
    region.recorded(SENDER, f"betrokkenen/{involved}/beeindigingen", None)
    region.clock.move(minutes=1)
    assert fetch(region, sent["zending"]).status_code == 404


def test_what_was_sent_goes_with_the_casus(ready: World) -> None:
    pushed(ready)
    token = ready.hub.names.index_token("postvak", ready.casus_id())

    def destroyed(tx: Any) -> None:
        casus_rows.mark_destroyed(tx.connection, ready.casus_id(), to_text(ready.clock()))

    id_ = waiting(ready)["zendingen"][0]["id"]
    ready.hub.store.commit(destroyed)
    assert fetch(ready, id_).status_code == 404
    ready.hub.store.commit(lambda tx: rows.drop_casus(tx.connection, token))
    assert stored(ready) == []


# --- who sends ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sender", ["gemeente-noord", "politie-noord", "zvh-noord"])
def test_public_deelnemers_and_the_procesregisseur_send_to_a_derde(ready: World, sender: str) -> None:
    assert levels(pushed(ready, sender)) == PROMISED


def test_no_other_deelnemer_sends_to_a_derde(ready: World) -> None:
    answer = pushed(ready, "ggz-noord")
    assert (answer["zending"], answer["gegevens"], answer["verplichtingen"]) == (None, [], [])
    assert [(item["veld"], codes(answer)) for item in answer["geweigerd"]] == [("*", {"E_AFZENDER"})]
    assert stored(ready) == []
    told, _ = ready.entries(ready.size() - 1)[0]
    assert (told["zending"], told["geweigerd"]) == (None, [{"veld": "*", "codes": ["E_AFZENDER"]}])


def test_any_involved_deelnemer_sends_to_a_deelnemer(ready: World) -> None:
    answer = pushed(ready, "ggz-noord", ontvanger="politie-noord", doel="D02", velden=["bejegeningsadvies"])
    assert levels(answer) == {("bejegeningsadvies", "sam")}


def test_a_relation_alone_sends_nothing(ready: World) -> None:
    name = ready.recorded(SENDER, "relaties", {"partner": "om-noord", "relatie": "verhuurt"})["pseudoniemVanPartner"]
    answer = ready.post("om-noord", f"/casussen/{name}/verstrekkingen", HOUSING)
    assert codes(answer.json()) == {"E_AFZENDER"}


def test_a_push_to_oneself_is_none(ready: World) -> None:
    answer = pushed(ready, ontvanger=SENDER, doel="D02", velden=["naam"])
    assert (answer["gegevens"], codes(answer)) == ([], {"E_INVOER"})


def test_a_casus_of_others_is_unknown_to_who_sends(ready: World) -> None:
    """Unknown, foreign, and foreign where the receiver might have had it: same answer, same work."""
    names = ("a" * 52, foreign_name(ready.hub, "om-noord", ready.casus_id(CLOSED_TABLE)),
             foreign_name(ready.hub, "om-noord", ready.casus_id()))  # fmt: skip
    found = []
    for name in names:
        ready.post("om-noord", "/casussen/x/verstrekkingen", HOUSING)
        size = ready.size()
        with counted(ready) as work:
            answer = ready.post("om-noord", f"/casussen/{name}/verstrekkingen", HOUSING)
        entered = [[*sorted(told), str(told["fout"])] for told, _ in ready.entries(size)]
        found.append((answer.status_code, answer.json(), dict(work), entered))
    assert found == [found[0]] * 3
    assert (found[0][0], found[0][1]["code"]) == (404, "onbekend")
    assert found[0][2]["decisions"] == 1
    assert stored(ready) == []


@pytest.mark.parametrize("named", ["known", "unknown"])
def test_a_push_to_nobody_is_entered_and_uses_up_its_proof(ready: World, named: str) -> None:
    path = f"/casussen/{ready.names[OPEN][SENDER] if named == 'known' else 'a' * 52}/verstrekkingen"
    ready.post(SENDER, path, HOUSING)
    size = ready.size()
    with counted(ready) as work:
        answer = ready.post(SENDER, path, {**HOUSING, "ontvanger": "niemand"})
    assert (answer.status_code, work["decisions"]) == (403, 0)
    ((told, internal),) = ready.entries(size)
    assert (told["soort"], told["aanroep"], told["fout"]) == ("geweigerd", "verstrekking", "niet-toegestaan")
    assert (told.keys() & {"casus", "ontvanger", "doel"}, internal) == (set(), {})
    sent = answer.request.headers
    again = {name: sent[name] for name in ("DPoP", "Authorization")}
    assert ready.post(SENDER, path, HOUSING, headers=again).status_code == 401


def test_the_first_call_of_a_partner_about_an_unknown_casus_is_as_any_other(region: World) -> None:
    for what, body in (("verstrekkingen", HOUSING), ("raadplegingen", {"doel": "D02", "velden": ["*"]})):
        assert region.post("verzekeraar-noord", f"/casussen/{'a' * 52}/{what}", body).status_code == 404


def test_a_destroyed_casus_is_as_unknown_as_any(region: World) -> None:
    region.hub.store.commit(lambda tx: casus_rows.mark_destroyed(tx.connection, region.casus_id(), to_text(AT)))
    unknown = region.post("politie-noord", f"/casussen/{'a' * 52}/raadplegingen", {"doel": "D02", "velden": ["*"]})
    gone = region.ask("politie-noord")
    assert (gone.status_code, gone.json()) == (404, unknown.json())
    assert region.on(SENDER, "verstrekkingen", HOUSING).status_code == 404


def test_a_sender_hears_nothing_of_what_others_hold(ready: World) -> None:
    """Whether the casus holds a field of another source is a secret to who sends, whatever the receiver may have."""
    answer = pushed(ready, "politie-noord", ontvanger="ggz-noord", doel="D02", velden=["diagnose_dsm", "wijkagent"])
    assert {item["bron"] for item in answer["gegevens"]} <= {"politie-noord"}
    assert codes(answer, "diagnose_dsm") == {"E_NIET_BESCHIKBAAR"}


# --- what was answered ------------------------------------------------------------------------------------------


def _ended(world: World, *kinds: str) -> None:
    """The sender's seats in the casus end."""
    with world.hub.store.snapshot() as moment:
        dossier = world.hub.broker.judging.facts._states.of(moment, world.casus_id(), "test").dossier
    for path, kind in (("betrokkenen", "betrokken"), ("triagegroepleden", "triage")):
        for one in dossier.of(kind) if path in kinds else ():
            if one.body["partner"] == SENDER:
                world.recorded("gemeente-noord", f"{path}/{one.record.id}/beeindigingen", None)


def test_who_may_not_send_any_more_hears_not_again_what_others_hold(ready: World) -> None:
    """Under its key a call is answered the same, as long as its sender may make it still."""
    sent = [ready.recorded(SENDER, "verstrekkingen", HOUSING, key="sturen-en-weg-1")["zending"] for _ in range(2)]
    assert len(set(sent)) == 1
    ready.clock.move(seconds=1)
    _ended(ready, "betrokkenen")
    size = ready.size()
    for _ in range(2):
        answer = ready.recorded(SENDER, "verstrekkingen", HOUSING, key="sturen-en-weg-1")
        assert (answer["zending"], answer["gegevens"], codes(answer)) == (None, [], {"E_AFZENDER"})
    assert [told["soort"] for told, _ in ready.entries(size)] == ["verstrekking"] * 2
    assert len(stored(ready)) == 1


def test_who_has_no_part_any_more_hears_not_again_that_there_is_a_casus(ready: World) -> None:
    ready.recorded(SENDER, "verstrekkingen", HOUSING, key="sturen-en-weg-2")
    ready.clock.move(seconds=1)
    _ended(ready, "betrokkenen", "triagegroepleden")
    size = ready.size()
    answer = ready.on(SENDER, "verstrekkingen", HOUSING, key="sturen-en-weg-2")
    unknown = ready.post(SENDER, f"/casussen/{'a' * 52}/verstrekkingen", HOUSING)
    assert (answer.status_code, answer.content) == (404, unknown.content)
    (told, _), *_ = ready.entries(size)
    assert (told["soort"], told["fout"], told["gegevens"]) == ("verstrekking", "onbekend", [])
