"""What the tests of a failing policy engine share: how every door refuses, and how the hub is when it is well again."""

import httpx

from tests.pushing import HOUSING, SENDER, fetch, stored
from tests.region import World

CODE = "beleid-niet-beschikbaar"
ASKER = "politie-noord"


def refused(answer: httpx.Response) -> None:
    """What an asker hears when the engine cannot answer."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "5"
    body = answer.json()
    assert (body["code"], body["status"], body["type"]) == (CODE, 503, f"urn:hub:probleem:{CODE}")
    assert set(body) == {"type", "title", "status", "detail", "code"}


def entered(world: World, first: int, kinds: list[str]) -> None:
    """Since `first` the log has these refusals and nothing else; none of them names a field that left."""
    told = [told for told, _ in world.entries(first)]
    assert [(one["soort"], one["fout"], one["gegevens"]) for one in told] == [(kind, CODE, []) for kind in kinds]


def unready(world: World) -> None:
    """Whoever watches the hub sees that it cannot answer now, and that it lives."""
    answer = world.get("/gereed")
    assert (answer.status_code, answer.json()["code"]) == (503, "niet-gereed")
    assert answer.headers["content-type"] == "application/problem+json"
    assert world.get("/gezond").status_code == 200


def well(world: World) -> None:
    """The hub answers, and its log is whole."""
    ready = world.get("/gereed")
    assert ready.status_code == 200, ready.text
    assert ("naam", "vol") in world.released(ASKER)
    assert world.faults() == []


def every_door_refuses(world: World, id_: str) -> None:
    """Asking, exporting, searching, sending, fetching: 503, one entry each, and nothing was done by half."""
    first, waiting = world.size(), stored(world)
    answers = {
        "raadpleging": world.ask(ASKER),
        "raadpleging ": world.ask(ASKER, "naam", action="export"),
        "zoeking": world.post("gemeente-noord", "/zoekingen", {"doel": "D02", "kenmerk": "zvh-gemeente-noord"}),
        "verstrekking": world.on(SENDER, "verstrekkingen", HOUSING, key=f"deur-sturen-{first}"),
        "ontvangst": fetch(world, id_, key=f"deur-ophalen-{first}"),
    }
    for answer in answers.values():
        refused(answer)
    entered(world, first, [kind.strip() for kind in answers])
    assert stored(world) == waiting
    unready(world)
