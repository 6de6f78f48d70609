"""Records packed for the engine: rows that differ in their field alone become one, so that each is read once.

An index and nothing more: no fact is added, dropped or weighed. A row is a record of the contract with `fields` (sorted)
in the place of `field`. Records without a field are left out, as no rule can reach them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, Final

import orjson

from hub.pdp.shape import WRONG_TYPE, Check, FaultError, name, object_of, rows_of

Row = dict[str, Any]
Table = Mapping[str, tuple[Check, Any]]

KEYS: Final = (
    "source",
    "source_kind",
    "regime",
    "levels",
    "person",
    "restricted",
    "disputed",
    "objected",
    "destroy_on",
    "denied_to",
    "vetoed",
    "uavg41",
    "treating_with",
    "supplier_agreed",
    "financed_by",
    "melding_receiver",
    "wpg",
    "wjsg",
)
"""Of a record, all but `field`."""
_rest_of = itemgetter(*KEYS)
_EXACT: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME


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
        except (FaultError, TypeError, KeyError):
            return packed_rows(slow.one(unpacked(value) if type(value) is Rows else value))

    return Check(one, lambda values: list(map(one, values)))


def packed_rows(records: Sequence[Row]) -> list[Row]:
    """Canonical records as rows. Pure: the same records in any order give the same rows."""
    present = [record for record in records if record["field"] is not None]
    return _merged([(_likeness(one), _without_field(one), [one["field"]]) for one in present])


def unpacked(rows: Sequence[Row]) -> list[Row]:
    """The records that `rows` stand for."""
    return [{**_without_field(row), "field": field} for row in rows for field in row["fields"]]


def _without_field(record: Row) -> Row:
    row = record.copy()
    row.pop("field", None)
    row.pop("fields", None)
    return row


def _likeness(record: Row) -> bytes:
    """Equal for records that differ in their field alone. JSON keeps apart what Python finds equal: true and 1."""
    return orjson.dumps(_rest_of(record), option=_EXACT)


def _likes(records: Any) -> list[tuple[Row, list[Any]]]:
    """Records as they came, those alike together: one of each sort, and the fields of all. Raises for odd types."""
    if type(records) is not list or set(map(type, records)) - {dict} or set(map(len, records)) - {len(KEYS) + 1}:
        raise FaultError(WRONG_TYPE)
    found: dict[bytes, tuple[Row, list[Any]]] = {}
    for record in records:
        likeness = _likeness(record)
        known = found.get(likeness)
        if known is None:
            found[likeness] = (record, [record["field"]])
        elif _rest_of(record) != _rest_of(known[0]):
            # To JSON a number that is none is null, and a tuple a list.
            raise FaultError(WRONG_TYPE)
        else:
            known[1].append(record["field"])
    return list(found.values())


def _canonical(likes: list[tuple[Row, list[Any]]], check: Callable[[Sequence[Row]], Sequence[Row]]) -> list[Row]:
    fields = [[field for field in names if field is not None] for _, names in likes]
    name.column(list(chain.from_iterable(fields)))
    plain = [_without_field(record) for record, _ in likes]
    rows = check(plain) if plain else ()
    return _merged([(_likeness(row), row, names) for row, names in zip(rows, fields, strict=True) if names])


def _merged(found: Iterable[tuple[bytes, Row, list[str]]]) -> list[Row]:
    """Canonical rows, those alike as one, in an order in which the one they came in leaves no trace."""
    rows: dict[bytes, Row] = {}
    for likeness, row, fields in found:
        rows.setdefault(likeness, {**row, "fields": []})["fields"].extend(fields)
    for row in rows.values():
        row["fields"].sort()
    ordered = sorted(rows.items(), key=lambda item: (item[1]["fields"][0], item[1]["source"] or "", item[0]))
    return [row for _, row in ordered]
