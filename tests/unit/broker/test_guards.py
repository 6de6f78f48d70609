"""The guards behind the policy: what may be told, what may leave, which duties are known, and how old somebody is."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from hub.broker import duties
from hub.broker.facts import age
from hub.broker.filter import filtered
from hub.broker.through import through_source
from hub.broker.told import told
from hub.errors import EngineUnavailable
from hub.model.obligations import OBLIGATIONS, VIA_PROVIDER
from hub.model.purpose import Action
from hub.model.release import About, Asking, Decision, Obligation, OpenedField, Refusal, Released

ASKING = Asking("ggz", None, "deelnemer", "lezen", "wgs_zvh", "D02")
LINE = Released("naam", "gem-1", "vol", "lb-1", None)


def _decision(*released: Released, refusals: tuple[Refusal, ...] = ()) -> Decision:
    return Decision(bool(released), released, refusals, (), False, None, "sha256:x")


def _opened(field: str = "naam", source: str = "gem-1", level: str = "vol", value: object = "x") -> OpenedField:
    return OpenedField(field, source, level, value, "2027-01-10T11:00:00.000000Z")


def test_what_was_opened_and_released_leaves() -> None:
    assert filtered([_opened()], _decision(LINE)) == ((LINE, _opened()),)


@pytest.mark.parametrize(
    "opened",
    [_opened(field="bsn"), _opened(source="gem-2"), _opened(level="sam"), _opened(level="heel")],
    ids=["another field", "another source", "another level", "no level"],
)
def test_what_was_opened_but_not_released_stays(opened: OpenedField) -> None:
    assert filtered([opened], _decision(LINE)) == ()


def test_nothing_leaves_twice_without_a_basis_under_a_star_or_when_not_allowed() -> None:
    assert len(filtered([_opened(), _opened()], _decision(LINE, LINE))) == 1
    assert filtered([_opened()], _decision(Released("naam", "gem-1", "vol", "", None))) == ()
    whole = Refusal("*", None, "E_FASE", About.REQUEST, ())
    assert filtered([_opened()], _decision(LINE, refusals=(whole,))) == ()
    assert filtered([_opened()], Decision(False, (LINE,), (), (), False, None, "x")) == ()


def test_a_hit_leaves_as_the_bare_fact() -> None:
    line = Released("naam", "gem-1", "hit", "lb-1", None)
    assert filtered([_opened(level="hit", value="Jansen")], _decision(line)) == ()
    assert filtered([_opened(level="hit", value=True)], _decision(line))


class Tables:
    """Law tables that know three fields."""

    def opens(self, *_: object, without_basis: bool) -> tuple[str, ...]:
        return ("toest+basis",) if without_basis else ("toest",)

    def asks(self, *_: object) -> tuple[str, ...]:
        return ("crisis",)

    def other_purposes(self, *_: object) -> tuple[str, ...]:
        return ("D03", "D04")

    def through_provider(self, _kind: str) -> frozenset[str]:
        return frozenset({"diagnose_dsm"})

    def expand(self, requested: object) -> tuple[str, ...]:
        assert requested == ["*"]
        return ("bsn", "diagnose_dsm", "naam")


def _told(*refusals: Refusal) -> dict[str, list[str]]:
    heard = told(_decision(LINE, refusals=refusals), ["*"], ASKING, Tables())
    return {one.field: [code for code, _ in one.reasons] for one in heard}


def test_reasons_about_records_are_one_word_for_all() -> None:
    for code in ("E_GEEN_GEGEVEN", "E_BRON", "E_BEPERKT", "E_TOESTEMMING"):
        reasons = [Refusal(field, "ggz-1", code, About.RECORD, ()) for field in ("bsn", "diagnose_dsm")]
        assert _told(*reasons) == {"bsn": ["E_NIET_BESCHIKBAAR"], "diagnose_dsm": ["E_NIET_BESCHIKBAAR"]}
        # A reason that names a record's source is about a record, whatever it says of itself.
        odd = [Refusal("bsn", "ggz-1", code, About.FIELD, ()), Refusal("diagnose_dsm", None, code, About.RECORD, ())]
        assert _told(*odd) == {"bsn": ["E_NIET_BESCHIKBAAR"], "diagnose_dsm": ["E_NIET_BESCHIKBAAR"]}


def test_reasons_about_the_field_are_told_and_those_about_records_beside_them_are_not() -> None:
    heard = _told(
        Refusal("bsn", None, "E_PLAFOND", About.FIELD, ()),
        Refusal("bsn", "gem-1", "E_BEPERKT", About.RECORD, ()),
        Refusal("diagnose_dsm", None, "E_GEEN_GEGEVEN", About.RECORD, ()),
    )
    assert heard == {"bsn": ["E_PLAFOND"], "diagnose_dsm": ["E_NIET_BESCHIKBAAR"]}


def _opens(*refusals: Refusal, conceal: bool = False) -> dict[str, tuple[str, ...]]:
    decision = replace(_decision(LINE, refusals=refusals), conceal=conceal)
    return {one.field: one.opens for one in told(decision, ["*"], ASKING, Tables())}


@pytest.mark.parametrize(
    ("code", "opens"),
    [
        ("E_GEEN_GEGEVEN", ("toest",)),
        ("E_TOESTEMMING", ("toest",)),
        ("E_GRONDSLAG", ("toest+basis",)),
        ("E_NIET_NODIG", ("doel:D03,D04",)),
        ("E_PLAFOND", ("doel:D03,D04",)),
        ("E_NOOIT", ()),
        ("E_EXPORT", ()),
    ],
)
def test_beside_each_reason_stands_what_would_help(code: str, opens: tuple[str, ...]) -> None:
    about = About.RECORD if code in ("E_GEEN_GEGEVEN", "E_TOESTEMMING") else About.FIELD
    assert _opens(Refusal("bsn", None, code, about, ()))["bsn"] == opens


def test_a_purpose_that_may_not_be_asked_for_is_told_with_what_would_admit_it() -> None:
    whole = Refusal("*", None, "E_DOEL", About.REQUEST, ())
    assert _opens(whole)["*"] == ("crisis", "doel:D03,D04")
    assert _opens(whole._replace(code="E_FASE"))["*"] == ()


def test_of_a_hidden_casus_nothing_is_said_that_opens() -> None:
    refusals = (Refusal("*", None, "E_DOEL", About.REQUEST, ()), Refusal("bsn", None, "E_GRONDSLAG", About.FIELD, ()))
    assert set(_opens(*refusals, conceal=True).values()) == {()}


def test_a_duty_that_is_not_known_is_refused() -> None:
    duties.must_be_known([Obligation(name) for name in sorted(OBLIGATIONS)], Action.LEZEN)
    with pytest.raises(EngineUnavailable):
        duties.must_be_known([Obligation("log_dataverwerking"), Obligation("tell_the_press")], Action.LEZEN)
    duties.must_be_known([Obligation("no_export")], Action.LEZEN)
    with pytest.raises(EngineUnavailable):
        duties.must_be_known([Obligation("no_export")], Action.EXPORT)


def _via(*released: Released, due: bool = True, asker: str = "betrokkene-1") -> frozenset[tuple[str, str]]:
    duty = (Obligation(VIA_PROVIDER),) if due else ()
    asking = ASKING._replace(kind="betrokkene", standing="betrokkene", purpose="D11")
    return through_source(replace(_decision(*released), obligations=duty), asker, asking, Tables())


def test_what_goes_via_its_source_is_that_of_the_tables_and_not_his_own() -> None:
    line = Released("diagnose_dsm", "ggz-1", "vol", "lb-1", None)
    assert _via(line, LINE) == {("diagnose_dsm", "ggz-1")}
    assert _via(line, line._replace(source="betrokkene-1")) == {("diagnose_dsm", "ggz-1")}
    assert _via(LINE, due=False) == frozenset()
    for wrong in (partial(_via, line, due=False), partial(_via, LINE), partial(_via, line, asker="ggz-1")):
        with pytest.raises(EngineUnavailable):
            wrong()


@pytest.mark.parametrize(
    ("within", "due"), [("P1D", "2027-02-01"), ("P1M", "2027-03-02"), ("P1Y", "2028-01-31"), (None, "2027-01-31")]
)
def test_a_duty_is_due_no_later_than_its_term(within: str | None, due: str) -> None:
    at = datetime(2027, 1, 31, 11, tzinfo=UTC)
    assert duties.due_at(Obligation("inform_betrokkene", within=within), at).startswith(due)


@pytest.mark.parametrize(
    ("born", "at", "years"),
    [
        ("2009-01-10", "2027-01-10", 18), ("2009-01-11", "2027-01-10", 17), ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18), ("2009", "2027-12-30", 17), ("2009", "2027-12-31", 18),
        ("2009-01", "2027-01-30", 17), (None, "2027-01-10", None),
    ],
)  # fmt: skip
def test_nobody_is_taken_for_older_than_he_is(born: str | None, at: str, years: int | None) -> None:
    assert age(born, f"{at}T11:00:00.000000Z") == years
