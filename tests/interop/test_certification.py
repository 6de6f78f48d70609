"""The certification scenario of AuthZEN 1.0: the messages that must be taken, and those that must be refused."""

import json
from typing import Any

import httpx
import pytest

from hub.api.authzen import BASE, TENANT
from tests.authzen import Body, Sender, thing
from tests.region import Server

ALICE, BOB, ADMIN = thing("user", "alice"), thing("user", "bob"), thing("user", "bob", role="admin")
RECORD, ARCHIVED = thing("record", "record-1"), thing("record", "record-2", status="archived")
READ, WRITE = {"name": "read"}, {"name": "write"}
TIME = {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}
PLAIN: Body = {"subject": ALICE, "action": READ, "resource": RECORD}


@pytest.mark.parametrize("context", [None, TIME])
def test_the_eight_decisions(tenant: Sender, context: Body | None) -> None:
    more = {"context": context} if context else {}
    soft, hard = ({"name": "delete", "properties": {"soft": soft}} for soft in (True, False))
    asked: list[tuple[Body, Body, Body]] = [
        (ALICE, READ, RECORD), (ALICE, WRITE, RECORD), (BOB, READ, RECORD), (BOB, WRITE, RECORD),
        (ALICE, WRITE, ARCHIVED), (ADMIN, WRITE, ARCHIVED), (ALICE, soft, RECORD), (ALICE, hard, RECORD),
    ]  # fmt: skip
    found = [tenant.decision(*one, **more) for one in asked]
    assert found == [True, True, True, False, False, True, True, False]


def test_what_is_not_known_is_ignored(tenant: Sender) -> None:
    assert tenant.answered("evaluation", {**PLAIN, "foo": "bar", "futureField": {"nested": True}}) == {"decision": True}
    more = {
        "subject": thing("user", "alice", department="Sales", role="manager"),
        "resource": thing("record", "record-1", status="active", owner="bob"),
    }
    assert tenant.answered("evaluation", {**PLAIN, **more})["decision"] is True


def _without(key: str, part: str | None = None) -> Body:
    body = json.loads(json.dumps(PLAIN))
    del (body if part is None else body[part])[key]
    found: Body = body
    return found


@pytest.mark.parametrize(
    "body",
    [
        _without("subject"), _without("action"), _without("resource"), _without("type", "subject"),
        _without("id", "subject"), _without("name", "action"), _without("type", "resource"),
        _without("id", "resource"), {**PLAIN, "subject": "alice"}, {**PLAIN, "action": {"name": 123}},
        b"{", b"", b"[]", b'{"subject": 1, "subject": 2}', {**PLAIN, "context": "now"},
        {**PLAIN, "subject": thing("user", "\ud800")},
    ],
)  # fmt: skip
@pytest.mark.parametrize("door", ["evaluation", "evaluations"])
def test_what_is_out_of_shape_is_a_bad_request(tenant: Sender, door: str, body: Any) -> None:
    answer = tenant.send(door, body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json"), answer.text


def test_another_content_type_is_a_bad_request(tenant: Sender) -> None:
    assert tenant.send("evaluation", PLAIN, {"Content-Type": "text/plain"}).status_code == 400


def test_the_request_id_comes_back(tenant: Sender) -> None:
    named = {"X-Request-ID": "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"}
    for body in (PLAIN, b"{"):
        assert tenant.send("evaluation", body, named).headers["x-request-id"] == named["X-Request-ID"]
    assert "x-request-id" not in tenant.send("evaluation", PLAIN).headers
    again = [tenant.answered("evaluation", PLAIN) for _ in range(3)]
    assert again == [{"decision": True}] * 3


def test_several_in_one_call(tenant: Sender) -> None:
    several: list[tuple[Body, list[bool]]] = [
        ({"subject": BOB, "resource": RECORD, "evaluations": [{"action": READ}, {"action": WRITE}]}, [True, False]),
        ({"evaluations": [PLAIN, {"subject": BOB, "action": WRITE, "resource": RECORD}]}, [True, False]),
        ({"action": WRITE, "resource": ARCHIVED, "evaluations": [{"subject": ALICE}, {"subject": ADMIN}]}, [False, True]),
        ({"subject": ALICE, "action": READ, "evaluations": [{"resource": RECORD}, {}]}, [True, False]),
        ({"subject": ALICE, "action": READ, "evaluations": [7, {"resource": RECORD}]}, [False, True]),
        ({"subject": ALICE, "action": READ, "context": TIME,
          "evaluations": [{"resource": RECORD}, {"resource": RECORD, "context": {"source": "override"}}]}, [True, True]),
    ]  # fmt: skip
    for body, expected in several:
        assert tenant.decisions(body) == expected
    without: list[Body] = [{}, {"evaluations": []}]
    for evaluations in without:
        assert tenant.answered("evaluations", {**PLAIN, **evaluations}) == {"decision": True}


def test_searches(tenant: Sender) -> None:
    of_subjects = {"subject": {"type": "user"}, "action": READ, "resource": RECORD, "context": TIME}
    assert {"alice", "bob"} <= set(tenant.found("subjects", of_subjects))
    assert {"alice", "bob"} <= set(tenant.found("subjects", {**of_subjects, "page": {"limit": 1}}))
    assert "bob" in tenant.found("subjects", {**of_subjects, "action": WRITE, "resource": ARCHIVED})
    of_resources = {"subject": ALICE, "action": READ, "resource": {"type": "record"}}
    assert "record-1" in tenant.found("resources", of_resources)
    assert "record-2" in tenant.found("resources", {**of_resources, "subject": ADMIN, "action": WRITE})
    assert {"read", "write"} <= set(tenant.found("actions", {"subject": ALICE, "resource": RECORD, "context": TIME}))
    assert "write" in tenant.found("actions", {"subject": ADMIN, "resource": ARCHIVED})


@pytest.mark.parametrize(
    ("door", "body"),
    [
        ("subjects", {"subject": {"type": "user"}, "resource": RECORD}),
        ("subjects", {"subject": {"type": "user"}, "action": READ, "resource": {"type": "record"}}),
        ("resources", {"action": READ, "resource": {"type": "record"}}),
        ("resources", {"subject": {"type": "user"}, "action": READ, "resource": {"type": "record"}}),
        ("actions", {"subject": ALICE}),
    ],
)
def test_a_search_out_of_shape_is_a_bad_request(tenant: Sender, door: str, body: Body) -> None:
    assert tenant.send(door, body).status_code == 400


@pytest.mark.parametrize("tenant_path", ["", f"/{TENANT}"])
def test_the_metadata_say_where(served: Server, tenant_path: str) -> None:
    with httpx.Client(trust_env=False) as http:
        found = http.get(f"{served.base}/.well-known/authzen-configuration{tenant_path}")
    assert (found.status_code, found.headers["content-type"]) == (200, "application/json")
    base = f"{served.base}{tenant_path}"
    assert found.json() == {
        "policy_decision_point": base,
        "access_evaluation_endpoint": f"{base}{BASE}/evaluation",
        "access_evaluations_endpoint": f"{base}{BASE}/evaluations",
        "search_subject_endpoint": f"{base}{BASE}/search/subject",
        "search_resource_endpoint": f"{base}{BASE}/search/resource",
        "search_action_endpoint": f"{base}{BASE}/search/action",
    }
