"""Ground words of the ceilings: whether each holds for a record, and what its failing gives."""

from dataclasses import dataclass

from tests.policy.oracle import bases, consents
from tests.policy.oracle.case import BEFORE_ADMISSION, Case, Row
from tests.policy.oracle.cells import Alternative
from tests.policy.oracle.gates import phase_is_open
from tests.policy.reading.catalogue import CARE_KINDS, Field
from tests.policy.reading.regimes import WJSG_KINDS

WGS_WJSG = frozenset({"8b", "39fa", "51ca"})
BY_BASIS = {"derde", "huur", "wmo", "zv01"}
RELATION = {"huur": "verhuurt", "wmo": "wmo_opdracht", "zv01": "verzekert"}


@dataclass(frozen=True)
class Judged:
    """Whether a ground (or an alternative) holds, and the codes of what it lacks."""

    holds: bool
    codes: frozenset[str] = frozenset()


HELD = Judged(True)


def _shut(code: str) -> Judged:
    return Judged(False, frozenset({code}))


def _lacking(facts: list[set[str] | None], standing: set[str]) -> Judged:
    """A ground of several facts. Each failing fact is the set of `*` codes that tell it, and gives E_GRONDSLAG only
    where none of these stands; a fact that holds is None."""
    failing = [told for told in facts if told is not None]
    if not failing:
        return HELD
    untold = any(not told & standing for told in failing)
    return Judged(False, frozenset({"E_GRONDSLAG"} if untold else ()))


def _basis_fact(case: Case, field: Field, kind: str) -> set[str] | None:
    """A live basis of this kind; where only the regime is not chosen, E_REGIME tells it."""
    if any(basis["kind"] == kind for basis in bases.live(case, field)):
        return None
    offered = any(basis["kind"] == kind for basis in bases.matching(case, field))
    return {"E_REGIME"} if case.regime is None and offered else set()


def wgs(case: Case, field: Field, standing: set[str]) -> Judged:
    """Ground `wgs`."""
    facts: list[set[str] | None] = [_basis_fact(case, field, "wgs")]
    if case.regime != "wgs_zvh":
        facts.append({"E_REGIME"} if case.regime is None else set())
    early = case.phase in BEFORE_ADMISSION
    if not (case.purpose == "D01" if early else phase_is_open(case)):
        facts.append({"E_FASE", "E_TERMIJN"})
    if case.me not in case.casus["triage_group" if early else "involved"]:
        facts.append({"E_NIET_BETROKKEN"} | ({"E_FASE"} if early else set()))
    return _lacking(facts, standing)


def _derde(case: Case, field: Field, standing: set[str]) -> Judged:
    facts: list[set[str] | None] = [_basis_fact(case, field, "derde")]
    if not case.derde:
        facts.append(set())
    if case.action != "verstrekken":
        facts.append({"E_DERDE_GEEN_TOEGANG"})
    if not case.runs("", case.partner["secrecy_statement_until"] or ""):
        facts.append({"E_GEEN_VERKLARING", "E_DERDE_GEEN_TOEGANG"})
    return _lacking(facts, standing)


def static(case: Case, field: Field, word: str, standing: set[str]) -> Judged:
    """A ground word that looks at no record."""
    if _regime_tells(case, field, word):
        return Judged(False)
    if word == "wgs":
        return wgs(case, field, standing)
    if word == "derde":
        return _derde(case, field, standing)
    facts = [_basis_fact(case, field, word), None if case.related(RELATION[word]) else set()]
    return _lacking(facts, standing)


def article_of(text: str | None) -> str:
    """Articles compare up to the first bracket, but 20(3) whole."""
    plain = (text or "").replace(" ", "")
    return plain if plain == "20(3)" else plain.partition("(")[0]


def supplied_for_wgs(record: Row) -> str | None:
    """The code of a police or justice record that was not supplied to a Wgs partnership."""
    if record["source_kind"] == "politie" and article_of((record["wpg"] or {}).get("article")) != "20(3)":
        return "E_WPG"
    if record["source_kind"] in bases.JUSTICE and article_of((record["wjsg"] or {}).get("article")) not in WGS_WJSG:
        return "E_WJSG"
    return None


