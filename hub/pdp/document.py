"""The answer that an engine gives back: checked to the letter, and against the facts, before it counts.

An answer is the decision of the contract with its fields gathered by what they share, so that nobody writes, reads or
sorts the same words a hundred times: `released` are rows of source, level, legal basis, secrecy exception and fields,
`refusals` rows of source, code, about, law and fields. `document_of` gives the contract's own form.

The second lock behind the policy. Whatever an engine answers, nothing is released that was not asked, was not written
by the source, has no basis, or stands beside its own refusal. A check that fails refuses everything (law 7).
"""

from collections.abc import Collection, Mapping
from itertools import chain
from operator import itemgetter
from sys import intern
from typing import Any, Final, NoReturn

from hub.errors import EngineUnavailable
from hub.model.obligations import OBLIGATIONS
from hub.model.release import AGG, HIT, SAM, VOL, About, Decision, Obligation, Refusal, Released
from hub.pdp import codes
from hub.pdp.instants import utc_text

Document = Mapping[str, Any]
_KEYS: Final = {"allow", "released", "refusals", "obligations", "conceal", "valid_until", "policy_revision"}
_ROW: Final = 5
"""Items of a row, of releases and of refusals."""
_PLACE: Final = itemgetter(0, 1)
"""Of a release or a refusal: (field, source)."""
_ABOUT: Final = {str(about): about for about in About}
_OBLIGATION_KEYS: Final = {"type", "within", "at", "fields"}
_WITHIN: Final = {"P1M", "P1D", "P1Y"}
_WRITTEN_FOR: Final = {VOL: {VOL}, SAM: {SAM}, HIT: {VOL, SAM}}
"""Level of a release -> the forms of which the source must have written one (law 4; not asked of `agg`)."""
_LEAST_FOR_AGG: Final = 10
_TWICE: Final[Collection[str]] = ()
"""Stands for a record that is not there, or not alone."""


def checked(answer: object, facts: Document, revision: str) -> Decision:
    """The decision of `answer` on the canonical `facts`.

    Raises EngineUnavailable, with the place of the fault, when the answer is not exactly of its shape, is of another
    revision than `revision`, or breaks one of laws 1, 2, 4, 5 and 6 of the contract.
    """
    decision = decision_of(answer)
    _need(decision.policy_revision == revision, "policy_revision")
    _need(decision.allow == bool(decision.released), "allow")
    _need(not (decision.conceal and decision.allow), "conceal")
    _need(decision.valid_until is None or decision.valid_until > facts["at"], "valid_until")
    written = _written(facts["rows"])
    _hold_together(decision, facts["requested"], written)
    _rest_on_facts(decision, facts, written)
    _duties_fit(decision, facts)
    return decision


def decision_of(answer: object) -> Decision:
    """The decision of an answer of the right shape; whether the facts bear it is not asked. Raises EngineUnavailable."""
    document = _object(answer, _KEYS, "answer")
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
    return tuple(intern(_text(item, place)) for item in _list(value, place))


def _instant(value: object, place: str) -> str:
    try:
        same = utc_text(_text(value, place))
    except ValueError:
        _refuse(place)
    _need(same == value, place)
    return same


def _columns(rows: list[Any], place: str) -> list[tuple[Any, ...]]:
    """The columns of rows, the last of which is fields: all rows are looked at at once, for speed."""
    _need(set(map(type, rows)) == {list} and set(map(len, rows)) == {_ROW}, place)
    columns = list(zip(*rows, strict=True))
    _need(set(map(type, columns[-1])) == {list} and all(columns[-1]), f"{place}.fields")
    _all_text(list(chain.from_iterable(columns[-1])), f"{place}.fields")
    return columns


def _all_text(values: Collection[object], place: str) -> None:
    _need(set(map(type, values)) <= {str} and "" not in values, place)


def _all_words(values: Collection[object], words: frozenset[str], place: str) -> None:
    _all_text(values, place)
    _need(words.issuperset(values), place)


def _released(value: object) -> tuple[Released, ...]:
    rows = _list(value, "released")
    if not rows:
        return ()
    sources, levels, bases, exceptions, _ = _columns(rows, "released")
    for column in (sources, bases):
        _all_text(column, "released")
    _all_words(levels, codes.LEVELS_RELEASED, "released.level")
    _all_text([one for one in exceptions if one is not None], "released.secrecy_exception")
    # The same words stand in many decisions: those that are remembered hold each of them once.
    found = []
    for source, level, basis, exception, names in rows:
        shared = (intern(source), intern(level), intern(basis), exception and intern(exception))
        found += [Released(intern(name), *shared) for name in names]
    return tuple(sorted(found, key=_PLACE))


