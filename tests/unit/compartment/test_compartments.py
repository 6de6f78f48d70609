"""Delivering, reading, marking, taking back."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from hub.compartment.compartments import Compartments
from hub.compartment.manifest import MOST_READY
from hub.compartment.reading import data_keys_of
from hub.errors import KeysUnavailable, Sealed, ShapeError, Stale
from hub.model.delivery import DeliveredField
from hub.pdp.packing import unpacked
from tests.statements import statements
from tests.unit.compartment.sealed_casus import (
    CASUS,
    CONTENT,
    EVERY,
    GEM,
    GGZ,
    GROUPS,
    OTHER,
    POL,
    SECOND,
    SealedCasus,
    released,
)


def _facts(casus: SealedCasus) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["field"], one["source"]): one for one in unpacked(casus.held().rows())}


def test_every_value_comes_back_as_it_was_delivered(casus: SealedCasus) -> None:
    delivered = {
        (one.field, source, level): value
        for source, given in CONTENT.items()
        for one in given
        for level, value in one.levels.items()
    }
    assert casus.values() == delivered


def test_a_compartment_is_one_source_and_group(casus: SealedCasus) -> None:
    places = Counter((one.source, one.group) for one in casus.held())
    assert places == Counter([(GGZ, "G05"), (GGZ, "G07"), (GGZ, "G01"), (POL, "G10"), (GEM, "G01")])
    keys = data_keys_of(casus.held())
    assert len(set(keys.values())) == 5


def test_rows_are_those_of_the_contract(casus: SealedCasus) -> None:
    facts = _facts(casus)
    assert facts["mutaties", POL] == {
        "field": "mutaties", "source": POL, "source_kind": "politie", "regime": "wgs_zvh", "levels": ["sam", "vol"],
        "person": "betrokkene", "restricted": False, "disputed": False, "objected": False, "destroy_on": None,
        "denied_to": [], "vetoed": False, "uavg41": False, "treating_with": [], "supplier_agreed": False,
        "financed_by": [], "melding_receiver": None, "wjsg": None,
        "wpg": {"article": "20(3)", "category": "8", "decision": "PV-2027-1", "receivers": ["ggz-1"],
                "authority_agreed": True},
    }  # fmt: skip
    assert facts["crisisplan", GGZ]["treating_with"] == ["ggz-2"]
    assert len(facts) == 6


def test_only_what_is_wanted_is_opened_at_its_level(casus: SealedCasus) -> None:
    opened = casus.open(released("diagnose", GGZ, "sam"), released("mutaties", POL, "hit"), released("naam", GEM))
    assert [(one.field, one.source, one.level, one.value) for one in opened.fields] == [
        ("diagnose", GGZ, "sam", "psychotische kwetsbaarheid"),
        ("mutaties", POL, "hit", True),
        ("naam", GEM, "vol", "A. Voorbeeld"),
    ]
    assert opened.failed == ()
    assert {one.since for one in opened.fields} == {"2027-01-10T11:00:00.000000Z"}


@pytest.mark.parametrize(
    ("field", "source", "level"),
    [("crisisplan", GGZ, "sam"), ("diagnose", POL, "vol"), ("niets", GGZ, "hit"), ("diagnose", GGZ, "alles")],
)
def test_what_is_not_there_fails_and_the_rest_goes_on(casus: SealedCasus, field: str, source: str, level: str) -> None:
    opened = casus.open(released("naam", GEM), released(field, source, level), released("mutaties", POL))
    assert [one.field for one in opened.fields] == ["naam", "mutaties"]
    assert opened.failed == ((field, source),)


def test_a_redelivery_changes_only_the_fields_it_names(casus: SealedCasus) -> None:
    before = casus.values()
    old = casus.slot("diagnose", GGZ), casus.slot("diagnose", GGZ, "sam")
    done = casus.put(GGZ, [DeliveredField("diagnose", {"sam": "nieuwe tekst"})], at=SECOND)
    assert done == [("diagnose", "vervangen")]
    expected = {place: value for place, value in before.items() if place[:2] != ("diagnose", GGZ)}
    assert casus.values() == {**expected, ("diagnose", GGZ, "sam"): "nieuwe tekst"}
    assert casus.open(released("diagnose", GGZ, "sam")).fields[0].since == SECOND
    assert casus.rows("SELECT slot FROM sealed_fields WHERE slot IN (:a, :b)", a=old[0], b=old[1]) == []
    assert casus.put(GGZ, [DeliveredField("geboortedatum", {"vol": "1990-01-02"})]) == [("geboortedatum", "nieuw")]


def test_a_redelivery_lifts_no_restriction(casus: SealedCasus) -> None:
    marks: dict[str, Any] = {"restricted": True, "disputed": True, "objected": True, "vetoed": True, "uavg41": True}
    casus.write(
        lambda conn: casus.compartments.mark(
            conn,
            CASUS,
            source=GGZ,
            fields=["diagnose"],
            **marks,
            denied_to=["pol-1"],
            destroy_on=SECOND,
            supplier_agreed=True,
        )
    )
    casus.put(GGZ, [DeliveredField("diagnose", {"vol": "x"}, denied_to=("om-1",))])
    facts = _facts(casus)["diagnose", GGZ]
    assert {name: facts[name] for name in marks} == marks
    assert facts["denied_to"] == ["om-1", "pol-1"]
    assert facts["destroy_on"] == SECOND
    # What opens a field comes from the latest delivery alone.
    assert facts["supplier_agreed"] is False


def test_marks_change_what_is_known_and_no_value(casus: SealedCasus) -> None:
    values, rows = casus.values(), casus.rows("SELECT slot, sealed FROM sealed_fields ORDER BY slot")
    marked = casus.write(lambda conn: casus.compartments.mark(conn, CASUS, source=None, fields=["naam"], disputed=True))
    assert sorted(marked) == [("naam", GEM), ("naam", GGZ)]
    assert {place for place, facts in _facts(casus).items() if facts["disputed"]} == {("naam", GEM), ("naam", GGZ)}
    marked = casus.write(
        lambda conn: casus.compartments.mark(conn, CASUS, source=GGZ, fields=None, disputed=False, regime="wvggz")
    )
    assert len(marked) == 3
    facts = _facts(casus)
    assert not facts["naam", GGZ]["disputed"]
    assert facts["naam", GEM]["disputed"]
    assert {facts[place]["regime"] for place in facts if place[1] == GGZ} == {"wvggz"}
    assert casus.values() == values
    assert casus.rows("SELECT slot, sealed FROM sealed_fields ORDER BY slot") == rows


@pytest.mark.parametrize(
    "conditions",
    [
        {"restricted": "ja"}, {"restricted": None}, {"denied_to": "pol-1"}, {"denied_to": [1]},
        {"wpg": "x"}, {"level": "vol"}, {"source_kind": "ggz"},
    ],
)  # fmt: skip
def test_an_unknown_or_misshapen_mark_changes_nothing(casus: SealedCasus, conditions: dict[str, Any]) -> None:
    before = casus.rows("SELECT version, sealed FROM casus_seals")
    with pytest.raises(ShapeError):
        casus.write(lambda conn: casus.compartments.mark(conn, CASUS, source=GGZ, fields=None, **conditions))
    assert casus.rows("SELECT version, sealed FROM casus_seals") == before


@pytest.mark.parametrize(
    "delivery",
    [
        [DeliveredField("onbekend", {"vol": 1})],
        [DeliveredField("diagnose", {})],
        [DeliveredField("diagnose", {"hit": True})],
        [DeliveredField("diagnose", {"vol": 1}), DeliveredField("diagnose", {"vol": 2})],
        [DeliveredField("diagnose", {"vol": 1}, person="buurman")],
        [DeliveredField("crisisplan", {"vol": 1}), DeliveredField("diagnose", {"vol": 2**70})],
    ],
)
def test_a_delivery_is_taken_whole_or_not_at_all(casus: SealedCasus, delivery: list[DeliveredField]) -> None:
    before = casus.values(), casus.rows("SELECT * FROM sealed_fields ORDER BY slot")
    with pytest.raises(ShapeError) as refused:
        casus.put(GGZ, delivery)
    assert refused.value.__cause__ is None
    assert (casus.values(), casus.rows("SELECT * FROM sealed_fields ORDER BY slot")) == before


def test_taking_back_a_group_destroys_its_data_key(casus: SealedCasus) -> None:
    compartment, slot = casus.compartment(GGZ, "G05"), casus.slot("diagnose", GGZ)
    took = casus.write(lambda conn: casus.compartments.take_back(conn, CASUS, GGZ, groups=["G05"]))
    assert list(took) == ["diagnose"]
    assert compartment not in data_keys_of(casus.held())
    assert casus.rows("SELECT * FROM sealed_fields WHERE slot = :slot", slot=slot) == []
    assert set(casus.values()) == {place for place in EVERY if place[:2] != ("diagnose", GGZ)}


def test_taking_back_a_field_leaves_the_rest_of_its_group(casus: SealedCasus) -> None:
    slot = casus.slot("naam", GEM)
    took = casus.write(lambda conn: casus.compartments.take_back(conn, CASUS, GEM, fields=["naam", "diagnose"]))
    assert list(took) == ["naam"]
    assert casus.rows("SELECT * FROM sealed_fields WHERE slot = :slot", slot=slot) == []
    assert set(casus.values()) == {place for place in EVERY if place[:2] != ("naam", GEM)}
    assert ("naam", GGZ) in _facts(casus)


def test_a_field_is_denied_to_more_and_to_nobody_less(casus: SealedCasus) -> None:
    casus.write(lambda conn: casus.compartments.mark(conn, CASUS, source=GEM, fields=["naam"], denied_to=["om"]))
    denied = casus.write(lambda conn: casus.compartments.deny(conn, CASUS, GEM, ["naam", "diagnose"], ["ggz", "om"]))
    assert denied == {"naam": ["ggz", "om"]}
    assert _facts(casus)["naam", GEM]["denied_to"] == ["ggz", "om"]
    assert _facts(casus)["naam", GGZ]["denied_to"] == []
    assert set(casus.values()) == set(EVERY)


def test_nothing_readable_stands_in_the_tables(casus: SealedCasus) -> None:
    rows = casus.rows("SELECT * FROM casus_seals") + casus.rows("SELECT * FROM sealed_fields")
    values = [value for row in rows for value in row]
    # A slot is drawn by chance, and one in a hundred times its digits hold a year: numbers are looked at whole.
    numbers = {value for value in values if isinstance(value, int)}
    stored = b"\n".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in values
        if not isinstance(value, int)
    )
    words = [*GROUPS, *CONTENT, "G05", "politie", "wgs_zvh", "PV-2027-1", "F20.0", "uniform", "Voorbeeld", "1990"]
    assert [word for word in words if word.encode() in stored] == []
    assert not numbers & {1990, 19900102, 2019}


def test_the_length_of_a_ciphertext_says_little(casus: SealedCasus) -> None:
    sizes = {len(bytes(row[0])) for row in casus.rows("SELECT sealed FROM sealed_fields")}
    assert {(size - 29) % 64 for size in sizes} == {0}


def test_an_unknown_casus_holds_nothing(casus: SealedCasus) -> None:
    held = casus.held("f" * 32)
    assert held.broken
    assert (list(held), held.rows(), held.own_key) == ([], [], None)
    assert casus.open(released("naam", GEM), casus="f" * 32).failed == (("naam", GEM),)


def test_a_destroyed_casus_opens_no_more(casus: SealedCasus) -> None:
    casus.start(OTHER)
    casus.put(GEM, CONTENT[GEM], OTHER)
    casus.keyring.destroy(f"casus/{CASUS}/1")
    held = casus.held()
    assert held.broken
    assert held.rows() == []
    with pytest.raises(Sealed):
        casus.put(GEM, CONTENT[GEM])
    assert len(casus.values(OTHER)) == 2
    casus.write(lambda conn: casus.compartments.delete(conn, CASUS))
    for table in ("casus_seals", "sealed_fields"):
        assert casus.rows(f"SELECT casus FROM {table} WHERE casus = :casus", casus=CASUS) == []  # noqa: S608
    assert len(casus.rows("SELECT slot FROM sealed_fields")) == 2


def test_a_key_store_that_does_not_answer_is_told_apart(casus: SealedCasus, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_names: str) -> bytes:
        raise KeysUnavailable

    monkeypatch.setattr(casus.keyring, "get_each", silent)
    with pytest.raises(KeysUnavailable):
        casus.held()


def test_what_changed_between_two_snapshots_is_read_again(casus: SealedCasus) -> None:
    held = casus.held()
    casus.put(GGZ, [DeliveredField("diagnose", {"vol": "x"})])
    with casus.store.snapshot() as conn, pytest.raises(Stale):
        casus.compartments.open(conn, held, [released("diagnose", GGZ)])


def test_the_own_key_stays_through_every_change(casus: SealedCasus) -> None:
    own = casus.held().own_key
    assert own is not None
    casus.put(GGZ, [DeliveredField("diagnose", {"vol": "x"})])
    casus.write(lambda conn: casus.compartments.rewrap(conn, CASUS))
    assert casus.held().own_key == own
    casus.start(OTHER)
    assert casus.held(OTHER).own_key != own


def test_keys_are_in_no_repr(casus: SealedCasus) -> None:
    held = casus.held()
    assert held.own_key is not None
    shown = repr(held)
    assert repr(held.own_key) not in shown
    assert "Box" not in shown
    assert "diagnose" not in shown
    assert replace(held, casus="x").casus == "x"


def test_reading_takes_one_query_opening_one_more_and_opening_again_none(casus: SealedCasus) -> None:
    wanted = [released(*place) for place in EVERY]
    with casus.store.snapshot() as conn, statements() as asked:
        held = casus.compartments.manifests(conn, CASUS)
        assert len([query for query in asked if query.startswith("SELECT")]) == 1
        for queries in (1, 0):
            asked.clear()
            assert len(casus.compartments.open(conn, held, wanted).fields) == len(EVERY)
            assert len(asked) == queries


def test_values_that_take_much_of_the_memory_are_made_ready_each_time(casus: SealedCasus) -> None:
    casus.put(POL, [DeliveredField("mutaties", {"vol": "x" * MOST_READY}, wpg=CONTENT[POL][0].wpg)])
    with casus.store.snapshot() as conn:
        held = casus.compartments.manifests(conn, CASUS)
        for wanted, kept in (("diagnose", GGZ), 1), (("mutaties", POL), 1), (("crisisplan", GGZ), 2):
            assert len(casus.compartments.open(conn, held, [released(*wanted)]).fields) == 1
            assert len(held.memory.readings) == kept


def test_a_catalogue_without_groups_takes_nothing(casus: SealedCasus) -> None:
    bare = SealedCasus(casus.store, casus.keys, casus.keyring, Compartments(casus.keyring, {}), casus.directory)
    with pytest.raises(ShapeError):
        bare.put(GGZ, CONTENT[GGZ])
