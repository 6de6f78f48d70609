"""What is withdrawn counts at the next request: for every kind, with caches warm, and through another process too."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.identity import register
from hub.model.release import ReleaseRequest
from tests.following import of_type, settled
from tests.region import AT, BY, OPEN, Clock, World, opened, world

ADVICE = "bejegeningsadvies"
Act = Callable[[World], Any]


@pytest.fixture(params=[0, 58], ids=lambda ahead: f"{ahead} s ahead")
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[World, World]]:
    """Two hubs on one store, as two processes of a deployment are; the clock of the first is as far ahead as clocks may be."""
    with world(tmp_path) as one, opened(one.settings, one.names, Clock(AT)) as other:
        one.clock.move(seconds=request.param)
        yield one, other


def _record(region: World, kind: str, fits: Callable[[Any], bool] = lambda _: True) -> str:
    with region.hub.store.snapshot() as moment:
        dossier = region.hub.broker.judging.facts._states.of(moment, region.casus_id(), "test").dossier
    return next(s.record.id for s in dossier.of(kind) if fits(s.body) and s.ended_at is None)


def _end(kind: str, path: str, by: str, fits: Callable[[Any], bool] = lambda _: True) -> Act:
    return lambda region: region.recorded(by, f"{path}/{_record(region, kind, fits)}/beeindigingen", {})


def _put(by: str, what: str, body: Any) -> Act:
    return lambda region: region.recorded(by, what, body)


def _of(partner: str) -> Callable[[Any], bool]:
    return lambda body: bool(body["partner"] == partner)


REFUSAL = {
    "ontvangers": ["*"], "doelen": ["D02"], "groepen": ["*"], "gegevenOp": (AT - timedelta(minutes=5)).isoformat(),
    "wilsbekwaam": True, "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
}  # fmt: skip
WITHDRAWALS: dict[str, tuple[str, Act]] = {
    "consent": (ADVICE, _end("toestemming", "toestemmingen", "ggz-noord")),
    "refusal added": (ADVICE, _put("ggz-noord", "weigeringen", REFUSAL)),
    "basis": ("naam", _end("grondslag", "grondslagen", "gemeente-noord", _of("politie-noord"))),
    "involvement": ("naam", _end("betrokken", "betrokkenen", "zvh-noord", _of("politie-noord"))),
    "phase": ("naam", _put("zvh-noord", "fasen", {"fase": "afgesloten", "reden": "klaar"})),
    "regime": ("naam", _put("zvh-noord", "regimes", {"regime": "zorgteam"})),
    "standing": ("naam", _put("zvh-noord", "posities", {"partner": "politie-noord", "positie": "derde"})),
    "veto": (ADVICE, _put("ggz-noord", "bronvoorwaarden", {"velden": [ADVICE], "veto": True})),
    "denied to": (ADVICE, _put("ggz-noord", "bronvoorwaarden", {"velden": [ADVICE], "geweigerdAan": ["politie"]})),
    "destroyed on": (
        ADVICE,
        _put("ggz-noord", "bronvoorwaarden", {"velden": [ADVICE], "vernietigOp": AT.isoformat()}),
    ),
    "restricted": ("naam", _put("gemeente-noord", "beperkingen", {"velden": ["naam"], "aan": True})),
    "objected": ("naam", _put("gemeente-noord", "bezwaren", {"velden": ["naam"], "aan": True})),
    "restricted for another": (
        ADVICE,
        _put("gemeente-noord", "beperkingen", {"velden": ["*"], "bron": "ggz-noord", "aan": True}),
    ),
    "taken back": (ADVICE, _put("ggz-noord", "terugnames", {"velden": [ADVICE]})),
    "not designated": ("naam", lambda region: region.change_user("politie-noord", designated="false")),
    "term": (
        "naam",
        _put("zvh-noord", "termijnen", {"eindigtOp": AT.isoformat(), "reden": "einde"}),
    ),
}


@pytest.mark.parametrize("what", sorted(WITHDRAWALS))
def test_it_counts_at_the_next_request_in_every_process(two: tuple[World, World], what: str) -> None:
    region, other = two
    field, act = WITHDRAWALS[what]
    for hub in two:
        assert hub.released("politie-noord", field), "opens before"
        assert hub.released("politie-noord", field), "and from the cache"
    region.clock.move(seconds=1)
    act(region)
    for hub in (region, other):
        answer = hub.ask("politie-noord", field)
        assert answer.status_code == 404 or answer.json()["gegevens"] == []


def _suspend_partner(region: World) -> None:
    region.hub.store.commit(lambda tx: register.suspend_partner(tx, "politie-noord", BY, region.clock()))


def _suspend_client(region: World) -> None:
    region.hub.store.commit(lambda tx: register.suspend_client(tx, "politie-noord", BY, region.clock()))


def _end_user(region: World) -> None:
    region.change_user("politie-noord", ended="true")


@pytest.mark.parametrize("act", [_suspend_partner, _suspend_client, _end_user])
def test_an_ended_partner_client_or_user_is_refused_everything_at_once(two: tuple[World, World], act: Act) -> None:
    region, other = two
    key = "herhaling-0001"
    form = "application/vnd.hub.politie-justitie+json"
    body = {"velden": ["wijkagent"], "aan": True}
    assert other.on("politie-noord", "betwistingen", body, key=key).status_code == 201
    assert other.released("politie-noord", "naam")
    act(region)
    assert other.ask("politie-noord", "naam").status_code == 401
    assert other.on("politie-noord", "betwistingen", body, key=key).status_code == 401, (
        "an answer of before is kept back"
    )
    assert other.on("politie-noord", "betwistingen", body).status_code == 401
    assert other.on("politie-noord", "leveringen", {}, media=form).status_code in (400, 401)
    assert other.post("politie-noord", "/zoekingen", {"doel": "D01", "kenmerk": "x"}).status_code == 401


def test_a_casus_that_was_closed_does_not_hide_the_open_one_of_the_same_person(two: tuple[World, World]) -> None:
    region, other = two
    lead, reference = "gemeente-noord", f"{OPEN}-gemeente-noord"
    criteria = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "op meer terreinen")
    person = {"naam": "Proef", "geboortedatum": "1990-01-01"}
    filed = {"persoon": person, "criteria": criteria, "regime": "wgs_zvh", "triagegroep": [lead], "kenmerk": reference}
    younger = region.post(lead, "/casussen", filed).json()["casus"]
    basis = {"grondslag": "wgs", "partner": lead, "doelen": ["D01"], "groepen": ["*"]}
    assert region.post(lead, f"/casussen/{younger}/grondslagen", basis).status_code == 201
    searched = {"doel": "D01", "kenmerk": reference}
    assert other.post(lead, "/zoekingen", searched).json().get("casus") == region.names[OPEN][lead], "the older one"
    region.clock.move(seconds=1)
    region.recorded("zvh-noord", "fasen", {"fase": "afgesloten", "reden": "klaar"})
    assert other.post(lead, "/zoekingen", searched).json().get("casus") == younger


def test_a_casus_that_moves_during_a_request_is_decided_anew(region: World, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = region.hub.broker.judging.facts.gather
    gathered = []

    def gather(moment: Any, request: ReleaseRequest, at: Any) -> Any:
        found = inner(moment, request, at)
        gathered.append(found.casus_version)
        if len(gathered) == 1:
            # Committed after the facts were read, before the entry is made.
            consent = _record(region, "toestemming")
            region.hub.store.commit(lambda tx: _end_consent(region, tx, consent))
        return found

    monkeypatch.setattr(type(region.hub.broker.judging.facts), "gather", lambda _self, *args: gather(*args))
    release = region.release("politie-noord", ADVICE)
    assert not release.fields
    assert len(gathered) == 2
    assert gathered[0] != gathered[1]


def test_who_waits_before_it_reads_is_decided_at_the_instant_of_what_it_reads(
    region: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that came before the withdrawal, and read after it, comes after it."""
    inner = region.hub.store.snapshot
    consent = _record(region, "toestemming")
    late: list[bool] = []

    @contextmanager
    def snapshot() -> Iterator[Any]:
        if not late:
            late.append(True)
            region.clock.move(seconds=1)
            region.hub.store.commit(lambda tx: _end_consent(region, tx, consent))
        with inner() as moment:
            yield moment

    assert region.release("politie-noord", ADVICE).fields
    monkeypatch.setattr(region.hub.store, "snapshot", snapshot)
    assert not region.release("politie-noord", ADVICE).fields
    assert late


