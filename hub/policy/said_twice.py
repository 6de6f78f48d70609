"""What the tables say twice, for people and for the rules: where the two part, one of them is not what was approved.

Each function gives (place, sentence) of what does not agree, a place once.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from hub.model.partner import CARE_KINDS
from hub.model.release import HIT, SAM, VOL

Said = Iterator[tuple[tuple[str, ...], str]]
Way = tuple[str, frozenset[str]]
"""A level, and the ground words that must hold together."""

# ---- secrecy ----

_SHARED: Final = " overleg"
"""Ends the name of a row for what the partners make together: no care record, whoever writes it down."""
_OWN_WORD: Final = ("WV", "WZ")
"""Rows under a secrecy of their own, from any source (Wvggz 8:34; Wzd 18c(4))."""
_CARE_WORD: Final = "BG"


def secrecy(by_source: Mapping[str, Mapping[str, str]]) -> Said:
    """What a care provider supplies is under its professional secrecy, whatever row (BW 7:457, BIG 88)."""
    for row, words in by_source.items():
        if row.endswith(_SHARED) or row in _OWN_WORD:
            continue
        bare = sorted(kind for kind in CARE_KINDS if words.get(kind, words["*"]) != _CARE_WORD)
        if bare:
            yield (
                ("by_source", row),
                f"Wat een zorgaanbieder levert, valt onder {_CARE_WORD}; hier niet: {', '.join(bare)}.",
            )


def catalog(fields: Mapping[str, Mapping[str, Any]]) -> Said:
    """The secrecy and the categories of a field in its columns, in the row that the rules read, and as the law was read."""
    for key, field in fields.items():
        place = ("fields", key)
        words = "/".join(field["geheim"]) or "-"
        if field["secrecy_row"].partition(" ")[0] != words:
            yield (*place, "secrecy_row"), f"Deze rij hoort niet bij het geheim {words}: {field['secrecy_row']}."
        if "read" in field:
            yield from _read((*place, "read"), words, field)


def _read(place: tuple[str, ...], words: str, field: Mapping[str, Any]) -> Said:
    read = field["read"]
    plain, lifted, _ = read["geheim"].partition(" (lifted item)")
    # "idem" is what the line above it in the law reference has: which that is does not stand here.
    if plain != "idem" and plain.partition(" + ")[0].replace(" ", "_") != words:
        yield (*place, "geheim"), f"Dit is niet het geheim van het veld: {words}."
    if bool(lifted) != field["lifted"]:
        yield (*place, "geheim"), "Of het geheim kan worden opgeheven (lifted), staat elders anders."
    letters = (set(re.findall("[GZSB]", read["cat"])), "*" in read["cat"])
    if letters != (set(field["cat"]), field["star"]):
        yield (*place, "cat"), f"Dit is niet de categorie van het veld: {', '.join(field['cat'])}."


# ---- ceilings ----

_LEVELS: Final = {VOL, SAM, HIT}
_WORDS: Final = {
    "masked": HIT, "metadata": HIT, "consent that concerns it": HIT, "idem": HIT, "contact only": SAM, "own data": VOL,
}  # fmt: skip
"""Words of a cell that stand for a level (decision contract, *The betrokkene and supervision*, *The rest*)."""
_NOT_ALWAYS: Final = "contact only"
"""Says how much there is where something is open; an insurer's cell has it and opens nothing."""
_NO_ROW: Final = "consent that concerns it"
"""What a cell without a text says: G21 where the law has no row for it."""
_PART: Final = re.compile(r"(?:(?:[/,]\s*)?(vol|sam|hit)@|[/,]\s*)([\w.]+(?:\+[\w.]+)*)")
"""One way in the text of a cell: `level@ground`, or a further ground at the level before it."""
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_SHUT: Final = re.compile(r"(?:\*\*-\*\*|-)(?:$|[\s;])")
_AS_IN: Final = re.compile(r"as in (G\d\d)")
_OWN: Final = re.compile(r"\bown\b")


def ceiling(columns: Mapping[str, Mapping[str, Mapping[str, Any]]], grounds: frozenset[str]) -> Said:
    """The ways that a cell opens, and the ways that its text has; `grounds`: the words that are grounds.

    What the contract adds to the cells (`added`) does not stand in the text. A text without a ground says a level alone.
    """
    for column, cells in columns.items():
        for group, cell in cells.items():
            differing = _differing(cell["text"] or _NO_ROW, _opens(cell), cell, cells, grounds)
            if differing:
                yield (
                    ("columns", column, group, "text"),
                    f"De tekst en de openingen verschillen: {', '.join(differing)}.",
                )


def _opens(cell: Mapping[str, Any]) -> set[Way]:
    parts = (cell, *cell.get("fields", {}).values())
    return {(way["level"], frozenset(way["grounds"])) for part in parts for way in part["open"] if not way.get("added")}


def _differing(
    text: str, opens: set[Way], cell: Mapping[str, Any], cells: Mapping[str, Mapping[str, Any]], grounds: frozenset[str]
) -> list[str]:
    plain = _plain(text)
    if "@" not in plain:
        return _of_levels(plain, opens)
    ways = _ways(plain, grounds)
    also = {(VOL, frozenset({"eigen"}))} if _OWN.search(plain) else set()
    for group in _AS_IN.findall(plain):
        also |= _ways(_plain(cells[group]["text"] or ""), grounds) if group in cells else set()
    # Of a shut cell without fields of its own the text tells what stands elsewhere, in the cell of that field.
    lacking = set() if _SHUT.match(text) and not cell.get("fields") else ways - opens
    return sorted(map(_told, (opens - ways - also) | lacking))


def _of_levels(plain: str, opens: set[Way]) -> list[str]:
    said = {level for level in _LEVELS if re.search(rf"\b{level}\b", plain)}
    meant = {level for words, level in _WORDS.items() if words in plain}
    odd = sorted(_told(way) for way in opens if way[0] not in said | meant)
    return odd or (sorted(said | meant) if not opens and _NOT_ALWAYS not in plain else [])


def _plain(text: str) -> str:
    """The text without its brackets, and without what goes outside the hub."""
    while _BRACKETS.search(text):
        text = _BRACKETS.sub("", text)
    return ";".join(part for part in text.split(";") if "outside hub" not in part)


def _ways(plain: str, grounds: frozenset[str]) -> set[Way]:
    found: set[Way] = set()
    for part in plain.split(";"):
        level = ""
        for new, words in _PART.findall(re.sub(r"\s*\+\s*", "+", part)):
            level = new or level
            together = frozenset(words.split("+"))
            if level and together <= grounds:
                found.add((level, together))
    return found


def _told(way: Way) -> str:
    return f"{way[0]}@{'+'.join(sorted(way[1]))}" if way[1] else way[0]
