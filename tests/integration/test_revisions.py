"""A revision of the policy counts by two operators, for some partners first; every hub on the store follows at once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from hub.casework.operators import Who
from hub.crypto.signing import Signer
from hub.errors import Conflict, EngineUnavailable, NotFound, NotPermitted
from hub.governance.acts import Governing
from hub.pdp.bundle import read_bundle
from hub.store import operators
from hub.store.policy import add_act, newest_act
from hub.store.tables import policy_revisions
from tests import servers
from tests.region import AT, Clock, World, make, opened, settings_of, world
from tests.revised import MAKER, OTHER, Operators, changed_policy, without

THIRD = Signer(b"\x07" * 32)
POLICE, GGZ = "politie-noord", "ggz-noord"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[World, World]]:
    """Two hubs on one store."""
    if request.param == "sqlite":
        with world(tmp_path) as one, opened(one.settings, one.names, Clock(AT)) as other:
            yield one, other
        return
    server: servers.Postgres = request.getfixturevalue("postgres_server")
    data, keys = server.create(), server.create()
    settings = settings_of(tmp_path / "home", store_url=server.url(data), keys_url=server.url(keys))
    names = make(settings, AT)
    with opened(settings, names, Clock(AT)) as one, opened(settings, names, Clock(AT)) as other:
        yield one, other
    server.drop(data)
    server.drop(keys)


@pytest.fixture
def region(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as found:
        yield found


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A policy by which the casusoverleg does not need who it is about."""
    return changed_policy(tmp_path / "beleid", without("D02", "G01"))


def revision(place: World, partner: str) -> str:
    """The revision that decided, as the answer and the entry name it."""
    release = place.release(partner, "naam")
    assert place.entries(place.size() - 1)[0][1]["policy_revision"] == release.policy_revision
    return release.policy_revision


def gets_name(place: World, partner: str) -> bool:
    return bool(place.released(partner, "naam"))


def test_some_partners_come_first_then_all_and_one_act_takes_it_back(two: tuple[World, World], closed: Path) -> None:
    one, other = two
    operators_ = Operators.on_record(one.hub)
    own = one.hub.bundle.revision
    assert [gets_name(place, partner) for place in two for partner in (POLICE, GGZ)] == [True] * 4
    new = operators_.filed(closed)
    assert gets_name(other, POLICE)
    operators_.governing.activate(new, [POLICE], operators_.other)
    assert [gets_name(place, POLICE) for place in two] == [False, False]
    assert [gets_name(place, GGZ) for place in two] == [True, True]
    assert [revision(other, partner) for partner in (POLICE, GGZ)] == [new, own]
    operators_.governing.activate(new, None, operators_.other)
    assert [gets_name(place, GGZ) for place in two] == [False, False]
    operators_.governing.take_back(operators_.maker)
    assert [gets_name(place, partner) for place in two for partner in (POLICE, GGZ)] == [True] * 4
    acts = [told["handeling"] for told, _ in one.entries() if told.get("wat") == "beleid"]
    assert acts == ["zet-klaar", "activeer", "activeer", "neem-terug"]
    assert one.faults() == []
    assert other.get("/gereed").status_code == 200


def test_what_was_staged_is_taken_back_for_those_partners(region: World, closed: Path) -> None:
    operators_ = Operators.on_record(region.hub)
    operators_.governing.activate(operators_.filed(closed), [POLICE], operators_.other)
    operators_.governing.take_back(operators_.other)
    assert gets_name(region, POLICE)


def test_each_act_takes_back_one_revision_and_what_was_taken_back_stays_so(region: World, tmp_path: Path) -> None:
    operators_ = Operators.on_record(region.hub)
    first, second = (
        operators_.filed(changed_policy(tmp_path / f"beleid-{group}", without("D02", group)))
        for group in ("G01", "G03")
    )
    operators_.for_all(first, POLICE)
    operators_.for_all(second, POLICE)
    counting = [operators_.governing.take_back(operators_.other).everyone for _ in range(2)]
    assert counting == [first, None]
    with pytest.raises(Conflict):
        operators_.governing.take_back(operators_.other)


