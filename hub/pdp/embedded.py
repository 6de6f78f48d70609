"""The embedded engine: OPA's own compiler made the module, `wasmtime` runs it in process.

OPA's WebAssembly ABI 1.2 (openpolicyagent.org/docs/latest/wasm): `opa_eval` takes the input as JSON text on the heap
and gives the answer as one C string. A trap, an abort, the memory limit and the time-out are all refusals.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import orjson
from wasmtime import (
    Engine,
    FuncType,
    Global,
    Limits,
    Linker,
    Memory,
    MemoryType,
    Module,
    Store,
    Trap,
    ValType,
    WasmtimeError,
)

from hub.errors import EngineUnavailable
from hub.pdp.bundle import ENTRYPOINT, Bundle
from hub.pdp.canonical import instant_of
from hub.pdp.periods import NONE_COUNTS
from hub.pdp.runtime import quicker
from hub.pdp.stopping import Clock, settings, stoppable
from hub.pdp.wasm_call import WasmCall, WasmMemory

PAGE: Final = 65536
_FIRST_PAGES: Final = 64
"""Memory to start with: OPA's modules ask for 2 pages, also where their own constants need more."""
_KEPT: Final = 16
"""Idle instances that are kept: one for each thread that decides at the same moment."""
_LENGTH, _ABOVE = 4, 5
"""Places of the arguments of `opa_eval` that differ from decision to decision."""


@dataclass(frozen=True)
class Bounds:
    """How far one decision may go: bytes of memory (data included), and seconds."""

    memory: int = 128 * 1024 * 1024
    seconds: float = 1.0


class EmbeddedEngine:
    """Answers facts in process. Safe to share between threads: each decision has an instance of its own."""

    def __init__(self, bundle: Bundle, bounds: Bounds = Bounds()) -> None:
        if bundle.module is None:
            raise EngineUnavailable(place="hub.wasm")
        self.revision = bundle.revision
        self._bounds = bounds
        self._pools = tuple(Pool(start, orjson.dumps(data)) for start, data in bundle.references())
        try:
            self._engine, self._module = _compiled(stoppable(quicker(bundle.module)))
        except (WasmtimeError, ValueError, IndexError) as error:
            raise EngineUnavailable(place="hub.wasm") from error
        self._aside: dict[tuple[str, str], Instance] = {}
        self._one_aside = threading.Lock()
        self._clock = Clock(bounds.seconds)

    def answer(self, facts: bytes) -> object:
        """The decision document on the canonical `facts`, as it came. Raises EngineUnavailable."""
        pool = self.pool(instant_of(facts))
        try:
            instance = pool.idle.pop()
        except IndexError:
            instance = self._new(pool, ENTRYPOINT)
        try:
            text = instance.eval(facts)
        except (Trap, WasmtimeError, _AbortedError) as error:
            # The instance is not put back: nobody knows what it looks like inside.
            raise EngineUnavailable(place="engine") from error
        if len(pool.idle) < _KEPT:
            pool.idle.append(instance)
        return _only_result(text)

    def told(self, entrypoint: str, question: bytes, at: str) -> object:
        """What another entrypoint of the policy says with the tables that are valid at `at`; it decides nothing.

        One question at a time: not for a hot path. Raises EngineUnavailable.
        """
        pool = self.pool(at)
        key = (entrypoint, pool.start)
        with self._one_aside:
            instance = self._aside.pop(key, None) or self._new(pool, entrypoint)
            try:
                text = instance.eval(question)
            except (Trap, WasmtimeError, _AbortedError) as error:
                raise EngineUnavailable(place="engine") from error
            self._aside[key] = instance
        return _only_result(text)

    def pool(self, at: str) -> "Pool":
        """The instances with the tables that are valid at `at`. Raises EngineUnavailable where none are (R33)."""
        for pool in reversed(self._pools):
            if pool.start <= at:
                return pool
        raise EngineUnavailable(NONE_COUNTS)

    def _new(self, pool: "Pool", entrypoint: str) -> "Instance":
        try:
            return Instance(self._engine, self._module, pool.reference, self._bounds, self._clock, entrypoint)
        except (Trap, WasmtimeError, _AbortedError, KeyError) as error:
            raise EngineUnavailable(place="hub.wasm") from error


@lru_cache(maxsize=1)
def _compiled(module: bytes) -> tuple[Engine, Module]:
    """The machine code of `module`, as it is run, and for what it is. Half a second: of a revision that changes tables alone
    the one that is at hand is taken. Both are safe to share, and hold nothing of a decision."""
    engine = Engine(settings())
    return engine, Module(engine, module)


@dataclass
class Pool:
    """Idle instances with the tables that are valid from `start` on; `reference`: these tables as JSON."""

    start: str
    reference: bytes
    idle: list["Instance"] = field(default_factory=list)


class _AbortedError(Exception):
    """The module gave up, or gave what is no answer. Holds no text of the module: it could quote the input."""


