"""Looks of 72 fields by twenty users of one partner, for three purposes, sent in bursts."""

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence

from tests.bench import load
from tests.bench.load import Outcome
from tests.bench.running import Asker
from tests.bench.world import ASKER, USERS, World

PURPOSES = ("D02", "D03", "D09")
BURST = 500
"""Requests that are made ready at once: a proof is good for a minute."""

_NOTHING = b'"gegevens":[]'

Pair = tuple[str, str]
"""A purpose, and a casus by the asker's name of it."""


class Looks:
    """What the users of a world ask of the hub that is known as `base`."""

    def __init__(self, world: World, base: str) -> None:
        self._fields = world.fields
        self._askers = [Asker(world.key, ASKER, user, base) for user in USERS]
        self._chance = random.Random(7)

    def send(self, pairs: Iterable[Pair], ports: Sequence[int], *, must_be_good: bool = True) -> Outcome:
        """A look for each of `pairs`, by any of the users, over as many connections to each of `ports`. Raises RuntimeError
        for one that is refused or empty."""
        good, bad, seconds, own = 0, 0, 0.0, 0.0
        bodies: tuple[bytes, ...] = ()
        left = iter(pairs)
        while burst := list(itertools.islice(left, BURST)):
            requests = [self._request(pair, ports[0]) for pair in burst]
            outcome = load.run(ports, requests, load.CONNECTIONS * len(ports))
            good, bad, bodies = good + outcome.good, bad + outcome.bad, outcome.samples
            seconds, own = seconds + outcome.seconds, own + outcome.own_seconds
            if must_be_good and (bad or any(_NOTHING in body for body in bodies)):
                raise RuntimeError(f"{bad} requests were refused, or nothing is released in this world any more")
        return Outcome(good, bad, seconds, own, bodies)

    def _request(self, pair: Pair, port: int) -> bytes:
        purpose, casus = pair
        return self._chance.choice(self._askers).ask(port, casus, purpose, self._fields)


def every_pair(casussen: Sequence[str]) -> list[Pair]:
    """Each casus for each purpose."""
    return list(itertools.product(PURPOSES, casussen))


def drawn(casussen: Sequence[str], seed: int) -> Iterator[Pair]:
    """Pairs without end, any casus as likely as another: the same for the same seed."""
    chance = random.Random(seed)
    while True:
        yield chance.choice(PURPOSES), chance.choice(casussen)
