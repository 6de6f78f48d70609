"""One part of a VERA document to map: where it stood, of whom it speaks, who delivers it; and what a rule is."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.context import ParseContext
from connectors.reasons import Reason
from connectors.rule import OWN_FIELD, OWN_SUMMARY
from connectors.vera import codes
from hub.errors import ShapeError
from hub.model.delivery import NotTaken
from hub.model.partner import PartnerKind


@dataclass(frozen=True)
class Document:
    """The whole document. `person`: the `id` of the relatie that it is about (his `idExtern` may be the `id` of another)."""

    form: Mapping[str, Any]
    person: str
    context: ParseContext

    def parts(self, resource: str) -> Iterator["Item"]:
        """The parts that stand in one list."""
        for index, part in enumerate(self.form.get(resource, ())):
            yield Item(resource, part, f"{resource}[{index}]", self)

    def is_person(self, reference: Any) -> bool:
        """Whether a reference (a URI, or keys) is to the relatie of the document."""
        if isinstance(reference, str):
            return reference.rstrip("/").rsplit("/", maxsplit=1)[-1] == self.person
        return bool(reference["id"] == self.person)

    def must_name_person(self, references: Sequence[Any], place: str) -> None:
        """Raise `ShapeError` where others are named and he is not: the part is about another person."""
        if references and not any(map(self.is_person, references)):
            raise ShapeError("Dit document gaat over meer dan één persoon.", place=place)


@dataclass(frozen=True)
class Item:
    """One part, and the list in which it stood."""

    resource: str
    part: Mapping[str, Any]
    place: str
    document: Document

    def code(self, element: str, list_: str) -> str | None:
        """`LIST.CODE` of an element. Raises `ShapeError` for an unknown code."""
        return codes.code_of(self.part, element, list_, self.place)

    def day(self, element: str) -> str | None:
        """The day of a date or instant."""
        told = self.part.get(element)
        return told[:10] if told else None

    def is_over(self) -> bool:
        """Whether its `einddatum` is past."""
        return is_over(self.part, self.document.context)

    def declared(self) -> str | None:
        """The field that the source says it feeds."""
        return next((each["waarde"] for _, each in self.extras() if each["naam"] == OWN_FIELD), None)

    def summaries(self, fields: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], list[NotTaken]]:
        """What the source wrote for readers of these fields, and what of it is for no field that is fed.

        Where the part feeds more fields, the name ends on that of the field (`hub-samenvatting.bezoekregels`).
        """
        found: dict[str, tuple[str, ...]] = {}
        unplaced = []
        for place, each in self.extras():
            name, _, field = each["naam"].partition(".")
            meant = field or (fields[0] if len(fields) == 1 else "")
            if name == OWN_SUMMARY and meant in fields:
                found[meant] = (*found.get(meant, ()), each["waarde"])
            elif each["naam"] != OWN_FIELD:
                unplaced.append(
                    NotTaken(place, Reason.SUMMARY_WITHOUT_FIELD if name == OWN_SUMMARY else Reason.NO_FIELD)
                )
        return found, unplaced

    def extras(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """(place, attribute) of what the source added."""
        for index, each in enumerate(self.part.get("extra-attributen", ())):
            yield f"{self.place}.extra-attributen[{index}]", each


def is_over(part: Mapping[str, Any], context: ParseContext) -> bool:
    """Whether the `einddatum` of a part is past."""
    return str(part.get("einddatum", "9999"))[:10] < context.at.date().isoformat()


def is_to_come(part: Mapping[str, Any], context: ParseContext) -> bool:
    """Whether the `begindatum` of a part is still to come."""
    return str(part.get("begindatum", ""))[:10] > context.at.date().isoformat()


def in_list(values: Sequence[Any]) -> Any:
    """Each part is one member of the list that the field is."""
    return list(values)


@dataclass(frozen=True)
class Rule:
    """Which element of which list, by which codes, feeds which field. `merged`: the values of a document to one."""

    resource: str
    element: str
    field: str
    value: Callable[[Item], Any]
    codes: tuple[str, ...] = ()
    when: str = ""
    kind: PartnerKind = PartnerKind.WONINGCORPORATIE
    merged: Callable[[Sequence[Any]], Any] = in_list

    def told(self) -> str:
        """When it feeds, for the documentation."""
        return self.when or ", ".join(f"{code} ({codes.name_of(code)})" for code in self.codes)


@dataclass(frozen=True)
class Taken:
    """One value that one part feeds to one field."""

    rule: Rule
    value: Any
    summaries: tuple[str, ...]
    place: str


Outcome = Taken | NotTaken


def fed(
    item: Item, found: Iterable[str | None], rules: Sequence[Rule], never: Mapping[str, Reason]
) -> Iterator[Outcome]:
    """What a part feeds by the codes that were `found` in it, or by the field that its source names."""
    said = {code for code in found if code}
    refused = sorted(said & never.keys())
    if refused:
        yield NotTaken(item.place, never[refused[0]])
        return
    declared = item.declared()
    chosen = [rule for rule in rules if _chosen(rule, said, declared)]
    own = [rule for rule in chosen if rule.kind is item.document.context.source_kind]
    if not own:
        missing = Reason.FIELD_MISMATCH if declared else Reason.NO_FIELD
        yield NotTaken(item.place, Reason.NOT_OF_SOURCE if chosen else missing)
        return
    yield from _values(item, own)


def _chosen(rule: Rule, said: set[str], declared: str | None) -> bool:
    """The source's word on the field narrows what the codes say, and never goes against them."""
    if declared is None:
        return bool(said & {*rule.codes})
    return rule.field == declared and (not rule.codes or bool(said & {*rule.codes}))


def _values(item: Item, rules: Sequence[Rule]) -> Iterator[Outcome]:
    valued = [(rule, rule.value(item)) for rule in rules]
    summaries, unplaced = item.summaries([rule.field for rule, value in valued if value])
    yield from unplaced
    for rule, value in valued:
        told = summaries.get(rule.field, ())
        yield Taken(rule, value, told, item.place) if value else NotTaken(item.place, Reason.EMPTY)