def _end_consent(region: World, tx: Any, consent: str) -> None:
    from hub.casework.moment import Call, enter_moment, moved
    from hub.model.release import Subject

    subject = Subject("ggz-noord", "ggz-noord-1", "ggz-noord")
    ground = region.hub.recording._writing.ground
    asked = Call(subject, region.names[OPEN]["ggz-noord"], region.clock())
    moment = enter_moment(ground, tx, *ground.admitted(tx.connection, asked))
    moment.put("beeindiging", {}, ends=consent)
    moved(moment)
    moment.enter("beeindiging", {"vastlegging": "toestemming", "id": consent, "beeindigt": consent})


@pytest.mark.parametrize(
    ("what", "body"), [("fasen", {"fase": "afgesloten"}), ("regimes", {"regime": "zorgteam"})], ids=["phase", "regime"]
)
def test_a_record_made_while_a_request_had_its_time_already_is_not_forgotten(
    two: tuple[World, World], what: str, body: dict[str, str]
) -> None:
    """The clock of another process may be ahead, and a request may have read its own just before."""
    region, other = two
    other.clock.move(milliseconds=40)
    other.recorded("zvh-noord", what, body)
    region.released("politie-noord", "naam")
    region.clock.move(milliseconds=50)
    assert not region.released("politie-noord", "naam")


