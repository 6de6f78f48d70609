"""The facts document: a strict shape in, one canonical form out."""

import copy
import json
import random
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import HubError, ShapeError
from hub.model.canonical import canonical_json
from hub.pdp.canonical import canonical, canonical_bytes, read_canonical
from hub.pdp.strict_json import LARGEST, loads_distinct, loads_strict
from tests.unit.pdp.facts import Path, at, example, full, objects, plain, records_of, wide

MAY_BE_MISSING = {
    "emergency", "started_by", "role", "designated", "screened", "trained", "bound_to_secrecy", "relations",
    "secrecy_statement_until", "employer_kind", "authority_from", "fulfils", "regime", "phase", "aanmelder", "involved",
    "triage_group", "first_processed_at", "term_ends_at", "wvggz_status", "wzd_status", "subject_age",
    "unauthorised_absence", "group_size", "informed_of", "uavg41_until", "reason", "rac_ref", "article",
    "second_professional", "consent_attempted", "capable", "voluntary", "recorded_by_treating", "given_by",
    "source_kind", "unable_to_consent",
}  # fmt: skip
"""Outside records: a key whose absence can do nothing but close."""


def leaves() -> list[Path]:
    facts = full()
    return [(*path, key) for path in objects(facts) for key in at(facts, path)]


