"""Records packed for the engine: rows that differ in their field alone become one, so that each is read once.

An index and nothing more: no fact is added, dropped or weighed. A row is a record of the contract with `fields` (sorted)
in the place of `field`. Records without a field are left out, as no rule can reach them.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from types import NoneType
from typing import Any, Final

import orjson

from hub.pdp.shape import WRONG_TYPE, Check, FaultError, name, object_of, rows_of

Row = dict[str, Any]
Table = Mapping[str, tuple[Check, Any]]

FLAGS: Final = ("restricted", "disputed", "objected", "vetoed", "uavg41", "supplier_agreed")
LISTS: Final = ("levels", "denied_to", "treating_with", "financed_by")
SUPPLY: Final = ("wpg", "wjsg")
TEXTS: Final = ("source", "source_kind", "regime", "person", "destroy_on", "melding_receiver")
_KEYS: Final = frozenset({"field", *FLAGS, *LISTS, *SUPPLY, *TEXTS})

_flags_of, _lists_of, _supply_of = itemgetter(*FLAGS), itemgetter(*LISTS), itemgetter(*SUPPLY)
_plain_of = itemgetter(*TEXTS, *FLAGS)
_field_of = itemgetter("field")
_FLAG_TYPES: Final = {bool, NoneType}


class Rows(list[Row]):
    """Records that the hub packed itself, knowing which are alike: each a record with `fields` in the place of `field`.

    No document from outside is one: JSON gives plain lists.
    """


def packed(table: Table) -> Check:
    """A list of records of `table`, or `Rows`, as rows. Like records are checked once: that is most of what it costs.

    What the short way does not take, for whatever reason, is done again record by record, and that finds the place.
    """
    row = object_of({key: check for key, check in table.items() if key != "field"})
    slow = rows_of(object_of(table))

    def one(value: Any) -> list[Row]:
        try:
            likes = [(one, one["fields"]) for one in value] if type(value) is Rows else _likes(value)
            return _canonical(likes, row.column)
        except (FaultError, TypeError, KeyError, AttributeError):
            return packed_rows(slow.one(unpacked(value) if type(value) is Rows else value))

    return Check(one, lambda values: list(map(one, values)))


def packed_rows(records: Sequence[Row]) -> list[Row]:
    """Canonical records as rows. Pure: the same records in any order give the same rows."""
    rows: dict[object, Row] = {}
    for record in records:
        if record["field"] is not None:
            _put(rows, _without_field(record), [record["field"]])
    return _sorted(list(rows.values()))


def unpacked(rows: Sequence[Row]) -> list[Row]:
    """The records that `rows` stand for."""
    return [{**_without_field(row), "field": field} for row in rows for field in row["fields"]]


def _without_field(record: Row) -> Row:
    return {key: value for key, value in record.items() if key not in ("field", "fields")}


def _likes(records: Any) -> list[tuple[Row, list[Any]]]:
    """Records as they came, those alike together: one of each sort, and the fields of all. Raises for odd types.

    True equals 1 and "ab" has the items of a list: what only looks alike must not be taken for it.
    """
    if type(records) is not list or set(map(type, records)) - {dict} or set(map(len, records)) - {len(_KEYS)}:
        raise FaultError(WRONG_TYPE)
    if set(map(type, chain.from_iterable(map(_flags_of, records)))) - _FLAG_TYPES:
        raise FaultError(WRONG_TYPE)
    lists = list(map(_lists_of, records))
    if set(map(type, chain.from_iterable(lists))) - {list}:
        raise FaultError(WRONG_TYPE)
    found: dict[object, tuple[Row, list[Any]]] = {}
    for record, members in zip(records, lists, strict=True):
        likeness = (_plain_of(record), *map(tuple, members), *map(_frozen, _supply_of(record)))
        known = found.get(likeness)
        if known is None:
            found[likeness] = (record, [record["field"]])
        else:
            known[1].append(record["field"])
    return list(found.values())


def _canonical(likes: list[tuple[Row, list[Any]]], check: Callable[[Sequence[Row]], Sequence[Row]]) -> list[Row]:
    fields = [[field for field in names if field is not None] for _, names in likes]
    name.column(list(chain.from_iterable(fields)))
    plain = [_without_field(record) for record, _ in likes]
    rows: dict[object, Row] = {}
    for row, names in zip(check(plain) if plain else (), fields, strict=True):
        if names:
            _put(rows, row, names)
    return _sorted(list(rows.values()))


def _put(rows: dict[object, Row], row: Row, fields: list[str]) -> None:
    """Add the `fields` of a canonical row to those of the row that is like it."""
    likeness = (_plain_of(row), *map(tuple, _lists_of(row)), *map(_frozen, _supply_of(row)))
    rows.setdefault(likeness, {**row, "fields": []})["fields"].extend(fields)


def _sorted(rows: list[Row]) -> list[Row]:
    for row in rows:
        row["fields"].sort()
    # By field and source; where those are equal by their bytes, so that the order they came in leaves no trace.
    return sorted(rows, key=lambda row: (row["fields"][0], row["source"] or "", _bytes(row)))


def _bytes(row: Row) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS)


def _frozen(supply: Any) -> object:
    """A supply record as something that compares and hashes."""
    if supply is None:
        return None
    return tuple(
        [(key, type(value), tuple(value) if type(value) is list else value) for key, value in sorted(supply.items())]
    )
