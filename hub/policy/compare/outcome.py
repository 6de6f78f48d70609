"""Two decisions on the same facts: what differs, in a form that many situations can share."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub.errors import EngineUnavailable
from hub.model.release import Decision
from hub.pdp.contract import Facts
from hub.pdp.document import checked

NONE: Final = "niet"
LEVEL: Final = "niveau"
WHOLE: Final = "*"
_GIVEN_BY: Final = {"co-": "toestemming", "se-": "vastgelegde uitzondering"}
Place = tuple[str, str | None]


@dataclass(frozen=True, order=True)
class Change:
    """What one situation answers otherwise. `what`: see `WHAT`; `source`: kinds of source, empty where it holds for all."""

    what: str
    old: str
    new: str
    source: str = ""


Told = dict[Change, tuple[str, ...]]
"""A change -> the fields it is about; none where it is about the whole decision."""
WHAT: Final = (
    LEVEL,
    "beslissing",
    "reden",
    "artikel",
    "geheimhouding",
    "grondslag",
    "verplichting",
    "verbergen",
    "geldig tot",
)


def judged(answer: object, facts: Facts, revision: str) -> Decision | str:
    """The decision as the hub would take it, or what is wrong with the answer: then everything is refused."""
    try:
        return checked(answer, facts, revision)
    except EngineUnavailable as error:
        return str(error.place)


def changes(old: Decision | str, new: Decision | str, facts: Facts) -> Told:
    """What differs between two decisions on `facts`."""
    if isinstance(old, str) or isinstance(new, str):
        before, after = (
            f"geweigerd door de controle ({one})" if isinstance(one, str) else "geldig" for one in (old, new)
        )
        return {} if before == after else {Change("beslissing", before, after): ()}
    kinds = {row["source"]: row["source_kind"] or "onbekend" for row in facts["rows"]}
    written: dict[str, set[str]] = {}
    for row in facts["rows"]:
        for field in row["fields"]:
            written.setdefault(field, set()).add(row["source"])
    found = dict(_gathered(_levels(old, new), kinds, written))
    level = {field for fields in found.values() for field in fields}
    found |= _gathered(_reasons(old, new, level), kinds, written)
    found |= _gathered(_grounds(old, new), kinds, written)
    found |= dict.fromkeys(_articles(old, new), ())
    found |= dict.fromkeys(_whole(old, new, bool(level)), ())
    return found


def _gathered(found: Iterator[tuple[Change, Place]], kinds: Mapping[str, str], written: Mapping[str, set[str]]) -> Told:
    """By change: its fields, with the kinds of source where not every source of the field is meant."""
    sources: dict[tuple[Change, str], set[str | None]] = {}
    for change, (field, source) in found:
        sources.setdefault((change, field), set()).add(source)
    told: dict[Change, list[str]] = {}
    for (change, field), meant in sources.items():
        named = {one for one in meant if one is not None}
        words = ", ".join(sorted({kinds.get(one, "onbekend") for one in named}))
        whole = not named or named >= written.get(field, set())
        key = change if whole else Change(change.what, change.old, change.new, words)
        told.setdefault(key, []).append(field)
    return {change: tuple(sorted(fields)) for change, fields in told.items()}


def _levels(old: Decision, new: Decision) -> Iterator[tuple[Change, Place]]:
    before, after = ({(one.field, one.source): one.level for one in side.released} for side in (old, new))
    for place in before.keys() | after.keys():
        was, will = before.get(place, NONE), after.get(place, NONE)
        if was != will:
            yield Change(LEVEL, was, will), place


def _reasons(old: Decision, new: Decision, told: Collection[str]) -> Iterator[tuple[Change, Place]]:
    """Reasons that differ, but of fields of which a level is told; those of the whole request stand for the rest."""
    before, after = _by_place(old), _by_place(new)
    whole: Place = (WHOLE, None)
    if before.get(whole) != after.get(whole):
        yield _reason(before.get(whole, set()), after.get(whole, set())), whole
        return
    free = {(one.field, one.source) for side in (old, new) for one in side.released}
    for place in (before.keys() | after.keys()) - free:
        was, will = before.get(place, set()), after.get(place, set())
        if was != will and place[0] not in told:
            yield _reason(was, will), place


def _reason(was: set[tuple[str, str]], will: set[tuple[str, str]]) -> Change:
    """Codes that go and that come; with what they look at where the codes are the same."""
    one, two = ({code for code, _ in side} for side in (was, will))
    if one == two:
        one, two = ({f"{code} (over {about})" for code, about in side} for side in (was, will))
    return Change("reden", " ".join(sorted(one - two)) or "geen", " ".join(sorted(two - one)) or "geen")


def _by_place(decision: Decision) -> dict[Place, set[tuple[str, str]]]:
    found: dict[Place, set[tuple[str, str]]] = {}
    for one in decision.refusals:
        found.setdefault((one.field, one.source), set()).add((one.code, str(one.about)))
    return found


def _grounds(old: Decision, new: Decision) -> Iterator[tuple[Change, Place]]:
    before, after = ({(one.field, one.source): one for one in side.released} for side in (old, new))
    for place in before.keys() & after.keys():
        was, will = before[place], after[place]
        if was.level == will.level and was.secrecy_exception != will.secrecy_exception:
            yield Change("geheimhouding", _given_by(was.secrecy_exception), _given_by(will.secrecy_exception)), place
        if was.level == will.level and was.legal_basis != will.legal_basis:
            yield Change("grondslag", was.legal_basis.replace("lb-", ""), will.legal_basis.replace("lb-", "")), place


def _given_by(exception: str | None) -> str:
    return "geen" if exception is None else _GIVEN_BY.get(exception[:3], exception)


def _articles(old: Decision, new: Decision) -> Iterator[Change]:
    before, after = ({(one.field, one.source, one.code): one.law for one in side.refusals} for side in (old, new))
    for key in before.keys() & after.keys():
        if before[key] != after[key]:
            was, will = (" ".join(side[key]) or "geen" for side in (before, after))
            yield Change("artikel", f"{key[2]}: {was}", will)


def _whole(old: Decision, new: Decision, level: bool) -> Iterator[Change]:
    """Obligations and date follow from the levels: they are told where no level differs."""
    if old.conceal != new.conceal:
        yield Change("verbergen", *("ja" if side.conceal else "nee" for side in (old, new)))
    if level:
        return
    was, will = ({_duty(one) for one in side.obligations} for side in (old, new))
    if was != will:
        yield Change("verplichting", ", ".join(sorted(was - will)) or "geen", ", ".join(sorted(will - was)) or "geen")
    elif old.obligations != new.obligations:
        yield Change("verplichting", "expires_at voor andere velden", "expires_at")
    if old.valid_until != new.valid_until:
        yield Change("geldig tot", old.valid_until or "zonder einde", new.valid_until or "zonder einde")


def _duty(obligation: Any) -> str:
    return " ".join(str(one) for one in (obligation.type, obligation.within, obligation.at) if one)
