"""The matrix as a page (Markdown, in Dutch): for each kind of partner two tables, by purpose and by regime."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from hub.policy.at_most import CARE, Viewer
from hub.policy.matrix import Cell, Matrix, Way
from hub.policy.matrix_forms import Selection

LEVELS: Final = ("vol", "sam", "hit", "agg")
OWN, NEVER, SHUT, IDLE = "eigen", "nooit", "dicht", "–"
_FEW: Final = 4
"""So many fields of a group are named where the group is not of one piece; more of them are the rest of it."""
_NEVER_CODES: Final = frozenset({"E_NOOIT", "E_BSN", "E_MELDER"})

RULES: Final = {
    "part": "hoogstens `sam`",
    "triage": "in de fasen aangemeld en triage, als lid van de triagegroep",
    "own": "alleen wat hij zelf leverde",
    "support": "alleen G20 en G21",
    "houdt_toezicht": "als er een toezicht loopt",
    "crisis": "bij een crisismaatregel of een noodsituatie",
    "verstrekken": "alleen als een ander het hem stuurt",
    "named": "met een toestemming of noodsituatie die hem en het doel noemt",
    "verkennend_onderzoek": "bij een verkennend onderzoek (Wvggz)",
    "wzd_loopt": "als er een procedure van de Wzd loopt",
    "contactpunt": "als contactpunt",
}
"""Words of the table of who may act for which purpose; `yes` needs none."""

CONDITIONS: Final = {
    "houdt_toezicht": "er loopt een toezicht dat hij houdt",
    "detentie": "er is detentie, verlof of nazorg",
    "verstrekken": "alleen als een ander het hem stuurt, na een verklaring van geheimhouding",
    "deelnemer": "alleen als deelnemer",
    "ontvanger_melding": "alleen wie de melding kreeg",
    "eigen_financiering": "alleen wat hij zelf betaalt",
    "wmo_opdracht": "hij werkt in opdracht van het college",
    "zorgverantwoordelijke": "hij is zorgverantwoordelijke",
    "titel_of_afwezig": "de titel is actief, of de betrokkene is ongeoorloofd afwezig",
    "noemt_vrager": "alleen een toestemming of weigering die hem noemt",
    "tien_personen": "alleen in aantallen van tien personen of meer",
}
"""What a way can ask beside its ground."""

_HEAD: Final = """
# Zichtmatrix

Wie mag ten hoogste wat zien, op welk niveau en op welke grond. Deze pagina komt uit de tabellen van het beleid.
`hub beleid matrix` maakt haar; verander haar niet met de hand.

Geen feit opent meer dan hier staat. Vaak is het minder: de feiten moeten kloppen op het moment van vragen.

- De matrix gaat over gegevens van anderen. Wat een partner zelf leverde, ziet hij tot wat het doel nodig heeft.
- Wie een veld mag leveren, telt niet mee: dat staat in de catalogus.
- Slot 1 is meegeteld: er moet een grondslag kunnen zijn die in het regime telt.
- Slot 2 komt erbij: op een veld met BG, WV, WZ, WM of PW moet ook de geheimhouding zijn opgeheven. Een toestemming kan
  dat altijd. Een artikel, de eigen behandeling, een noodsituatie of goed hulpverlenerschap kan dat soms.
  Door de leverplicht van de Wgs gaan WV, WZ, WM en PW hoogstens als `sam` open.
- Kijken zorgaanbieders bij elkaar, dan is ook een toestemming voor uitwisseling nodig (Wabvpz 15a).
- In regime `toestemming` vraagt elk veld ook een toestemming.
- Een derde krijgt in `wgs_zvh` alleen wat een ander hem stuurt.
- Aan de betrokkene en het toezicht wordt geen regime gevraagd.
- Een casusregisseur heeft nooit meer dan wie hem in dienst heeft. `zorg` is: in dienst van een zorgaanbieder.
  `elders` zijn de anderen. Een werkgever als politie, corporatie of verzekeraar sluit nog meer.

| woord | betekenis |
|---|---|
| `vol` | het hele veld |
| `sam` | de samenvatting die de bron schreef |
| `hit` | alleen dat er iets is |
| `agg` | alleen in aantallen van tien personen of meer |
| `eigen` | alleen wat hij zelf leverde |
| `dicht` | geen grond opent dit voor deze partner |
| `–` | het doel heeft dit niet nodig |
| `nooit` | dicht, wat er ook is vastgelegd |

