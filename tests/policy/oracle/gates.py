"""Reasons that look at no record: of the request as a whole, and of a field."""

from tests.policy.oracle import bases, consents
from tests.policy.oracle.case import BEFORE_ADMISSION, CLOSED_PHASES, OPEN_PHASES, Case, Row, sensitive
from tests.policy.oracle.cells import alternatives, cell_of, condition_fails
from tests.policy.reading.catalogue import CARE_KINDS, INSURERS, Field
from tests.policy.reading.regimes import (
    BSN_KINDS,
    EXCLUDED,
    NEVER_HOUSING,
    NEVER_HOUSING_BUT,
    NEVER_POLICE,
    NO_DEELNEMER,
    NO_EXPORT_KINDS,
    ONLY,
    SHUT_GROUPS,
)

Reasons = set[tuple[str, str]]
"""(code, about)."""
STATIC_WORDS = frozenset({"wgs", "derde", "huur", "wmo", "zv01"})
"""Ground words that look at no record."""
AANMELDING_GROUPS = frozenset({"G01", "G02", "G20"})


def request_reasons(case: Case) -> Reasons:
    """What stands under `*` for the request as a whole."""
    return (
        _user(case)
        | _eligibility(case)
        | _regime(case)
        | _phase(case)
        | _term(case)
        | _involvement(case)
        | _contradictions(case)
    )


def _user(case: Case) -> Reasons:
    reasons: Reasons = set()
    user = case["user"]
    if not case.betrokkene and any(
        user[flag] is not True for flag in ("designated", "screened", "trained", "bound_to_secrecy")
    ):
        reasons.add(("E_GEBRUIKER", "request"))
    age = case.casus["subject_age"]
    if not case.free and (age is None or age < 18):
        reasons.add(("E_LEEFTIJD", "record"))
    return reasons


def _in_triage(case: Case) -> bool:
    return case.phase in BEFORE_ADMISSION and case.me in case.casus["triage_group"]


def _may_act(case: Case) -> str | None:
    """What the refusal to act for the purpose is about; None where he may."""
    word = case.eligible
    status = case.casus["wvggz_status"]
    by_request = {
        "-": False,
        "triage": _in_triage(case),
        "member": _in_triage(case) and case.partner["standing"] == "deelnemer",
        "title": case.related("houdt_toezicht"),
        "derde": case.action == "verstrekken",
    }
    by_record = {
        "crisis": status == "crisismaatregel" or consents.counts_at_all(case),
        "onderzoek": status == "verkennend_onderzoek",
        "wzd": case.casus["wzd_status"] not in (None, "geen"),
        "consent": bool(consents.naming_consents(case)) or consents.counts_at_all(case),
    }
    if not by_request.get(word, True):
        return "request"
    return None if by_record.get(word, True) else "record"


def _eligibility(case: Case) -> Reasons:
    reasons: Reasons = set()
    about = _may_act(case)
    if about:
        reasons.add(("E_DOEL", about))
    task = {"reclassering": "houdt_toezicht", "dji": "detentie"}.get(case.kind)
    if task and not case.related(task) and case.purpose not in ("D01", "D11"):
        reasons.add(("E_DOEL", "request"))
    if case.without_authority:
        reasons.add(("E_DOEL", "request"))
    return reasons


def _regime(case: Case) -> Reasons:
    if case.free:
        return set()
    if case.regime is None:
        return {("E_REGIME", "request")}
    outside = case.kind in EXCLUDED.get(case.regime, ())
    only = ONLY.get(case.regime)
    if only is not None and case.kind not in only:
        outside = not (case.regime == "zorgteam" and case.employer in CARE_KINDS)
    return {("E_REGIME", "request")} if outside else set()


def _phase(case: Case) -> Reasons:
    phase, purpose = case.phase, case.purpose
    if phase is None or phase == "vernietigd":
        return {("E_FASE", "request")}
    if purpose in ("D11", "D12"):
        return set()
    if phase == "afgewezen":
        return {("E_FASE", "request")}
    if phase in BEFORE_ADMISSION and (purpose != "D01" or case.me not in case.casus["triage_group"]):
        return {("E_FASE", "request")}
    return set()


def _term(case: Case) -> Reasons:
    if case.purpose in ("D11", "D12"):
        return set()
    ends = case.casus["term_ends_at"]
    over = case.past(ends) or (ends is None and (case.regime == "wgs_zvh" or (case.regime is None and case.free)))
    shut = case.phase in CLOSED_PHASES or case.past(case.casus["closed_at"])
    return {("E_TERMIJN", "request")} if over or (shut and case.purpose != "D10") else set()


def _involvement(case: Case) -> Reasons:
    reasons: Reasons = set()
    if case.partner["standing"] == "deelnemer" and not case.free and case.me not in case.members:
        reasons.add(("E_NIET_BETROKKEN", "request"))
    if case.derde and case.regime == "wgs_zvh" and case.purpose != "D10":
        if case.action != "verstrekken":
            reasons.add(("E_DERDE_GEEN_TOEGANG", "request"))
        elif not case.runs("", case.partner["secrecy_statement_until"] or ""):
            reasons.add(("E_GEEN_VERKLARING", "request"))
    return reasons


