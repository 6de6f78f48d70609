"""What is followed up knows by what its fields left, also where the policy names it with none of them."""

from types import SimpleNamespace
from typing import Any

import pytest

from consent import dossier as kinds
from consent.dossier import dossier_of
from hub.broker.following import _used
from hub.model.registry import Record, Recorder
from hub.model.release import Obligation

START, END, SOONER = "2027-01-10T11:00:00.000000Z", "2027-01-11T11:00:00.000000Z", "2027-01-11T10:00:00.000000Z"
EMERGENCY = dossier_of(
    [Record("nood", kinds.EMERGENCY, START, Recorder("ggz", "ggz", "u", "arts"), {"started_at": START}, {})]
)


@pytest.mark.parametrize(
    ("at", "lifted", "by_it"),
    # A ground, or that by which the purpose is the asker's, is named by no line: the instant tells.
    [(END, None, True), (END, "uitzondering", True), (SOONER, "emergency", True), (SOONER, "uitzondering", False)],
)
def test_what_an_emergency_let_out_is_known_by_its_id(at: str, lifted: str | None, by_it: bool) -> None:
    line = SimpleNamespace(field="a", source="ggz", legal_basis="grondslag", secrecy_exception=lifted)
    release: Any = SimpleNamespace(fields=[(line, None)])
    facts: Any = SimpleNamespace(
        emergency=EMERGENCY.by_id["nood"], state=SimpleNamespace(dossier=EMERGENCY),
        reader=SimpleNamespace(id="een"), request=SimpleNamespace(purpose="D04"), at=START,
    )  # fmt: skip
    found = _used(Obligation("expires_at", at=at, fields=("a",)), facts, release, {})
    assert set(found) == {"grondslag", *([lifted] if lifted else []), *(["nood"] if by_it else [])}
