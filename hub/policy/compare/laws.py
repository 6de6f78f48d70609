"""The tables of two revisions side by side: what either of them knows makes up the space of situations.

Nothing here decides. A cell that only one revision has widens the space for both, so that a change is met from either side.
"""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any, Final

from hub.model.partner import CARE_KINDS, SUPPLY_KINDS
from hub.pdp.bundle import Bundle
from hub.pdp.codes import SOURCE_KINDS

Row = Mapping[str, Any]
_LATEST: Final = "2026-11-22"
_NO: Final = "no"


class Laws:
    """What two revisions know, together."""

    def __init__(self, *bundles: Bundle) -> None:
        self._data = [bundle.reference.get("hub", {}) for bundle in bundles]
        self._opening: dict[str, set[str]] = {}

    def rows(self, table: str, key: str = "rows") -> Iterator[Row]:
        """The rows of a table, of each revision that has it."""
        for one in self._data:
            found = one.get("tables", {}).get(table, {}).get(key, {})
            if isinstance(found, Mapping):
                yield found

    @cached_property
    def day(self) -> str:
        """The first day on which every table of both counts (`geldig_vanaf`)."""
        tables = [table for one in self._data for table in [*one.get("tables", {}).values(), one.get("catalog", {})]]
        days = [str(table.get("geldig_vanaf") or "") for table in tables if isinstance(table, Mapping)]
        return max([_LATEST, *days])[:10]

    @cached_property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """field -> the source kinds that either revision names, sorted."""
        found: dict[str, set[str]] = {}
        for one in self._data:
            for key, field in one.get("catalog", {}).get("fields", {}).items():
                found.setdefault(key, set()).update(SOURCE_KINDS.intersection(field.get("sources", ())))
        return {key: tuple(sorted(kinds or {"ander"})) for key, kinds in sorted(found.items())}

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups of the catalogue."""
        return tuple(sorted({group for one in self._data for group in one.get("catalog", {}).get("groups", {})}))

    @cached_property
    def grouped(self) -> dict[str, frozenset[str]]:
        """Group and its name (`G19 financiering`) -> its fields, in order; a field of both as the newer has it."""
        names: dict[str, str] = {}
        held: dict[str, str] = {}
        for one in self._data:
            names |= one.get("catalog", {}).get("groups", {})
            held |= {key: row.get("group", "") for key, row in one.get("catalog", {}).get("fields", {}).items()}
        return {
            f"{group} {name}": frozenset(key for key, of in held.items() if of == group)
            for group, name in sorted(names.items())
        }

    def eligible(self, kind: str, purpose: str) -> set[str]:
        """How a partner of `kind` may act for `purpose`: the words of either revision; empty where neither lets him."""
        words = {rows.get(kind, {}).get(purpose, {}).get("rule", _NO) for rows in self.rows("eligibility")}
        return words - {_NO}

    def standings(self, kind: str) -> set[str]:
        """In which standings either revision knows `kind`."""
        return {standing for rows in self.rows("partners") for standing in rows.get(kind, {}).get("standings", ())}

    def listed(self, regime: str) -> set[str]:
        """Kinds of basis that count in `regime` in either revision."""
        found: set[str] = set()
        for rows in self.rows("regimes"):
            row = rows.get(regime, {})
            found |= {*row.get("kinds", ()), *row.get("public_kinds", ())}
            found |= {"wgs"} if row.get("wgs_for") or row.get("wgs_with_wmo_opdracht") else set()
        return found

    def barred(self, kind: str, regime: str) -> bool:
        """Whether both revisions keep a partner of `kind` out of `regime`."""
        return all(_barred(rows.get(regime, {}), kind) for rows in self.rows("regimes"))

    def fits(self, basis: str, kind: str) -> bool:
        """Whether a basis of this kind can be the partner's own in either revision."""
        rows = [rows.get(basis, {}) for rows in self.rows("regimes", "counts_for")]
        return any(kind in row.get("partner", (kind,)) for row in rows)

    def opening(self, kind: str) -> set[str]:
        """Ground words in the column of `kind`, in either revision."""
        if kind not in self._opening:
            self._opening[kind] = self._words_of(kind)
        return self._opening[kind]

    def _words_of(self, kind: str) -> set[str]:
        found: set[str] = set()
        for rows, columns in zip(self.rows("partners"), self.rows("ceiling", "columns"), strict=False):
            for cell in (columns.get(rows.get(kind, {}).get("column")) or {}).values():
                parts = [cell, *cell.get("fields", {}).values()]
                found |= {word for part in parts for way in part.get("open", ()) for word in way.get("grounds", ())}
        return found

    @cached_property
    def articles(self) -> set[str]:
        """Articles of the Wvggz and the Wzd that either revision has in its table."""
        return {name for rows in self.rows("articles") for name in rows}

    def addressed(self, kind: str) -> dict[str, str]:
        """Articles that name `kind` as receiver -> the status that they ask for."""
        found = {}
        for rows in self.rows("articles"):
            for name, row in rows.items():
                if kind in row.get("receivers", ()) or kind in (row.get("relation") or {}):
                    found[name] = str(row.get("status", "wvggz_status"))
        return dict(sorted(found.items()))


def _barred(row: Row, kind: str) -> bool:
    if kind in row.get("not", ()):
        return True
    if not row.get("only"):
        return False
    return kind not in row["only"] and kind not in row.get("only_group", ()) and kind != "casusregisseur"


@cache
def representatives(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """One source kind for each way in which the rules look at a source: care, police, justice, and the rest by name."""
    found: dict[str, str] = {}
    for kind in kinds:
        found.setdefault(_class_of(kind), kind)
    if "ggz" in kinds:
        found["care"] = "ggz"
    if "om" in kinds:
        found["justice"] = "om"
    return tuple(kind for _, kind in sorted(found.items()))


def _class_of(kind: str) -> str:
    if kind in CARE_KINDS:
        return "care"
    if kind in SUPPLY_KINDS:
        return "police" if kind == "politie" else "justice"
    return kind if kind in {"college", "wmo_aanbieder", "woningcorporatie"} else "other"
