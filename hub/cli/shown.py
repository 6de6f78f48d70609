"""An answer as lines for a terminal: what leaves by source and basis, what stays by its reasons, then duties."""

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from hub.cli.dates import day, minute, readable
from hub.texts.sentences import sentences

Item = Mapping[str, Any]
WIDTH = 110
"""Characters a line, at most; a single longer word may stick out."""


def lines(answer: Item) -> Iterator[str]:
    """All of an answer but its receipt, at most WIDTH wide, in characters that do not steer a terminal."""
    released = (*_watermark(answer), *_released(answer["gegevens"]))
    ways = _ways(answer["geweigerd"])
    for line in (*released, "", *_withheld(answer["geweigerd"], ways), *_keys(ways), "", *_duties(answer)):
        yield printable(line)


def printable(line: str) -> str:
    """Without characters that steer a terminal, whoever wrote the text."""
    return "".join(each if each.isprintable() else "�" for each in line)


def _watermark(answer: Item) -> Iterator[str]:
    if mark := answer.get("watermerk"):
        when = minute(mark["tijdstip"])
        yield f"== {mark['gebruiker']} van {mark['partner']}, {when}, ontvangstbewijs {mark['volgnummer']} =="


def _released(items: Sequence[Item]) -> Iterator[str]:
    yield f"VRIJGEGEVEN: {_count(items)}"
    for (source, since, basis, exception), group in _grouped(items, _origin):
        yield ""
        lifted = _lifted(exception)
        secrecy = f"; beroepsgeheim: {lifted}" if exception else ""
        yield from wrapped(f"Van {source}, sinds {day(since)}. Grondslag: {basis}{secrecy}.", 0)
        for item in group:
            level = sentences().text("levels", item["niveau"])
            yield from wrapped(f"{item['veld']} ({level}): {_value(item)}", 2)


def _value(item: Item) -> str:
    """The value in words, or from whom the asker gets it (`via_provider`)."""
    via = sentences().text("words", "via_source").format(source=item["bron"])
    return via if item["viaBron"] else text(item["waarde"])


def _lifted(exception: str | None) -> str:
    """Why a duty of secrecy did not close a field: a kind of exception, or the id of what was recorded."""
    words = sentences().text("secrecy", exception or "")
    return words if words != exception else sentences().text("words", "lifted_by").format(id=exception)


def _ways(items: Sequence[Item]) -> Mapping[str, int]:
    """The ways in, each with a number: many fields share them, and each is told once."""
    return {way: number for number, way in enumerate(sorted({way for item in items for way in item["watKan"]}), 1)}


def _keys(ways: Mapping[str, int]) -> Iterator[str]:
    if ways:
        yield from ("", "WAT IETS KAN OPENEN, elk apart")
    for way, number in ways.items():
        yield from wrapped(f"({number}) {way}", 2)


def _withheld(items: Sequence[Item], ways: Mapping[str, int]) -> Iterator[str]:
    yield f"NIET VRIJGEGEVEN: {_count(items)}"
    for (_, reasons), group in _grouped(items, _reasons):
        yield ""
        for sentence, articles in reasons:
            yield from wrapped(sentence + (f" [{'; '.join(articles)}]" if articles else ""), 0)
        for opens, alike in _grouped(group, _opens):
            names = ["de hele vraag" if item["veld"] == "*" else item["veld"] for item in alike]
            by = (
                f" - kan open door {' '.join(f'({number})' for number in sorted(ways[way] for way in opens))}"
                if opens
                else ""
            )
            yield from wrapped(f"{', '.join(names)}{by}", 2)


def _duties(answer: Item) -> Iterator[str]:
    yield "WAT HIERBIJ HOORT" if answer["verplichtingen"] else "U hoeft verder niets te doen."
    for duty in answer["verplichtingen"]:
        until = f" ({minute(duty['opTijdstip'])})" if duty.get("opTijdstip") else ""
        yield from wrapped(f"{duty['uitleg']}{until}", 2)


def _origin(item: Item) -> tuple[str, str, str, str]:
    return item["bron"], item["sinds"][:10], item["grondslagSoort"], item["geheimUitzondering"] or ""


def _reasons(item: Item) -> tuple[int, tuple[Any, ...]]:
    """What is said of the whole question comes first, then what has an article, then the rest."""
    reasons = tuple((each["zin"], tuple(each["artikelen"])) for each in item["redenen"])
    has_article = any(articles for _, articles in reasons)
    return 0 if item["veld"] == "*" else 1 if has_article else 2, reasons


def _opens(item: Item) -> tuple[str, ...]:
    return tuple(sorted(item["watKan"]))


def _grouped(items: Iterable[Item], key: Callable[[Item], Any]) -> Iterator[tuple[Any, list[Item]]]:
    for likeness, group in groupby(sorted(items, key=key), key):
        yield likeness, list(group)


def _count(items: Sequence[Item]) -> str:
    return "1 veld" if len(items) == 1 else f"{len(items)} velden"


def wrapped(line: str, indent: int) -> list[str]:
    """`line` in lines of at most WIDTH, from the column `indent` on."""
    first = " " * indent
    return textwrap.wrap(
        line, WIDTH, initial_indent=first, subsequent_indent=f"{first}    ", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def text(value: Any) -> str:
    """A value in words: `ja` and `nee` for a boolean, `name: value; …` for what has parts."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if value is None:
        # Not "unknown": of a consent that was not withdrawn it is known that it was not.
        return "niet ingevuld"
    if isinstance(value, Mapping):
        return "; ".join(f"{_name(name)}: {_part(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_part(each) for each in value) or "geen"
    return readable(str(value))


def _name(name: str) -> str:
    """The name of a part in words: `ingetrokkenOp` is `ingetrokken op`."""
    return re.sub(r"(?<=[a-z])[A-Z](?=[a-z])", lambda capital: f" {capital[0].lower()}", name)


def _part(value: Any) -> str:
    """A value within another: in brackets where it has parts of its own."""
    inner = text(value)
    return f"({inner})" if isinstance(value, Mapping) else inner
