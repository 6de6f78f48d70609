"""Records packed for the engine: rows that differ in their field alone become one, so that the engine reads them once.

An index and nothing more: no fact is added, dropped or weighed. A row is a record of the contract with `fields` (sorted)
in the place of `field`. Records without a field are left out, as no rule can reach them.
"""

from operator import itemgetter
from typing import Any

_LISTS = ("levels", "denied_to", "treating_with", "financed_by")
_SUPPLY = ("wpg", "wjsg")
_PLAIN = (
    "source",
    "source_kind",
    "regime",
    "person",
    "restricted",
    "disputed",
    "objected",
    "destroy_on",
    "vetoed",
    "uavg41",
    "supplier_agreed",
    "melding_receiver",
)
_plain_of = itemgetter(*_PLAIN)
_lists_of = itemgetter(*_LISTS)
_supply_of = itemgetter(*_SUPPLY)


def derived(doc: dict[str, Any]) -> dict[str, Any]:
    """The keys that take the place of `records` in canonical facts: `rows`, and `records` empty.

    Pure; rows stand in the order of their first record, so the same facts give the same bytes.
    """
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for record in doc["records"]:
        field = record["field"]
        if field is None:
            continue
        likeness = (*_plain_of(record), *map(tuple, _lists_of(record)), *map(_frozen, _supply_of(record)))
        row = rows.get(likeness)
        if row is None:
            row = {key: value for key, value in record.items() if key != "field"}
            row["fields"] = []
            rows[likeness] = row
        row["fields"].append(field)
    return {"records": [], "rows": list(rows.values())}


def _frozen(supply: dict[str, Any] | None) -> object:
    """A supply record as something that compares and hashes."""
    if supply is None:
        return None
    return tuple((key, tuple(value) if isinstance(value, list) else value) for key, value in sorted(supply.items()))
