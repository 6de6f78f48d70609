"""A promise is a bound: what is fetched is the same field of the same source, at that level or a lower one."""

import pytest

from hub.broker.sending import fits as may_leave


@pytest.mark.parametrize(
    ("level", "promised", "fits"),
    [
        ("sam", "sam", True), ("sam", "vol", True), ("hit", "sam", True), ("vol", "sam", False), ("sam", "hit", False),
        ("agg", "agg", True), ("agg", "vol", False), ("hit", "agg", False), ("hit", None, False), ("vol", None, False),
    ],
)  # fmt: skip
def test_levels(level: str, promised: str | None, fits: bool) -> None:
    assert may_leave(level, promised) is fits
