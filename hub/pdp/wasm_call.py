"""What happens for every decision: one exported function of a module is called, its memory written and read.

`wasmtime.Func` looks up the types of all arguments anew at each call: a hundred foreign calls, each of which lets go of
the interpreter, and so do those that look at a memory. Where requests fight for the interpreter that cost more than the
decision itself. So this speaks the C API (wasmtime/func.h, memory.h, store.h) through the library's own binding, and
lets go of the interpreter in one place alone: while the module runs. That is not public in Python: the version is
pinned, and what traps, aborts and overruns its time is tested through here.
"""

import ctypes
from ctypes import POINTER, byref
from typing import Any

from wasmtime import Func, Memory, Store, Trap, WasmtimeError
from wasmtime import _ffi as ffi

_holding = ctypes.PyDLL("wasmtime", handle=ffi.dll._handle)
"""The same library, called without letting go of the interpreter: for calls that take no time."""


def _held(name: str, result: Any) -> Any:
    """The function `name` of the library, as the library's binding declares it, called without letting go."""
    same = _holding[name]
    same.argtypes, same.restype = getattr(ffi.dll, name).argtypes, result
    return same


_data_of = _held("wasmtime_memory_data", ctypes.c_void_p)
_size_of = _held("wasmtime_memory_data_size", ctypes.c_size_t)
_CHUNK = 16384


class WasmMemory:
    """The memory of an instance, as bytes. It may grow, and stays where it is (`Config.memory_may_move`)."""

    def __init__(self, store: Store, memory: Memory) -> None:
        self._store = store
        self._memory = memory
        self._seen = (0, 0)
        self._view = memoryview(b"")
        self._now()

    def put(self, address: int, byte: int) -> None:
        """Another `byte` at an address that was there from the beginning. Of all here the one that another thread may do
        while the module runs."""
        self._view[address] = byte

    def write(self, address: int, text: bytes, page: int) -> None:
        """Put `text` at `address`; the memory grows by pages of `page` bytes. Raises WasmtimeError at its limit."""
        view = self._now()
        lacking = address + len(text) - len(view)
        if lacking > 0:
            self._memory.grow(self._store, -(-lacking // page))
            view = self._now()
        view[address : address + len(text)] = text

    def c_string(self, address: int) -> bytes | None:
        """The bytes from `address` up to NUL; None when there is no NUL before the end of the memory."""
        view, parts = self._now(), []
        while 0 < address < len(view):
            part = view[address : address + _CHUNK].tobytes()
            text, nul, _ = part.partition(b"\0")
            parts.append(text)
            if nul:
                return b"".join(parts)
            address += len(part)
        return None

    def _now(self) -> memoryview:
        """All of it: it may have grown since."""
        context, memory = self._store._context(), byref(self._memory._memory)
        seen = (_data_of(context, memory), _size_of(context, memory))
        if seen != self._seen:
            base, size = self._seen = seen
            self._view = memoryview((ctypes.c_ubyte * size).from_address(base)).cast("B")
        return self._view


class WasmCall:
    """`func` of `store`, which takes as many 32-bit numbers as `arguments` and gives one."""

    def __init__(self, store: Store, func: Func, arguments: list[int]) -> None:
        self._store = store
        self._func = func
        self._arguments: Any = (ffi.wasmtime_val_t * len(arguments))()
        self._result: Any = (ffi.wasmtime_val_t * 1)()
        for place, number in enumerate(arguments):
            self._arguments[place].kind = ffi.WASMTIME_I32
            self.set(place, number)

    def set(self, place: int, number: int) -> None:
        """Another `number` as the argument at `place` (from 0)."""
        self._arguments[place].of.i32 = number

    def run(self) -> int:
        """The number that the function gives. Raises Trap or WasmtimeError."""
        trap = POINTER(ffi.wasm_trap_t)()
        error = ffi.wasmtime_func_call(
            self._store._context(),
            byref(self._func._func),
            self._arguments,
            len(self._arguments),
            self._result,
            1,
            byref(trap),
        )
        if error:
            raise WasmtimeError._from_ptr(error)
        if trap:
            raise Trap._from_ptr(trap)
        number: int = self._result[0].of.i32
        return number
