"""The comparison in Dutch words, and as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from hub.model.casus import Regime
from hub.model.purpose import PURPOSES
from hub.policy.compare.changes import CellChange, RuleChange
from hub.policy.compare.facts import FIXED, moment_of
from hub.policy.compare.merging import Line
from hub.policy.compare.outcome import WHOLE
from hub.policy.compare.situations import PAIRS, Space

_MOST: Final = 200
"""Lines that are shown as text; JSON has them all."""
_NAMED: Final = 6
"""Words of one kind that a line names."""
_SENTENCES: Final = {
    "niveau": "{fields} van {old} naar {new}",
    "beslissing": "de hele beslissing van {old} naar {new}",
    "reden": "{fields}: als reden vervalt {old} en komt erbij {new}",
    "artikel": "het artikel bij {old} wordt {new}",
    "geheimhouding": "{fields}: de geheimhouding wijkt door {new} in plaats van {old}",
    "grondslag": "{fields}: de grondslag is {new} in plaats van {old}",
    "verplichting": "vervalt als verplichting: {old}; komt erbij: {new}",
    "verbergen": "de casus verborgen houden: van {old} naar {new}",
    "geldig tot": "de beslissing geldt tot {new} in plaats van {old}",
}


@dataclass(frozen=True)
class Report:
    """All that is to be told of one comparison.

    `idle`: changes of which the situations that differ show no effect; `unknown`: those that were not worked out.
    """

    old: str
    new: str
    space: Space
    decided: int
    differing: int
    lines: tuple[Line, ...]
    rules: tuple[RuleChange, ...]
    cells: tuple[CellChange, ...]
    idle: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        """No situation is decided otherwise."""
        return not self.lines

    @property
    def same_policy(self) -> bool:
        """Nothing differs, not even in the text."""
        return not (self.rules or self.cells)


def told(report: Report) -> list[str]:
    """The report as lines of text."""
    return [*_head(report), "", *_answer(report), "", *_texts(report), "", *_held(report)]


def document(report: Report) -> dict[str, Any]:
    """The report as a JSON document."""
    return {
        "oud": report.old,
        "nieuw": report.new,
        "situaties": len(report.space.situations),
        "beslist": report.decided,
        "anders": report.differing,
        "verschillen": [_row(line) for line in report.lines],
        "regels": [{"bestand": one.file, "regel": one.rule, "alleen_toelichting": one.comment} for one in report.rules],
        "tabellen": [{"plaats": "/".join(one.path), "oud": one.old, "nieuw": one.new} for one in report.cells],
        "zonder_gevolg": list(report.idle),
        "niet_uitgezocht": list(report.unknown),
        "opmerkingen": list(report.notes),
        "vastgehouden": [*FIXED, *_not_looked_at(report)],
    }


def sentence(line: Line) -> str:
    """One difference, as a reader would say it."""
    fields = _list([f"`{one}`" if one != WHOLE else "de hele vraag" for one in sorted(line.fields)])
    what = _SENTENCES[line.change.what].format(fields=fields, old=line.change.old, new=line.change.new)
    source = f" (bron: {line.change.source})" if line.change.source else ""
    where = ", ".join((_list(sorted(line.actors)), _all(line.purposes, PURPOSES, "elk doel"), _regimes(line.regimes)))
    conditions = sorted(line.otherwise - {""})
    # What holds in order as well needs no conditions.
    if_words = f", als {_list(conditions, 'of')}" if conditions and "" not in line.otherwise else ""
    return f"{where}: {what}{source} op {_list(sorted(line.grounds), 'of')}{if_words}"


def _head(report: Report) -> list[str]:
    return [
        f"Oud:   {report.old}",
        f"Nieuw: {report.new}",
        f"{_number(len(report.space.situations))} situaties van {_number(len(report.space.laws.sources))} velden; "
        f"{_number(report.decided)} met eigen feiten zijn door beide beslist.",
        *(f"Let op: {note}" for note in report.notes),
    ]


def _answer(report: Report) -> list[str]:
    if report.same_policy and report.equal:
        return ["Het beleid is gelijk: geen regel, geen tabel en geen beslissing verschilt."]
    if report.equal:
        return ["Regels of tabellen verschillen, maar geen situatie wordt anders beslist."]
    shown = [f"- {sentence(line)}" for line in report.lines[:_MOST]]
    rest = len(report.lines) - len(shown)
    more = [f"Nog {_number(rest)} regels: --vorm json geeft ze alle."] if rest > 0 else []
    return [
        f"Anders beslist: {_number(report.differing)} situaties, samen {len(report.lines)} verschillen.",
        *shown,
        *more,
    ]


def _texts(report: Report) -> list[str]:
    found = []
    if report.rules:
        found += ["Regels die verschillen:", *(f"- {one.words}" for one in report.rules)]
    if report.cells:
        found += ["Cellen die verschillen:", *(f"- {one.words}" for one in report.cells)]
    if report.idle:
        found += ["Zonder gevolg, in elke situatie die is nagegaan:", *(f"- {one}" for one in report.idle)]
    if report.unknown:
        found += ["Niet apart uitgezocht:", *(f"- {one}" for one in report.unknown)]
    return found or ["Regels en tabellen zijn gelijk."]


def _held(report: Report) -> list[str]:
    return ["Vastgehouden, tenzij er iets anders staat:", *(f"- {one}" for one in (*FIXED, *_not_looked_at(report)))]


def _not_looked_at(report: Report) -> list[str]:
    limits = [
        f"alleen de partner {_list(sorted(report.space.kinds))}" if report.space.kinds else "",
        f"alleen het doel {_list(sorted(report.space.purposes))}" if report.space.purposes else "",
    ]
    return [
        f"het moment: {moment_of(report.space.laws):%Y-%m-%d %H:%M} UTC",
        "afwijkingen een voor een, en niet bij elk doel en elk regime; "
        f"twee tegelijk alleen in een vaste trekking van hoogstens {_number(PAIRS)}",
        *(limit for limit in limits if limit),
    ]


def _row(line: Line) -> dict[str, Any]:
    return {
        "wat": line.change.what,
        "oud": line.change.old,
        "nieuw": line.change.new,
        "bron": line.change.source or None,
        "velden": sorted(line.fields),
        "partners": sorted(line.actors),
        "doelen": sorted(line.purposes),
        "regimes": sorted(line.regimes),
        "gronden": sorted(line.grounds),
        "als": sorted(line.otherwise - {""}) if "" not in line.otherwise else [],
        "zin": sentence(line),
    }


def _regimes(regimes: frozenset[str]) -> str:
    return _all(regimes, tuple(map(str, Regime)), "elk regime")


def _all(words: frozenset[str], every: Iterable[str], name: str) -> str:
    return name if words >= set(every) else _list(sorted(words))


def _list(words: list[str], last: str = "en") -> str:
    if len(words) > _NAMED + 1:
        return f"{', '.join(words[:_NAMED])} {last} {len(words) - _NAMED} andere"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
