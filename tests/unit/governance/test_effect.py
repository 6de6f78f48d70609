"""What is told of an effect, how far it came, and when a decision may stand for another."""

import json
from collections import Counter
from pathlib import Path

import pytest

from hub.cli.effect_shown import lines
from hub.errors import Conflict, EngineUnavailable, ShapeError
from hub.governance.candidate import Version, candidate, switches, unmet
from hub.governance.effect import CLOSED, ERASED, NO_ANSWER, Difference, Effect
from hub.governance.journal import About, Journal
from hub.governance.past import Past
from hub.pdp.bundle import (
    RULES_OF_MODULE,
    Bundle,
    bundle_of_files,
    default_directory,
    digest_of,
    read_bundle,
    server_bundle,
)
from tests.other_policy import NEED, other_policy

QUESTION = {"at": "2027-01-10T11:00:00.000000Z", "action": "lezen", "started_by": None, "purpose": "D02",
            "requested": ["naam"], "user": {"id": "x", "role": "r", "designated": True, "screened": True,
                                            "trained": True, "bound_to_secrecy": None}}  # fmt: skip
RELEASED = {("naam", "a"): "vol", ("brp_adres", "a"): "sam"}


def past(**changed: object) -> Past:
    plain = {"idx": 1, "casus": "c", "facts": "f", "question": QUESTION, "left": {}, "failed": frozenset(),
             "promised": None, "shut": False}  # fmt: skip
    return Past(**{**plain, **changed})  # type: ignore[arg-type]


def found() -> Effect:
    changes = (("naam", "vol", "sam"), ("brp_adres", None, "sam"))
    stops = (("naam", "sam", None),)
    return Effect(
        asked=Counter({("politie-noord", "D02"): 7, ("betrokkene", "D12"): 2}),
        differences=[
            Difference(9, ("politie-noord", "D02"), changes),
            *(Difference(number, ("politie-noord", "D02"), stops) for number in range(1, 7)),
        ],
        lost=Counter({ERASED: 2, CLOSED: 1, NO_ANSWER: 1}),
        decided=4,
        moments={"2025-02-28T23:00:00.000000Z"},
    )


def test_an_effect_in_words() -> None:
    told = list(lines(found(), [], each=True))
    assert told[0] == "13 beslissingen bekeken; 4 verschillende opnieuw genomen."
    assert told[1] == "Niet vergeleken: 2 beslissingen waarvan de casus is vernietigd."
    assert told[3] == "Niet vergeleken: 1 beslissing waarop het nieuwe beleid geen antwoord geeft."
    assert "ANDERS: 7 van 9 verzoeken" in told
    assert "    brp_adres komt erbij, samenvatting (sam): 1 verzoek (regel 9)" in told
    assert "    naam stopt, was samenvatting (sam): 6 verzoeken (regel 1, 2, 3, 4, 5, …)" in told
    assert "    naam van volledig (vol) naar samenvatting (sam): 1 verzoek (regel 9)" in told
    assert "  regel 1: politie-noord, D02: naam stopt, was samenvatting (sam)" in told
    counts = [line.split() for line in told[-2:]]
    assert counts == [["betrokkene", "D12", "2", "0", "0", "0"], ["politie-noord", "D02", "7", "7", "1", "7"]]
    assert "PER VERZOEK" not in list(lines(found(), [], each=False))
    assert not [line for line in told if "LET OP" in line]


def test_tables_that_no_decision_used_are_named_with_their_day() -> None:
    later = [
        Version("ceiling", "2027-07-01"),
        Version("need", "2027-07-01"),
        Version("codes", "2026-09-01", approved=False),
    ]
    told = list(lines(found(), later, each=False))
    assert told[4:9] == [
        "LET OP: van deze tabellen zegt dit niets. Op het moment van deze beslissingen gelden zij niet:",
        "  ceiling (vanaf 2027-07-01), need (vanaf 2027-07-01).",
        "  Wat zij veranderen, toont `hub beleid verschil`. Dat kijkt naar de dag waarop alle tabellen gelden.",
        "LET OP: deze tabellen gelden nooit, want zij zijn niet goedgekeurd: codes (vanaf 2026-09-01).",
        "",
    ]
    nothing = lines(Effect(), later, each=False)
    assert not [line for line in nothing if "LET OP" in line]


def test_what_was_shut_failed_or_not_promised_is_no_matter_of_policy() -> None:
    assert past().would_leave(RELEASED) == RELEASED
    assert past(shut=True).would_leave(RELEASED) == {}
    assert past(failed=frozenset({("naam", "a")})).would_leave(RELEASED) == {("brp_adres", "a"): "sam"}
    promised = {("naam", "a"): "sam", ("brp_adres", "a"): "vol"}
    assert past(promised=promised).would_leave(RELEASED) == {("brp_adres", "a"): "sam"}


