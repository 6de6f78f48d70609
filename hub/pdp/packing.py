"""Records packed for the engine: rows that differ in their field alone become one, so that each is read once.

An index and nothing more: no fact is added, dropped or weighed. A row is a record of the contract with `fields` (sorted)
in the place of `field`. Records without a field are left out, as no rule can reach them.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Any, Final

from msgspec import UNSET, UnsetType

from hub.pdp.shape import Check, Settled, Table, bytes_of, list_of, name, object_of, put, rows_of

Row = dict[str, Any]
_FIELD: Final = attrgetter("field")
_FIELDS: Final = attrgetter("fields")


class Rows(list[Row]):
    """Records that the hub packed itself, knowing which are alike: each a record with `fields` in the place of `field`.

    No document from outside is one: JSON gives plain lists.
    """


class RowsError(ValueError):
    """Records that name `fields` or no field, or rows that name none."""


def record_of(table: Table) -> Check:
    """The check of one record; its `Part` has room for `fields`."""
    return object_of(table, fields=list_of(name.form(False)) | UnsetType)


def records_of(record: Check) -> Check:
    """The check of a list of records, or of `Rows`. They are settled as they are packed."""
    rows = rows_of(record)
    return Check(lambda value: rows.one(unpacked(value) if type(value) is Rows else value), rows.form)


def packed(records: Sequence[Any], settled: Settled, *, already: bool) -> list[Any]:
    """Records as rows, in an order in which the one they came in leaves no trace. They are used up.

    `already`: each stands for its `fields`, and not for its `field`. Raises RowsError for another, and for a record
    without a field: to leave it out would be to leave its texts unseen.
    """
    names = list(map(_FIELDS, records))
    if already:
        if UNSET in names:
            raise RowsError
        put(records, repeat("fields"), repeat(UNSET))
    else:
        fields = list(map(_FIELD, records))
        if None in fields or names.count(UNSET) < len(names):
            raise RowsError
        names = [[field] for field in fields]
    put(records, repeat("field"), repeat(UNSET))
    rows, fields = _alike(records, names)
    settled(rows)
    if len(set(rows)) < len(rows):
        # Those that differed in how they said the same do not differ any more.
        rows, fields = _alike(rows, fields)
    for some in fields:
        some.sort()
    order = _ordered(rows, fields)
    put(rows, repeat("fields"), fields)
    return [rows[place] for place in order]


def unpacked(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The records that `rows` stand for."""
    return [
        {**{key: value for key, value in row.items() if key not in ("field", "fields")}, "field": field}
        for row in rows
        for field in row["fields"]
    ]


def _alike(rows: Sequence[Any], names: Sequence[list[str]]) -> tuple[list[Any], list[list[str]]]:
    """Of rows one of each that are the same, with the fields of all of them. Rows of no field are left out."""
    found: dict[Any, list[str]] = {}
    for row, fields in zip(rows, names, strict=True):
        if (known := found.get(row)) is not None:
            known += fields
        elif fields:
            found[row] = fields
    return list(found), list(found.values())


def _ordered(rows: Sequence[Any], fields: Sequence[list[str]]) -> list[int]:
    """The places of rows, by their first field and source; those that contradict each other by what they say."""
    places = [(names[0], row.source or "") for row, names in zip(rows, fields, strict=True)]
    keys: list[Any] = places
    if len(set(places)) < len(places):
        keys = [(place, bytes_of(row)) for place, row in zip(places, rows, strict=True)]
    return sorted(range(len(rows)), key=keys.__getitem__)
