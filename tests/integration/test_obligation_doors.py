"""Every type of obligation through a door: its effect is seen; where its effect fails nothing leaves; and who cannot carry
it out gets nothing. The table is held complete against the register."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from hub.audit import processing
from hub.audit.ldv_shape import faults_of_record
from hub.audit.processing import LDV, NEN7513
from hub.broker import broker, duties
from hub.broker.facts import Gathered
from hub.broker.following import ASKED, REPORTED
from hub.casework.obligations import OUTCOMES
from hub.model.instant import to_text
from hub.model.obligations import FOLLOWED_UP, OBLIGATIONS
from hub.model.partner import PartnerKind
from tests.doors import joined
from tests.following import of_type, settled, under_the_wvggz
from tests.integration.test_emergencies import NEED
from tests.integration.test_records_of_processing import records
from tests.pushing import DERDE, HOUSING, SENDER, base, fetch, pushed, waiting
from tests.region import AT, OPEN, World, foreign_name

HIM = "betrokkene-een"
ENGINE, STORE = "beleid-niet-beschikbaar", "opslag-niet-beschikbaar"
Answer = dict[str, Any]
Break = Callable[[World, pytest.MonkeyPatch, str], None]


# --- the calls that bring an obligation --------------------------------------------------------------------------


def _ask(partner: str, *fields: str, **more: Any) -> Callable[[World], httpx.Response]:
    return lambda world: world.ask(partner, *fields, **more)


def _his_own(world: World) -> httpx.Response:
    """The betrokkene asks what is known about him (AVG 15)."""
    name = foreign_name(world.hub, HIM, world.casus_id())
    body = {"doel": "D11", "velden": ["diagnose_dsm", "crisisplan_kort"]}
    return world.post(HIM, f"/casussen/{name}/raadplegingen", body, user=f"{HIM}-1")


def _fetched(world: World) -> httpx.Response:
    """What waits for the derde; sent, where nothing does."""
    if not waiting(world)["zendingen"]:
        sent = world.on(SENDER, "verstrekkingen", HOUSING)
        if sent.status_code != 201:
            return sent
    return fetch(world, waiting(world)["zendingen"][0]["id"])


# --- what has to be on file before -------------------------------------------------------------------------------


def _nothing(_world: World) -> None:
    pass


def _emergency(world: World) -> None:
    world.recorded("ggz-noord", "noodsituaties", NEED)


def _betrokkene(world: World) -> None:
    joined(world, PartnerKind.BETROKKENE, HIM)
    world.recorded(
        "gemeente-noord", "grondslagen", {"grondslag": "avg15", "partner": HIM, "doelen": ["D11"], "groepen": ["*"]}
    )


def _derde(world: World) -> None:
    world.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["*"], "akkoordDoorgeven": True})
    until = to_text(AT + timedelta(days=365))
    world.recorded(SENDER, "geheimhoudingsverklaringen", {"partner": DERDE, "tot": until})
    base(world)


# --- the effect --------------------------------------------------------------------------------------------------


def _record_of(world: World, answer: Answer) -> Any:
    """The record of processing of the entry that the answer proves."""
    number = answer["ontvangstbewijs"]["volgnummer"]
    (parts,) = [one for one in records(world, number) if one[LDV]["attributes"]["hub.entry"] == number]
    return parts


def _ldv(world: World, answer: Answer) -> None:
    record = _record_of(world, answer)[LDV]
    assert faults_of_record(record) == []
    assert (record["attributes"]["hub.fields"], record["status"]) == (["naam"], "Ok")


def _nen(world: World, answer: Answer) -> None:
    record = _record_of(world, answer)[NEN7513]
    assert record["users"][0]["userID"] == "ggz-noord-1"
    assert record["participantSegments"][0]["participantObjectDetail"] == ["diagnose_dsm:sam"]


def _export(world: World, answer: Answer) -> None:
    assert answer["gegevens"] == []
    assert {reason["code"] for one in answer["geweigerd"] for reason in one["redenen"]} == {"E_EXPORT"}
    read = world.ask("politie-noord", "naam").json()
    assert "no_export" in _types(read)


def _watermark(world: World, answer: Answer) -> None:
    assert answer["watermerk"] == {
        "partner": "politie-noord",
        "gebruiker": "politie-noord-1",
        "tijdstip": answer["tijdstip"],
        "volgnummer": answer["ontvangstbewijs"]["volgnummer"],
    }
    assert world.ask("ggz-noord", "naam").json()["watermerk"] is None
    assert world.ask("politie-noord", "diagnose_dsm").json()["watermerk"] is None


@dataclass(frozen=True)
class Listed:
    """A line in the list of who carries it out, and what settles it."""

    type: str
    addressee: str
    expected: dict[str, Any]
    word: str | None
    due: timedelta | None = timedelta(0)

    def __call__(self, world: World, _answer: Answer) -> None:
        lines = of_type(world, self.addressee, self.type)
        assert [{key: line[key] for key in self.expected} for line in lines] == [self.expected]
        if self.due is not None:
            assert lines[0]["uiterlijk"] == to_text(world.clock() + self.due)
        assert OUTCOMES[self.type] == tuple(lines[0]["keuzes"])


def _via(world: World, answer: Answer) -> None:
    """He hears that it is there and who shows it; the value is with its source alone. Own plan: straight to him."""
    lines = {line["veld"]: line for line in answer["gegevens"]}
    assert (lines["diagnose_dsm"]["waarde"], lines["diagnose_dsm"]["viaBron"]) == (None, True)
    assert (bool(lines["crisisplan_kort"]["waarde"]), lines["crisisplan_kort"]["viaBron"]) == (True, False)
    expected = {"over": HIM, "velden": ["diagnose_dsm"], "casus": world.names[OPEN]["ggz-noord"]}
    Listed("via_provider", "ggz-noord", expected, "getoond")(world, answer)
    told, _ = world.entries(answer["ontvangstbewijs"]["volgnummer"])[0]
    assert [line["veld"] for line in told["gegevens"] if line.get("viaBron")] == ["diagnose_dsm"]


def _expires(world: World, answer: Answer) -> None:
    (duty,) = [duty for duty in answer["verplichtingen"] if duty["soort"] == "expires_at"]
    expected = {"uiterlijk": duty["opTijdstip"], "velden": ["bejegeningsadvies"], "over": None}
    Listed("expires_at", "politie-noord", expected, "verwijderd", None)(world, answer)


# --- how its effect fails ----------------------------------------------------------------------------------------


@contextmanager
def _database(world: World) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(str(world.hub.settings.store_url).removeprefix("sqlite:///"))) as found, found:
        yield found


def _no_line(world: World, _patch: pytest.MonkeyPatch, type_: str) -> None:
    """The database takes no obligation of this type (any more)."""
    with _database(world) as database:
        database.execute("DELETE FROM obligations WHERE type = ?", (type_,))
        database.execute(
            f"CREATE TRIGGER broken BEFORE INSERT ON obligations WHEN NEW.type = '{type_}' "
            "BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )


def _no_line_at_the_fetch(world: World, patch: pytest.MonkeyPatch, type_: str) -> None:
    pushed(world)
    _no_line(world, patch, type_)


def _no_record(world: World, _patch: pytest.MonkeyPatch, _type: str) -> None:
    """The database takes no record of processing."""
    with _database(world) as database:
        database.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON processing_records BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )


def _patched(owner: Any, name: str, by: Any) -> Break:
    return lambda _world, patch, _type: patch.setattr(owner, name, by)


def _broken(*_: object) -> Any:
    raise KeyError


def _as_if_read(_world: World, patch: pytest.MonkeyPatch, _type: str) -> None:
    """The policy takes an export for a look, and lets it out."""
    document = vars(Gathered)["document"].func
    patch.setattr(Gathered, "document", property(lambda facts: {**document(facts), "action": "lezen"}))


NO_LINE: dict[str, tuple[Break, str]] = {"no line": (_no_line, STORE)}


@dataclass(frozen=True)
class Case:
    """How a type comes about, what is seen of it, and each way in which that can fail, with the code of the answer."""

    reader: str
    call: Callable[[World], httpx.Response]
    seen: Callable[[World, Answer], None]
    prepare: Callable[[World], None] = _nothing
    fails: dict[str, tuple[Break, str]] = field(default_factory=lambda: NO_LINE)
    look: Callable[[World], httpx.Response] | None = None
    """The call that brings it where `call` is the one that it forbids."""
    spared: tuple[str, ...] = ()
    """Fields of the same call that do not bring it."""


def _in_emergency(type_: str, addressee: str, word: str | None, expected: dict[str, Any], **more: Any) -> Case:
    seen = Listed(type_, addressee, {"noodsituatie": "vitaal_belang", **expected}, word, **more)
    return Case("forfact-noord", _ask("forfact-noord", "crisisplan_kort"), seen, _emergency)


DAY, MONTH, YEAR = timedelta(days=1), timedelta(days=30), timedelta(days=365)
PLAN = {"velden": ["crisisplan_kort"], "over": "forfact-noord"}
CASES: dict[str, Case] = {
    "log_dataverwerking": Case(
        "politie-noord", _ask("politie-noord", "naam"), _ldv, fails={"no record": (_no_record, STORE)}
    ),
    "log_nen7513": Case(
        "ggz-noord", _ask("ggz-noord", "diagnose_dsm"), _nen,
        fails={"no record": (_no_record, STORE), "no form": (_patched(processing, "_nen7513", _broken), STORE)},
    ),
    "no_export": Case(
        "politie-noord", _ask("politie-noord", "naam", action="export"), _export,
        fails={"let out": (_as_if_read, ENGINE)},
        look=_ask("politie-noord", "naam"),
    ),
    "watermark": Case(
        "politie-noord", _ask("politie-noord", "naam"), _watermark,
        fails={"none made": (_patched(duties, "watermark_of", lambda *_: None), ENGINE)},
    ),
    "notify_zv": Case(
        "politie-noord", _ask("politie-noord", "zorgcontact_status", purpose="D04"),
        Listed("notify_zv", "ggz-noord", {"over": "politie-noord", "velden": ["zorgcontact_status"]}, "gelezen"),
        under_the_wvggz,
    ),
    "notify_bron": _in_emergency("notify_bron", "ggz-noord", "gelezen", PLAN),
    "inform_betrokkene": Case(
        "politie-noord", _ask("politie-noord", "naam"),
        Listed("inform_betrokkene", "gemeente-noord", {"over": "politie-noord", "velden": []}, "ingelicht", MONTH),
    ),
    "review_fg": _in_emergency("review_fg", "fg-noord", "rechtmatig", PLAN, due=DAY),
    "note_in_dossier": _in_emergency("note_in_dossier", "ggz-noord", "genoteerd", PLAN, due=DAY),
    "second_approval": _in_emergency("second_approval", "ggz-noord", None, PLAN, due=DAY),
    "feedback_due": Case(
        DERDE, _fetched, Listed("feedback_due", DERDE, {"over": SENDER, "casus": None}, "heeft-geholpen", YEAR), _derde,
        fails={**NO_LINE, "no line at the fetch": (_no_line_at_the_fetch, STORE)},
    ),
    "expires_at": Case("politie-noord", _ask("politie-noord", "bejegeningsadvies"), _expires),
    "via_provider": Case(
        HIM, _his_own, _via, _betrokkene,
        fails={**NO_LINE, "value kept": (_patched(broker, "kept_with_source", lambda fields, _: fields), ENGINE)},
        spared=("crisisplan_kort",),
    ),
}  # fmt: skip


# --- the tests ---------------------------------------------------------------------------------------------------


def test_every_type_of_the_register_is_tried_and_has_its_outcomes() -> None:
    assert CASES.keys() == OBLIGATIONS
    assert OUTCOMES.keys() == FOLLOWED_UP | {ASKED, REPORTED}


@pytest.mark.parametrize("type_", sorted(CASES))
def test_its_effect_is_seen(region: World, type_: str) -> None:
    case = CASES[type_]
    case.prepare(region)
    answer = case.call(region)
    assert answer.status_code in (200, 201), answer.text
    case.seen(region, answer.json())
    if isinstance(case.seen, Listed):
        _settled_by(region, case.seen)
    assert region.faults() == []


def _settled_by(world: World, line: Listed) -> None:
    """Its own word settles it, and no other; what only a record ends is ended by no word."""
    (due,) = of_type(world, line.addressee, line.type)
    assert settled(world, line.addressee, due["id"], "verzonnen").status_code == (400 if line.word else 409)
    assert settled(world, line.addressee, due["id"], line.word or "gelezen").status_code == (201 if line.word else 409)
    assert len(of_type(world, line.addressee, line.type)) == (0 if line.word else 1)


WAYS = [(type_, way) for type_, case in sorted(CASES.items()) for way in case.fails]


@pytest.mark.parametrize(("type_", "way"), WAYS, ids=[": ".join(one) for one in WAYS])
def test_where_its_effect_fails_nothing_leaves(
    region: World, monkeypatch: pytest.MonkeyPatch, type_: str, way: str
) -> None:
    case = CASES[type_]
    case.prepare(region)
    breaks, code = case.fails[way]
    with monkeypatch.context() as patch:
        breaks(region, patch, type_)
        first, lines = region.size(), _lines(region)
        refused = case.call(region)
        _is_problem(refused, code)
        told = [told for told, _ in region.entries(first)]
        assert [(one["gegevens"], one["fout"]) for one in told if "gegevens" in one] == [([], code)] * (code == ENGINE)
        assert _lines(region) == lines
    with _database(region) as database:
        database.execute("DROP TRIGGER IF EXISTS broken")
    # What was decided on facts that the test bent is not taken again from memory.
    region.hub.decider._kept.kept.clear()
    case.seen(region, case.call(region).json())
    assert region.faults() == []


def _is_problem(answer: httpx.Response, code: str) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() == {"type", "title", "status", "detail", "code"}
    assert (body["code"], body["type"]) == (code, f"urn:hub:probleem:{code}")


def _lines(world: World) -> list[Any]:
    """All that is to be followed up, as it lies."""
    with _database(world) as database:
        return database.execute("SELECT * FROM obligations ORDER BY seq").fetchall()


@pytest.mark.parametrize("type_", sorted(CASES))
def test_a_partner_that_cannot_carry_it_out_gets_nothing(region: World, type_: str) -> None:
    """What it did not declare (`fulfils`) it is not trusted with: E_VERPLICHTING, of which an asker hears no more than that
    it is not available; what waits in a postvak is not there."""
    case = CASES[type_]
    case.prepare(region)
    if case.reader == DERDE:
        pushed(region)
    able = sorted(OBLIGATIONS - {type_})
    change = "UPDATE partners SET fulfils = ?, version = version + 1 WHERE id = ?"
    with _database(region) as database:
        database.execute(change, (json.dumps(able), case.reader))
    first = region.size()
    answer = (case.look or case.call)(region)
    assert answer.status_code == (404 if case.reader == DERDE else 200)
    told, internal = region.entries(first)[-1]
    left = tuple(line["veld"] for line in told["gegevens"])
    assert left == case.spared == tuple(line["veld"] for line in answer.json().get("gegevens", []))
    assert type_ not in {duty["type"] for duty in told.get("verplichtingen", [])}
    assert "E_VERPLICHTING" in {code for _, _, code, _ in internal["refusals"]}
    with _database(region) as database:
        database.execute(change, ('["*"]', case.reader))
    case.seen(region, case.call(region).json())


def _types(answer: Answer) -> set[str]:
    return {duty["soort"] for duty in answer["verplichtingen"]}
