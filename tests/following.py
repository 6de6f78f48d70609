"""What the tests of obligations share: the list of a partner, and saying that one is done."""

from typing import Any

import httpx

from tests.region import World


def listed(world: World, partner: str, query: str = "", **more: Any) -> list[dict[str, Any]]:
    """What a partner has to carry out, newest first."""
    answer = world.send(partner, "GET", f"/verplichtingen{query}", media=None, **more)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["verplichtingen"]
    return found


def of_type(world: World, partner: str, type_: str) -> list[dict[str, Any]]:
    """Those of one type."""
    return [one for one in listed(world, partner) if one["soort"] == type_]


def settled(world: World, partner: str, id_: str, word: str, **more: Any) -> httpx.Response:
    """Say what became of one."""
    return world.post(partner, f"/verplichtingen/{id_}/afhandelingen", {"uitkomst": word, **more})
