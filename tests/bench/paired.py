"""How two sides compare that were measured in turns: pair by pair, so that what the machine does meanwhile falls on both."""

import statistics
from collections.abc import Iterable, Sequence


def compared(pairs: Iterable[Sequence[float]]) -> dict[str, float]:
    """Medians of the first of each pair (`ours`) and of the second (`other`), and of the `ratio` within a pair."""
    found = list(pairs)
    return {
        "ours": statistics.median(ours for ours, _ in found),
        "other": statistics.median(other for _, other in found),
        "ratio": statistics.median(ours / other for ours, other in found),
    }
