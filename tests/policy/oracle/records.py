"""One record judged: all its own reasons, and its release where nothing stands in the way."""

from dataclasses import dataclass

from tests.policy.oracle import bases, consents, duties, gates, grounds, secrecy
from tests.policy.oracle.case import Case, Row, sensitive, smallest
from tests.policy.oracle.cells import Alternative, alternatives, condition_fails
from tests.policy.oracle.secrecy import Exemption
from tests.policy.reading.catalogue import CARE_KINDS, INSURERS, Field
from tests.policy.reading.purposes import LEVELS

FLAGS = ("restricted", "disputed", "objected", "vetoed", "uavg41", "supplier_agreed", "person", "source_kind")


@dataclass(frozen=True)
class Option:
    """An alternative that holds, the level it would give (None: no form fits) and what it would use."""

    level: str | None
    use: duties.Use


@dataclass(frozen=True)
class Verdict:
    """What became of a record."""

    codes: set[str]
    release: Row | None = None
    use: duties.Use | None = None


def conditions(case: Case, field: Field, record: Row, twice: bool) -> set[str]:
    """The record's own conditions, beside ceiling, locks and level."""
    source = record["source"]
    known = source is not None and all(record[flag] is not None for flag in FLAGS)
    checks = {
        "E_INVOER": twice or not known,
        "E_REGIME": not case.free and record["regime"] != case.regime,
        "E_FASE": not gates.phase_of_record(case, field, source),
        "E_TERMIJN": case.past(record["destroy_on"]),
        "E_DOEL": case.eligible == "own" and not case.is_own(record),
        "E_NOOIT": _never(case, field, record),
        "E_WPG": record["source_kind"] == "politie" and not _wpg(case, record),
        "E_WJSG": record["source_kind"] in bases.JUSTICE and not _wjsg(case, record),
        "E_BRON": not case.free and not case.is_own(record) and _source_says_no(case, field, record),
        "E_BEPERKT": _limited(case, record),
        "E_KRING": _circle(case, field, record),
        "E_MELDER": not case.betrokkene and field.key == "melder_gegevens" and record["melding_receiver"] != case.me,
        "E_GRONDSLAG": bases.lock_1(case, field) is None and not bases.live(case, field, record),
    }
    return {code for code, fails in checks.items() if fails}


def _never(case: Case, field: Field, record: Row) -> bool:
    if case.kinds & INSURERS and field.group == "G19":
        return case.me not in record["financed_by"]
    if case.kind == "ander_samenwerkingsverband" and not set(field.secrecy.split("/")) <= {"BG", "WV", "WZ"}:
        return secrecy.word_of(field, record["source_kind"]) in ("BG", "WV", "WZ")
    return False


def _receives(case: Case, record: Row, receivers: list[str]) -> bool:
    """The asker is among the receivers of a supply record."""
    if case.free or case.is_own(record) or case.me in receivers:
        return True
    return "*" in receivers and not case.derde and case.me in case.members


def _wpg(case: Case, record: Row) -> bool:
    supply = record["wpg"]
    return (
        supply is not None
        and bool(supply["article"])
        and supply["category"] in ("8", "13")
        and supply["authority_agreed"] is True
        and _receives(case, record, supply["receivers"])
    )


def _wjsg(case: Case, record: Row) -> bool:
    supply = record["wjsg"]
    return supply is not None and bool(supply["article"]) and _receives(case, record, supply["receivers"])


def _source_says_no(case: Case, field: Field, record: Row) -> bool:
    denied = set(record["denied_to"]) & {case.me, case.kind}
    not_agreed = case.push_to_derde and sensitive(field) and record["supplier_agreed"] is False
    return bool(denied) or record["vetoed"] is True or not_agreed


def _limited(case: Case, record: Row) -> bool:
    if case.betrokkene:
        return record["uavg41"] is True
    return not case.free and any(record[flag] is True for flag in ("restricted", "disputed", "objected"))


def _circle(case: Case, field: Field, record: Row) -> bool:
    if record["person"] is None:
        return False
    if case.betrokkene and field.key != "contactpersoon_1":
        return bool(record["person"] != "betrokkene")
    return bool(record["person"] == "ander")


# ---- ceiling and locks ----


def ceiling(case: Case, field: Field, record: Row, standing: set[str]) -> tuple[list[Alternative], set[str]]:
    """The alternatives that hold, and the codes where none does."""
    if case.is_own(record) or not gates.ceiling_asked(case):
        return [Alternative("vol")], set()
    if gates.by_name(case, field):
        named = consents.names_asker(case, field, record["source"])
        never = ("E_NOOIT", "field") in gates.field_gates(case, field)
        if not named:
            return [], set() if never else {"E_PLAFOND"}
        return [Alternative("hit")] if bases.live(case, field, record) else [], set()
    judged = [(one, grounds.judge(case, field, record, one, standing)) for one in alternatives(case, field)]
    if not judged:
        return [], set()
    if not any(one.words for one, _ in judged):
        held = [one for one, verdict in judged if verdict.holds]
        return held, set() if held or case.free else grounds.offered_in_vain(case, field, record)
    held = [one for one, verdict in judged if verdict.holds]
    if held:
        return ([] if condition_fails(case, field) else held), set()
    codes = set().union(*(verdict.codes for _, verdict in judged))
    if gates.looks_at_no_record(case, field):
        codes.discard("E_GRONDSLAG")
    return [], codes | grounds.offered_in_vain(case, field, record)


