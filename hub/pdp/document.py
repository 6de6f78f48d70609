"""The answer that an engine gives back: checked to the letter, and against the facts, before it counts.

An answer is the decision of the contract with its fields gathered by what they share, so that nobody writes, reads or
sorts the same words a hundred times: `released` are rows of source, level, legal basis, secrecy exception and fields,
`refusals` rows of source, code, about, law and fields. `document_of` gives the contract's own form.

The second lock behind the policy. Whatever an engine answers, nothing is released that was not asked, was not written
by the source, has no basis, or stands beside its own refusal. A check that fails refuses everything (law 7).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from itertools import chain
from operator import itemgetter
from sys import intern
from typing import Any, Final, NoReturn

from hub.errors import EngineUnavailable
from hub.model.obligations import OBLIGATIONS
from hub.model.release import AGG, HIT, SAM, VOL, About, Decision, Obligation, Refusal, Released
from hub.model.shared import shared
from hub.pdp import codes
from hub.pdp.instants import utc_text

Document = Mapping[str, Any]
_KEYS: Final = {"allow", "released", "refusals", "obligations", "conceal", "valid_until", "policy_revision"}
_ROW: Final = 5
"""Items of a row, of releases and of refusals."""
_TEXT: Final = {str}
_LIST: Final = {list}
_FIRST: Final = itemgetter(0)
_PLACE: Final = itemgetter(0, 1)
"""Of a release or a refusal: (field, source)."""
_new: Final = tuple.__new__
_ABOUT: Final = {str(about): about for about in About}
_OBLIGATION_KEYS: Final = {"type", "within", "at", "fields"}
_WITHIN: Final = {"P1M", "P1D", "P1Y"}
_WRITTEN_FOR: Final = {VOL: {VOL}, SAM: {SAM}, HIT: {VOL, SAM}}
"""Level of a release -> the forms of which the source must have written one (law 4; not asked of `agg`)."""
_LEAST_FOR_AGG: Final = 10
_LIFTING: Final = codes.SECRECY_KINDS | {None}
"""What may stand as the exception of a release without a fact of its own: a kind, or none."""
_NOTHING: Final[dict[str, "_Forms"]] = {}
"""What a source wrote that has no record."""


def checked(answer: object, facts: Document, revision: str) -> Decision:
    """The decision of `answer` on the canonical `facts`.

    Raises EngineUnavailable, with the place of the fault, when the answer is not exactly of its shape, is of another
    revision than `revision`, or breaks one of laws 1, 2, 4, 5 and 6 of the contract.
    """
    document: Any = answer
    decision = decision_of(document)
    _need(decision.policy_revision == revision, "policy_revision")
    _need(decision.allow == bool(decision.released), "allow")
    _need(not (decision.conceal and decision.allow), "conceal")
    _need(decision.valid_until is None or decision.valid_until > facts["at"], "valid_until")
    # The rows of the answer say the same as the decision, in fewer words.
    released, refusals = document["released"], document["refusals"]
    written = _written(facts["rows"])
    out = _hold_together(decision, facts["requested"], released, refusals, written)
    _rest_on_facts(released, facts, written)
    _duties_fit(decision, facts, out)
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
            {"field": field, "legal_basis": basis, "level": level, "secrecy_exception": exception, "source": source}
            for field, source, level, basis, exception in decision.released
        ],
        "refusals": [
            {"about": str(about), "code": code, "field": field, "law": list(law), "source": source}
            for field, source, code, about, law in decision.refusals
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
    _need(set(map(type, values)) <= _TEXT and all(values), place)


def _all_words(values: Collection[object], words: frozenset[str], place: str) -> None:
    _all_text(values, place)
    _need(words.issuperset(values), place)


def _released(value: object) -> tuple[Released, ...]:
    rows = _list(value, "released")
    if not rows:
        return ()
    sources, levels, bases, exceptions, _ = _columns(rows, "released")
    _all_text(sources + bases, "released")
    _all_words(levels, codes.LEVELS_RELEASED, "released.level")
    _all_text([one for one in exceptions if one is not None], "released.secrecy_exception")
    # The same words stand in many decisions: those that are remembered hold each of them once.
    found: list[Released] = []
    for source, level, basis, exception, names in sorted(rows, key=_FIRST):
        where, how, why, lifted = intern(source), intern(level), intern(basis), exception and intern(exception)
        for name in names:
            # A named tuple's own way to be made takes twice the time, and so does a comprehension for a few at a time.
            found.append(_new(Released, (intern(name), where, how, why, lifted)))  # noqa: PERF401 - see above
    # By source they are already, and of one field they stay so.
    found.sort(key=_FIRST)
    return tuple(found)


def _refusals(value: object) -> tuple[Refusal, ...]:
    rows = _list(value, "refusals")
    if not rows:
        return ()
    sources, reasons, abouts, laws, _ = _columns(rows, "refusals")
    _all_text([one for one in sources if one is not None], "refusals.source")
    _all_words(reasons, codes.CODES, "refusals.code")
    _all_words(abouts, codes.ABOUT, "refusals.about")
    _need(set(map(type, laws)) == _LIST, "refusals.law")
    _all_text(list(chain.from_iterable(laws)), "refusals.law")
    # By source (those without one first), code, about and law; and then, where that is the same, by field.
    ordered = sorted([row for row in rows if row[0] is None]) + sorted([row for row in rows if row[0] is not None])
    found: list[Refusal] = []
    for source, code, about, law, names in ordered:
        where, why, what, because = source and intern(source), intern(code), _ABOUT[about], tuple(map(intern, law))
        for name in names:
            found.append(_new(Refusal, (shared(name), where, why, what, because)))  # noqa: PERF401 - as of releases
    found.sort(key=_FIRST)
    # Two records of one field and source are refused for one reason: it is told once.
    return tuple([one for one, before in zip(found, [None, *found[:-1]], strict=True) if one != before])


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


def _hold_together(
    decision: Decision, requested: list[str], released: list[Any], refusals: list[Any], written: "_Written"
) -> set[str]:
    """The fields of which something is released."""
    asked = set(requested)
    everything = codes.ANY in asked
    let_out, withheld = _places(released), _places(refusals)
    out, kept = set[str]().union(*let_out.values()), set[str]().union(*withheld.values())
    _need(sum(map(len, let_out.values())) == len(decision.released), "released")
    _need(everything or out <= asked, "released.field")
    _need(everything or kept <= asked | {codes.ANY}, "refusals.field")
    for source, fields in let_out.items():
        _need(fields.isdisjoint(withheld.get(source, ())), "refusals")
    if codes.ANY in kept:
        whole = [item for item in decision.refusals if item.field == codes.ANY]
        _need(not let_out, "refusals")
        _need(all(item.code in codes.REQUEST_CODES and item.source is None for item in whole), "refusals.code")
        return out
    asked.discard(codes.ANY)
    _need(asked <= out | kept, "refusals")
    # A record without an answer of its own has that of its field.
    owed = asked.difference(withheld.get(None, ()))
    for source, forms in written.items():
        _need(not owed.intersection(forms).difference(let_out.get(source, ()), withheld.get(source, ())), "refusals")
    return out


def _places(rows: list[Any]) -> dict[str | None, set[str]]:
    """Of rows of an answer, the fields by source."""
    found: dict[str | None, set[str]] = defaultdict(set)
    for row in rows:
        found[row[0]].update(row[-1])
    return found


# Laws 4 and 5: only what the source wrote, and on a basis that is in the facts

_Forms = tuple[str, ...] | None
_Written = dict[str | None, dict[str, _Forms]]
"""Source -> field -> the forms that the source wrote; None where it has two records, which contradict each other."""


def _written(rows: list[Document]) -> _Written:
    written: _Written = {}
    for row in rows:
        written.setdefault(row["source"], {}).update(dict.fromkeys(row["fields"], tuple(row["levels"])))
    if sum(map(len, written.values())) < sum(len(row["fields"]) for row in rows):
        places = Counter((row["source"], field) for row in rows for field in row["fields"])
        for (source, field), number in places.items():
            if number > 1:
                written[source][field] = None
    return written


def _rest_on_facts(released: list[Any], facts: Document, written: _Written) -> None:
    enough = (facts["casus"]["group_size"] or 0) >= _LEAST_FOR_AGG
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source, level, _, _, names in released:
        places[source, level] += names
    faults = []
    for (source, level), names in places.items():
        forms_of = written.get(source, _NOTHING).get
        for forms in set(map(forms_of, names)):
            if not _fits(level, forms, enough):
                faults += [(name, source, forms) for name in names if forms_of(name) == forms]
    if faults:
        _, _, forms = min(faults, key=_PLACE)
        _refuse("released.source" if forms is None else "released.level")
    _need({row[2] for row in released} <= _live_bases(facts), "released.legal_basis")
    lifted = {row[3] for row in released} - _LIFTING
    _need(not lifted or lifted <= _lifts(facts), "released.secrecy_exception")


def _lifts(facts: Document) -> set[str]:
    """What can lift secrecy by name, beside the kinds of a lift."""
    named = {row["id"] for key in ("secrecy_exceptions", "consents") for row in facts[key]}
    return named | {"emergency"} if facts["emergency"] else named


def _fits(level: str, forms: _Forms, enough: bool) -> bool:
    if forms is None:
        return False
    return enough if level == AGG else not _WRITTEN_FOR[level].isdisjoint(forms)


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


def _duties_fit(decision: Decision, facts: Document, let_out: set[str]) -> None:
    able = set(facts["partner"]["fulfils"])
    types = {duty.type for duty in decision.obligations}
    _need(bool(types) == bool(let_out), "obligations")
    _need(not let_out or "log_dataverwerking" in types, "obligations")
    _need(codes.ANY in able or types <= able, "obligations.type")
    for duty in decision.obligations:
        _need(duty.fields is None or let_out.issuperset(duty.fields), "obligations.fields")
