"""The matrix cell by cell, as CSV and JSON: one line a viewer, purpose, regime and field."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from hub.policy.at_most import Viewer
from hub.policy.matrix import Cell, Matrix


@dataclass(frozen=True)
class Selection:
    """Which part of the matrix is shown."""

    viewers: Sequence[Viewer]
    purposes: Sequence[str]
    regimes: Sequence[str]


COLUMNS: Final = (
    "partner",
    "in_dienst_van",
    "doel",
    "regime",
    "groep",
    "veld",
    "niveau",
    "gronden",
    "waarom_niet",
    "voorwaarden",
    "eigen_gegevens",
    "geheim",
)
NO_SECRECY: Final = "geen"


def spoken(cell: Cell) -> str:
    """The ways of a cell in the notation of the law tables: `vol@457.2/toest; sam@wvggz[wv30]`; empty where none."""
    by_level: dict[str, list[str]] = {}
    for way in cell.ways:
        articles = f"[{' '.join(way.articles)}]" if way.articles else ""
        asks = f"({way.asks})" if way.asks else ""
        by_level.setdefault(way.level, []).append("+".join(way.grounds) + articles + asks)
    return "; ".join(f"{level}@{'/'.join(grounds)}" if any(grounds) else level for level, grounds in by_level.items())


def lines(matrix: Matrix, selection: Selection) -> Iterator[dict[str, str]]:
    """Every cell of the selection, by viewer, purpose, regime and field."""
    for viewer in selection.viewers:
        for purpose in selection.purposes:
            for regime in selection.regimes:
                for key in sorted(matrix.fields, key=lambda key: (matrix.fields[key]["group"], key)):
                    yield _line(matrix, viewer, purpose, regime, key)


def _line(matrix: Matrix, viewer: Viewer, purpose: str, regime: str, key: str) -> dict[str, str]:
    cell, field = matrix.cell(viewer, purpose, regime, key), matrix.fields[key]
    return {
        "partner": viewer.kind,
        "in_dienst_van": viewer.employer,
        "doel": purpose,
        "regime": regime,
        "groep": field["group"],
        "veld": key,
        "niveau": cell.level,
        "gronden": spoken(cell),
        "waarom_niet": cell.code,
        "voorwaarden": " ".join(cell.conditions),
        "eigen_gegevens": cell.own if matrix.delivers(viewer, key) else "-",
        "geheim": "/".join(field["geheim"]) or NO_SECRECY,
    }


def as_csv(matrix: Matrix, selection: Selection) -> Iterator[str]:
    """Lines of CSV (RFC 4180 but for the line ends), the names of the columns first."""
    for row in chain((COLUMNS,), (line.values() for line in lines(matrix, selection))):
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow(row)
        yield written.getvalue()


def as_json(matrix: Matrix, selection: Selection) -> Iterator[str]:
    """One JSON document, a cell a line: `beleid` is the revision, `cellen` the lines of the CSV as objects."""
    yield f'{{"beleid": {json.dumps(matrix.revision)}, "cellen": ['
    before: str | None = None
    for line in lines(matrix, selection):
        if before is not None:
            yield before + ","
        before = json.dumps(line, ensure_ascii=False)
    yield from () if before is None else (before,)
    yield "]}"
