"""AuthZEN over others than the caller: with the right `beleid:toetsen`, on facts that are handed in, never on a record."""

import json
from datetime import timedelta
from typing import Any

import pytest

from hub.errors import NotPermitted
from hub.identity import register
from hub.identity.register import UserChange
from hub.model.registry import Recorder
from hub.pdp.document import document_of
from hub.store.partners import TESTS_POLICY
from tests.authzen import Body, at_door, me, thing
from tests.integration.test_authzen import answered, decisions
from tests.region import AT, BY, OPEN, Clock, World, opened
from tests.region import region as region  # noqa: PLC0414 - the fixture
from tests.statements import statements
from tests.unit.pdp.facts import example

TESTER = "fg-noord"
OF_CASUSSEN = ("casussen", "casus_seals", "manifests", "dossiers", "records", "sealed_fields", "compartments")


@pytest.fixture
def tester(region: World) -> World:
    """The region, in which the FG has the right."""
    region.change_user(TESTER, **{TESTS_POLICY: "true"})
    return region


def handed(**changed: Any) -> Body:
    """A question about somebody made up, with facts of his."""
    facts = {key: value for key, value in example().items() if key not in ("action", "purpose", "requested")}
    body = {
        "subject": thing("gebruiker", "ggz-1/u-17"), "action": {"name": "lezen"},
        "resource": thing("casus", "c-1", velden=["politie_mutaties_samenvatting", "diagnose_dsm"]),
        "context": {"purpose": "D02", "facts": facts},
    }  # fmt: skip
    return {**body, **changed}


def test_the_tables_decide_as_hub_decide_does_and_no_record_is_read(tester: World) -> None:
    decision = document_of(tester.hub.policy.decide(example()))
    first = tester.size()
    at_door(tester, TESTER, "evaluation", handed())
    with statements() as seen:
        found = answered(tester, TESTER, "evaluation", handed())
    assert found["decision"] is decision["allow"] is True
    assert found["context"]["released"] == decision["released"]
    assert found["context"]["obligations"] == decision["obligations"]
    assert [(one["field"], one["code"]) for one in found["context"]["refusals"]] == [
        ("diagnose_dsm", "E_NIET_BESCHIKBAAR")
    ], "what a door may tell"
    assert not [one for one in seen if any(f" {table}" in one for table in OF_CASUSSEN)], "no casus was looked at"
    (told, internal), *_ = tester.entries(first)
    assert (told["soort"], told["fout"]) == ("beleidstoets", None)
    assert told["uitkomst"] == [{"veld": "politie_mutaties_samenvatting", "niveau": "sam"}]
    assert "pol-1" not in json.dumps([told, internal]), "ids that are handed in are the caller's own text"
    assert decisions(tester, first)[0]["status"] == "Unset"


def test_without_the_right_nobody_asks_over_another(region: World) -> None:
    for door, body in (
        ("evaluation", handed()),
        ("evaluation", {**handed(), "subject": me("ggz-noord"), "context": {"purpose": "D02"}}),
        ("evaluation", handed(subject=thing("user", "rick@the-citadel.com"))),
        ("subjects", handed(subject={"type": "gebruiker"})),
        ("resources", handed(resource={"type": "casus", "properties": {"casussen": ["c-1"]}})),
        ("actions", {key: value for key, value in handed().items() if key != "action"}),
    ):
        first = region.size()
        answer = at_door(region, TESTER, door, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "niet-toegestaan"), door
        assert {told["fout"] for told, _ in region.entries(first)} <= {"niet-toegestaan", None}
        assert region.size() > first
    several = {**handed(), "evaluations": [{}, {"subject": me(TESTER), "context": {"purpose": "D11"}}]}
    found = answered(region, TESTER, "evaluations", several)["evaluations"]
    assert [one["context"]["error"]["status"] for one in found] == [403, 404], "the second is about himself"


def test_facts_for_oneself_are_refused_whoever_hands_them_in(tester: World) -> None:
    for partner in (TESTER, "politie-noord"):
        facts = handed()["context"]["facts"]
        facts["partner"]["id"], facts["user"]["id"] = partner, f"{partner}-1"
        body = handed(subject=me(partner), context={"purpose": "D02", "facts": facts})
        body["resource"]["id"] = tester.names[OPEN]["politie-noord"]
        first = tester.size()
        answer = at_door(tester, partner, "evaluation", body)
        assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "context.facts")
        assert [told["fout"] for told, _ in tester.entries(first)] == ["verkeerde-vorm"]
        assert at_door(tester, partner, "subjects", body).status_code == 400