def _refusals(value: object) -> tuple[Refusal, ...]:
    rows = _list(value, "refusals")
    if not rows:
        return ()
    sources, reasons, abouts, laws, _ = _columns(rows, "refusals")
    _all_text([one for one in sources if one is not None], "refusals.source")
    _all_words(reasons, codes.CODES, "refusals.code")
    _all_words(abouts, codes.ABOUT, "refusals.about")
    for law in laws:
        _all_text(_list(law, "refusals.law"), "refusals.law")
    # Two records of one field and source are refused for one reason: it is told once.
    found = {
        Refusal(name, source and intern(source), intern(code), _ABOUT[about], tuple(map(intern, law)))
        for source, code, about, law, names in rows
        for name in map(intern, names)
    }
    return tuple(sorted(found, key=_told_in_order))


def _told_in_order(refusal: Refusal) -> tuple[Any, ...]:
    return (refusal.field, refusal.source or "", refusal.code, refusal.about, refusal.law)


def _obligation(value: object) -> Obligation:
    if type(value) is not dict or "type" not in value or not value.keys() <= _OBLIGATION_KEYS:
        _refuse("obligations")
    return Obligation(
        type=_word(value["type"], OBLIGATIONS, "obligations.type"),
        within=_word(value["within"], _WITHIN, "obligations.within") if "within" in value else None,
        at=_instant(value["at"], "obligations.at") if "at" in value else None,
        fields=_texts(value["fields"], "obligations.fields") if "fields" in value else None,
    )


# Laws 1 and 2: what was asked is released or refused, and nothing is both


def _hold_together(decision: Decision, requested: list[str], written: "_Written") -> None:
    asked = set(requested)
    everything = codes.ANY in asked
    let_out = set(map(_PLACE, decision.released))
    withheld = set(map(_PLACE, decision.refusals))
    out, kept = {field for field, _ in let_out}, {field for field, _ in withheld}
    _need(len(let_out) == len(decision.released), "released")
    _need(everything or out <= asked, "released.field")
    _need(everything or kept <= asked | {codes.ANY}, "refusals.field")
    _need(let_out.isdisjoint(withheld), "refusals")
    if codes.ANY in kept:
        whole = [item for item in decision.refusals if item.field == codes.ANY]
        _need(not let_out, "refusals")
        _need(all(item.code in codes.REQUEST_CODES and item.source is None for item in whole), "refusals.code")
        return
    asked.discard(codes.ANY)
    _need(asked <= out | kept, "refusals")
    # A record without an answer of its own has that of its field.
    silent = {field for field, _ in written.keys() - let_out - withheld} & asked
    _need(silent <= {field for field, source in withheld if source is None}, "refusals")


# Laws 4 and 5: only what the source wrote, and on a basis that is in the facts

_Written = dict[tuple[str, str], Collection[str]]
"""(field, source) -> the forms that the source wrote; none where it has two records, which contradict each other."""


def _written(rows: list[Document]) -> _Written:
    written: _Written = {(field, row["source"]): row["levels"] for row in rows for field in row["fields"]}
    if len(written) < sum(len(row["fields"]) for row in rows):
        seen: set[tuple[str, str]] = set()
        for place in ((field, row["source"]) for row in rows for field in row["fields"]):
            if place in seen:
                written[place] = _TWICE
            seen.add(place)
    return written


def _rest_on_facts(decision: Decision, facts: Document, written: _Written) -> None:
    enough = (facts["casus"]["group_size"] or 0) >= _LEAST_FOR_AGG
    for field, source, level, _, _ in decision.released:
        levels = written.get((field, source), _TWICE)
        if levels is _TWICE:
            _refuse("released.source")
        if not enough if level == AGG else _WRITTEN_FOR[level].isdisjoint(levels):
            _refuse("released.level")
    lifts = {row["id"] for key in ("secrecy_exceptions", "consents") for row in facts[key]}
    lifts |= {None, "emergency" if facts["emergency"] else None} | codes.SECRECY_KINDS
    _need({line.legal_basis for line in decision.released} <= _live_bases(facts), "released.legal_basis")
    _need({line.secrecy_exception for line in decision.released} <= lifts, "released.secrecy_exception")


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
