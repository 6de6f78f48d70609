"""Lock 1: legal bases, which of them count, and which articles name receiver, source and group."""

import re

from tests.policy.oracle.case import Case, Row, group_in, purpose_in
from tests.policy.oracle.cells import column_words
from tests.policy.reading.articles import ARTICLES, OPENED, PERMITS, WITH_REASON
from tests.policy.reading.catalogue import INSURERS, Field
from tests.policy.reading.regimes import ALWAYS, CONSENT_KINDS, COUNTS, WGS_KINDS, WJSG_KINDS, WPG_KINDS

YES, OWN, NO = "yes", "own", "no"
JUSTICE = ("om", "dji")


def matching(case: Case, field: Field) -> list[Row]:
    """Bases of the right time, partner, purpose and group."""
    return [
        basis
        for basis in case["legal_bases"]
        if case.runs(basis["valid_from"], basis["valid_until"])
        and basis["partner"] == case.me
        and purpose_in(case, basis)
        and group_in(field, basis)
    ]


def is_article(kind: str, law: str = "w[vz]") -> bool:
    return re.fullmatch(law + "[0-9][0-9]", kind) is not None


def names_receiver(case: Case, kind: str, field: Field) -> bool:
    """The article table names this receiver and this group."""
    article = ARTICLES.get(kind)
    if article is None or case.kind not in article.receivers:
        return False
    if article.zv and case.kind == "ggz" and not case.related("zorgverantwoordelijke"):
        return False
    if OPENED in article.groups:
        words = {"wvggz"} if kind.startswith("wv") else {"wvggz", "wzd"}
        return bool(words & column_words(case, field, kind))
    return field.group in article.groups and (not article.fields or field.key in article.fields)


def names_source(kind: str, record: Row) -> bool:
    article = ARTICLES.get(kind)
    return article is not None and record["source_kind"] in article.sources


def _listed(case: Case, kind: str) -> bool:
    counted = COUNTS.get(case.regime or "", frozenset())
    return kind in counted or (is_article(kind) and kind[:2] + "*" in counted)


def _its_own(case: Case, kind: str, field: Field) -> bool:
    """`A kind counts only for its own`, as far as the asker and the field go."""
    if is_article(kind):
        return names_receiver(case, kind, field)
    own = {
        "derde": case.derde,
        "huur": case.kind == "woningcorporatie" and case.related("verhuurt"),
        "wmo": case.kind == "wmo_aanbieder" and case.related("wmo_opdracht"),
        "zv01": case.kind in INSURERS and field.group == "G19",
        "wpg16": case.kind in ("burgemeester", "om"),
        "wpg18": case.kind == "reclassering",
    }
    return own.get(kind, True)


def _wgs_counts(case: Case) -> bool:
    if "vg_lvb" in case.kinds and not case.related("wmo_opdracht"):
        return False
    return case.kind in WGS_KINDS or case.kind == "vg_lvb"


def counting(case: Case, kind: str, field: Field) -> str:
    """Whether a kind counts in the regime for this asker and field, its sources left out: yes, not its own, or no."""
    if kind in ALWAYS:
        held = {"avg15": case.betrokkene, "toezicht": case.toezicht, "wg27": case.purpose == "D10"}
        return YES if held[kind] else NO
    if not _listed(case, kind):
        return NO
    if case.regime == "toestemming":
        return YES if case.public == (kind == "avg6e") else NO
    if kind == "wgs":
        return YES if _wgs_counts(case) else NO
    return YES if _its_own(case, kind, field) else OWN


def for_source(kind: str, record: Row) -> bool:
    """Whether a kind counts for records of this source."""
    if kind in WPG_KINDS:
        return bool(record["source_kind"] == "politie")
    if kind in WJSG_KINDS:
        return record["source_kind"] in JUSTICE
    return names_source(kind, record) if is_article(kind) else True


def live(case: Case, field: Field, record: Row | None = None) -> list[Row]:
    """Bases that count; with a record, those that count for its source too."""
    rows = [basis for basis in matching(case, field) if counting(case, basis["kind"], field) == YES]
    return rows if record is None else [basis for basis in rows if for_source(basis["kind"], record)]


def lock_1(case: Case, field: Field) -> str | None:
    """The code where no basis counts, whatever the records."""
    rows = matching(case, field)
    if not rows:
        return "E_GRONDSLAG"
    found = {counting(case, basis["kind"], field) for basis in rows}
    if YES in found:
        return None
    consent_alone = case.regime == "toestemming" and case.public and {b["kind"] for b in rows} <= CONSENT_KINDS
    return "E_GRONDSLAG" if OWN in found or consent_alone else "E_REGIME"


def opens_by_article(case: Case, field: Field, kind: str, record: Row, reason: bool) -> bool:
    """An article of the table names receiver, source and group, its status runs, and it may open this field."""
    status = case.casus["wvggz_status" if kind.startswith("wv") else "wzd_status"]
    law_of_field = {"WV": "wv", "WZ": "wz"}.get(field.secrecy)
    return (
        is_article(kind)
        and names_receiver(case, kind, field)
        and names_source(kind, record)
        and status not in (None, "geen")
        and (kind not in WITH_REASON or reason)
        and law_of_field in (None, kind[:2])
    )


def by_article(case: Case, field: Field, record: Row, articles: frozenset[str]) -> list[Row]:
    """Ground `wvggz` or `wzd`: the live bases that open, all articles where `articles` is empty."""
    return [
        basis
        for basis in live(case, field, record)
        if (not articles or basis["kind"] in articles)
        and opens_by_article(case, field, basis["kind"], record, basis["reason"] is True)
    ]


def exception_of(kind: str) -> str:
    return "gh_wettelijk_recht" if kind in PERMITS else "gh_wettelijke_plicht"
