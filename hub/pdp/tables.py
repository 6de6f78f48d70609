"""The law tables as doors and casework read them: which fields there are, who may deliver one, what opens one in general.

Deciding is the policy's alone. What stands here never says what a casus holds: it speaks from the tables.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from hub.model.partner import SUPPLY_KINDS
from hub.model.release import Asking
from hub.pdp.bundle import Bundle
from hub.pdp.opening import Openings

EVERY = "*"


class LawTables:
    """The reference data of one policy revision. Without `openings` nothing is said of what would open a field."""

    def __init__(self, bundle: Bundle, openings: Openings | None = None) -> None:
        self._data: Mapping[str, Any] = bundle.reference["hub"]
        self._tables: Mapping[str, Any] = self._data["tables"]
        self._fields: Mapping[str, Any] = self._data["catalog"]["fields"]
        self._openings = openings
        self._through: dict[str, frozenset[str]] = {}

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """The group of every field key."""
        return {key: field["group"] for key, field in self._fields.items()}

    def knows_field(self, key: str) -> bool:
        """Whether `key` is in the catalogue."""
        return key in self._fields

    def knows_group(self, key: str) -> bool:
        """Whether `key` is a group of the catalogue."""
        return key in self._data["catalog"]["groups"]

    def may_deliver(self, key: str, kind: str, employer_kind: str | None) -> bool:
        """Whether a partner of `kind` is a source of `key`; a casusregisseur also delivers as his employer's kind.

        Never as police or justice: their data come from themselves, with a supply record (Wpg 20(3), Wjsg 39j; R12, R13).
        """
        sources = self._fields[key]["sources"]
        return kind in sources or (employer_kind not in SUPPLY_KINDS and employer_kind in sources)

    def expand(self, requested: Iterable[str]) -> tuple[str, ...]:
        """The field keys that were asked, each once, sorted; `*` is all of the catalogue."""
        asked = set(requested)
        return tuple(sorted(self._fields if EVERY in asked else asked))

    def through_provider(self, kind: str) -> frozenset[str]:
        """The fields that a partner of `kind` gets from the provider that is their source, by the ceilings (4.5)."""
        if kind not in self._through:
            column = self._tables["ceiling"]["columns"].get(self._tables["partners"]["rows"][kind]["column"], {})
            held = (key for key, group in self.groups.items() if _part(column, group, key).get("via", False))
            self._through[kind] = frozenset(held)
        return self._through[kind]

    def article(self, id_: str) -> str:
        """The article behind an id of the law tables, in words; the id itself where the tables have no words."""
        for table in ("bases", "articles", "overrides"):
            row = self._tables[table]["rows"].get(id_)
            if isinstance(row, Mapping):
                words = row.get("article") or row.get("law") or row.get("source")
                if isinstance(words, str):
                    return words
        return id_

    def opens(self, asking: Asking, field: str, *, without_basis: bool) -> tuple[str, ...]:
        """What would open `field` in general: ground words joined by `+`, which must all hold.

        `without_basis`: a legal basis lacks, so that what is none itself needs one beside it.
        """
        return () if self._openings is None else self._openings.ways(asking, field, without_basis=without_basis)

    def asks(self, asking: Asking) -> tuple[str, ...]:
        """What such a partner needs to act for the purpose at all."""
        return () if self._openings is None else self._openings.asks(asking)

    def other_purposes(self, asking: Asking, fields: Iterable[str]) -> tuple[str, ...]:
        """Purposes for which one of `fields` can open for such a partner."""
        return () if self._openings is None else self._openings.purposes(asking, fields)


def _part(column: Mapping[str, Any], group: str, key: str) -> Mapping[str, Any]:
    """The cell of a field in a column of the ceilings: what names it, or its group's."""
    cell: Mapping[str, Any] = column.get(group, {})
    part: Mapping[str, Any] = cell.get("fields", {}).get(key, cell)
    return part
