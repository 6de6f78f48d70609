"""Small checks that are put together into a table of a whole document, each in two ways that say the same.

`one` takes a value and gives its canonical form, strictly and slowly; when it fails it raises `FaultError`, and the place
of the fault grows on the way up and never holds a value. `form` is the type by which a compiled reader (`msgspec`,
docs/adr/0030) takes all of a document at once, and `settled` makes canonical what it took: this runs before every
decision, and has to do a hundred records in a fraction of a millisecond. What the quick way does not take, for whatever
reason, is done again by the strict one: that says whether it is wrong, and where.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Struct, defstruct
from msgspec.json import Encoder
from msgspec.structs import force_setattr

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
_A_FEW: Final = 2
"""Members of a set that can stand in more than one order."""
_MANY: Final = 32
"""Members of a set that is worth remembering, at most."""
_UNSOUND: Final = re.compile("[\x00\ud800-\udfff]")
_LARGEST_AGE, _LARGEST_GROUP = 150, 10**9

Settled = Callable[[Sequence[Any]], Sequence[Any]]
"""Values of a form, null among them -> their canonical forms; the very same sequence when nothing had to change."""


def as_they_are(values: Sequence[Any]) -> Sequence[Any]:
    """Settles what is canonical already."""
    return values


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


class Part(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """An object of canonical facts, with the keys of its table (`hub.pdp.contract`).

    It reads like the document that it stands for, too: `facts["casus"]["phase"]`.
    """

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> Any: ...

    def __getitem__(self, key: str) -> Any:
        return getattr(self, key)


bytes_of: Final = Encoder().encode
"""The RFC 8785 bytes of a canonical `Part`: its keys stand in their order."""


def put(parts: Iterable[Part], keys: Iterable[str], values: Iterable[Any]) -> None:
    """Gives each its value of its key. Of parts that are being made canonical, and of no others: they are frozen."""
    deque(map(force_setattr, parts, keys, values), 0)


class Derived:
    """The type of a key that is worked out and never comes in: no value that comes in is of it."""


@dataclass(frozen=True)
class Check:
    """`one`: a value -> its canonical form. `form`: its type, and with True that of a document that leaves out no key."""

    one: Callable[[Any], Any]
    form: Callable[[bool], Any]
    settled: Settled = as_they_are


def _scalar(one: Callable[[Any], Any], form: Any, settled: Settled = as_they_are) -> Check:
    return Check(one, lambda _complete: form, settled)


@cache
def optional(check: Check) -> Check:
    """What `check` takes, or null."""
    return Check(
        lambda value: None if value is None else check.one(value),
        lambda complete: check.form(complete) | None,
        check.settled,
    )


def _name(value: Any) -> str:
    if type(value) is str and value.isprintable() and value and not value.isspace():
        return value
    raise FaultError(WRONG_TYPE)


NOT_EMPTY: Final[Any] = Annotated[str, Meta(min_length=1)]
"""The type of a text that is not empty."""

name = _scalar(_name, NOT_EMPTY)
"""An id, field key or role: printable text that is not blank (so no NUL, control sign or half surrogate).