def by_supply(case: Case, field: Field, record: Row, word: str) -> list[Row]:
    """Live bases of `wpg..` or `wjsg..` of which the record's supply record has the article."""
    kinds = WJSG_KINDS if word == "wjsg" else {word}
    found = []
    for basis in bases.live(case, field, record):
        kind = basis["kind"]
        if kind not in kinds:
            continue
        law = "wpg" if kind.startswith("wpg") else "wjsg"
        article = "20(3)" if kind == "wpg20_3" else kind.removeprefix(law)
        if article_of((record[law] or {}).get("article")) == article:
            found.append(basis)
    return found


def same_treatment(case: Case, record: Row) -> bool:
    """Ground `457.2`."""
    return (
        case.care
        and case.related("behandelt")
        and record["source_kind"] in CARE_KINDS
        and case.me in record["treating_with"]
    )


def _toest(case: Case, field: Field, record: Row) -> Judged:
    source = record["source"]
    if consents.consented(case, field, source):
        return HELD
    return _shut("E_WEIGERING" if consents.refused(case, field, source) else "E_TOESTEMMING")


def judge_word(
    case: Case, field: Field, record: Row, word: str, articles: frozenset[str], standing: set[str]
) -> Judged:
    """Whether a ground word holds for a record."""
    if word in BY_BASIS:
        return static(case, field, word, standing)
    if word == "wgs":
        judged = static(case, field, word, standing)
        code = supplied_for_wgs(record)
        return _shut(code) if judged.holds and code else judged
    if word == "toest":
        return _toest(case, field, record)
    holds = {
        "eigen": lambda: case.is_own(record),
        "457.2": lambda: same_treatment(case, record),
        "wvggz": lambda: bool(bases.by_article(case, field, record, articles)),
        "wzd": lambda: bool(bases.by_article(case, field, record, articles)),
        "cvp": lambda: consents.fulfilled(case, field, record["source"]) == "cvp",
        "vitaal": lambda: consents.fulfilled(case, field, record["source"]) == "vitaal",
    }.get(word, lambda: bool(by_supply(case, field, record, word)))()
    if holds:
        return HELD
    if word == "vitaal":  # stands in no cell: that it lacks is no reason
        return Judged(False)
    return Judged(False) if _regime_tells(case, field, word) else _shut("E_GRONDSLAG")


def _regime_tells(case: Case, field: Field, word: str) -> bool:
    """A basis for this ground was offered and the regime is not chosen: E_REGIME under `*` tells it."""
    if case.regime is not None or case.free:
        return False
    kinds = {basis["kind"] for basis in bases.matching(case, field)}
    by_article = word in ("wvggz", "wzd") and any(bases.is_article(kind) for kind in kinds)
    by_any_wjsg = word == "wjsg" and bool(kinds & WJSG_KINDS)
    return by_article or by_any_wjsg or word in kinds


def judge(case: Case, field: Field, record: Row, alternative: Alternative, standing: set[str]) -> Judged:
    """Whether an alternative holds; of `a+b` only the missing half gives a code."""
    if not alternative.words:  # a level without a ground opens by any basis that counts; lock 1 tells where none does
        return Judged(bool(bases.live(case, field, record)))
    judged = [judge_word(case, field, record, word, alternative.articles, standing) for word in alternative.words]
    return Judged(all(one.holds for one in judged), frozenset().union(*(one.codes for one in judged)))


def offered_in_vain(case: Case, field: Field, record: Row) -> set[str]:
    """What stands beside a shut ground: an 8:29 or 18c basis, or an emergency, that was offered and fails."""
    codes = set()
    for kind, code in (("wv30", "E_829"), ("wz01", "E_18C")):
        offered = any(basis["kind"] == kind for basis in bases.matching(case, field))
        untold = case.regime is not None or case.free
        if offered and untold and not bases.by_article(case, field, record, frozenset({kind})):
            codes.add(code)
    emergency = consents.offered(case, field, record["source"])
    return codes | (consents.lacks(case, emergency) if emergency else set())


def basis_of(case: Case, field: Field, record: Row, alternative: Alternative) -> list[Row]:
    """The live bases of an alternative: those of its own kind, else any that counts for the record."""
    for word in alternative.words:
        if word in BY_BASIS | {"wgs"}:
            return [basis for basis in bases.live(case, field, record) if basis["kind"] == word]
        if word in ("wvggz", "wzd"):
            return bases.by_article(case, field, record, alternative.articles)
        if word.startswith(("wpg", "wjsg")):
            return by_supply(case, field, record, word)
    return bases.live(case, field, record)
