"""What runs in a module can be stopped wherever it is, and does the same as before where it is not."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wasmtime import Engine, Instance, Memory, MemoryType, Module, Store, Trap, WasmtimeError, wat2wasm
from wasmtime import Limits as Pages

from hub.pdp import stopping, wasm_module
from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.stopping import STOP, Clock, settings, stoppable
from hub.pdp.wasm_call import WasmMemory

OWN = read_bundle(default_directory()).module or b""
LOOK = stopping._LOOK
COUNTED = """
  (local $n i32) (local $sum i32)
  (block $done (loop $more
    (br_if $done (i32.ge_u (local.get $n) (local.get $to)))
    (local.set $sum (i32.add (local.get $sum) (i32.const 3)))
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (br $more)))
  (local.get $sum)"""
SHAPES = {
    "no loop": "(i32.add (local.get $to) (i32.const 771))",
    "a loop": COUNTED,
    "locals": f"(local i64 f64 f32) {COUNTED}",
    "constants that look like loops": """
      (drop (f64.const nan:0x3030303030303)) (drop (f32.const nan:0x030303)) (drop (i64.const 3)) (drop (i64.const -61))
      (drop (i64.const 0x0303030303030303)) (i32.mul (i32.const 3) (i32.add (local.get $to) (i32.const 387)))""",
    "a table of branches": """
      (block $c (block $b (block $a (br_table $a $b $c $b $a (local.get $to)))
        (return (i32.const 3))) (return (i32.const 64)))
      (i32.const 771)""",
    "a loop that gives": """
      (local $n i32)
      (loop $more (result i32)
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $more (i32.lt_u (local.get $n) (local.get $to)))
        (local.get $n))""",
    "a loop that takes": """
      (i32.const 1)
      (loop $more (param i32) (result i32)
        (i32.add (i32.const 1))
        (br_if $more (i32.lt_u (local.get $to) (i32.const 0))))""",
    "a choice": "(if (result i32) (local.get $to) (then (i32.const 3)) (else (call $other (i32.const 3))))",
    "memory": """
      (i32.store offset=771 align=1 (local.get $to) (i32.const 3)) (i64.store8 offset=8 (local.get $to) (i64.const 3))
      (memory.fill (i32.const 900) (i32.const 3) (i32.const 8)) (memory.copy (i32.const 980) (i32.const 900) (i32.const 8))
      (drop (memory.grow (i32.const 0)))
      (i32.add (memory.size) (i32.add (i32.load8_s offset=981 (i32.const 3)) (i32.load offset=771 (local.get $to))))""",
    "numbers": """
      (i32.wrap_i64 (i64.extend32_s (i64.add (i64.trunc_sat_f64_s (f64.sqrt (f64.convert_i32_u (local.get $to))))
        (i64.const 3))))""",
    "a call by table": "(call_indirect (type $one) (local.get $to) (i32.and (local.get $to) (i32.const 1)))",
    "a choice of values": "(global.set $g (select (i32.const 3) (local.get $to) (local.get $to))) (global.get $g)",
}


def module(body: str) -> bytes:
    """A module whose `run` does `body` with a number."""
    return bytes(
        wat2wasm(f"""(module
          (type $one (func (param i32) (result i32)))
          (import "env" "memory" (memory 2))
          (table 2 funcref) (elem (i32.const 0) $other $twice)
          (global $g (mut i32) (i32.const 0))
          (func $other (param i32) (result i32) (i32.add (local.get 0) (i32.const 3)))
          (func $twice (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
          (func (export "run") (param $to i32) (result i32) {body}))""")
    )


def run(code: bytes, byte: int = 0) -> Callable[[int], int]:
    """`run` of a module, with `byte` at `STOP`."""
    store = Store(Engine(settings()))
    memory = Memory(store, MemoryType(Pages(2, 4)))
    memory.write(store, bytes([byte]), STOP)
    exports = Instance(store, Module(store.engine, code), [memory]).exports(store)
    return lambda number: exports["run"](store, number)  # type: ignore[operator]


@pytest.mark.parametrize("shape", SHAPES)
def test_it_does_the_same_as_before_and_nothing_when_it_has_to_stop(shape: str) -> None:
    before = module(SHAPES[shape])
    after = stoppable(before)
    assert [run(after)(number) for number in range(1, 6)] == [run(before)(number) for number in range(1, 6)]
    with pytest.raises(Trap):
        run(after, 1)(1)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_function_and_each_loop_has_a_look(shape: str) -> None:
    before, after = (
        wasm_module.read(code, (wasm_module.CODE,))
        for code in (module(SHAPES[shape]), stoppable(module(SHAPES[shape])))
    )
    loops = SHAPES[shape].count("(loop")
    assert [body.count(LOOK) for body in after.bodies] == [1, 1, 1 + loops]
    assert [body.replace(LOOK, b"") for body in after.bodies] == before.bodies


def test_looks_are_all_that_is_put_into_the_hubs_own_module() -> None:
    before, after = (wasm_module.read(code) for code in (OWN, stoppable(OWN)))
    assert not any(LOOK in body for body in before.bodies)
    assert [body.replace(LOOK, b"") for body in after.bodies] == before.bodies
    assert all(LOOK in body for body in after.bodies)
    assert [part for part in after.sections if part[0] != wasm_module.CODE] == [
        part for part in before.sections if part[0] != wasm_module.CODE
    ]


@pytest.mark.parametrize(
    "unknown",
    [
        "(drop (i8x16.splat (i32.const 3))) (i32.const 3)",
        "(return_call $other (local.get $to))",
        "(drop (ref.null func)) (i32.const 3)",
        "(drop (i32.atomic.rmw.add (i32.const 8) (i32.const 3))) (i32.const 3)",
    ],
)
def test_what_it_cannot_read_it_does_not_let_run(unknown: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        stoppable(module(unknown))


@given(st.integers(0, len(OWN)), st.binary(max_size=8))
def test_a_spoiled_module_raises_nothing_but_what_refuses_it(place: int, other: bytes) -> None:
    with contextlib.suppress(IndexError, ValueError):
        stoppable(OWN[:place] + other + OWN[place + len(other) :])
    with contextlib.suppress(IndexError, ValueError):
        stoppable(OWN[:place] + other)


@pytest.mark.parametrize(
    "hidden",
    [
        "28 42 00 44 1a 03 40 0c 00 0b 01 01",  # i32.load of a numbered memory: its offset looks like a constant of eight bytes
        "28 42 00 44 1a 41 05 41 05 1a 1a 01",
    ],
)
def test_what_more_of_the_language_would_hide_is_refused(hidden: str) -> None:
    body = b"\0\x41\x08" + bytes.fromhex(hidden) + b"\x41\x05\x0b"
    sound = module("(i32.const 5)")
    parts = wasm_module.read(sound)
    spoiled = parts.with_sections(
        {wasm_module.CODE: wasm_module.vector(wasm_module.sized(one) for one in [*parts.bodies[:2], body])}
    )
    with pytest.raises(ValueError, match=r"^$"):
        stoppable(spoiled)
    with pytest.raises(WasmtimeError):
        Module(Engine(settings()), spoiled)


@pytest.mark.parametrize(
    "more",
    [
        "(func (result v128) (v128.const i64x2 1 2))",
        "(func $f (result i32) (return_call $f))",
        "(memory 1) (memory 1)",
        "(memory i64 1)",
        "(type $s (struct))",
        "(type $f (func)) (func (param (ref $f)))",
        "(tag)",
        "(func (result i64 i64) (i64.add128 (i64.const 1) (i64.const 1) (i64.const 1) (i64.const 1)))",
    ],
)
def test_an_engine_takes_no_more_than_is_read(more: str) -> None:
    with pytest.raises(WasmtimeError):
        Module(Engine(settings()), f"(module {more})")


class _Seen(WasmMemory):
    """Remembers what was put into it."""

    def __init__(self) -> None:
        self.byte = 7

    def put(self, address: int, byte: int) -> None:
        assert address == STOP
        self.byte = byte


def test_what_is_over_its_time_is_told_to_stop_and_nothing_else() -> None:
    clock, late, early = Clock(10**6), _Seen(), _Seen()
    clock.begin(late)
    assert late.byte == 0
    clock.tick()
    clock.begin(early)
    for _ in range(stopping._TICKS - 1):
        clock.tick()
    assert (late.byte, early.byte) == (0, 0)
    clock.tick()
    assert (late.byte, early.byte) == (1, 0)
    assert clock.end(early)
    assert not clock.end(late)
    clock.tick()
    # The next one in there has all its time again.
    clock.begin(late)
    assert late.byte == 0
    assert clock.end(late)
    assert early.byte == 0
