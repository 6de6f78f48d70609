"""A WebAssembly module as bytes: its parts, read and written again (WebAssembly core specification, 5: binary format).

Only what `hub.pdp.runtime` and `hub.pdp.stopping` change is understood; all else stays as it is, to the byte. wasmtime
checks the outcome as it checks any module.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

FUNCTIONS, GLOBALS, CODE = 3, 6, 10
"""Sections that may change."""
_HEAD: Final = b"\0asm\x01\0\0\0"
_FUNCTION, _MEMORY = 0, 2
"""Kinds of what a module is given."""
_FUNCTION_TYPE, _WHOLE, _OF_FUNCTIONS = 0x60, 0x41, 1
_WIDEST: Final = 63
"""Bits before the last byte of a number, where it is as long as the format allows any to be; without an end no number is."""


class Reader:
    """Goes through bytes of a module. Each raises IndexError past the end, and ValueError for what is no number."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0

    def more(self) -> bool:
        """Whether there is any left."""
        return self.at < len(self.content)

    def byte(self) -> int:
        """The next one."""
        self.at += 1
        return self.content[self.at - 1]

    def number(self) -> int:
        """Seven bits a byte, the lowest first (LEB128)."""
        found = shift = 0
        while (part := self.byte()) > 0x7F:
            found |= (part & 0x7F) << shift
            shift += 7
            if shift > _WIDEST:
                raise ValueError
        return found | part << shift

    def taken(self, size: int) -> bytes:
        """The next `size` bytes."""
        self.at += size
        if self.at > len(self.content):
            raise IndexError
        return self.content[self.at - size : self.at]

    def sized(self) -> bytes:
        """The next bytes, whose number stands before them."""
        return self.taken(self.number())

    def numbers(self) -> list[int]:
        """The next numbers, whose number stands before them."""
        return [self.number() for _ in range(self.number())]


@dataclass
class Parts:
    """Of a module, what is needed to put functions in the place of others, and to change what they do."""

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
        """How many there are, with those it is given."""
        return len(self.imported) + len(self.defined)

    def body(self, name: str) -> bytes:
        """Locals and code of the function `name`. Raises KeyError where it is none of the module's own."""
        return self.bodies[self.own(name)]

    def own(self, name: str) -> int:
        """The number of the function `name` among those of the module itself. Raises KeyError where it is none of them."""
        number = self.places[name] - len(self.imported)
        if number < 0:
            raise KeyError(name)
        return number

    def with_sections(self, changed: Mapping[int, bytes]) -> bytes:
        """The module with other content in the sections of these kinds."""
        return _HEAD + b"".join(bytes([kind]) + sized(changed.get(kind, content)) for kind, content in self.sections)


def _sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    reader = Reader(module)
    if reader.taken(len(_HEAD)) != _HEAD:
        raise ValueError
    while reader.more():
        yield reader.byte(), reader.sized()


def _types(parts: Parts, reader: Reader) -> None:
    for _ in range(reader.number()):
        if reader.byte() != _FUNCTION_TYPE:
            raise ValueError
        parts.types.append((reader.numbers(), reader.numbers()))


def _imports(parts: Parts, reader: Reader) -> None:
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


def _functions(parts: Parts, reader: Reader) -> None:
    parts.defined = reader.numbers()


def _globals(parts: Parts, reader: Reader) -> None:
    number = reader.number()
    start = reader.at
    for _ in range(number):
        parts.globals.append((reader.byte(), reader.byte()))
        if reader.byte() != _WHOLE:
            raise ValueError
        reader.number()
        reader.byte()
    parts.initial = reader.content[start:]


def _code(parts: Parts, reader: Reader) -> None:
    parts.bodies = [reader.sized() for _ in range(reader.number())]


def _names(parts: Parts, reader: Reader) -> None:
    if reader.sized() != b"name":
        return
    while reader.more():
        kind, names = reader.byte(), Reader(reader.sized())
        if kind == _OF_FUNCTIONS:
            for _ in range(names.number()):
                number = names.number()
                parts.places[names.sized().decode()] = number


_SECTIONS: Final = {0: _names, 1: _types, 2: _imports, FUNCTIONS: _functions, GLOBALS: _globals, CODE: _code}


def read(module: bytes, kinds: Collection[int] = _SECTIONS) -> Parts:
    """The parts of `module`; `kinds`: which of its sections are looked into. Raises IndexError or ValueError."""
    parts = Parts(list(_sections(module)))
    for kind, content in parts.sections:
        if kind in kinds:
            _SECTIONS[kind](parts, Reader(content))
    return parts


def leb(number: int) -> bytes:
    """A number without a sign."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def sized(content: bytes) -> bytes:
    """Bytes with their number before them."""
    return leb(len(content)) + content


def vector(items: Iterable[bytes]) -> bytes:
    """Items with their number before them."""
    every = list(items)
    return leb(len(every)) + b"".join(every)