def test_decisions_are_alike_whoever_asks_and_whenever() -> None:
    other = {**QUESTION, "at": "2028-01-10T11:00:00.000000Z", "user": {**QUESTION["user"], "id": "y"}}  # type: ignore[dict-item]
    assert past(question=other).alike == past().alike
    for change in ({"purpose": "D03"}, {"requested": ["*"]}, {"action": "zoeken"}, {"started_by": "p"}):
        assert past(question={**QUESTION, **change}).alike != past().alike
    assert past(facts="g").alike != past().alike
    secret = {**QUESTION, "user": {**QUESTION["user"], "bound_to_secrecy": True}}  # type: ignore[dict-item]
    assert past(question=secret).alike != past().alike


# --- how far it came ---


def test_a_journal_goes_on_where_it_was_and_drops_half_a_line(tmp_path: Path) -> None:
    path, about = tmp_path / "home" / "stand", About("sha256:x", "2027", 12)
    journal = Journal.begin(path, about)
    journal.add(found())
    with pytest.raises(Conflict):
        Journal.resumed(path)
    content = path.read_bytes()
    journal.end()
    assert not path.exists()
    path.write_bytes(content + b'{"asked":')
    again = Journal.resumed(path)
    assert (again.about, again.parts) == (about, [found()])
    assert path.read_bytes() == content
    again.add(Effect())
    assert len(path.read_bytes().splitlines()) == 3


@pytest.mark.parametrize(
    "content", [None, b"", b"{}\n", b"[]\n", b"x\n", b'{"revision":"r","since":"s","end":1}\n{}\n']
)
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "stand").write_bytes(content)
    with pytest.raises(ShapeError):
        Journal.resumed(tmp_path / "stand")


# --- the other policy ---


def test_a_policy_with_other_tables_needs_no_building_and_one_with_other_rules_does(tmp_path: Path) -> None:
    live = read_bundle(default_directory())
    directory = other_policy(tmp_path, D02={"G01": "sam"})
    found, _ = candidate(directory, live, None)
    assert found.revision != live.revision
    assert found.module == live.module
    rules = directory / "hub/need/need.rego"
    rules.write_text(rules.read_text().replace('"zoeken"', '"lezen"'))
    with pytest.raises(EngineUnavailable):
        candidate(directory, live, None)
    (directory / "hub.wasm").write_bytes(b"another")
    with pytest.raises(EngineUnavailable):
        candidate(directory, live, None)
    (directory / RULES_OF_MODULE).write_text(digest_of(read_bundle(directory).rules))
    with pytest.raises(EngineUnavailable):
        candidate(directory, live, None)
    # But where these rules decide here, the module is the one that decides.
    deployed = bundle_of_files(read_bundle(directory).rules, live.tables, b"deployed")
    assert candidate(directory, deployed, None)[0].module == b"deployed"


def test_a_bundle_is_tried_as_its_directory_is(tmp_path: Path) -> None:
    live = read_bundle(default_directory())
    directory = other_policy(tmp_path, D02={"G01": "sam"})
    file = tmp_path / "nieuw.tar.gz"
    file.write_bytes(server_bundle(read_bundle(directory)))
    one, other = (candidate(path, live, None)[0] for path in (directory, file))
    assert (one.revision, one.reference, one.module) == (other.revision, other.reference, other.module)
    assert list(one.references()) == list(other.references())


def test_tables_switch_where_a_date_of_validity_begins_here_or_in_utc() -> None:
    reference = {"a": {"geldig_vanaf": "2027-03-01", "rows": [{"geldig_tot": "2027-04-01T12:00:00+02:00"}]},
                 "b": {"geldig_vanaf": None, "geldig_tot": "nooit", "x": "2027-01-01"}}  # fmt: skip
    bundle = Bundle("r", {}, reference, None, frozenset())
    assert switches(bundle) == [
        "2027-02-28T22:00:00.000000Z", "2027-02-28T23:00:00.000000Z", "2027-03-01T00:00:00.000000Z",
        "2027-04-01T10:00:00.000000Z",
    ]  # fmt: skip
    assert switches(read_bundle(default_directory()))


def test_versions_of_tables_are_met_by_the_decisions_of_their_time_alone(tmp_path: Path) -> None:
    folder = other_policy(tmp_path)
    content = json.loads((folder / NEED).read_text())
    for day, approval in (("2026-01-01", "demo"), ("2026-07-01", "demo"), ("2026-09-01", "")):
        (folder / NEED).with_name(day).mkdir()
        version = {**content, "geldig_vanaf": day, "rac_ref": approval}
        ((folder / NEED).with_name(day) / "data.json").write_text(json.dumps(version))
    bundle = read_bundle(folder)
    spring, summer, never = (
        "2025-12-31T23:00:00.000000Z",
        "2026-06-30T22:00:00.000000Z",
        Version("need", "2026-09-01", False),
    )
    # Also the version that another one follows on parts the decisions before it from those after.
    assert {spring, summer} < set(switches(bundle))
    assert unmet(bundle, {spring}) == [Version("need", "2025-03-01"), Version("need", "2026-07-01"), never]
    assert unmet(bundle, {"2025-03-01T00:00:00.000000Z", spring, summer}) == [never]
    assert Version("ceiling", "2025-03-01") in unmet(bundle, {""})
