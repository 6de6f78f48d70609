"""The decision document, put together from the reasons of request, fields and records."""

from collections.abc import Iterator
from typing import Any

from hub.pdp.contract import Facts
from tests.policy.oracle import duties, gates, grounds, records
from tests.policy.oracle.case import Case, Row
from tests.policy.oracle.cells import alternatives
from tests.policy.reading import words
from tests.policy.reading.catalogue import FIELDS, Field
from tests.policy.reading.purposes import PURPOSES
from tests.unit.pdp.facts import plain

Refusal = tuple[str, str | None, str, str]
"""(field or `*`, source, code, about)."""
REQUEST_CODES = words("""E_GEBRUIKER E_LEEFTIJD E_DOEL E_REGIME E_FASE E_TERMIJN E_NIET_BETROKKEN E_DERDE_GEEN_TOEGANG
    E_GEEN_VERKLARING E_INVOER""")


def decide(facts: Facts) -> Row:
    """The decision over canonical facts."""
    return explain(facts)[0]


def explain(facts: Facts) -> tuple[Row, list[duties.Use]]:
    """The decision, and what each release uses."""
    case = Case(plain(facts))
    if case.purpose not in PURPOSES:
        return _document(case, {("*", None, "E_DOEL", "request")}, []), []
    if not case.sound_standing:
        return _document(case, {("*", None, "E_INVOER", "request")}, []), []
    refusals: set[Refusal] = {
        (key, None, "E_VELD", "field") for key in facts["requested"] if key not in FIELDS and key != "*"
    }
    whole = gates.request_reasons(case)
    standing = {code for code, _ in whole}
    found = [_field(case, FIELDS[key], standing) for key in case.known]
    by_field = set().union(*(reasons for reasons, _ in found))
    refusals |= _folded(case, whole, by_field)
    verdicts = [verdict for _, some in found for verdict in some]
    return _document(case, refusals, verdicts), [verdict.use for verdict in verdicts if verdict.use]


def _field(case: Case, field: Field, standing: set[str]) -> tuple[set[Refusal], list[records.Verdict]]:
    """The reasons of a field and its records, and the verdicts that release."""
    fixed = gates.field_gates(case, field)
    shut = gates.ceiling_reasons(case, field) | _static_grounds(case, field, standing)
    reasons: set[Refusal] = {(field.key, None, code, about) for code, about in fixed | shut}
    rows = case.records_of(field.key)
    if not rows:
        reasons.add((field.key, None, "E_GEEN_GEGEVEN", "record"))
    sources = [row["source"] for row in rows]
    verdicts = []
    for record in rows:
        open_ = not standing and not fixed and (case.is_own(record) or not shut)
        verdict = records.judge(case, field, record, standing, sources.count(record["source"]) > 1, open_)
        reasons |= {(field.key, record["source"], code, "record") for code in verdict.codes}
        verdicts.append(verdict)
    return reasons, [verdict for verdict in verdicts if verdict.release]


def _static_grounds(case: Case, field: Field, standing: set[str]) -> gates.Reasons:
    """E_GRONDSLAG about the field, of a cell that no alternative opens and that looks at no record."""
    found = alternatives(case, field)
    if not gates.ceiling_asked(case) or not gates.looks_at_no_record(case, field):
        return set()
    judged = [[grounds.static(case, field, word, standing) for word in alternative.words] for alternative in found]
    if any(all(one.holds for one in words) for words in judged):
        return set()
    codes = set().union(*(one.codes for words in judged for one in words))
    return {(code, "field") for code in codes}


def _folded(case: Case, whole: gates.Reasons, by_field: set[Refusal]) -> set[Refusal]:
    """Reasons of the request under `*`, and those that hold for every known field that was asked.

    What a record says is told by name, also of a record without a source.
    """
    above = {("*", None, code, about) for code, about in whole}
    for code in REQUEST_CODES - {code for code, _ in whole} if case.known else ():
        fields = {field for field, _, found, about in by_field if found == code and about != "record"}
        if fields >= set(case.known):
            above.add(("*", None, code, "request"))
    folded = {code for _, _, code, _ in above}
    return above | {one for one in by_field if one[3] == "record" or one[2] not in folded}


# ---- the document ----


def _document(case: Case, refusals: set[Refusal], verdicts: list[records.Verdict]) -> Row:
    released = [verdict.release for verdict in verdicts if verdict.release]
    uses = [verdict.use for verdict in verdicts if verdict.use]
    return {
        "allow": bool(released),
        "released": sorted(released, key=lambda row: (row["field"], row["source"])),
        "refusals": [
            {"field": field, "source": source, "code": code, "about": about, "law": []}
            for field, source, code, about in sorted(refusals, key=lambda row: (row[0], row[1] or "", *row[2:]))
        ],
        "obligations": duties.obligations(case, uses),
        "conceal": not released and case.me not in case.members and not case.betrokkene and not case.toezicht,
        "valid_until": valid_until(case),
    }


INSTANTS = words("""
    secrecy_statement_until authority_from authority_until first_processed_at term_ends_at closed_at uavg41_until
    destroy_on valid_from valid_until given_at withdrawn_at expires_at started_at ends_at
""")


def _instants(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        # Twelve months are the end of a consent, not of a refusal.
        keys = INSTANTS - {"expires_at"} if node.get("kind") == "weigering" else INSTANTS
        for key, value in node.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from _instants(value)
    elif isinstance(node, list):
        for item in node:
            yield from _instants(item)


def valid_until(case: Case) -> str | None:
    """The smallest instant after `at` among all dates in the facts."""
    return min((instant for instant in _instants(case.facts) if instant > case.at), default=None)
