"""Laws of ciphertexts: they come back as they were, never twice the same, and open at their own place only."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hub.crypto import aead
from hub.crypto.pseudonym import Pseudonyms
from hub.errors import Sealed
from hub.model.delivery import DeliveredField
from tests.conftest import FixedClock
from tests.unit.compartment.sealed_casus import (
    CASUS,
    GGZ,
    GROUPS,
    KINDS,
    POL,
    SECOND,
    SealedCasus,
    released,
    sealed_casus,
)

KEYS = st.binary(min_size=32, max_size=32)
PARTS = st.lists(st.one_of(st.text(max_size=20), st.binary(max_size=20)), max_size=5).map(tuple)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
DELIVERIES = st.dictionaries(
    st.sampled_from(sorted(GROUPS)), st.dictionaries(st.sampled_from(["vol", "sam"]), JSON, min_size=1), min_size=1
)


@given(KEYS, st.binary(max_size=300), PARTS)
def test_round_trip(key: bytes, plaintext: bytes, aad: tuple[aead.Part, ...]) -> None:
    assert aead.open_(key, aead.seal(key, plaintext, aad), aad) == plaintext


@given(KEYS, st.binary(max_size=300), PARTS)
def test_not_deterministic(key: bytes, plaintext: bytes, aad: tuple[aead.Part, ...]) -> None:
    one, other = aead.seal(key, plaintext, aad), aead.seal(key, plaintext, aad)
    assert one != other
    assert one[1:13] != other[1:13]
    assert len(one) == len(plaintext) + aead.OVERHEAD


@given(PARTS, PARTS)
def test_places_that_differ_are_bound_differently(one: tuple[aead.Part, ...], other: tuple[aead.Part, ...]) -> None:
    plain = [[part.encode() if isinstance(part, str) else part for part in parts] for parts in (one, other)]
    assert (aead.associated(one) == aead.associated(other)) == (plain[0] == plain[1])


@given(KEYS, st.binary(max_size=100), PARTS, st.data())
def test_a_changed_envelope_never_opens(
    key: bytes, plaintext: bytes, aad: tuple[aead.Part, ...], data: st.DataObject
) -> None:
    sealed = aead.seal(key, plaintext, aad)
    position = data.draw(st.integers(0, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[position] ^= data.draw(st.integers(1, 255))
    cut = sealed[: data.draw(st.integers(0, len(sealed) - 1))]
    longer = sealed + data.draw(st.binary(min_size=1, max_size=20))
    for wrong in (bytes(changed), cut, longer, sealed[1:]):
        with pytest.raises(Sealed):
            aead.open_(key, wrong, aad)


@given(KEYS, KEYS, st.binary(max_size=100), PARTS, PARTS)
def test_another_key_or_place_never_opens(
    key: bytes, other_key: bytes, plaintext: bytes, aad: tuple[aead.Part, ...], other: tuple[aead.Part, ...]
) -> None:
    assume(key != other_key)
    assume(aead.associated(aad) != aead.associated(other))
    sealed = aead.seal(key, plaintext, aad)
    for wrong_key, wrong_place in ((other_key, aad), (key, other)):
        with pytest.raises(Sealed):
            aead.open_(wrong_key, sealed, wrong_place)


@given(st.binary(min_size=16, max_size=16), st.text(max_size=12), st.text(max_size=60))
def test_pseudonyms_turn_back_and_nothing_else_does(raw: bytes, partner: str, text: str) -> None:
    pseudonyms = Pseudonyms(b"p" * 32, b"i" * 32)
    made = pseudonyms.casus_pseudonym(partner, raw.hex())
    assert pseudonyms.casus_of(partner, made) == raw.hex()
    assert pseudonyms.casus_of(partner + "x", made) is None
    assume(text != made)
    assert pseudonyms.casus_of(partner, text) is None


# --- a casus: every property on one that lives through many deliveries ---


@pytest.fixture(scope="module")
def casus() -> Iterator[SealedCasus]:
    """One casus for all examples: a new one each would be the most of the time."""
    clock = FixedClock(datetime(2027, 1, 10, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as place, sealed_casus(Path(place), clock) as made:
        yield made


SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _delivered(content: dict[str, dict[str, Any]]) -> list[DeliveredField]:
    return [DeliveredField(name, levels) for name, levels in content.items()]


@SLOW
@given(content=DELIVERIES, source=st.sampled_from(sorted(KINDS)))
def test_what_is_delivered_comes_back_and_nothing_else_moves(
    casus: SealedCasus, content: dict[str, dict[str, Any]], source: str
) -> None:
    before = {
        place: value for place, value in casus.values().items() if (place[0] not in content or place[1] != source)
    }
    casus.put(source, _delivered(content), at=SECOND)
    fresh = {(name, source, level): value for name, levels in content.items() for level, value in levels.items()}
    assert casus.values() == {**before, **fresh}


@SLOW
@given(content=DELIVERIES)
def test_a_replaced_ciphertext_is_in_no_page(casus: SealedCasus, content: dict[str, dict[str, Any]]) -> None:
    casus.put(GGZ, _delivered(content))
    old = {
        slot
        for one in casus.held()
        if one.source == GGZ
        for name in content
        if name in one.fields
        for slot in one.fields[name].slots.values()
    }
    sealed = [bytes(row[1]) for row in casus.rows("SELECT slot, sealed FROM sealed_fields") if row[0] in old]
    assert len(sealed) == sum(len(levels) for levels in content.values())
    casus.put(GGZ, _delivered(content))
    files = casus.files()
    assert not any(one in files for one in sealed)


@SLOW
@given(data=st.data())
def test_sealed_values_in_each_others_place_never_open(casus: SealedCasus, data: st.DataObject) -> None:
    casus.put(GGZ, [DeliveredField(name, {"vol": name, "sam": name}) for name in GROUPS])
    casus.put(POL, [DeliveredField(name, {"vol": name}) for name in GROUPS])
    rows = casus.rows("SELECT slot, sealed FROM sealed_fields ORDER BY slot")
    to, source = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True))
    put = "UPDATE sealed_fields SET sealed = :sealed WHERE slot = :slot"
    whole = casus.values()
    casus.tamper(put, sealed=bytes(rows[source][1]), slot=rows[to][0])
    try:
        left = casus.values()
    finally:
        casus.tamper(put, sealed=bytes(rows[to][1]), slot=rows[to][0])
    assert len(left) == len(whole) - 1
    assert left.items() <= whole.items()


@SLOW
@given(position=st.integers(0, 10_000), flip=st.integers(1, 255), column=st.sampled_from(["own_key", "sealed"]))
def test_a_changed_directory_never_opens(casus: SealedCasus, position: int, flip: int, column: str) -> None:
    (row,) = casus.rows(f"SELECT {column} FROM casus_seals WHERE casus = :casus", casus=CASUS)  # noqa: S608
    changed = bytearray(bytes(row[0]))
    changed[position % len(changed)] ^= flip
    put = f"UPDATE casus_seals SET {column} = :to WHERE casus = :casus"  # noqa: S608
    casus.tamper(put, to=bytes(changed), casus=CASUS)
    try:
        held = casus.held()
    finally:
        casus.tamper(put, to=bytes(row[0]), casus=CASUS)
    assert held.broken
    assert held.rows() == []


def test_places_of_the_content_stay_apart(casus: SealedCasus) -> None:
    casus.put(GGZ, [DeliveredField("naam", {"vol": "een"})])
    casus.put(POL, [DeliveredField("naam", {"vol": "twee"})])
    opened = casus.open(released("naam", POL), released("naam", GGZ))
    assert [one.value for one in opened.fields] == ["twee", "een"]
