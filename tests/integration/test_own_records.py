"""What a partner itself put on file: its own records alone, ended ones with their end, page by page."""

from typing import Any

import pytest

from tests.region import CLOSED_TABLE, OPEN, World, foreign_name

SOURCE = "wonen-noord"
"""Supplies about its tenant, and may ask nothing in a Zorg- en Veiligheidshuis."""


def own(world: World, partner: str, *, name: str | None = None, query: str = "", status: int = 200) -> dict[str, Any]:
    """A page of own records."""
    path = f"/casussen/{name or world.names[OPEN][partner]}/vastleggingen{query}"
    answer = world.send(partner, "GET", path, media=None)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def every(world: World, partner: str, **more: Any) -> list[dict[str, Any]]:
    """All of them, by pages of two."""
    found: list[dict[str, Any]] = []
    query = "?aantal=2"
    while True:
        page = own(world, partner, query=query, **more)
        assert len(page["vastleggingen"]) == 2 or page["volgende"] is None
        found += page["vastleggingen"]
        if page["volgende"] is None:
            return found
        query = f"?aantal=2&cursor={page['volgende']}"


def test_a_partner_sees_its_own_records_newest_first(region: World) -> None:
    region.clock.move(hours=1)
    mine = region.recorded("ggz-noord", "relaties", {"partner": "ggz-noord", "relatie": "zorgverantwoordelijke"})
    theirs = region.recorded("gemeente-noord", "informeringen", {"partner": "ggz-noord"})
    found = every(region, "ggz-noord")
    assert found[0] == {
        "id": mine["id"],
        "soort": "relatie",
        "vastgelegdOp": mine["vastgelegdOp"],
        "beeindigdOp": None,
    }
    assert [record["soort"] for record in found] == ["relatie", "toestemming", "relatie"]
    assert theirs["id"] not in {record["id"] for record in found}
    assert len({record["id"] for record in found}) == len(found)


def test_an_ended_record_says_when(region: World) -> None:
    before = own(region, "ggz-noord")["vastleggingen"]
    consent = next(record for record in before if record["soort"] == "toestemming")
    region.clock.move(hours=1)
    ending = region.recorded("ggz-noord", f"toestemmingen/{consent['id']}/beeindigingen", None)
    after = own(region, "ggz-noord")["vastleggingen"]
    assert [record["beeindigdOp"] for record in after if record["id"] == consent["id"]] == [ending["vastgelegdOp"]]
    # The ending itself shows as an end, not as a record.
    assert len(after) == len(before)


def test_a_source_that_may_not_ask_finds_and_ends_its_own(region: World) -> None:
    name = region.recorded("zvh-noord", "relaties", {"partner": SOURCE, "relatie": "verhuurt"})["pseudoniemVanPartner"]
    body = {"grondslag": "huur", "partner": SOURCE, "doelen": ["D07"], "groepen": ["G03"]}
    assert region.post(SOURCE, f"/casussen/{name}/grondslagen", body).status_code == 201
    asked = {"doel": "D07", "velden": ["*"]}
    assert region.post(SOURCE, f"/casussen/{name}/raadplegingen", asked).status_code == 404
    (record,) = own(region, SOURCE, name=name)["vastleggingen"]
    ended = region.post(SOURCE, f"/casussen/{name}/grondslagen/{record['id']}/beeindigingen")
    assert ended.status_code == 201
    assert own(region, SOURCE, name=name)["vastleggingen"][0]["beeindigdOp"] is not None


def test_it_is_entered(region: World) -> None:
    size = region.size()
    shown = own(region, "ggz-noord", query="?aantal=1")["vastleggingen"]
    (told, internal), *more = region.entries(size)
    assert more == []
    assert (told["soort"], told["partner"], told["vastleggingen"]) == ("overzicht", "ggz-noord", [shown[0]["id"]])
    assert internal == {"casus": region.casus_id()}


def test_unknown_and_foreign_casus_look_the_same(region: World) -> None:
    found = []
    for name in ("a" * 52, foreign_name(region.hub, "politie-noord", region.casus_id(CLOSED_TABLE))):
        size = region.size()
        answer = own(region, "politie-noord", name=name, status=404)
        found.append((answer, [told for told, _ in region.entries(size)]))
    assert found[0] == found[1]
    assert found[0][0]["code"] == "onbekend"


@pytest.mark.parametrize("attribute", ["designated", "screened", "trained", "bound_to_secrecy"])
def test_who_reads_must_count_as_a_reader(region: World, attribute: str) -> None:
    region.change_user("ggz-noord", **{attribute: "false"})
    assert own(region, "ggz-noord", status=403)["code"] == "niet-toegestaan"


def test_a_cursor_is_of_one_casus_and_one_partner(region: World) -> None:
    cursor = own(region, "gemeente-noord", query="?aantal=1")["volgende"]
    for partner, casus in (("zvh-noord", OPEN), ("ggz-noord", OPEN), ("ggz-noord", CLOSED_TABLE)):
        name = region.names[casus][partner]
        answer = own(region, partner, name=name, query=f"?cursor={cursor}", status=400)
        assert answer["fouten"][0]["plaats"] == "cursor"
