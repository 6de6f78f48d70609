"""AuthZEN at the hub's own doors: what it would release, on the one path, to the caller himself, and each is entered."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from hub.audit.decision_log import faults_of_decision
from hub.audit.processing import ADL, LDV
from hub.errors import EngineUnavailable
from tests.authzen import PATHS, Body, at_door, me, question, thing
from tests.integration.test_hiding import UNKNOWN, _warm, counted
from tests.region import CLOSED_TABLE, OPEN, World, foreign_name
from tests.region import region as region  # noqa: PLC0414 - the fixture

TRACE, SPAN = "8d0c2a2f0d4f4a0c9a7b5f1e2c3d4e5f", "00f067aa0ba902b7"
FSC = "0195b1a0-7c2e-7d3a-9f10-2b6c4d8e1f00"


def answered(region: World, partner: str, door: str, body: Any, **more: Any) -> Any:
    answer = at_door(region, partner, door, body, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def decisions(region: World, first: int) -> list[Mapping[str, Any]]:
    """The records of the decision log that came with the entries from `first` on."""
    with region.hub.store.snapshot() as moment:
        found, _ = region.hub.log.records(moment, "", "9999", first, region.hub.log.head(moment).size)
    return [parts[ADL] for parts in found if parts is not None and ADL in parts]


@pytest.mark.parametrize("partner", ["politie-noord", "ggz-noord", "gemeente-noord"])
@pytest.mark.parametrize("action", ["lezen", "export"])
def test_an_evaluation_says_what_a_look_gives_and_no_value(region: World, partner: str, action: str) -> None:
    look = region.ask(partner, action=action).json()
    first = region.size()
    answer = at_door(region, partner, "evaluation", question(region, partner, action=action))
    told = answer.json()
    context = told["context"]
    assert told["decision"] is bool(look["gegevens"])
    assert [(one["field"], one["source"], one["level"], one["legal_basis"]) for one in context["released"]] == [
        (one["veld"], one["bron"], one["niveau"], one["grondslag"]) for one in look["gegevens"]
    ]
    assert all(
        set(one) == {"field", "source", "level", "legal_basis", "secrecy_exception"} for one in context["released"]
    )
    assert [(one["field"], one["code"]) for one in context["refusals"]] == [
        (one["veld"], reason["code"]) for one in look["geweigerd"] for reason in one["redenen"]
    ]
    assert [one["type"] for one in context["obligations"]] == [one["soort"] for one in look["verplichtingen"]]
    assert context["policy_revision"] == look["beleid"]
    values = {json.dumps(one["waarde"]) for one in look["gegevens"] if isinstance(one["waarde"], str)}
    assert not [value for value in values if len(value) > 12 and value[1:-1] in answer.text]
    (entry,) = region.entries(first)
    assert (entry[0]["soort"], entry[0]["actie"], entry[0]["doel"]) == ("toets", action, "D02")
    assert {line["veld"] for line in entry[0]["gegevens"]} == {one["field"] for one in context["released"]}


def test_one_field_is_a_resource_too(region: World) -> None:
    casus = region.names[OPEN]["politie-noord"]
    body = {**question(region, "politie-noord"), "resource": thing("veld", f"{casus}/naam")}
    found = answered(region, "politie-noord", "evaluation", body)
    assert found["decision"] is True
    assert {one["field"] for one in found["context"]["released"]} == {"naam"}
    body["resource"] = thing("veld", f"{casus}/diagnose_dsm")
    assert answered(region, "politie-noord", "evaluation", body)["decision"] is False


@pytest.mark.parametrize("context", [{}, {"purpose": "X99"}, {"purpose": 7}, {"purpose": "Jan Jansen, 999990019"}])
def test_without_a_purpose_that_there_is_nothing_is_let(region: World, context: Body) -> None:
    first = region.size()
    body = {**question(region, "politie-noord"), "context": context}
    found = answered(region, "politie-noord", "evaluation", body)
    assert found["decision"] is False
    assert [(one["field"], one["code"]) for one in found["context"]["refusals"]] == [("*", "E_DOEL")]
    assert "Jansen" not in json.dumps(region.entries(first))


def test_hidden_and_unknown_are_one_answer_and_one_amount_of_work(
    region: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = foreign_name(region.hub, "politie-noord", region.casus_id(CLOSED_TABLE))
    # Others are at work in their casus: what they leave behind in caches must not show.
    assert region.released("forfact-noord", casus=CLOSED_TABLE)
    answers, work, lines = {}, {}, {}
    for what, name in {"unknown": UNKNOWN, "of others": hidden, "no name": "x"}.items():
        _warm(region)
        with counted(region, monkeypatch) as work[what]:
            answer = at_door(region, "politie-noord", "evaluation", question(region, "politie-noord", casus=name))
        answers[what] = (answer.status_code, answer.content)
        lines[what] = {**region.entries(region.size() - 1)[0][0], "tijdstip": None}
    assert len(set(answers.values())) == 1, answers
    error = {"status": 404, "message": "Deze casus is bij ons niet bekend."}
    assert json.loads(answers["unknown"][1]) == {"decision": False, "context": {"error": error}}
    for what, one in work.items():
        assert (one.asked, one.entries) == (1, 1)
        assert sorted(one.statements) == sorted(work["unknown"].statements), what
        assert lines[what] == lines["unknown"]


def test_what_there_is_not_is_denied_and_entered(region: World) -> None:
    for changed in (
        {"resource": thing("spaceship", "x")},
        {"resource": thing("veld", "zonder-casus")},
        {"action": {"name": "can_delete_todo"}},
        {"action": {"name": "verstrekken"}},
    ):
        first = region.size()
        found = answered(region, "politie-noord", "evaluation", {**question(region, "politie-noord"), **changed})
        assert (found["decision"], found["context"]["error"]["status"]) == (False, 404)
        ((told, _),) = region.entries(first)
        assert (told["soort"], told["aanroep"], told["fout"]) == ("geweigerd", "toets", "onbekend")


def test_fields_out_of_shape_are_a_bad_request_and_entered(region: World) -> None:
    body = question(region, "politie-noord")
    for fields in ([], ["Naam van iemand"], "naam", [7], ["naam"] * 300):
        first = region.size()
        body["resource"]["properties"]["velden"] = fields
        answer = at_door(region, "politie-noord", "evaluation", body)
        assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "resource.properties.velden")
        assert [told["fout"] for told, _ in region.entries(first)] == ["verkeerde-vorm"]


def test_several_stop_where_the_semantic_says_and_each_has_its_entry(region: World) -> None:
    casus = region.names[OPEN]["politie-noord"]
    yes, no = ({"resource": thing("veld", f"{casus}/{field}")} for field in ("naam", "diagnose_dsm"))
    common = {key: value for key, value in question(region, "politie-noord").items() if key != "resource"}

    def asked(semantic: str, *items: Any) -> tuple[list[bool], int]:
        first = region.size()
        options = {"options": {"evaluations_semantic": semantic}}
        found = answered(region, "politie-noord", "evaluations", {**common, **options, "evaluations": list(items)})
        entries = region.entries(first)
        told, internal = entries[-1]
        numbers = list(range(first, first + len(entries) - 1))
        given = [one["decision"] for one in found["evaluations"]]
        assert (told["soort"], told["toetsen"], told["beslissingen"]) == ("toetsen", numbers, given)
        assert internal["entries"] == numbers
        (record,) = decisions(region, first)
        assert record["event_name"] == "adl.access_evaluations"
        assert record["attributes"]["adl.core.response"] == {"hub-log": numbers}
        assert faults_of_decision(record) == []
        return given, len(numbers)

    assert asked("execute_all", yes, no, {}, yes) == ([True, False, False, True], 4)
    assert asked("deny_on_first_deny", yes, no, yes) == ([True, False], 2)
    assert asked("deny_on_first_deny", yes, {"subject": "ik"}, yes) == ([True, False], 2)
    assert asked("permit_on_first_permit", no, {"subject": me("ggz-noord")}, yes, no) == ([False, False, True], 3)
    assert asked("execute_all", {**no, "context": {"purpose": "X99"}}, yes) == ([False, True], 2)
    wrong = {**common, "options": {"evaluations_semantic": "coin"}, "evaluations": [yes]}
    assert at_door(region, "politie-noord", "evaluations", wrong).status_code == 400


def test_ten_thousand_in_one_call_are_refused_before_any_is_decided(region: World) -> None:
    body = question(region, "politie-noord")
    first = region.size()
    for many in (10_000, 101):
        answer = at_door(region, "politie-noord", "evaluations", {**body, "evaluations": [{}] * many})
        assert (answer.status_code, answer.json()["code"]) == (400, "verkeerde-vorm")
    assert region.size() == first
    found = answered(region, "politie-noord", "evaluations", {**body, "evaluations": [{}] * 100})
    assert len(found["evaluations"]) == 100
    assert region.size() == first + 101


# --- searches ---


def test_a_caller_finds_himself_and_nobody_else(region: World) -> None:
    body = {
        **question(region, "politie-noord", "naam"),
        "subject": {"type": "gebruiker", "id": "ggz-noord/ggz-noord-1"},
    }
    first = region.size()
    assert answered(region, "politie-noord", "subjects", body) == {"results": [me("politie-noord")]}
    assert [told["soort"] for told, _ in region.entries(first)] == ["toets"]
    assert [one["event_name"] for one in decisions(region, first)] == ["adl.search_subject"]
    assert answered(region, "politie-noord", "subjects", {**body, "subject": {"type": "spaceship"}}) == {"results": []}
    denied = {**body, "resource": thing("casus", region.names[OPEN]["politie-noord"], velden=["diagnose_dsm"])}
    assert answered(region, "politie-noord", "subjects", denied) == {"results": []}


def test_he_finds_the_fields_that_a_look_gives_and_the_casussen_he_names(region: World) -> None:
    mine, hidden = (
        region.names[OPEN]["politie-noord"],
        foreign_name(region.hub, "politie-noord", region.casus_id(CLOSED_TABLE)),
    )
    body = {**question(region, "politie-noord"), "resource": {"type": "veld", "properties": {"casus": mine}}}
    found = answered(region, "politie-noord", "resources", body)["results"]
    assert [one["id"] for one in found] == sorted({f"{mine}/{veld}" for veld, _ in region.released("politie-noord")})
    again = {**body, "resource": found[0]}
    assert answered(region, "politie-noord", "evaluation", again)["decision"] is True
    first = region.size()
    body["resource"] = {"type": "casus", "properties": {"casussen": [mine, hidden, UNKNOWN]}}
    assert answered(region, "politie-noord", "resources", body) == {"results": [{"type": "casus", "id": mine}]}
    assert [told["soort"] for told, _ in region.entries(first)] == ["toets"] * 3 + ["toetsen"]
    for nothing in ({"type": "casus"}, {"type": "veld"}, {"type": "spaceship"}):
        first = region.size()
        assert answered(region, "politie-noord", "resources", {**body, "resource": nothing}) == {"results": []}
        assert [told["soort"] for told, _ in region.entries(first)] == ["toetsen"]
    body["resource"]["properties"] = {"casussen": [mine] * 101}
    assert at_door(region, "politie-noord", "resources", body).status_code == 400
    assert at_door(region, "politie-noord", "resources", {**body, "subject": me("ggz-noord")}).status_code == 400


def test_he_finds_what_he_may_do_and_no_try_of_a_search_is_counted(region: World) -> None:
    casus = region.names[OPEN]["politie-noord"]
    body = {**question(region, "politie-noord"), "resource": thing("veld", f"{casus}/bejegeningsadvies")}
    del body["action"]
    first = region.size()
    found = answered(region, "politie-noord", "actions", body)["results"]
    assert [one["name"] for one in found] == ["lezen", "zoeken"], "no export to the police"
    assert [told["actie"] for told, _ in region.entries(first)[:-1]] == ["export", "lezen", "zoeken"]
    with region.hub.store.snapshot() as moment:
        assert moment.exec_driver_sql("SELECT count(*) FROM searches").scalar_one() == 0


# --- who may ---


def test_nobody_asks_without_a_token_or_twice_with_one_proof(region: World) -> None:
    body = question(region, "politie-noord")
    answer = region.send(None, "POST", "/evaluation", body, base=f"{region.settings.public_url}/access/v1")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    first = at_door(region, "politie-noord", "evaluation", body)
    sent = {name: first.request.headers[name] for name in ("DPoP", "Authorization")}
    size = region.size()
    assert at_door(region, "politie-noord", "evaluation", body, headers=sent).status_code == 401
    several = {**body, "evaluations": [{}, {}]}
    assert at_door(region, "politie-noord", "evaluations", several, headers=sent).status_code == 401
    assert region.size() == size


def test_who_has_ended_hears_nothing(region: World) -> None:
    at_door(region, "politie-noord", "evaluation", question(region, "politie-noord"))
    region.change_user("politie-noord", ended="true")
    for changed in ({}, {"resource": thing("spaceship", "x")}, {"subject": me("ggz-noord")}):
        body = {**question(region, "politie-noord"), **changed}
        assert at_door(region, "politie-noord", "evaluation", body).status_code == 401


# --- when the hub cannot answer, and what is accounted for ---


def test_an_engine_that_fails_has_refused_all_and_that_is_accounted_for(
    region: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise EngineUnavailable

    monkeypatch.setattr(region.hub.policy, "decide_canonical", fails)
    for door, many in (("evaluation", 1), ("evaluations", 2)):
        first = region.size()
        body = {**question(region, "politie-noord"), **({"evaluations": [{}, {}]} if many > 1 else {})}
        answer = at_door(region, "politie-noord", door, body)
        assert (answer.status_code, answer.json()["code"]) == (503, "beleid-niet-beschikbaar")
        assert [told["fout"] for told, _ in region.entries(first)] == ["beleid-niet-beschikbaar"] * many
        (record,) = decisions(region, first)
        assert (record["status"], faults_of_decision(record)) == ("Error", [])


def test_the_record_of_a_decision_goes_on_in_the_callers_trace(region: World) -> None:
    named = {"traceparent": f"00-{TRACE}-{SPAN}-00"}
    first = region.size()
    body = question(region, "ggz-noord", context=named)
    answered(region, "ggz-noord", "evaluation", body, headers={"Fsc-Transaction-Id": FSC})
    (record,) = decisions(region, first)
    assert (record["trace_id"], record["parent_span_id"]) == (TRACE, SPAN)
    assert (record["event_name"], record["status"]) == ("adl.access_evaluation", "Unset")
    assert record["attributes"]["adl.core.policies"] == {"hub": region.hub.policy.revision}
    assert record["attributes"]["adl.core.request"] == {"hub-log": [first]}
    assert record["attributes"]["adl.fsc.transaction_id"] == FSC
    assert faults_of_decision(record) == []
    header = {"traceparent": f"00-{'1' * 32}-{'2' * 16}-00"}
    answered(region, "ggz-noord", "evaluation", body, headers=header)
    assert decisions(region, first + 1)[0]["trace_id"] == "1" * 32, "the header counts before the context"
    with region.hub.store.snapshot() as moment:
        found, _ = region.hub.log.records(moment, "", "9999", first, first + 1)
    assert found[0] is not None
    assert found[0][LDV]["name"] == "Beoordelen of gegevens uit een casus vrij mogen komen"
    assert region.faults() == []


def test_identifiers_of_the_profile_and_addresses_are_taken_and_not_kept(region: World) -> None:
    body = question(region, "politie-noord")
    body["action"]["properties"] = {
        "processing_activity_id": "https://register.voorbeeld.nl/v/kanarie", "algorithm_id": "https://a.nl/kanarie",
    }  # fmt: skip
    body["context"] |= {"time": "1985-10-26T01:22-07:00", "mim": "https://m.nl/kanarie", "ld-context": {"x": "kanarie"}}
    body["subject"]["properties"] = {"role": "kanarie", "partner": "ggz-noord"}
    first = region.size()
    assert answered(region, "politie-noord", "evaluation", body)["decision"] is True
    assert "kanarie" not in json.dumps([region.entries(first), decisions(region, first)])


def test_without_a_tenant_there_is_none(region: World) -> None:
    assert region.get("/.well-known/authzen-configuration").status_code == 200
    assert region.get("/.well-known/authzen-configuration/interop").status_code == 404
    base = f"{region.settings.public_url}/interop/access/v1"
    assert region.send("politie-noord", "POST", "/evaluation", {}, base=base).status_code == 404
    assert region.hub.tenant is None


def test_the_description_names_the_doors_and_who_may_call_them(region: World) -> None:
    answer = region.get("/access/v1/openapi.json")
    document = answer.json()
    assert document["servers"][0]["url"] == f"{region.settings.public_url}/access/v1"
    assert set(document["paths"]) == set(PATHS.values())
    for path in document["paths"].values():
        assert path["post"]["security"] == [{"dpop": []}]
        assert "422" not in path["post"]["responses"]
