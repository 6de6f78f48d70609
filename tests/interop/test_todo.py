"""The Todo application of the AuthZEN interoperability scenario: what each user may do, one by one and several at once."""

import pytest

from tests.authzen import Body, Sender, thing

PIDS = {
    "rick": "CiRmZDA2MTRkMy1jMzlhLTQ3ODEtYjdiZC04Yjk2ZjVhNTEwMGQSBWxvY2Fs",
    "morty": "CiRmZDE2MTRkMy1jMzlhLTQ3ODEtYjdiZC04Yjk2ZjVhNTEwMGQSBWxvY2Fs",
    "summer": "CiRmZDI2MTRkMy1jMzlhLTQ3ODEtYjdiZC04Yjk2ZjVhNTEwMGQSBWxvY2Fs",
    "beth": "CiRmZDM2MTRkMy1jMzlhLTQ3ODEtYjdiZC04Yjk2ZjVhNTEwMGQSBWxvY2Fs",
    "jerry": "CiRmZDQ2MTRkMy1jMzlhLTQ3ODEtYjdiZC04Yjk2ZjVhNTEwMGQSBWxvY2Fs",
}
MAIL = {name: f"{name}@{'the-citadel' if name in ('rick', 'morty') else 'the-smiths'}.com" for name in PIDS}
SOME_TODO = "7240d0db-8ff0-41ec-98b2-34a096273b9f"
# (create, update another's, update his own, delete another's, delete his own); everyone reads users and todos.
MAY = {
    "rick": (True, True, True, True, True),
    "morty": (True, False, True, False, True),
    "summer": (True, False, True, False, True),
    "beth": (False, False, False, False, False),
    "jerry": (False, False, False, False, False),
}
OF_ANOTHER = {"rick": "morty", "morty": "rick", "summer": "rick", "beth": "rick", "jerry": "rick"}


def todo(owner: str) -> Body:
    return thing("todo", SOME_TODO, ownerID=MAIL[owner])


@pytest.mark.parametrize("named", [PIDS, MAIL], ids=["pid", "mail"])
@pytest.mark.parametrize("name", sorted(PIDS))
def test_each_user_may_what_his_roles_say(tenant: Sender, name: str, named: dict[str, str]) -> None:
    user, another = thing("user", named[name]), OF_ANOTHER[name]
    assert tenant.decision(user, "can_read_user", thing("user", MAIL["beth"]))
    assert tenant.decision(user, "can_read_user", thing("user", PIDS[name]))
    assert tenant.decision(user, "can_read_todos", thing("todo", "todo-1"), context={})
    found = (
        tenant.decision(user, "can_create_todo", thing("todo", "todo-1")),
        tenant.decision(user, "can_update_todo", todo(another)),
        tenant.decision(user, "can_update_todo", todo(name)),
        tenant.decision(user, "can_delete_todo", todo(another)),
        tenant.decision(user, "can_delete_todo", todo(name)),
    )
    assert found == MAY[name]


@pytest.mark.parametrize(
    ("name", "owners", "expected"),
    [
        ("rick", ("rick", "jerry"), [True, True]),
        ("morty", ("rick", "morty"), [False, True]),
        ("summer", ("rick", "summer"), [False, True]),
        ("beth", ("rick", "beth"), [False, False]),
        ("jerry", ("rick", "jerry"), [False, False]),
    ],
)
def test_which_todos_can_be_completed_in_one_call(
    tenant: Sender, name: str, owners: tuple[str, ...], expected: list[bool]
) -> None:
    body: Body = {
        "subject": thing("user", PIDS[name]), "action": {"name": "can_update_todo"}, "resource": {}, "context": {},
        "evaluations": [{"resource": todo(owner)} for owner in owners],
    }  # fmt: skip
    assert tenant.decisions(body) == expected


@pytest.mark.parametrize(
    ("semantic", "owners", "expected"),
    [
        ("execute_all", ("morty", "rick", "morty"), [True, False, True]),
        ("deny_on_first_deny", ("morty", "rick", "morty"), [True, False]),
        ("permit_on_first_permit", ("rick", "morty", "rick"), [False, True]),
    ],
)
def test_three_ways_to_answer_several(
    tenant: Sender, semantic: str, owners: tuple[str, ...], expected: list[bool]
) -> None:
    body: Body = {
        "subject": thing("user", PIDS["morty"]), "action": {"name": "can_update_todo"},
        "options": {"evaluations_semantic": semantic, "another_option": "value"},
        "evaluations": [{"resource": todo(owner)} for owner in owners],
    }  # fmt: skip
    assert tenant.decisions(body) == expected


def test_a_stranger_and_an_unknown_action_are_denied(tenant: Sender) -> None:
    assert not tenant.decision(thing("user", "evil-morty@the-citadel.com"), "can_read_todos", thing("todo", "todo-1"))
    assert not tenant.decision(thing("user", PIDS["rick"]), "can_eat_todo", thing("todo", "todo-1"))
    forged = thing("user", PIDS["beth"], roles=["evil_genius"], email=MAIL["rick"])
    assert not tenant.decision(forged, "can_update_todo", todo("rick")), "what is on file counts"
