"""At most what holds in a regime for a kind of partner: lock 1, the articles, and the ground words of the ceilings.

Every fact is taken at its best: relations are there, procedures run, papers are in order. Only the tables limit.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hub.pdp.codes import SOURCE_KINDS

Row = Mapping[str, Any]
Lock = Mapping[str, frozenset[str]]
"""Source kind -> kinds of basis that are live for a field of such a source."""
CARE = "zorg"
ELSEWHERE = "elders"


@dataclass(frozen=True, order=True)
class Viewer:
    """Who looks, as far as the tables tell him apart. `employer`: of a casusregisseur, `zorg` or `elders`; else empty.

    A casusregisseur has no more than who employs him: in care he has the column `ggz`, with his own G20 (4.4).
    """

    kind: str
    employer: str = ""

    def __str__(self) -> str:
        return f"{self.kind} ({self.employer})" if self.employer else self.kind


@dataclass(frozen=True)
class Spot:
    """One field as a viewer meets it in a regime; `word_row` is its row in the table of secrecy words."""

    viewer: Viewer
    regime: str
    key: str
    group: str
    word_row: str


@dataclass(frozen=True)
class Held:
    """An alternative that can hold, with the articles of the Wvggz or Wzd by which it does."""

    articles: frozenset[str]


class AtMost:
    """Reads the tables of one policy: `hub` is `data.hub` of its bundle."""

    def __init__(self, hub: Row) -> None:
        self.tables: Row = hub["tables"]
        self._regimes: Row = self.tables["regimes"]
        self._articles: Row = self.tables["articles"]["rows"]
        self._kinds: dict[tuple[Viewer, str], frozenset[str]] = {}

    @cached_property
    def partners(self) -> Row:
        """Kind -> its row in the table of partners."""
        rows: Row = self.tables["partners"]["rows"]
        return rows

    @cached_property
    def viewers(self) -> tuple[Viewer, ...]:
        """Every kind of partner, the casusregisseur twice, in the order of the table."""
        return tuple(
            Viewer(kind, employer)
            for kind in self.partners
            for employer in ((CARE, ELSEWHERE) if kind == "casusregisseur" else ("",))
        )

    @cached_property
    def care_kinds(self) -> frozenset[str]:
        """Kinds of care provider."""
        return frozenset(kind for kind, row in self.partners.items() if row["care"])

    def care(self, viewer: Viewer) -> bool:
        """The viewer counts as of a care kind."""
        return viewer.employer == CARE or viewer.kind in self.care_kinds

    def column(self, viewer: Viewer, group: str) -> str | None:
        """The column of the ceilings that is the viewer's."""
        column: str | None = self.partners[viewer.kind]["column"]
        return "ggz" if viewer.employer == CARE and group != "G20" else column

    def exempt(self, viewer: Viewer, purpose: str) -> bool:
        """Not asked about a regime: the betrokkene, supervision, and D10."""
        return viewer.kind in ("betrokkene", "toezicht") or purpose == "D10"

    def outside(self, viewer: Viewer, regime: str) -> bool:
        """The viewer stands outside the limits of the regime (R03)."""
        row = self._regimes["rows"][regime]
        within = (
            viewer.kind in row.get("only", ())
            or viewer.kind in row.get("only_group", {})
            or (row.get("care_employed", False) and viewer.employer == CARE)
        )
        return viewer.kind in row.get("not", ()) or ("only" in row and not within)

    def foreign(self, viewer: Viewer, regime: str, group: str) -> bool:
        """The regime leaves this viewer another group alone."""
        only = self._regimes["rows"][regime].get("only_group", {}).get(viewer.kind, group)
        return bool(only != group)

    def shut(self, regime: str, group: str) -> bool:
        """The regime shuts this group to all."""
        return group in self._regimes["rows"][regime].get("shut_groups", ())

    def kinds(self, viewer: Viewer, regime: str) -> frozenset[str]:
        """Kinds of basis that count as lock 1 for this viewer; group, source and article still to be judged."""
        key = (viewer, regime)
        if key not in self._kinds:
            self._kinds[key] = frozenset(kind for kind in self._listed(*key) if self._fits_partner(kind, viewer))
        return self._kinds[key]

    def _listed(self, viewer: Viewer, regime: str) -> set[str]:
        row = self._regimes["rows"][regime]
        public = self.partners[viewer.kind]["public"]
        listed = set(row["public_kinds"] if public and "public_kinds" in row else row["kinds"])
        wgs = {*row.get("wgs_for", ()), *row.get("wgs_with_wmo_opdracht", ())}
        listed |= {"wgs"} if viewer.kind in wgs else set()
        return listed | set(self._regimes["any"].get(viewer.kind, ()))

    def _fits_partner(self, kind: str, viewer: Viewer) -> bool:
        row = self._regimes["counts_for"].get(kind, {})
        standing = row.get("standing")
        return (standing is None or standing in self.partners[viewer.kind]["standings"]) and (
            "partner" not in row or viewer.kind in row["partner"]
        )

    def live(self, spot: Spot, cell: Row) -> Lock:
        """Lock 1 of this field."""
        counting = [
            kind
            for kind in self.kinds(spot.viewer, spot.regime)
            if self._fits_group(kind, spot) and (not _is_article(kind) or self._reaches(kind, spot, cell))
        ]
        return {
            source: frozenset(kind for kind in counting if source in self._sources(kind, source))
            for source in SOURCE_KINDS
        }

    def _fits_group(self, kind: str, spot: Spot) -> bool:
        return spot.group in self._regimes["counts_for"].get(kind, {}).get("groups", (spot.group,))

    def _sources(self, kind: str, source: str) -> Container[str]:
        """The source kinds for whose records a basis counts; any, so this one, where the tables name none."""
        row = self._articles[kind] if _is_article(kind) else {}
        named: Container[str] = row.get("sources") or self._regimes["counts_for"].get(kind, {}).get("source", (source,))
        return named

    def _reaches(self, name: str, spot: Spot, cell: Row) -> bool:
        row = self._articles.get(name)
        if row is None or spot.viewer.kind not in row["receivers"]:
            return False
        if spot.key in row.get("fields", ()) or (spot.group in row["groups"] and "fields" not in row):
            return True
        ways = [way for way in cell["open"] if {"wvggz", "wzd"} & set(way["grounds"])]
        words = {ground for way in ways if "by" not in way for ground in way["grounds"]}
        by_name = {each for way in ways for each in way.get("by", ())}
        return bool(words & set(row["groups"]) or ({"wvggz", "wzd"} & set(row["groups"]) and name in by_name))

    def holds(self, way: Row, spot: Spot, lock: Lock) -> Held | None:
        """How an alternative can hold, from whatever source, with what is `live`; None where it cannot."""
        articles: set[str] = set()
        held = False
        for source, live in lock.items():
            found = [self._ground(ground, way, spot, source, live) for ground in way["grounds"]] if live else [None]
            if None not in found:
                held = True
                articles |= {name for names in found for name in names or ()}
        return Held(frozenset(articles)) if held else None

    def _ground(self, ground: str, way: Row, spot: Spot, source: str, live: frozenset[str]) -> Iterable[str] | None:
        """The articles by which a ground word holds (none for most); None where it cannot hold."""
        if ground in ("wvggz", "wzd"):
            return self._by_articles(way, spot, source, live) or None
        holds = {
            "eigen": False,
            "toest": True,
            "cvp": True,
            "457.2": self.care(spot.viewer) and source in self.care_kinds,
            "vitaal": self.care(spot.viewer),
            "wjsg": any(kind.startswith("wjsg") for kind in live),
        }
        return () if holds.get(ground, ground in live) else None

    def _by_articles(self, way: Row, spot: Spot, source: str, live: frozenset[str]) -> list[str]:
        words = self.tables["secrecy"]["by_source"][spot.word_row]
        word = words.get(source, words["*"])
        law = {"WV": "wv", "WZ": "wz"}.get(word, "w")
        return [name for name in live if _is_article(name) and name.startswith(law) and name in way.get("by", (name,))]


def _is_article(kind: str) -> bool:
    return kind[:2] in ("wv", "wz") and kind[2:].isdigit()
