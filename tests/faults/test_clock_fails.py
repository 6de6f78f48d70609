"""The clock set back, a leap day, the hour that comes twice: entries stay in order, and what has ended stays ended."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.audit.onward import SLACK
from hub.identity.token_keys import LIFETIME
from tests.region import AT, OWN_FORM, Clock, World, make, opened, settings_of, world
from tests.region_plans import PLANS

ASKER, CARE = "politie-noord", "ggz-noord"
PLAN = "crisisplan_kort"
WITHOUT = (replace(PLANS[0], consents=()),)
"""The casus of the region before anybody consented to anything."""
LEAP = datetime(2028, 2, 29, 11, tzinfo=UTC)
TWICE = datetime(2027, 10, 31, 0, tzinfo=UTC)
"""02:00 in Amsterdam, summer time; an hour later it is 02:00 again."""
NEVER = datetime(2027, 3, 28, 0, tzinfo=UTC)
"""01:00 in Amsterdam; an hour later it is 03:00."""


@pytest.fixture
def amsterdam(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine itself keeps local time."""
    monkeypatch.setenv("TZ", "Europe/Amsterdam")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def _region(folder: Path, now: datetime) -> World:
    """A region made at `now`, and a hub on it whose clock stands there."""
    home = folder / "home"
    return World(settings_of(home), make(settings_of(home), now, WITHOUT), Clock(now))


def _consented(region: World, until: str) -> None:
    given = region.clock() - timedelta(days=1)
    body: dict[str, Any] = {
        "ontvangers": [ASKER], "doelen": ["D02"], "groepen": [PLAN], "gegevenOp": given.isoformat(),
        "tot": until, "wilsbekwaam": True, "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
    }  # fmt: skip
    region.recorded(CARE, "toestemmingen", body)


def _in_order(region: World) -> None:
    at = [told["tijdstip"] for told, _ in region.entries()]
    assert at == sorted(at)
    assert region.faults() == []


def test_a_clock_that_is_set_back_an_hour_decides_nothing_until_it_is_right(tmp_path: Path) -> None:
    region = _region(tmp_path, AT)
    _consented(region, (AT + timedelta(minutes=10)).isoformat())
    assert region.released(ASKER, PLAN)
    region.clock.move(minutes=30)
    assert not region.released(ASKER, PLAN)
    region.clock.move(hours=-1)
    _behind(region)
    region.close()
    # Not when the hub is started anew either.
    with opened(region.settings, region.names, Clock(AT - timedelta(minutes=30))) as again:
        _behind(again)
        again.clock.move(hours=1)
        assert again.get("/gereed").status_code == 200
        assert not again.released(ASKER, PLAN)
        assert again.released(ASKER, "naam")
        _in_order(again)


def _behind(region: World) -> None:
    size = region.size()
    document = {"velden": [{"veld": PLAN, "niveaus": {"sam": "anders"}}]}
    for answer in (region.ask(ASKER, PLAN), region.ask(ASKER), region.on(CARE, "leveringen", document, media=OWN_FORM)):
        assert (answer.status_code, answer.json()["code"]) == (503, "klok-loopt-achter")
        assert answer.headers["retry-after"] == "5"
        assert "gegevens" not in answer.json()
    ready = region.get("/gereed")
    assert ready.status_code == 503
    assert ready.json()["onderdeel"] == "klok"
    assert "klok" in ready.json()["detail"]
    assert region.size() == size


def test_while_a_clock_is_set_back_a_little_time_stands_still(region: World) -> None:
    region.clock.move(minutes=1)
    region.recorded(CARE, "bronvoorwaarden", {"velden": ["diagnose_dsm"], "veto": True})
    for _ in range(3):
        region.clock.move(seconds=-(SLACK.total_seconds() / 3))
        assert region.released(ASKER, "naam")
    _in_order(region)
    told = [told["tijdstip"] for told, _ in region.entries()][-3:]
    assert len(set(told)) == 1


