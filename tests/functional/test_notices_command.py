"""`hub meldingen`: what the hub itself found wrong is listed, without a value, and marked as done by an operator, once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.broker.guessing import PER_USER
from hub.casework import notices
from hub.cli.main import main
from tests.functional.at_hand import region_at_hand
from tests.integration.test_canaries import canary, found
from tests.region import (
    CLOSED_TABLE,
    OPEN,
    OWN_FORM,
    World,
    foreign_name,
)

OPERATOR = "demonstratie"
CARE, ASKER = "ggz-noord", "politie-noord"
QUESTION = {"doel": "D02", "velden": ["naam"]}
FIELDS = ("bejegeningsadvies", "crisisplan_kort")


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A hub of today, whose home is named to the command line."""
    with region_at_hand(tmp_path, monkeypatch, caches=False) as found:
        yield found


Listed = tuple[int, list[dict[str, Any]]]


def listed(capsys: pytest.CaptureFixture[str]) -> Listed:
    capsys.readouterr()
    status = main(["meldingen", "--json"])
    return status, json.loads(capsys.readouterr().out)


def settle(*ids: str, by: str = OPERATOR) -> int:
    return main(["meldingen", "afgehandeld", *ids, "--operator", by])


def sql(region: World, statement: str) -> None:
    region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(statement))


def a_field_does_not_open(region: World) -> None:
    """Two fields with canaries, of which nothing opens any more, are asked for."""
    document = {"velden": [{"veld": field, "niveaus": {"sam": canary(field)}} for field in FIELDS]}
    region.recorded(CARE, "leveringen", document, media=OWN_FORM)
    assert region.released(ASKER, *FIELDS) == {(field, "sam") for field in FIELDS}
    sql(region, "UPDATE sealed_fields SET sealed = zeroblob(length(sealed))")
    assert region.released(ASKER, *FIELDS) == set()


def too_many_searches(region: World) -> None:
    person = {"naam": canary("gezocht"), "geboortedatum": "1950-01-01"}
    for _ in range(PER_USER + 1):
        last = region.post(ASKER, "/zoekingen", {"doel": "D02", "persoon": person})
    assert last.status_code == 429


def a_casus_is_unreadable(region: World) -> None:
    sql(region, f"UPDATE dossiers SET sealed = zeroblob(64) WHERE casus = '{region.casus_id(CLOSED_TABLE)}'")  # noqa: S608
    assert region.ask("forfact-noord", casus=CLOSED_TABLE).status_code == 503


def test_each_kind_is_listed_newest_first_and_tells_no_value(
    region: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(region.hub.notices.open()) == []
    for happen in (a_field_does_not_open, too_many_searches, a_casus_is_unreadable):
        region.clock.move(seconds=1)
        happen(region)
    monkeypatch.setattr(notices, "_AT_ONCE", 1)
    status, (unreadable, burst, alarm) = listed(capsys)
    assert status == 0
    assert (unreadable["soort"], unreadable["partner"]) == ("onleesbaar", "forfact-noord")
    assert (burst["soort"], burst["partner"]) == ("zoekgrens", ASKER)
    assert (alarm["soort"], alarm["casus"], alarm["velden"], alarm["heleCasus"]) == (
        "alarm", region.casus_id(), 2, False,
    )  # fmt: skip
    assert alarm["bronnen"] == [{"partner": CARE, "casus": region.names[OPEN][CARE]}]
    assert main(["meldingen"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Open: 3\n")
    assert all(one["id"] in printed for one in (unreadable, burst, alarm))
    assert "velden die niet opengaan: 2\n" in printed
    assert "Vraag waarom" in printed
    told = {"lines": printed.encode(), "json": json.dumps([unreadable, burst, alarm]).encode()}
    planted = [canary(name) for name in ("gezocht", *FIELDS)]
    assert found(planted, told) == []
    assert not any(field in printed for field in FIELDS)


def test_a_casus_that_does_not_open_at_all_is_told_so(region: World, capsys: pytest.CaptureFixture[str]) -> None:
    casus = region.casus_id(CLOSED_TABLE)
    sql(region, f"UPDATE casus_seals SET own_key = zeroblob(60) WHERE casus = '{casus}'")  # noqa: S608
    outside = foreign_name(region.hub, ASKER, casus)
    assert region.post(ASKER, f"/casussen/{outside}/raadplegingen", QUESTION).status_code == 404
    _, (alarm,) = listed(capsys)
    assert (alarm["casus"], alarm["heleCasus"], alarm["velden"], alarm["bronnen"]) == (casus, True, 0, [])


def test_one_is_done_once_by_an_operator_and_entered(region: World, capsys: pytest.CaptureFixture[str]) -> None:
    too_many_searches(region)
    region.clock.move(seconds=1)
    a_casus_is_unreadable(region)
    unreadable, burst = region.hub.notices.open()
    first = region.size()
    for ids, by, said in (
        ([burst.id, "onbekend/niemand"], OPERATOR, "niet bekend"),
        ([burst.id], "niemand", "Alleen een bekende beheerder"),
    ):
        assert settle(*ids, by=by) == 2
        assert said in capsys.readouterr().err
    assert list(region.hub.notices.open()) == [unreadable, burst], "nothing of a refused call holds"
    assert settle(burst.id) == 0
    assert list(region.hub.notices.open()) == [unreadable]
    assert settle(burst.id) == 2
    assert "al afgehandeld" in capsys.readouterr().err
    (entered,) = [told for told, _ in region.entries(first)]
    assert (entered["soort"], entered["wat"], entered["gebruiker"]) == ("beheer", "melding", OPERATOR)
    assert (entered["melding"], entered["over"]) == (burst.id, "zoekgrens")
    assert region.faults() == []


@pytest.mark.parametrize("how", ["sleutel-vernietigd", "gaat-niet-open"])
def test_one_that_cannot_be_read_any_more_says_so(region: World, capsys: pytest.CaptureFixture[str], how: str) -> None:
    a_field_does_not_open(region)
    if how == "gaat-niet-open":
        sql(region, "UPDATE outbox SET sealed = zeroblob(64)")
    else:
        region.hub.keyring.destroy(f"log/{region.casus_id()}")
    (alarm,) = region.hub.notices.open()
    assert (alarm.content, alarm.casus, alarm.fields, alarm.sources) == (how, region.casus_id(), 0, ())
    assert main(["meldingen"]) == 0
    assert ("vernietigd" if how == "sleutel-vernietigd" else "gaat niet open") in capsys.readouterr().out
