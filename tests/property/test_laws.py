"""The laws of the decision contract that hold for every input, on 2,000 random documents in both runtimes.

`make laws` does it on more. Law 8 is asked of each document and of what laws 3 and 10 make of it.
"""

from functools import cache

import pytest

from hub.pdp.bundle import SERVER_ENTRYPOINT
from tests.policy.facts import document
from tests.policy.laws import LAWS, Drawn, Law, drawn
from tests.policy.runtimes import Runtimes

# Each asks an OPA server for as many decisions, and a busy machine takes its time.
pytestmark = [pytest.mark.opa, pytest.mark.timeout(900)]
DOCUMENTS = range(2_000)


@cache
def decided(seed: int) -> Drawn:
    """Decided once for all laws."""
    return drawn(seed)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__.removeprefix("law_"))
def test_law(runtimes: Runtimes, law: Law) -> None:
    faults = [f"seed {seed}: {fault}" for seed in DOCUMENTS for fault in law(decided(seed))]
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:8]])


def test_law_8_every_document_was_asked_of_both_and_a_quarter_releases(runtimes: Runtimes) -> None:
    assert sum(decided(seed).decision.allow for seed in DOCUMENTS) >= len(DOCUMENTS) / 4
    assert len(runtimes.asked[SERVER_ENTRYPOINT]) >= len(DOCUMENTS)


@pytest.mark.parametrize("seed", range(3))
def test_the_documents_of_a_seed_are_always_the_same(seed: int) -> None:
    assert document(seed) == document(seed)
