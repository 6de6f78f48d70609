"""What the tests of obligations share: the list of a partner, and saying that one is done."""

from typing import Any

import httpx

from tests.region import OWN_FORM, World


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


def under_the_wvggz(world: World) -> None:
    """The ggz gives the police what it has to (Wvggz 8:29): a title, a zorgverantwoordelijke, the article, and a field."""
    world.recorded("ggz-noord", "relaties", {"partner": "ggz-noord", "relatie": "zorgverantwoordelijke"})
    world.recorded("gemeente-noord", "procedurestatussen", {"wet": "wvggz", "status": "titel_actief"})
    basis = {"grondslag": "wv30", "partner": "politie-noord", "doelen": ["D04"], "groepen": ["*"], "reden": "gevaar"}
    world.recorded("ggz-noord", "grondslagen", basis)
    status = {"velden": [{"veld": "zorgcontact_status", "niveaus": {"sam": "in zorg", "vol": "in zorg"}}]}
    assert world.on("ggz-noord", "leveringen", status, media=OWN_FORM).status_code == 201
