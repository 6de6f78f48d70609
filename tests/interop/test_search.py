"""The search demonstration of AuthZEN: its rules read a second time, in Python, and every search compared with them."""

import json
from itertools import product

import pytest

from tests.authzen import Sender, thing
from tests.interop.conftest import POLICY

DATA = json.loads((POLICY / "interop/data.json").read_text())
USERS = {name: DATA["subjects"]["user"][name] for name in ("alice", "bob", "carol", "dan", "erin", "felix")}
RECORDS = {id_: one for id_, one in DATA["resources"]["record"].items() if "owner" in one}
ACTIONS = ("view", "edit", "delete")


def may(user: str, action: str, record: str) -> bool:
    who, what = USERS[user], RECORDS[record]
    owns, same, leads = what["owner"] == user, what["department"] == who["department"], who["role"] == "manager"
    may_do: dict[str, bool] = {"view": owns or same or leads, "edit": owns or (leads and same), "delete": owns}
    return may_do[action]


@pytest.mark.parametrize("action", ACTIONS)
def test_who_may(tenant: Sender, action: str) -> None:
    for record in RECORDS:
        body = {"subject": {"type": "user"}, "action": {"name": action}, "resource": thing("record", record)}
        assert tenant.found("subjects", body) == [user for user in USERS if may(user, action, record)], record


def test_some_answers_as_they_were_published(tenant: Sender) -> None:
    def who(action: str, record: str) -> list[str]:
        body = {"subject": {"type": "user"}, "action": {"name": action}, "resource": thing("record", record)}
        return tenant.found("subjects", body)

    assert who("view", "105") == ["alice", "bob", "carol", "dan", "erin"]
    assert who("edit", "110") == ["alice", "dan"]
    assert who("edit", "115") == ["carol", "dan"]
    assert who("delete", "115") == ["carol"]
    body = {"subject": thing("user", "erin"), "action": {"name": "view"}, "resource": {"type": "record"}}
    assert tenant.found("resources", body) == ["105", "111", "115", "117"]
    done = {"subject": thing("user", "dan"), "resource": thing("record", "115")}
    assert tenant.found("actions", done) == ["view", "edit"]
    assert tenant.found("actions", {**done, "subject": thing("user", "erin"), "resource": thing("record", "118")}) == []


@pytest.mark.parametrize("user", sorted(USERS))
def test_which_records_and_which_actions(tenant: Sender, user: str) -> None:
    subject = thing("user", user)
    for action in ACTIONS:
        body = {"subject": subject, "action": {"name": action}, "resource": {"type": "record", "id": "ignored"}}
        found = tenant.found("resources", body)
        assert [id_ for id_ in found if id_ in RECORDS] == [id_ for id_ in RECORDS if may(user, action, id_)]
    for record in RECORDS:
        found = tenant.found("actions", {"subject": subject, "resource": thing("record", record)})
        assert found == [action for action in ACTIONS if may(user, action, record)]


def test_what_is_unknown_is_not_found(tenant: Sender) -> None:
    for kind, action, record in product(("user", "spaceship"), ("view", "beam"), ("101", "999")):
        body = {"subject": {"type": kind}, "action": {"name": action}, "resource": thing("record", record)}
        assert bool(tenant.found("subjects", body)) == ((kind, action, record) == ("user", "view", "101"))
    body = {"subject": thing("user", "nobody"), "action": {"name": "view"}, "resource": {"type": "record"}}
    assert tenant.found("resources", body) == []
    assert tenant.found("actions", {"subject": thing("user", "nobody"), "resource": thing("record", "101")}) == []