`+` is: beide nodig. `,` is: een van deze.
""".strip()


@dataclass(frozen=True)
class _Seen:
    """What the tables of a section say of a field."""

    group: str
    at_most: str
    by_purpose: tuple[str, ...]
    by_regime: tuple[str, ...]
    asked: tuple[str, ...]

    @property
    def highest(self) -> str:
        """The strongest of the words by purpose."""
        return _strongest(self.by_purpose)


class Page:
    """The page of one selection."""

    def __init__(self, matrix: Matrix, selection: Selection) -> None:
        self._matrix = matrix
        self._sections = [_Section(matrix, selection, viewer) for viewer in selection.viewers]

    def lines(self) -> Iterator[str]:
        """The page, a line at a time, without line ends."""
        yield from _HEAD.splitlines()
        yield from self._grounds()
        yield from self._overview()
        for section in self._sections:
            yield from section.lines()

    def _grounds(self) -> Iterator[str]:
        yield from ("", "## Gronden", "", "| grond | artikel |", "|---|---|")
        for word in self._matrix.ground_words:
            yield f"| `{word}` | {self._matrix.article(word)} |"

    def _overview(self) -> Iterator[str]:
        groups = tuple(self._matrix.groups)
        yield from ("", "## Overzicht", "")
        yield from ("Het hoogste niveau, over alle getoonde doelen en regimes en alle velden van een groep.", "")
        yield from _table_head("partner", groups)
        for section in self._sections:
            yield _row(section.title, (section.highest(group) for group in groups))
        yield ""
        for group, name in self._matrix.groups.items():
            keys = sorted(key for key, field in self._matrix.fields.items() if field["group"] == group)
            yield f"- {group} {name}: {', '.join(f'`{key}`' for key in keys)}"


class _Section:
    """What one viewer may see."""

    def __init__(self, matrix: Matrix, selection: Selection, viewer: Viewer) -> None:
        self._matrix, self._viewer = matrix, viewer
        self.title = str(viewer)
        self._may = [p for p in selection.purposes if matrix.rule(viewer, p) != "no"]
        # Of own data alone there is nothing to tell by field.
        self._purposes = [p for p in self._may if matrix.rule(viewer, p) != "own"]
        free = matrix.at_most.exempt(viewer, "")
        self._shown = [r for r in selection.regimes if not free and not matrix.at_most.outside(viewer, r)]
        self._outside = [r for r in selection.regimes if not free and r not in self._shown]
        self._regimes = selection.regimes

    def lines(self) -> Iterator[str]:
        """The section of the page."""
        yield from ("", f"## {self.title}", "")
        if not self._may:
            yield "Mag voor deze doelen niets vragen."
            return
        yield from self._intro()
        if self._open:
            yield from self._by_purpose()
            yield from self._by_regime()
            yield from self._asked()
        yield from self._closed()

    def highest(self, group: str) -> str:
        """The highest that any field of the group can give."""
        return _strongest(seen.highest for seen in self._rows if seen.group == group)

    @cached_property
    def _rows(self) -> dict[_Seen, list[str]]:
        """What is seen -> the fields of which that is so."""
        rows: dict[_Seen, list[str]] = {}
        for key in sorted(self._matrix.fields):
            rows.setdefault(self._seen(key), []).append(key)
        groups = list(self._matrix.groups)
        return dict(sorted(rows.items(), key=lambda row: (groups.index(row[0].group), -len(row[1]), row[1])))

    def _seen(self, key: str) -> _Seen:
        cells = {(p, r): self._matrix.cell(self._viewer, p, r, key) for p in self._purposes for r in self._regimes}
        delivers = self._matrix.delivers(self._viewer, key)

        def words(found: list[Cell]) -> str:
            return _strongest(_word(cell, delivers) for cell in found)

        by_regime = {r: [cell for (p, of), cell in cells.items() if of == r and p != "D10"] for r in self._shown}
        return _Seen(
            group=self._matrix.fields[key]["group"],
            at_most=_ways(cells.values()),
            by_purpose=tuple(words([cell for (of, _), cell in cells.items() if of == p]) for p in self._purposes),
            by_regime=tuple(_ways(found) or words(found) for found in by_regime.values()),
            asked=_asked(cells.values()),
        )

    @cached_property
    def _open(self) -> tuple[_Seen, ...]:
        return tuple(seen for seen in self._rows if seen.highest in (*LEVELS, OWN))

    def _name(self, seen: _Seen) -> str:
        """A group by its name where most of it is alike; else the fields by their keys, as far as they are few."""
        alike = [row for row in self._rows if row.group == seen.group]
        name, fields = self._matrix.groups[seen.group], self._rows[seen]
        if seen is alike[0] and len(alike) == 1:
            return f"{seen.group} {name}"
        if seen is alike[0] and len(fields) > _FEW:
            return f"{seen.group} {name}: de rest"
        return f"{seen.group} " + ", ".join(f"`{key}`" for key in fields)

    def _intro(self) -> Iterator[str]:
        rules = ((p, RULES.get(self._matrix.rule(self._viewer, p))) for p in self._may)
        yield "Doelen: " + ", ".join(f"{p} ({rule})" if rule else p for p, rule in rules) + "."
        if self._viewer.employer == CARE:
            yield "Kolom van de ggz, met G20 van de casusregisseur."
        if self._outside:
            yield "Buiten de regimes: " + ", ".join(f"`{regime}`" for regime in self._outside) + "."

    def _by_purpose(self) -> Iterator[str]:
        yield ""
        yield from _table_head("veld", ("ten hoogste", *self._purposes))
        for seen in self._open:
            yield _row(self._name(seen), (seen.at_most or OWN, *seen.by_purpose))

    def _by_regime(self) -> Iterator[str]:
        if not self._shown or set(self._purposes) <= {"D10"}:
            return
        yield ""
        yield from _table_head("veld", [f"`{regime}`" for regime in self._shown])
        for seen in self._open:
            yield _row(self._name(seen), seen.by_regime)

    def _asked(self) -> Iterator[str]:
        """What the ways ask beside their ground, and of which fields."""
        asked: dict[str, list[str]] = {}
        for seen in self._open:
            for words in seen.asked:
                asked.setdefault(words, []).append(self._name(seen))
        if asked:
            yield ""
        for words, names in asked.items():
            yield f"- Voorwaarde: {words} ({'alles' if len(names) == len(self._open) else '; '.join(names)})."

    def _closed(self) -> Iterator[str]:
        """Fields without anything, with the word for it."""
        for word, words in _CLOSED.items():
            names = [self._name(seen) for seen in self._rows if self._purposes and seen.highest == word]
            if names:
                yield from ("", f"{words}: {'; '.join(names)}.")


_CLOSED: Final = {NEVER: "Nooit", SHUT: "Dicht", IDLE: "Voor deze doelen niet nodig"}
_ORDER: Final = (*LEVELS, OWN, SHUT, IDLE, NEVER)


def _strongest(words: Iterable[str]) -> str:
    return min(words, key=_ORDER.index, default=IDLE)


def _word(cell: Cell, delivers: bool) -> str:
    if cell.ways:
        return cell.level
    if cell.own != "-" and delivers:
        return OWN
    if cell.code in _NEVER_CODES:
        return NEVER
    return IDLE if cell.code == "E_NIET_NODIG" else SHUT


def _asked(cells: Iterable[Cell]) -> tuple[str, ...]:
    found = [cell for cell in cells if cell.ways]
    of_cells = (CONDITIONS[word] for cell in found for word in cell.conditions if word in CONDITIONS)
    of_ways = (
        f"bij {'+'.join(way.grounds)}: {CONDITIONS[way.asks]}" for cell in found for way in cell.ways if way.asks
    )
    return tuple(dict.fromkeys((*of_cells, *of_ways)))


def _ways(cells: Iterable[Cell]) -> str:
    """Grounds with the highest level that each gives: `vol: 457.2, toest; sam: wgs`."""
    highest: dict[tuple[str, ...], Way] = {}
    for way in (way for cell in cells for way in cell.ways):
        known = highest.get(way.grounds)
        if known is None or LEVELS.index(way.level) < LEVELS.index(known.level):
            highest[way.grounds] = way
    parts = []
    for level in LEVELS:
        words = ["+".join(grounds) for grounds, way in highest.items() if way.level == level]
        if words:
            parts.append(f"{level}: {', '.join(words)}" if any(words) else level)
    return "; ".join(parts)


def _table_head(first: str, columns: Sequence[str]) -> tuple[str, str]:
    return _row(first, columns), "|---" * (len(columns) + 1) + "|"


def _row(first: str, cells: Iterable[str]) -> str:
    return f"| {first} | " + " | ".join(cells) + " |"
