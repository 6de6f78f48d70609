"""The decision document that an engine gives back: checked to the letter, and against the facts, before it counts.

The second lock behind the policy. Whatever an engine answers, nothing is released that was not asked, was not written
by the source, has no basis, or stands beside its own refusal. A check that fails refuses everything (law 7).
"""

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import starmap
from operator import itemgetter
from typing import Any, Final, NoReturn

from hub.errors import EngineUnavailable
from hub.model.release import AGG, HIT, SAM, VOL, About, Decision, Obligation, Refusal, Released
from hub.pdp import codes
from hub.pdp.instants import utc_text

Document = Mapping[str, Any]
_KEYS: Final = {"allow", "released", "refusals", "obligations", "conceal", "valid_until", "policy_revision"}
_RELEASED_KEYS: Final = ("field", "source", "level", "legal_basis", "secrecy_exception")
_REFUSAL_KEYS: Final = ("field", "source", "code", "about", "law")
_ABOUT: Final = {str(about): about for about in About}
_OBLIGATION_KEYS: Final = {"type", "within", "at", "fields"}
_WITHIN: Final = {"P1M", "P1D", "P1Y"}
_WRITTEN_FOR: Final = {VOL: {VOL}, SAM: {SAM}, HIT: {VOL, SAM}}
"""Level of a release -> the forms of which the source must have written one (law 4; not asked of `agg`)."""
_LEAST_FOR_AGG: Final = 10


def checked(answer: object, facts: Document, revision: str) -> Decision:
    """The decision of `answer` on the canonical `facts`.

    Raises EngineUnavailable, with the place of the fault, when the document is not exactly of its shape, is of another
    revision than `revision`, or breaks one of laws 1, 2, 4, 5 and 6 of the contract.
    """
    document = _object(answer, _KEYS, "answer")
    decision = _decision(document)
    _need(decision.policy_revision == revision, "policy_revision")
    _need(decision.allow == bool(decision.released), "allow")
    _need(not (decision.conceal and decision.allow), "conceal")
    _need(decision.valid_until is None or decision.valid_until > facts["at"], "valid_until")
    _hold_together(decision, facts)
    _rest_on_facts(decision, facts)
    _duties_fit(decision, facts)
    return decision


def document_of(decision: Decision) -> dict[str, Any]:
    """The contract's document of a decision."""
    return {
        "allow": decision.allow,
        "released": [
            {
                "field": item.field,
                "source": item.source,
                "level": item.level,
                "legal_basis": item.legal_basis,
                "secrecy_exception": item.secrecy_exception,
            }
            for item in decision.released
        ],
        "refusals": [
            {
                "field": item.field,
                "source": item.source,
                "code": item.code,
                "about": str(item.about),
                "law": list(item.law),
            }
            for item in decision.refusals
        ],
        "obligations": [item.document() for item in decision.obligations],
        "conceal": decision.conceal,
        "valid_until": decision.valid_until,
        "policy_revision": decision.policy_revision,
    }


# Shape


def _refuse(place: str) -> NoReturn:
    raise EngineUnavailable(place=f"answer.{place}")


def _need(condition: bool, place: str) -> None:
    if not condition:
        _refuse(place)


def _object(value: object, keys: Collection[str], place: str) -> dict[str, Any]:
    if type(value) is not dict or value.keys() != keys:
        _refuse(place)
    return value


def _list(value: object, place: str) -> list[Any]:
    if type(value) is not list:
        _refuse(place)
    return value


def _text(value: object, place: str) -> str:
    if type(value) is not str or not value:
        _refuse(place)
    return value


def _word(value: object, words: Collection[str], place: str) -> str:
    if type(value) is not str or value not in words:
        _refuse(place)
    return value


def _texts(value: object, place: str) -> tuple[str, ...]:
    return tuple(_text(item, place) for item in _list(value, place))


def _instant(value: object, place: str) -> str:
    try:
        same = utc_text(_text(value, place))
    except ValueError:
        _refuse(place)
    _need(same == value, place)
    return same


def _rows(value: object, keys: tuple[str, ...], place: str) -> list[tuple[Any, ...]]:
    """The values of `keys` of each object in a list, in that order: all rows at once, for speed."""
    rows = _list(value, place)
    try:
        _need(not rows or (set(map(type, rows)) == {dict} and set(map(len, rows)) == {len(keys)}), place)
        return list(map(itemgetter(*keys), rows))
    except (KeyError, TypeError):
        _refuse(place)


def _all_text(values: Collection[object], place: str) -> None:
    _need(set(map(type, values)) <= {str} and "" not in values, place)


def _all_words(values: Collection[object], words: frozenset[str], place: str) -> None:
    _all_text(values, place)
    _need(words.issuperset(values), place)


def _decision(document: Document) -> Decision:
    for key in ("allow", "conceal"):
        _need(type(document[key]) is bool, key)
    until = document["valid_until"]
    return Decision(
        allow=document["allow"],
        released=_released(document["released"]),
        refusals=_refusals(document["refusals"]),
        obligations=tuple(map(_obligation, _list(document["obligations"], "obligations"))),
        conceal=document["conceal"],
        valid_until=None if until is None else _instant(until, "valid_until"),
        policy_revision=_text(document["policy_revision"], "policy_revision"),
    )


