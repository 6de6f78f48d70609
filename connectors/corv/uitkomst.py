"""Answers: of a Check op Bekendheid (`ucobDi01`), of a Verzoek Casus Informatie (`uciDi01`).

Whether a person is known feeds nothing: what the hub itself tells of that, it makes itself (`casus_bestaat`). An answer
to a question feeds the field whose key was the code of the question; the standard has no codes of its own yet.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors import rsgb
from connectors.corv import persons
from connectors.reasons import Reason
from connectors.rule import Outcome
from hub.model.delivery import DeliveredField, NotTaken

KNOWN, CONTENT, SHAPE = "ucobDi01", "uciDi01", "corv-uitkomst"
QUESTION = "heeftBetrekkingOp, specifiekeVraag: code, antwoord"
_FIELD = re.compile(r"[a-z][a-z0-9_]{2,63}")

Told = Mapping[str, Any]


def outcomes(document: Told) -> tuple[tuple[rsgb.Person, ...], Iterator[Outcome]]:
    """(the persons, one an answer; what is fed and what is not)."""
    people = tuple(
        persons.person(
            answer["heeftBetrekkingOp"]["ZKN:gerelateerde"]["ZKN:natuurlijkPersoon"],
            f"object[{index}].heeftBetrekkingOp.ZKN:gerelateerde.ZKN:natuurlijkPersoon",
        )
        for index, answer in enumerate(document["object"])
    )
    return people, (
        each for index, answer in enumerate(document["object"]) for each in _answer(answer, f"object[{index}]")
    )


def tellers(document: Told) -> tuple[str | None, ...]:
    """The organisations that answer."""
    related = (answer["heeftAlsUitvoerende"].get("ZKN:gerelateerde", {}) for answer in document["object"])
    return tuple(each.get("ZKN:organisatorischeEenheid", {}).get("ZKN:naam") for each in related)


def _answer(answer: Told, place: str) -> Iterator[Outcome]:
    about = f"{place}.heeftBetrekkingOp"
    yield NotTaken(f"{about}.ZKN:indicatieBekend", Reason.OWN)
    for index, question in enumerate(answer["heeftBetrekkingOp"].get("ZKN:specifiekeVraag", ())):
        yield _told(question, f"{about}.ZKN:specifiekeVraag[{index}]")
    for index, _ in enumerate(answer.get("heeftRelevant", ())):
        yield NotTaken(f"{place}.heeftRelevant[{index}]", Reason.ATTACHMENT)


def _told(question: Told, place: str) -> Outcome:
    code, text = question["BG:code"], question.get("BG:antwoord")
    if not _FIELD.fullmatch(code):
        return NotTaken(place, Reason.NO_FIELD)
    return DeliveredField(field=code, levels={"vol": text}, place=place) if text else NotTaken(place, Reason.EMPTY)
