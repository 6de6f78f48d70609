"""An unknown casus, one of others and a hidden one cannot be told apart: not by status, not by body, not by the work."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hub.governance import tables as in_force_tables
from hub.identity import register
from hub.model.purpose import Action
from hub.model.release import ReleaseRequest, Subject
from hub.run.region.partners import PARTNERS
from hub.store import casus as rows
from hub.store.wrapped_keys import KeyStore
from tests.region import BY, CLOSED_TABLE, OPEN, World, foreign_name, world
from tests.statements import statements

UNKNOWN = "a" * 52
RECORD = {"regimes": {"regime": "oov"}, "fasen": {"fase": "triage"}, "terugnames": {"velden": ["naam"]}}


@pytest.fixture(autouse=True)
def _tables_read_anew() -> Iterator[None]:
    """By the clock alone the tables of the moment are read again or not; here each call does, so that calls compare."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(in_force_tables, "FRESH", 0.0)
        yield


@pytest.fixture(params=[True, False], ids=["caches", "no caches"])
def region(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, caches=request.param) as found:
        yield found


class Work:
    """What a call cost: statements of both databases, questions to the engine, entries."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.asked = 0
        self.entries = 0


@contextmanager
def counted(region: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    work = Work()

    read = KeyStore._all

    def on_key(store: KeyStore, query: str, *names: str) -> Any:
        work.statements.append(query)
        return read(store, query, *names)

    monkeypatch.setattr(KeyStore, "_all", on_key)
    policy = region.hub.policy
    inner = policy.decide_canonical

    def asked(*facts: Any) -> Any:
        work.asked += 1
        return inner(*facts)

    before = region.size()
    monkeypatch.setattr(policy, "decide_canonical", asked)
    with statements() as seen:
        yield work
    monkeypatch.undo()
    # Old proofs are swept now and then, by chance.
    work.statements += [statement for statement in seen if not statement.startswith("DELETE FROM used_proofs")]
    work.entries = region.size() - before


def _hidden(region: World) -> dict[str, str]:
    """Names, as police, of a casus that is none, one of others, and one that was destroyed or never this partner's."""
    return {
        "unknown": UNKNOWN,
        "of others": foreign_name(region.hub, "politie-noord", region.casus_id(CLOSED_TABLE)),
        "another's name": region.names[OPEN]["ggz-noord"],
        "no name at all": "x",
    }


def _warm(region: World) -> None:
    """The caller has been at work before, in a casus of his own and in one that there is not."""
    region.ask("politie-noord", "naam")
    region.post("politie-noord", f"/casussen/{'b' * 52}/raadplegingen", {"doel": "D02", "velden": ["naam"]})
    region.post("politie-noord", f"/casussen/{'b' * 52}/fasen", RECORD["fasen"])


def _asked(region: World, name: str, *fields: str) -> tuple[int, bytes, dict[str, str]]:
    body = {"doel": "D02", "velden": list(fields or ["*"])}
    answer = region.post("politie-noord", f"/casussen/{name}/raadplegingen", body)
    return answer.status_code, answer.content, {k: v for k, v in answer.headers.items() if k != "date"}


@pytest.mark.parametrize("fields", [("*",), ("naam", "diagnose_dsm"), ("bestaat_niet",)])
def test_same_answer_to_a_question(region: World, fields: tuple[str, ...]) -> None:
    answers = {what: _asked(region, name, *fields) for what, name in _hidden(region).items()}
    assert len({repr(answer) for answer in answers.values()}) == 1, answers
    assert answers["unknown"][0] == 404


