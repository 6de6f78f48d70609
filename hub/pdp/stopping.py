"""How a decision is stopped that takes too long: each function and each loop of a module looks whether it has to stop.

wasmtime can count time itself (epochs), which makes a decision take a fifth longer (docs/adr/0031). So where a module is
loaded, a look at one byte of its memory is put at the beginning of each of its functions and of each of its loops. Nothing
that goes on without an end gets around all of them. A clock sets that byte for what is over its time; who finds it set
traps, and the decision is refused.
"""

import re
import threading
import weakref
from typing import Final

from wasmtime import Config

from hub.pdp.wasm_call import WasmMemory
from hub.pdp.wasm_module import CODE, Reader, read, sized, vector

STOP: Final = 0
"""Address of the byte. The stack of OPA's modules grows down to here: what fills it to the last byte stops itself."""
_TICKS: Final = 10
"""Parts of the time-out in which time is counted."""
_LOOK: Final = b"\x41\x00\xfe\x12\x00\x00\x04\x40\x00\x0b"
"""i32.const STOP, i32.atomic.load8_u, if, unreachable, end. Atomic, for another thread writes it: it is read each time."""
_MORE: Final = (
    "relaxed_simd", "simd", "multi_memory", "memory64", "tail_call", "exceptions", "gc", "function_references",
    "wide_arithmetic", "stack_switching", "custom_page_sizes", "component_model",
)  # fmt: skip
_LOOP, _BR_TABLE = 0x03, 0x0E
_NUMBER: Final = rb"[\x80-\xff]*[\x00-\x7f]"
_TYPE: Final = rb"(?:[\x40\x7c-\x7f]|[\x80-\xff]*[\x00-\x3f])"
"""Of a block: nothing, a number, or one that the module lists."""
_STRAIGHT: Final = re.compile(
    rb"(?:[\x00\x01\x05\x0b\x0f\x1a\x1b\x45-\xc4]"  # nothing beside them: control, drop, select, numbers
    rb"|[\x02\x04]" + _TYPE + rb"|[\x0c\x0d\x10\x20-\x24\x41\x42]" + _NUMBER +  # block, branch, call, variable, constant
    rb"|\x11" + _NUMBER * 2 + rb"|[\x28-\x3e][\x00-\x3f]" + _NUMBER + rb"|[\x3f\x40]\x00"  # call by table, memory
    rb"|\x43[\x00-\xff]{4}|\x44[\x00-\xff]{8}"  # broken constants
    rb"|\xfc(?:[\x00-\x07]|\x09" + _NUMBER + rb"|\x0b\x00|\x08" + _NUMBER + rb"\x00|\x0a\x00\x00))*+"
)  # fmt: skip
"""Instructions of WebAssembly 2.0 with what belongs to each (core specification, 5.4), of one memory and without vectors and
references; but for loops and tables of branches."""
_LOOP_TYPE: Final = re.compile(_TYPE)


def settings() -> Config:
    """Of an engine for what is `stoppable`: it takes no more of WebAssembly than is read here, so that nothing means another
    thing to it, and leaves a memory where it is, for a `Clock` writes into it."""
    config = Config()
    config.wasm_threads = True
    for more in _MORE:
        setattr(config, f"wasm_{more}", False)
    config.memory_may_move = False
    return config


def stoppable(module: bytes) -> bytes:
    """`module` that stops when the byte at `STOP` is not 0.

    Raises IndexError or ValueError for one that it cannot read to the last instruction: that one must not run.
    """
    parts = read(module, (CODE,))
    return parts.with_sections({CODE: vector(sized(_looking(body)) for body in parts.bodies)})


def _looking(body: bytes) -> bytes:
    """The function with a look at its beginning and at that of each of its loops."""
    reader = Reader(body)
    for _ in range(reader.number()):  # locals: how many, of which type
        reader.number(), reader.byte()
    parts = [body[: reader.at], _LOOK]
    while True:
        start = reader.at
        straight = _STRAIGHT.match(body, start)
        assert straight is not None  # noqa: S101 - narrows the type: it takes nothing as well
        reader.at = straight.end()
        if not reader.more():
            return b"".join([*parts, body[start:]])
        look = _rest_of(reader)
        parts += [body[start : reader.at], look]


def _rest_of(reader: Reader) -> bytes:
    """Reads a loop or a table of branches; what has to stand behind it."""
    kind = reader.byte()
    if kind == _LOOP and (of := _LOOP_TYPE.match(reader.content, reader.at)):
        reader.at = of.end()
        return _LOOK
    if kind == _BR_TABLE:
        for _ in range(reader.number() + 1):
            reader.number()
        return b""
    raise ValueError


class Clock:
    """Counts the time of decisions, and stops those that take longer than `seconds`. Safe to share between threads."""

    def __init__(self, seconds: float) -> None:
        self._one = threading.Lock()
        self._left: dict[WasmMemory, int] = {}
        """Memory of what runs -> how many ticks it has left."""
        _start_ticking(self, seconds / _TICKS)

    def begin(self, memory: WasmMemory) -> None:
        """The time of what runs in `memory` begins."""
        with self._one:
            memory.put(STOP, 0)
            self._left[memory] = _TICKS + 1

    def end(self, memory: WasmMemory) -> bool:
        """It is over; whether it was in time."""
        with self._one:
            return self._left.pop(memory) > 0

    def tick(self) -> None:
        """A part of the time has passed."""
        with self._one:
            for memory, left in self._left.items():
                self._left[memory] = left - 1
                if left <= 1:
                    memory.put(STOP, 1)


def _start_ticking(clock: Clock, seconds: float) -> None:
    """Let `clock` tick until it is gone."""
    seen = weakref.ref(clock)
    pause = threading.Event()

    def tick() -> None:
        while not pause.wait(seconds) and (found := seen()) is not None:
            found.tick()
            del found

    threading.Thread(target=tick, name="policy-clock", daemon=True).start()
