"""The policy and the oracle give the same decision on random facts, and the facts reach every word of the law tables.

DIFFERENTIAL_DOCUMENTS sets how many documents are compared, DIFFERENTIAL_FIRST the first seed.
"""

import os
from functools import cache

from hub.pdp import codes
from hub.pdp.canonical import canonical
from tests.policy.engine import answer, differences
from tests.policy.facts import document
from tests.policy.reach import Reach
from tests.policy.reading import words
from tests.policy.reading.articles import OBLIGATIONS
from tests.policy.reading.purposes import ELIGIBLE
from tests.policy.reading.regimes import COUNTS

DOCUMENTS = int(os.environ.get("DIFFERENTIAL_DOCUMENTS", "2000"))
FIRST = int(os.environ.get("DIFFERENTIAL_FIRST", "0"))
GROUNDS = words("""
    wgs toest 457.2 wvggz wzd wpg16 wpg18 wpg19 wjsg wjsg39e wjsg39f derde huur wmo zv01 cvp vitaal
""")
SECRECY = words("BG WV WZ WM PW PG JG AW HU WG -")
EXEMPTIONS = words("457.2 article recorded toest emergency wmo duty") | {"good care"}
PHASES = words("""
    aangemeld triage toegelaten traject opgeschaald afgeschaald afgesloten afgeschermd afgewezen vernietigd
""")


@cache
def compared() -> tuple[Reach, dict[int, list[str]]]:
    """The reach of the documents, and seed -> differences."""
    reach, wrong = Reach(), {}
    for seed in range(FIRST, FIRST + DOCUMENTS):
        facts = canonical(document(seed))
        found = differences(answer(facts), reach.add(facts))
        if found:
            wrong[seed] = found
    return reach, wrong


def test_policy_and_oracle_agree() -> None:
    _, wrong = compared()
    lines = [f"seed {seed}: {line}" for seed, found in list(wrong.items())[:8] for line in found[:4]]
    assert not wrong, "\n".join([f"{len(wrong)} of {DOCUMENTS} documents differ", *lines])


def test_a_quarter_of_the_documents_release_a_field() -> None:
    reach, _ = compared()
    assert reach.allowed >= DOCUMENTS / 4


def test_every_word_of_the_law_is_reached() -> None:
    reach, _ = compared()
    for what, counter in sorted(reach.seen.items()):
        print(what, dict(counter.most_common()))  # noqa: T201 - the count is part of what this test tells
    print("releases", reach.allowed, "of", DOCUMENTS)  # noqa: T201
    wanted = {
        "ground": GROUNDS,
        "eligibility": frozenset(ELIGIBLE.values()) - {"-"},
        "secrecy": SECRECY,
        "exemption": EXEMPTIONS,
        "regime": frozenset(COUNTS) | {"None"},
        "phase": PHASES | {"None"},
        "code": codes.CODES,
        "obligation": frozenset(OBLIGATIONS),
    }
    missing = {what: sorted(words - reach.seen[what].keys()) for what, words in wanted.items()}
    assert {what: words for what, words in missing.items() if words} == {}
