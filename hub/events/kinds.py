"""The kinds of fields: each says what may stand in it, and refuses all else. No kind takes free text."""

import re
from dataclasses import dataclass
from types import TracebackType

Shown = str | int | float | bool
"""What a field looks like in a line."""

_CODE = re.compile(r"[A-Za-z][A-Za-z_.-]{0,47}|E_(829|15A|18C)")
_DOOR = re.compile(r"/(([a-z.-]{1,32}|\{\})(/|$)){0,8}")
_TRACE = re.compile(r"[0-9a-f]{32}")
_MOST = 10**8
"""Below nine digits: no citizen number passes for a count."""


class NotAllowed(ValueError):
    """An event, a field or a value that the catalogue does not have. Its message names the field, never the value."""


@dataclass(frozen=True)
class Choice:
    """One of `words`."""

    words: tuple[str, ...]

    def shown(self, value: object) -> Shown | None:
        """`value` as it may be told, or None."""
        return value if isinstance(value, str) and value in self.words else None

    def __str__(self) -> str:
        return ", ".join(f"`{word}`" for word in self.words)


class Code:
    """A word of the code: an error code, a refusal code, a step. Letters, `.`, `_` and `-` only."""

    def shown(self, value: object) -> Shown | None:
        """See `Choice`."""
        return value if isinstance(value, str) and _CODE.fullmatch(value) else None

    def __str__(self) -> str:
        return "a word of the hub's own code"


class Door:
    """A route: the words of its address, each id in it as `{}`."""

    def shown(self, value: object) -> Shown | None:
        """See `Choice`."""
        return value if isinstance(value, str) and value and _DOOR.fullmatch(value) else None

    def __str__(self) -> str:
        return "a route, its ids as `{}`"


class Count:
    """A whole number from 0 on, of at most eight digits."""

    def shown(self, value: object) -> Shown | None:
        """See `Choice`."""
        fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST
        return value if fits and isinstance(value, int) else None

    def __str__(self) -> str:
        return "a count"


class Milliseconds:
    """A duration."""

    def shown(self, value: object) -> Shown | None:
        """See `Choice`."""
        return round(value, 3) if isinstance(value, float) and 0 <= value < _MOST else None

    def __str__(self) -> str:
        return "milliseconds"


class Flag:
    """True or false."""

    def shown(self, value: object) -> Shown | None:
        """See `Choice`."""
        return value if isinstance(value, bool) else None

    def __str__(self) -> str:
        return "true or false"


class TraceId:
    """The trace of the call: 32 hexadecimal characters; its records of processing have it too."""

    def shown(self, value: object) -> Shown | None:
        """See `Choice`."""
        return value if isinstance(value, str) and _TRACE.fullmatch(value) else None

    def __str__(self) -> str:
        return "the trace of the call (32 hexadecimal characters)"


class Fault:
    """An exception: its kind and where it was raised (function and line), never its message."""

    def shown(self, value: object) -> Shown | None:
        """See `Choice`. The value is the exception itself."""
        if not isinstance(value, BaseException):
            return None
        return f"{type(value).__name__} at {_place(value.__traceback__)}"

    def __str__(self) -> str:
        return "the kind of an exception, and the function and line that raised it"


Kind = Choice | Code | Door | Count | Milliseconds | Flag | TraceId | Fault


def _place(trace: TracebackType | None) -> str:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else "?"


def checked(name: str, fields: dict[str, Kind], given: dict[str, object]) -> dict[str, Shown]:
    """`given` as it may be told. Raises `NotAllowed` for an unknown or missing field, or a value of another kind."""
    odd = [key for key in (*given, *fields) if key not in fields or key not in given]
    if odd:
        raise NotAllowed(f"{name}: {len(odd)} fields that it does not have, or lacks")
    shown: dict[str, Shown] = {}
    for key, kind in fields.items():
        value = kind.shown(given[key])
        if value is None:
            raise NotAllowed(f"{name}: {key} is not of its kind")
        shown[key] = value
    return shown
