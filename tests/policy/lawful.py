"""Laws 1 to 10 on many random documents in both runtimes, once and in full: `make laws COUNT=20000 SEED=5`.

Each document is decided by the embedded engine, by a real OPA server and by the oracle. Prints what differs and what was
reached, writes both to `var/laws.json`, and fails where anything differs.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from tests.policy.engine import differences, engine
from tests.policy.laws import LAWS, drawn
from tests.policy.reach import Reach
from tests.policy.runtimes import RuntimesDiffer, serving
from tests.repository import ROOT

_WORKERS = 3
"""Threads: while one waits for the server, another works."""
_TOLD_EACH = 500


def seeds(seed: int, count: int) -> list[int]:
    """The documents of a seed."""
    return Random(seed).sample(range(10**9), count)


def judged(number: int) -> tuple[Any, list[str]]:
    """The facts of a document (none where the runtimes differ), and all that is wrong with what is decided."""
    try:
        one = drawn(number)
        found = [f"{law.__name__}: {fault}" for law in LAWS for fault in law(one)]
    except RuntimesDiffer as fault:
        return None, [f"law_8: {fault}"]
    return one, found


def run(seed: int, count: int) -> dict[str, Any]:
    """The laws on `count` documents; what to keep of it."""
    reach, wrong, begun = Reach(), [], time.monotonic()
    with serving() as server, ThreadPoolExecutor(_WORKERS) as workers:
        engine().server = server
        for done, (number, (one, found)) in enumerate(_in_turn(workers, seeds(seed, count)), start=1):
            other = [f"oracle: {line}" for line in differences(one.answer, reach.add(one.facts))] if one else []
            wrong += [f"document {number}: {line}" for line in [*found, *other]]
            if done % _TOLD_EACH == 0:
                print(f"{done} of {count}, {time.monotonic() - begun:.0f} s, {len(wrong)} wrong", file=sys.stderr)
    asked = {entrypoint: len(digests) for entrypoint, digests in engine().asked.items()}
    return {
        "seed": seed,
        "documents": count,
        "seconds": round(time.monotonic() - begun),
        "revision": engine().revision,
        "released": reach.allowed,
        "asked_of_both": asked,
        "wrong": wrong,
        "reached": {what: dict(counter.most_common()) for what, counter in sorted(reach.seen.items())},
    }


def _in_turn(workers: ThreadPoolExecutor, numbers: list[int]) -> Iterator[tuple[int, tuple[Any, list[str]]]]:
    """Each document with what was found, some at a time, so that few are held."""
    for start in range(0, len(numbers), _TOLD_EACH):
        some = numbers[start : start + _TOLD_EACH]
        yield from zip(some, workers.map(judged, some), strict=True)


def main() -> int:
    """Exit 1 where anything is wrong, or fewer than a quarter of the documents release something."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=20_000)
    words.add_argument("--seed", type=int, default=5)
    asked = words.parse_args()
    print(f"laws 1 to 10, seed {asked.seed}, {asked.count} documents")
    found = run(asked.seed, asked.count)
    kept = ROOT / "var/laws.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(found, indent=1))
    print(json.dumps({**found, "wrong": found["wrong"][:20]}, indent=1))
    return int(bool(found["wrong"]) or found["released"] < asked.count / 4)


if __name__ == "__main__":
    sys.exit(main())
