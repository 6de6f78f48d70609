"""Lock 2: the secrecy word of a record, and what lifts it, in the order of the table."""

from dataclasses import dataclass

from tests.policy.oracle import bases, consents, grounds
from tests.policy.oracle.case import Case, Row, purpose_in, smallest
from tests.policy.oracle.cells import Alternative
from tests.policy.reading.catalogue import CARE_KINDS, INSURERS, Field
from tests.policy.reading.regimes import (
    FIRST_WORDS,
    LIFTED,
    LOCKED_WORDS,
    NOT_CARE,
    NOT_CARE_GROUPS,
    SOURCE_WORD,
)


@dataclass(frozen=True)
class Exemption:
    """What lifts secrecy: the ground word it belongs to, the name in the release, and a cap on the level."""

    word: str
    name: str
    cap: str = "vol"


def word_of(field: Field, source_kind: str | None) -> str:
    """The secrecy word of a field from this source."""
    shared = field.key in NOT_CARE or field.group in NOT_CARE_GROUPS
    if source_kind in CARE_KINDS and not shared and field.secrecy not in ("WV", "WZ"):
        return "BG"
    own = SOURCE_WORD.get(source_kind or "", "WG")
    if field.secrecy == "per source":
        return "AW" if field.key == "bsn" and source_kind == "college" else own
    words = field.secrecy.split("/")
    if own in words:
        return own
    return next((word for word in FIRST_WORDS if word in words), words[0])


def lock_2_asked(case: Case, record: Row) -> bool:
    return not (case.is_own(record) or case.betrokkene or case.toezicht or case.purpose == "D10")


def exemptions(case: Case, field: Field, record: Row, standing: set[str]) -> list[Exemption] | None:
    """What lifts the secrecy of a record, best first; None where nothing is asked."""
    word = word_of(field, record["source_kind"])
    if word not in LOCKED_WORDS:
        return None
    found: list[Exemption] = []
    if word in ("BG", "WV", "WZ"):
        found += _treatment(case, record) + _articles(case, field, record) + _recorded(case, field, record)
        found += _consent(case, field, record) + _good_care(case, field, record)
    else:
        found += _consent(case, field, record)
        found += _wmo(case, field, record) if word == "WM" else []
    if consents.fulfilled(case, field, record["source"]):
        found.append(Exemption("emergency", "emergency"))
    if word != "BG" and grounds.judge_word(case, field, record, "wgs", frozenset(), standing).holds:
        found.append(Exemption("duty", "gh_wettelijk_recht", cap="sam"))
    return found


def _treatment(case: Case, record: Row) -> list[Exemption]:
    held = grounds.same_treatment(case, record)
    return [Exemption("457.2", "gh_rechtstreeks_betrokken")] if held else []


def _articles(case: Case, field: Field, record: Row) -> list[Exemption]:
    rows = bases.by_article(case, field, record, frozenset())
    if not rows:
        return []
    first = min(rows, key=lambda row: str(row["id"]))
    return [Exemption("article", bases.exception_of(first["kind"]))]


def _records(case: Case, field: Field, record: Row, kinds: tuple[str, ...]) -> list[Row]:
    return [
        row
        for row in case["secrecy_exceptions"]
        if row["kind"] in kinds
        and case.runs(row["valid_from"], row["valid_until"])
        and row["source"] == record["source"]
        and case.me in row["receivers"]
        and purpose_in(case, row)
        and field.key in row["fields"]
    ]


def _names(case: Case, field: Field, record: Row, row: Row) -> bool:
    """The article of a recorded exception names this receiver, source and group."""
    article = grounds.article_of(row["article"])
    if article == "zv01":
        return case.kind in INSURERS and field.group == "G19"
    if article == "wm05":
        fits = field.secrecy not in ("WV", "WZ")
        return fits and case.kind == "college" and record["source_kind"] == "wmo_aanbieder"
    return bases.opens_by_article(case, field, article, record, True)


def _recorded(case: Case, field: Field, record: Row) -> list[Exemption]:
    rows = _records(case, field, record, ("gh_wettelijke_plicht", "gh_wettelijk_recht"))
    named = [row for row in rows if _names(case, field, record, row)]
    return [Exemption("recorded", smallest(named))] if named else []


def _consent(case: Case, field: Field, record: Row) -> list[Exemption]:
    rows = consents.consented(case, field, record["source"])
    return [Exemption("toest", smallest(rows))] if rows else []


def _good_care(case: Case, field: Field, record: Row) -> list[Exemption]:
    if case.regime != "wgs_zvh" or field.key not in LIFTED or consents.refused(case, field, record["source"]):
        return []
    rows = [
        row
        for row in _records(case, field, record, ("gh_goed_hulpverlenerschap",))
        if row["consent_attempted"] is True and row["reason"] is True
    ]
    return [Exemption("good care", smallest(rows))] if rows else []


def _wmo(case: Case, field: Field, record: Row) -> list[Exemption]:
    found = []
    if grounds.static(case, field, "wmo", set()).holds:
        found.append(Exemption("wmo", "gh_wettelijk_recht"))
    rows = _records(case, field, record, ("gh_wettelijke_plicht", "gh_wettelijk_recht"))
    named = [row for row in rows if grounds.article_of(row["article"]) == "wm05" and _names(case, field, record, row)]
    return found + ([Exemption("recorded", smallest(named))] if named else [])


def chosen(case: Case, field: Field, record: Row, alternative: Alternative, found: list[Exemption]) -> Exemption:
    """The exception of an alternative: its own word where it lifts secrecy, else the first in order."""
    own = {"457.2", "toest", "wmo"} & set(alternative.words)
    if {"cvp", "vitaal"} & set(alternative.words):
        own.add("emergency")
    if {"wvggz", "wzd"} & set(alternative.words) and any(one.word == "article" for one in found):
        rows = bases.by_article(case, field, record, alternative.articles)
        first = min(rows, key=lambda row: str(row["id"]))
        return Exemption("article", bases.exception_of(first["kind"]))
    return next((one for one in found if one.word in own), found[0])
