"""A VERA document to what it delivers. The shape is `schemas/vera.schema.json`.

VERA says what a thing is in the path of its API and not in the thing itself, so a document names the lists as VERA does
(`huurovereenkomsten`, `signaleringen`, ...), with the version (`vera`) and the `relatie` that it is about.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from connectors import json_text, shapes
from connectors.context import ParseContext
from connectors.vera import housing, relations, signals
from connectors.vera.item import Document, Rule, Taken
from hub.model.delivery import DeliveredField, NotTaken, Parsed

RULES: tuple[Rule, ...] = (*relations.RULES, *housing.RULES, *signals.RULES)


def parse(document: json_text.Document, context: ParseContext) -> Parsed:
    """The form in `document`. Raises `ShapeError` with the place of each fault."""
    shape = shapes.shape("vera")
    form = json_text.read(document, shape.known)
    shape.check(form)
    relations.refuse_bsn(form, shape.known)
    person = relations.claim(form)
    whole = Document(form, form[relations.PERSON]["id"], context)
    found = [*relations.outcomes(whole), *housing.outcomes(whole), *signals.outcomes(whole)]
    fields = tuple(_merged(each for each in found if isinstance(each, Taken)))
    left = tuple(each for each in found if isinstance(each, NotTaken))
    return Parsed((person,), fields, left, reference=relations.reference(form))


def _merged(taken: Iterable[Taken]) -> Iterator[DeliveredField]:
    """One value a field, of all that feed it."""
    ordered = sorted(taken, key=lambda each: each.rule.field)
    for field, parts in groupby(ordered, key=lambda each: each.rule.field):
        each = list(parts)
        levels = {"vol": each[0].rule.merged([one.value for one in each])}
        texts = list(dict.fromkeys(text for one in each for text in one.summaries))
        if texts:
            levels["sam"] = "\n".join(texts)
        yield DeliveredField(field, levels, place=", ".join(dict.fromkeys(one.place for one in each)))
