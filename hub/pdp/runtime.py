"""OPA's runtime in a module, quicker where decisions spend their time: hashing, comparing, and what rules gave already.

A module that OPA compiled brings its own runtime, in which half of a decision is spent on looking up keys: the hash of
a text is worked out byte by byte each time, and what a rule gave is kept under a number that is hashed as well. The
functions of `runtime.wat` take the place of some of OPA's own, in memory, when a module is loaded (docs/adr/0029): the
file of the policy, its revision and its signature stay those of what OPA compiled.

They rest on how OPA lays out its values. So they go only into a runtime in which what they replace is, to the byte,
what they were written for; any other module runs as it came, slower and just as well.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

from wasmtime import WasmtimeError, wat2wasm

_KNOWN: Final = "ab74368561c7b947339b647e23ec88bfd548e61e37f8cce282f951a070ed6ec1"
"""Digest of the functions that ours replace, call or rely on the inside of, in OPA 1.17."""
_RELIED_ON: Final = (
    "opa_value_hash",
    "opa_value_compare",
    "opa_value_compare_string",
    "opa_number_hash",
    "opa_memoize_init",
    "opa_memoize_push",
    "opa_memoize_pop",
    "opa_memoize_insert",
    "opa_memoize_get",
    "opa_malloc",
)
_PRIME: Final = b"\x41\x93\x83\x80\x08"
"""The factor of OPA's hash (FNV-1a), as code: where it stands a hash is worked out, and that has to be in one place."""
_HEAD: Final = b"\0asm\x01\0\0\0"
_FUNCTIONS, _GLOBALS, _CODE = 3, 6, 10
"""Sections that change."""
_FUNCTION, _MEMORY = 0, 2
"""Kinds of what a module is given."""
_FUNCTION_TYPE, _WHOLE, _OF_FUNCTIONS = 0x60, 0x41, 1
_NUMBERS: Final = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64"}
_OURS: Final = re.compile(r"^\(func \$quick\.(\w+)", re.MULTILINE)
_KEPT: Final = re.compile(r"call \$opa\.(\w+)")
_CALLED: Final = re.compile(r"call \$(opa_\w+)")
_WIDEST: Final = 63
"""Bits before the last byte of a number, where it is as long as the format allows any to be; without an end no number is."""
_WORD: Final = 4
"""Bytes of an address."""


def quicker(module: bytes) -> bytes:
    """`module` with our functions in the place of OPA's; `module` as it is where it is not one that they were made for.

    What cannot be read is not looked into further: the engine refuses it.
    """
    try:
        parts = _read(module)
        return parts.linked() if parts.is_known() else module
    except (IndexError, KeyError, ValueError, WasmtimeError):
        return module