def _contradictions(case: Case) -> Reasons:
    alone = case.action == "verstrekken" and case["started_by"] in (None, case.me)
    unknown_employer = case.kind == "casusregisseur" and case.employer is None
    reasons = {("E_INVOER", "request")} if alone or unknown_employer or _one_id_twice(case["legal_bases"]) else set()
    if _one_id_twice(case["secrecy_exceptions"]) or _one_id_twice(case["consents"]):
        reasons.add(("E_INVOER", "record"))
    return reasons


def _one_id_twice(rows: list[Row]) -> bool:
    """Facts that contradict each other: which of the two holds nobody knows."""
    return len({row["id"] for row in rows}) < len(rows)


# ---- of a field ----


def field_gates(case: Case, field: Field) -> Reasons:
    """Reasons of a field that hold for own data too: all but the ceiling."""
    reasons = _never(case, field) | _regime_of_field(case, field)
    if case.eligible == "support" and field.group not in ("G20", "G21"):
        reasons.add(("E_DOEL", "field"))
    if case.need(field) == "-" or (case.need(field) == "agg" and case.action == "zoeken"):
        reasons.add(("E_NIET_NODIG", "field"))
    if field.key == "bsn" and not _may_have_bsn(case):
        reasons.add(("E_BSN", "field"))
    if field.key == "melder_gegevens" and case.betrokkene:
        reasons.add(("E_MELDER", "field"))
    if case.action == "export" and (case.kind in NO_EXPORT_KINDS or case.derde):
        reasons.add(("E_EXPORT", "field"))
    if case.purpose == "D10" and (case.casus["group_size"] is None or case.casus["group_size"] < 10):
        reasons.add(("E_AANTAL", "record"))
    if case.push_to_derde and sensitive(field) and not _rac_ref(case, field):
        reasons.add(("E_GRONDSLAG", "field"))
    return reasons


def _never(case: Case, field: Field) -> Reasons:
    """E_NOOIT of R09, R10, R11, and R17 where the secrecy word needs no record."""
    housing = (field.group in NEVER_HOUSING and field.key not in NEVER_HOUSING_BUT) or field.key == "bsn"
    never = (
        ("woningcorporatie" in case.kinds and housing)
        or ("politie" in case.kinds and field.group in NEVER_POLICE)
        or (bool(case.kinds & INSURERS) and field.group != "G19")
        or (case.kind == "ander_samenwerkingsverband" and set(field.secrecy.split("/")) <= {"BG", "WV", "WZ"})
    )
    return {("E_NOOIT", "field")} if never else set()


def _regime_of_field(case: Case, field: Field) -> Reasons:
    reasons: Reasons = set()
    code = bases.lock_1(case, field)
    if code and not (code == "E_REGIME" and case.regime is None and not case.free):
        reasons.add((code, "field"))
    if case.free:
        return reasons
    if field.group in SHUT_GROUPS.get(case.regime or "", ()) and not _never(case, field):
        reasons.add(("E_PLAFOND", "field"))
    if case.regime == "zorgteam" and case.kind in INSURERS and field.group != "G19":
        reasons.add(("E_REGIME", "field"))
    return reasons


def _may_have_bsn(case: Case) -> bool:
    takes_part = case.partner["standing"] == "deelnemer" and case.kind not in NO_DEELNEMER
    return case.betrokkene or takes_part or case.kind in BSN_KINDS


def _rac_ref(case: Case, field: Field) -> bool:
    return any(basis["kind"] == "derde" and basis["rac_ref"] for basis in bases.live(case, field))


def ceiling_asked(case: Case) -> bool:
    return case.purpose != "D10"


def by_name(case: Case, field: Field) -> bool:
    """G21 without a row: only `toestemming` and `weigering`, by what the records say."""
    cell = cell_of(case.column(field.group), field)
    return cell is None and field.key in ("toestemming", "weigering") and not case.without_authority


def ceiling_reasons(case: Case, field: Field) -> Reasons:
    """E_PLAFOND of cell and condition: what own data skip."""
    if not ceiling_asked(case) or by_name(case, field) or _never(case, field):
        return set()
    if not alternatives(case, field):
        return {("E_PLAFOND", "field")}
    about = condition_fails(case, field)
    return {("E_PLAFOND", about)} if about else set()


def looks_at_no_record(case: Case, field: Field) -> bool:
    """Every ground word of the cell can be judged without a record."""
    return all(set(alternative.words) <= STATIC_WORDS for alternative in alternatives(case, field))


def phase_of_record(case: Case, field: Field, source: str | None) -> bool:
    """In `aangemeld`, outside the groups of the aanmelding: only what the aanmelder itself supplied."""
    in_triage = case.purpose == "D01" and case.me in case.casus["triage_group"]
    if case.phase != "aangemeld" or not in_triage or field.group in AANMELDING_GROUPS:
        return True
    return source is not None and source == case.casus["aanmelder"]


def phase_is_open(case: Case) -> bool:
    """For the ground `wgs`: open, or closed where the purpose goes on after closing."""
    if case.closed:
        return case.purpose in ("D10", "D11", "D12")
    return case.phase in OPEN_PHASES
