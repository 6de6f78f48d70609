"""The law tables checked as data: words that nothing knows, cells that lack, codes without a text, ids without a law.

Every check looks at the tables of one day together, and gives a fault with file and place.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from hub.model.obligations import OBLIGATIONS
from hub.pdp import codes
from hub.policy import said_twice
from hub.policy.table_files import Fault, TableFile, read_tables

Faults = Iterator[Fault]
Use = tuple[str, tuple[str, ...], str]
"""Where an id of law is named, and which: table, place in it, id."""
_GROUNDS: Final = frozenset(
    {"eigen", "wgs", "457.2", "toest", "wvggz", "wzd", "derde", "cvp", "vitaal", "huur", "wmo", "zv01"}
)
_SUPPLY: Final = ("wpg", "wjsg")
_BY_DOORS: Final = frozenset({"E_HIT", "E_BELEID", "E_ONBEKEND"})
"""Codes of R16, R33 and R15, which the engine does not give."""
_WITHOUT_LAW: Final = frozenset({"eigen", *_SUPPLY})
"""Ground words that are no id of law: own data, and any article of the supply record."""
_WITHIN: Final = ("inform_betrokkene", "review_fg", "note_in_dossier", "second_approval", "feedback_due")
"""Obligations that are due within a time, which stands in their row (wg15; R21; decision contract, *Obligations*)."""
_RULES: Final = frozenset(f"R{n:02d}" for n in range(1, 34))


def check_policy(directory: Path, texts: Path) -> list[Fault]:
    """Every fault of the tables in `directory`, each once, sorted. `texts`: the folder with sentences, a file a language."""
    tables, faults = read_tables(directory)
    if not faults:
        for day in sorted({table.since for table in tables}):
            faults += [fault for check in _CHECKS for fault in check(Tables(_of_day(tables, day)))]
        faults += _texts(texts)
    return sorted(set(faults))


def _of_day(tables: list[TableFile], day: str) -> dict[str, TableFile]:
    """The version of each table that counts on `day`; the first where none has begun yet."""
    ordered = sorted(tables, key=lambda table: table.since, reverse=True)
    return {name: _version([t for t in ordered if t.name == name], day) for name in {t.name for t in tables}}


def _version(versions: list[TableFile], day: str) -> TableFile:
    return next((table for table in versions if table.since <= day), versions[-1])


class Tables:
    """The tables of one day, and the words that they may use."""

    def __init__(self, files: Mapping[str, TableFile]) -> None:
        self.files = files
        self.fields: Mapping[str, Any] = self["catalog"]["fields"]
        self.groups: Mapping[str, str] = self["catalog"]["groups"]

    def __getitem__(self, name: str) -> Any:
        return self.files[name].content

    def fault(self, name: str, place: Iterable[Any], sentence: str) -> Fault:
        """A fault at a place of a table."""
        return Fault(self.files[name].path, ".".join(map(str, place)), sentence)

    def unknown(
        self, name: str, place: Iterable[Any], used: Iterable[str], known: Collection[str], what: str
    ) -> Faults:
        """Words that are used and not known."""
        for word in used:
            if word not in known:
                yield self.fault(name, place, f"{what} is onbekend: {word}.")

    def complete(
        self, name: str, place: Iterable[Any], found: Iterable[str], known: Collection[str], what: str
    ) -> Faults:
        """`found` has to be all of `known` and nothing else."""
        found, place = set(found), list(place)
        for word in sorted(set(known) - found):
            yield self.fault(name, place, f"{what} ontbreekt: {word}.")
        yield from self.unknown(name, place, sorted(found - set(known)), known, what)


# ---- what a table says of fields, groups, purposes and partners ----


def _catalog(t: Tables) -> Faults:
    words, rows = t["secrecy"]["words"], t["secrecy"]["by_source"]
    for key, field in t.fields.items():
        place = ("fields", key)
        yield from t.unknown("catalog", (*place, "group"), [field["group"]], t.groups, "Groep")
        yield from t.unknown("catalog", (*place, "geheim"), field["geheim"], {*words, "per_source"}, "Geheimwoord")
        yield from t.unknown("catalog", (*place, "secrecy_row"), [field["secrecy_row"]], rows, "Rij van het geheim")
        yield from t.unknown("catalog", (*place, "sources"), field["sources"], codes.SOURCE_KINDS, "Soort bron")


def _need(t: Tables) -> Faults:
    levels = t["need"]["levels"]
    yield from t.complete("need", ["levels"], levels, t["purposes"]["purposes"], "Doel")
    for purpose, row in levels.items():
        yield from t.complete("need", ["levels", purpose], row, t.groups, "Groep")


def _purposes(t: Tables) -> Faults:
    known = codes.PURPOSE_LIST - {codes.ANY}
    yield from t.complete("purposes", ["purposes"], t["purposes"]["purposes"], known, "Doel")


def _eligibility(t: Tables) -> Faults:
    rows = t["eligibility"]["rows"]
    yield from t.complete("eligibility", ["rows"], rows, codes.PARTNER_KINDS, "Soort partner")
    for kind, row in rows.items():
        yield from t.complete("eligibility", ["rows", kind], row, t["purposes"]["purposes"], "Doel")


def _partners(t: Tables) -> Faults:
    rows = t["partners"]["rows"]
    yield from t.complete("partners", ["rows"], rows, codes.PARTNER_KINDS, "Soort partner")
    for kind, row in rows.items():
        yield from t.unknown("partners", ("rows", kind, "standings"), row["standings"], codes.STANDINGS, "Hoedanigheid")
    yield from t.unknown("partners", ["no_export"], t["partners"]["no_export"], codes.PARTNER_KINDS, "Soort partner")
    for kind, relation in t["partners"]["running_task"].items():
        yield from t.unknown("partners", ["running_task"], [kind], codes.PARTNER_KINDS, "Soort partner")
        yield from t.unknown("partners", ["running_task", kind], [relation], codes.RELATIONS, "Relatie")


# ---- ceilings ----


def _ceiling(t: Tables) -> Faults:
    columns = t["ceiling"]["columns"]
    asked = {row["column"] for row in t["partners"]["rows"].values()} - {None}
    yield from t.complete("ceiling", ["columns"], columns, asked, "Kolom")
    for column, cells in columns.items():
        yield from t.complete("ceiling", ["columns", column], cells, t.groups, "Groep")
        for group, cell in cells.items():
            place = ("columns", column, group)
            yield from _part(t, place, cell)
            for key, part in cell.get("fields", {}).items():
                yield from t.unknown("ceiling", (*place, "fields"), [key], t.fields, "Veld")
                yield from _part(t, (*place, "fields", key), part)


def _part(t: Tables, place: tuple[str, ...], part: Mapping[str, Any]) -> Faults:
    yield from t.unknown(
        "ceiling", (*place, "conditions"), part.get("conditions", ()), t["ceiling"]["conditions"], "Voorwaarde"
    )
    for n, way in enumerate(part["open"]):
        here = (*place, "open", str(n))
        odd = [word for word in way["grounds"] if not _is_ground(word)]
        yield from t.unknown("ceiling", (*here, "grounds"), odd, (), "Grond")
        yield from t.unknown("ceiling", (*here, "by"), way.get("by", ()), t["articles"]["rows"], "Artikel")
        yield from _relation(t, "ceiling", here, way)


def _is_ground(word: str) -> bool:
    return word in _GROUNDS or word in _SUPPLY or (word.startswith(_SUPPLY) and word in codes.BASIS_KINDS)


def _relation(t: Tables, name: str, place: tuple[str, ...], row: Mapping[str, Any]) -> Faults:
    asked = [row["relation"]] if "relation" in row else []
    yield from t.unknown(name, (*place, "relation"), asked, codes.RELATIONS, "Relatie")


def _conditions(t: Tables) -> Faults:
    for id_, row in t["ceiling"]["conditions"].items():
        place = ("conditions", id_)
        yield from t.unknown("ceiling", (*place, "fields"), row.get("fields", ()), t.fields, "Veld")
        yield from t.unknown(
            "ceiling", (*place, "purposes"), row.get("purposes", ()), t["purposes"]["purposes"], "Doel"
        )
        yield from _relation(t, "ceiling", place, row)


# ---- regimes, articles, secrecy, what is never given ----


def _regimes(t: Tables) -> Faults:
    rows = t["regimes"]["rows"]
    yield from t.complete("regimes", ["rows"], rows, codes.REGIMES, "Regime")
    for regime, row in rows.items():
        for key in ("kinds", "public_kinds"):
            yield from t.unknown("regimes", ("rows", regime, key), row.get(key, ()), codes.BASIS_KINDS, "Grondslag")
        for key in ("wgs_for", "wgs_with_wmo_opdracht", "not", "only", "only_group"):
            yield from t.unknown(
                "regimes", ("rows", regime, key), row.get(key, ()), codes.PARTNER_KINDS, "Soort partner"
            )
        groups = [*row.get("shut_groups", ()), *row.get("only_group", {}).values()]
        yield from t.unknown("regimes", ("rows", regime), groups, t.groups, "Groep")
    for kind, row in t["regimes"]["counts_for"].items():
        place = ("counts_for", kind)
        yield from t.unknown("regimes", place, [kind], codes.BASIS_KINDS, "Grondslag")
        yield from t.unknown(
            "regimes", (*place, "partner"), row.get("partner", ()), codes.PARTNER_KINDS, "Soort partner"
        )
        yield from t.unknown("regimes", (*place, "source"), row.get("source", ()), codes.SOURCE_KINDS, "Soort bron")
        yield from t.unknown("regimes", (*place, "groups"), row.get("groups", ()), t.groups, "Groep")
        yield from _relation(t, "regimes", place, row)


def _articles(t: Tables) -> Faults:
    table = t["articles"]
    for part in ("rows", "outside_statuses"):
        for name, row in table[part].items():
            place = (part, name)
            yield from t.unknown(
                "articles", (*place, "receivers"), row["receivers"], codes.PARTNER_KINDS, "Soort partner"
            )
            yield from t.unknown(
                "articles", (*place, "sources"), row.get("sources", ()), codes.SOURCE_KINDS, "Soort bron"
            )
            yield from t.unknown(
                "articles", (*place, "groups"), row.get("groups", ()), {*t.groups, "wvggz", "wzd"}, "Groep"
            )
            yield from t.unknown("articles", (*place, "fields"), row.get("fields", ()), t.fields, "Veld")
            relations = row.get("relation", {})
            yield from t.unknown("articles", (*place, "relation"), relations, row["receivers"], "Ontvanger")
            yield from t.unknown("articles", (*place, "relation"), relations.values(), codes.RELATIONS, "Relatie")


def _secrecy(t: Tables) -> Faults:
    table = t["secrecy"]
    for row, by_source in table["by_source"].items():
        place = ("by_source", row)
        yield from t.unknown("secrecy", place, by_source, {*codes.SOURCE_KINDS, "*"}, "Soort bron")
        yield from t.unknown("secrecy", place, by_source.values(), table["words"], "Geheimwoord")
    yield from t.unknown("secrecy", ["priority"], table["priority"], table["words"], "Geheimwoord")
    yield from t.unknown("secrecy", ["good_care_fields"], table["good_care_fields"], t.fields, "Veld")


def _overrides(t: Tables) -> Faults:
    table = t["overrides"]
    yield from t.complete("overrides", ["rows"], table["rows"], _RULES, "Regel")
    for id_, row in table["rows"].items():
        yield from t.unknown("overrides", ("rows", id_, "code"), [row["code"]], codes.CODES | _BY_DOORS, "Code")
    for n, row in enumerate(table["never"]):
        place = ("never", str(n))
        yield from t.unknown("overrides", (*place, "rule"), [row["rule"]], table["rows"], "Regel")
        yield from t.unknown("overrides", (*place, "acts_as"), row["acts_as"], codes.PARTNER_KINDS, "Soort partner")
        yield from t.unknown("overrides", (*place, "groups"), row["groups"], t.groups, "Groep")
        yield from t.unknown("overrides", place, [*row["but"], *row["fields"]], t.fields, "Veld")
    yield from t.unknown("overrides", ["insurer_part", "groups"], table["insurer_part"]["groups"], t.groups, "Groep")
    words = table["between_partnerships"]["words"]
    yield from t.unknown("overrides", ["between_partnerships", "words"], words, t["secrecy"]["words"], "Geheimwoord")


def _said_twice(t: Tables) -> Faults:
    """What stands there for people and for the rules says the same."""
    grounds = _GROUNDS | {*_SUPPLY} | {kind for kind in codes.BASIS_KINDS if _is_ground(kind)}
    for name, said in (
        ("catalog", said_twice.catalog(t.fields)),
        ("secrecy", said_twice.secrecy(t["secrecy"]["by_source"])),
        ("ceiling", said_twice.ceiling(t["ceiling"]["columns"], grounds)),
    ):
        yield from (t.fault(name, place, sentence) for place, sentence in said)


# ---- codes, obligations, and the law behind all ----


def _codes(t: Tables) -> Faults:
    yield from t.complete("codes", ["rows"], t["codes"]["rows"], codes.CODES, "Code")
    # What expires is told with its instant, and has no row.
    due = OBLIGATIONS - {"expires_at"}
    rows = t["obligations"]["rows"]
    yield from t.complete("obligations", ["rows"], rows, due, "Verplichting")
    for type_ in _WITHIN:
        if type_ in rows and "within" not in rows[type_]:
            yield t.fault("obligations", ("rows", type_), "Hier ontbreekt: within.")


def _texts(texts: Path) -> Faults:
    """Each code has a sentence in each language."""
    for path in sorted(texts.glob("*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))["codes"]
        for code in sorted(codes.CODES):
            if not said.get(code):
                yield Fault(f"{texts.name}/{path.name}", "codes", f"Code zonder tekst: {code}.")


def _law(t: Tables) -> Faults:
    """Every id of law in use has its article, title, link and dates, and holds on the day that the table counts from."""
    known = t["bases"]["rows"]
    yield from t.complete("bases", ["rows"], known, codes.BASIS_KINDS - codes.SECRECY_KINDS, "Wet-id")
    for name, place, id_ in _used(t):
        row = t["overrides"]["rows"].get(id_) or known.get(id_)
        if row is None:
            yield t.fault(name, place, f"Wet-id is onbekend: {id_}.")
        elif lacking := [key for key in ("article", "title", "link", "valid_from") if not row.get(key)]:
            yield t.fault(name, place, f"Wet-id {id_} mist: {', '.join(lacking)}.")
        elif not _holds(row, max(file.since for file in t.files.values())):
            yield t.fault(name, place, f"Wet-id {id_} geldt niet op de dag van deze tabel.")


def _holds(row: Mapping[str, Any], day: str) -> bool:
    until = row.get("valid_until")
    return bool(row["valid_from"] <= day and (until is None or day < until))


def _used(t: Tables) -> Iterator[Use]:
    """Each id of law that a table names."""
    for code, row in t["codes"]["rows"].items():
        yield from (("codes", ("rows", code, "law"), id_) for id_ in row["law"])
    for word, row in t["secrecy"]["words"].items():
        yield from (("secrecy", ("words", word, "law"), id_) for id_ in row.get("law", ()))
    for part in ("rows", "outside_statuses"):
        yield from (("articles", (part, name), name) for name in t["articles"][part])
    yield from _used_by_overrides(t["overrides"])
    yield from _used_by_ceilings(t["ceiling"]["columns"])
    yield from _used_by_regimes(t["regimes"])


def _used_by_overrides(table: Mapping[str, Any]) -> Iterator[Use]:
    parts = {f"never.{n}": row for n, row in enumerate(table["never"])}
    parts |= {key: table[key] for key in ("insurer_part", "between_partnerships")}
    for key, row in parts.items():
        yield from (("overrides", (key, "law"), id_) for id_ in row["law"])


def _used_by_ceilings(columns: Mapping[str, Any]) -> Iterator[Use]:
    for column, cells in columns.items():
        for group, cell in cells.items():
            place = ("columns", column, group)
            yield from (("ceiling", (*place, "law"), id_) for id_ in cell.get("law", ()))
            ways = [way for part in (cell, *cell.get("fields", {}).values()) for way in part["open"]]
            grounds = {ground for way in ways for ground in way["grounds"]} - _WITHOUT_LAW
            yield from (("ceiling", place, id_) for id_ in sorted(grounds) if _is_ground(id_))


def _used_by_regimes(table: Mapping[str, Any]) -> Iterator[Use]:
    for regime, row in table["rows"].items():
        kinds = [*row["kinds"], *row.get("public_kinds", ())]
        yield from (("regimes", ("rows", regime, "kinds"), id_) for id_ in kinds)
    for who, kinds in table["any"].items():
        yield from (("regimes", ("any", who), id_) for id_ in kinds)


_CHECKS: Final[tuple[Callable[[Tables], Faults], ...]] = (
    _catalog,
    _need,
    _purposes,
    _eligibility,
    _partners,
    _ceiling,
    _conditions,
    _regimes,
    _articles,
    _secrecy,
    _overrides,
    _said_twice,
    _codes,
    _law,
)
