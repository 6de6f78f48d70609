"""What was worked out and may be asked for again, bounded by what it weighs: how many there are is not up to who asks."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key that weigh `most` together, at most; what was remembered first goes first. With 0 nothing is.

    Safe to share between threads.
    """

    def __init__(self, weigh: Callable[[K, V], int], most: int) -> None:
        """`weigh`: what a value weighs under its key, the same each time."""
        self.most = most
        self.weight = 0
        """Of all together."""
        self.kept: OrderedDict[K, V] = OrderedDict()
        self._weigh = weigh
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """What is remembered under `key`."""
        return self.kept.get(key)

    def keep(self, key: K, value: V) -> None:
        """Remember `value`, in the place of another under `key`. What alone weighs more than `most` is not remembered."""
        with self._lock:
            self._drop(key)
            self.kept[key] = value
            self.weight += self._weigh(key, value)
            while self.weight > self.most:
                self.weight -= self._weigh(*self.kept.popitem(last=False))

    def forget(self, key: K) -> None:
        """Remember nothing under `key`."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: K) -> None:
        if (before := self.kept.pop(key, None)) is not None:
            self.weight -= self._weigh(key, before)
