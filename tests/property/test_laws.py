"""The laws of the decision contract that hold for every input, on the real engine with random facts."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.pdp.canonical import canonical
from tests.policy.engine import Row, answer, decided
from tests.policy.facts import document
from tests.policy.laying import instant
from tests.policy.oracle.case import Case
from tests.policy.oracle.cells import alternatives
from tests.policy.oracle.secrecy import word_of
from tests.policy.reading.catalogue import FIELDS
from tests.policy.reading.purposes import LEVELS, PURPOSES
from tests.policy.reading.regimes import LOCKED_WORDS

SEEDS = st.integers(min_value=0, max_value=10**9)
MANY = settings(max_examples=250, deadline=None, derandomize=True, database=None)

Released = dict[tuple[str, str], str]


def released(decision: Row) -> Released:
    return {(row["field"], row["source"]): row["level"] for row in decision["released"]}


def asked(facts: Row) -> set[str]:
    """The known fields that a request asks for."""
    return set(FIELDS) if "*" in facts["requested"] else set(facts["requested"]) & set(FIELDS)


@MANY
@given(SEEDS)
def test_law_1_each_field_and_record_is_released_or_refused(seed: int) -> None:
    facts = canonical(document(seed))
    decision = answer(facts)
    out = released(decision)
    whole = any(refusal["field"] == "*" for refusal in decision["refusals"])
    named = {(refusal["field"], refusal["source"]) for refusal in decision["refusals"]}
    assert decision["allow"] == bool(out)
    assert {field for field, _ in out} <= asked(facts)
    assert {field for field, _ in named} <= asked(facts) | set(facts["requested"]) | {"*"}
    assert not named & set(out)
    for field in asked(facts):
        about_field = whole or (field, None) in named
        assert about_field or any(key[0] == field for key in {*named, *out})
        for record in facts["records"]:
            if record["field"] == field:
                assert about_field or {(field, record["source"])} & (named | set(out))


@MANY
@given(SEEDS)
def test_law_2_a_refusal_of_the_whole_releases_nothing(seed: int) -> None:
    decision = decided(document(seed))
    if any(refusal["field"] == "*" for refusal in decision["refusals"]):
        assert decision["released"] == []


# ---- law 3 ----


def _takings(doc: Row) -> Iterator[tuple[str, Any]]:
    """Each way to take one fact away: its name, and what does it to a document."""
    for key, end in (
        ("legal_bases", "valid_until"),
        ("secrecy_exceptions", "valid_until"),
        ("consents", "withdrawn_at"),
    ):
        for index, row in enumerate(doc[key]):
            if row.get("kind") == "weigering":
                continue
            yield f"drop {key}", lambda d, k=key, i=index: d[k].pop(i)
            yield f"end {key}", lambda d, k=key, i=index, e=end: d[k][i].update({e: d["at"]})
    for relation in doc["partner"]["relations"]:
        if relation != "vertegenwoordigt":
            yield f"drop {relation}", lambda d, r=relation: d["partner"]["relations"].remove(r)
    for index, record in enumerate(doc["records"]):
        # A flag that was not known refused already: to know it is not to take away.
        for flag in (f for f in ("vetoed", "restricted", "disputed", "objected", "uavg41") if record.get(f) is False):
            yield f"add {flag}", lambda d, i=index, f=flag: d["records"][i].update({f: True})
        yield "refusal", lambda d, r=record: d["consents"].append(_refusal(d, r))
        yield "drop supply", lambda d, i=index: d["records"][i].update({"wpg": None, "wjsg": None})
    if doc["emergency"]:
        yield "drop emergency", lambda d: d.update({"emergency": None})


def _refusal(doc: Row, record: Row) -> Row:
    return {
        "id": "co-no",
        "kind": "weigering",
        "source": record["source"],
        "receivers": [doc["partner"]["id"]],
        "purposes": [doc["purpose"] if doc["purpose"] in PURPOSES else "D02"],
        "groups": ["*"],
        "given_at": instant(-1),
        "valid_until": None,
        "withdrawn_at": None,
        "capable": True,
        "voluntary": True,
        "recorded_by_treating": True,
        "given_by": {"role": "betrokkene", "authority_from": None, "authority_until": None},
    }


def _opened(before: Released, after: Released) -> list[tuple[str, str]]:
    """What is released only afterwards, or higher; the refusal itself as a field of G21 is no opening."""
    order = ("none", *LEVELS)
    return [
        key
        for key, level in after.items()
        if key[0] != "weigering" and level != "agg" and order.index(level) > order.index(before.get(key, "none"))
    ] + [key for key, level in after.items() if level == "agg" and key not in before]


@settings(MANY, max_examples=150)
@given(SEEDS, st.integers(min_value=0, max_value=10**6))
def test_law_3_taking_away_a_fact_opens_nothing(seed: int, choice: int) -> None:
    doc = document(seed)
    doc["partner"]["fulfils"] = ["*"]
    ways = list(_takings(doc))
    if not ways:
        return
    before = released(decided(doc))
    for name, take in Random(choice).sample(ways, min(6, len(ways))):
        less = document(seed)
        less["partner"]["fulfils"] = ["*"]
        take(less)
        assert _opened(before, released(decided(less))) == [], name


# ---- laws 4, 5, 6 ----


@MANY
@given(SEEDS)
def test_law_4_no_level_is_above_need_ceiling_or_what_the_source_wrote(seed: int) -> None:
    facts = canonical(document(seed))
    case = Case(facts)
    for (key, source), level in released(answer(facts)).items():
        field = FIELDS[key]
        record = next(row for row in case.records_of(key) if row["source"] == source)
        if level == "agg":
            assert case.purpose == "D10"
            assert case.need(field) == "agg"
            continue
        assert LEVELS.index(level) <= LEVELS.index(case.need(field))
        assert level in record["levels"] or (level == "hit" and record["levels"])
        if not case.is_own(record):
            ceilings = [one.level for one in alternatives(case, field)] or ["hit"]
            assert LEVELS.index(level) <= max(map(LEVELS.index, ceilings))


@MANY
@given(SEEDS)
def test_law_5_secrecy_is_lifted_by_name_and_every_release_has_a_basis(seed: int) -> None:
    facts = canonical(document(seed))
    case = Case(facts)
    live = {row["id"] for row in facts["legal_bases"] if case.runs(row["valid_from"], row["valid_until"])}
    for row in answer(facts)["released"]:
        assert row["legal_basis"] in live
        field = FIELDS[row["field"]]
        record = next(found for found in case.records_of(field.key) if found["source"] == row["source"])
        named_asker = field.key in ("toestemming", "weigering") and row["level"] == "hit"
        exempt = case.is_own(record) or case.betrokkene or case.toezicht or row["level"] == "agg" or named_asker
        if word_of(field, record["source_kind"]) in LOCKED_WORDS and not exempt:
            assert row["secrecy_exception"] is not None


@MANY
@given(SEEDS)
def test_law_6_obligations_speak_of_what_is_released_and_can_be_carried_out(seed: int) -> None:
    facts = canonical(document(seed))
    decision = answer(facts)
    fields = {field for field, _ in released(decision)}
    types = {duty["type"] for duty in decision["obligations"]}
    assert all(fields.issuperset(duty.get("fields", [])) for duty in decision["obligations"])
    assert bool(types) == bool(fields)
    assert "*" in facts["partner"]["fulfils"] or types <= set(facts["partner"]["fulfils"])


# ---- law 10 ----


def _told(decision: Row) -> list[tuple[str, str, str]]:
    """What a door may pass on: reasons about the request or the field."""
    return sorted(
        (refusal["field"], refusal["code"], refusal["about"])
        for refusal in decision["refusals"]
        if refusal["about"] in ("request", "field")
    )


@settings(MANY, max_examples=200)
@given(SEEDS)
def test_law_10_a_record_that_is_not_released_shows_in_no_reason(seed: int) -> None:
    doc = document(seed)
    decision = decided(doc)
    open_fields = {field for field, _ in released(decision)}
    for key in sorted({record["field"] for record in doc["records"]} - open_fields):
        without = document(seed)
        without["records"] = [record for record in without["records"] if record["field"] != key]
        changed = decided(without)
        assert _told(changed) == _told(decision)
        assert changed["conceal"] == decision["conceal"]
        assert released(changed) == released(decision)


@pytest.mark.parametrize("seed", range(3))
def test_the_documents_of_a_seed_are_always_the_same(seed: int) -> None:
    assert document(seed) == document(seed)
