"""Every cell of the policy's tables against the second reading of the law, and every cell of the reading against them.

Each table is brought into one plain form on both sides and compared whole, so that a cell that only one side has fails.
What is only said for people (law texts, standards, approval) is left out by name.
"""

import re
from collections.abc import Mapping

import pytest

from hub.pdp import codes
from hub.pdp.bundle import default_directory
from tests.policy.oracle.cells import COLUMNS, VITAAL_GROUPS, Alternative, parse
from tests.policy.oracle.secrecy import word_of
from tests.policy.policy_tables import GROUPS, Row, table
from tests.policy.reading.catalogue import CARE_KINDS, EXTENDED, FIELDS, GROUP_NAMES, LIFTED_ITEMS
from tests.policy.reading.ceilings_local import CONDITIONS, VIA_PROVIDER
from tests.policy.reading.purposes import ELIGIBLE, NEED, PURPOSES
from tests.policy.reading.regimes import (
    FIRST_WORDS,
    LIFTED,
    LOCKED_WORDS,
)
from tests.policy.reading.sources import kinds_of


def test_every_table_is_read() -> None:
    places = {path.parent.name for path in default_directory().rglob("data.json")}
    read = {"catalog", "need", "eligibility", "ceiling", "regimes", "articles", "secrecy", "partners", "overrides"}
    # What is only looked up by name: words for people, and the law behind a code.
    spoken = {"purposes", "codes", "bases"}
    assert places == read | spoken | {"obligations"}


# ---- the catalogue (section 3) ----


def test_the_catalogue_has_the_fields_of_the_law() -> None:
    rows = table("catalog")["fields"]
    ours = {
        key: (
            field.group,
            {c.strip("*") for c in field.categories},
            "*" in "".join(field.categories),
            key not in EXTENDED,
        )
        for key, field in FIELDS.items()
    }
    theirs = {key: (row["group"], set(row["cat"]), row["star"], row["core"]) for key, row in rows.items()}
    assert theirs == ours
    assert table("catalog")["groups"] == GROUP_NAMES
    assert {key for key, row in rows.items() if row["lifted"]} == LIFTED_ITEMS


def test_the_secrecy_words_and_sources_of_the_catalogue_are_those_of_the_law() -> None:
    def words(secrecy: str) -> list[str]:
        return [] if secrecy == "-" else secrecy.replace(" ", "_").split("/")

    rows = table("catalog")["fields"]
    assert {key: row["geheim"] for key, row in rows.items()} == {k: words(f.secrecy) for k, f in FIELDS.items()}
    assert {key: row["read"]["source"] for key, row in rows.items()} == {k: f.source for k, f in FIELDS.items()}


def test_what_was_read_is_what_the_columns_became() -> None:
    for key, row in table("catalog")["fields"].items():
        read, field = row["read"], FIELDS[key]
        assert set(re.findall(r"[GZSB]\*?", read["cat"])) == field.categories, key
        secrecy = read["geheim"].removesuffix(" (lifted item)").removesuffix(" + regeling 1995")
        assert ("WG" if secrecy == "idem" else secrecy) == field.secrecy, key
        assert set(row["sources"]) == kinds_of(field.source), key


def test_the_absent_groups_hold_no_field_of_the_catalogue() -> None:
    absent = table("catalog")["absent"]
    assert len(absent) == 11
    parts = [part for row in absent for part in row["keys"]]
    assert all(row["keys"] for row in absent)
    assert not [key for key in FIELDS for part in parts if part in key]


@pytest.mark.parametrize("kind", sorted(codes.SOURCE_KINDS))
def test_each_field_has_the_same_secrecy_from_each_source(kind: str) -> None:
    by_source = table("secrecy")["by_source"]
    rows = {key: by_source[row["secrecy_row"]] for key, row in table("catalog")["fields"].items()}
    theirs = {key: row.get(kind, row["*"]) for key, row in rows.items()}
    assert theirs == {key: word_of(field, kind) for key, field in FIELDS.items()}


def test_the_secrecy_table_holds_no_row_or_source_that_no_field_uses() -> None:
    secrecy = table("secrecy")
    used = {row["secrecy_row"] for row in table("catalog")["fields"].values()}
    assert set(secrecy["by_source"]) == used
    assert {kind for row in secrecy["by_source"].values() for kind in row} <= codes.SOURCE_KINDS | {"*"}
    words = secrecy["words"]
    assert {word for word, row in words.items() if row.get("asks")} == LOCKED_WORDS
    assert {word for word, row in words.items() if row.get("nen7513")} == {"BG", "WV", "WZ"}
    assert set(words) == LOCKED_WORDS | {"PG", "JG", "AW", "HU", "WG", "-"}
    assert tuple(secrecy["priority"]) == FIRST_WORDS
    assert set(secrecy["good_care_fields"]) == LIFTED
    assert set(secrecy) == {"by_source", "words", "priority", "good_care_fields"}


# ---- need (4.1) and eligibility (section 2) ----


def test_each_purpose_needs_of_each_group_what_the_law_says() -> None:
    levels = table("need")["levels"]
    theirs = {(purpose, group): level for purpose, row in levels.items() for group, level in row.items()}
    assert theirs == NEED
    rank = table("need")["rank"]
    assert rank["-"] < rank["hit"] < rank["sam"] < rank["vol"]
    assert set(table("purposes")["purposes"]) == set(PURPOSES)


RULES = {
    "y": "yes",
    "part": "part",
    "triage": "triage",
    "member": "triage",
    "own": "own",
    "support": "support",
    "title": "houdt_toezicht",
    "crisis": "crisis",
    "derde": "verstrekken",
    "consent": "named",
    "onderzoek": "verkennend_onderzoek",
    "wzd": "wzd_loopt",
    "g19": "yes",
    "-": "no",
}
"""Our eligibility words and theirs. `contactpunt` acts as `yes`; `G19 only` is `yes`, as R11 refuses the rest."""


