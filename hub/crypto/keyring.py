"""The keyring: every key of the hub, wrapped by one KEK and kept in a key store of its own.

Names: `casus/<id>/<generation>`, `log/<id>`, `hub/<use>`. A wrapped key is bound to its name, so a key moved to another
name does not open. A destroyed key is gone for good: its casus is shredded, in every backup of the data too.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Protocol

from hub.crypto.aead import new_key
from hub.crypto.kek import Kek, Keks, checked_ref
from hub.errors import KeysUnavailable, Sealed, WeakConfiguration

_CHECK = b"hub/kek-check/v1"
_CURRENT = "kek"


class WrappedKeys(Protocol):
    """The key store: wrapped keys by name, and a few settings. Every call is one durable transaction.

    Each raises `KeysUnavailable` when the store does not answer.
    """

    def get(self, name: str) -> tuple[bytes, str] | None:
        """The wrapped key `name` and the ref of its KEK."""

    def get_each(self, names: Sequence[str]) -> Mapping[str, tuple[bytes, str]]:
        """The same of each of `names` that is there, in one reading."""

    def put(self, name: str, blob: bytes, ref: str) -> bool:
        """Keep a new wrapped key. `False`, and nothing kept, when the name exists or `ref` is not the current KEK."""

    def replace(self, name: str, old: bytes, new: bytes, ref: str) -> bool:
        """Put `new` in the place of `old`. `False` when `old` is gone: a destroyed key stays destroyed."""

    def delete(self, names: Sequence[str]) -> None:
        """Delete keys, from the pages and the write-ahead log too. Names that are not there are passed over."""

    def names(self, prefix: str = "", *, not_under: str | None = None) -> list[str]:
        """The names that start with `prefix`, in order; with `not_under` only those whose KEK has another ref."""

    def refs(self) -> list[str]:
        """The refs of the KEKs under which keys stand."""

    def setting(self, name: str) -> bytes | None:
        """A setting of the key store."""

    def begin(self, name: str, value: bytes) -> None:
        """Keep a setting where there is none; one that is there stays, also one that another process made meanwhile."""

    def set(self, name: str, value: bytes) -> None:
        """Keep a setting."""

    def epoch(self) -> Hashable:
        """A value that moves, in every process, at least whenever a key was deleted. Cheap."""


class Keyring:
    """The keys of the hub. Safe for use by many threads, and beside other processes on the same key store."""

    def __init__(self, store: WrappedKeys, keks: Keks, *, caches: bool = True, capacity: int = 4096) -> None:
        self._store = store
        self._keks = keks
        self._opened: dict[str, tuple[Kek, Hashable]] = {}
        """The KEKs in use by their ref, each with the mark that it had when it was opened."""
        self._cache = _Cache(capacity if caches else 0)

    # --- at start ---

    def establish(self, ref: str) -> None:
        """Make the first KEK current. When there is a current one already, nothing changes."""
        if not self.begun:
            self._admit(self._keks.create(ref))
            self._store.begin(_CURRENT, ref.encode())

    def check(self) -> None:
        """Refuse to start on a wrong, missing or weak KEK: `WeakConfiguration` with every reason at once."""
        current = self._store.setting(_CURRENT)
        if current is None:
            raise WeakConfiguration(["Er is nog geen hoofdsleutel aangewezen in de sleutelopslag."])
        reasons: list[str] = []
        for ref in sorted({current.decode(), *self._store.refs()}):
            reasons += self._faults(ref)
        if reasons:
            raise WeakConfiguration(reasons)

    @property
    def begun(self) -> bool:
        """Whether a first KEK was made current ever."""
        return self._store.setting(_CURRENT) is not None

    @property
    def current(self) -> str:
        """The ref of the KEK that wraps new keys now."""
        ref = self._store.setting(_CURRENT)
        if ref is None:
            raise KeysUnavailable
        return ref.decode()

    # --- keys ---

    def create(self, name: str) -> bytes:
        """The key `name`, 32 bytes; made when it is not there yet, so that a half-done creation can be done again."""
        self._must_stand()
        while True:
            ref, key = self.current, new_key()
            if self._store.put(name, self._kek(ref).wrap(key, _place(name)), ref):
                return key
            # Someone else made it, or a rotation began between the two reads: look again.
            if self._store.get(name) is not None:
                return self.get(name)

    def get(self, name: str) -> bytes:
        """The key `name`, 32 bytes. Raises `Sealed` when it is gone or does not open, else `KeysUnavailable`.

        So too while a KEK under which keys stand is away, cut or another than it was: what is remembered counts no more.
        """
        (key,) = self.get_each(name)
        if key is None:
            raise Sealed
        return key

    def get_each(self, *names: str) -> list[bytes | None]:
        """The keys `names`, found with one reading; None for one that is gone or does not open. Else as `get`."""
        self._must_stand()
        # Read before the rows: a deletion in between moves it, and what is remembered below counts no more.
        epoch = self._store.epoch() if self._cache.size else None
        found = {name: self._cache.get(name, epoch) for name in names}
        missing = [name for name, key in found.items() if key is None]
        rows = self._store.get_each(missing) if missing else {}
        for name, row in rows.items():
            with suppress(Sealed):
                key = found[name] = self._unwrapped(name, *row)
                self._cache.put(name, key, epoch)
        return [found[name] for name in names]

    def names(self, prefix: str = "") -> list[str]:
        """The names of the keys that start with `prefix`."""
        return self._store.names(prefix)

    def destroy(self, *names: str) -> None:
        """Destroy keys for good. Doing it again is harmless."""
        self._cache.forget(names)
        self._store.delete(names)

    # --- rotation of the KEK ---

    def rewrap_all(self, ref: str) -> int:
        """Bring every key under the KEK `ref` while the hub works; gives how many moved. Killed: call it again."""
        return sum(1 for _ in self.rewrap_steps(ref))

    def rewrap_steps(self, ref: str) -> Iterator[str]:
        """The steps of `rewrap_all`, one durable transaction each: gives the name of each key that has moved."""
        kek = self._keks.create(checked_ref(ref))
        self._admit(kek)
        # From here on new keys come under the new KEK, in every process: the store refuses others.
        self._store.set(_CURRENT, ref.encode())
        while names := self._store.names(not_under=ref):
            for name in names:
                if self._rewrap(name, kek):
                    yield name

    def _rewrap(self, name: str, kek: Kek) -> bool:
        row = self._store.get(name)
        if row is None or row[1] == kek.ref:
            return False
        blob, old = row
        key = self._kek(old).unwrap(blob, _place(name))
        return self._store.replace(name, blob, kek.wrap(key, _place(name)), kek.ref)

    # --- inside ---

    def _unwrapped(self, name: str, blob: bytes, ref: str) -> bytes:
        # Those in use were looked at when the key was asked for.
        known = self._opened.get(ref)
        return (known[0] if known else self._kek(ref)).unwrap(blob, _place(name))

    def _kek(self, ref: str) -> Kek:
        # The mark comes first: a file that is replaced while it is read is read again.
        mark, known = self._keks.mark(ref), self._opened.get(ref)
        if known is not None and known[1] == mark:
            return known[0]
        if self._faults(ref):
            raise KeysUnavailable
        try:
            kek = self._keks.of(ref)
        except WeakConfiguration as error:
            raise KeysUnavailable from error
        self._opened[ref] = (kek, mark)
        return kek

    def _must_stand(self) -> None:
        """Raises `KeysUnavailable` when a KEK in use is not what it was; one that was put back is taken up again."""
        for ref, (_, mark) in tuple(self._opened.items()):
            now = self._keks.mark(ref)
            if now == mark:
                continue
            if now is None and ref != self.current and ref not in self._store.refs():
                # Taken away after a rotation: nothing stands under it any more.
                self._opened.pop(ref, None)
            else:
                self._kek(ref)

    def _admit(self, kek: Kek) -> None:
        """Leave a check value under `kek`, or hold it against the one that is there."""
        if self._store.setting(_check_name(kek.ref)) is None:
            self._store.begin(_check_name(kek.ref), kek.wrap(_CHECK, _place(_check_name(kek.ref))))
        faults = self._faults(kek.ref)
        if faults:
            raise WeakConfiguration(faults)

    def _faults(self, ref: str) -> list[str]:
        check = self._store.setting(_check_name(ref))
        if check is None:
            return [f"De sleutelopslag kent de hoofdsleutel {ref} niet."]
        try:
            opened = self._keks.of(ref).unwrap(check, _place(_check_name(ref)))
        except WeakConfiguration as error:
            return error.reasons
        except Sealed:
            opened = b""
        return [] if opened == _CHECK else [f"De hoofdsleutel {ref} past niet op deze sleutelopslag."]


class _Cache:
    """The keys used last, as long as the epoch of the key store stands. `size` 0: nothing is remembered."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._keys: OrderedDict[str, bytes] = OrderedDict()
        self._epoch: Hashable = None
        self._lock = Lock()

    def get(self, name: str, epoch: Hashable) -> bytes | None:
        with self._lock:
            if epoch != self._epoch:
                self._keys.clear()
                self._epoch = epoch
            key = self._keys.get(name)
            if key is not None:
                self._keys.move_to_end(name)
            return key

    def put(self, name: str, key: bytes, epoch: Hashable) -> None:
        with self._lock:
            if not self.size or epoch != self._epoch:
                return
            self._keys[name] = key
            if len(self._keys) > self.size:
                self._keys.popitem(last=False)

    def forget(self, names: Sequence[str]) -> None:
        with self._lock:
            for name in names:
                self._keys.pop(name, None)


def _place(name: str) -> tuple[str, ...]:
    return ("wrapped-key", name)


def _check_name(ref: str) -> str:
    return f"check/{ref}"