The rest of that the quick way asks of a whole document at once: `names_hold`.
"""


def names_hold(canonical: bytes) -> bool:
    """Whether all texts in canonical JSON, of which none is empty, are names; it may say no of one that is sound.

    Of what is printable only the space is blank, and where nothing is escaped a text that begins with one is `" `.
    """
    if b"\\" in canonical or (b" " in canonical and b'" ' in canonical):
        return False
    # What is not escaped and of ASCII is printable, but for the last of its signs.
    return b"\x7f" not in canonical if canonical.isascii() else canonical.decode().isprintable()


def _optional_flag(value: Any) -> bool | None:
    if value is True or value is False or value is None:
        return value
    raise FaultError(WRONG_TYPE)


optional_flag = _scalar(_optional_flag, bool | None)
"""True, false, or null: not known."""


def _instant(value: Any) -> str:
    if type(value) is not str:
        raise FaultError(WRONG_TYPE)
    try:
        return utc_text(value)
    except ValueError:
        raise FaultError(NO_INSTANT) from None


@lru_cache(maxsize=8192)
def _utc_or_null(value: str | None) -> str | None:
    return None if value is None else utc_text(value)


def _instants(values: Sequence[Any]) -> Sequence[Any]:
    done = list(map(_utc_or_null, values))
    return values if done == values else done


instant = _scalar(_instant, str, _instants)
"""An instant, as UTC text of fixed width."""


def _filled(value: Any) -> bool:
    if value is None or value is True or value is False:
        return bool(value)
    if type(value) is not str or _UNSOUND.search(value):
        raise FaultError(WRONG_TYPE)
    return bool(value.strip())


filled = _scalar(_filled, str | bool | None, lambda values: list(map(_filled, values)))
"""Free text, as true or false for filled or empty: the policy never sees the text. True and false may stand already."""


def _whole(largest: int) -> Check:
    def one(value: Any) -> int:
        if type(value) is int and 0 <= value <= largest:
            return value
        raise FaultError(WRONG_TYPE)

    return _scalar(one, Annotated[int, Meta(ge=0, le=largest)])


age = _whole(_LARGEST_AGE)
"""Years."""
group_size = _whole(_LARGEST_GROUP)
"""A number of persons."""


@cache
def word(words: frozenset[str]) -> Check:
    """One of `words`."""

    def one(value: Any) -> str:
        if type(value) is str and value in words:
            return value
        raise FaultError(UNKNOWN_WORD if type(value) is str else WRONG_TYPE)

    return _scalar(one, one_of(words))


def one_of(words: Iterable[str]) -> Any:
    """The type of one of `words`."""
    return Literal[tuple(sorted(words))]


def list_of(form: Any) -> Any:
    """The type of a list of what has the type `form`."""
    return list.__class_getitem__(form)


def _sets(values: Sequence[Any]) -> Sequence[Any]:
    present = [() if value is None else value for value in values] if None in values else values
    if present is values and max(map(len, values)) < _A_FEW:
        return values
    done = [
        value if len(value) < _A_FEW else _ordered_before(value) if len(value) <= _MANY else _ordered(value)
        for value in present
    ]
    return values if done == values else done


def _ordered(members: tuple[str, ...]) -> tuple[str, ...]:
    """Sorted, without doubles."""
    return tuple(sorted(set(members)))


_ordered_before = lru_cache(maxsize=1024)(_ordered)
"""The same few sets stand in most rows."""


@cache
def set_of(item: Check) -> Check:
    """A list that is a set, of names or words: sorted, without doubles."""

    def one(value: Any) -> list[str]:
        if type(value) is not list:
            raise FaultError(WRONG_TYPE)
        return sorted(set(_one_by_one(item, value)))

    return Check(one, lambda complete: tuple.__class_getitem__((item.form(complete), ...)), _sets)


@cache
def null_is_empty(check: Check) -> Check:
    """A set, of which null is the empty one (records: "a missing key counts as null or empty")."""
    return Check(
        lambda value: [] if value is None else check.one(value),
        lambda complete: check.form(complete) | None,
        check.settled,
    )


def rows_of(item: Check) -> Check:
    """A list of objects, order and doubles kept."""

    def one(value: Any) -> list[Any]:
        if type(value) is not list:
            raise FaultError(WRONG_TYPE)
        return _one_by_one(item, value)

    def settled(lists: Sequence[Any]) -> Sequence[Any]:
        for rows in lists:
            item.settled(rows)
        return lists

    return Check(one, lambda complete: list_of(item.form(complete)), settled)


def _one_by_one(item: Check, rows: Sequence[Any]) -> list[Any]:
    done: list[Any] = []
    try:
        for row in rows:
            done.append(item.one(row))  # noqa: PERF401 - the index of a fault is the number of rows before it
    except FaultError as fault:
        fault.steps.append(f"[{len(done)}]")
        raise
    return done


Table = Mapping[str, tuple[Check, Any]]
"""Of an object: key -> (check, default when missing, or REQUIRED, or EMPTY)."""


def object_of(table: Table, base: type[Part] = Part, **derived: Any) -> Check:
    """An object with the keys of `table` and no other. As a `Part` it has room for what is `derived`: key -> type."""

    @cache
    def form(complete: bool) -> type[Struct]:
        keys = {
            key: _member(check.form(complete), REQUIRED if complete else default)
            for key, (check, default) in table.items()
        }
        keys |= {key: (kind, UNSET) for key, kind in derived.items()}
        # In this order its bytes are canonical.
        return defstruct(base.__name__, [(key, *keys[key]) for key in sorted(keys)], bases=(base,), kw_only=True)

    return Check(_object_by_key(table), form, _settled_by_key(table))


def _member(kind: Any, default: Any) -> tuple[Any, ...]:
    if default is REQUIRED:
        return (kind,)
    return (kind, () if default is EMPTY else default)


def _settled_by_key(table: Table) -> Settled:
    """Settles objects where they are. Keys that are settled alike are done together: most of it is the number of steps."""
    alike: dict[Settled, list[str]] = {}
    for key, (check, _) in table.items():
        if check.settled is not as_they_are:
            alike.setdefault(check.settled, []).append(key)
    steps = tuple((settled, tuple(keys), _values_of(keys)) for settled, keys in alike.items())
    if not steps:
        return as_they_are

    def settled_objects(objects: Sequence[Any]) -> Sequence[Any]:
        present = [one for one in objects if one is not None]
        if present:
            for settled, keys, values_of in steps:
                values = values_of(present)
                done = settled(values)
                if done is not values:
                    places = present if len(keys) == 1 else [one for one in present for _ in keys]
                    put(places, keys * len(present), done)
        return objects

    return settled_objects


def _values_of(keys: list[str]) -> Callable[[Sequence[Any]], list[Any]]:
    """The values of `keys` of many objects, one object after the other."""
    get = attrgetter(*keys)
    if len(keys) == 1:
        return lambda objects: list(map(get, objects))
    return lambda objects: list(chain.from_iterable(map(get, objects)))


def _object_by_key(table: Table) -> Callable[[Any], dict[str, Any]]:
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
