"""Our functions in a module go into the runtime that they were made for, and into no other."""

from pathlib import Path

import pytest

from hub.pdp import runtime, wasm_module
from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.runtime import quicker

OWN = read_bundle(default_directory()).module or b""
REPLACED = [
    "opa_heap_ptr_set",
    "opa_json_lex_read_string",
    "opa_json_parse_string",
    "opa_memoize_get",
    "opa_memoize_init",
    "opa_memoize_insert",
    "opa_memoize_pop",
    "opa_memoize_push",
    "opa_value_compare",
    "opa_value_get",
    "opa_value_hash",
    "opa_value_iter",
]


def test_only_these_functions_of_the_hubs_own_module_are_replaced() -> None:
    before, after = wasm_module.read(OWN), wasm_module.read(quicker(OWN))
    own = [name for name, number in sorted(before.places.items()) if number >= len(before.imported)]
    assert [name for name in own if before.body(name) != after.body(name)] == REPLACED
    kept = [before.body(name) for name in REPLACED if not name.startswith("opa_memoize")]
    assert after.bodies[len(before.bodies) :] == kept
    assert quicker(OWN) == quicker(OWN)


@pytest.mark.parametrize("name", runtime._RELIED_ON)
def test_a_runtime_in_which_one_of_them_is_another_is_left_alone(name: str) -> None:
    body = wasm_module.read(OWN).body(name)
    assert OWN.count(body) == 1
    other = OWN.replace(body, body[:-2] + bytes([body[-2] ^ 1]) + body[-1:])
    assert quicker(other) is other


def test_a_runtime_that_hashes_elsewhere_too_is_left_alone() -> None:
    body = wasm_module.read(OWN).body("opa_json_dump")
    other = OWN.replace(body, runtime._PRIME + body[len(runtime._PRIME) :])
    assert len(other) == len(OWN)
    assert quicker(other) is other


def test_a_module_without_names_is_left_alone() -> None:
    other = OWN.replace(b"\x04name", b"\x04noem")
    assert other != OWN
    assert quicker(other) is other


@pytest.mark.parametrize("size", [0, 7, 8, 9, 300, len(OWN) // 3, len(OWN) // 2, len(OWN) - 1])
def test_what_is_no_whole_module_is_left_alone(size: int) -> None:
    other = OWN[:size]
    assert quicker(other) is other


def test_what_is_no_module_is_left_alone() -> None:
    assert quicker(b"\0asm\x01\0\0\0\x01\xff\xff\xff\xff\x0f") == b"\0asm\x01\0\0\0\x01\xff\xff\xff\xff\x0f"
    assert quicker(b"text") == b"text"


def test_a_number_without_an_end_is_not_read_to_the_end() -> None:
    """Each byte makes it longer and takes longer than the last: two megabytes of them took minutes."""
    with pytest.raises(ValueError, match=r"^$"):
        wasm_module.Reader(b"\xff" * 11).number()
    other = b"\0asm\x01\0\0\0\x01" + b"\xff" * 4_000_000
    assert quicker(other) is other


def test_all_that_is_replaced_or_called_has_to_be_known() -> None:
    text = Path(runtime.__file__).with_name("runtime.wat").read_text()
    assert {*REPLACED, *runtime._CALLED.findall(text)} <= set(runtime._RELIED_ON)
