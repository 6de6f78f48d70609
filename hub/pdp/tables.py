"""The law tables as doors and casework read them: which fields there are, who may deliver one, what opens one in general.

Deciding is the policy's alone. What stands here never says what a casus holds: it speaks from the tables.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from hub.model.partner import SUPPLY_KINDS
from hub.pdp.bundle import Bundle

EVERY = "*"


class LawTables:
    """The reference data of one policy revision."""

    def __init__(self, bundle: Bundle) -> None:
        self._data: Mapping[str, Any] = bundle.reference["hub"]
        self._tables: Mapping[str, Any] = self._data["tables"]
        self._fields: Mapping[str, Any] = self._data["catalog"]["fields"]
        self._opens: dict[tuple[str, str | None, str, str], tuple[str, ...]] = {}

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

    def article(self, id_: str) -> str:
        """The article behind an id of the law tables, in words; the id itself where the tables have no words."""
        for table in ("bases", "articles", "overrides"):
            row = self._tables[table]["rows"].get(id_)
            if isinstance(row, Mapping):
                words = row.get("article") or row.get("law") or row.get("source")
                if isinstance(words, str):
                    return words
        return id_

    def opens(self, kind: str, employer_kind: str | None, purpose: str, field: str) -> tuple[str, ...]:
        """Ground words that would open `field` for such a partner and purpose, from the tables; `+` joins what must both be."""
        key = (kind, employer_kind, purpose, field)
        if key not in self._opens:
            if len(self._opens) > 50_000:
                self._opens.clear()
            self._opens[key] = self._worked_out(*key)
        return self._opens[key]

    def _worked_out(self, kind: str, employer_kind: str | None, purpose: str, field: str) -> tuple[str, ...]:
        if (
            field not in self._fields
            or self._tables["need"]["levels"].get(purpose, {}).get(self.groups[field], "-") == "-"
        ):
            return ()
        eligible = self._tables["eligibility"]["rows"].get(kind, {}).get(purpose, {})
        if eligible.get("rule", "no") == "no":
            return ()
        rows = self._tables["partners"]["rows"]
        employer = rows.get(employer_kind or "", {})
        column = employer["column"] if kind == "casusregisseur" and employer.get("care") else rows[kind]["column"]
        words = ("+".join(one["grounds"]) for one in self._alternatives(column, field) if one["grounds"] != ["eigen"])
        return tuple(dict.fromkeys(word for word in words if word))

    def _alternatives(self, column: str, field: str) -> Iterable[Mapping[str, Any]]:
        cells: Mapping[str, Any] = self._tables["ceiling"]["columns"].get(column, {})
        own = cells.get(self.groups[field], {})
        if field in own.get("fields", {}):
            found: Iterable[Mapping[str, Any]] = own["fields"][field]["open"]
            return found
        named = (cell["fields"][field]["open"] for cell in cells.values() if field in cell.get("fields", {}))
        return next(named, own.get("open", ()))
