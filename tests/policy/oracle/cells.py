"""Reading a cell of the ceilings: alternatives in order, the cell that a field follows, and the cell's conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tests.policy.oracle.case import Case
from tests.policy.reading.catalogue import CARE_KINDS, Field
from tests.policy.reading.ceilings import CARE, JUSTICE
from tests.policy.reading.ceilings_local import CONDITIONS, LOCAL, OTHER

COLUMNS: dict[str, dict[str, Mapping[str, str]]] = {
    name: {group: {"rest": cell} if isinstance(cell, str) else cell for group, cell in column.items()}
    for name, column in (CARE | JUSTICE | LOCAL | OTHER).items()
}
"""Column -> group -> field -> text of its cell, and `rest` for the fields that are not named."""
VITAAL_GROUPS = frozenset({"G04", "G05", "G06", "G07", "G08", "G09", "G18"})


@dataclass(frozen=True)
class Alternative:
    """One way to open a cell: a level, the ground words that must all hold, and the articles it is limited to."""

    level: str
    words: tuple[str, ...] = ()
    articles: frozenset[str] = frozenset()


@cache
def parse(cell: str) -> tuple[Alternative, ...]:
    """The alternatives of a cell's text; `-` has none."""
    found: list[Alternative] = []
    for part in [] if cell == "-" else cell.split(";"):
        level, _, grounds = part.strip().partition("@")
        for ground in grounds.split("/"):
            words, _, articles = ground.partition("[")
            limited = frozenset(articles.rstrip("]").split())
            found.append(Alternative(level, tuple(filter(None, words.split("+"))), limited))
    return tuple(found)


def cell_of(column: str, field: Field) -> tuple[str, str] | None:
    """(text, group) of the cell that a field follows; None for G21 without a row."""
    table = COLUMNS[column]
    if field.group not in table:
        return None
    for group in (field.group, *sorted(table)):
        text = table[group].get(field.key)
        if text is not None:
            return text, group
    return table[field.group]["rest"], field.group


def alternatives(case: Case, field: Field) -> tuple[Alternative, ...]:
    """The alternatives of the asker's cell, with `vitaal` last in care columns."""
    column = case.column(field.group)
    found = cell_of(column, field)
    if found is None or case.without_authority:
        return ()
    alts = parse(found[0])
    if alts and column in CARE_KINDS and found[1] in VITAAL_GROUPS:
        alts += (Alternative("vol", ("vitaal",)),)
    return alts


def column_words(case: Case, field: Field, article: str) -> set[str]:
    """Ground words of the cell that this article can open."""
    return {
        word
        for alternative in alternatives(case, field)
        for word in alternative.words
        if not alternative.articles or article in alternative.articles
    }


def condition_fails(case: Case, field: Field) -> str | None:
    """What the failing condition of the cell is about: field, record (a status of the person), or None."""
    column = case.column(field.group)
    found = cell_of(column, field)
    conditions = CONDITIONS.get((column, found[1]), {}) if found else {}
    asked = {
        "fields": lambda words: field.key in words,
        "purposes": lambda words: case.purpose in words,
        "relation": lambda words: case.related(words[0]),
    }
    if any(name in asked and not asked[name](words) for name, words in conditions.items()):
        return "field"
    if "status" in conditions:
        runs = case.casus["wvggz_status"] == "titel_actief" or case.casus["unauthorised_absence"] is True
        return None if runs else "record"
    return None