def consent_of_regime(case: Case, field: Field, record: Row) -> set[str]:
    """In regime `toestemming` every field needs ground `toest` as well."""
    if case.free or case.is_own(record) or case.regime != "toestemming":
        return set()
    if consents.consented(case, field, record["source"]):
        return set()
    return {"E_WEIGERING" if consents.refused(case, field, record["source"]) else "E_TOESTEMMING"}


def electronic_pull(case: Case, field: Field, record: Row, standing: set[str]) -> set[str]:
    """E_15A (Wabvpz 15a): pull between care providers without its own consent."""
    pull = case.action != "verstrekken" and case.care and record["source_kind"] in CARE_KINDS
    if not pull or case.free or case.is_own(record) or gates.by_name(case, field):
        return set()
    source = record["source"]
    by_law = any(
        {"wvggz", "wzd"} & set(one.words) and grounds.judge(case, field, record, one, standing).holds
        for one in alternatives(case, field)
    )
    if by_law or consents.fulfilled(case, field, source) == "vitaal":
        return set()
    if consents.refused(case, field, source):
        return {"E_15A", "E_WEIGERING"}
    return set() if consents.live(case, field, source, "toestemming_15a") else {"E_15A"}


def lock_2(case: Case, field: Field, record: Row, standing: set[str]) -> tuple[list[Exemption] | None, set[str]]:
    """What lifts secrecy (None: nothing is asked), and the codes where nothing does."""
    if not secrecy.lock_2_asked(case, record) or gates.by_name(case, field):
        return None, set()
    found = secrecy.exemptions(case, field, record, standing)
    if found is None or found:
        return found, set()
    refused = consents.refused(case, field, record["source"])
    return [], {"E_BEROEPSGEHEIM"} | ({"E_WEIGERING"} if refused else set())


# ---- level ----


def _level(case: Case, field: Field, record: Row, alternative: Alternative, cap: str) -> str | None:
    caps = [case.need(field), alternative.level, cap]
    if case.eligible == "part":
        caps.append("sam")
    if case.action == "zoeken":
        caps.append("hit")
    lowest = min(LEVELS.index(level) for level in caps)
    if lowest == 0:
        return "hit" if record["levels"] else None
    fitting = [level for level in record["levels"] if LEVELS.index(level) <= lowest]
    return max(fitting, key=LEVELS.index, default=None)


def options(
    case: Case, field: Field, record: Row, held: list[Alternative], lifted: list[Exemption] | None
) -> list[Option]:
    """Each alternative that holds with its level, in the order of the cell."""
    found = []
    for alternative in held:
        exemption = secrecy.chosen(case, field, record, alternative, lifted) if lifted else None
        level = _level(case, field, record, alternative, exemption.cap if exemption else "vol")
        found.append(Option(level, duties.use_of(field, record, alternative, exemption)))
    return found


def judge(case: Case, field: Field, record: Row, standing: set[str], twice: bool, open_: bool) -> Verdict:
    """All reasons of a record, or its release; `open_`: nothing about request or field stands in the way."""
    codes = conditions(case, field, record, twice)
    held, shut = ceiling(case, field, record, standing)
    lifted, locked = lock_2(case, field, record, standing)
    codes |= shut | locked | consent_of_regime(case, field, record)
    codes |= electronic_pull(case, field, record, standing)
    if not gates.ceiling_asked(case):
        use = duties.use_of(field, record, Alternative("agg"))
        return _released(case, codes, "agg", [use]) if open_ and not codes else Verdict(codes)
    found = [] if case.need(field) == "-" else options(case, field, record, held, lifted)
    levels = [option.level for option in found if option.level is not None]
    if found and not levels:
        codes.add("E_GEEN_SAMENVATTING")
    if codes or not levels or not open_:
        return Verdict(codes)
    best = max(levels, key=LEVELS.index)
    return _released(case, codes, best, [option.use for option in found if option.level == best])


def _released(case: Case, codes: set[str], level: str, uses: list[duties.Use]) -> Verdict:
    """The release by the first alternative whose duties the partner can carry out."""
    use = next((one for one in uses if duties.can_carry_out(case, one)), None)
    if use is None:
        return Verdict(codes | {"E_VERPLICHTING"})
    rows = grounds.basis_of(case, use.field, use.record, use.alternative)
    release = {
        "field": use.field.key,
        "source": use.record["source"],
        "level": level,
        "legal_basis": smallest(rows),
        "secrecy_exception": use.exemption.name if use.exemption else None,
    }
    return Verdict(codes, release, use)
