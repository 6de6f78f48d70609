"""Laws 1 to 10 of the decision contract, each as what a random document finds wrong with it, in both runtimes.

Law 8 is asked of every answer (`Runtimes.both`). Laws 3 and 10 take facts away: the first of what they take goes to both
runtimes too, the rest to the embedded one. Laws 7 and 9 have their tests at the doors; here: an answer that is spoiled
refuses everything, and neither a value nor the words of a reason reach the policy.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, Final

from hub.api.views import withheld_view
from hub.broker.decided import asking_of
from hub.broker.told import told
from hub.errors import EngineUnavailable, ShapeError
from hub.model.release import Decision
from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts
from hub.pdp.document import decision_of, document_of
from hub.pdp.opening import Openings
from hub.pdp.pdp import PolicyDecisionPoint
from hub.pdp.tables import LawTables
from tests.policy.documents import Row, consent
from tests.policy.engine import engine
from tests.policy.facts import document
from tests.policy.laying import instant
from tests.policy.oracle.case import Case
from tests.policy.oracle.cells import alternatives
from tests.policy.oracle.secrecy import word_of
from tests.policy.reading.catalogue import FIELDS
from tests.policy.reading.purposes import LEVELS, PURPOSES
from tests.policy.reading.regimes import LOCKED_WORDS
from tests.policy.runtimes import FULL
from tests.unit.pdp.facts import plain

Released = dict[tuple[str, str], str]
Faults = Iterator[str]
_TAKINGS: Final = 6 if FULL else 3
_FIELDS: Final = 128 if FULL else 1
"""Facts, and withheld fields, that laws 3 and 10 take away of a document, one at a time."""
_BOTH_EACH: Final = 1 if FULL else 3
"""Of every so many documents one has its first change decided in both runtimes."""
_AT: Final = "2027-01-10T11:00:00.000000Z"


@dataclass(frozen=True)
class Drawn:
    """The random document of a seed, and what both runtimes decide on it."""

    seed: int
    document: Row
    facts: Facts
    raw: Mapping[str, Any]
    decision: Decision

    @property
    def answer(self) -> Row:
        """The decision as the contract has it."""
        return document_of(self.decision)

    @property
    def again(self) -> Row:
        """The document anew, to be changed."""
        return document(self.seed)


def drawn(seed: int) -> Drawn:
    """Raises RuntimesDiffer (law 8)."""
    facts = canonical(document(seed))
    raw: Any = engine().both(facts.text)
    return Drawn(seed, document(seed), facts, raw, decision_of(raw))


def _decided(changed: Row, both: bool) -> tuple[Facts, Decision]:
    """The facts and the decision of a changed document."""
    facts = canonical(changed)
    ask = engine().both if both else engine().embedded.answer
    return facts, decision_of(ask(facts.text))


def _both(one: Drawn, change: int) -> bool:
    return change == 0 and one.seed % _BOTH_EACH == 0


def released(decision: Decision) -> Released:
    """Field and source -> level."""
    return {(row.field, row.source): row.level for row in decision.released}


def asked(facts: Facts) -> set[str]:
    """The known fields that a request asks for."""
    return set(FIELDS) if "*" in facts["requested"] else set(facts["requested"]) & set(FIELDS)


def law_1_each_field_and_record_is_released_or_refused(one: Drawn) -> Faults:
    """Every field that was asked, and each of its records; none both."""
    out, fields = released(one.decision), asked(one.facts)
    named = {(refusal.field, refusal.source) for refusal in one.decision.refusals}
    whole = ("*", None) in named
    if one.decision.allow != bool(out):
        yield "allow"
    if not {field for field, _ in out} <= fields:
        yield "released and not asked"
    if not {field for field, _ in named} <= fields | set(one.facts["requested"]) | {"*"}:
        yield "refused and not asked"
    if named & set(out):
        yield f"both: {sorted(named & set(out))}"
    for field in fields:
        if not whole and not any(key[0] == field for key in {*named, *out}):
            yield f"neither: {field}"
    for record in one.document["records"]:
        place = record["field"], record["source"]
        if record["field"] in fields and not whole and not {(record["field"], None), place} & {*named, *out}:
            yield f"neither: {place}"


def law_2_a_refusal_of_the_whole_releases_nothing(one: Drawn) -> Faults:
    """`"*"` in refusals."""
    if one.decision.released and any(refusal.field == "*" for refusal in one.decision.refusals):
        yield "released beside *"


# ---- law 3 ----


def _takings(doc: Row) -> Iterator[tuple[str, Any]]:
    """Each way to take one fact away: its name, and what does it to a document."""
    ends = (("legal_bases", "valid_until"), ("secrecy_exceptions", "valid_until"), ("consents", "withdrawn_at"))
    for key, end in ends:
        for index, row in enumerate(doc[key]):
            if row.get("kind") == "weigering":
                continue
            yield f"drop {key}", lambda d, k=key, i=index: d[k].pop(i)
            yield f"end {key}", lambda d, k=key, i=index, e=end: d[k][i].update({e: d["at"]})
    for relation in doc["partner"]["relations"]:
        if relation != "vertegenwoordigt":
            yield f"drop {relation}", lambda d, r=relation: d["partner"]["relations"].remove(r)
    for index, record in enumerate(doc["records"]):
        # A flag that was not known refused already: to know it is not to take away.
        for flag in (f for f in ("vetoed", "restricted", "disputed", "objected", "uavg41") if record.get(f) is False):
            yield f"add {flag}", lambda d, i=index, f=flag: d["records"][i].update({f: True})
        yield "refusal", lambda d, r=record: d["consents"].append(_refusal(d, r))
        yield "drop supply", lambda d, i=index: d["records"][i].update({"wpg": None, "wjsg": None})
    if doc["emergency"]:
        yield "drop emergency", lambda d: d.update({"emergency": None})


def _no_consent(doc: Row) -> None:
    """Every consent goes; what was refused stays refused."""
    doc["consents"] = [row for row in doc["consents"] if row["kind"] == "weigering"]


def _refusal(doc: Row, record: Row) -> Row:
    purpose = doc["purpose"] if doc["purpose"] in PURPOSES else "D02"
    return consent(record["source"], doc["partner"]["id"], purpose, id="co-no", kind="weigering", given_at=instant(-1))


def _opened(before: Released, after: Released) -> list[tuple[str, str]]:
    """What is released only afterwards, or higher; the refusal itself as a field of G21 is no opening."""
    order = ("none", *LEVELS)
    return [
        key
        for key, level in after.items()
        if key[0] != "weigering" and level != "agg" and order.index(level) > order.index(before.get(key, "none"))
    ] + [key for key, level in after.items() if level == "agg" and key not in before]


def law_3_taking_away_a_fact_opens_nothing(one: Drawn) -> Faults:
    """Some of the facts of the document, one at a time, and all consents. What a partner can carry out is left out."""
    doc = one.again
    doc["partner"]["fulfils"] = ["*"]
    ways = list(_takings(doc))
    before = released(_decided(doc, both=False)[1])
    some = Random(one.seed).sample(ways, min(_TAKINGS, len(ways)))
    for n, (name, take) in enumerate([*some, ("drop all consents", _no_consent)] if doc["consents"] else some):
        less = one.again
        less["partner"]["fulfils"] = ["*"]
        take(less)
        opened = _opened(before, released(_decided(less, _both(one, n))[1]))
        if opened:
            yield f"{name}: {opened}"


# ---- laws 4, 5, 6 ----


def law_4_no_level_is_above_need_ceiling_or_what_the_source_wrote(one: Drawn) -> Faults:
    """Own data and `agg` have no ceiling."""
    case = Case(plain(one.facts))
    for (key, source), level in released(one.decision).items():
        field = FIELDS[key]
        record = next(row for row in case.records_of(key) if row["source"] == source)
        if level == "agg":
            if case.purpose != "D10" or case.need(field) != "agg":
                yield f"agg: {key}"
            continue
        most = [case.need(field)]
        if not case.is_own(record):
            most.append(max([way.level for way in alternatives(case, field)] or ["hit"], key=LEVELS.index))
        if any(LEVELS.index(level) > LEVELS.index(limit) for limit in most):
            yield f"{key} {level} above {most}"
        if level not in record["levels"] and not (level == "hit" and record["levels"]):
            yield f"{key} {level} not written"


def law_5_secrecy_is_lifted_by_name_and_every_release_has_a_basis(one: Drawn) -> Faults:
    """The second lock and the first."""
    case = Case(plain(one.facts))
    live = {row["id"] for row in one.facts["legal_bases"] if case.runs(row["valid_from"], row["valid_until"])}
    for row in one.decision.released:
        if row.legal_basis not in live:
            yield f"{row.field}: basis {row.legal_basis}"
        field = FIELDS[row.field]
        record = next(found for found in case.records_of(field.key) if found["source"] == row.source)
        named_asker = field.key in ("toestemming", "weigering") and row.level == "hit"
        exempt = case.is_own(record) or case.betrokkene or case.toezicht or row.level == "agg" or named_asker
        if word_of(field, record["source_kind"]) in LOCKED_WORDS and not exempt and row.secrecy_exception is None:
            yield f"{row.field}: secrecy not lifted"


def law_6_obligations_speak_of_what_is_released_and_can_be_carried_out(one: Drawn) -> Faults:
    """By the partner; what a door cannot carry out is a test of the doors."""
    fields = {row.field for row in one.decision.released}
    types = {duty.type for duty in one.decision.obligations}
    if not all(fields.issuperset(duty.document().get("fields", [])) for duty in one.decision.obligations):
        yield "of what is not released"
    if bool(types) != bool(fields):
        yield "a release without a duty, or a duty without a release"
    fulfils = set(one.facts["partner"]["fulfils"])
    if "*" not in fulfils and not types <= fulfils:
        yield f"not to be carried out: {sorted(types - fulfils)}"


# ---- laws 7 and 9 ----


@dataclass
class _Spoiled:
    """An engine with one answer; without one it errs."""

    revision: str
    row: Row | None

    def answer(self, _facts: bytes) -> object:
        if self.row is None:
            raise EngineUnavailable(place="engine")
        return self.row


def _spoilings(one: Drawn) -> Iterator[tuple[str, Row | None]]:
    """Answers that are none: their flaw, and the answer."""
    raw = dict(one.raw)
    stranger = [["gem-9", "vol", "lb-none", None, ["geloof"]]]
    yield "it errs", None
    yield "another revision", raw | {"policy_revision": "sha256:" + "0" * 64}
    yield "a key lacks", {key: value for key, value in raw.items() if key != "conceal"}
    yield "a key too many", raw | {"reason": "ok"}
    yield "allow turned", raw | {"allow": not raw["allow"]}
    yield "not asked", raw | {"allow": True, "conceal": False, "released": [*raw["released"], *stranger]}
    if raw["released"]:
        first, *rest = raw["released"]
        yield "another basis", raw | {"released": [[*first[:2], "lb-none", *first[3:]], *rest]}
        yield "released and refused", raw | {"refusals": [[None, "E_DOEL", "request", [], ["*"]], *raw["refusals"]]}


def law_7_an_engine_that_errs_has_refused_everything(one: Drawn) -> Faults:
    """Its answer spoiled in one way after the other; as it stands it counts."""
    PolicyDecisionPoint(_Spoiled(engine().revision, dict(one.raw))).decide_canonical(one.facts)
    for name, row in _spoilings(one):
        try:
            PolicyDecisionPoint(_Spoiled(engine().revision, row)).decide_canonical(one.facts)
        except EngineUnavailable:
            continue
        yield name


def law_9_no_value_and_no_words_reach_the_policy(one: Drawn) -> Faults:
    """What the policy sees is the same whatever was written: so what it says is."""
    other = one.again
    reasons = [
        *other["legal_bases"],
        *other["secrecy_exceptions"],
        *([other["emergency"]] if other["emergency"] else []),
    ]
    for row in (each for each in reasons if str(each["reason"] or "").strip()):
        row["reason"] = "anders"
    if canonical(other).text != one.facts.text:
        yield "the words of a reason"
    if other["records"]:
        other["records"][0]["waarde"] = "x"
        try:
            canonical(other)
        except ShapeError:
            return
        yield "a value"


# ---- law 10 ----


@cache
def _tables() -> LawTables:
    bundle = read_bundle(default_directory())
    return LawTables(bundle, Openings(engine().embedded, _AT))


def said(facts: Facts, decision: Decision) -> bytes:
    """All that a door tells of what is withheld, as it goes out."""
    heard = told(decision, facts["requested"], asking_of(facts), _tables())
    return json.dumps([[withheld_view(one, _tables()), withheld_view(one, _tables(), True)] for one in heard]).encode()


def _without_shut_records(one: Drawn) -> Iterator[tuple[str, Row]]:
    """The document with less, or more, of fields that are not released: all of them; all of them restricted; each."""
    open_fields = {field for field, _ in released(one.decision)}
    records = one.document["records"]
    kept = [row for row in records if row["field"] in open_fields]
    shut = sorted({row["field"] for row in records} - open_fields)
    if shut:
        yield "none", one.again | {"records": kept}
        # A flag that was not known refused: to know it is more than to restrict.
        rest = [
            row | ({"restricted": True} if row.get("restricted") is False else {})
            for row in records
            if row["field"] in shut
        ]
        yield "restricted", one.again | {"records": [*kept, *rest]}
    for key in shut[:_FIELDS] if len(shut) > 1 else []:
        yield key, one.again | {"records": [row for row in records if row["field"] != key]}


def law_10_a_record_that_is_not_released_changes_no_byte_that_is_told(one: Drawn) -> Faults:
    """Neither a reason of request or field, nor what a door makes of them."""
    heard = said(one.facts, one.decision)
    for n, (name, other) in enumerate(_without_shut_records(one)):
        facts, changed = _decided(other, _both(one, n))
        if (changed.conceal, released(changed)) != (one.decision.conceal, released(one.decision)):
            yield f"{name}: what is released"
        if said(facts, changed) != heard:
            yield f"{name}: what is told"


Law = Callable[[Drawn], Faults]
LAWS: Final[tuple[Law, ...]] = (
    law_1_each_field_and_record_is_released_or_refused,
    law_2_a_refusal_of_the_whole_releases_nothing,
    law_3_taking_away_a_fact_opens_nothing,
    law_4_no_level_is_above_need_ceiling_or_what_the_source_wrote,
    law_5_secrecy_is_lifted_by_name_and_every_release_has_a_basis,
    law_6_obligations_speak_of_what_is_released_and_can_be_carried_out,
    law_7_an_engine_that_errs_has_refused_everything,
    law_9_no_value_and_no_words_reach_the_policy,
    law_10_a_record_that_is_not_released_changes_no_byte_that_is_told,
)
"""All but law 8, which `drawn` and the laws ask of every answer."""