class _Reader:
    """Goes through the bytes of a module (WebAssembly core specification, 5: binary format)."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0

    def more(self) -> bool:
        return self.at < len(self.content)

    def byte(self) -> int:
        self.at += 1
        return self.content[self.at - 1]

    def number(self) -> int:
        found = shift = 0
        while (part := self.byte()) > 0x7F:
            found |= (part & 0x7F) << shift
            shift += 7
            if shift > _WIDEST:
                raise ValueError
        return found | part << shift

    def taken(self, size: int) -> bytes:
        self.at += size
        if self.at > len(self.content):
            raise IndexError
        return self.content[self.at - size : self.at]

    def sized(self) -> bytes:
        return self.taken(self.number())

    def numbers(self) -> list[int]:
        return [self.number() for _ in range(self.number())]


@dataclass
class _Parts:
    """Of a module, what is needed to put functions in the place of others."""

    sections: list[tuple[int, bytes]]
    types: list[tuple[list[int], list[int]]] = field(default_factory=list)
    imported: list[int] = field(default_factory=list)
    """Types of functions that it is given."""
    defined: list[int] = field(default_factory=list)
    """Types of its own functions."""
    bodies: list[bytes] = field(default_factory=list)
    globals: list[tuple[int, int]] = field(default_factory=list)
    """(type, whether it can be written) of each."""
    initial: bytes = b""
    """All of them, as they stand in the module."""
    places: dict[str, int] = field(default_factory=dict)
    """Name of a function -> its number, those it is given counted first."""

    @property
    def functions(self) -> int:
        return len(self.imported) + len(self.defined)

    def body(self, name: str) -> bytes:
        return self.bodies[self._own(name)]

    def is_known(self) -> bool:
        """Whether its runtime is the one that ours were written for, and hashes texts in the one place that is replaced."""
        relied_on = [self.body(name) for name in _RELIED_ON]
        hashing = sum(_PRIME in body for body in self.bodies) == sum(_PRIME in body for body in relied_on)
        return hashing and hashlib.sha256(b"".join(relied_on)).hexdigest() == _KNOWN

    def linked(self) -> bytes:
        """The module with our functions. What OPA had where ours fall back on it stands after its other functions."""
        text = files(__package__).joinpath("runtime.wat").read_text()
        kept = sorted(set(_KEPT.findall(text)))
        bodies = self.bodies + [self.body(name) for name in kept]
        ours = self._assembled(text, kept)
        for name, body in zip(_OURS.findall(text), ours.bodies, strict=True):
            bodies[self._own(name)] = body
        changed = {
            _FUNCTIONS: _vector([*map(_leb, self.defined), *(_leb(self._type(name)) for name in kept)]),
            _GLOBALS: _leb(len(self.globals) + len(ours.globals)) + self.initial + ours.initial,
            _CODE: _vector(map(_sized, bodies)),
        }
        return _HEAD + b"".join(bytes([kind]) + _sized(changed.get(kind, content)) for kind, content in self.sections)

    def _own(self, name: str) -> int:
        """Its number among the functions of the module itself."""
        number = self.places[name] - len(self.imported)
        if number < 0:
            raise KeyError(name)
        return number

    def _type(self, name: str) -> int:
        return self.defined[self._own(name)]

    def _assembled(self, text: str, kept: list[str]) -> "_Parts":
        """Our functions and their global. They call others by number, so the same numbers are laid out around them."""
        # Names of other functions say nothing here, and those of rules and of C++ are not always names of text.
        names = {self.places[name]: f"${name}" for name in _CALLED.findall(text)}
        spaces = [self._function(names.get(number, ""), of) for number, of in enumerate(self.imported + self.defined)]
        spaces += [self._function(f"$opa.{name}", self._type(name)) for name in kept]
        spaces += [f'(import "" "" (global {_global(*of)}))' for of in self.globals]
        values = _WORD * self.functions
        sizes = {"ROW_BYTES": 2 * _WORD + values, "VALUE_BYTES": values, "FUNCTIONS": self.functions}
        for word, size in sizes.items():
            text = text.replace(word, str(size))
        whole = f'(module (import "" "" (memory 0)) {" ".join(spaces)} (global $given (mut i32) (i32.const 0)) {text})'
        return _read(bytes(wat2wasm(whole)), (_GLOBALS, _CODE))

    def _function(self, name: str, of: int) -> str:
        taken, gives = (" ".join(_NUMBERS[kind] for kind in kinds) for kinds in self.types[of])
        return f'(import "" "" (func {name} (param {taken}) (result {gives})))'


def _global(kind: int, written: int) -> str:
    return f"(mut {_NUMBERS[kind]})" if written else _NUMBERS[kind]


def _sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    reader = _Reader(module)
    if reader.taken(len(_HEAD)) != _HEAD:
        raise ValueError
    while reader.more():
        yield reader.byte(), reader.sized()


def _types(parts: _Parts, reader: _Reader) -> None:
    for _ in range(reader.number()):
        if reader.byte() != _FUNCTION_TYPE:
            raise ValueError
        parts.types.append((reader.numbers(), reader.numbers()))


def _imports(parts: _Parts, reader: _Reader) -> None:
    for _ in range(reader.number()):
        reader.sized(), reader.sized()
        kind = reader.byte()
        if kind == _FUNCTION:
            parts.imported.append(reader.number())
        elif kind == _MEMORY:
            for _ in range(1 + (reader.byte() & 1)):
                reader.number()
        else:
            raise ValueError


def _functions(parts: _Parts, reader: _Reader) -> None:
    parts.defined = reader.numbers()


def _globals(parts: _Parts, reader: _Reader) -> None:
    number = reader.number()
    start = reader.at
    for _ in range(number):
        parts.globals.append((reader.byte(), reader.byte()))
        if reader.byte() != _WHOLE:
            raise ValueError
        reader.number()
        reader.byte()
    parts.initial = reader.content[start:]


def _code(parts: _Parts, reader: _Reader) -> None:
    parts.bodies = [reader.sized() for _ in range(reader.number())]


def _names(parts: _Parts, reader: _Reader) -> None:
    if reader.sized() != b"name":
        return
    while reader.more():
        kind, names = reader.byte(), _Reader(reader.sized())
        if kind == _OF_FUNCTIONS:
            for _ in range(names.number()):
                number = names.number()
                parts.places[names.sized().decode()] = number


_SECTIONS: Final = {0: _names, 1: _types, 2: _imports, _FUNCTIONS: _functions, _GLOBALS: _globals, _CODE: _code}


def _read(module: bytes, kinds: Collection[int] = _SECTIONS) -> _Parts:
    """`kinds`: which of the sections are looked into."""
    parts = _Parts(list(_sections(module)))
    for kind, content in parts.sections:
        if kind in kinds:
            _SECTIONS[kind](parts, _Reader(content))
    return parts


def _leb(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def _sized(content: bytes) -> bytes:
    return _leb(len(content)) + content


def _vector(items: Iterable[bytes]) -> bytes:
    every = list(items)
    return _leb(len(every)) + b"".join(every)