def test_a_refused_call_is_entered_and_its_proof_is_used_up(region: World) -> None:
    first = region.size()
    refused = region.on("ggz-noord", "fasen", {"fase": "triage"})
    assert refused.status_code == 403
    told, _ = region.entries(first)[-1]
    assert (told["soort"], told["fout"], told["partner"]) == ("geweigerd", "niet-toegestaan", "ggz-noord")
    sent = {name: refused.request.headers[name] for name in ("DPoP", "Authorization")}
    assert region.on("ggz-noord", "fasen", {"fase": "triage"}, headers=sent).status_code == 401


@pytest.mark.parametrize("what", ["beperkingen", "terugnames", "bronvoorwaarden"])
def test_a_field_that_is_no_field_is_not_silently_accepted(region: World, what: str) -> None:
    more: dict[str, dict[str, Any]] = {
        "beperkingen": {"aan": True}, "terugnames": {}, "bronvoorwaarden": {"veto": True}
    }  # fmt: skip
    answer = region.on("ggz-noord", what, {"velden": [ADVICE, "bejegenings_advies"], **more[what]})
    assert answer.status_code == 400
    assert answer.json()["fouten"][0]["plaats"] == "velden"
    assert region.released("politie-noord", ADVICE)


@pytest.mark.parametrize("field", ["toestemming", "weigering"])
@pytest.mark.parametrize(
    "closing",
    [
        ("ggz-noord", "bronvoorwaarden", {"veto": True}),
        ("ggz-noord", "bronvoorwaarden", {"geweigerdAan": ["politie"]}),
        ("gemeente-noord", "beperkingen", {"bron": "ggz-noord", "aan": True}),
        ("gemeente-noord", "bezwaren", {"bron": "ggz-noord", "aan": True}),
    ],
    ids=["veto", "denied to", "restricted", "objected"],
)
def test_what_is_made_of_consents_closes_as_what_is_delivered_does(
    region: World, closing: tuple[str, str, dict[str, Any]], field: str
) -> None:
    by, what, body = closing
    narrow = {"ontvangers": ["politie-noord"], "groepen": ["G19"]}
    region.recorded("ggz-noord", "weigeringen", {**REFUSAL, **narrow})
    assert region.released("politie-noord", field) == {(field, "hit")}
    region.clock.move(seconds=1)
    region.recorded(by, what, {"velden": [field], **body})
    assert region.released("politie-noord", field) == set()
    assert region.released("politie-noord", "toestemming", "weigering"), "the other stays"


def test_a_source_that_is_none_is_not_silently_accepted(region: World) -> None:
    for source in ("ggz-nord", "hub"):
        answer = region.on("gemeente-noord", "beperkingen", {"velden": ["*"], "bron": source, "aan": True})
        assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "bron")


def test_what_is_done_is_dated_after_what_another_process_entered(two: tuple[World, World]) -> None:
    """Whatever the clock of the process that does it."""
    ahead, behind = two
    behind.ask("politie-noord", ADVICE)
    (due,) = of_type(behind, "politie-noord", "expires_at")
    criteria = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "op meer terreinen")
    filed = {"persoon": {"naam": "Toets", "geboortedatum": "1990-01-01"}, "criteria": criteria}
    calls: tuple[Callable[[World], Any], ...] = (
        lambda hub: hub.post("ggz-noord", "/casussen", filed, key="melding-na-ander-1").json()["vastgelegdOp"],
        lambda hub: hub.send("politie-noord", "GET", "/verplichtingen", media=None).json(),
        lambda hub: settled(hub, "politie-noord", due["id"], "verwijderd").json()["vastgelegdOp"],
    )
    for call in calls:
        ahead.clock.move(seconds=0.1)
        ahead.ask("politie-noord", "naam")
        call(behind)
        (before, _), (after, _) = behind.entries(behind.size() - 2)
        assert before["tijdstip"] <= after["tijdstip"], after["soort"]
