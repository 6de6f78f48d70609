"""Small checks that are put together into a table of a whole document: each takes a value and gives its canonical form.

Hand-written and not a schema library: this runs before every decision, and has to do a hundred records in a fraction
of a millisecond. A check has two ways. `one` takes a value; when it fails it raises `FaultError`, and the place of the
fault grows on the way up and never holds a value. `column` takes the same key of many rows at once, at the speed of the
built-in functions, and gives the very same sequence when nothing had to change; when it fails, for whatever reason, the
rows are done again one by one, and that finds the place.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from types import NoneType
from typing import Any, Final

from hub.pdp.instants import utc_text

MISSING: Final = "Deze sleutel ontbreekt."
UNKNOWN_KEY: Final = "Hier staat een onbekende sleutel."
WRONG_TYPE: Final = "Dit is niet het soort waarde dat hier hoort."
UNKNOWN_WORD: Final = "Dit woord staat niet in de lijst."
NO_INSTANT: Final = "Dit is geen tijdstip met tijdzone (RFC 3339)."

_ABSENT: Final = object()
REQUIRED: Final = object()
EMPTY: Final = object()
"""Default of an optional list: a new empty one."""
_UNSOUND = re.compile("[\x00\ud800-\udfff]")
_FLAGS: Final = {bool, NoneType}
_LARGEST_AGE, _LARGEST_GROUP = 150, 10**9


class FaultError(Exception):
    """A value that is not of its shape. `steps` is the path, innermost first."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str] = []

    @property
    def place(self) -> str:
        """The path of the fault, as in `records[3].wpg.receivers`."""
        return "".join(reversed(self.steps)).lstrip(".")


@dataclass(frozen=True)
class Check:
    """`one`: a value -> its canonical form. `column`: the values of one key in many rows -> their canonical forms."""

    one: Callable[[Any], Any]
    column: Callable[[Sequence[Any]], Sequence[Any]]


def _distinct(one: Callable[[Any], Any]) -> Check:
    """A check of which the column way does each distinct value once."""

    def column(values: Sequence[Any]) -> Sequence[Any]:
        distinct = {value: one(value) for value in set(values)}
        return [distinct[value] for value in values]

    return Check(one, column)


def optional(check: Check) -> Check:
    """What `check` takes, or null."""

    def one(value: Any) -> Any:
        return None if value is None else check.one(value)

    def column(values: Sequence[Any]) -> Sequence[Any]:
        present = [value for value in values if value is not None]
        if not present:
            return values
        checked = check.column(present)
        if checked is present:
            return values
        done = iter(checked)
        return [None if value is None else next(done) for value in values]

    return Check(one, column)


def _name(value: Any) -> str:
    if type(value) is str and value.isprintable() and value and not value.isspace():
        return value
    raise FaultError(WRONG_TYPE)


def _names(values: Sequence[Any]) -> Sequence[Any]:
    found = set(values)
    joined = "".join(found)
    # Of what is printable only the space is blank.
    if (
        set(map(type, found)) <= {str}
        and joined.isprintable()
        and "" not in found
        and (" " not in joined or not any(map(str.isspace, found)))
    ):
        return values
    raise FaultError(WRONG_TYPE)


name = Check(_name, _names)
"""An id, field key or role: printable text that is not blank (so no NUL, control sign or half surrogate)."""


def _optional_flag(value: Any) -> bool | None:
    if value is True or value is False or value is None:
        return value
    raise FaultError(WRONG_TYPE)


def _optional_flags(values: Sequence[Any]) -> Sequence[Any]:
    if set(map(type, values)) <= _FLAGS:
        return values
    raise FaultError(WRONG_TYPE)


optional_flag = Check(_optional_flag, _optional_flags)
"""True, false, or null: not known."""


def _instant(value: Any) -> str:
    if type(value) is not str:
        raise FaultError(WRONG_TYPE)
    try:
        return utc_text(value)
    except ValueError:
        raise FaultError(NO_INSTANT) from None


instant = _distinct(_instant)
"""An instant, as UTC text of fixed width."""


def _filled(value: Any) -> bool:
    if value is None or value is True or value is False:
        return bool(value)
    if type(value) is not str or _UNSOUND.search(value):
        raise FaultError(WRONG_TYPE)
    return bool(value.strip())


filled = Check(_filled, lambda values: list(map(_filled, values)))
"""Free text, as true or false for filled or empty: the policy never sees the text. True and false may stand already."""