def test_the_maker_does_not_let_his_own_revision_count(region: World, closed: Path) -> None:
    operators_ = Operators.on_record(region.hub)
    new = operators_.filed(closed)
    # Nor does an operator who is one on the maker's word alone.
    region.hub.store.commit(lambda tx: operators.add_operator(tx.connection, "neef", b"\x03" * 32, "2027"))
    region.hub.store.commit(lambda tx: operators.add_vouch(tx.connection, "neef", b"\x03" * 32, "maker", "2027"))
    cousin = replace(operators_.maker, operator="neef")
    for who in (
        operators_.maker,
        Who("ander", MAKER, region.hub.now()),
        Who("niemand", OTHER, region.hub.now()),
        cousin,
    ):
        with pytest.raises(NotPermitted):
            operators_.governing.activate(new, [POLICE], who)
    with pytest.raises(NotPermitted):
        operators_.governing.take_back(Who("niemand", OTHER, region.hub.now()))
    assert revision(region, POLICE) == region.hub.bundle.revision


def test_one_change_at_a_time_and_none_for_all_at_once(region: World, closed: Path, tmp_path: Path) -> None:
    operators_ = Operators.on_record(region.hub)
    new, newer = operators_.filed(closed), operators_.filed(changed_policy(tmp_path / "b", without("D02", "G03")))
    activate = operators_.governing.activate
    for wrong, partners in ((new, None), ("sha256:0", [POLICE]), (new, ["niemand"]), (new, [])):
        with pytest.raises((Conflict, NotFound)):
            activate(wrong, partners, operators_.other)
    activate(new, [POLICE], operators_.other)
    for partners in (None, [GGZ]):
        with pytest.raises(Conflict):
            activate(newer, partners, operators_.other)
    activate(new, [POLICE, GGZ], operators_.other)
    assert not gets_name(region, GGZ)
    activate(new, None, operators_.other)
    with pytest.raises(Conflict):
        activate(new, [POLICE], operators_.other)
    with pytest.raises(Conflict):
        operators_.filed(closed)


