"""The comparison in Dutch words, and as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from hub.policy.compare.changes import CellChange, RuleChange
from hub.policy.compare.facts import FIXED, moment_of
from hub.policy.compare.merging import Line, reasons_at_large
from hub.policy.compare.outcome import LEVEL, NONE
from hub.policy.compare.sharing import Share
from hub.policy.compare.situations import PAIRS, Space
from hub.policy.compare.wording import listed, rows, sentence

_MOST: Final = 200
"""Differences that are shown as text, unless all are asked for; JSON has them all."""
_RANK: Final = {NONE: 0, "agg": 1, "hit": 1, "sam": 2, "vol": 3}
_OWN: Final = frozenset({"eigen"})


@dataclass(frozen=True)
class Report:
    """All that is to be told of one comparison.

    `shares`: the levels that differ where all is in order, by the change that moves them. `idle`: changes of which the
    situations that differ show no effect; `unknown`: those that were not worked out.
    """

    old: str
    new: str
    space: Space
    decided: int
    differing: int
    lines: tuple[Line, ...]
    rules: tuple[RuleChange, ...]
    cells: tuple[CellChange, ...]
    shares: tuple[Share, ...] = ()
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


def told(report: Report, *, every: bool = False) -> list[str]:
    """The report as lines of text. `every`: the differences too that only say again, of fields that stand there, what
    else they rest on."""
    return [*_head(report), "", *_answer(report, every=every), "", *_texts(report), "", *_held(report)]


def document(report: Report) -> dict[str, Any]:
    """The report as a JSON document."""
    return {
        "oud": report.old,
        "nieuw": report.new,
        "situaties": len(report.space.situations),
        "beslist": report.decided,
        "anders": report.differing,
        "verschillen": [_row(line, report) for line in report.lines],
        "per_verandering": [
            {"verandering": list(one.words), "verschillen": [_row(line, report) for line in one.lines]}
            for one in report.shares
        ],
        "regels": [{"bestand": one.file, "regel": one.rule, "alleen_toelichting": one.comment} for one in report.rules],
        "tabellen": [{"plaats": "/".join(one.path), "oud": one.old, "nieuw": one.new} for one in report.cells],
        "zonder_gevolg": list(report.idle),
        "niet_uitgezocht": list(report.unknown),
        "opmerkingen": list(report.notes),
        "vastgehouden": [*FIXED, *_not_looked_at(report)],
    }


def _head(report: Report) -> list[str]:
    return [
        f"Oud:   {report.old}",
        f"Nieuw: {report.new}",
        f"{_number(len(report.space.situations))} situaties van {_number(len(report.space.laws.sources))} velden; "
        f"{_number(report.decided)} met eigen feiten zijn door beide beslist.",
        *(f"Let op: {note}" for note in report.notes),
    ]


def _answer(report: Report, *, every: bool) -> list[str]:
    if report.same_policy and report.equal:
        return ["Het beleid is gelijk: geen regel, geen tabel en geen beslissing verschilt."]
    if report.equal:
        return ["Regels of tabellen verschillen, maar geen situatie wordt anders beslist."]
    shown = list(_shares(report, every=every))
    plain, odd = ([line for line in report.lines if ("" in line.otherwise) == in_order] for in_order in (True, False))
    other = [line for line in plain if line.change.what != LEVEL]
    at_large = other if every else reasons_at_large(other)
    covered = set() if every else _covered(plain, odd)
    left = [line for line in odd if line not in covered]
    for title, part in (
        ("En verder, als alles in orde is:", at_large),
        ("Als er iets anders is dan in orde:", left),
    ):
        if part:
            shown += ["", title, *_rows(part, report, every=every)]
    return [
        f"Anders beslist: {_number(report.differing)} situaties, samen {_counted(len(report.lines))}.",
        *shown,
        *_left_out(len(covered), at_large=len(at_large) < len(other)),
    ]


def _left_out(covered: int, *, at_large: bool) -> Iterator[str]:
    if covered or at_large:
        yield ""
    if covered:
        yield (
            f"Niet getoond: {_counted(covered)} van velden die hierboven staan, op ten hoogste hetzelfde niveau, "
            "als er iets anders is dan in orde. Zie --alles."
        )
    if at_large:
        yield "Bij de hele vraag staan hier geen regimes en gronden. Zie --alles."


def _shares(report: Report, *, every: bool) -> Iterator[str]:
    """Levels where all is in order, by change: of data of others first, then of what the asker itself delivered."""
    for share in report.shares:
        yield ""
        if share.words:
            yield from (f"Door {words}" for words in share.words)
        elif len(report.shares) > 1:
            yield "Niet door één verandering, of niet apart uitgezocht:"
        others = [line for line in share.lines if not _own(line)]
        own = [line for line in share.lines if _own(line)]
        yield from _rows(others, report, every=every)
        if own:
            yield "Wat hij zelf leverde (daar geldt geen plafond voor):"
            yield from _rows(own, report, every=every)


def _rows(lines: list[Line], report: Report, *, every: bool) -> Iterator[str]:
    most = None if every else _MOST
    for line in islice(lines, most):
        yield from rows(line, report.space.laws.grouped, every=every)
    if most is not None and len(lines) > most:
        yield f"Nog {_counted(len(lines) - most)}: zie --alles of --vorm json."


def _covered(plain: list[Line], odd: list[Line]) -> set[Line]:
    """Levels that differ where something is not in order, of fields of which as much differs there in order already."""
    levels = [line for line in plain if line.change.what == LEVEL]
    return {
        line
        for line in odd
        if line.change.what == LEVEL
        and line.fields <= {field for one in levels if _covers(one, line) for field in one.fields}
    }


def _covers(plain: Line, odd: Line) -> bool:
    """For the same askers on the same grounds, of data of the same kind, and no smaller a step."""
    was, to, step = (_RANK[level] for level in (plain.change.old, plain.change.new, odd.change.new))
    return (
        plain.change.old == odd.change.old
        and min(was, to) <= step <= max(was, to)
        and _own(plain) == _own(odd)
        and (not plain.change.source or _kinds(odd) <= _kinds(plain) - {""})
        and all(getattr(odd, axis) <= getattr(plain, axis) for axis in ("actors", "purposes", "regimes", "grounds"))
    )


def _kinds(line: Line) -> set[str]:
    """Of the sources that are meant; empty text for all."""
    return set(line.change.source.split(", "))


def _own(line: Line) -> bool:
    """Of what the asker itself delivered."""
    return line.grounds == _OWN or frozenset({line.change.source}) == line.actors


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
        f"alleen de partner {listed(sorted(report.space.kinds))}" if report.space.kinds else "",
        f"alleen het doel {listed(sorted(report.space.purposes))}" if report.space.purposes else "",
    ]
    return [
        f"het moment: {moment_of(report.space.laws):%Y-%m-%d %H:%M} UTC",
        "afwijkingen een voor een, en niet bij elk doel en elk regime; "
        f"twee tegelijk alleen in een vaste trekking van hoogstens {_number(PAIRS)}",
        *(limit for limit in limits if limit),
    ]


def _row(line: Line, report: Report) -> dict[str, Any]:
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
        "zin": sentence(line, report.space.laws.grouped),
    }


def _counted(differences: int) -> str:
    return "1 verschil" if differences == 1 else f"{_number(differences)} verschillen"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