def test_facts_must_be_of_the_question_and_of_the_shape_of_the_contract(tester: World) -> None:
    def place(**changed: Any) -> str:
        body = handed()
        body["context"]["facts"].update(changed)
        answer = at_door(tester, TESTER, "evaluation", body)
        assert answer.status_code == 400, answer.text
        found: str = answer.json()["fouten"][0]["plaats"]
        return found

    assert place(purpose="D04") == "context.facts.purpose"
    assert place(requested=["*"]) == "context.facts.requested"
    assert place(casus={"id": "c-2", "closed_at": None}) == "context.facts.casus.id"
    assert place(partner={"id": "ggz-2"}) == "context.facts.partner.id"
    assert place(onbekend=1) == "context.facts"
    assert place(records=[{"field": 7}]) == "context.facts.records[0].field"
    for context in ({"purpose": "D02"}, {"purpose": "D02", "facts": [1]}):
        assert at_door(tester, TESTER, "evaluation", handed(context=context)).status_code == 400
    body = handed(subject=thing("user", "ggz-1/u-17"))
    assert answered(tester, TESTER, "evaluation", body)["context"]["error"]["status"] == 404


def test_a_casus_that_there_is_says_nothing_more_than_the_facts(tester: World) -> None:
    """The name of a real casus, of a real partner, in facts that are made up: decided on the facts alone."""
    real = tester.names[OPEN]["politie-noord"]
    body = handed(subject=me("politie-noord"), resource=thing("casus", real))
    facts = body["context"]["facts"]
    facts["partner"] |= {"id": "politie-noord", "kind": "politie"}
    facts["user"]["id"], facts["casus"]["id"], facts["records"] = "politie-noord-1", real, []
    found = answered(tester, TESTER, "evaluation", body)
    assert (found["decision"], found["context"]["released"]) == (False, [])
    made_up = json.loads(json.dumps(body).replace(real, "c-1"))
    assert answered(tester, TESTER, "evaluation", made_up)["context"] == found["context"]


def test_searches_on_facts_find_whom_they_are_about(tester: World) -> None:
    body = handed(subject={"type": "gebruiker"})
    assert answered(tester, TESTER, "subjects", body) == {"results": [thing("gebruiker", "ggz-1/u-17")]}
    body = handed(resource={"type": "veld", "properties": {"casus": "c-1"}})
    assert answered(tester, TESTER, "resources", body) == {
        "results": [{"type": "veld", "id": "c-1/politie_mutaties_samenvatting"}]
    }
    found = answered(tester, TESTER, "actions", {key: value for key, value in handed().items() if key != "action"})
    assert {"name": "lezen"} in found["results"]


def test_the_right_is_given_by_an_operator_and_has_dates(region: World) -> None:
    keeper = Recorder("fg-noord", "toezicht", "fg-noord-1", "privacy_officer")
    region.change_user("fg-noord", role="privacy_officer")
    change = UserChange({TESTS_POLICY: "true"})
    own = UserChange({"trained": "true"})
    region.hub.store.commit(
        lambda tx: register.record_user(tx, "fg-noord", "fg-noord-2", own, by=keeper, at=region.clock())
    )
    with pytest.raises(NotPermitted):
        region.hub.store.commit(
            lambda tx: register.record_user(tx, "fg-noord", "fg-noord-2", change, by=keeper, at=region.clock())
        )
    until = UserChange({TESTS_POLICY: "true"}, valid_until=region.clock.at.replace(hour=12))
    region.hub.store.commit(lambda tx: register.record_user(tx, TESTER, f"{TESTER}-1", until, by=BY, at=region.clock()))
    assert at_door(region, TESTER, "evaluation", handed()).status_code == 200
    region.clock.move(hours=1)
    assert at_door(region, TESTER, "evaluation", handed()).status_code == 403


@pytest.mark.parametrize(("change", "status"), [({TESTS_POLICY: "false"}, 403), ({"ended": "true"}, 401)])
def test_a_right_that_ended_in_another_process_has_ended_whatever_the_clock(
    tester: World, change: dict[str, str], status: int
) -> None:
    with opened(tester.settings, tester.names, Clock(AT + timedelta(seconds=58))) as ahead:
        assert at_door(tester, TESTER, "evaluation", handed()).status_code == 200
        ahead.change_user(TESTER, **change)
        assert at_door(tester, TESTER, "evaluation", handed()).status_code == status
