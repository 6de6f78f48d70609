"""The answer that an engine gives back: checked to the letter, and against the facts, before it counts.

An answer is the decision of the contract with its fields gathered by what they share, so that nobody writes, reads or
sorts the same words a hundred times: `released` are rows of source, level, legal basis, secrecy exception and fields,
`refusals` rows of source, code, about, law and fields. `document_of` gives the contract's own form.

The second lock behind the policy. Whatever an engine answers, nothing is released that was not asked, was not written
by the source, has no basis, or stands beside its own refusal. A check that fails refuses everything (law 7).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from operator import itemgetter
from sys import intern
from typing import Annotated, Any, Final, NoReturn

import msgspec
from msgspec import UNSET, Meta, UnsetType, defstruct

from hub.errors import EngineUnavailable
from hub.model.obligations import OBLIGATIONS
from hub.model.release import AGG, HIT, SAM, VOL, About, Decision, Obligation, Refusal, Released
from hub.model.shared import shared
from hub.pdp import codes
from hub.pdp.contract import Facts
from hub.pdp.instants import utc_text
from hub.pdp.shape import NOT_EMPTY, list_of, one_of

_FIRST: Final = itemgetter(0)
_PLACE: Final = itemgetter(0, 1)
"""Of a release or a refusal: (field, source)."""
_new: Final = tuple.__new__
_PATH: Final = re.compile(r" - at `\$([a-z_.0-9\[\]]+)`\Z")
"""At the end of what the reader says is wrong: in which key or item. Of a key that is unknown it says the name before it."""
_ABOUT: Final = {str(about): about for about in About}
_WRITTEN_FOR: Final = {VOL: {VOL}, SAM: {SAM}, HIT: {VOL, SAM}}
"""Level of a release -> the forms of which the source must have written one (law 4; not asked of `agg`)."""
_LEAST_FOR_AGG: Final = 10
_LIFTING: Final = codes.SECRECY_KINDS | {None}
"""What may stand as the exception of a release without a fact of its own: a kind, or none."""
_NOTHING: Final[dict[str, "_Forms"]] = {}
"""What a source wrote that has no record."""


def checked(answer: object, facts: Facts, revision: str) -> Decision:
    """The decision of `answer` on the canonical `facts`.

    Raises EngineUnavailable, with the place of the fault, when the answer is not exactly of its shape, is of another
    revision than `revision`, or breaks one of laws 1, 2, 4, 5 and 6 of the contract.
    """
    told = _read(answer)
    decision = _decision(told)
    _need(decision.policy_revision == revision, "policy_revision")
    _need(decision.allow == bool(decision.released), "allow")
    _need(not (decision.conceal and decision.allow), "conceal")
    _need(decision.valid_until is None or decision.valid_until > facts.at, "valid_until")
    # The rows of the answer say the same as the decision, in fewer words.
    written = _written(facts.rows)
    out = _hold_together(decision, facts.requested, told.released, told.refusals, written)
    _rest_on_facts(told.released, facts, written)
    _duties_fit(decision, facts, out)
    return decision


def decision_of(answer: object) -> Decision:
    """The decision of an answer of the right shape; whether the facts bear it is not asked. Raises EngineUnavailable."""
    return _decision(_read(answer))


def _decision(answer: Any) -> Decision:
    return Decision(
        allow=answer.allow,
        released=_released(answer.released),
        refusals=_refusals(answer.refusals),
        obligations=tuple(map(_obligation, answer.obligations)),
        conceal=answer.conceal,
        valid_until=None if answer.valid_until is None else _instant(answer.valid_until, "valid_until"),
        policy_revision=answer.policy_revision,
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


def _object(name: str, **keys: tuple[Any, ...]) -> Any:
    """An object: key -> (form), or (form, default when missing)."""
    members = [(key, *kind) for key, kind in keys.items()]
    return defstruct(name, members, frozen=True, forbid_unknown_fields=True, gc=False)


def _row(*forms: Any) -> Any:
    return tuple.__class_getitem__(forms)


_TEXTS: Final = list_of(NOT_EMPTY)
_FIELDS: Final[Any] = Annotated[_TEXTS, Meta(min_length=1)]
_ANSWER: Final = _object(
    "Answer",
    allow=(bool,),
    # Source, level, basis, secrecy exception, fields.
    released=(list_of(_row(NOT_EMPTY, one_of(codes.LEVELS_RELEASED), NOT_EMPTY, NOT_EMPTY | None, _FIELDS)),),
    # Source, code, about, law, fields.
    refusals=(list_of(_row(NOT_EMPTY | None, one_of(codes.CODES), one_of(codes.ABOUT), _TEXTS, _FIELDS)),),
    obligations=(
        list_of(
            _object(
                "Obligation",
                type=(one_of(OBLIGATIONS),),
                within=(one_of(("P1M", "P1D", "P1Y")) | UnsetType, UNSET),
                at=(NOT_EMPTY | UnsetType, UNSET),
                fields=(_TEXTS | UnsetType, UNSET),
            )
        ),
    ),
    conceal=(bool,),
    valid_until=(NOT_EMPTY | None,),
    policy_revision=(NOT_EMPTY,),
)


def _read(answer: object) -> Any:
    try:
        return msgspec.convert(answer, _ANSWER)
    except ValueError as error:
        # Where it went wrong, without what stood there.
        raise EngineUnavailable(place="answer" + "".join(_PATH.findall(str(error)))) from None


def _refuse(place: str) -> NoReturn:
    raise EngineUnavailable(place=f"answer.{place}")


def _need(condition: bool, place: str) -> None:
    if not condition:
        _refuse(place)


def _instant(value: str, place: str) -> str:
    try:
        same = utc_text(value)
    except ValueError:
        _refuse(place)
    _need(same == value, place)
    return same


def _released(rows: list[Any]) -> tuple[Released, ...]:
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


def _refusals(rows: list[Any]) -> tuple[Refusal, ...]:
    # By source (those without one first), code, about and law; and then, where that is the same, by field.
    ordered = sorted([row for row in rows if row[0] is None]) + sorted([row for row in rows if row[0] is not None])
    found: list[Refusal] = []
    for source, code, about, law, names in ordered:
        where, why, what, because = source and intern(source), intern(code), _ABOUT[about], tuple(map(intern, law))
        for name in names:
            found.append(_new(Refusal, (shared(name), where, why, what, because)))  # noqa: PERF401 - as of releases
    found.sort(key=_FIRST)
    # Two records of one field and source are refused for one reason: it is told once.
    return tuple([one for one, before in zip(found, [None, *found], strict=False) if one != before])


def _obligation(duty: Any) -> Obligation:
    return Obligation(
        type=duty.type,
        within=None if duty.within is UNSET else duty.within,
        at=None if duty.at is UNSET else _instant(duty.at, "obligations.at"),
        fields=None if duty.fields is UNSET else tuple(map(intern, duty.fields)),
    )


# Laws 1 and 2: what was asked is released or refused, and nothing is both


def _hold_together(
    decision: Decision, requested: Sequence[str], released: list[Any], refusals: list[Any], written: "_Written"
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


def _written(rows: list[Any]) -> _Written:
    written: _Written = {}
    for row in rows:
        written.setdefault(row.source, {}).update(dict.fromkeys(row.fields, row.levels))
    if sum(map(len, written.values())) < sum(len(row.fields) for row in rows):
        places = Counter((row.source, field) for row in rows for field in row.fields)
        for (source, field), number in places.items():
            if number > 1:
                written[source][field] = None
    return written


def _rest_on_facts(released: list[Any], facts: Facts, written: _Written) -> None:
    enough = (facts.casus.group_size or 0) >= _LEAST_FOR_AGG
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


def _lifts(facts: Facts) -> set[str]:
    """What can lift secrecy by name, beside the kinds of a lift."""
    named = {row.id for row in (*facts.secrecy_exceptions, *facts.consents)}
    return named | {"emergency"} if facts.emergency else named


def _fits(level: str, forms: _Forms, enough: bool) -> bool:
    if forms is None:
        return False
    return enough if level == AGG else not _WRITTEN_FOR[level].isdisjoint(forms)


def _live_bases(facts: Facts) -> set[str]:
    at, purpose, partner = facts.at, facts.purpose, facts.partner.id
    return {
        basis.id
        for basis in facts.legal_bases
        if basis.partner == partner
        and (purpose in basis.purposes or codes.ANY in basis.purposes)
        and basis.valid_from <= at
        and (basis.valid_until is None or at < basis.valid_until)
    }


# Law 6: duties speak of what is released, and the receiver can carry them out


def _duties_fit(decision: Decision, facts: Facts, let_out: set[str]) -> None:
    able = set(facts.partner.fulfils)
    types = {duty.type for duty in decision.obligations}
    _need(bool(types) == bool(let_out), "obligations")
    _need(not let_out or "log_dataverwerking" in types, "obligations")
    _need(codes.ANY in able or types <= able, "obligations.type")
    for duty in decision.obligations:
        _need(duty.fields is None or let_out.issuperset(duty.fields), "obligations.fields")
