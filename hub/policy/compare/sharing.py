"""What each change of a policy gives by itself: the levels that it moves, where all is in order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hub.policy.compare.deciding import Found
from hub.policy.compare.merging import Line, lines
from hub.policy.compare.outcome import LEVEL, Told
from hub.policy.compare.situations import Situation


@dataclass(frozen=True)
class Share:
    """Levels that differ by one change: undone alone, they would not. `words`: of that change, in as many lines as it
    has cells; none for levels that no single change moves, or of which it was not worked out."""

    words: tuple[str, ...]
    lines: tuple[Line, ...]


def shares(found: Found, changed: Sequence[tuple[str, ...]], situations: tuple[Situation, ...]) -> tuple[Share, ...]:
    """Every level that differs where all is in order, each under one change, the smallest change first.

    `changed`: the words of each variant. What takes two changes at once (a partner who may ask, and a cell that opens)
    stands under the one that moves fewest fields: so a cell does not drown in all that a new purpose brings.
    """
    sizes = Counter(
        variant for moved in found.moved.values() for variant, fields in moved.items() for _ in range(len(fields))
    )
    parted: dict[int | None, dict[int, Told]] = {}
    for number, told in found.differing.items():
        if situations[number].otherwise:
            continue
        moved = found.moved.get(number, {})
        for change, fields in told.items():
            for field in fields if change.what == LEVEL else ():
                by = [variant for variant, held in moved.items() if field in held]
                part = parted.setdefault(min(by, key=lambda one: (sizes[one], one), default=None), {})
                of_number = part.setdefault(number, {})
                of_number[change] = (*of_number.get(change, ()), field)
    order = sorted(parted, key=lambda one: (one is None, sizes[one] if one is not None else 0, one or 0))
    return tuple(Share(() if one is None else changed[one], lines(parted[one], situations)) for one in order)