def test_each_partner_may_act_for_each_purpose_as_the_law_says() -> None:
    rows = table("eligibility")["rows"]
    theirs = {(kind, purpose): cell["rule"] for kind, row in rows.items() for purpose, cell in row.items()}
    ours = {key: RULES[word] for key, word in ELIGIBLE.items()}
    assert {key: "yes" if rule == "contactpunt" else rule for key, rule in theirs.items()} == ours


# ---- ceilings (4.2-4.5) ----

PlainAlternative = tuple[str, tuple[str, ...], frozenset[str]]


def _ours(cell: str, column: str, group: str) -> list[PlainAlternative]:
    found = list(parse(cell))
    if found and column in CARE_KINDS and group in VITAAL_GROUPS:
        found.append(Alternative("vol", ("vitaal",)))
    return [(one.level, one.words, one.articles) for one in found]


def _theirs(cell: Row) -> list[PlainAlternative]:
    assert cell.keys() <= {"open", "conditions", "fields", "text", "law", "via"}
    for one in cell["open"]:
        assert one.keys() <= {"level", "grounds", "by", "relation", "added"}
        assert one.get("relation", "zorgverantwoordelijke") == "zorgverantwoordelijke"
        assert ("relation" in one) == (one.get("by") == ["wv30"])
    return [(one["level"], tuple(one["grounds"]), frozenset(one.get("by", []))) for one in cell["open"]]


def _named_elsewhere(column: str, key: str) -> bool:
    """A field that its own group's cell names: what another group's cell says of it is not read."""
    return key in COLUMNS[column].get(FIELDS[key].group, {})


def _fields_of(cell: Mapping[str, str], column: str, group: str) -> dict[str, list[PlainAlternative]]:
    return {
        key: _ours(text, column, group)
        for key, text in cell.items()
        if key != "rest" and (FIELDS[key].group == group or not _named_elsewhere(column, key))
    }


def _their_fields(cell: Row, column: str, group: str) -> dict[str, list[PlainAlternative]]:
    return {
        key: _theirs(part)
        for key, part in cell.get("fields", {}).items()
        if FIELDS[key].group == group or not _named_elsewhere(column, key)
    }


BY_NAME: list[PlainAlternative] = [("hit", (), frozenset())]


@pytest.mark.parametrize("column", sorted(set(COLUMNS) - {"zorgkantoor", "ander_samenwerkingsverband"}))
def test_each_cell_of_a_column_opens_as_the_law_says(column: str) -> None:
    cells = table("ceiling")["columns"][column]
    assert set(cells) == set(GROUPS)
    theirs = {group: (_theirs(cell), _their_fields(cell, column, group)) for group, cell in cells.items()}
    ours: dict[str, tuple[list[PlainAlternative], dict[str, list[PlainAlternative]]]] = {}
    for group in GROUPS:
        cell = COLUMNS[column].get(group)
        if cell is None:
            ours[group] = ([], {"toestemming": BY_NAME, "weigering": BY_NAME})
        else:
            ours[group] = (_ours(cell["rest"], column, group), _fields_of(cell, column, group))
    assert theirs == ours


def test_the_columns_are_those_of_the_law() -> None:
    shared = {"zorgkantoor", "ander_samenwerkingsverband"}
    assert set(table("ceiling")["columns"]) == set(COLUMNS) - shared
    assert COLUMNS["zorgkantoor"] == COLUMNS["zorgverzekeraar"]
    assert COLUMNS["ander_samenwerkingsverband"] == {group: {"rest": "-"} for group in GROUPS}


def _plain(condition: Row) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key in ("fields", "purposes"):
        if key in condition:
            found[key] = tuple(condition[key])
    if "relation" in condition:
        found["relation"] = (condition["relation"],)
    if "person" in condition:
        assert condition["person"] == "titel_of_afwezig"
        found["status"] = ("titel_actief_of_afwezig",)
    assert condition.keys() <= {"fields", "purposes", "relation", "person", "record"}
    return found


def test_each_condition_stands_at_its_cell() -> None:
    ceiling = table("ceiling")
    theirs: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    used = set()
    for column, cells in ceiling["columns"].items():
        for group, cell in cells.items():
            parts = [cell, *cell.get("fields", {}).values()]
            ids = {name for part in parts for name in part.get("conditions", [])}
            used |= ids
            for name in ids - {"noemt_vrager"}:
                theirs.setdefault((column, group), {}).update(_plain(ceiling["conditions"][name]))
    ours = {key: dict(row) for key, row in CONDITIONS.items() if key[0] != "zorgkantoor"}
    # The cell of the college names the field itself; so do the others where the reading says both.
    ours["college", "G05"].pop("fields")
    assert theirs == ours
    assert used == set(ceiling["conditions"])


def test_a_consent_or_refusal_shows_only_to_whom_it_names() -> None:
    named = {
        (column, key)
        for column, cells in table("ceiling")["columns"].items()
        for cell in cells.values()
        for key, part in cell.get("fields", {}).items()
        if part.get("conditions") == ["noemt_vrager"]
    }
    without_row = set(table("ceiling")["columns"]) - {column for column, cells in COLUMNS.items() if "G21" in cells}
    assert named == {(column, key) for column in without_row for key in ("toestemming", "weigering")}


def test_what_goes_by_the_provider_is_marked() -> None:
    marked = {
        (column, group)
        for column, cells in table("ceiling")["columns"].items()
        for group, cell in cells.items()
        if cell.get("via")
    }
    assert marked == {("betrokkene", group) for group in VIA_PROVIDER}
