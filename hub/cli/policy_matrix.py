"""`hub beleid matrix`: at most who may see what, at which level, on which ground."""

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from hub.cli.policy import add_policies, chosen_bundle
from hub.errors import ShapeError
from hub.policy.matrix import Matrix
from hub.policy.matrix_forms import Selection, as_csv, as_json
from hub.policy.matrix_page import Page

FORMS = ("markdown", "csv", "json")


def add_parser(acts: Any) -> None:
    """The options of `hub beleid matrix`."""
    parser = acts.add_parser("matrix", help="wie mag ten hoogste wat zien, op welk niveau en op welke grond")
    parser.add_argument("--partner", metavar="K", help="alleen dit soort partner, bijvoorbeeld politie")
    parser.add_argument("--doel", metavar="D", help="alleen dit doel, bijvoorbeeld D07")
    parser.add_argument("--regime", metavar="R", help="alleen dit regime, bijvoorbeeld wgs_zvh")
    parser.add_argument("--vorm", choices=FORMS, default="markdown", help="in welke vorm (anders markdown)")
    add_policies(parser)


def run(options: argparse.Namespace) -> int:
    """0: shown. Raises ShapeError for a partner, purpose or regime that the policy does not know."""
    matrix = Matrix(chosen_bundle(options))
    for line in _lines(matrix, _selection(matrix, options), options.vorm):
        print(line)
    return 0


def _lines(matrix: Matrix, selection: Selection, form: str) -> Iterator[str]:
    if form == "csv":
        return as_csv(matrix, selection)
    return as_json(matrix, selection) if form == "json" else Page(matrix, selection).lines()


def _selection(matrix: Matrix, options: argparse.Namespace) -> Selection:
    kinds = _chosen(options.partner, tuple(matrix.at_most.partners), "partner", "Dit soort partner")
    return Selection(
        viewers=[viewer for viewer in matrix.at_most.viewers if viewer.kind in kinds],
        purposes=_chosen(options.doel, matrix.purposes, "doel", "Dit doel"),
        regimes=_chosen(options.regime, matrix.regimes, "regime", "Dit regime"),
    )


def _chosen(word: str | None, known: Sequence[str], what: str, called: str) -> Sequence[str]:
    if word is None:
        return known
    if word not in known:
        raise ShapeError(f"{called} kent het beleid niet. Wel: {', '.join(known)}.", place=f"--{what}")
    return (word,)
