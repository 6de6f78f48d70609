"""A new casus key for each casus, one after the other, while requests run; killed, the same call goes on.

What is left to do stands in the key store: casus keys of before the instant at which the round began. A casus whose keys do
not open is passed over and told: nothing of it changes. The steps of one casus: `hub.compartment.rotation`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hub.compartment.compartments import Compartments
from hub.crypto.destruction import CASUS_KEYS, casus_of
from hub.errors import NotFound, Sealed, Stale
from hub.model.instant import to_text
from hub.store.casus import casus_row
from hub.store.engine import Store
from hub.store.wrapped_keys import KeyStore

_BEGUN: Final = "casus-keys/begun"
"""The setting of the key store that tells when a round began that is not over; empty where none is."""


@dataclass
class Round:
    """How a round went. `begun`: UTC text; `goes_on`: it had been broken off; `failed`: ids of casussen."""

    begun: str
    goes_on: bool = False
    renewed: int = 0
    failed: list[str] = field(default_factory=list)


class Renewing:
    """Renews casus keys. `clock`: the one by which the key store dates keys."""

    def __init__(
        self, store: Store, key_store: KeyStore, compartments: Compartments, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._key_store = key_store
        self._compartments = compartments
        self._clock = clock

    def all(self, tell: Callable[[int, int], None]) -> Round:
        """Every casus that has a key of before this round; `tell` hears how many of how many are done."""
        before = self._key_store.setting(_BEGUN)
        now = Round(before.decode(), goes_on=True) if before else Round(to_text(self._clock()))
        self._key_store.set(_BEGUN, now.begun.encode())
        names = self._key_store.names(CASUS_KEYS, made_before=now.begun)
        left = sorted({casus_of(name) for name in names})
        for number, casus in enumerate(left, 1):
            self._renew(casus, now)
            tell(number, len(left))
        # Also where some failed: they were told, and must not keep a next round from all others.
        self._key_store.set(_BEGUN, b"")
        return now

    def one(self, casus: str) -> Round:
        """This one. Raises NotFound where there is none."""
        if not self._stands(casus):
            raise NotFound
        alone = Round(to_text(self._clock()))
        self._renew(casus, alone)
        return alone

    def _renew(self, casus: str, round_: Round) -> None:
        try:
            renew(self._store, self._compartments, casus)
        except (Sealed, Stale):
            # Destroyed meanwhile, or never filed after its key was made: nothing to renew.
            if self._stands(casus):
                round_.failed.append(casus)
        else:
            round_.renewed += 1

    def _stands(self, casus: str) -> bool:
        with self._store.snapshot() as moment:
            row = casus_row(moment, casus)
        return row is not None and row.destroyed_at is None


def renew(store: Store, compartments: Compartments, casus: str) -> None:
    """A new generation of one casus key, durable; then the older ones go. Raises `Sealed`, `Stale`: nothing changed."""
    store.commit(lambda tx: compartments.rewrap(tx.connection, casus))
    with store.snapshot() as moment:
        compartments.drop_older(moment, casus)
