"""A decision explained gate by gate says what the decision itself says, on random documents."""

import os
from collections import Counter
from functools import cache

import pytest

from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts
from hub.pdp.explanation import OPEN, SHUT, SPARED, Explanation, Part, explanation
from hub.texts.sentences import sentences
from tests.policy.documents import basis, record, request
from tests.policy.engine import Row, answer, engine
from tests.policy.facts import document

DOCUMENTS = int(os.environ.get("EXPLAINED_DOCUMENTS", "400"))
BESIDE_OWN_DATA = {"E_PLAFOND", "E_GRONDSLAG"}
"""Reasons about the field that may stand beside own data, which do not ask them."""


RARELY_SHUT: dict[str, tuple[str, Row]] = {
    "leeftijd": ("casus", {"subject_age": 17}),
    "plicht": ("partner", {"fulfils": ["log_nen7513"]}),
}
"""Gates that random documents may miss, and what shuts them."""


@cache
def explained() -> list[tuple[int, Facts, Row, Explanation]]:
    """Seed, facts, decision and explanation of each document."""
    found = []
    for seed in range(DOCUMENTS):
        facts = canonical(document(seed))
        found.append((seed, facts, answer(facts), explanation(engine(), facts)))
    return found


def shut(found: Explanation) -> bool:
    return any(gate.state == SHUT for gate in found.whole)


def passed(found: Explanation, part: Part) -> bool:
    """Every gate of it, and of the request, is passed or not asked; of what is not there nothing passes."""
    return not shut(found) and part.source is not None and all(gate.state != SHUT for gate in part.gates)


def codes(part: Part) -> set[str]:
    return {code for gate in part.gates for code, _ in gate.reasons}


def test_a_field_is_released_exactly_when_every_gate_is_passed() -> None:
    released = 0
    for seed, _, decision, found in explained():
        out = {(row["field"], row["source"]): row for row in decision["released"]}
        told = {(field, part.source): part for part in found.parts for field in part.fields if passed(found, part)}
        assert told.keys() == out.keys(), seed
        for place, part in told.items():
            assert part.released == (out[place]["level"], out[place]["legal_basis"]), (seed, place)
        assert all(part.released is None for part in found.parts if not passed(found, part)), seed
        released += bool(out)
    assert released >= DOCUMENTS / 5


def test_every_reason_of_the_decision_stands_in_a_gate_and_no_other() -> None:
    for seed, facts, decision, found in explained():
        whole = {refusal["code"] for refusal in decision["refusals"] if refusal["field"] == "*"}
        assert {code for gate in found.whole for code, _ in gate.reasons} == whole, seed
        for part in found.parts:
            for field in part.fields:
                named = {
                    refusal["code"]
                    for refusal in decision["refusals"]
                    if refusal["field"] == field and refusal["source"] in (None, part.source)
                }
                own = BESIDE_OWN_DATA if part.source == facts["partner"]["id"] else set()
                assert named - codes(part) <= own, (seed, field, part.source)
                assert codes(part) - named <= whole | {"E_VERPLICHTING"}, (seed, field, part.source)


def test_every_asked_field_is_explained() -> None:
    for seed, facts, decision, found in explained():
        told = {field for part in found.parts for field in part.fields} | set(found.unknown)
        if not any(refusal["code"] in ("E_DOEL", "E_INVOER") for refusal in decision["refusals"]):
            assert "*" in facts["requested"] or told == set(facts["requested"]), seed


def test_the_documents_reach_every_gate_and_each_has_its_words() -> None:
    states: Counter[tuple[str, str]] = Counter()
    for _, _, _, found in explained():
        for gate in (*found.whole, *(gate for part in found.parts for gate in part.gates)):
            states[gate.name, gate.state] += 1
            texts = sentences().gate(gate.name)
            assert gate.state == SHUT or gate.state in texts, (gate.name, gate.state)
    names = {name for name, _ in states}
    assert {name for name in names if not states[name, SHUT]} <= RARELY_SHUT.keys()
    assert {name for name in names if not states[name, OPEN]} == set()
    assert all(state in (OPEN, SHUT, SPARED) for _, state in states)


@pytest.mark.parametrize("gate", RARELY_SHUT)
def test_a_gate_that_is_rarely_shut_shuts(gate: str) -> None:
    key, changes = RARELY_SHUT[gate]
    plan = record("evaluatie_datum", "regisseur-1", "casusregisseur")
    open_one = request("ggz", "D02", ["evaluatie_datum"], records=[plan], legal_bases=[basis("wgs", "ggz-1", "D02")])
    closed = {**open_one, key: {**open_one[key], **changes}}
    for doc, expected in ((open_one, set()), (closed, {gate})):
        found = explanation(engine(), canonical(doc))
        gates = (*found.whole, *(each for part in found.parts for each in part.gates))
        assert {each.name for each in gates if each.state == SHUT} == expected
