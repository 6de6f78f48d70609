"""Decisions of before are taken again on the facts of then: what the other policy would have said at the door."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.governance.candidate import Version, switches, unmet
from hub.governance.effect import CLOSED, ERASED, NOWHERE, Deciding, Difference, Effect
from hub.governance.parts import parts_of
from hub.governance.past import KINDS, Span
from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.embedded import EmbeddedEngine
from hub.pdp.pdp import PolicyDecisionPoint
from hub.store.casus import mark_destroyed
from tests.authzen import at_door, question
from tests.other_policy import other_policy
from tests.pushing import DERDE, base, fetch, pushed
from tests.pushing import YEAR as UNTIL
from tests.region import CLOSED_TABLE, OPEN, World, foreign_name, world
from tests.revised import changed_policy, without

UNKNOWN = "a" * 52
EVERYTHING = "0001-01-01T00:00:00.000000Z"
STRICTER = {"D02": {"G01": "sam", "G02": "-", "G07": "-"}, "D09": {"G05": "-"}}
ASKED = {"doel": "D02", "velden": ["*"]}
ASKERS = ("politie-noord", "ggz-noord", "gemeente-noord", "zvh-noord", "wonen-noord")


@pytest.fixture(params=[True, False], ids=["caches", "no caches"])
def region(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, caches=request.param) as found:
        yield found


def effect(region: World, policies: Path, since: str = EVERYTHING) -> Effect:
    """What `policies` would have done with all decisions so far."""
    hub, found, bundle = region.hub, Effect(), read_bundle(policies)
    deciding = Deciding(hub.store, hub.keyring, PolicyDecisionPoint(EmbeddedEngine(bundle)), switches(bundle))
    span = Span(since, region.size())
    for part in parts_of(hub.store, span):
        found.add(deciding.effect(part.log_keys, span))
    return found


def name_of(region: World, partner: str, casus: str) -> str:
    return region.names[casus].get(partner) or foreign_name(region.hub, partner, region.casus_id(casus))


def looked(region: World) -> None:
    """All partners ask everything for some purposes, of a casus of their own and of others, and of one that is none."""
    for partner in ASKERS:
        for purpose in ("D02", "D03", "D09"):
            for name in (name_of(region, partner, OPEN), name_of(region, partner, CLOSED_TABLE), UNKNOWN):
                body = {"doel": purpose, "velden": ["*"]}
                assert region.post(partner, f"/casussen/{name}/raadplegingen", body).status_code in (200, 404)
        region.clock.move(seconds=1)


def sent_and_searched(region: World) -> None:
    """A push that is fetched when the source has taken one of its fields back; a search that finds, and one that does not."""
    region.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["*"], "akkoordDoorgeven": True})
    region.recorded("zvh-noord", "geheimhoudingsverklaringen", {"partner": DERDE, "tot": UNTIL})
    base(region)
    sent = pushed(region)["zending"]
    assert fetch(region, sent).status_code == 201
    for bsn in ("999990019", _bsn(region)):
        region.post("ggz-noord", "/zoekingen", {"doel": "D02", "bsn": bsn})


def evaluated(region: World, partner: str = "politie-noord", **asked: str) -> None:
    """Only whether it would be let is asked: of which fields leave their names."""
    answer = at_door(region, partner, "evaluation", question(region, partner, **asked))
    assert answer.status_code == 200, answer.text


def _bsn(region: World) -> str:
    with region.hub.store.snapshot() as moment:
        state = region.hub.broker.judging.facts._states.of(moment, region.casus_id(), "ggz-noord")
    assert state.person is not None
    found: str = state.person["bsn"]
    return found


def decisions(region: World) -> int:
    return sum(told["soort"] in KINDS and "facts" in internal for told, internal in region.entries())


def test_the_same_policy_takes_every_decision_as_it_was(region: World) -> None:
    looked(region)
    sent_and_searched(region)
    for action in ("lezen", "zoeken", "export"):
        evaluated(region, action=action)
    looked(region)
    found = effect(region, default_directory())
    assert found.differences == []
    assert found.lost == Counter()
    assert found.seen == decisions(region) > 90
    kinds = Counter(told["soort"] for told, internal in region.entries() if "facts" in internal)
    assert kinds.keys() == set(KINDS), kinds
    assert found.asked[NOWHERE, "D02"] >= 2 * len(ASKERS)


def test_identical_facts_are_decided_once(region: World) -> None:
    looked(region)
    once = effect(region, default_directory())
    looked(region)
    twice = effect(region, default_directory())
    assert (twice.decided, twice.seen) == (once.decided, 2 * once.seen)
    assert 0 < once.decided < once.seen


def test_a_table_of_a_later_day_takes_no_part_and_is_named(region: World, tmp_path: Path) -> None:
    looked(region)
    later = changed_policy(tmp_path / "later", without("D02", "G01"), day="2027-07-01")
    found = effect(region, later)
    assert (found.differences, found.seen) == ([], decisions(region))
    assert unmet(read_bundle(later), found.moments) == [Version("need", "2027-07-01")]
    region.clock.move(days=200)
    looked(region)
    after = effect(region, later)
    assert after.differences
    assert unmet(read_bundle(later), after.moments) == []


@pytest.mark.parametrize("caches", [True, False], ids=["caches", "no caches"])
@pytest.mark.parametrize("wider", [False, True], ids=["stricter", "wider"])
def test_what_differs_is_what_the_door_would_have_said(tmp_path: Path, *, wider: bool, caches: bool) -> None:
    policies = [default_directory(), other_policy(tmp_path, **STRICTER)]
    before, after = reversed(policies) if wider else policies
    with world(tmp_path / "then", caches=caches, policies=before) as region:
        first = region.size()
        looked(region)
        then = region.entries(first)
        found = effect(region, after)
    with world(tmp_path / "now", policies=after) as region:
        looked(region)
        now = region.entries(first)
    wanted = []
    for idx, ((past, _), (new, _)) in enumerate(zip(then, now, strict=True), first):
        if changes := _changes(_levels(past), _levels(new)):
            wanted.append(Difference(idx, (past["partner"], past["doel"]), changes))
    assert sorted(found.differences, key=lambda one: one.idx) == wanted
    assert len(wanted) > 3
    kinds = {(level is None, other is None) for one in wanted for _, level, other in one.changes}
    assert kinds == {(False, False), (wider, not wider)}


def _levels(told: dict[str, Any]) -> dict[tuple[str, str], str]:
    return {(line["veld"], line["bron"]): line["niveau"] for line in told["gegevens"]}


def _changes(then: dict[tuple[str, str], str], now: dict[tuple[str, str], str]) -> tuple[Any, ...]:
    places = sorted(then.keys() | now.keys())
    changes = ((place[0], then.get(place), now.get(place)) for place in places)
    return tuple(dict.fromkeys(change for change in changes if change[1] != change[2]))


def test_what_would_be_let_is_decided_again_as_what_was_let(region: World, tmp_path: Path) -> None:
    first = region.size()
    evaluated(region)
    region.post("politie-noord", f"/casussen/{name_of(region, 'politie-noord', OPEN)}/raadplegingen", ASKED)
    found = effect(region, other_policy(tmp_path, **STRICTER))
    ours = {one.idx - first: one.changes for one in found.differences}
    assert ours.keys() == {0, 1}
    assert ours[0] == ours[1]


def test_only_decisions_since_an_instant_are_looked_at(region: World) -> None:
    looked(region)
    region.clock.move(hours=1)
    since = region.clock() - timedelta(seconds=1)
    assert region.released("politie-noord", "naam")
    found = effect(region, default_directory(), since.isoformat().replace("+00:00", ".000000Z"))
    assert found.asked == Counter({("politie-noord", "D02"): 1})


# --- what is kept ---


def kept(region: World) -> int:
    with region.hub.store.snapshot() as moment:
        found: int = moment.exec_driver_sql("SELECT count(*) FROM facts").scalar_one()
        return found


def test_facts_are_kept_once_for_a_casus_version_and_reader(region: World) -> None:
    first = kept(region)
    for purpose in ("D02", "D03"):
        for fields in (("naam",), ("*",), ("naam", "wijkagent")):
            region.ask("politie-noord", *fields, purpose=purpose)
    assert kept(region) == first + 1
    region.ask("ggz-noord", "naam")
    assert kept(region) == first + 2, "of another reader they are others"
    region.recorded("zvh-noord", "informeringen", {"partner": "politie-noord"})
    region.ask("politie-noord", "naam")
    assert kept(region) == first + 3, "and of another version of the casus"


def test_an_entry_that_fails_keeps_no_facts(region: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept(region)
    with monkeypatch.context() as broken:
        broken.setattr(region.hub.store, "_seal", lambda *_: 1 / 0)
        assert region.ask("politie-noord", "naam").status_code == 503
    assert kept(region) == first
    assert region.released("politie-noord", "naam")
    assert kept(region) == first + 1


def test_each_entry_of_a_decision_names_facts_that_are_there(region: World) -> None:
    looked(region)
    sent_and_searched(region)
    with region.hub.store.snapshot() as moment:
        names = set(moment.exec_driver_sql("SELECT digest FROM facts").scalars())
    assert names == {internal["facts"] for _, internal in region.entries() if "facts" in internal}


def test_facts_open_after_every_key_was_renewed(region: World) -> None:
    assert region.released("politie-noord", "naam")
    casus = region.casus_id()
    region.hub.store.commit(lambda tx: region.hub.compartments.rewrap(tx.connection, casus))
    with region.hub.store.snapshot() as moment:
        assert region.hub.compartments.drop_older(moment, casus)
    region.hub.keyring.rewrap_all("2")
    assert effect(region, default_directory()).asked["politie-noord", "D02"] == 1


def test_facts_of_a_destroyed_casus_are_gone_and_that_is_counted(region: World) -> None:
    assert region.released("politie-noord", "naam")
    assert region.released("forfact-noord", casus=CLOSED_TABLE)
    casus = region.casus_id()
    region.hub.store.commit(lambda tx: mark_destroyed(tx.connection, casus, "2027-01-10T12:00:00.000000Z"))
    region.hub.keyring.destroy(*region.hub.keyring.names(f"casus/{casus}/"))
    found = effect(region, default_directory())
    assert found.lost == Counter({ERASED: 1})
    assert found.asked["forfact-noord", "D02"] == 1
    with region.hub.store.snapshot() as moment:
        rows = moment.exec_driver_sql(f"SELECT count(*) FROM facts WHERE casus = '{casus}'")  # noqa: S608
        assert rows.scalar_one() == 0


@pytest.mark.parametrize(
    "damage",
    ["UPDATE facts SET sealed = zeroblob(64)", "DELETE FROM facts", "UPDATE log_entries SET internal = zeroblob(64)"],
)
def test_what_was_tampered_with_is_counted(region: World, damage: str) -> None:
    assert region.released("politie-noord", "naam")
    region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(damage))
    found = effect(region, default_directory())
    assert (found.asked, found.lost[CLOSED]) == (Counter(), found.seen)
