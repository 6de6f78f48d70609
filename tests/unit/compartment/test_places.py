"""Every part of a place counts."""

import pytest

from hub.compartment import places
from hub.crypto.aead import associated, joined

WHOLE: tuple[str | bytes, ...] = (*places.values("casus", "compartment"), *places.value("naam", "vol", 7, 1))


@pytest.mark.parametrize(
    "other",
    [
        (*places.values("x", "compartment"), *places.value("naam", "vol", 7, 1)),
        (*places.values("casus", "x"), *places.value("naam", "vol", 7, 1)),
        (*places.values("casus", "compartment"), *places.value("x", "vol", 7, 1)),
        (*places.values("casus", "compartment"), *places.value("naam", "sam", 7, 1)),
        (*places.values("casus", "compartment"), *places.value("naam", "vol", 8, 1)),
        (*places.values("casus", "compartment"), *places.value("naam", "vol", 7, 2)),
    ],
)
def test_a_value_is_bound_to_each_part(other: tuple[str | bytes, ...]) -> None:
    assert associated(other) != associated(WHOLE)


def test_kinds_of_places_do_not_meet() -> None:
    kinds = [
        places.own_key("c", 1),
        places.own_key("c", 2),
        places.directory("c", 1),
        places.directory("c", 2),
        places.directory("d", 1),
        places.data_keys("c", 1),
        places.data_keys("c", 2),
        places.data_keys("d", 1),
    ]
    assert len({associated(place) for place in kinds}) == len(kinds)


@pytest.mark.parametrize("value", [("naam", "vol", 7, 1), ("é" * 200, "sam", 2**62, 300), ("", "", 0, 0)])
def test_a_place_joined_is_the_place(value: tuple[str, str, int, int]) -> None:
    assert places.value_joined(*value) == joined(places.value(*value))