def place_of(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def test_the_example_of_the_contract_becomes_canonical() -> None:
    facts = plain(canonical(example()))
    assert facts["at"] == "2026-11-22T09:00:00.000000Z"
    assert facts["requested"] == ["diagnose_dsm", "politie_mutaties_samenvatting"]
    assert facts["partner"]["relations"] == ["behandelt", "zorgverantwoordelijke"]
    assert facts["casus"]["involved"] == ["gem-1", "ggz-1", "pol-1"]
    assert records_of(facts)[0]["levels"] == ["sam", "vol"]
    assert records_of(facts)[0]["destroy_on"] == "2031-01-01T00:00:00.000000Z"
    assert facts["legal_bases"][0]["reason"] is True
    assert facts["secrecy_exceptions"][0]["reason"] is False
    assert facts["consents"][0]["expires_at"] == "2027-01-10T11:00:00.000000Z"


def test_an_emergency_gets_its_end() -> None:
    assert plain(canonical(full()))["emergency"]["ends_at"] == "2026-11-22T22:30:00.000000Z"


def test_the_input_is_left_as_it_was() -> None:
    facts, before = full(), full()
    canonical(facts)
    assert facts == before


def test_bytes_are_those_of_rfc_8785() -> None:
    facts = canonical(full())
    assert canonical_bytes(facts) == facts.text == rfc8785.dumps(plain(facts)) == canonical_json(plain(facts))


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first run makes a table of all signs
@given(st.dictionaries(st.sampled_from(["a", "B", "a_b", "z"]), st.text() | st.integers(-(2**53) + 1, 2**53 - 1)))
def test_text_and_numbers_are_written_as_in_rfc_8785(value: dict[str, Any]) -> None:
    try:
        expected = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError:
        return  # half a surrogate: never gets past the table
    assert canonical_bytes(value) == expected


@settings(max_examples=50)
@given(st.randoms(use_true_random=False))
def test_order_and_doubles_of_the_input_leave_no_trace(chance: random.Random) -> None:
    facts = wide(12, 8)
    facts["records"][3] = {**facts["records"][2], "vetoed": True}
    facts["consents"].append({**facts["consents"][0], "id": "co-0"})
    shuffled = copy.deepcopy(facts)
    for rows in (shuffled["records"], shuffled["consents"], shuffled["requested"], shuffled["casus"]["involved"]):
        chance.shuffle(rows)
    shuffled["requested"].append(shuffled["requested"][0])
    assert canonical_bytes(canonical(shuffled)) == canonical_bytes(canonical(facts))


PLAIN = {**example(), "secrecy_exceptions": []}
TEXT = json.dumps(PLAIN).encode()
"""Nothing in it is escaped: it can be read fast."""
SPOILED = {
    "a key twice": TEXT.replace(b'"purpose": ', b'"purpose": "D01", "purpose": ', 1),
    "a key twice, once escaped": TEXT.replace(b'"purpose": ', b'"purp\\u006fse": "D01", "purpose": ', 1),
    "a key twice, beside as many quotes that are escaped": TEXT.replace(
        b'"purpose": ', b'"purpose": 1, "purpose": ', 1
    ).replace(b'"id": "', b'"id": "\\u0022\\u0022', 1),
    "a key of a record twice": TEXT.replace(b'"vetoed": ', b'"vetoed": true, "vetoed": ', 1),
    "a fraction": TEXT.replace(b'"subject_age": 34', b'"subject_age": 34.0', 1),
    "a whole number with a power": TEXT.replace(b'"subject_age": 34', b'"subject_age": 34e0', 1),
    "a number of many digits": TEXT.replace(b'"subject_age": 34', b'"subject_age": ' + b"9" * 40, 1),
    "too deep": TEXT.replace(b'"requested": ', b'"requested": ' + b"[" * 60 + b"]" * 60 + b', "x": ', 1),
    "much too deep": TEXT.replace(b'"requested": ', b'"requested": ' + b"[" * 600 + b"]" * 600 + b', "x": ', 1),
    "an unknown word": TEXT.replace(b'"action": "lezen"', b'"action": "schrijven"', 1),
    "half a document": TEXT[: len(TEXT) // 2],
    "no text": b"\xff" + TEXT,
    "too long": TEXT.ljust(LARGEST + 1),
}


def test_a_text_is_read_as_its_document() -> None:
    assert loads_distinct(TEXT) == PLAIN
    spaced = json.dumps(PLAIN, indent=1).encode()
    assert read_canonical(TEXT).text == read_canonical(spaced).text == canonical(PLAIN).text
    escaped = json.dumps({**example(), "purpose": "D\N{COMBINING ACUTE ACCENT}3"})
    assert read_canonical(escaped.encode()).text == canonical(json.loads(escaped)).text


@pytest.mark.parametrize("spoiled", SPOILED)
def test_what_is_wrong_with_a_text_is_what_the_strict_reader_says_or_else_the_table(spoiled: str) -> None:
    assert SPOILED[spoiled] != TEXT
    with pytest.raises(HubError) as caught:
        read_canonical(SPOILED[spoiled])
    with pytest.raises(HubError) as strictly:
        canonical(loads_strict(SPOILED[spoiled]))
    said, meant = caught.value, strictly.value
    assert (type(said), said.place, said.sentence) == (type(meant), meant.place, meant.sentence)


def test_two_records_of_one_field_and_source_stay_two() -> None:
    facts = example()
    facts["records"].append(copy.deepcopy(facts["records"][0]))
    assert len(records_of(plain(canonical(facts)))) == 2


@pytest.mark.parametrize("path", [path for path in leaves() if path[0] == "records" and len(path) > 1], ids=place_of)
def test_any_key_of_a_record_may_be_missing_or_null(path: Path) -> None:
    for left_out in (True, False):
        facts = full()
        parent = at(facts, path[:-1])
        if left_out:
            del parent[path[-1]]
        else:
            parent[path[-1]] = None
        if path[-1] == "field":
            assert plain(canonical(facts))["rows"] == []
        else:
            assert at({"records": records_of(plain(canonical(facts)))}, path) in (None, [])


@pytest.mark.parametrize("path", [path for path in leaves() if path[0] != "records" or len(path) == 1], ids=place_of)
def test_elsewhere_a_key_may_be_missing_only_where_that_closes(path: Path) -> None:
    facts = full()
    del at(facts, path[:-1])[path[-1]]
    if path[-1] in MAY_BE_MISSING:
        assert at(plain(canonical(facts)), path) in (None, [], False)
        return
    with pytest.raises(ShapeError) as caught:
        canonical(facts)
    assert caught.value.place == place_of(path)


@pytest.mark.parametrize("path", list(objects(full())), ids=place_of)
def test_an_unknown_key_is_refused_at_its_place_without_its_name(path: Path) -> None:
    facts = full()
    at(facts, path)["999990019"] = 1
    with pytest.raises(ShapeError) as caught:
        canonical(facts)
    assert caught.value.place == (place_of(path) or "document")
    assert "999990019" not in str(caught.value)


@pytest.mark.parametrize("path", leaves(), ids=place_of)
@pytest.mark.parametrize("wrong", [1.5, -1, {"x": 1}, [["x"]], "\x00", " ", "\ud800", 10**400], ids=ascii)
def test_a_wrong_value_is_refused_at_its_place_and_never_repeated(path: Path, wrong: Any) -> None:
    facts = full()
    at(facts, path[:-1])[path[-1]] = wrong
    if path[-1] == "reason" and wrong == " ":
        assert at(plain(canonical(facts)), path) is False
        return
    with pytest.raises(ShapeError) as caught:
        canonical(facts)
    assert str(caught.value.place).startswith(place_of(path))


WORDS = [
    ("action",),
    ("partner", "kind"),
    ("partner", "standing"),
    ("partner", "employer_kind"),
    ("casus", "regime"),
    ("casus", "phase"),
    ("casus", "wvggz_status"),
    ("casus", "wzd_status"),
    ("records", 0, "source_kind"),
    ("records", 0, "regime"),
    ("records", 0, "person"),
    ("legal_bases", 0, "kind"),
    ("secrecy_exceptions", 0, "kind"),
    ("consents", 0, "kind"),
    ("emergency", "kind"),
    ("emergency", "source_kind"),
]
LISTS = [("partner", "relations"), ("partner", "fulfils"), ("records", 0, "levels"), ("consents", 0, "purposes")]


@pytest.mark.parametrize("path", WORDS, ids=place_of)
def test_an_unknown_word_is_refused(path: Path) -> None:
    facts = full()
    at(facts, path[:-1])[path[-1]] = "onzin"
    with pytest.raises(ShapeError) as caught:
        canonical(facts)
    assert caught.value.place == place_of(path)


@pytest.mark.parametrize("path", LISTS, ids=place_of)
def test_an_unknown_word_in_a_list_is_refused(path: Path) -> None:
    facts = full()
    at(facts, path).append("onzin")
    with pytest.raises(ShapeError) as caught:
        canonical(facts)
    assert caught.value.place == f"{place_of(path)}[{len(at(facts, path)) - 1}]"


@pytest.mark.parametrize("path", [("casus", "subject_age"), ("casus", "group_size"), ("partner", "id")], ids=place_of)
def test_true_is_no_number_and_no_text(path: Path) -> None:
    facts = full()
    at(facts, path[:-1])[path[-1]] = True
    with pytest.raises(ShapeError):
        canonical(facts)


def test_an_unknown_purpose_is_no_wrong_shape() -> None:
    facts = example()
    facts["purpose"] = "D99"
    assert plain(canonical(facts))["purpose"] == "D99"


@pytest.mark.parametrize("document", [None, [], "x", 1, True, {}, [example()]])
def test_what_is_no_document_is_refused(document: object) -> None:
    with pytest.raises(ShapeError):
        canonical(document)


@pytest.mark.parametrize(("key", "odd"), [("destroy_on", float("inf")), ("vetoed", float("nan"))])
def test_what_json_would_write_alike_is_not_taken_for_it(key: str, odd: object) -> None:
    plain = {**example()["records"][0], "destroy_on": None, "vetoed": None, "levels": ["sam"]}
    for index, records in enumerate(([{**plain, key: odd}, plain], [plain, {**plain, key: odd}])):
        with pytest.raises(ShapeError) as caught:
            canonical({**example(), "records": records})
        assert caught.value.place == f"records[{index}].{key}"
