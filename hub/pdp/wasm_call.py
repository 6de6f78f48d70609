"""One exported function of a module that is called for every decision: its arguments lie ready, one foreign call does it.

`wasmtime.Func` looks up the types of all arguments anew at each call: a hundred foreign calls, each of which lets go of
the interpreter. With eight threads at work that cost more than the decision itself. So this speaks the C API
(`wasmtime_func_call`, wasmtime/func.h) through the library's own binding. That is not public in Python: the version is
pinned, and what traps, aborts and overruns its time is tested through here.
"""

from ctypes import POINTER, byref
from typing import Any

from wasmtime import Func, Store, Trap, WasmtimeError
from wasmtime import _ffi as ffi


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
