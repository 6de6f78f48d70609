"""At most who may see what: need (4.1), ceiling (4.2-4.5), what is never given (4.6) and the limits of the regimes.

A cell holds for every document of facts: none opens more, whoever is the source. It speaks of data of others; own data
skip the ceiling, and `own` says how high they go. Lock 2 is in no cell: a consent can lift any secrecy, so it lowers no level.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from hub.model.partner import SUPPLY_KINDS
from hub.pdp.bundle import Bundle
from hub.policy.at_most import CARE, AtMost, Lock, Row, Spot, Viewer

NONE = "-"
_SHUT: Row = {"open": []}
_ELIGIBLE_WHEN = frozenset(
    {"triage", "houdt_toezicht", "crisis", "verstrekken", "named", "verkennend_onderzoek", "wzd_loopt"}
)
"""Words of the table of who may act that ask a fact."""
_ASKED = ("relation", "person", "record")
"""What a condition of a cell can ask, beside fields and purposes."""


@dataclass(frozen=True)
class Way:
    """One way to a field: the level it gives, the ground words that must all hold, and what else is asked.

    `articles`: of the Wvggz and Wzd, of which one must hold. `asks`: a relation of the partner.
    """

    level: str
    grounds: tuple[str, ...]
    articles: tuple[str, ...] = ()
    asks: str = ""


@dataclass(frozen=True)
class Cell:
    """What a viewer may see of a field at most, for a purpose in a regime.

    `level`: hit, sam, vol, agg or `-`. `ways`: highest first. `code`: why nothing, empty where there is a way.
    `own`: the level of what the viewer supplied itself. `conditions`: facts that every way asks.
    """

    level: str = NONE
    ways: tuple[Way, ...] = ()
    code: str = ""
    own: str = NONE
    conditions: tuple[str, ...] = ()


class Matrix:
    """The matrix of one policy, a cell at a time."""

    def __init__(self, bundle: Bundle) -> None:
        hub = bundle.reference["hub"]
        self.revision = bundle.revision
        self.at_most = AtMost(hub)
        self._tables: Row = hub["tables"]
        self.fields: Row = hub["catalog"]["fields"]
        self.groups: Row = hub["catalog"]["groups"]
        self._rank: Mapping[str, int] = self._tables["need"]["rank"]
        self._cells: dict[tuple[Viewer, str], Row] = {}
        self._found: dict[tuple[Spot, int], tuple[tuple[Way, ...], bool]] = {}

    @cached_property
    def purposes(self) -> tuple[str, ...]:
        """D01 to D12."""
        return tuple(sorted(self._tables["need"]["levels"]))

    @cached_property
    def regimes(self) -> tuple[str, ...]:
        """In the order of the table."""
        return tuple(self._tables["regimes"]["rows"])

    @cached_property
    def ground_words(self) -> tuple[str, ...]:
        """The ground words of the ceilings, and that of D10, each once."""
        columns = self._tables["ceiling"]["columns"].values()
        parts = (
            part for cells in columns for cell in cells.values() for part in (cell, *cell.get("fields", {}).values())
        )
        words = {word for part in parts for way in part["open"] for word in way["grounds"]}
        return tuple(sorted((words - {"eigen"}) | set(self._tables["regimes"]["any"]["D10"])))

    def article(self, word: str) -> str:
        """The article behind a ground word; `wjsg` alone is any article of that law."""
        return str(self._tables["bases"]["rows"].get(word, {"article": "Wjsg"})["article"])

    def rule(self, viewer: Viewer, purpose: str) -> str:
        """The word of the table of who may act for which purpose; `no`: he may not (R02)."""
        word: str = self._tables["eligibility"]["rows"][viewer.kind][purpose]["rule"]
        return word

    def delivers(self, viewer: Viewer, key: str) -> bool:
        """The viewer is a source of this field, or can be by his employer (never as police or justice; R12, R13)."""
        kinds = {viewer.kind}
        if viewer.employer:
            care = self.at_most.care_kinds
            kinds |= care if viewer.employer == CARE else set(self.at_most.partners) - care - SUPPLY_KINDS
        return bool(kinds & set(self.fields[key]["sources"]))

    def cell(self, viewer: Viewer, purpose: str, regime: str, key: str) -> Cell:
        """The cell of one field."""
        code = "E_DOEL" if self.rule(viewer, purpose) == "no" else self._barred(viewer, purpose, regime, key)
        if code:
            return Cell(code=code)
        if purpose == "D10":
            return Cell("agg", (Way("agg", ("wg27",)),), conditions=("tien_personen",))
        conditions = self._conditions(viewer, purpose, regime, key)
        own = self._most(purpose, viewer, "vol", key) if self._held(viewer, regime, key)[1] else NONE
        if self.rule(viewer, purpose) == "own":
            return Cell(code="E_DOEL", own=own, conditions=conditions)
        found, code = self._ways(viewer, purpose, regime, key)
        ways = sorted(found, key=lambda way: -self._rank[way.level])
        return Cell(ways[0].level if ways else NONE, tuple(ways), code, own, conditions)

    # ---- what shuts a field, own data too ----

    def _barred(self, viewer: Viewer, purpose: str, regime: str, key: str) -> str:
        group = self.fields[key]["group"]
        return next(
            (
                code
                for code, shut in (
                    ("E_NOOIT", self._never(viewer, key)),
                    ("E_BSN", key == "bsn" and not self._may_have_bsn(viewer)),
                    ("E_MELDER", key == "melder_gegevens" and viewer.kind == "betrokkene"),
                    ("E_DOEL", self.rule(viewer, purpose) == "support" and group not in ("G20", "G21")),
                    ("E_NIET_NODIG", self._tables["need"]["levels"][purpose][group] == NONE),
                )
                if shut
            ),
            self._barred_by_regime(viewer, purpose, regime, group),
        )

    def _barred_by_regime(self, viewer: Viewer, purpose: str, regime: str, group: str) -> str:
        if self.at_most.exempt(viewer, purpose):
            return ""
        if self.at_most.outside(viewer, regime) or self.at_most.foreign(viewer, regime, group):
            return "E_REGIME"
        return "E_PLAFOND" if self.at_most.shut(regime, group) else ""

    def _never(self, viewer: Viewer, key: str) -> bool:
        """R09-R11; the employer of a casusregisseur elsewhere may shut more than is told here."""
        group = self.fields[key]["group"]
        return any(
            viewer.kind in rule["acts_as"]
            and ((group in rule["groups"] and key not in rule["but"]) or key in rule["fields"])
            for rule in self._tables["overrides"]["never"]
        )

    def _may_have_bsn(self, viewer: Viewer) -> bool:
        word = self.at_most.partners[viewer.kind]["bsn"]
        return bool(viewer.kind == "betrokkene" or word != "never")

    # ---- ceiling and need ----

    def ceiling(self, viewer: Viewer, key: str) -> Row:
        """The cell of 4.2-4.5 that a field follows: one that names it, its own group's first; else its group's."""
        if (viewer, key) not in self._cells:
            group = self.fields[key]["group"]
            cells = self._tables["ceiling"]["columns"].get(self.at_most.column(viewer, group), {})
            own = cells.get(group, _SHUT)
            named = (cell["fields"][key] for cell in (own, *cells.values()) if key in cell.get("fields", {}))
            self._cells[viewer, key] = next(named, own)
        return self._cells[viewer, key]

    def ceiling_ways(self, viewer: Viewer, regime: str, key: str) -> tuple[Way, ...]:
        """The ways that the ceiling alone leaves in a regime, whatever the purpose."""
        return self._held(viewer, regime, key)[0]

    def _conditions(self, viewer: Viewer, purpose: str, regime: str, key: str) -> tuple[str, ...]:
        """Facts that every way to the field asks, beside the ground and the papers in order."""
        rule, partners = self.rule(viewer, purpose), self._tables["partners"]
        task = partners["running_task"].get(viewer.kind)
        of_cell = [
            self._tables["ceiling"]["conditions"][id_] for id_ in self.ceiling(viewer, key).get("conditions", ())
        ]
        asked = (
            (rule, rule in _ELIGIBLE_WHEN),
            (task, task is not None and purpose not in ("D01", "D11")),
            ("verstrekken", regime == "wgs_zvh" and self.at_most.partners[viewer.kind]["standings"] == ["derde"]),
            ("deelnemer", key == "bsn" and self.at_most.partners[viewer.kind]["bsn"] == "deelnemer"),
            ("ontvanger_melding", key == "melder_gegevens"),
            ("eigen_financiering", self.at_most.partners[viewer.kind]["insurer"]),
            *((word, True) for row in of_cell for part in _ASKED if (word := row.get(part))),
        )
        return tuple(dict.fromkeys(word for word, stands in asked if stands and word))

    def _ways(self, viewer: Viewer, purpose: str, regime: str, key: str) -> tuple[list[Way], str]:
        cell = self.ceiling(viewer, key)
        if not cell["open"] or any(self._fails(id_, purpose, key) for id_ in cell.get("conditions", ())):
            return [], "E_PLAFOND"
        found = self.ceiling_ways(viewer, regime, key)
        ways = [Way(self._most(purpose, viewer, way.level, key), way.grounds, way.articles, way.asks) for way in found]
        return list(dict.fromkeys(ways)), "" if ways else "E_GRONDSLAG"

    def _fails(self, id_: str, purpose: str, key: str) -> bool:
        condition = self._tables["ceiling"]["conditions"][id_]
        return key not in condition.get("fields", (key,)) or purpose not in condition.get("purposes", (purpose,))

    def _most(self, purpose: str, viewer: Viewer, level: str, key: str) -> str:
        need = self._tables["need"]["levels"][purpose][self.fields[key]["group"]]
        part = "sam" if self.rule(viewer, purpose) == "part" else "vol"
        lowest: str = min(level, need, part, key=lambda each: self._rank[each])
        return lowest

    # ---- what can hold in a regime; the same for fields that share cell, group and secrecy ----

    @cached_property
    def _by_name(self) -> frozenset[str]:
        """Fields that an article names."""
        return frozenset(key for row in self._tables["articles"]["rows"].values() for key in row.get("fields", ()))

    def _spot(self, viewer: Viewer, regime: str, key: str) -> Spot:
        field = self.fields[key]
        return Spot(viewer, regime, key if key in self._by_name else "", field["group"], field["secrecy_row"])

    def _held(self, viewer: Viewer, regime: str, key: str) -> tuple[tuple[Way, ...], bool]:
        """Ways that can hold in the regime, and whether a basis counts for what the viewer supplied itself."""
        spot, cell = self._spot(viewer, regime, key), self.ceiling(viewer, key)
        if (spot, id(cell)) not in self._found:
            lock = self.at_most.live(spot, cell)
            self._found[spot, id(cell)] = tuple(self._holding(spot, cell, lock)), bool(lock[viewer.kind])
        return self._found[spot, id(cell)]

    def _holding(self, spot: Spot, cell: Row, lock: Lock) -> Iterable[Way]:
        for way in cell["open"]:
            held = self.at_most.holds(way, spot, lock)
            if held is not None:
                asks = way.get("relation", self._on_assignment(spot.viewer, way))
                yield Way(way["level"], tuple(way["grounds"]), tuple(sorted(held.articles)), asks)

    def _on_assignment(self, viewer: Viewer, way: Row) -> str:
        """C2: by the ground wgs only on assignment of the college."""
        bound = self._tables["regimes"]["rows"]["wgs_zvh"]["wgs_with_wmo_opdracht"]
        return "wmo_opdracht" if "wgs" in way["grounds"] and viewer.kind in bound else ""