def test_what_is_not_signed_as_it_stands_is_not_filed(region: World, closed: Path) -> None:
    operators_ = Operators.on_record(region.hub)
    packed = bytearray(operators_.packed(closed))
    packed[len(packed) // 2] ^= 1
    for wrong in (bytes(packed), b""):
        with pytest.raises(EngineUnavailable):
            operators_.governing.file(wrong, operators_.maker)


def test_what_an_ended_operator_filed_is_filed_anew_by_another_and_what_counts_goes_on(
    region: World, closed: Path, tmp_path: Path
) -> None:
    operators_ = Operators.on_record(region.hub)
    governing, author = operators_.governing, operators_.maker
    counts, waits = operators_.filed(closed), changed_policy(tmp_path / "b", without("D02", "G03"))
    operators_.for_all(counts, POLICE)
    governing.activate(operators_.filed(waits), [POLICE], operators_.other)
    region.hub.store.commit(lambda tx: operators.end_operator(tx.connection, "maker", author.at.isoformat()))
    # What was tried by the word of two goes on; he himself does nothing more.
    with opened(region.settings, region.names, Clock(AT)) as other:
        assert revision(other, GGZ) == counts
    with pytest.raises(NotPermitted):
        governing.take_back(author)
    governing.take_back(operators_.other)
    _third(region)
    third = replace(author, operator="derde", signer=THIRD)
    with pytest.raises(NotPermitted, match="opnieuw klaarzetten"):
        governing.activate(read_bundle(waits).revision, [POLICE], third)
    with pytest.raises(Conflict):
        governing.file(operators_.packed(closed), third)
    new = governing.file(operators_.packed(waits), third)
    governing.activate(new, [POLICE], operators_.other)
    assert [revision(region, one) for one in (POLICE, GGZ)] == [new, counts]


def _third(place: World) -> None:
    """Somebody who came in after: perhaps the one who ended, under another name."""
    place.hub.store.commit(lambda tx: operators.add_operator(tx.connection, "derde", THIRD.public, "2027"))


def spoiled_bundle(place: World) -> None:
    """The bundle on file is cut short."""
    changed = update(policy_revisions).values(bundle=b"\x1f\x8b")
    place.hub.store.commit(lambda tx: tx.connection.execute(changed))


def missing_bundle(place: World) -> None:
    place.hub.store.commit(lambda tx: tx.connection.execute(delete(policy_revisions)))


def forged_act(place: World) -> None:
    """Somebody who can write to the store, but holds no operator's key, lets another revision count."""
    with place.hub.store.snapshot() as moment:
        act = newest_act(moment)
    assert act is not None
    forged = replace(act, seq=act.seq + 1, everyone=act.revision, staged=None, partners=())
    place.hub.store.commit(lambda tx: add_act(tx.connection, forged))


def other_author(place: World) -> None:
    """The revision seems to be filed by another than who filed it."""
    changed = update(policy_revisions).values(author="ander")
    place.hub.store.commit(lambda tx: tx.connection.execute(changed))


@pytest.mark.parametrize("spoil", [spoiled_bundle, missing_bundle, forged_act, other_author])
def test_what_counts_and_cannot_be_believed_refuses_everything(region: World, closed: Path, spoil: object) -> None:
    operators_ = Operators.on_record(region.hub)
    operators_.governing.activate(operators_.filed(closed), [POLICE], operators_.other)
    assert callable(spoil)
    spoil(region)
    with opened(region.settings, region.names, Clock(AT)) as other:
        before = other.size()
        answer = other.ask(POLICE, "naam")
        assert (answer.status_code, answer.json()["code"]) == (503, "beleid-niet-beschikbaar")
        assert other.size() == before + 1
        ready = other.get("/gereed")
        assert (ready.status_code, ready.json()["onderdeel"]) == (503, "beleid")
        # What came last and does harm is taken back all the same.
        if spoil in (spoiled_bundle, missing_bundle):
            Operators(other.hub).governing.take_back(Operators(other.hub).other)
            assert gets_name(other, POLICE)
            assert other.get("/gereed").status_code == 200


def test_the_demonstrations_approval_does_not_count_in_production(region: World, closed: Path, tmp_path: Path) -> None:
    operators_ = Operators.on_record(region.hub)
    strict = Governing(region.hub.store, operators_.governing._keys, demo=False)
    with pytest.raises(EngineUnavailable, match="goedkeuring"):
        strict.file(operators_.packed(closed), operators_.maker)
    unapproved = changed_policy(tmp_path / "geen", without("D02", "G01"), rac_ref="")
    with pytest.raises(EngineUnavailable, match="goedkeuring"):
        operators_.filed(unapproved)
    new = operators_.filed(closed)
    with pytest.raises(EngineUnavailable, match="goedkeuring"):
        strict.activate(new, [POLICE], operators_.other)


def test_a_remembered_decision_ends_when_other_tables_become_valid(tmp_path: Path) -> None:
    policies = changed_policy(tmp_path / "beleid", without("D02", "G01"), day="2027-01-11")
    with world(tmp_path, policies=policies) as region:
        region.clock.at = AT.replace(hour=22, minute=59, second=59)
        assert gets_name(region, POLICE)
        assert gets_name(region, POLICE)
        region.clock.move(seconds=1)
        assert not gets_name(region, POLICE)


def test_a_look_asks_the_store_nothing_more(region: World, closed: Path) -> None:
    """Which revision counts moves with the partner's version: a look that is remembered reads no row of it."""
    operators_ = Operators.on_record(region.hub)
    operators_.governing.activate(operators_.filed(closed), [GGZ], operators_.other)
    gets_name(region, POLICE)
    asked = region.hub.decider.hits.served
    region.hub.in_force.revision_read = None  # type: ignore[method-assign,assignment]
    assert gets_name(region, POLICE)
    assert region.hub.decider.hits.served == asked + 1


def test_an_answer_names_articles_by_the_revision_that_decided_it(region: World, tmp_path: Path) -> None:
    folder = changed_policy(tmp_path / "beleid", without("D02", "G03"))
    bases = folder / "hub" / "tables" / "bases" / "data.json"
    content = json.loads(bases.read_text())
    content["rows"]["avg5"]["article"] = "AVG 5, anders"
    bases.write_text(json.dumps(content))

    def articles() -> list[str]:
        (withheld,) = region.ask(POLICE, "financier").json()["geweigerd"]
        return [article for reason in withheld["redenen"] for article in reason["artikelen"]]

    before = articles()
    operators_ = Operators.on_record(region.hub)
    operators_.for_all(operators_.filed(folder), POLICE)
    assert "AVG 5, anders" in articles()
    operators_.governing.take_back(operators_.maker)
    assert articles() == before
    assert "AVG 5, anders" not in before