def test_same_work_for_a_question(region: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Others are at work in their casus: what they leave behind in caches must not show.
    assert region.released("forfact-noord", casus=CLOSED_TABLE)
    work: dict[str, Work] = {}
    for what, name in _hidden(region).items():
        _warm(region)
        with counted(region, monkeypatch) as work[what]:
            assert _asked(region, name)[0] == 404
    assert {what: one.asked for what, one in work.items()} == dict.fromkeys(work, 1)
    assert {what: one.entries for what, one in work.items()} == dict.fromkeys(work, 1)
    statements = {what: sorted(one.statements) for what, one in work.items()}
    for what, found in statements.items():
        assert found == statements["unknown"], what


def test_what_others_do_in_a_hidden_casus_does_not_show_in_the_work(
    region: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was of a casus still has his name of it."""
    name = _hidden(region)["of others"]
    _warm(region)
    work = []
    for _ in range(4):
        with counted(region, monkeypatch) as one:
            assert _asked(region, name)[0] == 404
        work.append((one.asked, one.entries, sorted(one.statements)))
        if len(work) == 2:
            # Whatever others put on file moves its version.
            region.hub.store.commit(lambda tx: rows.touch(tx.connection, region.casus_id(CLOSED_TABLE)))
    assert work == [work[0]] * 4


@pytest.mark.parametrize("what", sorted(RECORD))
def test_same_answer_and_work_for_a_call_that_writes(region: World, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    assert region.released("forfact-noord", casus=CLOSED_TABLE)
    answers, work = {}, {}
    for which, name in _hidden(region).items():
        _warm(region)
        with counted(region, monkeypatch) as work[which]:
            answer = region.post("politie-noord", f"/casussen/{name}/{what}", RECORD[what])
        answers[which] = (answer.status_code, answer.content)
    assert len(set(answers.values())) == 1, answers
    assert answers["unknown"][0] == 404
    assert {one.entries for one in work.values()} == {1}
    statements = {which: sorted(one.statements) for which, one in work.items()}
    for which, found in statements.items():
        assert found == statements["unknown"], which


def test_a_casus_hides_from_who_was_involved_once_he_is_no_more(region: World) -> None:
    with region.hub.store.snapshot() as moment:
        state = region.hub.broker.judging.facts._states.of(moment, region.casus_id(), "politie-noord")
    involved = next(s for s in state.dossier.of("betrokken") if s.body["partner"] == "politie-noord")
    assert region.released("politie-noord", "naam")
    path = f"betrokkenen/{involved.record.id}/beeindigingen"
    region.recorded("zvh-noord", path, {})
    known = region.names[OPEN]["politie-noord"]
    assert _asked(region, known, "*") == _asked(region, UNKNOWN, "*")


def test_supervision_hears_of_an_unknown_casus_that_it_is_unknown(region: World) -> None:
    name = UNKNOWN
    answer = region.post("fg-noord", f"/casussen/{name}/raadplegingen", {"doel": "D11", "velden": ["*"]})
    assert answer.status_code == 404


def test_the_first_call_of_a_partner_may_be_about_an_unknown_casus(region: World) -> None:
    from hub.identity.client import new_key, public_jwks
    from hub.identity.register import NewPartner
    from hub.model.partner import PartnerKind

    new = NewPartner("ggz-nieuw", PartnerKind.GGZ, ("*",), "GGZ Nieuw", None)
    region.hub.store.commit(lambda tx: register.add_partner(tx, new, BY, region.clock()))
    jwks = public_jwks(new_key())
    region.hub.store.commit(
        lambda tx: register.add_client(tx, "ggz-nieuw", "ggz-nieuw", jwks, by=BY, at=region.clock())
    )
    subject = Subject("ggz-nieuw", "ggz-nieuw-1", "ggz-nieuw")
    release = region.hub.broker.release(ReleaseRequest(subject, UNKNOWN, "D02", ("naam",), Action.LEZEN))
    assert release.concealed


def test_a_search_that_may_not_be_answered_is_like_one_that_found_nobody(
    region: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with region.hub.store.snapshot() as moment:
        state = region.hub.broker.judging.facts._states.of(moment, region.casus_id(CLOSED_TABLE), "ggz-noord")
    assert state.person is not None
    answers, work = {}, {}
    for what, bsn in {"nobody": "999990019", "of others": state.person["bsn"]}.items():
        region.post("politie-noord", "/zoekingen", {"doel": "D01", "kenmerk": "onbekend"})
        with counted(region, monkeypatch) as work[what]:
            answer = region.post("politie-noord", "/zoekingen", {"doel": "D02", "bsn": bsn})
        answers[what] = (answer.status_code, answer.content)
    assert answers["nobody"] == answers["of others"]
    assert answers["nobody"][0] == 404
    assert sorted(work["nobody"].statements) == sorted(work["of others"].statements)
    assert {one.entries for one in work.values()} == {1}
    told, _ = region.entries()[-1]
    assert (told["soort"], told["fout"], told["casus"], told["gegevens"]) == ("zoeking", "onbekend", None, [])


@pytest.mark.parametrize("purpose", ["D01", "D02", "D07", "D10", "D11", "D12"])
def test_the_hub_and_the_policy_agree_on_from_whom_a_casus_hides(region: World, purpose: str) -> None:
    """What does not open is taken out of a decision after the policy spoke: then the hub says what the policy would."""
    broker, found = region.hub.broker, set()
    for casus in (OPEN, CLOSED_TABLE):
        for partner in PARTNERS:
            name = region.hub.names.casus_pseudonym(partner.id, region.casus_id(casus))
            subject = Subject(partner.id, partner.user, partner.id)
            request = ReleaseRequest(subject, name, purpose, ("aliassen", "nah"), Action.LEZEN)
            with region.hub.store.snapshot() as moment:
                decided = broker.judging.decider.decide(broker.judging.facts.gather(moment, request, region.clock()))
            assert not decided.decision.released
            assert decided.outside == decided.decision.conceal, (casus, partner.id)
            found.add(decided.outside)
    assert found == {True, False}


@pytest.mark.parametrize("changed", ["generation = generation + 6", "sealed = zeroblob(64)", "own_key = zeroblob(60)"])
def test_a_damaged_casus_is_to_outsiders_as_unknown_and_the_alarm_is_raised(region: World, changed: str) -> None:
    casus = region.casus_id(CLOSED_TABLE)
    damage = f"UPDATE casus_seals SET {changed} WHERE casus = '{casus}'"  # noqa: S608
    region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(damage))

    def alarms() -> int:
        with region.hub.store.snapshot() as moment:
            found: int = moment.exec_driver_sql("SELECT count(*) FROM outbox WHERE type = 'alarm'").scalar_one()
            return found

    first, before = region.size(), alarms()
    names = (UNKNOWN, foreign_name(region.hub, "politie-noord", casus))
    unknown, foreign = (
        region.post("politie-noord", f"/casussen/{name}/raadplegingen", {"doel": "D02", "velden": ["naam"]})
        for name in names
    )
    assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json())
    assert (unknown.status_code, region.size() - first, alarms() - before) == (404, 2, 1)
    # The same is told once an hour.
    for hours, told in ((0, 1), (1, 2)):
        region.clock.move(hours=hours)
        region.post("politie-noord", f"/casussen/{names[1]}/raadplegingen", {"doel": "D02", "velden": ["naam"]})
        assert alarms() - before == told
