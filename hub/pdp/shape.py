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
from functools import cache
from itertools import chain
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
_TEXT: Final = {str}
_LIST: Final = {list}
_DICT: Final = {dict}
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


Columns = list[Sequence[Any]]
"""The values of each key, in many rows."""
Changes = Mapping[Any, Any]
"""Value -> its canonical form, of those that are not that already."""


@dataclass(frozen=True)
class Check:
    """`one`: a value -> its canonical form. `column`: the values of one key in many rows -> their canonical forms."""

    one: Callable[[Any], Any]
    column: Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True)
class Scalar(Check):
    """A check of what can stand in a set. `distinct`: the different values at once; the set is used up."""

    distinct: Callable[[set[Any]], Changes]


_SAME: Final[Changes] = {}


def _scalar(one: Callable[[Any], Any], distinct: Callable[[set[Any]], Changes]) -> Scalar:
    """A check of which the column way does each distinct value once."""

    def column(values: Sequence[Any]) -> Sequence[Any]:
        changes = distinct(set(values))
        return [changes.get(value, value) for value in values] if changes else values

    return Scalar(one, column, distinct)


@cache
def optional(check: Check) -> Check:
    """What `check` takes, or null."""

    def one(value: Any) -> Any:
        return None if value is None else check.one(value)

    if not isinstance(check, Scalar):
        return Check(one, _column_of_present(check.column))
    inner = check.distinct

    def distinct(found: set[Any]) -> Changes:
        found.discard(None)
        return inner(found) if found else _SAME

    return _scalar(one, distinct)


def _column_of_present(inner: Callable[[Sequence[Any]], Sequence[Any]]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    def column(values: Sequence[Any]) -> Sequence[Any]:
        present = [value for value in values if value is not None]
        if not present:
            return values
        checked = inner(present)
        if checked is present:
            return values
        done = iter(checked)
        return [None if value is None else next(done) for value in values]

    return column


def _name(value: Any) -> str:
    if type(value) is str and value.isprintable() and value and not value.isspace():
        return value
    raise FaultError(WRONG_TYPE)


def _names(found: set[Any]) -> Changes:
    joined = "".join(found)
    # Of what is printable only the space is blank.
    if (
        set(map(type, found)) <= _TEXT
        and joined.isprintable()
        and "" not in found
        and (" " not in joined or not any(map(str.isspace, found)))
    ):
        return _SAME
    raise FaultError(WRONG_TYPE)


name = _scalar(_name, _names)
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


def _instants(found: set[Any]) -> Changes:
    if not set(map(type, found)) <= _TEXT:
        raise FaultError(WRONG_TYPE)
    try:
        return {value: text for value in found if (text := utc_text(value)) != value}
    except ValueError:
        raise FaultError(NO_INSTANT) from None


instant = _scalar(_instant, _instants)
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


@cache
def word(words: frozenset[str]) -> Scalar:
    """One of `words`."""

    def one(value: Any) -> str:
        if type(value) is str and value in words:
            return value
        raise FaultError(UNKNOWN_WORD if type(value) is str else WRONG_TYPE)

    def distinct(found: set[Any]) -> Changes:
        if found <= words:
            return _SAME
        raise FaultError(UNKNOWN_WORD)

    return _scalar(one, distinct)


@cache
def set_of(item: Scalar) -> Check:
    """A list that is a set, of names or words: sorted, without doubles."""
    distinct = item.distinct

    def one(value: Any) -> list[str]:
        if type(value) is not list:
            raise FaultError(WRONG_TYPE)
        try:
            distinct(set(value))
        except (FaultError, TypeError):
            _one_by_one(item, value)
        return _ordered(value)

    def column(values: Sequence[Any]) -> Sequence[Any]:
        if set(map(type, values)) != _LIST:
            raise FaultError(WRONG_TYPE)
        found = set(map(tuple, values))
        distinct(set(chain.from_iterable(found)))
        changes = {}
        for members in found:
            if len(members) > 1 and (done := _ordered(members)) != list(members):
                changes[members] = done
        return [changes.get(tuple(value), value) for value in values] if changes else values

    return Check(one, column)


def _ordered(members: Sequence[str]) -> list[str]:
    """Sorted, without doubles. Mostly it is so already, and then to sort the sequence and not the set is to look once."""
    found = set(members)
    return sorted(members if len(found) == len(members) else found)


def null_is_empty(check: Check) -> Check:
    """A list, of which null is the empty one (records: "a missing key counts as null or empty")."""

    def column(values: Sequence[Any]) -> Sequence[Any]:
        try:
            return check.column(values)
        except FaultError:
            return check.column([[] if value is None else value for value in values])

    return Check(lambda value: [] if value is None else check.one(value), column)


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
    checked = columns_of([check for check, _ in table.values()])
    values_of, width = itemgetter(*keys), {len(keys)}

    def column(rows: Sequence[Any]) -> Sequence[Any]:
        if set(map(type, rows)) != _DICT or set(map(len, rows)) != width:
            raise FaultError(WRONG_TYPE)
        columns: Columns = list(zip(*map(values_of, rows), strict=True))
        done = [row.copy() for row in rows]
        for index in checked(columns):
            put(done, keys[index], columns[index])
        return done

    return Check(_object_by_key(table), column)


def columns_of(checks: Sequence[Check]) -> Callable[[Columns], list[int]]:
    """Does `checks`, each on its column, in place: what it gives are the places of those that were changed.

    Columns with the same check are done as one: with few rows most of the time goes into the number of checks.
    """
    alike: dict[Check, list[int]] = {}
    for index, check in enumerate(checks):
        alike.setdefault(check, []).append(index)
    scalars = tuple((_items(at), at, check.distinct) for check, at in alike.items() if isinstance(check, Scalar))
    others = [(check.column, at) for check, at in alike.items() if not isinstance(check, Scalar)]
    single = tuple((column, at[0]) for column, at in others if len(at) == 1)
    joined = tuple((column, at) for column, at in others if len(at) > 1)

    def checked(columns: Columns) -> list[int]:
        changed = []
        for those_of, places, distinct in scalars:
            if changes := distinct(set().union(*those_of(columns))):
                changed += places
                for index in places:
                    columns[index] = [changes.get(value, value) for value in columns[index]]
        for column, index in single:
            done = column(columns[index])
            if done is not columns[index]:
                columns[index] = done
                changed.append(index)
        for column, places in joined:
            changed += _as_one(column, columns, places)
        return changed

    return checked


def _as_one(column: Callable[[Sequence[Any]], Sequence[Any]], columns: Columns, places: list[int]) -> list[int]:
    values = list(chain.from_iterable([columns[index] for index in places]))
    done = column(values)
    if done is values:
        return []
    size = len(columns[places[0]])
    for number, index in enumerate(places):
        columns[index] = done[number * size : (number + 1) * size]
    return places


def _items(places: list[int]) -> Callable[[Columns], Sequence[Sequence[Any]]]:
    """Those at `places`, also where it is one."""
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


def put(rows: Sequence[dict[str, Any]], key: str, values: Sequence[Any]) -> None:
    """Gives each row its value of `key`."""
    for row, value in zip(rows, values, strict=True):
        row[key] = value


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