def _whole(largest: int) -> Check:
    def one(value: Any) -> int:
        if type(value) is int and 0 <= value <= largest:
            return value
        raise FaultError(WRONG_TYPE)

    return Check(one, lambda values: list(map(one, values)))


age = _whole(_LARGEST_AGE)
"""Years."""
group_size = _whole(_LARGEST_GROUP)
"""A number of persons."""


def word(words: frozenset[str]) -> Check:
    """One of `words`."""

    def one(value: Any) -> str:
        if type(value) is str and value in words:
            return value
        raise FaultError(UNKNOWN_WORD if type(value) is str else WRONG_TYPE)

    def column(values: Sequence[Any]) -> Sequence[Any]:
        if words.issuperset(values):
            return values
        raise FaultError(UNKNOWN_WORD)

    return Check(one, column)


def set_of(item: Check) -> Check:
    """A list that is a set: sorted, without doubles."""

    def one(value: Any) -> list[str]:
        if type(value) is not list:
            raise FaultError(WRONG_TYPE)
        try:
            item.column(value)
        except (FaultError, TypeError):
            _one_by_one(item, value)
        return sorted(set(value))

    def column(values: Sequence[Any]) -> Sequence[Any]:
        if set(map(type, values)) != {list}:
            raise FaultError(WRONG_TYPE)
        distinct = {members: one(list(members)) for members in set(map(tuple, values)) if members}
        if all(tuple(done) == members for members, done in distinct.items()):
            return values
        return [distinct[tuple(value)] if value else [] for value in values]

    return Check(one, column)


def null_is_empty(check: Check) -> Check:
    """A list, of which null is the empty one (records: "a missing key counts as null or empty")."""
    return Check(
        lambda value: [] if value is None else check.one(value),
        lambda values: check.column([[] if value is None else value for value in values] if None in values else values),
    )


def rows_of(item: Check) -> Check:
    """A list of objects, order and doubles kept."""

    def one(value: Any) -> list[Any]:
        if type(value) is not list:
            raise FaultError(WRONG_TYPE)
        try:
            return list(item.column(value)) if value else []
        except (FaultError, TypeError, KeyError):
            return _one_by_one(item, value)

    return Check(one, lambda values: list(map(one, values)))


def _one_by_one(item: Check, rows: Sequence[Any]) -> list[Any]:
    done: list[Any] = []
    try:
        for row in rows:
            done.append(item.one(row))  # noqa: PERF401 - the index of a fault is the number of rows before it
    except FaultError as fault:
        fault.steps.append(f"[{len(done)}]")
        raise
    return done


def object_of(table: Mapping[str, tuple[Check, Any]]) -> Check:
    """An object with the keys of `table` and no other: key -> (check, default when missing, or REQUIRED, or EMPTY)."""
    keys = tuple(table)
    columns = tuple((key, check.column) for key, (check, _) in table.items())
    values_of = itemgetter(*keys)

    def column(rows: Sequence[Any]) -> Sequence[Any]:
        if set(map(type, rows)) != {dict} or set(map(len, rows)) != {len(keys)}:
            raise FaultError(WRONG_TYPE)
        done = [row.copy() for row in rows]
        for (key, check), values in zip(columns, zip(*map(values_of, rows), strict=True), strict=True):
            checked = check(values)
            if checked is not values:
                for row, value in zip(done, checked, strict=True):
                    row[key] = value
        return done

    return Check(_object_by_key(table), column)


def _object_by_key(table: Mapping[str, tuple[Check, Any]]) -> Callable[[Any], dict[str, Any]]:
    rows = tuple((key, check.one, default) for key, (check, default) in table.items())

    def one(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise FaultError(WRONG_TYPE)
        canonical: dict[str, Any] = {}
        missing, key = 0, ""
        try:
            for key, check, default in rows:
                found = value.get(key, _ABSENT)
                missing += found is _ABSENT
                canonical[key] = _default(default) if found is _ABSENT else check(found)
        except FaultError as fault:
            fault.steps.append(f".{key}")
            raise
        if len(value) + missing != len(rows):
            raise FaultError(UNKNOWN_KEY)
        return canonical

    return one


def _default(default: Any) -> Any:
    if default is REQUIRED:
        raise FaultError(MISSING)
    return [] if default is EMPTY else default