def _released(value: object) -> tuple[Released, ...]:
    rows = _rows(value, _RELEASED_KEYS, "released")
    if not rows:
        return ()
    fields, sources, levels, bases, exceptions = zip(*rows, strict=True)
    for column in (fields, sources, bases):
        _all_text(column, "released")
    _all_words(levels, codes.LEVELS_RELEASED, "released.level")
    _all_text([one for one in exceptions if one is not None], "released.secrecy_exception")
    return tuple(starmap(Released, rows))


def _refusals(value: object) -> tuple[Refusal, ...]:
    rows = _rows(value, _REFUSAL_KEYS, "refusals")
    if not rows:
        return ()
    fields, sources, reasons, abouts, laws = zip(*rows, strict=True)
    _all_text(fields, "refusals.field")
    _all_text([one for one in sources if one is not None], "refusals.source")
    _all_words(reasons, codes.CODES, "refusals.code")
    _all_words(abouts, codes.ABOUT, "refusals.about")
    for law in laws:
        _all_text(_list(law, "refusals.law"), "refusals.law")
    return tuple(Refusal(row[0], row[1], row[2], _ABOUT[row[3]], tuple(row[4])) for row in rows)


def _obligation(value: object) -> Obligation:
    if type(value) is not dict or "type" not in value or not value.keys() <= _OBLIGATION_KEYS:
        _refuse("obligations")
    return Obligation(
        type=_word(value["type"], codes.OBLIGATIONS, "obligations.type"),
        within=_word(value["within"], _WITHIN, "obligations.within") if "within" in value else None,
        at=_instant(value["at"], "obligations.at") if "at" in value else None,
        fields=_texts(value["fields"], "obligations.fields") if "fields" in value else None,
    )


# Laws 1 and 2: what was asked is released or refused, and nothing is both


def _hold_together(decision: Decision, facts: Document) -> None:
    asked = set(facts["requested"])
    everything = codes.ANY in asked
    let_out = {(item.field, item.source) for item in decision.released}
    withheld = {(item.field, item.source) for item in decision.refusals}
    _need(len(let_out) == len(decision.released), "released")
    _need(everything or {field for field, _ in let_out} <= asked, "released.field")
    _need(everything or {field for field, _ in withheld} <= asked | {codes.ANY}, "refusals.field")
    _need(not let_out & withheld, "refusals")
    whole = [item for item in decision.refusals if item.field == codes.ANY]
    _need(not (whole and let_out), "refusals")
    _need(all(item.code in codes.REQUEST_CODES and item.source is None for item in whole), "refusals.code")
    if not whole:
        _all_answered(asked - {codes.ANY}, facts, let_out, withheld)


def _all_answered(
    asked: set[str], facts: Document, let_out: set[tuple[str, str]], withheld: set[tuple[str, str | None]]
) -> None:
    named = {field for field, source in withheld if source is None}
    _need(asked <= named | {field for field, _ in let_out} | {field for field, _ in withheld}, "refusals")
    unanswered = {
        field
        for row in facts["rows"]
        for field in row["fields"]
        if field in asked and (field, row["source"]) not in let_out and (field, row["source"]) not in withheld
    }
    _need(unanswered <= named, "refusals")


# Laws 4 and 5: only what the source wrote, and on a basis that is in the facts


def _rest_on_facts(decision: Decision, facts: Document) -> None:
    written = _written_once(facts["rows"])
    bases = _live_bases(facts)
    lifts = {row["id"] for key in ("secrecy_exceptions", "consents") for row in facts[key]}
    lifts |= {None, "emergency" if facts["emergency"] else None} | codes.SECRECY_KINDS
    for item in decision.released:
        levels = written.get((item.field, item.source))
        if levels is None:
            _refuse("released.source")
        _need(item.level == AGG or not _WRITTEN_FOR[item.level].isdisjoint(levels), "released.level")
        _need(item.level != AGG or (facts["casus"]["group_size"] or 0) >= _LEAST_FOR_AGG, "released.level")
        _need(item.legal_basis in bases, "released.legal_basis")
        _need(item.secrecy_exception in lifts, "released.secrecy_exception")


def _written_once(rows: list[Document]) -> dict[tuple[str, str], list[str]]:
    """(field, source) -> the forms that the source wrote, of the records that stand alone."""
    written = {(field, row["source"]): row["levels"] for row in rows for field in row["fields"]}
    if len(written) < sum(len(row["fields"]) for row in rows):
        count = Counter((field, row["source"]) for row in rows for field in row["fields"])
        return {own: levels for own, levels in written.items() if count[own] == 1}
    return written


def _live_bases(facts: Document) -> set[str]:
    at = facts["at"]
    return {
        basis["id"]
        for basis in facts["legal_bases"]
        if basis["partner"] == facts["partner"]["id"]
        and (facts["purpose"] in basis["purposes"] or codes.ANY in basis["purposes"])
        and basis["valid_from"] <= at
        and (basis["valid_until"] is None or at < basis["valid_until"])
    }


# Law 6: duties speak of what is released, and the receiver can carry them out


def _duties_fit(decision: Decision, facts: Document) -> None:
    let_out = {item.field for item in decision.released}
    able = set(facts["partner"]["fulfils"])
    types = {duty.type for duty in decision.obligations}
    _need(bool(types) == bool(let_out), "obligations")
    _need(not let_out or "log_dataverwerking" in types, "obligations")
    _need(codes.ANY in able or types <= able, "obligations.type")
    for duty in decision.obligations:
        _need(duty.fields is None or let_out.issuperset(duty.fields), "obligations.fields")
