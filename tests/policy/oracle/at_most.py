"""At most who may see what, by the second reading of the law: cell text (4.2-4.5), need (4.1) and the limits of regimes.

Asks of each alternative of a cell whether some source and some legal basis make it hold; nothing else is doubted.
"""

from functools import cache

from tests.policy.oracle.cells import VITAAL_GROUPS, Alternative, cell_of, parse
from tests.policy.oracle.secrecy import word_of
from tests.policy.reading.articles import ARTICLES, OPENED
from tests.policy.reading.catalogue import CARE_KINDS, INSURERS, Field
from tests.policy.reading.ceilings_local import CONDITIONS
from tests.policy.reading.purposes import ELIGIBLE, LEVELS, NEED
from tests.policy.reading.regimes import (
    ALWAYS_DERDE,
    CONSENT_KINDS,
    COUNTS,
    EXCLUDED,
    NEVER_HOUSING,
    NEVER_HOUSING_BUT,
    NEVER_POLICE,
    NO_DEELNEMER,
    ONLY,
    PUBLIC,
    SHUT_GROUPS,
    WGS_KINDS,
)

Found = frozenset[tuple[str, tuple[str, ...]]]
"""Ways: level and ground words."""
SOURCES = (*sorted({kind for kind, _ in ELIGIBLE}), "hub", "ciz", "ander")
NOTHING: Found = frozenset()
_ONLY_FOR = {"huur": {"woningcorporatie"}, "wmo": {"wmo_aanbieder"}, "zv01": INSURERS, "derde": ALWAYS_DERDE}
_SUPPLIED = {"wpg16": {"burgemeester", "om"}, "wpg18": {"reclassering"}}


def at_most(kind: str, in_care: bool, purpose: str, regime: str, field: Field) -> Found:
    """The ways to a field; empty where there is none. `in_care`: who employs a casusregisseur."""
    word = ELIGIBLE[kind, purpose]
    need = NEED[purpose, field.group]
    if word in ("-", "own") or need == "-" or never(kind, field):
        return NOTHING
    if word == "support" and field.group not in ("G20", "G21"):
        return NOTHING
    if purpose == "D10":
        return frozenset({("agg", ("wg27",))})
    if kind not in ("betrokkene", "toezicht") and _outside(kind, in_care, regime, field):
        return NOTHING
    if not _conditions_stand(_column(kind, in_care, field), purpose, field):
        return NOTHING
    part = "sam" if word == "part" else "vol"
    return frozenset(
        (min(alternative.level, need, part, key=LEVELS.index), alternative.words)
        for alternative in _holding(kind, in_care, regime, field)
    )


def never(kind: str, field: Field) -> bool:
    """R09-R11, R14, and the melder to the betrokkene."""
    housing = (field.group in NEVER_HOUSING and field.key not in NEVER_HOUSING_BUT) or field.key == "bsn"
    no_bsn = ALWAYS_DERDE | NO_DEELNEMER | {"toezicht"}
    return (
        (kind == "woningcorporatie" and housing)
        or (kind == "politie" and field.group in NEVER_POLICE)
        or (kind in INSURERS and field.group != "G19")
        or (field.key == "bsn" and kind in no_bsn)
        or (field.key == "melder_gegevens" and kind == "betrokkene")
    )


def _outside(kind: str, in_care: bool, regime: str, field: Field) -> bool:
    only = ONLY.get(regime)
    kept_out = only is not None and kind not in only and not (regime == "zorgteam" and in_care)
    return kept_out or kind in EXCLUDED.get(regime, ()) or field.group in SHUT_GROUPS.get(regime, ())


def _column(kind: str, in_care: bool, field: Field) -> str:
    return "ggz" if in_care and field.group != "G20" else kind


def _conditions_stand(column: str, purpose: str, field: Field) -> bool:
    found = cell_of(column, field)
    asked = CONDITIONS.get((column, found[1]), {}) if found else {}
    return field.key in asked.get("fields", (field.key,)) and purpose in asked.get("purposes", (purpose,))


@cache
def _holding(kind: str, in_care: bool, regime: str, field: Field) -> tuple[Alternative, ...]:
    column = _column(kind, in_care, field)
    found = cell_of(column, field)
    if found is None:
        named = field.key in ("toestemming", "weigering")
        alternatives: tuple[Alternative, ...] = (Alternative("hit"),) if named else ()
    else:
        alternatives = parse(found[0])
        if alternatives and column in CARE_KINDS and found[1] in VITAAL_GROUPS:
            alternatives += (Alternative("vol", ("vitaal",)),)
    return tuple(one for one in alternatives if _somehow(kind, in_care, regime, field, one))


def _somehow(kind: str, in_care: bool, regime: str, field: Field, alternative: Alternative) -> bool:
    """Some source of some kind, and bases that count, make all words of the alternative hold."""
    for source in SOURCES:
        bases = _bases(kind, in_care, regime, field, source)
        if bases and all(
            _holds(word, in_care or kind in CARE_KINDS, field, source, bases, alternative) for word in alternative.words
        ):
            return True
    return False


def _holds(word: str, care: bool, field: Field, source: str, bases: frozenset[str], alternative: Alternative) -> bool:
    if word in ("wvggz", "wzd"):
        fitting = {"WV": ("wv",), "WZ": ("wz",)}.get(word_of(field, source), ("wv", "wz"))
        named = alternative.articles or frozenset(ARTICLES)
        return any(name in named and name.startswith(fitting) for name in bases & ARTICLES.keys())
    if word == "457.2":
        return care and source in CARE_KINDS
    if word == "wjsg":
        return any(basis.startswith("wjsg") for basis in bases)
    return {"toest": True, "cvp": True, "vitaal": care, "eigen": False}.get(word, word in bases)


@cache
def _bases(kind: str, in_care: bool, regime: str, field: Field, source: str) -> frozenset[str]:
    """Kinds of basis that count for a record of that source."""
    if kind in ("betrokkene", "toezicht"):
        return frozenset({"avg15"})
    counted = COUNTS[regime]
    if regime == "toestemming":
        return frozenset({"avg6e"}) if kind in PUBLIC else CONSENT_KINDS
    found = {word for word in counted if not word.endswith("*") and _counts(word, kind, field, source)}
    for name, article in ARTICLES.items():
        if name[:2] + "*" in counted and kind in article.receivers and source in article.sources:
            found |= {name} if _names(name, kind, in_care, field) else set()
    return frozenset(found)


def _counts(word: str, kind: str, field: Field, source: str) -> bool:
    if word == "wgs":
        return kind in WGS_KINDS | {"vg_lvb"}
    if word == "derde":
        return kind not in ("betrokkene", "toezicht")
    if word.startswith("wpg"):
        return source == "politie" and kind in _SUPPLIED.get(word, {kind})
    if word.startswith("wjsg"):
        return source in ("om", "dji")
    return kind in _ONLY_FOR.get(word, {kind}) and (word != "zv01" or field.group == "G19")


def _names(name: str, kind: str, in_care: bool, field: Field) -> bool:
    """The article names the group, the field, or what the receiver's column opens by such words."""
    article = ARTICLES[name]
    if OPENED not in article.groups:
        return field.group in article.groups and (not article.fields or field.key in article.fields)
    opened = {"wvggz"} if name.startswith("wv") else {"wvggz", "wzd"}
    found = cell_of(_column(kind, in_care, field), field)
    return any(
        opened & set(alternative.words) and (not alternative.articles or name in alternative.articles)
        for alternative in parse(found[0] if found else "-")
    )
