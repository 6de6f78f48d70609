"""Records packed for the engine: rows that differ in their field alone become one, so that each is read once.

An index and nothing more: no fact is added, dropped or weighed. A row is a record of the contract with `fields` (sorted)
in the place of `field`. Records without a field are left out, as no rule can reach them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, Final

import orjson

from hub.pdp.shape import WRONG_TYPE, Check, Columns, FaultError, columns_of, name, object_of, put, rows_of

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
_DICT: Final = {dict}
_WIDTH: Final = {len(KEYS) + 1}
_FIELD: Final = itemgetter("field")
_FIELDS: Final = itemgetter("fields")
_rest_of = itemgetter(*KEYS)
_EXACT: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME
_Rests = Iterable[tuple[Any, ...]]
"""What `_rest_of` gives, of many."""


class Rows(list[Row]):
    """Records that the hub packed itself, knowing which are alike: each a record with `fields` in the place of `field`.

    No document from outside is one: JSON gives plain lists.
    """


def packed(table: Table) -> Check:
    """A list of records of `table`, or `Rows`, as rows. Like records are checked once: that is most of what it costs.

    What the short way does not take, for whatever reason, is done again record by record, and that finds the place.
    """
    checked = columns_of([table[key][0] for key in KEYS])
    slow = rows_of(object_of(table))

    def one(value: Any) -> list[Row]:
        try:
            return _packed(value, checked)
        except (FaultError, TypeError, KeyError):
            return packed_rows(slow.one(unpacked(value) if type(value) is Rows else value))

    return Check(one, lambda values: list(map(one, values)))


def packed_rows(records: Sequence[Row]) -> list[Row]:
    """Canonical records as rows. Pure: the same records in any order give the same rows."""
    present = [record for record in records if record["field"] is not None]
    rows = list(map(_without_field, present))
    return _merged(rows, map(_rest_of, rows), [[record["field"]] for record in present])


def unpacked(rows: Sequence[Row]) -> list[Row]:
    """The records that `rows` stand for."""
    return [{**_without_field(row), "field": field} for row in rows for field in row["fields"]]


def _without_field(record: Row) -> Row:
    row = record.copy()
    row.pop("field", None)
    row.pop("fields", None)
    return row


def _packed(records: Any, checked: Callable[[Columns], list[int]]) -> list[Row]:
    """The rows of records as they came. Raises for what it does not take."""
    likes, rests, names = _likes(records)
    rows = list(map(dict.copy, likes))
    if not rows:
        return []
    columns: Columns = list(zip(*rests, strict=True))
    for index in checked(columns):
        put(rows, KEYS[index], columns[index])
    return _merged(rows, zip(*columns, strict=True), _known(names))


def _likes(records: Any) -> tuple[list[Row], _Rests, list[list[Any]]]:
    """Of records as they came, one of each that are alike, and the fields of all of them. Raises for odd types."""
    sort = type(records)
    if (sort is not list and sort is not Rows) or set(map(type, records)) - _DICT or set(map(len, records)) - _WIDTH:
        raise FaultError(WRONG_TYPE)
    rests = list(map(_rest_of, records))
    if sort is Rows:
        return records, rests, list(map(_FIELDS, records))
    likenesses = _likenesses(rests)
    found = dict(zip(likenesses, range(len(rests)), strict=True))
    if [rests[one] for one in map(found.__getitem__, likenesses)] != rests:
        # To JSON a number that is none is null, and a tuple a list.
        raise FaultError(WRONG_TYPE)
    fields: dict[bytes, list[Any]] = {likeness: [] for likeness in found}
    for likeness, field in zip(likenesses, map(_FIELD, records), strict=True):
        fields[likeness].append(field)
    return [records[one] for one in found.values()], [rests[one] for one in found.values()], list(fields.values())


def _likenesses(rests: _Rests) -> list[bytes]:
    """Equal for records that differ in their field alone. JSON keeps apart what Python finds equal: true and 1."""
    return list(map(orjson.dumps, rests, repeat(None), repeat(_EXACT)))


def _known(names: list[list[Any]]) -> list[list[str]]:
    """The fields of each, checked; without null."""
    found = set(chain.from_iterable(names))
    unknown = None in found
    found.discard(None)
    name.distinct(found)
    return [[field for field in fields if field is not None] for fields in names] if unknown else names


def _merged(rows: list[Row], rests: _Rests, names: list[list[str]]) -> list[Row]:
    """Canonical rows, those alike as one, in an order in which the one they came in leaves no trace.

    `rows`, which become what is given, stand for records with the fields `names`; those that have none are left out.
    """
    found: dict[bytes, tuple[Row, list[str]]] = {}
    for likeness, row, fields in zip(_likenesses(rests), rows, names, strict=True):
        if fields:
            found.setdefault(likeness, (row, []))[1].extend(fields)
    ordered = []
    for likeness, (row, fields) in found.items():
        fields.sort()
        row.pop("field", None)
        row["fields"] = fields
        ordered.append((fields[0], row["source"] or "", likeness, row))
    # No two likenesses are the same: rows are never compared.
    ordered.sort()
    return [row for _, _, _, row in ordered]