@pytest.mark.parametrize("change", [TWICE, NEVER], ids=["twice", "never"])
def test_a_change_of_summer_time_changes_no_order_and_no_end(tmp_path: Path, amsterdam: None, change: datetime) -> None:
    """Ends are given in local time, with its offset: 02:30 comes twice, or not at all."""
    with opened_at(tmp_path, change) as region:
        local = (change + timedelta(minutes=90)).astimezone()
        _consented(region, local.isoformat())
        for minutes in (0, 30, 30, 29):
            region.clock.move(minutes=minutes)
            assert region.released(ASKER, PLAN), region.clock()
        region.clock.move(minutes=2)
        assert not region.released(ASKER, PLAN)
        region.clock.move(minutes=60)
        assert not region.released(ASKER, PLAN)
        _in_order(region)


class opened_at:  # noqa: N801 - reads as a statement
    """A region made at an instant, closed in the end."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder, self.now = folder, now

    def __enter__(self) -> World:
        self.region = _region(self.folder, self.now)
        return self.region

    def __exit__(self, *_: object) -> None:
        self.region.close()


def test_a_consent_that_ends_after_a_leap_day_holds_on_it(tmp_path: Path) -> None:
    with opened_at(tmp_path, LEAP) as region:
        _consented(region, "2028-03-01T00:00:00+01:00")
        region.clock.at = datetime(2028, 2, 29, 22, 59, tzinfo=UTC)
        assert region.released(ASKER, PLAN)
        region.clock.move(minutes=2)
        assert not region.released(ASKER, PLAN)
        _in_order(region)


def test_a_term_of_five_years_from_a_leap_day_ends_on_the_day_before_the_first_of_march(tmp_path: Path) -> None:
    """Wgs 1.8(7). The casus of a region is filed the day before the region stands."""
    with opened_at(tmp_path, LEAP + timedelta(days=1)) as region:
        region.clock.at = datetime(2033, 2, 28, 10, 59, tzinfo=UTC)
        assert region.released(ASKER, "naam")
        region.clock.move(minutes=2)
        assert not region.released(ASKER, "naam")
        _in_order(region)


def test_no_entry_is_dated_before_the_last_one_of_another_hub(tmp_path: Path) -> None:
    """A hub that starts beside another, with a clock that is an hour behind, waits until it is right."""
    with world(tmp_path) as one:
        one.clock.move(minutes=5)
        assert one.released(ASKER, "naam")
        with opened(one.settings, one.names, Clock(AT - timedelta(minutes=55))) as other:
            assert other.ask(ASKER, "naam").status_code == 503
            other.clock.move(hours=1)
            assert other.released(ASKER, "naam")
        _in_order(one)


def test_a_token_that_ended_stays_ended_when_the_clock_is_set_back_a_little(region: World) -> None:
    assert region.ask("ggz-noord", "naam").status_code == 200
    ((client, (token, _)),) = [(key, held) for key, held in region._tokens.items() if key[0] == "ggz-noord"]

    def with_the_old_token() -> int:
        region._tokens[client] = (token, region.clock())
        return region.ask("ggz-noord", "naam").status_code

    region.clock.move(seconds=LIFETIME + 20)
    assert with_the_old_token() == 401
    assert region.ask("gemeente-noord", "naam").status_code == 200
    region.clock.move(seconds=-45)
    assert with_the_old_token() == 401


def test_what_another_hub_found_ended_does_not_live_again(tmp_path: Path) -> None:
    """A hub that was asked nothing meanwhile, and whose clock was set back, does not know how late it is."""
    one = _region(tmp_path, AT)
    _consented(one, (AT + timedelta(minutes=10)).isoformat())
    with opened(one.settings, one.names, Clock(AT)) as other:
        other.numbered_from(5000)
        assert one.released(ASKER, PLAN)
        assert other.released(ASKER, PLAN)
        one.clock.move(minutes=30)
        assert not one.released(ASKER, PLAN)
        other.clock.move(minutes=2)
        # Asked whether it is ready, or asked for data: whichever comes first finds it.
        _behind(other)
        other.clock.move(minutes=28)
        assert not other.released(ASKER, PLAN)
        assert other.released(ASKER, "naam")
        _in_order(one)
    one.close()
