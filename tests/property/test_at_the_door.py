"""A thousand changed documents of each format at the door: a refusal with a place, or a whole delivery; in time."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from hub.model.partner import PartnerKind
from tests.extent import times
from tests.property.test_connectors import CANARY, FORMATS, Fuzzed, mutations
from tests.region import World
from tests.stored import ciphertexts
from tests.target import CASUS, about_the_samples
from tests.unit.connectors import samples

pytestmark = pytest.mark.usefixtures("little_garbage")

DOCUMENTS = times(1_000, 10_000)
SECONDS, MEBIBYTES = 1.0, 200
BY = {
    PartnerKind.GGZ: "ggz-noord",
    PartnerKind.COLLEGE: "gemeente-noord",
    PartnerKind.POLITIE: "politie-noord",
    PartnerKind.ZVH_PROCESREGISSEUR: "zvh-noord",
    PartnerKind.WONINGCORPORATIE: "wonen-noord",
}


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hub with a casus about the person of the samples."""
    with about_the_samples(tmp_path_factory.mktemp(CASUS)) as found:
        yield found


@contextmanager
def bounded_memory() -> Iterator[None]:
    """What this process needs at its peak beyond what it held before."""
    before = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here (proc(5))
    yield
    assert _resident("VmHWM") - before < MEBIBYTES * 1024


def _resident(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("fuzzed", FORMATS, ids=lambda each: each.name)
def test_a_changed_document_is_refused_with_a_place_or_delivered_whole(target: World, fuzzed: Fuzzed) -> None:
    outcomes: set[int] = set()

    @settings(max_examples=DOCUMENTS, deadline=None, derandomize=True, database=None)
    @given(mutations(fuzzed))
    def each(document: bytes) -> None:
        outcomes.add(_delivered(target, fuzzed, document))

    with bounded_memory():
        each()
    assert {201, 400} <= outcomes


def _delivered(target: World, fuzzed: Fuzzed, document: bytes) -> int:
    target.clock.move(seconds=61)  # fewer tries about another person than are allowed an hour
    before, since = ciphertexts(target), time.process_time()
    answer = target.on(BY[fuzzed.kind], "leveringen", None, casus=CASUS, content=document, media=fuzzed.media_type)
    assert time.process_time() - since < SECONDS
    after = ciphertexts(target)
    if answer.status_code == 201:
        _must_be_whole(answer.json(), len(after - before))
    else:
        assert 400 <= answer.status_code < 500, answer.text
        assert after == before
        _must_tell_a_place(answer.json(), answer.status_code)
        assert CANARY not in answer.text
        assert samples.BSN not in answer.text
    return answer.status_code


def _must_be_whole(answer: dict[str, Any], added: int) -> None:
    """Each form that the answer names is a new value in the store, and there is no other."""
    assert added == sum(len(item["niveaus"]) for item in answer["opgenomen"]), json.dumps(answer)


def _must_tell_a_place(problem: dict[str, Any], status: int) -> None:
    if status in {400, 413}:
        assert problem["fouten"]
        assert all(fault["plaats"] for fault in problem["fouten"])
    else:
        assert problem["code"] == "andere-persoon"