class _LateError(_AbortedError):
    """The module took longer than it may."""


class _Mark:
    """What the callbacks of one instance leave behind.

    They return instead of raising: wasmtime keeps a raised exception in one place for all threads. After an abort the
    module traps by itself, and the mark is looked at in any case. They know the mark alone: wasmtime holds on to them,
    and would hold on to the instance for ever.
    """

    def __init__(self) -> None:
        self.aborted = False

    def abort(self, _address: int) -> None:
        self.aborted = True

    def no_builtin(self, *_arguments: int) -> int:
        self.aborted = True
        return 0


class Instance:
    """One instance with its own memory: the data on its heap stays, all above it is free again for each decision."""

    def __init__(
        self,
        engine: Engine,
        module: Module,
        reference: bytes,
        bounds: Bounds,
        clock: Clock,
        entrypoint: str = ENTRYPOINT,
    ) -> None:
        self._store = Store(engine)
        self._mark = _Mark()
        self._memory = _memory_for(module, self._store, bounds.memory)
        self._bytes = WasmMemory(self._store, self._memory)
        self._clock = clock
        self._call = self._in_time(lambda: self._made(engine, module, reference, entrypoint))

    def _made(self, engine: Engine, module: Module, reference: bytes, entrypoint: str) -> WasmCall:
        """`opa_eval` of the instance, with the tables `reference` on its heap."""
        self._exports = self._link(engine, module)
        self._refuse_foreign_module()
        number = int(orjson.loads(self._dumped("entrypoints"))[entrypoint])
        tables = self._parse(reference)
        self._heap = self._run("opa_heap_ptr_get")
        # opa_eval(reserved, entrypoint, data, input, length of the input, heap above it, format of the answer: JSON)
        arguments = [0, number, tables, self._heap, 0, 0, 0]
        return WasmCall(self._store, self._exports["opa_eval"], arguments)

    def _in_time(self, run: Callable[[], Any]) -> Any:
        """What `run` gives or raises. Raises _LateError when it took longer than it may, stopped or not."""
        self._clock.begin(self._bytes)
        try:
            return run()
        finally:
            if not self._clock.end(self._bytes):
                raise _LateError

    @property
    def size(self) -> int:
        """Bytes of its memory."""
        return self._memory.data_len(self._store)

    def eval(self, facts: bytes) -> bytes:
        """The answer to `facts` as JSON text."""
        self._write(self._heap, facts)
        self._call.set(_LENGTH, len(facts))
        self._call.set(_ABOVE, self._heap + len(facts))
        address = self._in_time(self._call.run)
        if self._mark.aborted:
            raise _AbortedError
        return self._c_string(address)

    def _link(self, engine: Engine, module: Module) -> Any:
        linker = Linker(engine)
        linker.define(self._store, "env", "memory", self._memory)
        number = ValType.i32()
        for count in range(5):
            kind = FuncType([number] * (count + 2), [number])
            linker.define_func("env", f"opa_builtin{count}", kind, self._mark.no_builtin)
        for said in ("opa_abort", "opa_println"):
            linker.define_func("env", said, FuncType([number], []), self._mark.abort)
        return linker.instantiate(self._store, module).exports(self._store)

    def _refuse_foreign_module(self) -> None:
        """Only ABI 1.2 and up, and only built-ins that the module brings itself: nothing here answers for another."""
        version, minor = (self._exports[f"opa_wasm_abi_{part}"] for part in ("version", "minor_version"))
        assert isinstance(version, Global) and isinstance(minor, Global)  # noqa: S101, PT018 - narrows the type
        if version.value(self._store) != 1 or minor.value(self._store) < 2 or orjson.loads(self._dumped("builtins")):
            raise _AbortedError

    def _dumped(self, name: str) -> bytes:
        return self._c_string(self._run("opa_json_dump", self._run(name)))

    def _parse(self, text: bytes) -> int:
        address = self._run("opa_malloc", len(text))
        self._write(address, text)
        return self._run("opa_json_parse", address, len(text))

    def _run(self, name: str, *arguments: int) -> int:
        result = self._exports[name](self._store, *arguments)
        if self._mark.aborted or not result:
            raise _AbortedError
        return int(result)

    def _write(self, address: int, text: bytes) -> None:
        self._bytes.write(address, text, PAGE)

    def _c_string(self, address: int) -> bytes:
        text = self._bytes.c_string(address)
        if text is None:
            raise _AbortedError
        return text


def _memory_for(module: Module, store: Store, limit: int) -> Memory:
    """The memory that the module asks for, with our limit on its growth."""
    asked = next(item.type for item in module.imports if isinstance(item.type, MemoryType))
    first = max(asked.limits.min, min(_FIRST_PAGES, limit // PAGE))
    return Memory(store, MemoryType(Limits(first, max(first, limit // PAGE))))


def _only_result(text: bytes) -> object:
    try:
        (row,) = orjson.loads(text)
        return row["result"]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineUnavailable(place="engine") from error
