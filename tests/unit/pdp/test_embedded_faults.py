"""The embedded engine when the module misbehaves: each way ends in a refusal, within its bounds."""

import gc
import threading
import time

import pytest
from wasmtime import wat2wasm

from hub.errors import EngineUnavailable
from hub.pdp.embedded import Bounds, EmbeddedEngine
from tests.compiling import bundle_of

MIB = 1024 * 1024
BOUNDS = Bounds(memory=2 * MIB, seconds=0.2)
ANSWER = r"[{\22result\22:{\22allow\22:false}}]"

MODULE = r"""
(module
  (import "env" "memory" (memory 2))
  (import "env" "opa_abort" (func $abort (param i32)))
  (import "env" "opa_builtin0" (func $builtin (param i32 i32) (result i32)))
  (global (export "opa_wasm_abi_version") i32 (i32.const %(version)d))
  (global (export "opa_wasm_abi_minor_version") i32 (i32.const %(minor)d))
  (data (i32.const 1000) "{\22%(entrypoint)s\22:0}\00")
  (data (i32.const 1100) "%(builtins)s\00")
  (data (i32.const 1200) "%(answer)s\00")
  (func (export "entrypoints") (result i32) (i32.const 1000))
  (func (export "builtins") (result i32) (i32.const 1100))
  (func (export "opa_json_dump") (param i32) (result i32) (local.get 0))
  (func (export "opa_json_parse") (param i32 i32) (result i32) (i32.const %(parsed)d))
  (func (export "opa_malloc") (param i32) (result i32) (i32.const 4096))
  (func (export "opa_heap_ptr_get") (result i32) (i32.const 8192))
  (func $deep (result i32) (i32.add (i32.const 1) (call $deep)))
  (func (export "opa_eval") (param i32 i32 i32 i32 i32 i32 i32) (result i32) %(eval)s))
"""
SOUND = "(i32.const 1200)"


def engine(body: str = SOUND, **parts: str | int) -> EmbeddedEngine:
    """An engine over a module whose `opa_eval` does `body`."""
    sound = {
        "version": 1,
        "minor": 3,
        "entrypoint": "hub/release/gathered",
        "builtins": "{}",
        "answer": ANSWER,
        "parsed": 1,
        "eval": body,
    }
    return EmbeddedEngine(bundle_of(bytes(wat2wasm(MODULE % (sound | parts)))), BOUNDS)


def test_a_sound_module_answers() -> None:
    sound = engine()
    assert [sound.answer(b"{}"), sound.answer(b"{}")] == [{"allow": False}] * 2


FAULTS = {
    "trap": "(unreachable)",
    "abort": "(call $abort (i32.const 1200)) (unreachable)",
    "abort and go on": "(call $abort (i32.const 1200)) (i32.const 1200)",
    "built-in that is not there": "(drop (call $builtin (i32.const 1) (i32.const 1))) (i32.const 1200)",
    "endless loop": "(loop $again (br $again)) (i32.const 1200)",
    "endless depth": "(call $deep)",
    "no answer": "(i32.const 0)",
    "answer below the memory": "(i32.const -1)",
    "answer past the memory": "(i32.const 131072)",
    "answer without an end": """
        (memory.fill (i32.const 8192) (i32.const 65)
          (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 8192)))
        (i32.const 8192)""",
    "reach outside the memory": "(i32.load (i32.const 100000000))",
    "memory without end": """
        (loop $again (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable)) (br $again))
        (i32.const 1200)""",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_refuses_and_takes_no_longer_than_it_may(fault: str) -> None:
    broken = engine(FAULTS[fault])
    for _ in range(2):
        started = time.monotonic()
        with pytest.raises(EngineUnavailable):
            broken.answer(b"{}")
        assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "answer",
    ["", "[]", "{}", "[1]", "[{}]", "nonsense", r"[{\22result\22:1},{\22result\22:2}]", r"[{\22result\22:NaN}]"],
)
def test_an_answer_out_of_shape_refuses(answer: str) -> None:
    with pytest.raises(EngineUnavailable):
        engine(answer=answer).answer(b"{}")


@pytest.mark.parametrize(
    "parts",
    [
        {"version": 2},
        {"minor": 1},
        {"builtins": r"{\22http.send\22:1}"},
        {"entrypoint": "hub/other/decision"},
        {"parsed": 0},
    ],
    ids=str,
)
def test_a_foreign_module_refuses(parts: dict[str, str | int]) -> None:
    with pytest.raises(EngineUnavailable):
        engine(SOUND, **parts).answer(b"{}")


def test_facts_that_do_not_fit_refuse_and_the_next_are_answered() -> None:
    sound = engine()
    with pytest.raises(EngineUnavailable):
        sound.answer(b" " * (3 * MIB))
    assert sound.answer(b" " * MIB) == {"allow": False}


@pytest.mark.parametrize("module", [None, b"", b"\0asm", b"nonsense"])
def test_what_is_no_module_is_no_policy(module: bytes | None) -> None:
    with pytest.raises(EngineUnavailable):
        EmbeddedEngine(bundle_of(module))


def test_the_clock_of_an_engine_ends_with_it() -> None:
    before = set(threading.enumerate())
    sound = engine()
    (clock,) = set(threading.enumerate()) - before
    assert sound.answer(b"{}")
    del sound
    gc.collect()
    clock.join(10)
    assert not clock.is_alive()
