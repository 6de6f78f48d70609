"""OPA's runtime in a module, quicker where decisions spend their time: reading texts, looking up, what rules gave already.

A module that OPA compiled brings its own runtime, in which half of a decision is spent on looking up keys: the hash of
a text is worked out byte by byte each time, each text of the facts is a copy of its own, and what a rule gave is kept
under a number that is hashed as well. The functions of `runtime.wat` take the place of some of OPA's own, in memory,
when a module is loaded (docs/adr/0029): the file of the policy, its revision and its signature stay those of what OPA
compiled.

They rest on how OPA lays out its values. So they go only into a runtime in which what they replace is, to the byte,
what they were written for; any other module runs as it came, slower and just as well.
"""

import hashlib
import re
from importlib.resources import files
from typing import Final

from wasmtime import WasmtimeError, wat2wasm

from hub.pdp.wasm_module import CODE, FUNCTIONS, GLOBALS, Parts, leb, read, sized, vector

_KNOWN: Final = "c540c525484fd88172a5dbb6caebfd8b400382f4ebade465264a0cea68bfc71c"
"""Digest of the functions that ours replace, call or rely on the inside of, in OPA 1.17."""
_RELIED_ON: Final = (
    "opa_value_hash",
    "opa_value_compare",
    "opa_value_compare_string",
    "opa_number_hash",
    "opa_value_get",
    "opa_value_iter",
    "__opa_object_insert",
    "opa_set_add",
    "opa_eval",
    "opa_heap_ptr_set",
    "opa_json_parse_string",
    "opa_json_lex_read_string",
    "opa_memoize_init",
    "opa_memoize_push",
    "opa_memoize_pop",
    "opa_memoize_insert",
    "opa_memoize_get",
    "opa_malloc",
)
_PRIME: Final = b"\x41\x93\x83\x80\x08"
"""The factor of OPA's hash (FNV-1a), as code: where it stands a hash is worked out, and that has to be in one place."""
_NUMBERS: Final = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64"}
_OURS: Final = re.compile(r"^\(func \$quick\.(\w+)", re.MULTILINE)
_KEPT: Final = re.compile(r"call \$opa\.(\w+)")
_CALLED: Final = re.compile(r"call \$(opa_\w+)")
_WORD: Final = 4
"""Bytes of an address."""


def quicker(module: bytes) -> bytes:
    """`module` with our functions in the place of OPA's; `module` as it is where it is not one that they were made for.

    What cannot be read is not looked into further: the engine refuses it.
    """
    try:
        parts = read(module)
        return _linked(parts) if _is_known(parts) else module
    except (IndexError, KeyError, ValueError, WasmtimeError):
        return module


def _is_known(parts: Parts) -> bool:
    """Whether its runtime is the one that ours were written for, and hashes texts in the one place that is replaced."""
    relied_on = [parts.body(name) for name in _RELIED_ON]
    hashing = sum(_PRIME in body for body in parts.bodies) == sum(_PRIME in body for body in relied_on)
    return hashing and hashlib.sha256(b"".join(relied_on)).hexdigest() == _KNOWN


def _linked(parts: Parts) -> bytes:
    """The module with our functions. What OPA had where ours fall back on it stands after its other functions."""
    text = files(__package__).joinpath("runtime.wat").read_text()
    kept = sorted(set(_KEPT.findall(text)))
    bodies = parts.bodies + [parts.body(name) for name in kept]
    ours = _assembled(parts, text, kept)
    for name, body in zip(_OURS.findall(text), ours.bodies, strict=True):
        bodies[parts.own(name)] = body
    changed = {
        FUNCTIONS: vector([*map(leb, parts.defined), *(leb(_type(parts, name)) for name in kept)]),
        GLOBALS: leb(len(parts.globals) + len(ours.globals)) + parts.initial + ours.initial,
        CODE: vector(map(sized, bodies)),
    }
    return parts.with_sections(changed)


def _type(parts: Parts, name: str) -> int:
    return parts.defined[parts.own(name)]


def _assembled(parts: Parts, text: str, kept: list[str]) -> Parts:
    """Our functions and their globals. They call others by number, so the same numbers are laid out around them."""
    # Names of other functions say nothing here, and those of rules and of C++ are not always names of text.
    names = {parts.places[name]: f"${name}" for name in _CALLED.findall(text)}
    kinds = parts.imported + parts.defined
    spaces = [_function(parts, names.get(number, ""), kind) for number, kind in enumerate(kinds)]
    spaces += [_function(parts, f"$opa.{name}", _type(parts, name)) for name in kept]
    spaces += [f'(import "" "" (global {_global(*of)}))' for of in parts.globals]
    values = _WORD * parts.functions
    sizes = {"ROW_BYTES": 2 * _WORD + values, "VALUE_BYTES": values, "FUNCTIONS": parts.functions}
    for word, size in sizes.items():
        text = text.replace(word, str(size))
    return read(bytes(wat2wasm(f'(module (import "" "" (memory 0)) {" ".join(spaces)} {text})')), (GLOBALS, CODE))


def _function(parts: Parts, name: str, kind: int) -> str:
    taken, gives = (" ".join(_NUMBERS[number] for number in numbers) for numbers in parts.types[kind])
    return f'(import "" "" (func {name} (param {taken}) (result {gives})))'


def _global(kind: int, written: int) -> str:
    return f"(mut {_NUMBERS[kind]})" if written else _NUMBERS[kind]
